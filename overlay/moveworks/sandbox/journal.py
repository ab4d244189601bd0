"""What was asked of the sandbox, and what a client must not do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

MAX_ENTRIES: Final = 100_000
"""Requests, and violations, that are kept; the oldest go first."""


class Journal:
    """Requests and violations, without secrets.

    Args:
        secrets: Gives the texts that must not be written down.
    """

    def __init__(self, secrets: Callable[[], list[str]]) -> None:
        self.requests: list[dict[str, Any]] = []
        self.violations: list[dict[str, Any]] = []
        self._secrets = secrets

    def record(self, request: Request, route: str) -> None:
        """Write a request down."""
        secrets = self._secrets()
        headers = {
            name: "***" if name == "authorization" or any(secret in value for secret in secrets) else value
            for name, value in request.headers.items()
        }
        query = request.scope["query_string"].decode("latin-1")
        _append(
            self.requests,
            {"method": request.method, "path": request.url.path, "query": query, "route": route, "headers": headers},
        )

    def violate(self, reason: str, *, hide: bool = False) -> None:
        """Write down what a client must not do in the request that was recorded last; `hide` its path and query."""
        written = self.requests[-1]
        if hide:
            written.update(path="***", query="***")
        _append(
            self.violations,
            {"method": written["method"], "path": written["path"], "query": written["query"], "reason": reason},
        )


def _append(entries: list[dict[str, Any]], entry: dict[str, Any]) -> None:
    entries.append(entry)
    if len(entries) > MAX_ENTRIES:
        del entries[: MAX_ENTRIES // 10]

"""What is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from moveworks.transport.decoding import read_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from moveworks.links import Link, Scope


@frozen(kw_only=True)
class Request:
    """What to send.

    Attributes:
        method: HTTP method.
        link: Where to; path and query are sent byte for byte.
        operation: operationId, for logs and errors.
        headers: Further headers.
        content: Body.
        scope: Where redirects may lead; without it, only to the same path.
        read: Makes data of a success body; raises `UnreadableError` for one that is worth another
            attempt.
        idempotent: Whether it may be sent again after it may have been processed; by default,
            whether it is a GET.
        rate_limit_wait: Seconds to wait after a 429 that does not say how long.
        advice: Advice of errors by status, where more is known than the status.
        authenticated: Whether the credential goes with it.
        secrets: What must not be shown although the service may echo it.
        stream: Whether the body of a success is left to be read as it comes, if it is an event stream.
    """

    method: str
    link: Link = field(repr=False)
    operation: str = ""
    headers: Mapping[str, str] = field(factory=dict, repr=False)
    content: bytes | None = field(default=None, repr=False)
    scope: Scope | None = field(default=None, repr=False)
    read: Callable[[bytes], Any] = field(default=read_json, repr=False)
    idempotent: bool | None = None
    rate_limit_wait: float = 60.0
    advice: Mapping[int, str] = field(factory=dict, repr=False)
    authenticated: bool = True
    secrets: tuple[str, ...] = field(default=(), repr=False)
    stream: bool = False

    @property
    def url(self) -> str:
        """The whole URL."""
        return self.link.url

    @property
    def repeatable(self) -> bool:
        """Whether it may be sent again although the service may have processed it."""
        return self.method in {"GET", "HEAD"} if self.idempotent is None else self.idempotent

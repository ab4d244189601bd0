"""How requests are sent."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from moveworks.errors import ConfigurationError
from moveworks.text import header_problem

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from moveworks.transport.events import RequestEvent, ResponseEvent, RetryEvent
    from moveworks.transport.pace import Pace

MAX_SECONDS: Final = 100_000_000
"""Three years: sockets and locks of some platforms fail beyond 2**31 seconds."""


@frozen(kw_only=True)
class TransportOptions:
    """How requests are sent.

    Attributes:
        timeout: Seconds for connecting, and for each read.
        total_timeout: Seconds for a request with all its retries and waits.
        attempts: How often a request is sent at most.
        longest_wait: Longest time that Retry-After may ask for, in seconds; beyond it the error is raised at once.
        max_response_bytes: Largest body, after decompression. A page of 500 real records has about 0.5 MB;
            decoding the largest one takes up to 30 times its size in memory.
        proxy: URL of a proxy.
        verify: False, or an SSL context, for servers with certificates of their own.
        http_client: An httpx client of yours to send with; it is never closed here.
        user_agent: Put before this library's own name.
        pace: What several threads share, so that all of them slow down after a 429. For blocking clients.
        on_request: Called with a `RequestEvent`; an async client also takes async functions. What it
            raises ends the request.
        on_response: Called with a `ResponseEvent`.
        on_retry: Called with a `RetryEvent`.
    """

    timeout: float = 60.0
    total_timeout: float = 600.0
    attempts: int = 6
    longest_wait: float = 180.0
    max_response_bytes: int = 32 * 1024 * 1024
    proxy: str | None = field(default=None, repr=False)
    verify: bool | ssl.SSLContext = True
    http_client: httpx.Client | httpx.AsyncClient | None = None
    user_agent: str | None = None
    pace: Pace | None = None
    on_request: Callable[[RequestEvent], Any] | None = None
    on_response: Callable[[ResponseEvent], Any] | None = None
    on_retry: Callable[[RetryEvent], Any] | None = None

    def __attrs_post_init__(self) -> None:
        for name in ("timeout", "total_timeout", "attempts", "longest_wait", "max_response_bytes"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < float("inf"):
                raise ConfigurationError(f"{name} must be a number above 0, not {value!r}")
            if name.endswith(("timeout", "wait")) and value > MAX_SECONDS:
                raise ConfigurationError(f"{name} is at most {MAX_SECONDS:,} seconds, not {value!r}")
            if name == "attempts" and value != int(value):
                raise ConfigurationError(f"attempts is a whole number, not {value!r}")
        if not isinstance(self.verify, bool | ssl.SSLContext):
            raise ConfigurationError(
                f"verify is True, False or an SSL context, not {type(self.verify).__name__}",
                advice="ssl.create_default_context(cafile=...) makes a context from a file of certificates",
            )
        agent: object = self.user_agent
        problem = header_problem(agent) if isinstance(agent, str) else "is not text"
        if agent is not None and problem:
            raise ConfigurationError(f"user_agent {problem}")
        for name in ("on_request", "on_response", "on_retry"):
            hook = getattr(self, name)
            if hook is not None and not callable(hook):
                raise ConfigurationError(f"{name} takes a function, not {type(hook).__name__}")
        if self.http_client is not None and (self.proxy is not None or self.verify is not True):
            raise ConfigurationError("proxy and verify belong to your http_client", advice="Set them there")

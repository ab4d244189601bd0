"""What goes over the wire and what is told of it, without any I/O: addresses, headers, redirects, failures, events."""

from __future__ import annotations

import logging
import os
import platform
import re
import time
from functools import cache, lru_cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import httpx
from attrs import evolve

from moveworks.errors import ConfigurationError, MoveworksError, ResponseError, UntrustedLinkError
from moveworks.regions import origin_of, resolve_link
from moveworks.transport.exchange import OVERDUE, Answer, Exchange, Failure, Request, Retry, shown_url
from moveworks.transport.options import RequestEvent, ResponseEvent, RetryEvent, TransportOptions

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Collection

    from moveworks.auth import Credential, TokenRequest

log = logging.getLogger("moveworks")
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
MOST_REDIRECTS: Final = 5
FAILURES: Final = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError)
"""What an attempt can raise that is no fault of the caller's; OSError for what slips through httpx when TLS ends."""


class Wire:
    """What both transports know and decide.

    Args:
        origin: Where requests go.
        auth: What authenticates them.
        options: How they are sent.
        trusted: Other origins to which links may lead.
    """

    _client: httpx.Client | httpx.AsyncClient

    def __init__(
        self,
        *,
        origin: str,
        auth: Credential | None = None,
        options: TransportOptions | None = None,
        trusted: Collection[str] = (),
    ) -> None:
        self.origin = origin
        self.options = options or TransportOptions()
        self._auth = auth
        self._trusted = {origin, *trusted}
        self._user_agent = " ".join(filter(None, (self.options.user_agent, _own_user_agent())))
        self._closed = False
        self._clock: Callable[[], float] = time.monotonic

    def check(self, url: str) -> None:
        """Refuse an address outside the configured origin: the credential must not go there.

        Raises:
            UntrustedLinkError: if scheme, host or port differ from the configured ones.
        """
        if error := self._untrusted(url):
            raise error

    def _untrusted(self, url: str) -> UntrustedLinkError | None:
        origin = origin_of(url)
        if origin is None:
            return UntrustedLinkError("the link is not a complete address, or one that programs read differently")
        if origin in self._trusted:
            return None
        return UntrustedLinkError(
            f"the link leads to {origin}, not to {self.origin}", advice="If it is right, add its host to trusted_hosts"
        )

    def _usable(self) -> None:
        if self._closed or self._client.is_closed:
            raise ConfigurationError("this client is closed", advice="Make a new one, or use it inside its with block")

    def _exchange(self, request: Request, within: float | None) -> Exchange:
        """The exchange of a request, which may take this long if its own limit is not shorter."""
        self._usable()
        self.check(request.url)
        options = self.options
        return Exchange(
            request,
            attempts=options.attempts,
            total_timeout=options.total_timeout if within is None else min(within, options.total_timeout),
            longest_wait=options.longest_wait,
            clock=self._clock,
        )

    def _wire(self, exchange: Exchange, request: Request, authorization: str | None) -> httpx.Request:
        self._usable()
        headers = httpx.Headers(self._client.headers if self.options.http_client else None)
        for name in ("Authorization", "Cookie"):
            headers.pop(name, None)
        headers.update({"Accept": "application/json", "Accept-Encoding": "gzip, deflate"})
        headers.update({"User-Agent": self._user_agent, **request.headers})
        if authorization is not None:
            headers["Authorization"] = authorization
        limit = min(self.options.timeout, exchange.remaining())
        extensions = {"timeout": {"connect": limit, "read": limit, "write": limit, "pool": limit}}
        return httpx.Request(
            request.method, _exact(request.url), headers=headers, content=request.content, extensions=extensions
        )

    def _redirected(self, exchange: Exchange, request: Request, answer: Answer) -> Request | None:
        """The request that a redirect asks for, if it is one that may be followed."""
        location = answer.headers.get("location")
        if answer.status not in REDIRECTS or not location or request.method not in {"GET", "HEAD"}:
            return None
        target = resolve_link(request.url, location) or ""
        if error := self._untrusted(target):
            raise exchange.error(UntrustedLinkError, error.message, advice=error.advice, status=answer.status)
        return evolve(request, url=target)

    def _too_large(self, exchange: Exchange) -> MoveworksError:
        return exchange.error(ResponseError, f"the body is larger than {self.options.max_response_bytes} bytes")

    def _request_event(self, exchange: Exchange) -> RequestEvent:
        request = exchange.request
        exchange.sent += 1
        return RequestEvent(
            operation=request.operation, method=request.method, url=shown_url(request.url), attempt=exchange.sent
        )

    def _response_event(self, exchange: Exchange, answer: Answer, began: float) -> ResponseEvent:
        exchange.heard(answer)
        event = ResponseEvent(
            operation=exchange.request.operation,
            method=exchange.request.method,
            url=shown_url(exchange.request.url),
            attempt=exchange.sent,
            status=answer.status,
            elapsed=self._clock() - began,
            size=len(answer.content),
            request_id=exchange.request_id,
            date=answer.headers.get("date"),
        )
        log.debug(
            "%s %s -> %d in %.3f s, %d bytes, attempt %d, trace id %s",
            *(event.method, event.url, event.status, event.elapsed, event.size, event.attempt, event.request_id),
        )
        return event

    def _retry_event(self, exchange: Exchange, retry: Retry) -> RetryEvent:
        event = RetryEvent(
            operation=exchange.request.operation,
            method=exchange.request.method,
            url=shown_url(exchange.request.url),
            attempt=exchange.sent,
            wait=retry.wait,
            reason=retry.reason,
            request_id=exchange.request_id,
        )
        log.info(
            "%s %s: %s, attempt %d, next in %.1f s, trace id %s",
            *(event.method, event.url, event.reason, event.attempt, event.wait, event.request_id),
        )
        return event

    def _token_request(self, wanted: TokenRequest) -> Request:
        # Asking twice for a token does no harm, so this POST may be repeated.
        return Request(
            method="POST",
            url=self.origin + wanted.path,
            operation="token",
            headers=wanted.headers,
            content=wanted.content,
            secrets=wanted.secrets,
            idempotent=True,
            rate_limit_wait=5.0,
            advice={400: "Check the client id and secret", 401: "The client id or secret is wrong"},
            authenticated=False,
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.origin!r})"


class TooLargeError(Exception):
    """The body grew beyond the limit."""


class Body:
    """The parts of a body, up to a limit."""

    def __init__(self, most: int) -> None:
        self._parts: list[bytes] = []
        self._size, self._most = 0, most

    def take(self, part: bytes) -> None:
        """Keep one more part.

        Raises:
            TooLargeError: if that is too much.
        """
        self._size += len(part)
        if self._size > self._most:
            raise TooLargeError
        self._parts.append(part)

    def of(self, response: httpx.Response) -> Answer:
        """The answer that a response with this body is."""
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(status=response.status_code, headers=headers, content=b"".join(self._parts))


def connection_settings(options: TransportOptions) -> dict[str, Any]:
    """Arguments of an httpx client of our own: it keeps no cookies, since none is ever sent.

    Raises:
        OSError: if the certificates named in the environment cannot be read.
    """
    return {
        "proxy": options.proxy,
        "verify": _verification(options.verify),
        "trust_env": True,
        "limits": httpx.Limits(max_connections=50),
        "cookies": CookieJar(DefaultCookiePolicy(allowed_domains=[])),
    }


def unusable_settings(error: Exception) -> ConfigurationError:
    """The error for settings that httpx refuses; its text is left out, since a proxy's address may hold a password."""
    return ConfigurationError(
        f"no connection can be made with these settings ({type(error).__name__})",
        advice="Check proxy and verify, and the variables HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and SSL_CERT_FILE",
    )


def no_auth(request: httpx.Request) -> httpx.Request:
    """Stands in the way of a client's own auth and of a .netrc file: the header that is set is the one that goes."""
    return request


def failure(error: Exception) -> Failure:
    """Condition and reason; of the error's own text only why no connection was made, since others may hold a query."""
    name = type(error).__name__
    if isinstance(error, TimeoutError):
        return OVERDUE
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.ProxyError):
        reason = str(error) if isinstance(error, httpx.ConnectError) else name
        return Failure("connection refused or never made", reason[:200] or name)
    if isinstance(error, httpx.RemoteProtocolError | httpx.DecodingError):
        return Failure("answer cut short", "the body ended early or is not what its headers say")
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        return Failure("request that cannot be sent", "the address or a header is not valid")
    return Failure("connection lost", name)


def _exact(url: str) -> httpx.URL:
    """An address that httpx sends byte for byte: on its own it would decode and encode parts of it.

    Its origin is the one that was checked, so that two opinions on what is the host cannot matter.
    """
    rest = url.partition("://")[2].partition("#")[0]
    target = rest[match.start() :] if (match := re.search(r"[/?]", rest)) else ""
    # Some services write a next link with blanks or letters that cannot be sent as they are.
    target = re.sub(r"[^!-~]+", lambda match: quote(match.group()), target if target.startswith("/") else f"/{target}")
    return _parsed(origin_of(url) or "").copy_with(raw_path=target.encode("ascii"))


_parsed: Final = lru_cache(maxsize=16)(httpx.URL)


def _verification(verify: bool | ssl.SSLContext) -> bool | ssl.SSLContext:  # noqa: FBT001 - httpx's own argument
    """What httpx is to verify with; all clients share one context, because reading the certificates takes long."""
    if verify is not True:
        return verify
    return _default_context(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@cache
def _default_context(file: str | None, folder: str | None) -> ssl.SSLContext:
    """The context that httpx makes under these settings."""
    del file, folder  # httpx reads them itself
    return httpx.create_ssl_context()


def _own_user_agent() -> str:
    try:
        own = version("moveworks-client")
    except PackageNotFoundError:
        own = "0"
    return f"moveworks-client/{own} python/{platform.python_version()} httpx/{httpx.__version__}"

"""Drives exchanges over httpx, blocking and async."""

from __future__ import annotations

import asyncio
import inspect
import logging
import os
import platform
import time
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urljoin

import httpx

from moveworks.auth import Credential, TokenRequest
from moveworks.errors import ConfigurationError, UntrustedLinkError
from moveworks.regions import is_loopback, origin_of
from moveworks.transport.exchange import Answer, Exchange, IncompleteError, Reply, Request, Retry, shown_url
from moveworks.transport.options import RequestEvent, ResponseEvent, RetryEvent, TransportOptions

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Collection
    from types import TracebackType

log = logging.getLogger("moveworks")
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_REDIRECTS = 5


class _Common:
    """What both transports know and decide without I/O."""

    def __init__(
        self,
        *,
        origin: str,
        auth: Credential | None = None,
        options: TransportOptions | None = None,
        trusted_hosts: Collection[str] = (),
    ) -> None:
        if auth is not None and not isinstance(auth, Credential):
            raise ConfigurationError(
                f"a credential is needed, not {type(auth).__name__}",
                advice="Use ApiKey, ClientCredentials or BearerToken",
            )
        self.origin = origin
        self.options = options or TransportOptions()
        self._auth = auth
        self._trusted = {origin, *(_trusted_origin(host) for host in trusted_hosts)}
        self._user_agent = " ".join(filter(None, (self.options.user_agent, _own_user_agent())))
        self._closed = False
        self._clock: Callable[[], float] = time.monotonic

    def check(self, url: str, exchange: Exchange | None = None) -> None:
        """Refuse an address outside the configured origin: the credential must not go there.

        Raises:
            UntrustedLinkError: if scheme, host or port differ from the configured ones.
        """
        origin = origin_of(url)
        if origin in self._trusted:
            return
        error = exchange.error if exchange else None
        message = f"the link leads to {origin or 'an address that is not one'}, not to {self.origin}"
        advice = "If it is right, add its host to trusted_hosts"
        raise error(UntrustedLinkError, message, advice=advice) if error else UntrustedLinkError(message, advice=advice)

    def _exchange(self, request: Request) -> Exchange:
        if self._closed:
            raise ConfigurationError("this client is closed", advice="Make a new one, or use it inside its with block")
        self.check(request.url)
        options = self.options
        return Exchange(
            request,
            attempts=options.attempts,
            total_timeout=options.total_timeout,
            longest_wait=options.longest_wait,
            clock=self._clock,
        )

    def _wire(self, exchange: Exchange, url: str, authorization: str | None) -> httpx.Request:
        request = exchange.request
        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "gzip, deflate",
            "User-Agent": self._user_agent,
            **request.headers,
        }
        if authorization is not None:
            headers["Authorization"] = authorization
        left = exchange.remaining()
        limit = min(self.options.timeout, left)
        extensions = {"timeout": {"connect": limit, "read": limit, "write": limit, "pool": limit}}
        return httpx.Request(
            request.method, _exact(url), headers=headers, content=request.content, extensions=extensions
        )

    def _redirect(self, exchange: Exchange, url: str, response: httpx.Response, followed: int) -> str | None:
        """Where a redirect leads, if it is one that may be followed."""
        location = response.headers.get("location")
        if response.status_code not in REDIRECTS or not location or exchange.request.method not in {"GET", "HEAD"}:
            return None
        target: str = urljoin(url, location)
        self.check(target, exchange)
        if followed >= MOST_REDIRECTS:
            raise exchange.error(
                UntrustedLinkError, f"more than {MOST_REDIRECTS} redirects", status=response.status_code
            )
        return target

    def _grow(self, exchange: Exchange, size: int) -> None:
        """Called with every part of a body: httpx limits each read, and a body that drips never exceeds that."""
        exchange.remaining()
        if size > self.options.max_response_bytes:
            raise IncompleteError(f"the body is larger than {self.options.max_response_bytes} bytes")

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
            idempotent=True,
            rate_limit_wait=5.0,
            advice={401: "The client id or secret is wrong"},
            authenticated=False,
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.origin!r})"


class Transport(_Common):
    """Sends requests, blocking. Safe to share between threads."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        given = self.options.http_client
        if given is not None and not isinstance(given, httpx.Client):
            raise ConfigurationError(f"http_client must be an httpx.Client here, not {type(given).__name__}")
        self._client = given or httpx.Client(
            proxy=self.options.proxy,
            verify=_verification(self.options.verify),
            trust_env=True,
            limits=httpx.Limits(max_connections=50),
        )
        self._sleep: Callable[[float], None] = time.sleep

    def send(self, request: Request) -> Reply:
        """Send a request, again where that helps.

        Raises:
            MoveworksError: of the kind that fits what happened on the last attempt.
        """
        exchange = self._exchange(request)
        authorization: str | None = None
        while True:
            if request.authenticated and self._auth is not None and authorization is None:
                authorization = exchange.secret = self._auth.authorization(self._fetch)
            event = self._request_event(exchange)
            if self.options.on_request:
                self.options.on_request(event)
            began = self._clock()
            answer, failure = None, ("", "")
            try:
                answer = self._once(exchange, authorization)
                if answer.status == 401 and self._auth is not None and request.authenticated:
                    renewed = self._auth.authorization(self._fetch, rejected=authorization)
                    if renewed != authorization:
                        authorization = exchange.secret = renewed
                        answer = self._once(exchange, authorization)
            except (httpx.HTTPError, httpx.InvalidURL, IncompleteError, httpx.StreamError) as error:
                failure = _failure(error)
            # Outside the except block, so that no httpx error with its headers becomes the context of ours.
            if answer:
                heard = self._response_event(exchange, answer, began)
                if self.options.on_response:
                    self.options.on_response(heard)
            outcome = exchange.answered(answer) if answer else exchange.failed(*failure)
            if isinstance(outcome, Reply):
                return outcome
            retry = self._retry_event(exchange, outcome)
            if self.options.on_retry:
                self.options.on_retry(retry)
            self._sleep(outcome.wait)
            # A token may have ended during the wait.
            authorization = None

    def _fetch(self, wanted: TokenRequest) -> object:
        return self.send(self._token_request(wanted)).data

    def _once(self, exchange: Exchange, authorization: str | None) -> Answer:
        url = exchange.request.url
        for followed in range(MOST_REDIRECTS + 2):
            wire = self._wire(exchange, url, authorization)
            response = self._client.send(wire, auth=_no_auth, follow_redirects=False, stream=True)
            try:
                target = self._redirect(exchange, url, response, followed)
                if target is None:
                    parts, size = [], 0
                    for part in response.iter_bytes():
                        size += len(part)
                        self._grow(exchange, size)
                        parts.append(part)
                    headers = {name.lower(): value for name, value in response.headers.items()}
                    return Answer(status=response.status_code, headers=headers, content=b"".join(parts))
                url = target
            finally:
                response.close()
                self._client.cookies.clear()
        raise AssertionError("redirects are counted")

    def close(self) -> None:
        """Close the connections, unless the httpx client is yours. May be called again."""
        self._closed = True
        if self.options.http_client is None:
            self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncTransport(_Common):
    """Sends requests on asyncio. Use it within one event loop."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        given = self.options.http_client
        if given is not None and not isinstance(given, httpx.AsyncClient):
            raise ConfigurationError(f"http_client must be an httpx.AsyncClient here, not {type(given).__name__}")
        self._client = given or httpx.AsyncClient(
            proxy=self.options.proxy,
            verify=_verification(self.options.verify),
            trust_env=True,
            limits=httpx.Limits(max_connections=50),
        )
        self._sleep: Callable[[float], Any] = asyncio.sleep

    async def send(self, request: Request) -> Reply:
        """As `Transport.send`."""
        exchange = self._exchange(request)
        authorization: str | None = None
        while True:
            if request.authenticated and self._auth is not None and authorization is None:
                authorization = exchange.secret = await self._auth.async_authorization(self._fetch)
            await _called(self.options.on_request, self._request_event(exchange))
            began = self._clock()
            answer, failure = None, ("", "")
            try:
                answer = await self._once(exchange, authorization)
                if answer.status == 401 and self._auth is not None and request.authenticated:
                    renewed = await self._auth.async_authorization(self._fetch, rejected=authorization)
                    if renewed != authorization:
                        authorization = exchange.secret = renewed
                        answer = await self._once(exchange, authorization)
            except (httpx.HTTPError, httpx.InvalidURL, IncompleteError, httpx.StreamError) as error:
                failure = _failure(error)
            if answer:
                await _called(self.options.on_response, self._response_event(exchange, answer, began))
            outcome = exchange.answered(answer) if answer else exchange.failed(*failure)
            if isinstance(outcome, Reply):
                return outcome
            await _called(self.options.on_retry, self._retry_event(exchange, outcome))
            await self._sleep(outcome.wait)
            authorization = None

    async def _fetch(self, wanted: TokenRequest) -> object:
        return (await self.send(self._token_request(wanted))).data

    async def _once(self, exchange: Exchange, authorization: str | None) -> Answer:
        url = exchange.request.url
        for followed in range(MOST_REDIRECTS + 2):
            wire = self._wire(exchange, url, authorization)
            response = await self._client.send(wire, auth=_no_auth, follow_redirects=False, stream=True)
            try:
                target = self._redirect(exchange, url, response, followed)
                if target is None:
                    parts, size = [], 0
                    async for part in response.aiter_bytes():
                        size += len(part)
                        self._grow(exchange, size)
                        parts.append(part)
                    headers = {name.lower(): value for name, value in response.headers.items()}
                    return Answer(status=response.status_code, headers=headers, content=b"".join(parts))
                url = target
            finally:
                await response.aclose()
                self._client.cookies.clear()
        raise AssertionError("redirects are counted")

    async def aclose(self) -> None:
        """As `Transport.close`."""
        self._closed = True
        if self.options.http_client is None:
            await self._client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


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


def _no_auth(request: httpx.Request) -> httpx.Request:
    """Stands in the way of a client's own auth and of a .netrc file: the header that is set is the one that goes."""
    return request


def _exact(url: str) -> httpx.URL:
    """An address that httpx sends byte for byte; on its own it would decode and encode parts of it."""
    parsed = httpx.URL(url)
    target = url.split("://", 1)[1]
    start = min((i for i in (target.find("/"), target.find("?")) if i >= 0), default=len(target))
    path = target[start:].partition("#")[0]
    exact = ("" if path.startswith("/") else "/") + path
    if not exact.isascii() or not exact.isprintable() or " " in exact:
        raise httpx.InvalidURL("the address holds a character that must be percent-encoded")
    return parsed.copy_with(raw_path=exact.encode("ascii")) if parsed.raw_path != exact.encode("ascii") else parsed


def _failure(error: Exception) -> tuple[str, str]:
    """Condition and reason; of the error's own text nothing, since it may hold an address with its query."""
    name = type(error).__name__
    if isinstance(error, IncompleteError):
        return "answer cut short", str(error)
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.ProxyError):
        reason = str(error) if isinstance(error, httpx.ConnectError) else name
        return "connection refused or never made", reason[:200] or name
    if isinstance(error, httpx.RemoteProtocolError | httpx.DecodingError):
        return "answer cut short", "the body ended early or is not what its headers say"
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        return "connection refused or never made", "the address or a header is not valid"
    return "connection lost", name


async def _called(hook: Callable[[Any], Any] | None, event: object) -> None:
    if hook is not None and inspect.isawaitable(result := hook(event)):
        await result


def _trusted_origin(host: str) -> str:
    origin = origin_of(host if "://" in host else f"https://{host}")
    scheme, _, name = (origin or "").partition("://")
    if origin is None or (scheme == "http" and not is_loopback(name.rpartition(":")[0] or name)):
        raise ConfigurationError(f"trusted_hosts: {host!r} is not a host, or is not encrypted")
    return origin


def _own_user_agent() -> str:
    try:
        own = version("moveworks-client")
    except PackageNotFoundError:
        own = "0"
    return f"moveworks-client/{own} python/{platform.python_version()} httpx/{httpx.__version__}"

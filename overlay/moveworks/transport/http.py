"""The blocking driver of an exchange: it sends, waits and calls hooks, and decides nothing."""

from __future__ import annotations

import inspect
import queue
import sys
import time
from typing import TYPE_CHECKING, Any, Final, Self

import httpcore
from attrs import evolve

import moveworks
from moveworks.errors import ConfigurationError, MoveworksError
from moveworks.links import Link, Scope
from moveworks.transport.account import Answer
from moveworks.transport.connections import Connections
from moveworks.transport.deadline import DEADLINE
from moveworks.transport.decoding import Body, CodingError, TooLargeError, UnreadableError
from moveworks.transport.flow import Attempt, Call, Pause, exchange
from moveworks.transport.logs import OURS
from moveworks.transport.messages import Request
from moveworks.transport.options import TransportOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from moveworks.auth import Credential, TokenRequest
    from moveworks.transport.flow import Exchange, Reply, Result

FAILURES: Final = (
    *(httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError),
    *(httpcore.ProxyError, httpcore.UnsupportedProtocol, httpcore.ConnectionNotAvailable),
    *(TooLargeError, UnreadableError, CodingError),
    OSError,  # what slips through when TLS ends
    UnicodeError,  # a header that cannot be sent
)
"""What an attempt can end in that is no fault of this library's."""
pause = time.sleep
"""How the blocking driver waits."""


class BaseTransport:
    """What both drivers know.

    Args:
        origin: Where requests go.
        auth: What authenticates them.
        options: How they are sent.
        trusted: Other origins to which links may lead.
        connections: Those of another transport, to share them.
    """

    def __init__(
        self,
        *,
        origin: str,
        auth: Credential | None = None,
        options: TransportOptions | None = None,
        trusted: frozenset[str] = frozenset(),
        connections: Any = None,
    ) -> None:
        self.origin = origin
        self.trusted = trusted
        self.options = options or TransportOptions()
        self._auth = auth
        self._connections = connections or self._connect()
        self._clock: Callable[[], float] = time.monotonic
        agent = " ".join(filter(None, (self.options.user_agent, _own_user_agent())))
        self._headers = {
            "Accept": "application/json",
            "Accept-Encoding": "gzip, deflate",
            "User-Agent": agent,
        }

    def _connect(self) -> Any:
        raise NotImplementedError

    def acting_as(self, auth: Credential) -> Self:
        """The same with another credential, over the same connections."""
        other = object.__new__(type(self))
        vars(other).update({**vars(self), "_auth": auth})
        return other

    def with_options(self, **changes: Any) -> Self:
        """The same with other options, over the same connections."""
        other = object.__new__(type(self))
        vars(other).update({**vars(self), "options": evolve(self.options, **changes)})
        return other

    def _wire(self, effect: Attempt, authorization: str | None, left: float, *, alone: bool) -> httpcore.Request:
        sending, link = effect.exchange, effect.link
        request = sending.request
        scheme, host, port = self._connections.parts[link.origin]
        headers = {
            "Host": link.origin.partition("://")[2],
            **self._headers,
            **request.headers,
        }
        if request.content is not None or request.method != "GET":
            headers["Content-Length"] = str(len(request.content or b""))
        if alone:
            headers["Connection"] = "close"
        if authorization is not None:
            headers["Authorization"] = authorization
            # Before anything comes back: also an answer that is cut short may repeat it.
            sending.secrets.add(authorization.removeprefix("Bearer "))
        limit = min(self.options.timeout, left)
        return httpcore.Request(
            request.method,
            httpcore.URL(scheme=scheme, host=host, port=port, target=link.sent),
            headers=[(name.encode("ascii"), value.encode("latin-1")) for name, value in headers.items()],
            content=request.content,
            extensions={"timeout": {"connect": limit, "read": limit, "write": limit, "pool": limit}},
        )

    def _token_request(self, wanted: TokenRequest) -> Request:
        url = self.origin + wanted.path
        # Asking twice for a token does no harm, so this POST may be repeated.
        return Request(
            method="POST",
            link=Link(url, self.origin, wanted.path),
            operation="token",
            headers=wanted.headers,
            content=wanted.content,
            secrets=wanted.secrets,
            scope=Scope(self.origin),
            idempotent=True,
            rate_limit_wait=5.0,
            advice={400: "Check the client id and secret", 401: "The client id or secret is wrong"},
            authenticated=False,
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.origin!r})"


class Transport(BaseTransport):
    """Sends requests, blocking. Safe to share between threads."""

    _connections: Connections

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for hook in (self.options.on_request, self.options.on_response, self.options.on_retry):
            if inspect.iscoroutinefunction(hook):
                raise _async_hook()
        self._connections.pool(self.origin)  # settings that cannot be used are refused at once

    def _connect(self) -> Connections:
        return Connections(self.options)

    def send(self, request: Request, *, limit: float | None = None, setting: str = "timeout") -> Reply:
        """Send a request, again where that helps; `limit` is in seconds, and users set it by `setting`.

        Raises:
            MoveworksError: of the kind that fits what happened at the last attempt.
        """
        steps = exchange(request, self.options, self.origin, limit=limit, setting=setting, clock=self._clock)
        result: Result = None
        try:
            while True:
                effect = steps.send(result)
                result = None
                if isinstance(effect, Attempt):
                    result = self._attempt(effect)
                elif isinstance(effect, Pause):
                    self._pause(effect, request)
                else:
                    _call(effect)
        except StopIteration as finished:
            reply: Reply = finished.value
            return reply

    def _attempt(self, effect: Attempt) -> Result:
        sending = effect.exchange
        if not sending.request.authenticated or sending.request.stream:
            # A token request needs no slot: those who have one wait for it. Streams would keep theirs for minutes.
            return self._sent(effect)
        pace = self.options.pace
        if pace is None:
            return self._in_slot(effect)
        if not pace.enter(positive(sending.deadline - self._clock())):
            raise sending.overdue()
        try:
            result = self._in_slot(effect)
        finally:
            pace.leave()
        if isinstance(result, Answer) and result.status < 400:
            pace.answered()
        return result

    def _in_slot(self, effect: Attempt) -> Result:
        sending, slots = effect.exchange, self._connections.slots
        try:
            slots.get(timeout=positive(sending.deadline - self._clock()))
        except queue.Empty:
            raise sending.overdue() from None
        try:
            return self._sent(effect)
        finally:
            slots.put(None)

    def _pause(self, effect: Pause, request: Request) -> None:
        pace = self.options.pace
        if pace is None:
            pause(effect.seconds)
            return
        if effect.limited and request.authenticated:
            pace.slow_down(effect.seconds)
        pace.wait(effect.seconds)

    def _sent(self, effect: Attempt) -> Result:
        sending, connections = effect.exchange, self._connections
        # Asked for now that it can be sent: a token may end while others are served.
        authorization = self._authorization(sending, effect.rejected)
        if effect.rejected is not None and authorization == effect.rejected:
            return None
        if connections.closed:
            raise sending.closed()
        left = sending.deadline - self._clock()
        if left <= 0:
            raise sending.overdue()
        opener, alone = connections.opener(effect.link.origin, stream=sending.request.stream)
        deadline, ours = DEADLINE.set(time.monotonic() + left), OURS.set(True)
        try:
            response = opener.handle_request(self._wire(effect, authorization, left, alone=alone))
            sending.headers = headers = headers_of(response)
            if sending.request.stream and is_event_stream(response.status, headers):
                sending.opened = response
                return Answer(response.status, headers, b"", authorization)
            try:
                content = self._content(response.stream, headers, sending)
            finally:
                response.close()
            return Answer(response.status, headers, content, authorization)
        except MoveworksError:
            raise
        except (*FAILURES, RuntimeError) as error:
            if connections.closed:  # while it was read
                raise sending.closed() from None
            if isinstance(error, RuntimeError) and not isinstance(error, FAILURES):
                raise
            return error
        except BaseException:
            # A signal handler may raise anywhere within httpcore. A connection that is half done with one request
            # must not serve another: none of this pool is used again.
            connections.pools.pop(effect.link.origin, None)
            raise
        finally:
            DEADLINE.reset(deadline)
            OURS.reset(ours)

    def _content(self, stream: Any, headers: dict[str, str], sending: Exchange) -> bytes:
        most = self.options.max_response_bytes
        if "content-encoding" in headers:
            body = Body(headers["content-encoding"], limit=most, check=sending.remaining)
            for part in stream:
                body.take(part)
            return body.content()
        parts, size = [], 0
        for part in stream:
            parts.append(part)
            size += len(part)
            if size > most:
                raise TooLargeError
        return b"".join(parts)

    def _authorization(self, sending: Exchange, rejected: str | None) -> str | None:
        if self._auth is None or not sending.request.authenticated:
            return None

        def fetch(wanted: TokenRequest) -> object:
            return self.send(self._token_request(wanted), limit=sending.remaining(), setting=sending.setting).data

        timeout = positive(sending.deadline - self._clock())
        return self._auth.authorization(fetch, rejected, timeout=timeout)

    def close(self) -> None:
        """Close the connections, unless the httpx client is yours. May be called again."""
        self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def headers_of(response: httpcore.Response) -> dict[str, str]:
    """The headers of a response, by their names in lower case."""
    found = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in response.headers]
    headers = dict(found)
    if "content-encoding" in headers:
        # Codings are a list, which may stand on several lines (RFC 9110, section 5.3).
        headers["content-encoding"] = ", ".join(value for name, value in found if name == "content-encoding")
    return headers


def is_event_stream(status: int, headers: dict[str, str]) -> bool:
    """Whether an answer is a stream of events that is not compressed."""
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    coded = headers.get("content-encoding", "identity").strip().lower() != "identity"
    return 200 <= status < 300 and media_type == "text/event-stream" and not coded


class OpenBody:
    """The body of an answer that is read as it comes.

    Leaving it early closes its connection at once.
    """

    def __init__(self, response: httpcore.Response) -> None:
        self._response = response
        self._parts = iter(response.stream)  # type: ignore[arg-type]  # of a blocking pool

    def read(self, seconds: float) -> bytes:
        """The next part; empty at the end.

        Raises:
            OSError, httpcore errors: for a connection that fails, or nothing within this time.
        """
        deadline = DEADLINE.set(time.monotonic() + seconds)
        try:
            return next(self._parts, b"")
        finally:
            DEADLINE.reset(deadline)

    def close(self) -> None:
        """Close the connection, unless all was read. May be called again."""
        self._response.close()


def positive(seconds: float) -> float:
    """Not less than no time."""
    return max(0.0, seconds)


def _async_hook() -> ConfigurationError:
    return ConfigurationError(
        "a hook is an async function, and the client is not",
        advice="Use AsyncMoveworks, or a plain function",
    )


def _call(effect: Call) -> None:
    result = effect.hook(effect.event)
    if inspect.isawaitable(result):
        if inspect.iscoroutine(result):
            result.close()
        raise _async_hook()


def _own_user_agent() -> str:
    python = ".".join(map(str, sys.version_info[:3]))
    return f"moveworks-client/{moveworks.__version__} python/{python} httpcore/{httpcore.__version__}"

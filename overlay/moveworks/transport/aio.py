"""The driver of an exchange on asyncio, and its connections: as `http`, which does not import asyncio."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any, Self

import httpcore

from moveworks.errors import ConfigurationError, MoveworksError
from moveworks.transport.account import Answer
from moveworks.transport.connections import KEEPALIVE, MAX_CONNECTIONS, BaseConnections
from moveworks.transport.decoding import Body, TooLargeError
from moveworks.transport.flow import Attempt, Call, Pause, exchange
from moveworks.transport.http import FAILURES, BaseTransport, headers_of, is_event_stream, positive
from moveworks.transport.logs import OURS

if TYPE_CHECKING:
    import ssl
    from types import TracebackType

    from moveworks.auth import TokenRequest
    from moveworks.transport.flow import Exchange, Reply, Result
    from moveworks.transport.messages import Request
    from moveworks.transport.options import TransportOptions
pause = asyncio.sleep
"""How the driver on asyncio waits."""


class AsyncConnections(BaseConnections):
    """Connections on asyncio, within one event loop."""

    def __init__(self, options: TransportOptions) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        super().__init__(options)

    def _adapter(self) -> Any:
        if self.options.http_client is None:
            return None
        from moveworks.transport.given import AsyncGivenClient

        return AsyncGivenClient(self.options.http_client)

    def _slots(self) -> asyncio.Semaphore:
        return asyncio.Semaphore(MAX_CONNECTIONS)

    def restart(self) -> None:
        """As above; a child process has an event loop of its own."""
        super().restart()
        self._loop = None

    def check_loop(self) -> None:
        """Refuse another event loop than the one of the connections.

        Raises:
            ConfigurationError: in another one.
        """
        loop = asyncio.get_running_loop()
        if self._loop is None:
            self._loop = loop
        if self._loop is not loop:
            raise ConfigurationError(
                "this client was used in another event loop, to which its connections belong",
                advice="Make one AsyncMoveworks for each asyncio.run()",
            )

    def _pool(self, proxy: str | None, context: ssl.SSLContext | None) -> Any:
        settings: dict[str, Any] = {
            "ssl_context": context,
            "max_connections": None,
            "keepalive_expiry": KEEPALIVE,
        }
        if proxy is None:
            return httpcore.AsyncConnectionPool(**settings)
        settings |= self.proxy_settings(proxy)
        if proxy.startswith("socks"):
            return httpcore.AsyncSOCKSProxy(**settings)
        return httpcore.AsyncHTTPProxy(**settings)

    async def aclose(self) -> None:
        """Close all connections, unless the httpx client is the user's.

        Raises:
            ConfigurationError: in another event loop, while the one of the connections runs.
        """
        if self._loop is not None and self._loop.is_closed():
            self.pools, self.alone = {}, []  # they ended with their loop
        elif self._loop is not None:
            self.check_loop()
        self.closed = True
        if self._given is None:
            for each in [*self.pools.values(), *self.alone]:
                await each.aclose()


class AsyncTransport(BaseTransport):
    """Sends requests on asyncio. Use it within one event loop."""

    _connections: AsyncConnections

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        if self.options.pace is not None:
            raise ConfigurationError("a pace is for threads, and this client is async", advice="Use Moveworks")
        self._connections.pool(self.origin)

    def _connect(self) -> AsyncConnections:
        return AsyncConnections(self.options)

    async def send(self, request: Request, *, limit: float | None = None, setting: str = "timeout") -> Reply:
        """As `Transport.send`."""
        self._connections.check_loop()
        steps = exchange(request, self.options, self.origin, limit=limit, setting=setting, clock=self._clock)
        result: Result = None
        try:
            while True:
                effect = steps.send(result)
                result = None
                if isinstance(effect, Attempt):
                    result = await self._attempt(effect)
                elif isinstance(effect, Pause):
                    await pause(effect.seconds)
                else:
                    await _called(effect)
        except StopIteration as finished:
            reply: Reply = finished.value
            return reply

    async def _attempt(self, effect: Attempt) -> Result:
        sending = effect.exchange
        limit = asyncio.timeout(positive(sending.deadline - self._clock()))
        try:
            async with limit:
                if not sending.request.authenticated or sending.request.stream:
                    return await self._sent(effect)
                async with self._connections.slots:
                    return await self._sent(effect)
        except TimeoutError:
            if not limit.expired():
                raise
        raise sending.overdue()

    async def _sent(self, effect: Attempt) -> Result:
        sending, connections = effect.exchange, self._connections
        authorization = await self._authorization(sending, effect.rejected)
        if effect.rejected is not None and authorization == effect.rejected:
            return None
        if connections.closed:
            raise sending.closed()
        left = sending.remaining()
        opener, alone = connections.opener(effect.link.origin, stream=sending.request.stream)
        ours = OURS.set(True)
        try:
            response = await opener.handle_async_request(self._wire(effect, authorization, left, alone=alone))
            sending.headers = headers = headers_of(response)
            if sending.request.stream and is_event_stream(response.status, headers):
                sending.opened = response
                return Answer(response.status, headers, b"", authorization)
            try:
                content = await self._content(response.stream, headers, sending)
            finally:
                await response.aclose()
            return Answer(response.status, headers, content, authorization)
        except MoveworksError:
            raise
        except (*FAILURES, RuntimeError) as error:
            if connections.closed:
                raise sending.closed() from None
            if isinstance(error, RuntimeError) and not isinstance(error, FAILURES):
                raise
            return error
        finally:
            OURS.reset(ours)

    async def _content(self, stream: Any, headers: dict[str, str], sending: Exchange) -> bytes:
        most = self.options.max_response_bytes
        if "content-encoding" in headers:
            body = Body(headers["content-encoding"], limit=most, check=sending.remaining)
            async for part in stream:
                body.take(part)
            return body.content()
        parts, size = [], 0
        async for part in stream:
            parts.append(part)
            size += len(part)
            if size > most:
                raise TooLargeError
        return b"".join(parts)

    async def _authorization(self, sending: Exchange, rejected: str | None) -> str | None:
        if self._auth is None or not sending.request.authenticated:
            return None

        async def fetch(wanted: TokenRequest) -> object:
            return (
                await self.send(self._token_request(wanted), limit=sending.remaining(), setting=sending.setting)
            ).data

        return await self._auth.async_authorization(fetch, rejected)

    async def aclose(self) -> None:
        """As `Transport.close`."""
        await self._connections.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


class AsyncOpenBody:
    """As `OpenBody`, on asyncio."""

    def __init__(self, response: httpcore.Response) -> None:
        self._response = response
        self._parts = aiter(response.stream)  # type: ignore[arg-type]  # of an async pool

    async def read(self, seconds: float) -> bytes:
        """The next part; empty at the end.

        Raises:
            TimeoutError, OSError, httpcore errors: for a connection that fails, or nothing within this time.
        """
        async with asyncio.timeout(seconds):
            return await anext(self._parts, b"")

    async def aclose(self) -> None:
        """Close the connection, unless all was read. May be called again."""
        await self._response.aclose()


async def _called(effect: Call) -> None:
    result = effect.hook(effect.event)
    if inspect.isawaitable(result):
        await result

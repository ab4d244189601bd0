"""Drives exchanges over httpx, blocking and async."""

from __future__ import annotations

import asyncio
import inspect
import time
from typing import TYPE_CHECKING, Any, Self

import httpx

from moveworks.errors import ConfigurationError, UntrustedLinkError
from moveworks.transport.deadline import obey, within
from moveworks.transport.exchange import OVERDUE, Answer, Exchange, Failure, Reply, Request
from moveworks.transport.wire import (
    FAILURES,
    MOST_REDIRECTS,
    Body,
    TooLargeError,
    Wire,
    connection_settings,
    failure,
    no_auth,
    unusable_settings,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from moveworks.auth import TokenRequest


class Transport(Wire):
    """Sends requests, blocking. Safe to share between threads."""

    _client: httpx.Client

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        given = self.options.http_client
        if given is not None and not isinstance(given, httpx.Client):
            raise ConfigurationError(f"http_client must be an httpx.Client here, not {type(given).__name__}")
        for hook in (self.options.on_request, self.options.on_response, self.options.on_retry):
            if inspect.iscoroutinefunction(hook):
                raise _async_hook()
        try:
            self._client = given or httpx.Client(**connection_settings(self.options))
        except (OSError, ValueError, TypeError, AttributeError, ImportError, httpx.InvalidURL) as error:
            raise unusable_settings(error) from None
        if given is None:
            obey(self._client)
        self._sleep: Callable[[float], None] = time.sleep

    def send(self, request: Request, *, most: float | None = None) -> Reply:
        """Send a request, again where that helps; `most` is a limit in seconds besides `total_timeout`.

        Raises:
            MoveworksError: of the kind that fits what happened on the last attempt.
        """
        exchange = self._exchange(request, most)
        while True:
            # Asked for anew after each wait: a token may have ended meanwhile.
            authorization = self._authorization(exchange)
            result = self._attempt(exchange, authorization)
            if authorization is not None and isinstance(result, Answer) and result.status == 401:
                renewed = self._authorization(exchange, rejected=authorization)
                if renewed != authorization:
                    result = self._attempt(exchange, renewed)
            outcome = exchange.outcome(result)
            if isinstance(outcome, Reply):
                return outcome
            _call(self.options.on_retry, self._retry_event(exchange, outcome))
            self._sleep(outcome.wait)

    def _authorization(self, exchange: Exchange, rejected: str | None = None) -> str | None:
        if self._auth is None or not exchange.request.authenticated:
            return None

        def fetch(wanted: TokenRequest) -> object:
            return self.send(self._token_request(wanted), most=exchange.remaining()).data

        return exchange.authorized(self._auth.authorization(fetch, rejected, timeout=exchange.remaining()))

    def _attempt(self, exchange: Exchange, authorization: str | None) -> Answer | Failure:
        _call(self.options.on_request, self._request_event(exchange))
        began = self._clock()
        result: Answer | Failure | None = None
        try:
            with within(exchange.remaining()):
                result = self._follow(exchange, authorization)
        except TooLargeError:
            pass
        except FAILURES as error:
            result = failure(error)
        # Outside the except blocks, so that no httpx error with its request becomes the context of ours.
        if result is None:
            raise self._too_large(exchange)
        if isinstance(result, Answer):
            _call(self.options.on_response, self._response_event(exchange, result, began))
        return result

    def _follow(self, exchange: Exchange, authorization: str | None) -> Answer:
        request = exchange.request
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._once(exchange, request, authorization)
            target = self._redirected(exchange, request, answer)
            if target is None:
                return answer
            request = target
        raise exchange.error(UntrustedLinkError, f"more than {MOST_REDIRECTS} redirects", status=answer.status)

    def _once(self, exchange: Exchange, request: Request, authorization: str | None) -> Answer:
        wire = self._wire(exchange, request, authorization)
        response = self._client.send(wire, auth=no_auth, follow_redirects=False, stream=True)
        try:
            body = Body(self.options.max_response_bytes)
            for part in response.iter_bytes():
                body.take(part)
                exchange.remaining()  # for a client of the user's, whose reads know no deadline
            return body.of(response)
        finally:
            response.close()

    def close(self) -> None:
        """Close the connections, unless the httpx client is yours. May be called again."""
        self._closed = True
        if self.options.http_client is None:
            self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncTransport(Wire):
    """Sends requests on asyncio. Use it within one event loop."""

    _client: httpx.AsyncClient

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        given = self.options.http_client
        if given is not None and not isinstance(given, httpx.AsyncClient):
            raise ConfigurationError(f"http_client must be an httpx.AsyncClient here, not {type(given).__name__}")
        try:
            self._client = given or httpx.AsyncClient(**connection_settings(self.options))
        except (OSError, ValueError, TypeError, AttributeError, ImportError, httpx.InvalidURL) as error:
            raise unusable_settings(error) from None
        self._sleep: Callable[[float], Any] = asyncio.sleep
        self._loop: asyncio.AbstractEventLoop | None = None

    async def send(self, request: Request, *, most: float | None = None) -> Reply:
        """As `Transport.send`."""
        self._same_loop()
        exchange = self._exchange(request, most)
        while True:
            authorization = await self._authorization(exchange)
            result = await self._attempt(exchange, authorization)
            if authorization is not None and isinstance(result, Answer) and result.status == 401:
                renewed = await self._authorization(exchange, rejected=authorization)
                if renewed != authorization:
                    result = await self._attempt(exchange, renewed)
            outcome = exchange.outcome(result)
            if isinstance(outcome, Reply):
                return outcome
            await _called(self.options.on_retry, self._retry_event(exchange, outcome))
            await self._sleep(outcome.wait)

    def _same_loop(self) -> None:
        loop = asyncio.get_running_loop()
        if self._loop is None:
            self._loop = loop
        if self._loop is not loop:
            raise ConfigurationError(
                "this client was used in another event loop, to which its connections belong",
                advice="Make one AsyncMoveworks for each asyncio.run()",
            )

    async def _authorization(self, exchange: Exchange, rejected: str | None = None) -> str | None:
        if self._auth is None or not exchange.request.authenticated:
            return None

        async def fetch(wanted: TokenRequest) -> object:
            return (await self.send(self._token_request(wanted), most=exchange.remaining())).data

        limit = asyncio.timeout(exchange.remaining())
        try:
            async with limit:
                value = await self._auth.async_authorization(fetch, rejected)
        except TimeoutError:
            if not limit.expired():
                raise
        else:
            return exchange.authorized(value)
        raise exchange.overdue()

    async def _attempt(self, exchange: Exchange, authorization: str | None) -> Answer | Failure:
        await _called(self.options.on_request, self._request_event(exchange))
        began = self._clock()
        result: Answer | Failure | None = None
        limit = asyncio.timeout(exchange.remaining())
        try:
            async with limit:
                result = await self._follow(exchange, authorization)
        except TooLargeError:
            pass
        except FAILURES as error:
            result = OVERDUE if limit.expired() else failure(error)
        if result is None:
            raise self._too_large(exchange)
        if isinstance(result, Answer):
            await _called(self.options.on_response, self._response_event(exchange, result, began))
        return result

    async def _follow(self, exchange: Exchange, authorization: str | None) -> Answer:
        request = exchange.request
        for _ in range(MOST_REDIRECTS + 1):
            answer = await self._once(exchange, request, authorization)
            target = self._redirected(exchange, request, answer)
            if target is None:
                return answer
            request = target
        raise exchange.error(UntrustedLinkError, f"more than {MOST_REDIRECTS} redirects", status=answer.status)

    async def _once(self, exchange: Exchange, request: Request, authorization: str | None) -> Answer:
        wire = self._wire(exchange, request, authorization)
        response = await self._client.send(wire, auth=no_auth, follow_redirects=False, stream=True)
        try:
            body = Body(self.options.max_response_bytes)
            async for part in response.aiter_bytes():
                body.take(part)
            return body.of(response)
        finally:
            await response.aclose()

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


def _async_hook() -> ConfigurationError:
    return ConfigurationError(
        "a hook is an async function, and the client is not", advice="Use AsyncMoveworks, or a plain function"
    )


def _call(hook: Callable[[Any], Any] | None, event: object) -> None:
    if hook is not None and inspect.isawaitable(result := hook(event)):
        if inspect.iscoroutine(result):
            result.close()
        raise _async_hook()


async def _called(hook: Callable[[Any], Any] | None, event: object) -> None:
    if hook is not None and inspect.isawaitable(result := hook(event)):
        await result

"""An httpx client of the user's, behind the interface of httpcore's pools."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import httpcore
import httpx

from moveworks.errors import ConfigurationError
from moveworks.transport.deadline import DEADLINE, call_within

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

ERRORS: Final = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError)


class _Given:
    """What both kinds share."""

    def __init__(self, client: Any, kind: type) -> None:
        if not isinstance(client, kind):
            raise ConfigurationError(f"http_client must be an httpx.{kind.__name__} here, not {type(client).__name__}")
        self._client: Any = client
        self.forked = False

    def _wire(self, request: httpcore.Request) -> httpx.Request:
        if self._client.is_closed:
            raise ConfigurationError("http_client is closed", advice="Keep it open while the client is used")
        if self.forked:
            raise ConfigurationError(
                "http_client was made before this process was forked, and shares its connections",
                advice="Make the client, and the httpx client, after the fork",
            )
        headers = httpx.Headers(self._client.headers)
        for name in ("Authorization", "Cookie"):
            headers.pop(name, None)
        headers.update(httpx.Headers(request.headers))
        url = request.url
        origin = httpx.URL(scheme=url.scheme.decode(), host=url.host.decode(), port=url.port)
        # Byte for byte: on its own httpx would decode and encode parts of it.
        target = origin.copy_with(raw_path=url.target)
        return httpx.Request(
            request.method.decode(),
            target,
            headers=headers,
            content=b"".join(request.stream) or None,  # type: ignore[arg-type]  # bytes of ours
            extensions={"timeout": request.extensions["timeout"]},
        )

    @staticmethod
    def _answer(response: httpx.Response, parts: Any) -> httpcore.Response:
        headers = response.headers.raw
        if response.is_stream_consumed:  # a transport that answers from memory: decompressed already
            headers = [(name, value) for name, value in headers if name.lower() != b"content-encoding"]
            parts = response.content
        return httpcore.Response(response.status_code, headers=headers, content=parts)


class GivenClient(_Given):
    """A blocking client; it is never closed here."""

    def __init__(self, client: Any) -> None:
        super().__init__(client, httpx.Client)

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request; the body is read as it came, still compressed."""
        wire = self._wire(request)
        response = self._within(
            lambda: self._client.send(wire, auth=_no_auth, follow_redirects=False, stream=True),
            lambda late: late.close(),
        )
        return self._answer(response, _Parts(self, response))

    def _within(self, function: Callable[[], Any], abandoned: Callable[[Any], object]) -> Any:
        deadline = DEADLINE.get()
        try:
            if deadline is None:
                return function()
            return call_within(deadline - time.monotonic(), function, abandoned)
        except ERRORS as error:
            mapped = _mapped(error)
        raise mapped


class _Parts:
    """The parts of a body."""

    def __init__(self, client: GivenClient, response: httpx.Response) -> None:
        self._client, self._response = client, response

    def __iter__(self) -> Iterator[bytes]:
        parts = self._response.iter_raw()
        while (part := self._client._within(lambda: next(parts, None), lambda _: None)) is not None:  # noqa: SLF001
            yield part

    def close(self) -> None:
        """Give the connection back."""
        self._response.close()


class AsyncGivenClient(_Given):
    """A client on asyncio; it is never closed here."""

    def __init__(self, client: Any) -> None:
        super().__init__(client, httpx.AsyncClient)

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request; the body is read as it came, still compressed."""
        wire = self._wire(request)
        try:
            response = await self._client.send(wire, auth=_no_auth, follow_redirects=False, stream=True)
            return self._answer(response, _AsyncParts(response))
        except ERRORS as error:
            mapped = _mapped(error)
        raise mapped


class _AsyncParts:
    def __init__(self, response: httpx.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for part in self._response.aiter_raw():
                yield part
        except ERRORS as error:
            mapped = _mapped(error)
        else:
            return
        raise mapped

    async def aclose(self) -> None:
        """Give the connection back."""
        await self._response.aclose()


def _mapped(error: Exception) -> Exception:
    """The error of httpcore that has the same name, without the request that httpx attaches to its own."""
    kind = getattr(httpcore, type(error).__name__, None)
    if isinstance(error, httpx.InvalidURL):
        kind = httpcore.UnsupportedProtocol
    mapped: Exception = (kind or httpcore.NetworkError)(str(error))
    return mapped


def _no_auth(request: httpx.Request) -> httpx.Request:
    """Stands in the way of a client's own auth and of a .netrc file: the header that is set is the one that goes."""
    return request

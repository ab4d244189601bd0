"""A deadline for everything that a blocking request reads and writes.

httpx limits each read, so headers or a body that drip never exceed its timeout, and it has no public place for a limit
of the whole. httpcore has one, its network backend: every read and write passes through it.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import httpcore

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

    import httpx

_MOMENT: ContextVar[float | None] = ContextVar("moment", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let reads and writes of this thread fail with a timeout once this time is over."""
    token = _MOMENT.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _MOMENT.reset(token)


def obey(client: httpx.Client) -> None:
    """Make the connections of a client, its proxies' included, keep to `within`."""
    for transport in (client._transport, *client._mounts.values()):  # noqa: SLF001 - see the top
        pool = getattr(transport, "_pool", None)
        if pool is not None:
            pool._network_backend = _Backend(pool._network_backend)  # noqa: SLF001 - see the top


def _left(timeout: float | None, over: type[Exception]) -> float | None:
    moment = _MOMENT.get()
    if moment is None:
        return timeout
    left = moment - time.monotonic()
    if left <= 0:
        raise over("the deadline is over")
    return left if timeout is None else min(timeout, left)


class _Backend(httpcore.NetworkBackend):
    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        self._backend = backend

    def connect_tcp(  # type: ignore[override]  # what else httpcore gives is handed on
        self, host: str, port: int, timeout: float | None = None, **options: Any
    ) -> httpcore.NetworkStream:
        limit = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._backend.connect_tcp(host, port, timeout=limit, **options))


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream
        self.close = stream.close  # type: ignore[method-assign]
        self.get_extra_info = stream.get_extra_info  # type: ignore[method-assign]

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        limit = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, limit))

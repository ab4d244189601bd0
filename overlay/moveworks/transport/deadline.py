"""A deadline for everything that a blocking request reads, whoever made the connection.

A timeout limits each read, so headers or a body that drip never exceed it. httpcore's public place for a
limit of the whole is its network backend: every read passes through it. For an httpx client of the
user's there is none, so what it does runs in a thread that is no longer waited for.
"""

from __future__ import annotations

import contextvars
import threading
import time
from typing import TYPE_CHECKING, Any, Final, TypeVar

import httpcore

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

T = TypeVar("T")

DEADLINE: Final[contextvars.ContextVar[float | None]] = contextvars.ContextVar("deadline", default=None)
"""When reads of this thread fail with a timeout, by `time.monotonic()`."""
READ_SIZE: Final = 256 * 1024
"""Bytes that are read at once: a whole page, where the network gives it."""


def _left(timeout: float | None, over: type[Exception]) -> float | None:
    deadline = DEADLINE.get()
    if deadline is None:
        return timeout
    left = deadline - time.monotonic()
    if left <= 0:
        raise over("the deadline is over")
    return left if timeout is None else min(timeout, left)


class DeadlineBackend(httpcore.NetworkBackend):
    """Connections whose reads keep to `DEADLINE`."""

    def __init__(self, backend: httpcore.NetworkBackend | None = None) -> None:
        self._backend = backend or httpcore.SyncBackend()

    def connect_tcp(  # type: ignore[override]  # what else httpcore gives is handed on
        self, host: str, port: int, timeout: float | None = None, **options: Any
    ) -> httpcore.NetworkStream:
        """Connect."""
        limit = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._backend.connect_tcp(host, port, timeout=limit, **options))


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream
        self.close = stream.close  # type: ignore[method-assign]
        self.get_extra_info = stream.get_extra_info  # type: ignore[method-assign]
        # What is sent fits into the socket's buffer, so the timeout of each write is enough.
        self.write = stream.write  # type: ignore[method-assign]

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max(max_bytes, READ_SIZE), _left(timeout, httpcore.ReadTimeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        limit = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, limit))


def call_within(seconds: float, function: Callable[[], T], abandoned: Callable[[T], object]) -> T:
    """Call a function in a thread, and stop waiting for it after this time.

    Args:
        seconds: How long to wait.
        function: What to call; it sees the context variables of the caller.
        abandoned: Called with what comes after nobody waits any more.

    Raises:
        httpcore.ReadTimeout: if it is not done in time.
    """
    call = _Call(function, abandoned)
    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(call.run,), daemon=True, name="moveworks-request").start()
    in_time = False
    try:
        in_time = call.done.wait(seconds)
    finally:
        if not in_time:
            call.abandon()
    if not in_time:
        raise httpcore.ReadTimeout("the deadline is over")
    if call.error is not None:
        raise call.error
    result: T = call.result
    return result


class _Call:
    def __init__(self, function: Callable[[], Any], abandoned: Callable[[Any], object]) -> None:
        self.done = threading.Event()
        self.result: Any = None
        self.error: BaseException | None = None
        self._function, self._abandoned = function, abandoned
        self._lock = threading.Lock()
        self._late = False

    def run(self) -> None:
        try:
            result = self._function()
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            self.error = error
        else:
            with self._lock:
                self.result, late = result, self._late
            if late:
                self._abandoned(result)
        self.done.set()

    def abandon(self) -> None:
        """Nobody waits any more."""
        with self._lock:
            self._late, result = True, self.result
        if result is not None:
            self._abandoned(result)

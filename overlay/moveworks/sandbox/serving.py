"""uvicorn, set up for the sandbox; importing this needs the extra."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

import httptools  # noqa: F401 - part of the extra; uvicorn would fall back to a slower parser in silence
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from moveworks.sandbox.answers import http_date
from moveworks.sandbox.app import build_app
from moveworks.sandbox.guard import Guard
from moveworks.transport.account import TRACE_HEADERS

if TYPE_CHECKING:
    from asyncio import TimerHandle
    from collections.abc import Collection

    from moveworks.sandbox.service import Service

MAX_CONNECTIONS: Final = 4000
"""Open connections; one more ends the one that has been idle for the longest time."""
KEEPALIVE: Final = 30
"""Seconds that an idle connection is kept: longer than a client keeps it, so that a request never meets its end."""
ACCEPTED: Final = 16
"""Connections that are accepted before the first of them is looked at, and may be ended."""
MAX_HEAD: Final = 64 * 1024
"""Bytes of the head of a request."""
ARRIVAL: Final = 20.0
"""Seconds that a request may take to arrive, counted from its first byte or from the connection."""
DELIVERY: Final = 120.0
"""Seconds that a client may leave an answer unread."""


def make_server(service: Service, *, hosts: Collection[str], max_body: int) -> uvicorn.Server:
    """A server that is ready to serve; its transports can be reached by faults that cut an answer short.

    Args:
        service: What is served.
        hosts: Names under which it may be reached.
        max_body: Bytes that a request may have.
    """
    connections: dict[tuple[str, int], Connection] = {}
    transports: dict[tuple[str, int], Any] = {}

    class Protocol(Connection):
        """The connections of this server."""

        _open = connections
        _transports = transports

    app = Guard(build_app(service), hosts=hosts, max_body=max_body)

    async def marked(scope: Any, receive: Any, send: Any) -> None:
        """Every answer tells the sandbox's time, and has a trace id."""

        async def send_marked(message: Any) -> None:
            if message["type"] == "http.response.start":
                date = (b"date", http_date(service.now()).encode())
                message["headers"] = [
                    *message["headers"],
                    date,
                    (TRACE_HEADERS[0].encode(), str(uuid.uuid4()).encode()),
                ]
            await send(message)

        scope.setdefault("state", {})["transports"] = transports
        await app(scope, receive, send_marked)

    config = uvicorn.Config(
        marked,
        http=Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        date_header=False,
        backlog=ACCEPTED,
        timeout_keep_alive=KEEPALIVE,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)


def _max_files() -> int:
    """How many files and connections this process may have open."""
    try:
        import resource
    except ImportError:  # Windows, where the limit is far away
        return 2 * MAX_CONNECTIONS
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 2 * MAX_CONNECTIONS if soft == resource.RLIM_INFINITY else soft


class Connection(HttpToolsProtocol):
    """One connection: known by its peer, and ended when it keeps the server waiting."""

    _open: dict[tuple[str, int], Connection]
    _transports: dict[tuple[str, int], Any]
    peer: tuple[str, int] = ("", 0)
    _waiting: TimerHandle | None = None
    _head = 0

    def connection_made(self, transport: Any) -> None:
        """Make room for it."""
        super().connection_made(transport)
        self.peer = tuple(transport.get_extra_info("peername")[:2])
        if len(self._open) >= min(MAX_CONNECTIONS, _max_files() // 2):
            # The oldest stand first. It is lost only later, and must not be chosen again until then.
            idle = next((each for each in self._open.values() if each.is_idle), self)
            self._open.pop(idle.peer, None)
            idle.transport.abort()
        self._open[self.peer] = self
        self._transports[self.peer] = transport
        self._await(ARRIVAL)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._await(None)
        if self._open.get(self.peer) is self:
            del self._open[self.peer]
        if self._transports.get(self.peer) is self.transport:
            del self._transports[self.peer]
        super().connection_lost(exc)

    @property
    def is_idle(self) -> bool:
        """Whether no request is being answered."""
        # There is none before the first request, which the annotation leaves out.
        return self.cycle is None or self.cycle.response_complete  # type: ignore[redundant-expr]

    def data_received(self, data: bytes) -> None:
        """Read, and refuse a head without end."""
        super().data_received(data)
        if self._head >= 0:
            self._head += len(data)
            if self._head > MAX_HEAD:
                self.send_400_response("The head of the request is too large.")

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        super().on_message_begin()
        self._head = 0
        self._await(ARRIVAL)

    def on_headers_complete(self) -> None:
        """The end of its head."""
        self._head = -1
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The end of the request."""
        self._await(None)
        super().on_message_complete()

    def pause_writing(self) -> None:
        """The client does not read."""
        super().pause_writing()
        self._await(DELIVERY)

    def resume_writing(self) -> None:
        """It reads again."""
        super().resume_writing()
        self._await(None)

    def _await(self, seconds: float | None) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = None if seconds is None else self.loop.call_later(seconds, self._overdue)

    def _overdue(self) -> None:
        self.transport.abort()

"""uvicorn, set up for the sandbox; importing this needs the extra."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import httptools  # noqa: F401 - part of the extra; uvicorn would fall back to a slower parser in silence
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from moveworks.sandbox.app import build_app
from moveworks.transport.flow import TRACE_HEADERS

if TYPE_CHECKING:
    from moveworks.sandbox.server import Sandbox


def make_server(sandbox: Sandbox) -> uvicorn.Server:
    """A server that is ready to serve; its transports can be reached by faults that cut an answer short."""
    transports: dict[tuple[str, int], Any] = {}

    class Protocol(HttpToolsProtocol):
        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._peer = tuple(transport.get_extra_info("peername")[:2])
            transports[self._peer] = transport

        def connection_lost(self, exc: Exception | None) -> None:
            transports.pop(self._peer, None)
            super().connection_lost(exc)

    app = build_app(sandbox)

    async def traced(scope: Any, receive: Any, send: Any) -> None:
        async def send_traced(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (TRACE_HEADERS[0].encode(), str(uuid.uuid4()).encode())]
            await send(message)

        scope.setdefault("state", {})["transports"] = transports
        await app(scope, receive, send_traced)

    config = uvicorn.Config(
        traced,
        http=Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)

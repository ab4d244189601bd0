"""uvicorn, set up for the sandbox; importing this needs the extra."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httptools  # noqa: F401 - part of the extra; uvicorn would fall back to a slower parser in silence
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from moveworks.sandbox.app import build_app

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

    async def with_transports(scope: Any, receive: Any, send: Any) -> None:
        scope.setdefault("state", {})["transports"] = transports
        await app(scope, receive, send)

    config = uvicorn.Config(
        with_transports,
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

"""Answers as bytes, and what a fault does to them."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import struct
import uuid
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import Response

from moveworks.transport.account import TRACE_HEADERS

if TYPE_CHECKING:
    from datetime import datetime

    from moveworks.sandbox.faults import Fault

DRIBBLE: Final = 16
"""Bytes that come at a time where few do."""
LOGIN_PAGE = b"<!doctype html><html><title>Sign in</title><body>Please sign in.</body></html>"


def json_bytes(content: Any) -> bytes:
    """JSON in UTF-8."""
    return json.dumps(content, ensure_ascii=False).encode()


def sent(body: bytes, kind: str, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """An answer as it is."""
    return Response(body, status, headers, media_type=kind)


def failed(
    status: int, code: str, message: str, headers: dict[str, str] | None = None, *, nested: bool = False
) -> Response:
    """An error in the words of the service: `{code, message}`, or the same under `error`."""
    flat = {"code": code, "message": message}
    return sent(json_bytes({"error": flat} if nested else flat), "application/json", status, headers)


def http_date(moment: datetime) -> str:
    """A moment as it stands in the header `Date`."""
    return format_datetime(moment, usegmt=True)


async def delivered(fault: Fault | None, body: bytes, kind: str, now: datetime, status: int = 200) -> Response:
    """An answer, after what a fault does to it."""
    if fault is None:
        return sent(body, kind, status)
    match fault.kind:
        case "truncate":
            return RawResponse(_head(kind, f"Content-Length: {len(body)}", now) + body[: len(body) // 2])
        case "truncate-chunked":
            half = body[: len(body) // 2]
            head = _head(kind, "Transfer-Encoding: chunked", now)
            return RawResponse(head + f"{len(half):x}\r\n".encode() + half + b"\r\n")
        case "dribble":
            return DribbledResponse(body, kind, fault.delay, status)
        case "latency":
            await asyncio.sleep(fault.delay)
    return sent(body, kind, status)


class RawResponse(Response):
    """Bytes written past the HTTP machinery, which would not let an answer be wrong; then the connection ends."""

    def __init__(self, content: bytes, *, abort: bool = False) -> None:
        super().__init__(b"")
        self._content, self._abort = content, abort

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Write them."""
        del receive, send
        transport = scope["state"]["transports"].get(tuple(scope["client"]))
        if transport is None:
            return
        if self._content:
            transport.write(self._content)
        if self._abort:
            # Without lingering, the end of a connection is a reset.
            linger = struct.pack("ii", 1, 0)
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            transport.abort()
        else:
            transport.close()


class DribbledResponse(Response):
    """A body that comes a few bytes at a time."""

    def __init__(self, content: bytes, kind: str, delay: float, status: int) -> None:
        super().__init__(content, status, media_type=kind)
        self._delay = delay

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Send it."""
        del scope, receive
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for start in range(0, len(self.body), DRIBBLE):
            await send(
                {"type": "http.response.body", "body": bytes(self.body[start : start + DRIBBLE]), "more_body": True}
            )
            await asyncio.sleep(self._delay)
        await send({"type": "http.response.body", "body": b""})


def _head(kind: str, framing: str, now: datetime) -> bytes:
    lines = (
        "HTTP/1.1 200 OK",
        f"Date: {http_date(now)}",
        f"{TRACE_HEADERS[0]}: {uuid.uuid4()}",
        f"Content-Type: {kind}",
        framing,
    )
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode()


def broken_link(fault: Fault | None, link: str | None, own: str) -> str | None:
    """The next link, after what a fault does to it."""
    match fault.kind if fault else None:
        case "repeated-link":
            return own
        case "foreign-link":
            return f"https://attacker.example/{(link or own).partition('://')[2].partition('/')[2]}"
        case "http-link":
            host, _, path = (link or own).partition("://")[2].partition("/")
            # The sandbox has no https to lose, so it is the port that tells the two apart.
            return f"http://{re.sub(r':[0-9]+$', '', host)}/{path}"
        case "relative-link":
            return None if link is None else "/" + link.partition("://")[2].partition("/")[2]
        case "malformed-link":
            return "http://["
        case _:
            return link

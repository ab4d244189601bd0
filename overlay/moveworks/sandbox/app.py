"""The routes: what the two services answer, and what goes wrong on request."""

from __future__ import annotations

import asyncio
import json
import math
import re
import socket
import sqlite3
import struct
import uuid
from email.utils import formatdate
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

import msgspec
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

import moveworks_beta.service
import moveworks_export.service
from moveworks.auth import TOKEN_PATH
from moveworks.errors import ConfigurationError
from moveworks.sandbox.faults import Fault
from moveworks.sandbox.listing import RefusedError
from moveworks.transport.flow import TRACE_HEADERS
from moveworks_export.entities import ENTITY_SETS

if TYPE_CHECKING:
    from starlette.requests import Request

    from moveworks.odata import EntitySetInfo
    from moveworks.sandbox.listing import Listing
    from moveworks.sandbox.server import Sandbox

LOGIN_PAGE = b"<!doctype html><html><title>Sign in</title><body>Please sign in.</body></html>"


def build_app(sandbox: Sandbox) -> Starlette:
    """The ASGI application of a sandbox."""
    routes = _Routes(sandbox)
    return Starlette(routes=routes.routes(), exception_handlers={405: routes.wrong_method})


class _Routes:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._not_before: dict[str, float] = {}

    def routes(self) -> list[Route]:
        records, beta = moveworks_export.service.BASE_PATH, moveworks_beta.service.BASE_PATH
        return [
            Route(TOKEN_PATH, self.token, methods=["POST"]),
            Route(records + "/{entity:path}", self.records, methods=["GET"]),
            Route(beta + "/conversations/{conversation_id}", self.conversation, methods=["GET"]),
            Route(beta + "/{rest:path}", self.not_here, methods=["GET", "POST", "PATCH", "PUT", "DELETE"]),
            Route("/_sandbox/{what}", self.admin, methods=["GET", "POST", "DELETE"]),
            Route("/{rest:path}", self.nowhere, methods=["GET", "POST", "PATCH", "PUT", "DELETE"]),
        ]

    # export API

    async def records(self, request: Request) -> Response:
        name = request.path_params["entity"]
        name, counts = (name.removesuffix("/$count"), True) if name.endswith("/$count") else (name, False)
        info = next((info for info in ENTITY_SETS.values() if info.path.strip("/") == name), None)
        if refused := self._refused(request, info.name if info else "nowhere"):
            return refused
        if info is None:
            return self._error(404, "NOT_FOUND", f"no entity set {name}")
        listing, refusal = self._understood(request, info, counts=counts)
        page = 1 if listing is None else listing.page
        fault = self._sandbox.faults.strike(info.name, None if counts else page, links=not counts)
        if fault and (instead := self._instead(fault, info.name)):
            return instead
        if not self._sandbox.access.records(request.headers.get("authorization")):
            return self._error(401, "UNAUTHORIZED", "missing, wrong or expired credential")
        if info.name not in self._sandbox.access.scopes:
            return self._error(403, "FORBIDDEN", f"no scope for {info.name}")
        if listing is None:
            self._sandbox.violate(request, refusal)
            return self._error(400, "BAD_REQUEST", refusal)
        try:
            # On another thread: records may have to be made first, and other requests go on meanwhile.
            if counts:
                number = await asyncio.to_thread(self._sandbox.store.count, info.name, listing.filter)
                return await self._delivered(fault, str(number).encode(), "text/plain")
            body = await asyncio.to_thread(self._page, request, listing, fault)
        except sqlite3.OperationalError as error:
            return self._error(400, "BAD_REQUEST", f"more than the sandbox can evaluate: {error}")
        return await self._delivered(fault, body, "application/json")

    def _understood(self, request: Request, info: EntitySetInfo, *, counts: bool) -> tuple[Listing | None, str]:
        """The list or count that is asked for, or why it is refused."""
        query = _query(request)
        try:
            return self._sandbox.listings.read(info, query, only=("$filter",) if counts else info.options), ""
        except (RefusedError, UnicodeDecodeError) as error:
            return None, str(error)

    def _page(self, request: Request, listing: Listing, fault: Fault | None) -> bytes:
        path, query = moveworks_export.service.BASE_PATH + listing.info.path, _query(request)
        address = f"{request.url.scheme}://{request.headers.get('host')}{path}"
        start, link = self._sandbox.listings.write(listing, address, missing_value=self._sandbox.missing_value)
        link = _broken_link(fault, link, f"{address}?{query}" if query else address)
        return start + (f',"@odata.nextLink":{json.dumps(link)}}}' if link is not None else "}").encode()

    def _refused(self, request: Request, route: str, *, beta: bool = False) -> Response | None:
        """Write the request down, and refuse what a client must not do."""
        self._sandbox.record(request, route)
        target = unquote(f"{request.url.path}?{_query(request)}")
        if any(secret in target for secret in self._sandbox.access.secrets()):
            self._sandbox.violate(request, "a credential in the address", hide=True)
            return self._error(400, "BAD_REQUEST", "a credential must never stand in an address", beta=beta)
        left = self._not_before.get(route, 0.0) - self._sandbox.clock()
        if left > 0:
            self._sandbox.violate(request, "a retry before Retry-After had passed")
            headers = {"Retry-After": str(math.ceil(left))}
            return self._error(429, "RATE_LIMIT_EXCEEDED", "sent again too early", headers, beta=beta)
        return None

    # tokens

    async def token(self, request: Request) -> Response:
        if refused := self._refused(request, "token"):
            return refused
        fault = self._sandbox.faults.strike("token")
        if fault and (instead := self._instead(fault, "token")):
            return instead
        body = await request.body()
        try:
            if "json" in request.headers.get("content-type", ""):
                form = msgspec.json.decode(body)
            else:
                form = dict(parse_qsl(body.decode()))
        except (ValueError, msgspec.DecodeError):
            form = {}
        answer = self._sandbox.access.exchange(form if isinstance(form, dict) else {})
        if answer is None:
            return self._error(401, "INVALID_CLIENT", "wrong client id or secret")
        return await self._delivered(fault, _json(answer), "application/json")

    # beta API

    async def conversation(self, request: Request) -> Response:
        if refused := self._refused(request, "assistant", beta=True) or self._assistant_refused(request):
            return refused
        fault = self._sandbox.faults.strike("assistant")
        if fault and (instead := self._instead(fault, "assistant", beta=True)):
            return instead
        found = self._sandbox.conversations.get(request.path_params["conversation_id"])
        if found is None:
            return self._error(404, "NOT_FOUND", "no such conversation", beta=True)
        return await self._delivered(fault, _json(found), "application/json")

    async def not_here(self, request: Request) -> Response:
        return (
            self._refused(request, "assistant", beta=True)
            or self._assistant_refused(request)
            or self._error(
                501, "NOT_IN_SANDBOX", "the sandbox answers only GET conversations/{id} of this API", beta=True
            )
        )

    def _assistant_refused(self, request: Request) -> Response | None:
        if not self._sandbox.access.assistant(request.headers.get("authorization")):
            return self._error(401, "UNAUTHORIZED", "missing or invalid token", beta=True)
        if request.headers.get("assistant-name") != self._sandbox.assistant:
            return self._error(404, "NOT_FOUND", "no such assistant", beta=True)
        return None

    async def nowhere(self, request: Request) -> Response:
        return self._refused(request, "nowhere") or self._error(404, "NOT_FOUND", "nothing is at this address")

    async def wrong_method(self, request: Request, error: Exception) -> Response:
        del error
        return self._refused(request, "nowhere") or self._error(405, "METHOD_NOT_ALLOWED", f"no {request.method} here")

    # control

    async def admin(self, request: Request) -> Response:
        what = request.path_params["what"]
        if not ip_address(request.client.host if request.client else "0.0.0.0").is_loopback:  # noqa: S104 - no address
            return self._error(403, "FORBIDDEN", "only this machine may control the sandbox")
        if what == "faults" and request.method == "DELETE":
            self._sandbox.clear_faults()
            return _sent(_json({"cleared": True}), "application/json")
        if what == "faults" and request.method == "POST":
            try:
                given = msgspec.json.decode(await request.body())
                rule = Fault(**given) if isinstance(given, dict) else Fault.parse(str(given))
            except (TypeError, ValueError, msgspec.DecodeError, ConfigurationError) as error:
                return self._error(400, "BAD_FAULT", str(error))
            self._sandbox.add_fault(rule)
            return _sent(_json({"added": rule.kind}), "application/json")
        if what == "requests" and request.method == "GET":
            return _sent(_json(self._sandbox.requests), "application/json")
        if what == "violations" and request.method == "GET":
            return _sent(_json(self._sandbox.violations), "application/json")
        return self._error(404, "NOT_FOUND", "known are faults (POST, DELETE), requests and violations (GET)")

    # answers

    def _error(
        self, status: int, code: str, message: str, headers: dict[str, str] | None = None, *, beta: bool = False
    ) -> Response:
        flat = {"code": code, "message": message}
        nested = beta or self._sandbox.nested_errors
        return _sent(_json({"error": flat} if nested else flat), "application/json", status, headers)

    def _instead(self, fault: Fault, route: str, *, beta: bool = False) -> Response | None:
        """What a fault answers instead; None if it only does something to the answer."""
        match fault.kind:
            case "status":
                return self._error(fault.status, "INTERNAL_ERROR", "a fault on request", beta=beta)
            case "rate-limit":
                headers = {}
                if fault.retry_after is not None:
                    headers["Retry-After"] = f"{fault.retry_after:g}"
                    self._not_before[route] = self._sandbox.clock() + fault.retry_after
                return self._error(429, "RATE_LIMIT_EXCEEDED", "too many requests", headers, beta=beta)
            case "expired-token":
                self._sandbox.access.revoke_tokens()
                return self._error(401, "UNAUTHORIZED", "expired credential", beta=beta)
            case "html":
                return _sent(LOGIN_PAGE, "text/html")
            case "bad-json":
                return _sent(b'{"value": [{"id": "abc",', "application/json")
            case "reset":
                return _Raw(b"", abort=True)
            case _:
                return None

    @staticmethod
    async def _delivered(fault: Fault | None, body: bytes, kind: str) -> Response:
        """An answer, after what a fault does to it."""
        if fault is None:
            return _sent(body, kind)
        match fault.kind:
            case "truncate":
                return _Raw(_head(kind, f"Content-Length: {len(body)}") + body[: len(body) // 2])
            case "truncate-chunked":
                half = body[: len(body) // 2]
                return _Raw(_head(kind, "Transfer-Encoding: chunked") + f"{len(half):x}\r\n".encode() + half + b"\r\n")
            case "dribble":
                return _Dribble(body, kind, fault.delay)
            case "latency":
                await asyncio.sleep(fault.delay)
        return _sent(body, kind)


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


def _sent(body: bytes, kind: str, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(body, status, headers, media_type=kind)


def _query(request: Request) -> str:
    query: bytes = request.scope["query_string"]
    return query.decode("latin-1")


class _Raw(Response):
    """Bytes written past the HTTP machinery, which would not let an answer be wrong; then the connection ends."""

    def __init__(self, content: bytes, *, abort: bool = False) -> None:
        super().__init__(b"")
        self._content, self._abort = content, abort

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
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


class _Dribble(Response):
    """A body that comes a few bytes at a time."""

    def __init__(self, content: bytes, kind: str, delay: float) -> None:
        super().__init__(content, media_type=kind)
        self._delay = delay

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        del scope, receive
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        for start in range(0, len(self.body), 16):
            await send({"type": "http.response.body", "body": bytes(self.body[start : start + 16]), "more_body": True})
            await asyncio.sleep(self._delay)
        await send({"type": "http.response.body", "body": b""})


def _head(kind: str, framing: str) -> bytes:
    date = formatdate(usegmt=True)
    trace = f"{TRACE_HEADERS[0]}: {uuid.uuid4()}"
    return f"HTTP/1.1 200 OK\r\nDate: {date}\r\n{trace}\r\nContent-Type: {kind}\r\n{framing}\r\n\r\n".encode()


def _broken_link(fault: Fault | None, link: str | None, own: str) -> str | None:
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

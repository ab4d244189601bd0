"""The routes: what the two services answer, and what goes wrong on request."""

from __future__ import annotations

import asyncio
import json
import uuid
from email.utils import formatdate
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
from moveworks.sandbox.listing import RefusedError, count_filter
from moveworks.transport.exchange import TRACE_HEADER
from moveworks_export.entities import ENTITY_SETS

if TYPE_CHECKING:
    from starlette.requests import Request

    from moveworks.sandbox.server import Sandbox

LINK_FAULTS = {"repeated-link", "foreign-link", "http-link", "relative-link", "malformed-link"}
LOGIN_PAGE = "<!doctype html><html><title>Sign in</title><body>Please sign in.</body></html>"


def build_app(sandbox: Sandbox) -> Starlette:
    """The ASGI application of a sandbox."""
    return Starlette(routes=_Routes(sandbox).routes())


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
        query = request.scope["query_string"].decode("latin-1")
        self._sandbox.record(request, name)
        if info is None:
            return self._error(404, "NOT_FOUND", f"no entity set {name}")
        if early := self._misbehaved(request, info.name, query):
            return early
        page = 1
        try:
            listing = None if counts else self._sandbox.listings.read(info, query)
            page = listing.page if listing else 1
            refusal = None
        except (RefusedError, UnicodeDecodeError) as error:
            listing, refusal = None, str(error)
        fault = self._sandbox.faults.strike(info.name, page)
        if fault and fault.kind not in LINK_FAULTS | {"truncate", "truncate-chunked", "dribble", "latency"}:
            return await self._faulty(fault, request, info.name)
        if not self._sandbox.access.records(request.headers.get("authorization")):
            return self._error(401, "UNAUTHORIZED", "missing, wrong or expired credential")
        if info.name not in self._sandbox.access.scopes:
            return self._error(403, "FORBIDDEN", f"no scope for {info.name}")
        if refusal is not None:
            self._sandbox.violate(request, refusal)
            return self._error(400, "BAD_REQUEST", refusal)
        if listing is None:
            try:
                number = self._sandbox.store.count(info.name, count_filter(info, query))
            except RefusedError as error:
                self._sandbox.violate(request, str(error))
                return self._error(400, "BAD_REQUEST", str(error))
            body = str(number).encode()
            return await self._delivered(fault, request, body, "text/plain")
        address = f"{request.url.scheme}://{request.headers.get('host')}{moveworks_export.service.BASE_PATH}{info.path}"
        start, link = self._sandbox.listings.write(listing, address, missing_value=self._sandbox.missing_value)
        link = _broken_link(fault, link, f"{address}?{query}" if query else address)
        end = f',"@odata.nextLink":{json.dumps(link)}}}' if link is not None else "}"
        return await self._delivered(fault, request, start + end.encode(), "application/json")

    def _misbehaved(self, request: Request, route: str, query: str) -> Response | None:
        """What a client must not do, refused and written down."""
        if any(secret in unquote(query) for secret in self._sandbox.access.secrets()):
            self._sandbox.violate(request, "a credential in the address", hide=True)
            return self._error(400, "BAD_REQUEST", "a credential must never stand in an address")
        if self._sandbox.clock() < self._not_before.get(route, 0.0):
            self._sandbox.violate(request, "a retry before Retry-After had passed")
            return self._error(429, "RATE_LIMIT_EXCEEDED", "sent again too early", {"Retry-After": "1"})
        self._not_before.pop(route, None)
        return None

    # tokens

    async def token(self, request: Request) -> Response:
        self._sandbox.record(request, "token")
        if fault := self._sandbox.faults.strike("token", 1):
            return await self._faulty(fault, request, "token")
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
        return self._json(answer)

    # beta API

    async def conversation(self, request: Request) -> Response:
        self._sandbox.record(request, "assistant")
        if refused := self._assistant_refused(request):
            return refused
        if fault := self._sandbox.faults.strike("assistant", 1):
            return await self._faulty(fault, request, "assistant")
        found = self._sandbox.conversations.get(request.path_params["conversation_id"])
        if found is None:
            return self._error(404, "NOT_FOUND", "no such conversation", beta=True)
        return self._json(found)

    async def not_here(self, request: Request) -> Response:
        self._sandbox.record(request, "assistant")
        return self._assistant_refused(request) or self._error(
            501, "NOT_IN_SANDBOX", "the sandbox answers only GET conversations/{id} of this API", beta=True
        )

    def _assistant_refused(self, request: Request) -> Response | None:
        if not self._sandbox.access.assistant(request.headers.get("authorization")):
            return self._error(401, "UNAUTHORIZED", "missing or invalid token", beta=True)
        if request.headers.get("assistant-name") != self._sandbox.assistant:
            return self._error(404, "NOT_FOUND", "no such assistant", beta=True)
        return None

    async def nowhere(self, request: Request) -> Response:
        self._sandbox.record(request, "nowhere")
        return self._error(404, "NOT_FOUND", "nothing is at this address")

    # control

    async def admin(self, request: Request) -> Response:
        what = request.path_params["what"]
        if what == "faults" and request.method == "DELETE":
            self._sandbox.clear_faults()
            return self._json({"cleared": True})
        if what == "faults" and request.method == "POST":
            try:
                given = msgspec.json.decode(await request.body())
                rule = Fault.parse(given) if isinstance(given, str) else Fault(**given)
            except (TypeError, ValueError, msgspec.DecodeError, ConfigurationError) as error:
                return self._error(400, "BAD_FAULT", str(error))
            self._sandbox.add_fault(rule)
            return self._json({"added": rule.kind})
        if what == "requests" and request.method == "GET":
            return self._json(self._sandbox.requests)
        if what == "violations" and request.method == "GET":
            return self._json(self._sandbox.violations)
        return self._error(404, "NOT_FOUND", "known are faults (POST, DELETE), requests and violations (GET)")

    # answers

    def _json(self, content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
        return self._sent(json.dumps(content, ensure_ascii=False).encode(), "application/json", status, headers)

    def _sent(self, body: bytes, kind: str, status: int = 200, headers: dict[str, str] | None = None) -> Response:
        return Response(body, status, {TRACE_HEADER: str(uuid.uuid4()), **(headers or {})}, media_type=kind)

    def _error(
        self, status: int, code: str, message: str, headers: dict[str, str] | None = None, *, beta: bool = False
    ) -> Response:
        flat = {"code": code, "message": message}
        nested = beta or self._sandbox.nested_errors
        return self._json({"error": flat} if nested else flat, status, headers)

    async def _faulty(self, fault: Fault, request: Request, route: str) -> Response:
        match fault.kind:
            case "status":
                return self._error(fault.status, "INTERNAL_ERROR", "a fault on request")
            case "rate-limit":
                headers = {}
                if fault.retry_after is not None:
                    headers["Retry-After"] = f"{fault.retry_after:g}"
                    self._not_before[route] = self._sandbox.clock() + fault.retry_after
                return self._error(429, "RATE_LIMIT_EXCEEDED", "too many requests", headers)
            case "expired-token":
                self._sandbox.access.revoke_tokens()
                return self._error(401, "UNAUTHORIZED", "expired credential")
            case "html":
                return self._sent(LOGIN_PAGE.encode(), "text/html")
            case "bad-json":
                return self._sent(b'{"value": [{"id": "abc",', "application/json")
            case "reset":
                return _Raw(b"", abort=True)
            case _:
                return await self._delivered(fault, request, b"{}", "application/json")

    async def _delivered(self, fault: Fault | None, request: Request, body: bytes, kind: str) -> Response:
        del request
        match fault.kind if fault else None:
            case "truncate":
                return _Raw(_head(kind, f"Content-Length: {len(body)}") + body[: len(body) // 2])
            case "truncate-chunked":
                half = body[: len(body) // 2]
                return _Raw(_head(kind, "Transfer-Encoding: chunked") + f"{len(half):x}\r\n".encode() + half + b"\r\n")
            case "dribble":
                assert fault is not None
                return _Dribble(body, kind, fault.delay)
            case "latency":
                assert fault is not None
                await asyncio.sleep(fault.delay)
        return self._sent(body, kind)


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
    return f"HTTP/1.1 200 OK\r\nDate: {date}\r\nContent-Type: {kind}\r\n{framing}\r\n\r\n".encode()


def _broken_link(fault: Fault | None, link: str | None, own: str) -> str | None:
    match fault.kind if fault else None:
        case "repeated-link":
            return own
        case "foreign-link":
            return f"https://attacker.example/{(link or own).partition('://')[2].partition('/')[2]}"
        case "http-link":
            scheme, _, rest = (link or own).partition("://")
            return f"{'http' if scheme == 'https' else 'ftp'}://{rest}"
        case "relative-link":
            return None if link is None else "/" + link.partition("://")[2].partition("/")[2]
        case "malformed-link":
            return "http://["
        case _:
            return link

"""The routes: what the two services answer, and what goes wrong on request."""

from __future__ import annotations

import asyncio
import json
import math
import sqlite3
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

import moveworks_beta.service
import moveworks_export.service
from moveworks.auth import TOKEN_PATH
from moveworks.sandbox.answers import (
    LOGIN_PAGE,
    RawResponse,
    broken_link,
    delivered,
    failed,
    json_bytes,
    sent,
)
from moveworks.sandbox.control import Control
from moveworks.sandbox.guard import CONTROL, too_large
from moveworks.sandbox.listing import RefusedError
from moveworks.sandbox.talk import Talk
from moveworks_export.entities import ENTITY_SETS

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from moveworks.odata import EntitySetInfo
    from moveworks.sandbox.faults import Fault
    from moveworks.sandbox.listing import Listing
    from moveworks.sandbox.service import Service


def build_app(service: Service) -> Starlette:
    """The ASGI application of a sandbox."""
    routes = _Routes(service)
    return Starlette(routes=routes.routes(), exception_handlers={413: _too_large})


async def _too_large(request: Request, error: Exception) -> Response:
    del request
    return too_large(error.detail if isinstance(error, HTTPException) else str(error))


class _Routes:
    def __init__(self, service: Service) -> None:
        self._service = service
        self._not_before: dict[str, float] = {}
        self._routes: list[Route] = []
        self._talk = Talk(service, self._refused, self._instead)

    def routes(self) -> list[Route]:
        records, beta = moveworks_export.service.BASE_PATH, moveworks_beta.service.BASE_PATH
        self._routes = [
            Route(TOKEN_PATH, self.token, methods=["POST"]),
            Route(records + "/{entity:path}", self.records, methods=["GET"]),
            *self._talk.routes(),
            Route(CONTROL + "{what}", Control(self._service).answer, methods=["GET", "POST", "DELETE"]),
        ]
        # These two take every method, so that a path which others lead to can say which ones.
        others = [Route(beta + "/{rest:path}", self.not_here), Route("/{rest:path}", self.nowhere)]
        for route in others:
            route.methods = None
        return [*self._routes, *others]

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
        fault = self._service.faults.strike(info.name, None if counts else page, links=not counts)
        if fault and (instead := self._instead(fault, info.name)):
            return instead
        if not self._service.access.records(request.headers.get("authorization")):
            return self._error(401, "UNAUTHORIZED", "missing, wrong or expired credential")
        if info.name not in self._service.access.scopes:
            return self._error(403, "FORBIDDEN", f"no scope for {info.name}")
        if listing is None:
            self._service.journal.violate(refusal)
            return self._error(400, "BAD_REQUEST", refusal)
        try:
            # On another thread: records may have to be made first, and other requests go on meanwhile.
            if counts:
                number = await asyncio.to_thread(self._service.store.count, info.name, listing.filter)
                return await self._delivered(fault, str(number).encode(), "text/plain")
            body = await asyncio.to_thread(self._page, request, listing, fault)
        except sqlite3.OperationalError as error:
            return self._error(400, "BAD_REQUEST", f"more than the sandbox can evaluate: {error}")
        return await self._delivered(fault, body, "application/json")

    def _understood(self, request: Request, info: EntitySetInfo, *, counts: bool) -> tuple[Listing | None, str]:
        """The list or count that is asked for, or why it is refused."""
        query = _query(request)
        try:
            return self._service.listings.read(info, query, counts=counts), ""
        except (RefusedError, UnicodeDecodeError) as error:
            return None, str(error)

    def _page(self, request: Request, listing: Listing, fault: Fault | None) -> bytes:
        path, query = moveworks_export.service.BASE_PATH + listing.info.path, _query(request)
        url = f"{request.url.scheme}://{request.headers.get('host')}{path}"
        start, link = self._service.listings.write(listing, url, missing_value=self._service.missing_value)
        link = broken_link(fault, link, f"{url}?{query}" if query else url)
        return start + (f',"@odata.nextLink":{json.dumps(link)}}}' if link is not None else "}").encode()

    def _refused(self, request: Request, route: str, *, beta: bool = False) -> Response | None:
        """Write the request down, and refuse what a client must not do."""
        self._service.journal.record(request, route)
        target = unquote(f"{request.url.path}?{_query(request)}")
        if any(secret in target for secret in self._service.access.secrets()):
            self._service.journal.violate("a credential in the address", hide=True)
            return self._error(400, "BAD_REQUEST", "a credential must never stand in an address", beta=beta)
        left = self._not_before.get(route, 0.0) - self._service.clock.seconds()
        if left > 0:
            self._service.journal.violate("a retry before Retry-After had passed")
            headers = {"Retry-After": str(math.ceil(left))}
            return self._error(429, "RATE_LIMIT_EXCEEDED", "sent again too early", headers, beta=beta)
        return None

    # tokens

    async def token(self, request: Request) -> Response:
        if refused := self._refused(request, "token"):
            return refused
        fault = self._service.faults.strike("token")
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
        answer = self._service.access.exchange(form if isinstance(form, dict) else {})
        if answer is None:
            return self._error(401, "INVALID_CLIENT", "wrong client id or secret")
        return await self._delivered(fault, json_bytes(answer), "application/json")

    # beta API

    async def not_here(self, request: Request) -> Response:
        return self._wrong_method(request, "assistant", beta=True) or await self._talk.unknown(request)

    async def nowhere(self, request: Request) -> Response:
        if wrong := self._wrong_method(request, "nowhere"):
            return wrong
        return self._refused(request, "nowhere") or self._error(404, "NOT_FOUND", "nothing is at this address")

    def _wrong_method(self, request: Request, name: str, *, beta: bool = False) -> Response | None:
        """What is answered at a path that others than the method of a request lead to; None if none do."""
        found = [route for route in self._routes if route.matches(request.scope)[0] is not Match.NONE]
        if not found:
            return None
        # A path without parameters goes before one that has them.
        exact = min(len(route.param_convertors) for route in found)
        methods = {each for route in found if len(route.param_convertors) == exact for each in route.methods or ()}
        headers = {"Allow": ", ".join(sorted(methods))}
        refused = self._refused(request, name, beta=beta)
        return refused or self._error(405, "METHOD_NOT_ALLOWED", f"no {request.method} here", headers, beta=beta)

    # answers

    def _error(
        self, status: int, code: str, message: str, headers: dict[str, str] | None = None, *, beta: bool = False
    ) -> Response:
        return failed(status, code, message, headers, nested=beta or self._service.nested_errors)

    def _instead(self, fault: Fault, route: str, *, beta: bool = False) -> Response | None:
        """What a fault answers instead; None if it only does something to the answer."""
        match fault.kind:
            case "status":
                return self._error(fault.status, "INTERNAL_ERROR", "a fault on request", beta=beta)
            case "rate-limit":
                headers = {}
                if fault.retry_after is not None:
                    headers["Retry-After"] = f"{fault.retry_after:g}"
                    self._not_before[route] = self._service.clock.seconds() + fault.retry_after
                return self._error(429, "RATE_LIMIT_EXCEEDED", "too many requests", headers, beta=beta)
            case "expired-token":
                self._service.access.revoke_tokens()
                return self._error(401, "UNAUTHORIZED", "expired credential", beta=beta)
            case "html":
                return sent(LOGIN_PAGE, "text/html")
            case "bad-json":
                return sent(b'{"value": [{"id": "abc",', "application/json")
            case "reset":
                return RawResponse(b"", abort=True)
            case _:
                return None

    async def _delivered(self, fault: Fault | None, body: bytes, kind: str) -> Response:
        return await delivered(fault, body, kind, self._service.now())


def _query(request: Request) -> str:
    query: bytes = request.scope["query_string"]
    return query.decode("latin-1")

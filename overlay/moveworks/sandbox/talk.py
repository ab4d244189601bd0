"""The routes of the beta API: those of the catalogue of operations, and what goes wrong with streams on request."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import msgspec
from starlette.responses import StreamingResponse
from starlette.routing import Route

import moveworks_beta.models
from moveworks.assistant.calls import KNOWN_OPERATIONS, find_operation
from moveworks.sandbox.answers import DRIBBLE, RawResponse, delivered, failed, json_bytes
from moveworks.sandbox.assistant import MAX_PAGE_SIZE, RefusedError, event_bytes
from moveworks_beta.operations import OPERATIONS
from moveworks_beta.service import BASE_PATH
from moveworks_runtime.models import Model

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from moveworks.sandbox.faults import Fault
    from moveworks.sandbox.service import Service
    from moveworks_runtime.operations import Operation


LEAST_POLL: Final = 0.1
"""Seconds that a client leaves between two looks at a response."""
LIMITS: Final = frozenset(map(str, range(1, MAX_PAGE_SIZE + 1)))
HEARTBEAT: Final = 0.02
"""Seconds between two heartbeats."""


class Talk:
    """Answers the operations of the assistant."""

    def __init__(
        self, service: Service, refused: Callable[..., Response | None], instead: Callable[..., Response | None]
    ) -> None:
        self._service, self._refused, self._instead = service, refused, instead
        self._asked: dict[str, float] = {}

    def routes(self) -> list[Route]:
        """One for each operation of the spec; one that a newer spec adds gets a 501."""
        handlers: dict[str, Callable[[Request], Awaitable[Response]]] = {}
        for name in KNOWN_OPERATIONS:
            with suppress(LookupError):
                operation = find_operation(name)
                handlers[operation.id] = self._handler(name, operation)
        return [
            Route(BASE_PATH + each.path, handlers.get(each.id, self.unknown), methods=[each.method])
            for each in OPERATIONS.values()
        ]

    async def unknown(self, request: Request) -> Response:
        """What is answered where the sandbox has nothing to do."""
        refused = self._refused(request, "assistant", beta=True) or assistant_refused(self._service, request)
        return refused or failed(501, "NOT_IN_SANDBOX", "the sandbox knows no such operation", nested=True)

    def _operate(self, operation: str, path: list[str], query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        talk = self._service.talk
        match operation:
            case "create-conversation":
                return talk.create_conversation(body)
            case "list-conversations":
                return talk.list_conversations(query)
            case "get-conversation":
                return talk.conversation(path[0])
            case "update-conversation":
                return talk.update_conversation(path[0], body)
            case "list-events":
                return talk.list_events(path[0], query)
            case "get-response":
                return talk.get_response(path[0], path[1])
            case "list-conversation-messages":
                return talk.list_messages(path[0], query)
            case "list-response-messages":
                return talk.list_response_messages(path[0], path[1])
            case _:
                return talk.submit_feedback((path[0], path[1], path[2]), body)

    def _handler(self, operation: str, described: Operation) -> Callable[[Request], Awaitable[Response]]:
        status = int(described.success[0])

        async def handle(request: Request) -> Response:
            refused = self._refused(request, "assistant", beta=True)
            if self._service.access.assistant(request.headers.get("authorization")):
                self._watch(operation, request)
            if refused := refused or assistant_refused(self._service, request, described):
                return refused
            fault = self._service.faults.strike("assistant", operation=operation)
            if fault and (instead := self._instead(fault, "assistant", beta=True)):
                return instead
            try:
                body = await _body(request, described)
                path, query = [*request.path_params.values()], dict(request.query_params)
                if operation in {"create-response", "create-response-stream"}:
                    answer = self._service.talk.begin(path[0], body, fault.kind if fault else "")
                    if answer["response_id"] in self._service.talk.doubled:
                        self._service.journal.violate("a message was sent again while its response was in progress")
                else:
                    answer = self._operate(operation, path, query, body)
            except RefusedError as error:
                return _refusal(described, error)
            if fault is not None and fault.kind == "lost-answer":
                return RawResponse(b"", abort=True)
            if operation == "create-response-stream":
                if fault is not None and fault.kind == "latency":
                    await asyncio.sleep(fault.delay)
                return StreamingResponse(self._stream(answer["response_id"], fault), media_type="text/event-stream")
            return await delivered(fault, json_bytes(answer), "application/json", self._service.now(), status)

        return handle

    def _watch(self, operation: str, request: Request) -> None:
        """Write down what a client must not do."""
        journal, accept = self._service.journal, request.headers.get("accept", "")
        wanted = "text/event-stream" if operation == "create-response-stream" else "application/json"
        if wanted not in accept and "*/*" not in accept:
            journal.violate(f"Accept does not name {wanted}")
        if "assistant-name" not in request.headers:
            journal.violate("there is no Assistant-Name")
        if request.query_params.get("limit", "1") not in LIMITS:
            journal.violate(f"limit is not a number from 1 to {MAX_PAGE_SIZE}")
        if operation == "get-response":
            place, now = request.url.path, time.monotonic()
            if now - self._asked.get(place, -1.0) < LEAST_POLL:
                journal.violate("a response was asked for again within 0.1 s")
            self._asked[place] = now

    async def _stream(self, response_id: str, fault: Fault | None) -> AsyncIterator[bytes]:
        """The events of a response; a fault strikes behind the second snapshot."""
        kind = fault.kind if fault is not None else ""
        if self._service.talk.recorded is not None:
            for part in self._service.talk.recorded:
                yield part
                await asyncio.sleep(0)
            return
        events = list(self._service.talk.stream(response_id))
        for place, (name, data) in enumerate(events):
            if fault is not None and place == min(3, len(events) - 1):
                match kind:
                    case "early-end":
                        return
                    case "stream-reset" | "truncate" | "truncate-chunked":  # a stream has no Content-Length
                        raise ConnectionResetError("a fault on request")
                    case "stream-error":
                        yield event_bytes(
                            "ERROR", {"error": {"code": "INTERNAL_ERROR", "message": "a fault on request"}}
                        )
                        return
                    case "silence":
                        await asyncio.sleep(fault.delay)
                    case "heartbeats":
                        end = time.monotonic() + fault.delay
                        while time.monotonic() < end:
                            yield b": heartbeat\n\n"
                            await asyncio.sleep(HEARTBEAT)
            content = event_bytes(name, data)
            if kind == "line-ends":
                content = content.replace(b"\n", (b"\r", b"\r\n", b"\n")[place % 3])
            size = {"single-bytes": 1, "dribble": DRIBBLE}.get(kind, len(content))
            for start in range(0, len(content), size):
                yield content[start : start + size]
                await asyncio.sleep(fault.delay if fault is not None and kind == "dribble" else 0)


async def _body(request: Request, operation: Operation) -> dict[str, Any]:
    """The body of a request.

    Raises:
        RefusedError: if it is no JSON object, or lacks what the spec demands.
    """
    content = await request.body()
    try:
        body = msgspec.json.decode(content) if content else {}
    except msgspec.DecodeError:
        body = None
    if not isinstance(body, dict):
        raise RefusedError(400, "INVALID_INPUT", "the body is not a JSON object")
    models = [getattr(moveworks_beta.models, name) for name in operation.body.models] if operation.body else []
    if models and not any(model.codec().fits(body) for model in models):
        raise RefusedError(400, "INVALID_INPUT", "the body lacks something that the operation demands")
    return body


def assistant_refused(service: Service, request: Request, operation: Operation | None = None) -> Response | None:
    """What is answered to a request without the token of the user, or without the assistant's exact name."""
    if not service.access.assistant(request.headers.get("authorization")):
        return failed(401, "UNAUTHORIZED", "missing or invalid token", nested=True)
    name = request.headers.get("assistant-name")
    if name is None and operation is not None and operation.read(400, {}) is not None:
        return _refusal(operation, RefusedError(400, "INVALID_INPUT", "there is no Assistant-Name"))
    if name != service.assistant:
        return failed(404, "NOT_FOUND", "no such assistant", nested=True)
    return None


def _refusal(operation: Operation, error: RefusedError) -> Response:
    """An error of an operation, with one of the codes that the spec lists for its status, if it lists any."""
    described = getattr(operation.read(error.status, {"error": {"code": error.code, "message": ""}}), "error", None)
    fields = described.codec().fields if isinstance(described, Model) else ()
    listed: tuple[str, ...] = next((field.values for field in fields if field.wire == "code"), ())
    code = error.code if error.code in listed or not listed else listed[0]
    return failed(error.status, code, error.message, nested=True)

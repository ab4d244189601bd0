"""Calls of the beta API: requests out of its operations, and models out of its answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import msgspec

import moveworks_beta.models
from moveworks.errors import ConfigurationError
from moveworks.operations import operation_request, read_answer
from moveworks.text import did_you_mean
from moveworks_beta.operations import OPERATIONS

if TYPE_CHECKING:
    from moveworks.transport import Reply, Request
    from moveworks.transport.aio import AsyncTransport
    from moveworks.transport.http import Transport
    from moveworks_beta.models import AssistantResponse
    from moveworks_beta.types import Operation

EXPORT_ID: Final = re.compile(r"[A-Za-z0-9_-]{12}")
RATE_LIMIT_WAIT: Final = 5.0
"""Seconds to wait after a 429 that does not say how long: the vendor's own demo waits a few."""
NAME_PARAMETER: Final = "assistant_name"
KNOWN_OPERATIONS: Final = {
    "create-conversation": "POST /conversations",
    "list-conversations": "GET /conversations",
    "get-conversation": "GET /conversations/{}",
    "update-conversation": "PATCH /conversations/{}",
    "list-events": "GET /conversations/{}/events",
    "list-conversation-messages": "GET /conversations/{}/messages",
    "create-response": "POST /conversations/{}/responses",
    "create-response-stream": "POST /conversations/{}/responses/stream",
    "get-response": "GET /conversations/{}/responses/{}",
    "list-response-messages": "GET /conversations/{}/responses/{}/messages",
    "submit-feedback": "POST /conversations/{}/responses/{}/messages/{}/feedback",
}
"""The operations that this package names, by id, with the place where each is found under another id."""
_PATH_PARAMETER: Final = re.compile(r"\{\w+\}")


class Caller:
    """Makes requests of operations, in the name of one assistant.

    Attributes:
        transport: What sends them.
        name: The assistant's name, sent with every request.
    """

    def __init__(self, transport: Transport | AsyncTransport, name: str) -> None:
        self.transport, self.name = transport, name

    def request(self, operation_id: str, *values: Any, more: dict[str, Any] | None = None, **options: Any) -> Request:
        """The request of an operation.

        Args:
            operation_id: Its id in the spec.
            values: Path parameters, in order; an id that is empty or would change the path is refused.
            more: Attributes of the request besides those that follow from the operation.
            options: Further parameters, and `body`.

        Raises:
            LookupError: for an operation that does not exist, with the nearest name.
            TypeError: for a parameter that it does not have, or one that is missing.
            ValueError: for an id that cannot be one.
        """
        operation = find_operation(operation_id)
        path = [parameter for parameter in operation.parameters if parameter.location == "path"]
        for parameter, value in zip(path, values, strict=False):
            checked_id(parameter.name.removesuffix("_id"), value)
        if any(parameter.name == NAME_PARAMETER for parameter in operation.parameters):
            options = {NAME_PARAMETER: self.name, **options}
        parts = operation.request(*values, **options)
        hint = f"The assistant name is {self.name!r}: it must be exact, and enabled in this region"
        if any(EXPORT_ID.fullmatch(str(value)) for value in values):
            hint = (
                "This looks like an id of the export API; the two APIs have different ids, and those of the beta API "
                f"begin with conv_, resp_ or msg_. {hint}"
            )
        given = {"rate_limit_wait": RATE_LIMIT_WAIT, "advice": {404: hint, 400: "Check what was sent"}}
        return operation_request(operation, parts, self.transport, **{**given, **(more or {})})

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


def find_operation(operation_id: str) -> Operation:
    """An operation by its id, or by its method and path where the vendor has given it another id.

    Raises:
        LookupError: with the nearest id.
    """
    if operation_id in OPERATIONS:
        return OPERATIONS[operation_id]
    place = KNOWN_OPERATIONS.get(operation_id)
    for operation in OPERATIONS.values():
        if f"{operation.method} {re.sub(_PATH_PARAMETER, '{}', operation.path)}" == place:
            return operation
    hint = did_you_mean(operation_id, OPERATIONS)
    where = f", nor one at {place}" if place else ""
    raise LookupError(f"there is no operation {operation_id!r}{where}{hint} (known: {', '.join(OPERATIONS)})")


def read_reply(operation_id: str, reply: Reply) -> Any:
    """The model of an answer.

    Raises:
        ResponseError: if it is something else than the spec says.
    """
    return read_answer(find_operation(operation_id), reply)


def read_response(data: dict[str, Any]) -> AssistantResponse:
    """A response as its model; the dictionary stays as it is."""
    # This copies what came as JSON, in compiled code: `deepcopy` takes ten times as long.
    response: AssistantResponse = find_operation("get-response").read(200, msgspec.to_builtins(data))
    return response


def read_output(output: Any) -> Any:
    """An output as its model, read as the response that holds it would be."""
    outputs = read_response({"outputs": [output]}).outputs
    return outputs[0] if outputs else output


def text_body(operation_id: str, text: str) -> Any:
    """The body of an operation that takes a text, in the shape that this generation of the spec gives it.

    The text sits in a property `text`, inside however many objects: `{"input": {"text": …}}`, or one level deeper.

    Raises:
        ConfigurationError: if the spec has no such place.
    """
    body = find_operation(operation_id).body
    for name in body.models if body else ():
        if (made := _with_text(getattr(moveworks_beta.models, name, None), text, 4)) is not None:
            return made
    raise ConfigurationError(f"the body of {operation_id} has no place for a text in this version of the spec")


def _with_text(model: Any, text: str, depth: int) -> Any:
    properties: dict[str, Any] = getattr(model, "__annotations__", {})
    if "text" in properties:
        return model(text=text)
    for name, annotation in properties.items() if depth else ():
        for word in re.findall(r"\w+", str(annotation)):
            inner = getattr(moveworks_beta.models, word, None)
            if isinstance(inner, type) and (made := _with_text(inner, text, depth - 1)) is not None:
                try:
                    return model(**{name: made})
                except TypeError:  # the object needs more than this
                    continue
    return None


def id_from_service(value: object) -> str | None:
    """An id that the service gave, if a path may hold it; what the service sends may be of any type."""
    try:
        return checked_id("given", value)
    except (TypeError, ValueError):
        return None


def checked_id(what: str, value: object) -> str:
    """An id that is allowed in a path; its format is the service's own affair and has changed before."""
    if not isinstance(value, str):
        raise TypeError(f"a {what} id is text, not {type(value).__name__}")
    if not value.strip():
        raise ValueError(f"the {what} id is empty")
    if value in {".", ".."}:
        raise ValueError(f"{value!r} is no {what} id: in a path it would name something else")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(f"the {what} id holds a lone surrogate; it is not valid Unicode") from None
    return value

"""Operations of the generated packages, as requests of the transport."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from moveworks.errors import ResponseError
from moveworks.links import Link, Scope
from moveworks.odata.encoding import percent_encoded
from moveworks.transport import Request

if TYPE_CHECKING:
    from moveworks.transport import Reply
    from moveworks.transport.aio import AsyncTransport
    from moveworks.transport.http import Transport
    from moveworks_beta.types import Operation as BetaOperation
    from moveworks_beta.types import RequestParts as BetaParts
    from moveworks_export.types import Operation as ExportOperation
    from moveworks_export.types import RequestParts as ExportParts

    Operation = BetaOperation | ExportOperation
    RequestParts = BetaParts | ExportParts


def operation_request(
    operation: Operation, parts: RequestParts, transport: Transport | AsyncTransport, **more: Any
) -> Request:
    """The request that the generated code describes, at the origin of a transport.

    Args:
        operation: Its entry in the catalogue.
        parts: What its `request(...)` gave.
        transport: What will send it.
        more: Further attributes of the request, in place of those that follow from the operation.
    """
    query = "&".join(f"{quote(name, safe='$')}={percent_encoded(value)}" for name, value in parts.query)
    target = f"{parts.path}?{query}" if query else parts.path
    origin = transport.origin
    return Request(
        **{
            "method": parts.method,
            "link": Link(origin + target, origin, target),
            "operation": operation.id,
            "headers": parts.headers,
            "content": parts.content,
            "scope": Scope(origin, transport.trusted, parts.path, what=operation.id),
            **more,
        }
    )


def read_answer(operation: Operation, reply: Reply) -> Any:
    """The model of an answer.

    Raises:
        ResponseError: if it is something else than the spec says.
    """
    model = operation.read(reply.status, reply.data)
    if model is None and reply.data is not None:
        model = operation.read(int(operation.success[0]), reply.data)
    error = "error" in getattr(model, "additional_properties", ())  # no operation declares one for a success
    if error or model is None or isinstance(model, dict | list | str):
        raise ResponseError(
            f"the answer is not what {operation.id} gives",
            status=reply.status,
            request_id=reply.request_id,
            advice="Nothing of it was used",
        )
    return model

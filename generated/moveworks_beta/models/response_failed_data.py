# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from attrs import define as _define
from moveworks_runtime import models as _models

if TYPE_CHECKING:
    from .stream_event_type import StreamEventType


@_define(kw_only=True, slots=False, repr=False)
class ResponseFailedData(_models.Model):
    """ResponseFailedData.

    Attributes:
        sequence_number: Position in the stream, starting at 1.
    """

    event_type: StreamEventType
    sequence_number: int
    response: AssistantResponse

    @classmethod
    def adopt(cls, values: dict[str, Any]) -> Self:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if isinstance(value := values.get("response"), dict):
            values["response"] = _read_response(value)
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model


_CODEC = _models.Codec(
    _models.Field(
        "event_type",
        required=True,
        values=(
            "ERROR",
            "RESPONSE_COMPLETED",
            "RESPONSE_CREATED",
            "RESPONSE_FAILED",
            "RESPONSE_IN_PROGRESS",
            "RESPONSE_OUTPUT_DELTA",
        ),
    ),
    _models.Field("sequence_number", required=True),
    _models.Field("response", required=True),
)
_knows_all = _CODEC.names.issuperset
_models.complete(ResponseFailedData, _CODEC)

from .assistant_response import AssistantResponse

_read_response = AssistantResponse.adopt

# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from attrs import define as _define
from moveworks_runtime import models as _models

if TYPE_CHECKING:
    from .stream_event_type import StreamEventType


@_define(kw_only=True, slots=False, repr=False)
class ResponseStreamEvent(_models.Model):
    """ResponseStreamEvent."""

    event: StreamEventType
    data: (
        ResponseCompletedData
        | ResponseCreatedData
        | ResponseFailedData
        | ResponseInProgressData
        | ResponseOutputDeltaData
        | StreamingErrorData
    )

    @classmethod
    def adopt(cls, values: dict[str, Any]) -> Self:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if (value := values.get("data")) is not None:
            values["data"] = _read_data(value)
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model


_CODEC = _models.Codec(
    _models.Field(
        "event",
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
    _models.Field("data", required=True),
)
_knows_all = _CODEC.names.issuperset
_models.complete(ResponseStreamEvent, _CODEC)

from .response_completed_data import ResponseCompletedData
from .response_created_data import ResponseCreatedData
from .response_failed_data import ResponseFailedData
from .response_in_progress_data import ResponseInProgressData
from .response_output_delta_data import ResponseOutputDeltaData
from .streaming_error_data import StreamingErrorData

_read_data = _models.read_either(
    ResponseCreatedData,
    ResponseInProgressData,
    ResponseOutputDeltaData,
    ResponseCompletedData,
    ResponseFailedData,
    StreamingErrorData,
)

# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.stream_event_type import StreamEventType
from ..types import Codec, Field, Model

if TYPE_CHECKING:
    from ..models.response_completed_data import ResponseCompletedData
    from ..models.response_created_data import ResponseCreatedData
    from ..models.response_failed_data import ResponseFailedData
    from ..models.response_in_progress_data import ResponseInProgressData
    from ..models.response_output_delta_data import ResponseOutputDeltaData
    from ..models.streaming_error_data import StreamingErrorData


T = TypeVar("T", bound="ResponseStreamEvent")


@_attrs_define(kw_only=True, slots=False, repr=False)
class ResponseStreamEvent(Model):
    """ResponseStreamEvent.

    Attributes:
        event (StreamEventType):
        data (ResponseCompletedData | ResponseCreatedData | ResponseFailedData | ResponseInProgressData |
            ResponseOutputDeltaData | StreamingErrorData):
    """

    event: StreamEventType
    data: (
        ResponseCompletedData
        | ResponseCreatedData
        | ResponseFailedData
        | ResponseInProgressData
        | ResponseOutputDeltaData
        | StreamingErrorData
    )
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    @classmethod
    def codec(cls) -> Codec:
        """How this model is read and written."""
        return _CODEC

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """Build a model from a decoded JSON object."""
        return _CODEC.decode(cls, src_dict)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object, as the server sent it."""
        return _CODEC.encode(self)


_CODEC = Codec(
    __package__,
    Field(
        "event",
        "event",
        "",
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
    Field(
        "data",
        "data",
        "one_of response_created_data:ResponseCreatedData response_in_progress_data:ResponseInProgressData response_output_delta_data:ResponseOutputDeltaData response_completed_data:ResponseCompletedData response_failed_data:ResponseFailedData streaming_error_data:StreamingErrorData",
        required=True,
    ),
)

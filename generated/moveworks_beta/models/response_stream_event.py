# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.stream_event_type import StreamEventType
from ..types import Codec, Field, Model, decode_one_of

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
        """What reading and writing need to know of this model."""
        return _CODEC

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """Build a model from a decoded JSON object, which stays as it is.

        Unknown properties are kept in `additional_properties`, values of an unexpected shape as they came, and what is
        missing is UNSET.
        """
        values = dict(src_dict)
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if (value := values.get("data")) is not None:
            values["data"] = decode_one_of(
                value,
                _ResponseCreatedData,
                _ResponseInProgressData,
                _ResponseOutputDeltaData,
                _ResponseCompletedData,
                _ResponseFailedData,
                _StreamingErrorData,
            )
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model

    @classmethod
    def adopt(cls: type[T], values: dict[str, Any]) -> T:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if (value := values.get("data")) is not None:
            values["data"] = decode_one_of(
                value,
                _ResponseCreatedData,
                _ResponseInProgressData,
                _ResponseOutputDeltaData,
                _ResponseCompletedData,
                _ResponseFailedData,
                _StreamingErrorData,
            )
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model

    def to_dict(self) -> dict[str, Any]:
        """The JSON object, as the server sent it."""
        return _CODEC.encode(self)


_CODEC = Codec(
    Field(
        "event",
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
    Field("data", "data", required=True),
)
_knows_all = _CODEC.names.issuperset
_CODEC.default(ResponseStreamEvent)

from .response_created_data import ResponseCreatedData as _ResponseCreatedData

_read_response_created_data = _ResponseCreatedData.from_dict
_adopt_response_created_data = _ResponseCreatedData.adopt
from .response_in_progress_data import ResponseInProgressData as _ResponseInProgressData

_read_response_in_progress_data = _ResponseInProgressData.from_dict
_adopt_response_in_progress_data = _ResponseInProgressData.adopt
from .response_output_delta_data import ResponseOutputDeltaData as _ResponseOutputDeltaData

_read_response_output_delta_data = _ResponseOutputDeltaData.from_dict
_adopt_response_output_delta_data = _ResponseOutputDeltaData.adopt
from .response_completed_data import ResponseCompletedData as _ResponseCompletedData

_read_response_completed_data = _ResponseCompletedData.from_dict
_adopt_response_completed_data = _ResponseCompletedData.adopt
from .response_failed_data import ResponseFailedData as _ResponseFailedData

_read_response_failed_data = _ResponseFailedData.from_dict
_adopt_response_failed_data = _ResponseFailedData.adopt
from .streaming_error_data import StreamingErrorData as _StreamingErrorData

_read_streaming_error_data = _StreamingErrorData.from_dict
_adopt_streaming_error_data = _StreamingErrorData.adopt

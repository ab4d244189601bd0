# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.stream_event_type import StreamEventType
from ..types import Codec, Field, Model

if TYPE_CHECKING:
    from ..models.assistant_response import AssistantResponse


T = TypeVar("T", bound="ResponseCompletedData")


@_attrs_define(kw_only=True, slots=False, repr=False)
class ResponseCompletedData(Model):
    """ResponseCompletedData.

    Attributes:
        event_type (StreamEventType):
        sequence_number (int): Position in the stream, starting at 1.
        response (AssistantResponse):
    """

    event_type: StreamEventType
    sequence_number: int
    response: AssistantResponse
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
        "event_type",
        "event_type",
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
    Field("sequence_number", "sequence_number", "", required=True),
    Field("response", "response", "assistant_response:AssistantResponse", required=True),
)

# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.response_status import ResponseStatus
from ..types import UNSET, Codec, Field, Model, Unset, decode_one_of, decode_time

if TYPE_CHECKING:
    from ..models.message_output_item import MessageOutputItem
    from ..models.reasoning_message_output_item import ReasoningMessageOutputItem


T = TypeVar("T", bound="AssistantResponse")


@_attrs_define(kw_only=True, slots=False, repr=False)
class AssistantResponse(Model):
    """AssistantResponse.

    Attributes:
        response_id (str):
        conversation_id (str): Id of the conversation this record belongs to.
        status (ResponseStatus):
        created_at (datetime.datetime): Creation time (ISO 8601, UTC).
        completed_at (datetime.datetime | None | Unset): When processing ended; null while it runs.
        outputs (list[MessageOutputItem | ReasoningMessageOutputItem] | Unset): Messages and reasoning messages
            produced so far.
    """

    response_id: str
    conversation_id: str
    status: ResponseStatus
    created_at: datetime.datetime
    completed_at: datetime.datetime | None | Unset = UNSET
    outputs: list[MessageOutputItem | ReasoningMessageOutputItem] | Unset = UNSET
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
        if (value := values.get("created_at")) is not None:
            values["created_at"] = decode_time(value)
        if (value := values.get("completed_at")) is not None:
            values["completed_at"] = decode_time(value)
        if (value := values.get("outputs")) is not None:
            values["outputs"] = (
                [decode_one_of(entry, _MessageOutputItem, _ReasoningMessageOutputItem) for entry in value]
                if isinstance(value, list)
                else value
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
        if (value := values.get("created_at")) is not None:
            values["created_at"] = decode_time(value)
        if (value := values.get("completed_at")) is not None:
            values["completed_at"] = decode_time(value)
        if (value := values.get("outputs")) is not None:
            values["outputs"] = (
                [decode_one_of(entry, _MessageOutputItem, _ReasoningMessageOutputItem) for entry in value]
                if isinstance(value, list)
                else value
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
    Field("response_id", "response_id", required=True),
    Field("conversation_id", "conversation_id", required=True),
    Field(
        "status",
        "status",
        required=True,
        values=(
            "COMPLETED",
            "CREATED",
            "FAILED",
            "IN_PROGRESS",
        ),
    ),
    Field("created_at", "created_at", required=True),
    Field("completed_at", "completed_at", required=False),
    Field("outputs", "outputs", required=False),
)
_knows_all = _CODEC.names.issuperset
_CODEC.default(AssistantResponse)

from .message_output_item import MessageOutputItem as _MessageOutputItem

_read_message_output_item = _MessageOutputItem.from_dict
_adopt_message_output_item = _MessageOutputItem.adopt
from .reasoning_message_output_item import ReasoningMessageOutputItem as _ReasoningMessageOutputItem

_read_reasoning_message_output_item = _ReasoningMessageOutputItem.from_dict
_adopt_reasoning_message_output_item = _ReasoningMessageOutputItem.adopt

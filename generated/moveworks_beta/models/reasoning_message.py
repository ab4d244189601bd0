# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import Codec, Field, Model

if TYPE_CHECKING:
    from ..models.commonmark_text_item import CommonmarkTextItem
    from ..models.markdown_text_item import MarkdownTextItem
    from ..models.plain_text_item import PlainTextItem


T = TypeVar("T", bound="ReasoningMessage")


@_attrs_define(kw_only=True, slots=False, repr=False)
class ReasoningMessage(Model):
    """ReasoningMessage.

    Attributes:
        reasoning_message_id (str):
        conversation_id (str): Id of the conversation this record belongs to.
        response_id (str):
        content (CommonmarkTextItem | MarkdownTextItem | PlainTextItem):
        created_at (datetime.datetime): Creation time (ISO 8601, UTC).
    """

    reasoning_message_id: str
    conversation_id: str
    response_id: str
    content: CommonmarkTextItem | MarkdownTextItem | PlainTextItem
    created_at: datetime.datetime
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
    Field("reasoning_message_id", "reasoning_message_id", "", required=True),
    Field("conversation_id", "conversation_id", "", required=True),
    Field("response_id", "response_id", "", required=True),
    Field(
        "content",
        "content",
        "one_of plain_text_item:PlainTextItem commonmark_text_item:CommonmarkTextItem markdown_text_item:MarkdownTextItem",
        required=True,
    ),
    Field("created_at", "created_at", "time", required=True),
)

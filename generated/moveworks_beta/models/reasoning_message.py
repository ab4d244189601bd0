# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import Codec, Field, Model, decode_one_of, decode_time

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
        if (value := values.get("content")) is not None:
            values["content"] = decode_one_of(value, _PlainTextItem, _CommonmarkTextItem, _MarkdownTextItem)
        if (value := values.get("created_at")) is not None:
            values["created_at"] = decode_time(value)
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model

    @classmethod
    def adopt(cls: type[T], values: dict[str, Any]) -> T:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if (value := values.get("content")) is not None:
            values["content"] = decode_one_of(value, _PlainTextItem, _CommonmarkTextItem, _MarkdownTextItem)
        if (value := values.get("created_at")) is not None:
            values["created_at"] = decode_time(value)
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model

    def to_dict(self) -> dict[str, Any]:
        """The JSON object, as the server sent it."""
        return _CODEC.encode(self)


_CODEC = Codec(
    Field("reasoning_message_id", "reasoning_message_id", required=True),
    Field("conversation_id", "conversation_id", required=True),
    Field("response_id", "response_id", required=True),
    Field("content", "content", required=True),
    Field("created_at", "created_at", required=True),
)
_knows_all = _CODEC.names.issuperset
_CODEC.default(ReasoningMessage)

from .plain_text_item import PlainTextItem as _PlainTextItem

_read_plain_text_item = _PlainTextItem.from_dict
_adopt_plain_text_item = _PlainTextItem.adopt
from .commonmark_text_item import CommonmarkTextItem as _CommonmarkTextItem

_read_commonmark_text_item = _CommonmarkTextItem.from_dict
_adopt_commonmark_text_item = _CommonmarkTextItem.adopt
from .markdown_text_item import MarkdownTextItem as _MarkdownTextItem

_read_markdown_text_item = _MarkdownTextItem.from_dict
_adopt_markdown_text_item = _MarkdownTextItem.adopt

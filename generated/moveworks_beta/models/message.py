# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.actor_type import ActorType
from ..types import UNSET, Codec, Field, Model, Unset, decode_one_of, decode_time

if TYPE_CHECKING:
    from ..models.citation import Citation
    from ..models.citation_content_reference import CitationContentReference
    from ..models.commonmark_text_item import CommonmarkTextItem
    from ..models.markdown_text_item import MarkdownTextItem
    from ..models.message_feedback import MessageFeedback
    from ..models.plain_text_item import PlainTextItem


T = TypeVar("T", bound="Message")


@_attrs_define(kw_only=True, slots=False, repr=False)
class Message(Model):
    """Message.

    Attributes:
        message_id (str):
        conversation_id (str): Id of the conversation this record belongs to.
        response_id (str):
        actor (ActorType):
        content (CommonmarkTextItem | MarkdownTextItem | PlainTextItem):
        created_at (datetime.datetime): Creation time (ISO 8601, UTC).
        citations (list[Citation] | None | Unset): Sources cited in the message; join with `content_references` by
            citation_id.
        content_references (list[CitationContentReference] | None | Unset): Where in the text each citation
            applies, ascending by offset.
        feedback (MessageFeedback | None | Unset): Callbacks for rating the message; null where it cannot be
            rated.
    """

    message_id: str
    conversation_id: str
    response_id: str
    actor: ActorType
    content: CommonmarkTextItem | MarkdownTextItem | PlainTextItem
    created_at: datetime.datetime
    citations: list[Citation] | None | Unset = UNSET
    content_references: list[CitationContentReference] | None | Unset = UNSET
    feedback: MessageFeedback | None | Unset = UNSET
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
        if (value := values.get("citations")) is not None:
            values["citations"] = (
                [(_read_citation(entry) if isinstance(entry, dict) else entry) for entry in value]
                if isinstance(value, list)
                else value
            )
        if (value := values.get("content_references")) is not None:
            values["content_references"] = (
                [(_read_citation_content_reference(entry) if isinstance(entry, dict) else entry) for entry in value]
                if isinstance(value, list)
                else value
            )
        if (value := values.get("feedback")) is not None:
            values["feedback"] = _read_message_feedback(value) if isinstance(value, dict) else value
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
        if (value := values.get("citations")) is not None:
            values["citations"] = (
                [(_adopt_citation(entry) if isinstance(entry, dict) else entry) for entry in value]
                if isinstance(value, list)
                else value
            )
        if (value := values.get("content_references")) is not None:
            values["content_references"] = (
                [(_adopt_citation_content_reference(entry) if isinstance(entry, dict) else entry) for entry in value]
                if isinstance(value, list)
                else value
            )
        if (value := values.get("feedback")) is not None:
            values["feedback"] = _adopt_message_feedback(value) if isinstance(value, dict) else value
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model

    def to_dict(self) -> dict[str, Any]:
        """The JSON object, as the server sent it."""
        return _CODEC.encode(self)


_CODEC = Codec(
    Field("message_id", "message_id", required=True),
    Field("conversation_id", "conversation_id", required=True),
    Field("response_id", "response_id", required=True),
    Field(
        "actor",
        "actor",
        required=True,
        values=(
            "ASSISTANT",
            "USER",
        ),
    ),
    Field("content", "content", required=True),
    Field("created_at", "created_at", required=True),
    Field("citations", "citations", required=False),
    Field("content_references", "content_references", required=False),
    Field("feedback", "feedback", required=False),
)
_knows_all = _CODEC.names.issuperset
_CODEC.default(Message)

from .plain_text_item import PlainTextItem as _PlainTextItem

_read_plain_text_item = _PlainTextItem.from_dict
_adopt_plain_text_item = _PlainTextItem.adopt
from .commonmark_text_item import CommonmarkTextItem as _CommonmarkTextItem

_read_commonmark_text_item = _CommonmarkTextItem.from_dict
_adopt_commonmark_text_item = _CommonmarkTextItem.adopt
from .markdown_text_item import MarkdownTextItem as _MarkdownTextItem

_read_markdown_text_item = _MarkdownTextItem.from_dict
_adopt_markdown_text_item = _MarkdownTextItem.adopt
from .citation import Citation as _Citation

_read_citation = _Citation.from_dict
_adopt_citation = _Citation.adopt
from .citation_content_reference import CitationContentReference as _CitationContentReference

_read_citation_content_reference = _CitationContentReference.from_dict
_adopt_citation_content_reference = _CitationContentReference.adopt
from .message_feedback import MessageFeedback as _MessageFeedback

_read_message_feedback = _MessageFeedback.from_dict
_adopt_message_feedback = _MessageFeedback.adopt

# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.actor_type import ActorType
from ..types import UNSET, Codec, Field, Model, Unset

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
    Field("message_id", "message_id", "", required=True),
    Field("conversation_id", "conversation_id", "", required=True),
    Field("response_id", "response_id", "", required=True),
    Field(
        "actor",
        "actor",
        "",
        required=True,
        values=(
            "ASSISTANT",
            "USER",
        ),
    ),
    Field(
        "content",
        "content",
        "one_of plain_text_item:PlainTextItem commonmark_text_item:CommonmarkTextItem markdown_text_item:MarkdownTextItem",
        required=True,
    ),
    Field("created_at", "created_at", "time", required=True),
    Field("citations", "citations", "list citation:Citation", required=False),
    Field(
        "content_references",
        "content_references",
        "list citation_content_reference:CitationContentReference",
        required=False,
    ),
    Field("feedback", "feedback", "message_feedback:MessageFeedback", required=False),
)

# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _define
from moveworks_runtime import models as _models
from moveworks_runtime.models import MISSING
from moveworks_runtime.times import decode_time as _decode_time

if TYPE_CHECKING:
    from .actor_type import ActorType


@_define(kw_only=True, slots=False, repr=False)
class Message(_models.Model):
    """Message.

    Attributes:
        conversation_id: Id of the conversation this record belongs to.
        created_at: Creation time (ISO 8601, UTC).
        citations: Sources cited in the message; join with `content_references` by citation_id.
        content_references: Where in the text each citation applies, ascending by offset.
        feedback: Callbacks for rating the message; null where it cannot be rated.
    """

    message_id: str
    conversation_id: str
    response_id: str
    actor: ActorType
    content: CommonmarkTextItem | MarkdownTextItem | PlainTextItem
    created_at: datetime.datetime
    citations: list[Citation] | None = MISSING
    content_references: list[CitationContentReference] | None = MISSING
    feedback: MessageFeedback | None = MISSING

    @classmethod
    def adopt(cls, values: dict[str, Any]) -> Self:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if (value := values.get("content")) is not None:
            values["content"] = _read_content(value)
        if (value := values.get("created_at")) is not None:
            values["created_at"] = _decode_time(value)
        if (value := values.get("citations")) is not None:
            values["citations"] = _read_citations(value)
        if (value := values.get("content_references")) is not None:
            values["content_references"] = _read_content_references(value)
        if isinstance(value := values.get("feedback"), dict):
            values["feedback"] = _read_feedback(value)
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model


_CODEC = _models.Codec(
    _models.Field("message_id", required=True),
    _models.Field("conversation_id", required=True),
    _models.Field("response_id", required=True),
    _models.Field("actor", required=True, values=("ASSISTANT", "USER")),
    _models.Field("content", required=True),
    _models.Field("created_at", required=True),
    _models.Field("citations"),
    _models.Field("content_references"),
    _models.Field("feedback"),
)
_knows_all = _CODEC.names.issuperset
_models.complete(Message, _CODEC)

from .citation import Citation
from .citation_content_reference import CitationContentReference
from .commonmark_text_item import CommonmarkTextItem
from .markdown_text_item import MarkdownTextItem
from .message_feedback import MessageFeedback
from .plain_text_item import PlainTextItem

_read_content = _models.read_either(PlainTextItem, CommonmarkTextItem, MarkdownTextItem)
_read_citations = _models.read_models(Citation)
_read_content_references = _models.read_models(CitationContentReference)
_read_feedback = MessageFeedback.adopt

# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

import datetime
from typing import Any, Self

from attrs import define as _define
from moveworks_runtime import models as _models
from moveworks_runtime.times import decode_time as _decode_time


@_define(kw_only=True, slots=False, repr=False)
class ReasoningMessage(_models.Model):
    """ReasoningMessage.

    Attributes:
        conversation_id: Id of the conversation this record belongs to.
        created_at: Creation time (ISO 8601, UTC).
    """

    reasoning_message_id: str
    conversation_id: str
    response_id: str
    content: CommonmarkTextItem | MarkdownTextItem | PlainTextItem
    created_at: datetime.datetime

    @classmethod
    def adopt(cls, values: dict[str, Any]) -> Self:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if (value := values.get("content")) is not None:
            values["content"] = _read_content(value)
        if (value := values.get("created_at")) is not None:
            values["created_at"] = _decode_time(value)
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model


_CODEC = _models.Codec(
    _models.Field("reasoning_message_id", required=True),
    _models.Field("conversation_id", required=True),
    _models.Field("response_id", required=True),
    _models.Field("content", required=True),
    _models.Field("created_at", required=True),
)
_knows_all = _CODEC.names.issuperset
_models.complete(ReasoningMessage, _CODEC)

from .commonmark_text_item import CommonmarkTextItem
from .markdown_text_item import MarkdownTextItem
from .plain_text_item import PlainTextItem

_read_content = _models.read_either(PlainTextItem, CommonmarkTextItem, MarkdownTextItem)

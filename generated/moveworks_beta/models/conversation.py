# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

import datetime
from typing import Any, Self

from attrs import define as _define
from moveworks_runtime import models as _models
from moveworks_runtime.models import MISSING
from moveworks_runtime.times import decode_time as _decode_time


@_define(kw_only=True, slots=False, repr=False)
class Conversation(_models.Model):
    """Conversation.

    Attributes:
        conversation_id: Conversation id (prefix `conv_`).
        created_at: Creation time (ISO 8601, UTC).
        updated_at: Time of the last change (ISO 8601, UTC).
        title: Title; generated from the first response where none was given.
        archived: Whether the user archived the conversation.
    """

    conversation_id: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    title: str | None = MISSING
    archived: bool | None = MISSING

    @classmethod
    def adopt(cls, values: dict[str, Any]) -> Self:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if (value := values.get("created_at")) is not None:
            values["created_at"] = _decode_time(value)
        if (value := values.get("updated_at")) is not None:
            values["updated_at"] = _decode_time(value)
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model


_CODEC = _models.Codec(
    _models.Field("conversation_id", required=True),
    _models.Field("created_at", required=True),
    _models.Field("updated_at", required=True),
    _models.Field("title"),
    _models.Field("archived"),
)
_knows_all = _CODEC.names.issuperset
_models.complete(Conversation, _CODEC)

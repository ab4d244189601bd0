# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

import datetime
from typing import Any, Self

from attrs import define as _define
from moveworks_runtime import models as _models
from moveworks_runtime.models import MISSING
from moveworks_runtime.times import decode_time as _decode_time


@_define(kw_only=True, slots=False, repr=False)
class ConversationRecord(_models.Model):
    """ConversationRecord.

    Attributes:
        id: Opaque id of the conversation record.
        primary_domain: Business domain that dominates the conversation, as classified by the service.
        route: How the conversation started: a direct message, a notification, a ticket or a channel.
        user_id: Opaque id of the user record; joins to users.id.
        last_updated_time: When the service last wrote this record (UTC); the cursor for incremental reads.
        created_time: When the record's event happened (UTC).
        type: Kind of conversation (a CONVERSATION_TYPE_* value).
        detail: Extra fields that depend on `type`; null or absent where the type has none.
    """

    id: str | None = MISSING
    primary_domain: str | None = MISSING
    route: str | None = MISSING
    user_id: str | None = MISSING
    last_updated_time: datetime.datetime | None = MISSING
    created_time: datetime.datetime | None = MISSING
    type: str | None = MISSING
    detail: ConversationDetail | None = MISSING

    @classmethod
    def adopt(cls, values: dict[str, Any]) -> Self:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if (value := values.get("last_updated_time")) is not None:
            values["last_updated_time"] = _decode_time(value)
        if (value := values.get("created_time")) is not None:
            values["created_time"] = _decode_time(value)
        if isinstance(value := values.get("detail"), dict):
            values["detail"] = _read_detail(value)
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model


_CODEC = _models.Codec(
    _models.Field("id"),
    _models.Field("primary_domain"),
    _models.Field("route"),
    _models.Field("user_id"),
    _models.Field("last_updated_time"),
    _models.Field("created_time"),
    _models.Field("type"),
    _models.Field("detail"),
)
_knows_all = _CODEC.names.issuperset
_models.complete(ConversationRecord, _CODEC)

from .conversation_detail import ConversationDetail

_read_detail = ConversationDetail.adopt

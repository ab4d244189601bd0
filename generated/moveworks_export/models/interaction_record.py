# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

import datetime
from typing import Any, Self

from attrs import define as _define
from moveworks_runtime import models as _models
from moveworks_runtime.models import MISSING
from moveworks_runtime.times import decode_time as _decode_time


@_define(kw_only=True, slots=False, repr=False)
class InteractionRecord(_models.Model):
    """InteractionRecord.

    Attributes:
        id: Opaque id of the interaction: one input by a user or one answer by the assistant.
        conversation_id: Id of the conversation this record belongs to.
        user_id: Opaque id of the user record; joins to users.id.
        actor: Who acted: `user` or `bot`.
        platform: Chat platform the interaction took place on, e.g. slack or msteams.
        type: Kind of interaction (an INTERACTION_TYPE_* value).
        label: Form label; set for form submissions only.
        parent_interaction_id: Interaction that this one answers or acts on; null for a first message.
        detail: Fields that depend on `type`.
        created_time: When the record's event happened (UTC).
        last_updated_time: When the service last wrote this record (UTC); the cursor for incremental reads.
    """

    id: str | None = MISSING
    conversation_id: str | None = MISSING
    user_id: str | None = MISSING
    actor: str | None = MISSING
    platform: str | None = MISSING
    type: str | None = MISSING
    label: str | None = MISSING
    parent_interaction_id: str | None = MISSING
    detail: InteractionDetail | None = MISSING
    created_time: datetime.datetime | None = MISSING
    last_updated_time: datetime.datetime | None = MISSING

    @classmethod
    def adopt(cls, values: dict[str, Any]) -> Self:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if isinstance(value := values.get("detail"), dict):
            values["detail"] = _read_detail(value)
        if (value := values.get("created_time")) is not None:
            values["created_time"] = _decode_time(value)
        if (value := values.get("last_updated_time")) is not None:
            values["last_updated_time"] = _decode_time(value)
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model


_CODEC = _models.Codec(
    _models.Field("id"),
    _models.Field("conversation_id"),
    _models.Field("user_id"),
    _models.Field("actor"),
    _models.Field("platform"),
    _models.Field("type"),
    _models.Field("label"),
    _models.Field("parent_interaction_id"),
    _models.Field("detail"),
    _models.Field("created_time"),
    _models.Field("last_updated_time"),
)
_knows_all = _CODEC.names.issuperset
_models.complete(InteractionRecord, _CODEC)

from .interaction_detail import InteractionDetail

_read_detail = InteractionDetail.adopt

# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

import datetime
from typing import Any, Self

from attrs import define as _define
from moveworks_runtime import models as _models
from moveworks_runtime.models import MISSING
from moveworks_runtime.times import decode_time as _decode_time


@_define(kw_only=True, slots=False, repr=False)
class PluginResourceRecord(_models.Model):
    """PluginResourceRecord.

    Attributes:
        id: Opaque id of this use of a resource.
        resource_id: Id of the resource inside the service.
        type: Kind of resource (a RESOURCE_TYPE_* value).
        plugin_call_id: Plugin call that used the resource; may be null.
        interaction_id: Id of the interaction this record belongs to.
        user_id: Opaque id of the user record; joins to users.id.
        conversation_id: Id of the conversation this record belongs to.
        detail: Fields that depend on `type`; may be null.
        cited: Whether the answer cited the resource.
        created_time: When the record's event happened (UTC).
        last_updated_time: When the service last wrote this record (UTC); the cursor for incremental reads.
    """

    id: str | None = MISSING
    resource_id: str | None = MISSING
    type: str | None = MISSING
    plugin_call_id: str | None = MISSING
    interaction_id: str | None = MISSING
    user_id: str | None = MISSING
    conversation_id: str | None = MISSING
    detail: PluginResourceDetail | None = MISSING
    cited: bool | None = MISSING
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
    _models.Field("resource_id"),
    _models.Field("type"),
    _models.Field("plugin_call_id"),
    _models.Field("interaction_id"),
    _models.Field("user_id"),
    _models.Field("conversation_id"),
    _models.Field("detail"),
    _models.Field("cited"),
    _models.Field("created_time"),
    _models.Field("last_updated_time"),
)
_knows_all = _CODEC.names.issuperset
_models.complete(PluginResourceRecord, _CODEC)

from .plugin_resource_detail import PluginResourceDetail

_read_detail = PluginResourceDetail.adopt

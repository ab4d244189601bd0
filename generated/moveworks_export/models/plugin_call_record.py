# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

import datetime
from typing import Any, Self

from attrs import define as _define
from moveworks_runtime import models as _models
from moveworks_runtime.models import MISSING
from moveworks_runtime.times import decode_time as _decode_time


@_define(kw_only=True, slots=False, repr=False)
class PluginCallRecord(_models.Model):
    """PluginCallRecord.

    Attributes:
        id: Opaque id of the plugin call.
        interaction_id: Id of the interaction this record belongs to.
        conversation_id: Id of the conversation this record belongs to.
        plugin_name: Name of the plugin, built-in or custom.
        user_id: Opaque id of the user record; joins to users.id.
        served: Whether the plugin's result was shown to the user.
        used: Whether the user completed the plugin's flow; search plugins count as used once served.
        plugin_update_time: When the plugin last changed state, e.g. an approval given later.
        created_time: When the record's event happened (UTC).
        last_updated_time: When the service last wrote this record (UTC); the cursor for incremental reads.
    """

    id: str | None = MISSING
    interaction_id: str | None = MISSING
    conversation_id: str | None = MISSING
    plugin_name: str | None = MISSING
    user_id: str | None = MISSING
    served: bool | None = MISSING
    used: bool | None = MISSING
    plugin_update_time: datetime.datetime | None = MISSING
    created_time: datetime.datetime | None = MISSING
    last_updated_time: datetime.datetime | None = MISSING

    @classmethod
    def adopt(cls, values: dict[str, Any]) -> Self:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if (value := values.get("plugin_update_time")) is not None:
            values["plugin_update_time"] = _decode_time(value)
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
    _models.Field("interaction_id"),
    _models.Field("conversation_id"),
    _models.Field("plugin_name"),
    _models.Field("user_id"),
    _models.Field("served"),
    _models.Field("used"),
    _models.Field("plugin_update_time"),
    _models.Field("created_time"),
    _models.Field("last_updated_time"),
)
_knows_all = _CODEC.names.issuperset
_models.complete(PluginCallRecord, _CODEC)

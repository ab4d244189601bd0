# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Codec, Field, Model, Unset, decode_time

T = TypeVar("T", bound="PluginCallRecord")


@_attrs_define(kw_only=True, slots=False, repr=False)
class PluginCallRecord(Model):
    """PluginCallRecord.

    Attributes:
        id (None | str | Unset): Opaque id of the plugin call.
        interaction_id (None | str | Unset): Id of the interaction this record belongs to.
        conversation_id (None | str | Unset): Id of the conversation this record belongs to.
        plugin_name (None | str | Unset): Name of the plugin, built-in or custom.
        user_id (None | str | Unset): Opaque id of the user record; joins to users.id.
        served (bool | None | Unset): Whether the plugin's result was shown to the user.
        used (bool | None | Unset): Whether the user completed the plugin's flow; search plugins count as used
            once served.
        plugin_update_time (datetime.datetime | None | Unset): When the plugin last changed state, e.g. an
            approval given later.
        created_time (datetime.datetime | None | Unset): When the record's event happened (UTC).
        last_updated_time (datetime.datetime | None | Unset): When the service last wrote this record (UTC); the
            cursor for incremental reads.
    """

    id: None | str | Unset = UNSET
    interaction_id: None | str | Unset = UNSET
    conversation_id: None | str | Unset = UNSET
    plugin_name: None | str | Unset = UNSET
    user_id: None | str | Unset = UNSET
    served: bool | None | Unset = UNSET
    used: bool | None | Unset = UNSET
    plugin_update_time: datetime.datetime | None | Unset = UNSET
    created_time: datetime.datetime | None | Unset = UNSET
    last_updated_time: datetime.datetime | None | Unset = UNSET
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
        if (value := values.get("plugin_update_time")) is not None:
            values["plugin_update_time"] = decode_time(value)
        if (value := values.get("created_time")) is not None:
            values["created_time"] = decode_time(value)
        if (value := values.get("last_updated_time")) is not None:
            values["last_updated_time"] = decode_time(value)
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model

    @classmethod
    def adopt(cls: type[T], values: dict[str, Any]) -> T:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if (value := values.get("plugin_update_time")) is not None:
            values["plugin_update_time"] = decode_time(value)
        if (value := values.get("created_time")) is not None:
            values["created_time"] = decode_time(value)
        if (value := values.get("last_updated_time")) is not None:
            values["last_updated_time"] = decode_time(value)
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model

    def to_dict(self) -> dict[str, Any]:
        """The JSON object, as the server sent it."""
        return _CODEC.encode(self)


_CODEC = Codec(
    Field("id", "id", required=False),
    Field("interaction_id", "interaction_id", required=False),
    Field("conversation_id", "conversation_id", required=False),
    Field("plugin_name", "plugin_name", required=False),
    Field("user_id", "user_id", required=False),
    Field("served", "served", required=False),
    Field("used", "used", required=False),
    Field("plugin_update_time", "plugin_update_time", required=False),
    Field("created_time", "created_time", required=False),
    Field("last_updated_time", "last_updated_time", required=False),
)
_knows_all = _CODEC.names.issuperset
_CODEC.default(PluginCallRecord)

# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Codec, Field, Model, Unset, decode_time

if TYPE_CHECKING:
    from ..models.plugin_resource_detail import PluginResourceDetail


T = TypeVar("T", bound="PluginResourceRecord")


@_attrs_define(kw_only=True, slots=False, repr=False)
class PluginResourceRecord(Model):
    """PluginResourceRecord.

    Attributes:
        id (None | str | Unset): Opaque id of this use of a resource.
        resource_id (None | str | Unset): Id of the resource inside the service.
        type_ (None | str | Unset): Kind of resource (a RESOURCE_TYPE_* value).
        plugin_call_id (None | str | Unset): Plugin call that used the resource; may be null.
        interaction_id (None | str | Unset): Id of the interaction this record belongs to.
        user_id (None | str | Unset): Opaque id of the user record; joins to users.id.
        conversation_id (None | str | Unset): Id of the conversation this record belongs to.
        detail (None | PluginResourceDetail | Unset): Fields that depend on `type`; may be null.
        cited (bool | None | Unset): Whether the answer cited the resource.
        created_time (datetime.datetime | None | Unset): When the record's event happened (UTC).
        last_updated_time (datetime.datetime | None | Unset): When the service last wrote this record (UTC); the
            cursor for incremental reads.
    """

    id: None | str | Unset = UNSET
    resource_id: None | str | Unset = UNSET
    type_: None | str | Unset = UNSET
    plugin_call_id: None | str | Unset = UNSET
    interaction_id: None | str | Unset = UNSET
    user_id: None | str | Unset = UNSET
    conversation_id: None | str | Unset = UNSET
    detail: None | PluginResourceDetail | Unset = UNSET
    cited: bool | None | Unset = UNSET
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
        if (value := values.get("detail")) is not None:
            values["detail"] = _read_plugin_resource_detail(value) if isinstance(value, dict) else value
        if (value := values.get("created_time")) is not None:
            values["created_time"] = decode_time(value)
        if (value := values.get("last_updated_time")) is not None:
            values["last_updated_time"] = decode_time(value)
        if "type" in values:
            values["type_"] = values.pop("type")
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model

    @classmethod
    def adopt(cls: type[T], values: dict[str, Any]) -> T:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if (value := values.get("detail")) is not None:
            values["detail"] = _adopt_plugin_resource_detail(value) if isinstance(value, dict) else value
        if (value := values.get("created_time")) is not None:
            values["created_time"] = decode_time(value)
        if (value := values.get("last_updated_time")) is not None:
            values["last_updated_time"] = decode_time(value)
        if "type" in values:
            values["type_"] = values.pop("type")
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
    Field("resource_id", "resource_id", required=False),
    Field("type", "type_", required=False),
    Field("plugin_call_id", "plugin_call_id", required=False),
    Field("interaction_id", "interaction_id", required=False),
    Field("user_id", "user_id", required=False),
    Field("conversation_id", "conversation_id", required=False),
    Field("detail", "detail", required=False),
    Field("cited", "cited", required=False),
    Field("created_time", "created_time", required=False),
    Field("last_updated_time", "last_updated_time", required=False),
)
_knows_all = _CODEC.names.issuperset
_CODEC.default(PluginResourceRecord)

from .plugin_resource_detail import PluginResourceDetail as _PluginResourceDetail

_read_plugin_resource_detail = _PluginResourceDetail.from_dict
_adopt_plugin_resource_detail = _PluginResourceDetail.adopt

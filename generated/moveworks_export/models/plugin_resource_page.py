# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Codec, Field, Model, Unset

if TYPE_CHECKING:
    from ..models.plugin_resource_record import PluginResourceRecord


T = TypeVar("T", bound="PluginResourcePage")


@_attrs_define(kw_only=True, slots=False, repr=False)
class PluginResourcePage(Model):
    """PluginResourcePage.

    Attributes:
        odata_context (str | Unset): Address of the metadata of this collection.
        odata_next_link (str | Unset): Address of the next page; absent on the last page.
        value (list[PluginResourceRecord] | None | Unset):
    """

    odata_context: str | Unset = UNSET
    odata_next_link: str | Unset = UNSET
    value: list[PluginResourceRecord] | None | Unset = UNSET
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
        if (value := values.get("value")) is not None:
            values["value"] = (
                [(_read_plugin_resource_record(entry) if isinstance(entry, dict) else entry) for entry in value]
                if isinstance(value, list)
                else value
            )
        if "@odata.context" in values:
            values["odata_context"] = values.pop("@odata.context")
        if "@odata.nextLink" in values:
            values["odata_next_link"] = values.pop("@odata.nextLink")
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model

    @classmethod
    def adopt(cls: type[T], values: dict[str, Any]) -> T:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if (value := values.get("value")) is not None:
            values["value"] = (
                [(_adopt_plugin_resource_record(entry) if isinstance(entry, dict) else entry) for entry in value]
                if isinstance(value, list)
                else value
            )
        if "@odata.context" in values:
            values["odata_context"] = values.pop("@odata.context")
        if "@odata.nextLink" in values:
            values["odata_next_link"] = values.pop("@odata.nextLink")
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model

    def to_dict(self) -> dict[str, Any]:
        """The JSON object, as the server sent it."""
        return _CODEC.encode(self)


_CODEC = Codec(
    Field("@odata.context", "odata_context", required=False),
    Field("@odata.nextLink", "odata_next_link", required=False),
    Field("value", "value", required=False),
)
_knows_all = _CODEC.names.issuperset
_CODEC.default(PluginResourcePage)

from .plugin_resource_record import PluginResourceRecord as _PluginResourceRecord

_read_plugin_resource_record = _PluginResourceRecord.from_dict
_adopt_plugin_resource_record = _PluginResourceRecord.adopt

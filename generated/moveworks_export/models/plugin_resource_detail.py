# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Codec, Field, Model, Unset

T = TypeVar("T", bound="PluginResourceDetail")


@_attrs_define(kw_only=True, slots=False, repr=False)
class PluginResourceDetail(Model):
    """PluginResourceDetail.

    Attributes:
        domain (None | str | Unset): Domain set for the resource at ingestion.
        external_resource_id (None | str | Unset): Id in the source system; knowledge articles only.
        name (None | str | Unset): Name of the file, form or article.
        snippet (None | str | Unset): Passage used for the answer.
        source (None | str | Unset): System the ticket or approval came from.
        type_ (None | str | Unset): Sub-type of the approval or ticket.
        url (None | str | Unset): Address of the resource in its source system.
    """

    domain: None | str | Unset = UNSET
    external_resource_id: None | str | Unset = UNSET
    name: None | str | Unset = UNSET
    snippet: None | str | Unset = UNSET
    source: None | str | Unset = UNSET
    type_: None | str | Unset = UNSET
    url: None | str | Unset = UNSET
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
    Field("domain", "domain", required=False),
    Field("external_resource_id", "external_resource_id", required=False),
    Field("name", "name", required=False),
    Field("snippet", "snippet", required=False),
    Field("source", "source", required=False),
    Field("type", "type_", required=False),
    Field("url", "url", required=False),
)
_knows_all = _CODEC.names.issuperset
_CODEC.default(PluginResourceDetail)

# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Codec, Field, Model, Unset

T = TypeVar("T", bound="ConversationDetail")


@_attrs_define(kw_only=True, slots=False, repr=False)
class ConversationDetail(Model):
    """ConversationDetail.

    Attributes:
        type_ (None | str | Unset):
        source (None | str | Unset):
        domain (None | str | Unset):
        usecase_id (None | str | Unset):
        usecase_name (None | str | Unset):
        ticket_id (None | str | Unset):
        campaign_id (None | str | Unset):
        campaign_name (None | str | Unset):
        channel_id (None | str | Unset):
        channel_name (None | str | Unset):
        content (None | str | Unset):
    """

    type_: None | str | Unset = UNSET
    source: None | str | Unset = UNSET
    domain: None | str | Unset = UNSET
    usecase_id: None | str | Unset = UNSET
    usecase_name: None | str | Unset = UNSET
    ticket_id: None | str | Unset = UNSET
    campaign_id: None | str | Unset = UNSET
    campaign_name: None | str | Unset = UNSET
    channel_id: None | str | Unset = UNSET
    channel_name: None | str | Unset = UNSET
    content: None | str | Unset = UNSET
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
    Field("type", "type_", required=False),
    Field("source", "source", required=False),
    Field("domain", "domain", required=False),
    Field("usecase_id", "usecase_id", required=False),
    Field("usecase_name", "usecase_name", required=False),
    Field("ticket_id", "ticket_id", required=False),
    Field("campaign_id", "campaign_id", required=False),
    Field("campaign_name", "campaign_name", required=False),
    Field("channel_id", "channel_id", required=False),
    Field("channel_name", "channel_name", required=False),
    Field("content", "content", required=False),
)
_knows_all = _CODEC.names.issuperset
_CODEC.default(ConversationDetail)

# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Codec, Field, Model, Unset, decode_time

if TYPE_CHECKING:
    from ..models.conversation_detail import ConversationDetail


T = TypeVar("T", bound="ConversationRecord")


@_attrs_define(kw_only=True, slots=False, repr=False)
class ConversationRecord(Model):
    """ConversationRecord.

    Attributes:
        id (None | str | Unset): Opaque id of the conversation record.
        primary_domain (None | str | Unset): Business domain that dominates the conversation, as classified by the
            service.
        route (None | str | Unset): How the conversation started: a direct message, a notification, a ticket or a
            channel.
        user_id (None | str | Unset): Opaque id of the user record; joins to users.id.
        last_updated_time (datetime.datetime | None | Unset): When the service last wrote this record (UTC); the
            cursor for incremental reads.
        created_time (datetime.datetime | None | Unset): When the record's event happened (UTC).
        type_ (None | str | Unset): Kind of conversation (a CONVERSATION_TYPE_* value).
        detail (ConversationDetail | None | Unset): Extra fields that depend on `type`; null or absent where the
            type has none.
    """

    id: None | str | Unset = UNSET
    primary_domain: None | str | Unset = UNSET
    route: None | str | Unset = UNSET
    user_id: None | str | Unset = UNSET
    last_updated_time: datetime.datetime | None | Unset = UNSET
    created_time: datetime.datetime | None | Unset = UNSET
    type_: None | str | Unset = UNSET
    detail: ConversationDetail | None | Unset = UNSET
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
        if (value := values.get("last_updated_time")) is not None:
            values["last_updated_time"] = decode_time(value)
        if (value := values.get("created_time")) is not None:
            values["created_time"] = decode_time(value)
        if (value := values.get("detail")) is not None:
            values["detail"] = _read_conversation_detail(value) if isinstance(value, dict) else value
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
        if (value := values.get("last_updated_time")) is not None:
            values["last_updated_time"] = decode_time(value)
        if (value := values.get("created_time")) is not None:
            values["created_time"] = decode_time(value)
        if (value := values.get("detail")) is not None:
            values["detail"] = _adopt_conversation_detail(value) if isinstance(value, dict) else value
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
    Field("primary_domain", "primary_domain", required=False),
    Field("route", "route", required=False),
    Field("user_id", "user_id", required=False),
    Field("last_updated_time", "last_updated_time", required=False),
    Field("created_time", "created_time", required=False),
    Field("type", "type_", required=False),
    Field("detail", "detail", required=False),
)
_knows_all = _CODEC.names.issuperset
_CODEC.default(ConversationRecord)

from .conversation_detail import ConversationDetail as _ConversationDetail

_read_conversation_detail = _ConversationDetail.from_dict
_adopt_conversation_detail = _ConversationDetail.adopt

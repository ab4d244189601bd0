# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Codec, Field, Model, Unset, decode_time

if TYPE_CHECKING:
    from ..models.interaction_detail import InteractionDetail


T = TypeVar("T", bound="InteractionRecord")


@_attrs_define(kw_only=True, slots=False, repr=False)
class InteractionRecord(Model):
    """InteractionRecord.

    Attributes:
        id (None | str | Unset): Opaque id of the interaction: one input by a user or one answer by the assistant.
        conversation_id (None | str | Unset): Id of the conversation this record belongs to.
        user_id (None | str | Unset): Opaque id of the user record; joins to users.id.
        actor (None | str | Unset): Who acted: `user` or `bot`.
        platform (None | str | Unset): Chat platform the interaction took place on, e.g. slack or msteams.
        type_ (None | str | Unset): Kind of interaction (an INTERACTION_TYPE_* value).
        label (None | str | Unset): Form label; set for form submissions only.
        parent_interaction_id (None | str | Unset): Interaction that this one answers or acts on; null for a first
            message.
        detail (InteractionDetail | None | Unset): Fields that depend on `type`.
        created_time (datetime.datetime | None | Unset): When the record's event happened (UTC).
        last_updated_time (datetime.datetime | None | Unset): When the service last wrote this record (UTC); the
            cursor for incremental reads.
    """

    id: None | str | Unset = UNSET
    conversation_id: None | str | Unset = UNSET
    user_id: None | str | Unset = UNSET
    actor: None | str | Unset = UNSET
    platform: None | str | Unset = UNSET
    type_: None | str | Unset = UNSET
    label: None | str | Unset = UNSET
    parent_interaction_id: None | str | Unset = UNSET
    detail: InteractionDetail | None | Unset = UNSET
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
            values["detail"] = _read_interaction_detail(value) if isinstance(value, dict) else value
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
            values["detail"] = _adopt_interaction_detail(value) if isinstance(value, dict) else value
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
    Field("conversation_id", "conversation_id", required=False),
    Field("user_id", "user_id", required=False),
    Field("actor", "actor", required=False),
    Field("platform", "platform", required=False),
    Field("type", "type_", required=False),
    Field("label", "label", required=False),
    Field("parent_interaction_id", "parent_interaction_id", required=False),
    Field("detail", "detail", required=False),
    Field("created_time", "created_time", required=False),
    Field("last_updated_time", "last_updated_time", required=False),
)
_knows_all = _CODEC.names.issuperset
_CODEC.default(InteractionRecord)

from .interaction_detail import InteractionDetail as _InteractionDetail

_read_interaction_detail = _InteractionDetail.from_dict
_adopt_interaction_detail = _InteractionDetail.adopt

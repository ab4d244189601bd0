# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Codec, Field, Model, Unset, decode_time

if TYPE_CHECKING:
    from ..models.user_external_id import UserExternalId


T = TypeVar("T", bound="UserRecord")


@_attrs_define(kw_only=True, slots=False, repr=False)
class UserRecord(Model):
    """UserRecord.

    Attributes:
        id (None | str | Unset): Opaque id of the user record.
        email_addr (None | str | Unset): E-mail address from the source systems.
        access_to_bot (bool | None | Unset): Whether the access rules let the user use the assistant.
        first_name (None | str | Unset): First name from the source systems.
        last_name (None | str | Unset): Last name from the source systems.
        user_preferred_language (None | str | Unset): Preferred language, e.g. EN_US.
        first_interaction_time (datetime.datetime | None | Unset): First interaction of the user (UTC).
        latest_interaction_time (datetime.datetime | None | Unset): Most recent interaction of the user (UTC).
        external_ids (list[UserExternalId] | None | Unset): The user's ids in connected systems.
        last_updated_time (datetime.datetime | None | Unset): When the service last wrote this record (UTC); the
            cursor for incremental reads.
    """

    id: None | str | Unset = UNSET
    email_addr: None | str | Unset = UNSET
    access_to_bot: bool | None | Unset = UNSET
    first_name: None | str | Unset = UNSET
    last_name: None | str | Unset = UNSET
    user_preferred_language: None | str | Unset = UNSET
    first_interaction_time: datetime.datetime | None | Unset = UNSET
    latest_interaction_time: datetime.datetime | None | Unset = UNSET
    external_ids: list[UserExternalId] | None | Unset = UNSET
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
        if (value := values.get("first_interaction_time")) is not None:
            values["first_interaction_time"] = decode_time(value)
        if (value := values.get("latest_interaction_time")) is not None:
            values["latest_interaction_time"] = decode_time(value)
        if (value := values.get("external_ids")) is not None:
            values["external_ids"] = (
                [(_read_user_external_id(entry) if isinstance(entry, dict) else entry) for entry in value]
                if isinstance(value, list)
                else value
            )
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
        if (value := values.get("first_interaction_time")) is not None:
            values["first_interaction_time"] = decode_time(value)
        if (value := values.get("latest_interaction_time")) is not None:
            values["latest_interaction_time"] = decode_time(value)
        if (value := values.get("external_ids")) is not None:
            values["external_ids"] = (
                [(_adopt_user_external_id(entry) if isinstance(entry, dict) else entry) for entry in value]
                if isinstance(value, list)
                else value
            )
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
    Field("email_addr", "email_addr", required=False),
    Field("access_to_bot", "access_to_bot", required=False),
    Field("first_name", "first_name", required=False),
    Field("last_name", "last_name", required=False),
    Field("user_preferred_language", "user_preferred_language", required=False),
    Field("first_interaction_time", "first_interaction_time", required=False),
    Field("latest_interaction_time", "latest_interaction_time", required=False),
    Field("external_ids", "external_ids", required=False),
    Field("last_updated_time", "last_updated_time", required=False),
)
_knows_all = _CODEC.names.issuperset
_CODEC.default(UserRecord)

from .user_external_id import UserExternalId as _UserExternalId

_read_user_external_id = _UserExternalId.from_dict
_adopt_user_external_id = _UserExternalId.adopt

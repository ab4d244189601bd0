# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Codec, Field, Model, Unset

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
        """How this model is read and written."""
        return _CODEC

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """Build a model from a decoded JSON object."""
        return _CODEC.decode(cls, src_dict)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object, as the server sent it."""
        return _CODEC.encode(self)


_CODEC = Codec(
    __package__,
    Field("id", "id", "", required=False),
    Field("email_addr", "email_addr", "", required=False),
    Field("access_to_bot", "access_to_bot", "", required=False),
    Field("first_name", "first_name", "", required=False),
    Field("last_name", "last_name", "", required=False),
    Field("user_preferred_language", "user_preferred_language", "", required=False),
    Field("first_interaction_time", "first_interaction_time", "time", required=False),
    Field("latest_interaction_time", "latest_interaction_time", "time", required=False),
    Field("external_ids", "external_ids", "list user_external_id:UserExternalId", required=False),
    Field("last_updated_time", "last_updated_time", "time", required=False),
)

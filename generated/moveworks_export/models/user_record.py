# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

import datetime
from typing import Any, Self

from attrs import define as _define
from moveworks_runtime import models as _models
from moveworks_runtime.models import MISSING
from moveworks_runtime.times import decode_time as _decode_time


@_define(kw_only=True, slots=False, repr=False)
class UserRecord(_models.Model):
    """UserRecord.

    Attributes:
        id: Opaque id of the user record.
        email_addr: E-mail address from the source systems.
        access_to_bot: Whether the access rules let the user use the assistant.
        first_name: First name from the source systems.
        last_name: Last name from the source systems.
        user_preferred_language: Preferred language, e.g. EN_US.
        first_interaction_time: First interaction of the user (UTC).
        latest_interaction_time: Most recent interaction of the user (UTC).
        external_ids: The user's ids in connected systems.
        last_updated_time: When the service last wrote this record (UTC); the cursor for incremental reads.
    """

    id: str | None = MISSING
    email_addr: str | None = MISSING
    access_to_bot: bool | None = MISSING
    first_name: str | None = MISSING
    last_name: str | None = MISSING
    user_preferred_language: str | None = MISSING
    first_interaction_time: datetime.datetime | None = MISSING
    latest_interaction_time: datetime.datetime | None = MISSING
    external_ids: list[UserExternalId] | None = MISSING
    last_updated_time: datetime.datetime | None = MISSING

    @classmethod
    def adopt(cls, values: dict[str, Any]) -> Self:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if (value := values.get("first_interaction_time")) is not None:
            values["first_interaction_time"] = _decode_time(value)
        if (value := values.get("latest_interaction_time")) is not None:
            values["latest_interaction_time"] = _decode_time(value)
        if (value := values.get("external_ids")) is not None:
            values["external_ids"] = _read_external_ids(value)
        if (value := values.get("last_updated_time")) is not None:
            values["last_updated_time"] = _decode_time(value)
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model


_CODEC = _models.Codec(
    _models.Field("id"),
    _models.Field("email_addr"),
    _models.Field("access_to_bot"),
    _models.Field("first_name"),
    _models.Field("last_name"),
    _models.Field("user_preferred_language"),
    _models.Field("first_interaction_time"),
    _models.Field("latest_interaction_time"),
    _models.Field("external_ids"),
    _models.Field("last_updated_time"),
)
_knows_all = _CODEC.names.issuperset
_models.complete(UserRecord, _CODEC)

from .user_external_id import UserExternalId

_read_external_ids = _models.read_models(UserExternalId)

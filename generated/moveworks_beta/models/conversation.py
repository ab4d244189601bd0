# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Codec, Field, Model, Unset, decode_time

T = TypeVar("T", bound="Conversation")


@_attrs_define(kw_only=True, slots=False, repr=False)
class Conversation(Model):
    """Conversation.

    Attributes:
        conversation_id (str): Conversation id (prefix `conv_`).
        created_at (datetime.datetime): Creation time (ISO 8601, UTC).
        updated_at (datetime.datetime): Time of the last change (ISO 8601, UTC).
        title (str | Unset): Title; generated from the first response where none was given.
        archived (bool | Unset): Whether the user archived the conversation.
    """

    conversation_id: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    title: str | Unset = UNSET
    archived: bool | Unset = UNSET
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
        if (value := values.get("created_at")) is not None:
            values["created_at"] = decode_time(value)
        if (value := values.get("updated_at")) is not None:
            values["updated_at"] = decode_time(value)
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model

    @classmethod
    def adopt(cls: type[T], values: dict[str, Any]) -> T:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if (value := values.get("created_at")) is not None:
            values["created_at"] = decode_time(value)
        if (value := values.get("updated_at")) is not None:
            values["updated_at"] = decode_time(value)
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model

    def to_dict(self) -> dict[str, Any]:
        """The JSON object, as the server sent it."""
        return _CODEC.encode(self)


_CODEC = Codec(
    Field("conversation_id", "conversation_id", required=True),
    Field("created_at", "created_at", required=True),
    Field("updated_at", "updated_at", required=True),
    Field("title", "title", required=False),
    Field("archived", "archived", required=False),
)
_knows_all = _CODEC.names.issuperset
_CODEC.default(Conversation)

# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from attrs import define as _define
from moveworks_runtime import models as _models

if TYPE_CHECKING:
    from .message_output_item_type import MessageOutputItemType


@_define(kw_only=True, slots=False, repr=False)
class MessageOutputItem(_models.Model):
    """MessageOutputItem."""

    type: MessageOutputItemType
    message: Message

    @classmethod
    def adopt(cls, values: dict[str, Any]) -> Self:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if isinstance(value := values.get("message"), dict):
            values["message"] = _read_message(value)
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model


_CODEC = _models.Codec(
    _models.Field("type", required=True, values=("MESSAGE",)),
    _models.Field("message", required=True),
)
_knows_all = _CODEC.names.issuperset
_models.complete(MessageOutputItem, _CODEC)

from .message import Message

_read_message = Message.adopt

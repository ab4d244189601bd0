# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from attrs import define as _define
from moveworks_runtime import models as _models

if TYPE_CHECKING:
    from .reasoning_message_output_item_type import ReasoningMessageOutputItemType


@_define(kw_only=True, slots=False, repr=False)
class ReasoningMessageOutputItem(_models.Model):
    """ReasoningMessageOutputItem."""

    type: ReasoningMessageOutputItemType
    reasoning_message: ReasoningMessage

    @classmethod
    def adopt(cls, values: dict[str, Any]) -> Self:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if isinstance(value := values.get("reasoning_message"), dict):
            values["reasoning_message"] = _read_reasoning_message(value)
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model


_CODEC = _models.Codec(
    _models.Field("type", required=True, values=("REASONING_MESSAGE",)),
    _models.Field("reasoning_message", required=True),
)
_knows_all = _CODEC.names.issuperset
_models.complete(ReasoningMessageOutputItem, _CODEC)

from .reasoning_message import ReasoningMessage

_read_reasoning_message = ReasoningMessage.adopt

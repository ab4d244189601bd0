# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

from typing import Any, Self

from attrs import define as _define

from .. import types as _types
from ..types import MISSING


@_define(kw_only=True, slots=False, repr=False)
class ListConversationMessagesResponse(_types.Model):
    """ListConversationMessagesResponse."""

    messages: list[Message]
    metadata: Metadata | None = MISSING

    @classmethod
    def adopt(cls, values: dict[str, Any]) -> Self:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if (value := values.get("messages")) is not None:
            values["messages"] = _read_messages(value)
        if (value := values.get("metadata")) is not None:
            values["metadata"] = _read_metadata(value)
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model


_CODEC = _types.Codec(
    _types.Field("messages", required=True),
    _types.Field("metadata"),
)
_knows_all = _CODEC.names.issuperset
_types.complete(ListConversationMessagesResponse, _CODEC)

from .message import Message
from .metadata import Metadata

_read_messages = _types.read_items(_types.read_model(Message))
_read_metadata = _types.read_model(Metadata)

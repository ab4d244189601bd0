# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

from typing import Any, Self

from attrs import define as _define
from moveworks_runtime import models as _models
from moveworks_runtime.models import MISSING


@_define(kw_only=True, slots=False, repr=False)
class ListConversationsResponse(_models.Model):
    """ListConversationsResponse."""

    conversations: list[Conversation]
    metadata: Metadata | None = MISSING

    @classmethod
    def adopt(cls, values: dict[str, Any]) -> Self:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if (value := values.get("conversations")) is not None:
            values["conversations"] = _read_conversations(value)
        if isinstance(value := values.get("metadata"), dict):
            values["metadata"] = _read_metadata(value)
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model


_CODEC = _models.Codec(
    _models.Field("conversations", required=True),
    _models.Field("metadata"),
)
_knows_all = _CODEC.names.issuperset
_models.complete(ListConversationsResponse, _CODEC)

from .conversation import Conversation
from .metadata import Metadata

_read_conversations = _models.read_models(Conversation)
_read_metadata = Metadata.adopt

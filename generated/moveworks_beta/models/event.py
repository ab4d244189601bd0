# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

from typing import Any, Self

from attrs import define as _define
from moveworks_runtime import models as _models


@_define(kw_only=True, slots=False, repr=False)
class Event(_models.Model):
    """Event.

    Attributes:
        conversation_id: Id of the conversation this record belongs to.
    """

    event_id: str
    conversation_id: str
    event_payload: EventPayload

    @classmethod
    def adopt(cls, values: dict[str, Any]) -> Self:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if isinstance(value := values.get("event_payload"), dict):
            values["event_payload"] = _read_event_payload(value)
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model


_CODEC = _models.Codec(
    _models.Field("event_id", required=True),
    _models.Field("conversation_id", required=True),
    _models.Field("event_payload", required=True),
)
_knows_all = _CODEC.names.issuperset
_models.complete(Event, _CODEC)

from .event_payload import EventPayload

_read_event_payload = EventPayload.adopt

# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _define
from moveworks_runtime import models as _models
from moveworks_runtime.models import MISSING
from moveworks_runtime.times import decode_time as _decode_time

if TYPE_CHECKING:
    from .response_status import ResponseStatus


@_define(kw_only=True, slots=False, repr=False)
class AssistantResponse(_models.Model):
    """AssistantResponse.

    Attributes:
        conversation_id: Id of the conversation this record belongs to.
        status: Processing state; COMPLETED and FAILED are final.
        created_at: Creation time (ISO 8601, UTC).
        completed_at: When processing ended; null while it runs.
        outputs: Messages and reasoning messages produced so far.
    """

    response_id: str
    conversation_id: str
    status: ResponseStatus
    created_at: datetime.datetime
    completed_at: datetime.datetime | None = MISSING
    outputs: list[MessageOutputItem | ReasoningMessageOutputItem] | None = MISSING

    @classmethod
    def adopt(cls, values: dict[str, Any]) -> Self:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if (value := values.get("created_at")) is not None:
            values["created_at"] = _decode_time(value)
        if (value := values.get("completed_at")) is not None:
            values["completed_at"] = _decode_time(value)
        if (value := values.get("outputs")) is not None:
            values["outputs"] = _read_outputs(value)
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model


_CODEC = _models.Codec(
    _models.Field("response_id", required=True),
    _models.Field("conversation_id", required=True),
    _models.Field("status", required=True, values=("COMPLETED", "CREATED", "FAILED", "IN_PROGRESS")),
    _models.Field("created_at", required=True),
    _models.Field("completed_at"),
    _models.Field("outputs"),
)
_knows_all = _CODEC.names.issuperset
_models.complete(AssistantResponse, _CODEC)

from .message_output_item import MessageOutputItem
from .reasoning_message_output_item import ReasoningMessageOutputItem

_read_outputs = _models.read_items(_models.read_either(MessageOutputItem, ReasoningMessageOutputItem))

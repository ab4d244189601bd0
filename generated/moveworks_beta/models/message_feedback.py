# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

from typing import Any, Self

from attrs import define as _define

from .. import types as _types
from ..types import MISSING


@_define(kw_only=True, slots=False, repr=False)
class MessageFeedback(_types.Model):
    """MessageFeedback."""

    helpful: FeedbackOption | None = MISSING
    unhelpful: FeedbackOption | None = MISSING

    @classmethod
    def adopt(cls, values: dict[str, Any]) -> Self:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if (value := values.get("helpful")) is not None:
            values["helpful"] = _read_helpful(value)
        if (value := values.get("unhelpful")) is not None:
            values["unhelpful"] = _read_unhelpful(value)
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model


_CODEC = _types.Codec(
    _types.Field("helpful"),
    _types.Field("unhelpful"),
)
_knows_all = _CODEC.names.issuperset
_types.complete(MessageFeedback, _CODEC)

from .feedback_option import FeedbackOption

_read_helpful = _types.read_model(FeedbackOption)
_read_unhelpful = _types.read_model(FeedbackOption)

# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

from typing import Any, Self

from attrs import define as _define
from moveworks_runtime import models as _models
from moveworks_runtime.models import MISSING


@_define(kw_only=True, slots=False, repr=False)
class ConversationDetail(_models.Model):
    """ConversationDetail."""

    type: str | None = MISSING
    source: str | None = MISSING
    domain: str | None = MISSING
    usecase_id: str | None = MISSING
    usecase_name: str | None = MISSING
    ticket_id: str | None = MISSING
    campaign_id: str | None = MISSING
    campaign_name: str | None = MISSING
    channel_id: str | None = MISSING
    channel_name: str | None = MISSING
    content: str | None = MISSING

    @classmethod
    def adopt(cls, values: dict[str, Any]) -> Self:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model


_CODEC = _models.Codec(
    _models.Field("type"),
    _models.Field("source"),
    _models.Field("domain"),
    _models.Field("usecase_id"),
    _models.Field("usecase_name"),
    _models.Field("ticket_id"),
    _models.Field("campaign_id"),
    _models.Field("campaign_name"),
    _models.Field("channel_id"),
    _models.Field("channel_name"),
    _models.Field("content"),
)
_knows_all = _CODEC.names.issuperset
_models.complete(ConversationDetail, _CODEC)

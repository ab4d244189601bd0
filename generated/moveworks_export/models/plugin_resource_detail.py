# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

from typing import Any, Self

from attrs import define as _define
from moveworks_runtime import models as _models
from moveworks_runtime.models import MISSING


@_define(kw_only=True, slots=False, repr=False)
class PluginResourceDetail(_models.Model):
    """PluginResourceDetail.

    Attributes:
        domain: Domain set for the resource at ingestion.
        external_resource_id: Id in the source system; knowledge articles only.
        name: Name of the file, form or article.
        snippet: Passage used for the answer.
        source: System the ticket or approval came from.
        type: Sub-type of the approval or ticket.
        url: Address of the resource in its source system.
    """

    domain: str | None = MISSING
    external_resource_id: str | None = MISSING
    name: str | None = MISSING
    snippet: str | None = MISSING
    source: str | None = MISSING
    type: str | None = MISSING
    url: str | None = MISSING

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
    _models.Field("domain"),
    _models.Field("external_resource_id"),
    _models.Field("name"),
    _models.Field("snippet"),
    _models.Field("source"),
    _models.Field("type"),
    _models.Field("url"),
)
_knows_all = _CODEC.names.issuperset
_models.complete(PluginResourceDetail, _CODEC)

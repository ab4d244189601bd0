# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

from typing import Any, Self

from attrs import define as _define
from moveworks_runtime import models as _models
from moveworks_runtime.models import MISSING


@_define(kw_only=True, slots=False, repr=False)
class Citation(_models.Model):
    """Citation.

    Attributes:
        location: Deprecated and no longer filled; use Message.content_references.
    """

    citation_id: str | None = MISSING
    location: CitationLocation | None = MISSING
    url: str | None = MISSING
    display: Display | None = MISSING

    @classmethod
    def adopt(cls, values: dict[str, Any]) -> Self:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if isinstance(value := values.get("location"), dict):
            values["location"] = _read_location(value)
        if isinstance(value := values.get("display"), dict):
            values["display"] = _read_display(value)
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model


_CODEC = _models.Codec(
    _models.Field("citation_id"),
    _models.Field("location"),
    _models.Field("url"),
    _models.Field("display"),
)
_knows_all = _CODEC.names.issuperset
_models.complete(Citation, _CODEC)

from .citation_location import CitationLocation
from .display import Display

_read_location = CitationLocation.adopt
_read_display = Display.adopt

# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

from typing import Any, Self

from attrs import define as _define

from .. import types as _types
from ..types import MISSING


@_define(kw_only=True, slots=False, repr=False)
class Citation(_types.Model):
    """Citation."""

    citation_id: str | None = MISSING
    location: CitationLocation | None = MISSING
    url: str | None = MISSING
    display: Display | None = MISSING

    @classmethod
    def adopt(cls, values: dict[str, Any]) -> Self:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if (value := values.get("location")) is not None:
            values["location"] = _read_location(value)
        if (value := values.get("display")) is not None:
            values["display"] = _read_display(value)
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model


_CODEC = _types.Codec(
    _types.Field("citation_id"),
    _types.Field("location"),
    _types.Field("url"),
    _types.Field("display"),
)
_knows_all = _CODEC.names.issuperset
_types.complete(Citation, _CODEC)

from .citation_location import CitationLocation
from .display import Display

_read_location = _types.read_model(CitationLocation)
_read_display = _types.read_model(Display)

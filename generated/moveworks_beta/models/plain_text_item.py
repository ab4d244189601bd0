# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from attrs import define as _define
from moveworks_runtime import models as _models

if TYPE_CHECKING:
    from .plain_text_content_item_type import PlainTextContentItemType


@_define(kw_only=True, slots=False, repr=False)
class PlainTextItem(_models.Model):
    """PlainTextItem."""

    type: PlainTextContentItemType
    plain_text: PlainTextContent

    @classmethod
    def adopt(cls, values: dict[str, Any]) -> Self:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if isinstance(value := values.get("plain_text"), dict):
            values["plain_text"] = _read_plain_text(value)
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model


_CODEC = _models.Codec(
    _models.Field("type", required=True, values=("PLAIN_TEXT",)),
    _models.Field("plain_text", required=True),
)
_knows_all = _CODEC.names.issuperset
_models.complete(PlainTextItem, _CODEC)

from .plain_text_content import PlainTextContent

_read_plain_text = PlainTextContent.adopt

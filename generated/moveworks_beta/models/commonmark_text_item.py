# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from attrs import define as _define
from moveworks_runtime import models as _models

if TYPE_CHECKING:
    from .commonmark_text_content_item_type import CommonmarkTextContentItemType


@_define(kw_only=True, slots=False, repr=False)
class CommonmarkTextItem(_models.Model):
    """CommonmarkTextItem."""

    type: CommonmarkTextContentItemType
    commonmark_text: CommonmarkTextContent

    @classmethod
    def adopt(cls, values: dict[str, Any]) -> Self:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if isinstance(value := values.get("commonmark_text"), dict):
            values["commonmark_text"] = _read_commonmark_text(value)
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model


_CODEC = _models.Codec(
    _models.Field("type", required=True, values=("COMMONMARK_TEXT",)),
    _models.Field("commonmark_text", required=True),
)
_knows_all = _CODEC.names.issuperset
_models.complete(CommonmarkTextItem, _CODEC)

from .commonmark_text_content import CommonmarkTextContent

_read_commonmark_text = CommonmarkTextContent.adopt

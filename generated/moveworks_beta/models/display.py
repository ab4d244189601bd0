# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

from typing import Any, Self

from attrs import define as _define
from moveworks_runtime import models as _models
from moveworks_runtime.models import MISSING


@_define(kw_only=True, slots=False, repr=False)
class Display(_models.Model):
    """Display."""

    title: CommonmarkTextItem | MarkdownTextItem | PlainTextItem | None = MISSING
    body: CommonmarkTextItem | MarkdownTextItem | PlainTextItem | None = MISSING
    attributes: list[Attribute] | None = MISSING

    @classmethod
    def adopt(cls, values: dict[str, Any]) -> Self:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if (value := values.get("title")) is not None:
            values["title"] = _read_title(value)
        if (value := values.get("body")) is not None:
            values["body"] = _read_body(value)
        if (value := values.get("attributes")) is not None:
            values["attributes"] = _read_attributes(value)
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model


_CODEC = _models.Codec(
    _models.Field("title"),
    _models.Field("body"),
    _models.Field("attributes"),
)
_knows_all = _CODEC.names.issuperset
_models.complete(Display, _CODEC)

from .attribute import Attribute
from .commonmark_text_item import CommonmarkTextItem
from .markdown_text_item import MarkdownTextItem
from .plain_text_item import PlainTextItem

_read_title = _models.read_either(PlainTextItem, CommonmarkTextItem, MarkdownTextItem)
_read_body = _models.read_either(PlainTextItem, CommonmarkTextItem, MarkdownTextItem)
_read_attributes = _models.read_models(Attribute)

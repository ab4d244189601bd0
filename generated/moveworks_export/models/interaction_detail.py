# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

from typing import Any, Self

from attrs import define as _define
from moveworks_runtime import models as _models
from moveworks_runtime.models import MISSING


@_define(kw_only=True, slots=False, repr=False)
class InteractionDetail(_models.Model):
    """InteractionDetail.

    Attributes:
        content: Free text, link or button name, by interaction type.
        domain: Domain detected for this one interaction; free text only.
        entity: Topic detected for this one interaction; free text only.
        type: Type of the resource that a clicked link opened.
        detail: Name of the submitted form.
        resource_id: Resource that was opened, or the ticket that was filed.
        file_types: Types of the uploaded files; their names are not recorded.
    """

    content: str | None = MISSING
    domain: str | None = MISSING
    entity: str | None = MISSING
    type: str | None = MISSING
    detail: str | None = MISSING
    resource_id: str | None = MISSING
    file_types: list[str] | None = MISSING

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
    _models.Field("content"),
    _models.Field("domain"),
    _models.Field("entity"),
    _models.Field("type"),
    _models.Field("detail"),
    _models.Field("resource_id"),
    _models.Field("file_types"),
)
_knows_all = _CODEC.names.issuperset
_models.complete(InteractionDetail, _CODEC)

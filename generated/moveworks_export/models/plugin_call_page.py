# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

from typing import Any, Self

from attrs import define as _define
from moveworks_runtime import models as _models
from moveworks_runtime.models import MISSING


@_define(kw_only=True, slots=False, repr=False)
class PluginCallPage(_models.Model):
    """PluginCallPage.

    Attributes:
        odata_context: Address of the metadata of this collection.
        odata_next_link: Address of the next page; absent on the last page.
    """

    odata_context: str | None = MISSING
    odata_next_link: str | None = MISSING
    value: list[PluginCallRecord] | None = MISSING

    @classmethod
    def adopt(cls, values: dict[str, Any]) -> Self:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if (value := values.get("value")) is not None:
            values["value"] = _read_value(value)
        _CODEC.rename(values)
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model


_CODEC = _models.Codec(
    _models.Field("@odata.context", "odata_context"),
    _models.Field("@odata.nextLink", "odata_next_link"),
    _models.Field("value"),
)
_knows_all = _CODEC.names.issuperset
_models.complete(PluginCallPage, _CODEC)

from .plugin_call_record import PluginCallRecord

_read_value = _models.read_models(PluginCallRecord)

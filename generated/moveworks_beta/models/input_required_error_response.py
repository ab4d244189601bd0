# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

from typing import Any, Self

from attrs import define as _define
from moveworks_runtime import models as _models


@_define(kw_only=True, slots=False, repr=False)
class InputRequiredErrorResponse(_models.Model):
    """InputRequiredErrorResponse."""

    error: InputRequiredErrorResponseError

    @classmethod
    def adopt(cls, values: dict[str, Any]) -> Self:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if isinstance(value := values.get("error"), dict):
            values["error"] = _read_error(value)
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model


_CODEC = _models.Codec(
    _models.Field("error", required=True),
)
_knows_all = _CODEC.names.issuperset
_models.complete(InputRequiredErrorResponse, _CODEC)

from .input_required_error_response_error import InputRequiredErrorResponseError

_read_error = InputRequiredErrorResponseError.adopt

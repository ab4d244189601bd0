# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
"""What operations and models of this package are made of."""

from moveworks.unset import UNSET, Unset
from moveworks_runtime.answers import Answer, Answers, Response
from moveworks_runtime.models import Codec, Field, Model, encode
from moveworks_runtime.operations import Operation, Parameter, RequestBody
from moveworks_runtime.requests import File, RequestParts
from moveworks_runtime.times import decode_date, decode_time

__all__ = [
    "UNSET",
    "Answer",
    "Answers",
    "Codec",
    "Field",
    "File",
    "Model",
    "Operation",
    "Parameter",
    "RequestBody",
    "RequestParts",
    "Response",
    "Unset",
    "decode_date",
    "decode_time",
    "encode",
]

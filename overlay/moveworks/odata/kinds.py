"""The kinds of values that a field or an expression has."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a value is. Equal to its name as text, so `field.kind == "text"` is true."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TIMESTAMP = "timestamp"
    DATE = "date"
    NULL = "null"
    OBJECT = "object"
    COLLECTION = "collection"

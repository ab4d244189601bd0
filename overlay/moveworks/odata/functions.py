"""The standard's functions that can be used: what they take and what they give."""

from __future__ import annotations

from typing import Final

from attrs import frozen


@frozen
class Function:
    """A function: kinds of its parameters, how many are required, and the kind of its result."""

    parameters: tuple[str, ...]
    result: str
    required: int


def _function(*parameters: str, result: str, required: int | None = None) -> Function:
    return Function(parameters, result, len(parameters) if required is None else required)


FUNCTIONS: Final[dict[str, Function]] = {
    "contains": _function("text", "text", result="boolean"),
    "startswith": _function("text", "text", result="boolean"),
    "endswith": _function("text", "text", result="boolean"),
    "tolower": _function("text", result="text"),
    "toupper": _function("text", result="text"),
    "trim": _function("text", result="text"),
    "length": _function("text", result="number"),
    "indexof": _function("text", "text", result="number"),
    "substring": _function("text", "number", "number", result="text", required=2),
    "concat": _function("text", "text", result="text"),
    **{part: _function("timestamp", result="number") for part in ("year", "month", "day", "hour", "minute", "second")},
    "date": _function("timestamp", result="date"),
}

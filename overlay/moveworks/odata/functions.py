"""The standard's functions that can be used: what they take and what they give."""

from __future__ import annotations

from typing import Final

from attrs import frozen

from moveworks.odata.kinds import Kind


@frozen
class Function:
    """A function: kinds of its parameters, how many are required, and the kind of its result."""

    parameters: tuple[Kind, ...]
    result: Kind
    required: int


def _function(*parameters: Kind, result: Kind, required: int | None = None) -> Function:
    return Function(parameters, result, len(parameters) if required is None else required)


FUNCTIONS: Final[dict[str, Function]] = {
    "contains": _function(Kind.TEXT, Kind.TEXT, result=Kind.BOOLEAN),
    "startswith": _function(Kind.TEXT, Kind.TEXT, result=Kind.BOOLEAN),
    "endswith": _function(Kind.TEXT, Kind.TEXT, result=Kind.BOOLEAN),
    "tolower": _function(Kind.TEXT, result=Kind.TEXT),
    "toupper": _function(Kind.TEXT, result=Kind.TEXT),
    "trim": _function(Kind.TEXT, result=Kind.TEXT),
    "length": _function(Kind.TEXT, result=Kind.NUMBER),
    "indexof": _function(Kind.TEXT, Kind.TEXT, result=Kind.NUMBER),
    "substring": _function(Kind.TEXT, Kind.NUMBER, Kind.NUMBER, result=Kind.TEXT, required=2),
    "concat": _function(Kind.TEXT, Kind.TEXT, result=Kind.TEXT),
    **{
        part: _function(Kind.TIMESTAMP, result=Kind.NUMBER)
        for part in ("year", "month", "day", "hour", "minute", "second")
    },
    "date": _function(Kind.TIMESTAMP, result=Kind.DATE),
}

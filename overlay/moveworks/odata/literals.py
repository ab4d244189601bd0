"""Constants: which Python values a field of each kind takes, and how they are written."""

from __future__ import annotations

import enum
import math
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from moveworks.odata.nodes import Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from moveworks.odata.nodes import Scalar

_SURROGATE = re.compile("[\ud800-\udfff]")


class Dialect(enum.Enum):
    """How times are written.

    The service documents quoted text in UTC with milliseconds, because it compares times as text; the standard writes
    them bare.
    """

    QUOTED_UTC = "quoted-utc"
    STANDARD = "standard"


def text_literal(value: object, where: str) -> Literal:
    """A text constant; refuses anything else, NUL, and lone surrogates, which have no UTF-8 form."""
    if isinstance(value, enum.Enum):
        value = value.value
    if not isinstance(value, str):
        hint = f"; did you mean str({value!r})?" if isinstance(value, int | float) else ""
        raise TypeError(f"{where} is text and cannot be compared with {_shown(value)}{hint}")
    if "\0" in value:
        raise ValueError(f"{where}: the text holds a NUL character at position {value.index(chr(0))}; remove it")
    if found := _SURROGATE.search(value):
        raise ValueError(
            f"{where}: the text holds a lone surrogate at position {found.start()}; it is not valid Unicode"
        )
    return Literal(str(value))


def number_literal(value: object, where: str) -> Literal:
    """A number constant; booleans and text are not numbers, and NaN and infinities have no order."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise TypeError(f"{where} is a number and cannot be compared with {_shown(value)}")
    finite = value.is_finite() if isinstance(value, Decimal) else math.isfinite(value)
    if not finite:
        raise ValueError(f"{where}: {value} cannot be compared with; use a finite number")
    return Literal(value)


def boolean_literal(value: object, where: str) -> Literal:
    """A boolean constant."""
    if not isinstance(value, bool):
        raise TypeError(f"{where} is true or false and cannot be compared with {_shown(value)}")
    return Literal(value)


def timestamp_literal(value: object, where: str) -> Literal:
    """A point in time, kept in UTC; refuses a datetime without a time zone, since it names no point in time."""
    if not isinstance(value, datetime):
        hint = "; use a datetime with a time zone" if isinstance(value, str | int | float | date) else ""
        raise TypeError(f"{where} is a time and cannot be compared with {_shown(value)}{hint}")
    if value.utcoffset() is None:
        raise ValueError(
            f"{where}: {value.isoformat()} has no time zone; say which, for example value.replace(tzinfo=UTC)"
        )
    try:
        return Literal(value.astimezone(UTC))
    except OverflowError:
        raise ValueError(f"{where}: {value.isoformat()} cannot be expressed in UTC") from None


def date_literal(value: object, where: str) -> Literal:
    """A calendar day."""
    if isinstance(value, datetime) or not isinstance(value, date):
        raise TypeError(f"{where} is a date and cannot be compared with {_shown(value)}; use a datetime.date")
    return Literal(value)


LITERALS: dict[str, Callable[[object, str], Literal]] = {
    "text": text_literal,
    "number": number_literal,
    "boolean": boolean_literal,
    "timestamp": timestamp_literal,
    "date": date_literal,
}


def to_milliseconds(literal: Literal, operator: str, where: str) -> Literal:
    """The same comparison with a time in whole milliseconds, which is what the service stores.

    `x ge t` and `x lt t` hold for the same records when t is rounded up, `x gt t` and `x le t` when it is rounded down.
    No stored time equals one with microseconds, so `eq` and `ne` refuse it.
    """
    value = literal.value
    if not isinstance(value, datetime) or value.microsecond % 1000 == 0:
        return literal
    if operator in {"eq", "ne"}:
        raise ValueError(
            f"{where}: {value.isoformat()} has microseconds, but stored times have milliseconds, so none is equal; "
            "round it, or compare with >= and <"
        )
    floor = value - timedelta(microseconds=value.microsecond % 1000)
    return Literal(floor + timedelta(milliseconds=1) if operator in {"ge", "lt"} else floor)


def write_literal(value: Scalar, dialect: Dialect) -> str:
    """OData text of a constant."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return quote(value)
        case Decimal():
            return format(value, "f")
        case int() | float():
            return repr(value)
        case datetime():
            return _write_time(value, dialect)
        case date():
            return quote(value.isoformat()) if dialect is Dialect.QUOTED_UTC else value.isoformat()


def quote(text: str) -> str:
    """Text in single quotes, quotes inside doubled."""
    return "'" + text.replace("'", "''") + "'"


def _write_time(value: datetime, dialect: Dialect) -> str:
    precision = "microseconds" if value.microsecond % 1000 else "milliseconds"
    text = value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=precision) + "Z"
    if dialect is Dialect.QUOTED_UTC:
        return quote(text)
    return text if value.microsecond else text.replace(".000Z", "Z")


def _shown(value: object) -> str:
    if value is None:
        return "None; use is_null(), == None or != None"
    text = repr(value)
    return f"{text if len(text) <= 60 else text[:57] + '...'} ({type(value).__name__})"

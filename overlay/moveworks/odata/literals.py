"""Constants: which Python values a field of each kind takes, and how they are written.

`where` is what a message calls the place; it is printed only then.
"""

from __future__ import annotations

import enum
import math
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final, assert_never

from moveworks.odata.encoding import check_sendable
from moveworks.odata.kinds import Kind
from moveworks.odata.nodes import Literal

if TYPE_CHECKING:
    from moveworks.odata.nodes import Scalar

_LARGEST: Final = int(sys.float_info.max)
_MOST_DIGITS: Final = 400


class Dialect(enum.Enum):
    """How times are written.

    The service documents quoted text in UTC with milliseconds, because it compares times as text; the standard writes
    them bare. Days are bare in both: what they are compared with is a `date` of the standard.
    """

    QUOTED_UTC = "quoted-utc"
    STANDARD = "standard"


def text_literal(value: object, where: object) -> Literal:
    """A text constant; refuses anything else, NUL, and lone surrogates, which have no UTF-8 form."""
    if isinstance(value, enum.Enum):
        value = value.value
    if not isinstance(value, str):
        hint = "; put it in quotes, or use str(value)" if isinstance(value, int | float) else ""
        raise TypeError(f"{where} is text and cannot be compared with {_shown(value)}{hint}")
    check_sendable(value, where)
    return Literal(str.__str__(value))


def number_literal(value: object, where: object) -> Literal:
    """A number constant; booleans and text are not numbers, and NaN and infinities have no order.

    Whole numbers are kept as `int`, those with a fraction as `Decimal`, those that need an exponent as `float`: what is
    written and read again is the same.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise TypeError(f"{where} is a number and cannot be compared with {_shown(value)}")
    finite = value.is_finite() if isinstance(value, Decimal) else isinstance(value, int) or math.isfinite(value)
    if not finite:
        raise ValueError(f"{where}: {value} cannot be compared with; use a finite number")
    try:
        return Literal(read_number(_digits(value)))
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None


def read_number(text: str) -> int | float | Decimal:
    """The value of a number as OData writes it.

    Raises:
        ValueError: for one that is longer or larger than any number type of the standard.
    """
    if "e" in text.lower():
        value = float(text)
        if math.isinf(value):
            raise ValueError("the number is too large")
        text = repr(value)
        if "e" in text:
            return value
    if len(text) > _MOST_DIGITS:
        raise ValueError(f"the number has more than {_MOST_DIGITS} digits")
    number: int | Decimal = Decimal(text) if "." in text else int(text)
    if not -_LARGEST <= number <= _LARGEST:
        raise ValueError("the number is too large")
    return number


def _digits(value: float | Decimal) -> str:
    """As `read_number` takes it; the values of subclasses, such as enumerations, may print otherwise."""
    match value:
        case Decimal():
            # Written out, such a number could fill the memory.
            if value.adjusted() > _MOST_DIGITS or -int(value.as_tuple().exponent) > _MOST_DIGITS:
                raise ValueError("the number is too large, or has too many digits")
            return format(value, "f")
        case int():
            if abs(value) > _LARGEST:
                raise ValueError("the number is too large")
            return str(int(value))
        case _:
            return repr(float(value))


def boolean_literal(value: object, where: object) -> Literal:
    """A boolean constant."""
    if not isinstance(value, bool):
        raise TypeError(f"{where} is true or false and cannot be compared with {_shown(value)}")
    return Literal(value)


def timestamp_literal(value: object, where: object) -> Literal:
    """A point in time, kept in UTC; refuses a datetime without a time zone, since it names no point in time."""
    if not isinstance(value, datetime):
        hint = "; use a datetime with a time zone" if isinstance(value, str | int | float | date) else ""
        raise TypeError(f"{where} is a time and cannot be compared with {_shown(value)}{hint}")
    if value.utcoffset() is None:
        raise ValueError(f"{where}: the datetime has no time zone; say which, for example value.replace(tzinfo=UTC)")
    try:
        # Plain and in UTC whatever came: subclasses print and compare in their own ways.
        moment = value.astimezone(UTC)
        return Literal(datetime.combine(date(moment.year, moment.month, moment.day), moment.time(), UTC))
    except OverflowError:
        raise ValueError(f"{where}: the datetime cannot be expressed in UTC") from None


def date_literal(value: object, where: object) -> Literal:
    """A calendar day."""
    if isinstance(value, datetime) or not isinstance(value, date):
        raise TypeError(f"{where} is a date and cannot be compared with {_shown(value)}; use a datetime.date")
    return Literal(value)


def literal_of(kind: Kind, value: object, where: object) -> Literal:
    """The constant that a value is where a value of this kind is needed.

    Raises:
        TypeError: for a value of another kind, and for what is compared with no value at all.
        ValueError: for one that OData cannot express.
    """
    match kind:
        case Kind.TEXT:
            return text_literal(value, where)
        case Kind.NUMBER:
            return number_literal(value, where)
        case Kind.BOOLEAN:
            return boolean_literal(value, where)
        case Kind.TIMESTAMP:
            return timestamp_literal(value, where)
        case Kind.DATE:
            return date_literal(value, where)
        case Kind.NULL:
            raise TypeError(f"{where} is null and cannot be compared with a value")
        case Kind.OBJECT:
            raise TypeError(f"{where} is an object, which is compared with null alone; name one of its properties")
        case Kind.COLLECTION:
            raise TypeError(f"{where} is a collection, which is not compared; use any(...) or all(...)")
        case _:
            assert_never(kind)


def to_milliseconds(literal: Literal, operator: str, where: object) -> Literal:
    """The same comparison with a time in whole milliseconds, which is what the service stores.

    `x ge t` and `x lt t` hold for the same records when t is rounded up, `x gt t` and `x le t` when it is rounded down.
    No stored time equals one with microseconds, so `eq` and `ne` refuse it.
    """
    value = literal.value
    if not isinstance(value, datetime) or value.microsecond % 1000 == 0:
        return literal
    if operator in {"eq", "ne"}:
        raise ValueError(
            f"{where}: the datetime has microseconds, but stored times have milliseconds, so none is equal; "
            "round it, or compare with >= and <"
        )
    floor = value - timedelta(microseconds=value.microsecond % 1000)
    if operator not in {"ge", "lt"}:
        return Literal(floor)
    try:
        return Literal(floor + timedelta(milliseconds=1))
    except OverflowError:  # within the last millisecond that can be written, such as datetime.max
        return Literal(floor)


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
            # Without the plus of an exponent: in an address, some servers read it as a blank.
            return repr(value).replace("+", "")
        case datetime():
            return _write_time(value, dialect)
        case date():
            return value.isoformat()


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
    # The value itself may be personal.
    return f"a value of type {type(value).__name__}"

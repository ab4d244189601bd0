"""Values that can be compared: fields, functions of them, and arithmetic."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Generic, Never, TypeVar

from moveworks.odata.conditions import FALSE, Condition, Immutable, Predicate, shown
from moveworks.odata.kinds import Kind
from moveworks.odata.literals import Dialect, literal_of, to_milliseconds
from moveworks.odata.nodes import Arithmetic, Call, Compare, In, Literal, Negate, Node
from moveworks.odata.order import OrderBy
from moveworks.odata.render import render

Number = int | float | Decimal


_T = TypeVar("_T")


class Expression(Immutable, Generic[_T]):
    """A value of a record: what is left of a comparison.

    `==`, `!=`, `<`, `<=`, `>`, `>=` and their twins `eq` … `ge` build a `Predicate`. Comparing with None asks for null;
    `<` and its like have no meaning for null and refuse it.
    """

    __slots__ = ("node",)
    kind: ClassVar[Kind] = Kind.TEXT
    node: Node

    def __init__(self, node: Node) -> None:
        object.__setattr__(self, "node", node)

    def eq(self, other: _T | Expression[_T] | None) -> Predicate:
        """Equal; null equals null."""
        return self._compare("eq", other)

    def ne(self, other: _T | Expression[_T] | None) -> Predicate:
        """Not equal; null differs from every value."""
        return self._compare("ne", other)

    def lt(self, other: _T | Expression[_T]) -> Predicate:
        """Less than; false for null."""
        return self._compare("lt", other)

    def le(self, other: _T | Expression[_T]) -> Predicate:
        """At most; false for null."""
        return self._compare("le", other)

    def gt(self, other: _T | Expression[_T]) -> Predicate:
        """Greater than; false for null."""
        return self._compare("gt", other)

    def ge(self, other: _T | Expression[_T]) -> Predicate:
        """At least; false for null."""
        return self._compare("ge", other)

    __lt__, __le__, __gt__, __ge__ = lt, le, gt, ge

    def __eq__(self, other: object) -> Predicate:  # type: ignore[override]
        return self._compare("eq", other)

    def __ne__(self, other: object) -> Predicate:  # type: ignore[override]
        return self._compare("ne", other)

    def __hash__(self) -> int:
        return hash(self.node)

    def in_(self, values: Iterable[_T]) -> Predicate:
        """One of these values; of none, false for every record. Duplicates are sent once."""
        if isinstance(values, str | bytes) or not isinstance(values, Iterable):
            raise TypeError(f"{self}.in_() takes a list of values, not {type(values).__name__}")
        given = list(values)
        if any(value is None for value in given):
            raise ValueError(f"{self}.in_() cannot hold None; add | {self}.is_null()")
        literals = tuple(dict.fromkeys(to_milliseconds(self._literal(value), "eq", self) for value in given))
        return Predicate(In(self.node, literals)) if literals else Predicate(FALSE)

    def is_null(self) -> Predicate:
        """Null, or inside an object that is null."""
        return self._compare("eq", None)

    def asc(self) -> OrderBy:
        """Sort by this, smallest first."""
        return OrderBy(self.node)

    def desc(self) -> OrderBy:
        """Sort by this, largest first."""
        return OrderBy(self.node, descending=True)

    def to_odata(self, dialect: Dialect = Dialect.QUOTED_UTC) -> str:
        """OData text in a dialect; `str()` gives the service's own."""
        return render(self.node, dialect)

    def _compare(self, operator: str, other: object) -> Predicate:
        return Predicate(Compare(operator, self.node, self._other(operator, other)))

    def _other(self, operator: str, other: object) -> Node:
        if other is None and operator in {"eq", "ne"}:
            return Literal(None)
        if isinstance(other, Expression):
            if other.kind != self.kind:
                raise TypeError(
                    f"{shown(self.node)} ({self.kind}) cannot be compared with {shown(other.node)} ({other.kind})"
                )
            return other.node
        return to_milliseconds(self._literal(other), operator, self)

    def _literal(self, value: object) -> Literal:
        return literal_of(self.kind, value, self)

    def __bool__(self) -> Never:
        raise TypeError(f"{shown(self.node)} has no truth value in Python; compare it, for example with == value")

    def __iter__(self) -> Never:
        raise TypeError(
            f"{shown(self.node)} is one value and cannot be iterated; compare it, for example with == value"
        )

    def __contains__(self, item: object) -> Never:
        raise TypeError(f"`in` cannot be used with {shown(self.node)}; use .contains(...) for text, or .in_([...])")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.node,)

    def __str__(self) -> str:
        return render(self.node)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {shown(self.node)}>"


_E = TypeVar("_E", bound="Expression[Any]")


def _call(result: type[_E], name: str, *arguments: Node) -> _E:
    return result(Call(name, arguments))


def negated(node: Node) -> Node:
    """Minus a number; twice is none, and that of a constant is a constant."""
    match node:
        case Negate():
            return node.operand
        case Literal(int() | float() | Decimal() as value):
            return Literal(value.copy_negate() if isinstance(value, Decimal) else -value)
        case _:
            return Negate(node)


class BooleanExpression(Expression[bool], Condition):
    """True or false: a condition of its own, and a value that can be compared."""

    __slots__ = ()
    kind = Kind.BOOLEAN
    __bool__ = Condition.__bool__
    __str__ = Expression.__str__
    to_odata = Expression.to_odata


class NumberExpression(Expression[Number]):
    """A number. `+ - * / %` build arithmetic; `/` is `divby`, which keeps the fraction, and `//` is not OData."""

    __slots__ = ()
    kind = Kind.NUMBER

    def _arithmetic(self, operator: str, other: object, *, swap: bool = False) -> NumberExpression:
        if isinstance(other, Expression) and other.kind != Kind.NUMBER:
            raise TypeError(f"{shown(other.node)} ({other.kind}) is not a number")
        node = other.node if isinstance(other, Expression) else self._literal(other)
        left, right = (node, self.node) if swap else (self.node, node)
        return NumberExpression(Arithmetic(operator, left, right))

    def __add__(self, other: Number | NumberExpression) -> NumberExpression:
        return self._arithmetic("add", other)

    def __radd__(self, other: Number) -> NumberExpression:
        return self._arithmetic("add", other, swap=True)

    def __sub__(self, other: Number | NumberExpression) -> NumberExpression:
        return self._arithmetic("sub", other)

    def __rsub__(self, other: Number) -> NumberExpression:
        return self._arithmetic("sub", other, swap=True)

    def __mul__(self, other: Number | NumberExpression) -> NumberExpression:
        return self._arithmetic("mul", other)

    def __rmul__(self, other: Number) -> NumberExpression:
        return self._arithmetic("mul", other, swap=True)

    def __truediv__(self, other: Number | NumberExpression) -> NumberExpression:
        return self._arithmetic("divby", other)

    def __rtruediv__(self, other: Number) -> NumberExpression:
        return self._arithmetic("divby", other, swap=True)

    def __mod__(self, other: Number | NumberExpression) -> NumberExpression:
        return self._arithmetic("mod", other)

    def __rmod__(self, other: Number) -> NumberExpression:
        return self._arithmetic("mod", other, swap=True)

    def __neg__(self) -> NumberExpression:
        return NumberExpression(negated(self.node))

    def div(self, other: Number | NumberExpression) -> NumberExpression:
        """OData's `div`: of two integers, the integer part."""
        return self._arithmetic("div", other)


class DateExpression(Expression[date]):
    """A calendar day in UTC."""

    __slots__ = ()
    kind = Kind.DATE


class TimestampExpression(Expression[datetime]):
    """A point in time. Takes aware datetimes; parts of it are those in UTC."""

    __slots__ = ()
    kind = Kind.TIMESTAMP

    def _part(self, name: str) -> NumberExpression:
        return _call(NumberExpression, name, self.node)

    def year(self) -> NumberExpression:
        """The year."""
        return self._part("year")

    def month(self) -> NumberExpression:
        """The month, 1 to 12."""
        return self._part("month")

    def day(self) -> NumberExpression:
        """The day of the month, 1 to 31."""
        return self._part("day")

    def hour(self) -> NumberExpression:
        """The hour, 0 to 23."""
        return self._part("hour")

    def minute(self) -> NumberExpression:
        """The minute, 0 to 59."""
        return self._part("minute")

    def second(self) -> NumberExpression:
        """The second, 0 to 59, without its fraction."""
        return self._part("second")

    def date(self) -> DateExpression:
        """The calendar day."""
        return _call(DateExpression, "date", self.node)


class TextExpression(Expression[str]):
    """Text. Compared by code point, with case."""

    __slots__ = ()
    kind = Kind.TEXT

    def contains(self, other: str | TextExpression) -> Predicate:
        """Holds this text; unknown for null."""
        return Predicate(Call("contains", (self.node, self._text(other))))

    def startswith(self, other: str | TextExpression) -> Predicate:
        """Begins with this text; unknown for null."""
        return Predicate(Call("startswith", (self.node, self._text(other))))

    def endswith(self, other: str | TextExpression) -> Predicate:
        """Ends with this text; unknown for null."""
        return Predicate(Call("endswith", (self.node, self._text(other))))

    def lower(self) -> TextExpression:
        """In lower case."""
        return _call(TextExpression, "tolower", self.node)

    def upper(self) -> TextExpression:
        """In upper case."""
        return _call(TextExpression, "toupper", self.node)

    def trim(self) -> TextExpression:
        """Without white space at both ends."""
        return _call(TextExpression, "trim", self.node)

    def length(self) -> NumberExpression:
        """Number of characters."""
        return _call(NumberExpression, "length", self.node)

    def index_of(self, other: str | TextExpression) -> NumberExpression:
        """Position of this text, from 0; -1 if it is not there."""
        return _call(NumberExpression, "indexof", self.node, self._text(other))

    def substring(self, start: int | NumberExpression, length: int | NumberExpression | None = None) -> TextExpression:
        """From a position (from 0), at most `length` characters."""
        bounds = (start,) if length is None else (start, length)
        return _call(TextExpression, "substring", self.node, *(self._whole(bound) for bound in bounds))

    def concat(self, other: str | TextExpression) -> TextExpression:
        """Followed by this text."""
        return _call(TextExpression, "concat", self.node, self._text(other))

    def __add__(self, other: str | TextExpression) -> TextExpression:
        return self.concat(other)

    def _text(self, other: object) -> Node:
        return self._other("contains", other)

    def _whole(self, bound: object) -> Node:
        if isinstance(bound, NumberExpression):
            return bound.node
        if isinstance(bound, bool) or not isinstance(bound, int) or bound < 0:
            raise ValueError(f"{self}.substring() counts in whole characters from 0, not {bound!r}")
        return Literal(bound)

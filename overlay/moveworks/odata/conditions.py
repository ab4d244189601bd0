"""Conditions: what a filter is made of, and how conditions are joined."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Never, Self

from moveworks.odata.literals import Dialect
from moveworks.odata.nodes import And, Literal, Node, Not, Or
from moveworks.odata.redact import masked
from moveworks.odata.render import render

FALSE: Final = Literal(value=False)
TRUE: Final = Literal(value=True)


class Immutable:
    """A value: attributes are set once, by the class itself."""

    __slots__ = ()

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError(f"{type(self).__name__} cannot be changed: {name}")

    def __delattr__(self, name: str) -> Never:
        raise AttributeError(f"{type(self).__name__} cannot be changed: {name}")


class Condition(Immutable):
    """Anything that is true or false for a record: a comparison, a boolean field, or several joined.

    Join with `&`, `|` and `~` (or `all_of`, `any_of`, `not_`). Python's `and`, `or`, `not`, `in` and chained comparison
    cannot be given a meaning and would silently drop a condition, so they raise `TypeError`.
    """

    __slots__ = ()
    node: Node

    def __and__(self, other: Condition) -> Predicate:
        return all_of(self, other)

    def __or__(self, other: Condition) -> Predicate:
        return any_of(self, other)

    def __invert__(self) -> Predicate:
        return not_(self)

    def and_(self, *others: Condition) -> Predicate:
        """This and all others: the same as `&`."""
        return all_of(self, *others)

    def or_(self, *others: Condition) -> Predicate:
        """This or any other: the same as `|`."""
        return any_of(self, *others)

    def not_(self) -> Predicate:
        """The opposite: the same as `~`."""
        return not_(self)

    def __bool__(self) -> Never:
        raise TypeError(
            f"{shown(self.node)} has no truth value in Python. Write (a == 1) & (b == 2), |, ~ or .in_([...]) in place "
            "of `and`, `or`, `not`, `in`, `if` and chained comparisons like a < b < c"
        )

    def to_odata(self, dialect: Dialect = Dialect.QUOTED_UTC) -> str:
        """OData text in a dialect; `str()` gives the service's own."""
        return render(self.node, dialect)

    def __str__(self) -> str:
        return render(self.node)


class Predicate(Condition):
    """An immutable condition over the fields of a record; equal to another one of the same structure."""

    __slots__ = ("node",)
    node: Node

    def __init__(self, node: Node) -> None:
        object.__setattr__(self, "node", node)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, bool):
            raise TypeError(f"{self!r} is a condition already; leave out the comparison with {other}, or use ~")
        return self.node == other.node if isinstance(other, Predicate) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.node)

    def __iter__(self) -> Never:
        raise TypeError(f"{type(self).__name__} cannot be iterated; pass it to list(filter=...)")

    def __contains__(self, item: object) -> Never:
        raise TypeError("`in` cannot be used with a condition; use field.in_([...])")

    def __reduce__(self) -> tuple[type[Self], tuple[Node]]:
        return type(self), (self.node,)

    def __repr__(self) -> str:
        return f"<Predicate {shown(self.node)}>"


def shown(node: Node) -> str:
    """OData text for people, without its values and cut where it is long; never raises."""
    try:
        text = masked(render(node))
    except ValueError:
        return "(nested too deeply to show)"
    return text if len(text) <= 200 else text[:197] + "..."


def all_of(*conditions: Condition | Iterable[Condition]) -> Predicate:
    """True where all conditions are; with none, true for every record.

    Takes conditions or one iterable of them. Nothing is nested, so thousands can be joined.
    """
    return Predicate(_join(And, _given(conditions), decides=FALSE, neutral=TRUE))


def any_of(*conditions: Condition | Iterable[Condition]) -> Predicate:
    """True where at least one condition is; with none, false for every record."""
    return Predicate(_join(Or, _given(conditions), decides=TRUE, neutral=FALSE))


def not_(condition: Condition) -> Predicate:
    """True where the condition is false. Where it is unknown (a function of null), so is the opposite."""
    if not isinstance(condition, Condition):
        raise TypeError(f"not_() takes a condition, not {type(condition).__name__}")
    match condition.node:
        case Not(operand):
            return Predicate(operand)
        case Literal(bool() as value):
            return Predicate(Literal(not value))
        case node:
            return Predicate(Not(node))


def _given(conditions: tuple[Condition | Iterable[Condition], ...]) -> list[Condition]:
    found: list[Condition] = []
    for given in conditions:
        several = isinstance(given, Iterable) and not isinstance(given, Condition | str | bytes)
        for condition in given if several else (given,):  # type: ignore[union-attr]
            if not isinstance(condition, Condition):
                raise TypeError(
                    f"a condition is needed, such as C.route == 'DM', not {type(condition).__name__}; "
                    "OData text goes through odata.parse or odata.raw"
                )
            found.append(condition)
    return found


def _join(kind: type[And | Or], conditions: list[Condition], *, decides: Literal, neutral: Literal) -> Node:
    items: list[Node] = []
    for condition in conditions:
        node = condition.node
        if node == decides:
            return decides
        if isinstance(node, kind):
            items.extend(node.items)
        elif node != neutral:
            items.append(node)
    if not items:
        return neutral
    return items[0] if len(items) == 1 else kind(tuple(items))

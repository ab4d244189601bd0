"""Splits a long list of values over several queries that select disjoint records."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from moveworks.odata.conditions import Condition, Predicate
from moveworks.odata.literals import Dialect
from moveworks.odata.nodes import And, In, Literal, Node
from moveworks.odata.render import render

if TYPE_CHECKING:
    from collections.abc import Iterator


def split_in(
    condition: Condition, *, max_length: int = 4000, dialect: Dialect = Dialect.QUOTED_UTC
) -> Iterator[Predicate]:
    """Conditions that together select what `condition` does, each at most `max_length` characters when encoded.

    The longest `in_` is split. It must stand alone or be joined with `&`: only then does no record meet two parts.

    Raises:
        ValueError: if there is no such `in_`, or if one value alone makes the text too long.
    """
    items = condition.node.items if isinstance(condition.node, And) else (condition.node,)
    lists = [item for item in items if isinstance(item, In)]
    if _length(condition.node, dialect) <= max_length:
        yield Predicate(condition.node)
        return
    if not lists:
        raise ValueError("the filter is too long and has no in_([...]) that stands alone or is joined with &")
    longest = max(lists, key=lambda item: _length(item, dialect))
    others = tuple(item for item in items if item is not longest)
    chunk: list[Literal] = []
    for value in longest.values:
        if chunk and _length(_joined(longest, [*chunk, value], others), dialect) > max_length:
            yield Predicate(_joined(longest, chunk, others))
            chunk = []
        chunk.append(value)
        if len(chunk) == 1 and _length(_joined(longest, chunk, others), dialect) > max_length:
            raise ValueError(f"one value of the list makes the filter longer than max_length={max_length}")
    yield Predicate(_joined(longest, chunk, others))


def _joined(source: In, values: list[Literal], others: tuple[Node, ...]) -> Node:
    part = In(source.operand, tuple(values))
    return And((part, *others)) if others else part


def _length(node: Node, dialect: Dialect) -> int:
    return len(quote(render(node, dialect), safe="~(),:/'*"))

"""Splits a long list of values over several queries that select disjoint records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moveworks.odata.conditions import Condition, Predicate
from moveworks.odata.encoding import percent_encoded
from moveworks.odata.literals import Dialect, write_literal
from moveworks.odata.nodes import And, In, Literal, Node
from moveworks.odata.render import render

if TYPE_CHECKING:
    from collections.abc import Iterator


def split_in(
    condition: Condition, *, max_length: int = 4000, dialect: Dialect = Dialect.QUOTED_UTC
) -> Iterator[Predicate]:
    """Conditions that together select what `condition` does, each at most `max_length` characters when encoded.

    The longest `in_` is split, and others as well where that is not enough. They must stand alone or be joined with
    `&`: only then does no record meet two parts.

    Raises:
        ValueError: if there is no such `in_`, or if one value alone makes the text too long.
    """
    if not isinstance(condition, Condition):
        raise TypeError(f"split_in() takes a condition, not {type(condition).__name__}")
    return (Predicate(part) for part in _parts(condition.node, max_length, dialect))


def _parts(node: Node, most: int, dialect: Dialect) -> Iterator[Node]:
    if _length(node, dialect) <= most:
        yield node
        return
    items = node.items if isinstance(node, And) else (node,)
    lists = [item for item in items if isinstance(item, In) and len(item.values) > 1]
    if not lists:
        raise ValueError(
            f"the filter is longer than max_length={most} and has no in_([...]) with several values that stands alone "
            "or is joined with &"
        )
    longest = max(lists, key=lambda item: _length(item, dialect))
    sizes = [len(percent_encoded(write_literal(value.value, dialect))) + 1 for value in longest.values]
    room = most - (_length(node, dialect) - sum(sizes))
    chunk: list[Literal] = []
    left = room
    for value, size in zip(longest.values, sizes, strict=True):
        if chunk and size > left:
            yield from _parts(_with(items, longest, chunk), most, dialect)
            chunk, left = [], room
        chunk.append(value)
        left -= size
    yield from _parts(_with(items, longest, chunk), most, dialect)


def _with(items: tuple[Node, ...], source: In, values: list[Literal]) -> Node:
    """The same condition with a shorter list."""
    shorter = tuple(In(item.operand, tuple(values)) if item is source else item for item in items)
    return And(shorter) if len(shorter) > 1 else shorter[0]


def _length(node: Node, dialect: Dialect) -> int:
    return len(percent_encoded(render(node, dialect)))

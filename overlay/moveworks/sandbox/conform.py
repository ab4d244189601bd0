"""The catalogue decides what a made-up record holds: properties and kinds are those of the spec."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from moveworks.odata import Field

    Make = Callable[[Field, int, random.Random], Any]


def conform(
    rows: list[dict[str, Any]], fields: dict[str, Field], indexes: range, rng: random.Random, make: Make
) -> list[dict[str, Any]]:
    """The rows with the properties of the spec, in its order, and values of its kinds.

    Args:
        rows: Rows as they were made.
        fields: The fields of the entity set.
        indexes: Positions of the rows.
        rng: Draws values that have to be made.
        make: Makes one.
    """
    columns = {}
    for name, field in fields.items():
        made = [row[name] for row in rows] if rows and name in rows[0] else None
        if made is None or not _shares_values(field, made):
            columns[name] = [make(field, index, rng) for index in indexes]
        elif all(fits(field, value) for value in made):
            columns[name] = made
        else:
            columns[name] = [
                _fitted(field, value, index, rng, make) for index, value in zip(indexes, made, strict=True)
            ]
    if not columns:
        return [{} for _ in rows]
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _shares_values(field: Field, made: list[Any]) -> bool:
    """Whether the values are of the list that the spec gives, if it gives one.

    All lists of values are open, so other values may stand beside those of the list, but not instead of them.
    """
    present = [value for value in made if value is not None]
    return not field.values or not present or any(value in field.values for value in present)


def fits(field: Field, value: Any) -> bool:
    """Whether a value is of a field's kind; null is of any."""
    return value is None or CHECKS[field.kind](field, value)


def _fitted(field: Field, value: Any, index: int, rng: random.Random, make: Make) -> Any:
    if fits(field, value):
        return value
    if field.kind == "object" and isinstance(value, dict):
        known = _inner(type(field))
        return {
            name: _fitted(known[name], each, index, rng, make) if name in known else each
            for name, each in value.items()
        }
    return make(field, index, rng)


def _inner(kind: Any) -> dict[str, Field]:
    """The fields of an object, by its class."""
    if kind not in _INNER:
        _INNER[kind] = dict(kind.fields())
    return _INNER[kind]


_INNER: Final[dict[Any, dict[str, Field]]] = {}


def _is_object(field: Field, value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    known = _inner(type(field))
    return all(name not in known or fits(known[name], each) for name, each in value.items())


def _is_collection(field: Any, value: Any) -> bool:
    if not isinstance(value, list):
        return False
    element = field.element("item")
    return all(fits(element, each) for each in value)


CHECKS: Final[dict[str, Callable[[Field, Any], bool]]] = {
    "text": lambda _, value: isinstance(value, str),
    "timestamp": lambda _, value: isinstance(value, str) and value[10:11] == "T" and value[-1:] == "Z",
    "number": lambda _, value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda _, value: isinstance(value, bool),
    "object": _is_object,
    "collection": _is_collection,
}

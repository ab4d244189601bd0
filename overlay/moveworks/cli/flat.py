"""Records as rows: which columns a record has, and what no column holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from moveworks.odata import CollectionField, ObjectField

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from moveworks.odata import Field

ADDITIONAL: Final = "_additional"
"""Name of the last column of a CSV file: a JSON object of everything in a record that has no column."""

Tree = dict[str, "Tree | None"]


@frozen
class Column:
    """One column: the way to its value, and the kind of its field.

    Attributes:
        path: Wire names from the record inwards.
        kind: `text`, `number`, `boolean`, `timestamp` or `collection`.
        doc: What the field means.
        item: For a collection, the kind of its elements.
    """

    path: tuple[str, ...]
    kind: str
    doc: str
    item: str = ""

    @property
    def name(self) -> str:
        """The column's name: `detail.domain`."""
        return ".".join(self.path)

    @property
    def odata(self) -> str:
        """The field's name in a filter: `detail/domain`."""
        return "/".join(self.path)

    def value(self, record: Mapping[str, Any]) -> Any:
        """The value in a record; None if it or an object around it is not there."""
        value: Any = record
        for name in self.path:
            if not isinstance(value, dict):
                return None
            value = value.get(name)
        return value


def columns(fields: Mapping[str, Field], select: Iterable[str] = ()) -> list[Column]:
    """The columns of an entity type: its fields in the order of the spec, objects taken apart.

    Args:
        fields: The fields.
        select: Names of fields to have, such as `id` and `detail/domain`; all by default.
    """
    every = list(_columns(fields, ()))
    chosen = [tuple(name.split("/")) for name in select]
    if not chosen or ("*",) in chosen:
        return every
    return list(
        dict.fromkeys(column for path in chosen for column in every if column.path[: len(path)] == path),
    )


def _columns(fields: Mapping[str, Field], above: tuple[str, ...]) -> Iterator[Column]:
    for name, field in fields.items():
        path = (*above, name)
        if isinstance(field, ObjectField):
            yield from _columns(field.fields(), path)
        else:
            item = field.item.kind if isinstance(field, CollectionField) else ""
            yield Column(path, field.kind, field.doc, item)


def tree(of: Sequence[Column]) -> Tree:
    """The columns as nested names, for `leftover`."""
    root: Tree = {}
    for column in of:
        node = root
        for name in column.path[:-1]:
            inner = node.setdefault(name, {})
            assert inner is not None
            node = inner
        node[column.path[-1]] = None
    return root


def leftover(record: Mapping[str, Any], known: Tree) -> dict[str, Any]:
    """What of a record is in no column, nested as it was."""
    rest: dict[str, Any] = {}
    for name, value in record.items():
        if name not in known:
            rest[name] = value
            continue
        below = known[name]
        if below is None or value is None:
            continue
        if not isinstance(value, dict):
            rest[name] = value  # an object by the spec, and something else on the wire
        elif inner := leftover(value, below):
            rest[name] = inner
    return rest

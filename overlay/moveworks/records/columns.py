"""The tables that records are loaded into, made from the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import frozen

from moveworks.odata import CollectionField, ObjectField
from moveworks.odata.kinds import Kind

if TYPE_CHECKING:
    from moveworks.odata import EntitySetInfo

ID: Final = "id"
CREATED: Final = "created_time"
WRITTEN: Final = "last_updated_time"
EXTRA: Final = "_extra"
"""What did not fit its column, and fields that the catalogue does not know: a JSON object, as text."""
HASH: Final = "_hash"
"""A hash of the JSON text as it came: it tells whether a record changed."""
SYNCED: Final = "_synced_at"
RUN: Final = "_run_id"
OWN: Final = (EXTRA, HASH, SYNCED, RUN)
"""Columns that no record has."""


@frozen
class Column:
    """A column of a table.

    Attributes:
        name: The field's name.
        kind: What its values are. Objects and collections are JSON texts.
    """

    name: str
    kind: Kind

    @property
    def is_json(self) -> bool:
        """Whether it holds JSON texts."""
        return self.kind in {Kind.OBJECT, Kind.COLLECTION}


@frozen
class Child:
    """The elements of a collection of objects, as a table of their own.

    Attributes:
        name: Of the table.
        column: The column of the parent that holds the collection.
        fields: Of the elements.
        parent: The column that holds the id of the parent.
    """

    name: str
    column: str
    fields: tuple[str, ...]
    parent: str


@frozen
class Table:
    """The table of an entity set.

    Attributes:
        name: As a Python name: `plugin_calls`.
        info: The catalogue's entry.
        columns: Those of the fields, in the catalogue's order.
        children: Tables of its collections of objects.
    """

    name: str
    info: EntitySetInfo
    columns: tuple[Column, ...]
    children: tuple[Child, ...]

    @property
    def names(self) -> list[str]:
        """Names of all columns, in the order of a row."""
        return [*(each.name for each in self.columns), *OWN]

    def position(self, name: str) -> int | None:
        """Where a column is in a row; None if there is none."""
        return next((index for index, each in enumerate(self.columns) if each.name == name), None)

    @property
    def dated(self) -> bool:
        """Whether its records say when they were created, so that it can be read window by window."""
        return any(each.name == CREATED and each.kind is Kind.TIMESTAMP for each in self.columns)

    @property
    def written(self) -> bool:
        """Whether its records say when they were last written, so that later runs read only what is new."""
        return any(each.name == WRITTEN and each.kind is Kind.TIMESTAMP for each in self.columns)


def table_of(info: EntitySetInfo) -> Table:
    """The table of an entity set. Engines ignore case, so of two names that differ in it only the first is a column."""
    columns: dict[str, Column] = {}
    children = []
    for name, field in info.entity.fields().items():
        if name.startswith("_") or name.lower() in columns:
            continue
        columns[name.lower()] = Column(name, field.kind)
        if isinstance(field, CollectionField) and issubclass(field.item, ObjectField):
            # An instance only to ask which fields it has; the name does not matter.
            fields = tuple(field.element("e").fields())
            parent = f"{info.attribute.removesuffix('s')}_id"
            children.append(Child(f"{info.attribute}_{name}", name, fields, parent))
    return Table(info.attribute, info, tuple(columns.values()), tuple(children))

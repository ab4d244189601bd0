"""Query options and their one place in an address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from attrs import field, frozen

from moveworks.odata.conditions import Condition
from moveworks.odata.fields import Field, unknown_field
from moveworks.odata.literals import Dialect
from moveworks.odata.order import OrderBy
from moveworks.odata.render import render

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from moveworks.odata.fields import EntityType

# RFC 3986 unreserved characters stay; of the rest only those that OData uses all the time and that are safe in a query.
_SAFE = "~(),:/'*"


@frozen(kw_only=True)
class Query:
    """The options of one read; immutable.

    Attributes:
        filter: A condition, or OData text that is sent as it is written.
        select: Names of the properties to return.
        order_by: Sort keys, the most important first; OData text is sent as it is written.
        top: Largest number of records in the whole result (it is not a page size).
        skip: Number of records to leave out at the beginning.
        count: Whether to ask for the number of matching records.
        options: Further options by name, such as `$search`, whose text is sent as it is written.
    """

    filter: Condition | str | None = None
    select: tuple[str, ...] = ()
    order_by: tuple[OrderBy | str, ...] = ()
    top: int | None = None
    skip: int | None = None
    count: bool | None = None
    options: Mapping[str, str] = field(factory=dict)

    def parameters(self, dialect: Dialect = Dialect.QUOTED_UTC) -> dict[str, str]:
        """Option names and their text, not yet percent-encoded, in a fixed order."""
        given: dict[str, str | None] = {
            "$filter": self.filter.to_odata(dialect) if isinstance(self.filter, Condition) else self.filter,
            "$select": ",".join(self.select) or None,
            "$orderby": ",".join(_key_text(key, dialect) for key in self.order_by) or None,
            "$top": None if self.top is None else str(self.top),
            "$skip": None if self.skip is None else str(self.skip),
            "$count": None if self.count is None else str(self.count).lower(),
            **self.options,
        }
        return {name: text for name, text in given.items() if text is not None}

    def to_query_string(self, dialect: Dialect = Dialect.QUOTED_UTC) -> str:
        """The options as a finished query string, percent-encoded, without `?`; empty if there is none."""
        return "&".join(
            f"{quote(name, safe='$')}={quote(text, safe=_SAFE)}" for name, text in self.parameters(dialect).items()
        )


def compose(
    entity: type[EntityType],
    *,
    filter: Condition | str | None = None,  # noqa: A002 - the name of the OData option
    select: Iterable[Field | str] | None = None,
    order_by: Iterable[OrderBy | Field | str] | OrderBy | Field | str | None = None,
    top: int | None = None,
    skip: int | None = None,
    count: bool | None = None,
    options: Mapping[str, str] | None = None,
) -> Query:
    """A query whose names are checked against the fields of an entity type.

    Raises:
        TypeError: for a value of the wrong type.
        ValueError: for an unknown field, an empty filter, or a negative number.
    """
    if filter is not None and not isinstance(filter, Condition | str):
        raise TypeError(f"filter takes a condition such as C.route == 'DM', or OData text, not {filter!r}")
    if isinstance(filter, str) and not filter.strip():
        raise ValueError("filter is an empty text; leave it out to read all records")
    if isinstance(select, str):
        select = [name.strip() for name in select.split(",")]
    if isinstance(order_by, OrderBy | Field | str):
        order_by = [order_by]
    return Query(
        filter=filter,
        select=tuple(dict.fromkeys(_selected(entity, item) for item in select or ())),
        order_by=tuple(_key(entity, item) for item in order_by or ()),
        top=_whole("top", top),
        skip=_whole("skip", skip),
        count=count,
        options=dict(options or {}),
    )


def _selected(entity: type[EntityType], item: Field | str) -> str:
    name = item.path if isinstance(item, Field) else item
    if not isinstance(name, str):
        raise TypeError(f"select takes fields or their names, not {item!r}")
    if name != "*":
        _check(entity, name)
    return name


def _key(entity: type[EntityType], item: OrderBy | Field | str) -> OrderBy | str:
    from moveworks.odata.parse import parse_order_by

    if isinstance(item, Field):
        item = item.asc()
    if isinstance(item, OrderBy):
        return item
    if not isinstance(item, str):
        raise TypeError(f"order_by takes fields, C.created_time.desc(), or text, not {item!r}")
    parse_order_by(item, entity=entity)
    return item


def _check(entity: type[EntityType], path: str) -> None:
    declared: Any = entity
    for segment in path.split("/"):
        fields = declared.fields() if hasattr(declared, "fields") else {}
        if segment not in fields:
            owner = declared if isinstance(declared, type) else type(declared)
            raise ValueError(unknown_field(segment, owner) if fields else f"{path!r} leads into a plain value")
        declared = fields[segment]


def _whole(name: str, value: int | None) -> int | None:
    if value is not None and (type(value) is not int or value < 0):
        raise ValueError(f"{name} is a number of records, 0 or more, not {value!r}")
    return value


def _key_text(key: OrderBy | str, dialect: Dialect) -> str:
    if isinstance(key, str):
        return key
    return f"{render(key.node, dialect)} desc" if key.descending else render(key.node, dialect)

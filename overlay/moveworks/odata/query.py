"""Query options and their one place in an address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from attrs import field, frozen

from moveworks.odata.conditions import TRUE, Condition
from moveworks.odata.encoding import check_sendable, percent_encoded
from moveworks.odata.expressions import Expression
from moveworks.odata.fields import CollectionField, Field, find
from moveworks.odata.literals import Dialect
from moveworks.odata.nodes import Lambda, Path, children
from moveworks.odata.order import OrderBy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from moveworks.odata.fields import Declared, EntityType
    from moveworks.odata.nodes import Node

    Selection = Iterable[Field | str] | Field | str | None
    Key = OrderBy | Field | Expression[Any] | str
    Order = Iterable[Key] | Key | None

_ARGUMENTS: Final = {"filter", "select", "orderby", "top", "skip", "count"}


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
            "$filter": self._filter_text(dialect),
            "$select": ",".join(self.select) or None,
            "$orderby": ",".join(_key_text(key, dialect) for key in self.order_by) or None,
            "$top": None if self.top is None else str(self.top),
            "$skip": None if self.skip is None else str(self.skip),
            "$count": None if self.count is None else str(self.count).lower(),
            **self.options,
        }
        return {name: text for name, text in given.items() if text is not None}

    def _filter_text(self, dialect: Dialect) -> str | None:
        if not isinstance(self.filter, Condition):
            return self.filter
        # What is always true needs no filter; `true` alone is nothing that every service understands.
        return None if self.filter.node == TRUE else self.filter.to_odata(dialect)

    def to_query_string(self, dialect: Dialect = Dialect.QUOTED_UTC) -> str:
        """The options as a finished query string, percent-encoded, without `?`; empty if there is none."""
        return "&".join(
            f"{quote(name, safe='$')}={percent_encoded(text)}" for name, text in self.parameters(dialect).items()
        )


def compose(
    entity: type[EntityType],
    *,
    filter: Condition | str | None = None,  # noqa: A002 - the name of the OData option
    select: Selection = None,
    order_by: Order = None,
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
    if isinstance(filter, Condition):
        _check_fields(entity, filter.node)
    elif isinstance(filter, str):
        if not filter.strip():
            raise ValueError("filter is an empty text; leave it out to read all records")
        check_sendable(filter, "filter")
    elif filter is not None:
        raise TypeError(f"filter takes a condition such as C.route == 'DM', or OData text, not {type(filter).__name__}")
    if isinstance(select, str):
        select = [name.strip() for name in select.split(",")]
    elif isinstance(select, Field):
        select = [select]
    if isinstance(order_by, OrderBy | Field | Expression | str):
        order_by = [order_by]
    return Query(
        filter=filter,
        select=tuple(dict.fromkeys([_selected(entity, item) for item in select or ()])),
        order_by=tuple([_key(entity, item) for item in order_by or ()]),
        top=_whole("top", top),
        skip=_whole("skip", skip),
        count=_switch("count", count),
        options=_options(options or {}),
    )


def _options(options: Mapping[str, str]) -> dict[str, str]:
    for name, text in options.items():
        if name.lstrip("$").lower() in _ARGUMENTS:
            raise ValueError(f"options cannot hold {name}, which has an argument of its own")
        if not isinstance(text, str):
            raise TypeError(f"the option {name} is text, not {type(text).__name__}")
        check_sendable(name + text, f"the option {name}")
    return dict(options)


def _selected(entity: type[EntityType], item: Field | str) -> str:
    name = item.path if isinstance(item, Field) else item
    if not isinstance(name, str):
        raise TypeError(f"select takes fields or their names, not {item!r}")
    if name != "*":
        find(entity, name.split("/"))
    return name


def _key(entity: type[EntityType], item: Key) -> OrderBy | str:
    from moveworks.odata.parse import parse_order_by

    if isinstance(item, Expression):
        item = item.asc()
    if isinstance(item, OrderBy):
        _check_fields(entity, item.node)
        return item
    if isinstance(item, Field):
        raise TypeError(f"{item} is no value and has no order (it is of kind {item.kind}); name a property")
    if not isinstance(item, str):
        raise TypeError(f"order_by takes fields, C.created_time.desc(), or text, not {item!r}")
    parse_order_by(item, entity=entity)
    return item


def _check_fields(entity: type[EntityType], node: Node) -> None:
    """Every property of the tree is one of the entity's: conditions are easily given to another entity set."""
    found: list[tuple[Node, dict[str, Field]]] = [(node, {})]
    while found:
        node, variables = found.pop()
        if isinstance(node, Path):
            _found(entity, node.segments, variables)
        elif isinstance(node, Lambda):
            collection = _found(entity, node.collection.segments, variables)
            if not isinstance(collection, CollectionField):
                raise TypeError(f"{'/'.join(node.collection.segments)} is not a collection")
            variables = {**variables, node.variable: collection.element(node.variable)}
        found.extend([(below, variables) for below in children(node)])


def _found(entity: type[EntityType], segments: tuple[str, ...], variables: Mapping[str, Field]) -> Declared:
    if segments[0] in variables:
        return find(variables[segments[0]], segments[1:])
    return find(entity, segments)


def _whole(name: str, value: int | None) -> int | None:
    if value is not None and (type(value) is not int or value < 0):
        raise ValueError(f"{name} is a number of records, 0 or more, not {value!r}")
    return value


def _switch(name: str, value: bool | None) -> bool | None:  # noqa: FBT001 - checked, not obeyed
    if value is not None and not isinstance(value, bool):
        raise TypeError(f"{name} is True or False, not {value!r}")
    return value


def _key_text(key: OrderBy | str, dialect: Dialect) -> str:
    return key if isinstance(key, str) else key.to_odata(dialect)

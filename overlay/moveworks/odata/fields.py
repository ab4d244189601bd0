"""Fields of an entity type, as generated code declares them: `Conversation.route`, `Interaction.detail.domain`."""

from __future__ import annotations

import difflib
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Never, Self, TypeVar

from moveworks.odata.conditions import Condition, Predicate
from moveworks.odata.expressions import (
    BooleanExpression,
    Expression,
    NumberExpression,
    TextExpression,
    TimestampExpression,
)
from moveworks.odata.nodes import Compare, Lambda, Literal, Node, Path

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from moveworks.odata.order import OrderBy

_FieldT = TypeVar("_FieldT", bound="Field")
_depth: ContextVar[int] = ContextVar("moveworks_lambda_depth", default=0)


class Field:
    """A property of a record.

    Attributes:
        wire_name: Its name on the wire.
        doc: What it means, from the vendor's spec.
        kind: `text`, `number`, `boolean`, `timestamp`, `object` or `collection`.
    """

    kind: ClassVar[str]
    wire_name: str
    doc: str
    node: Node

    def __init__(self, name: str, *, doc: str = "") -> None:
        self.node = Path((name,))
        self.wire_name = name
        self.doc = doc

    @property
    def path(self) -> str:
        """Wire names from the record inwards: `detail/domain`."""
        assert isinstance(self.node, Path)
        return "/".join(self.node.segments)

    def asc(self) -> OrderBy:
        """Sort by this field, smallest first."""
        from moveworks.odata.order import OrderBy

        return OrderBy(self.node, descending=False)

    def desc(self) -> OrderBy:
        """Sort by this field, largest first."""
        from moveworks.odata.order import OrderBy

        return OrderBy(self.node, descending=True)

    def __get__(self, instance: object, owner: type) -> Self:
        return self._below(instance.node) if isinstance(instance, ObjectField) else self

    def _below(self, parent: Node) -> Self:
        assert isinstance(parent, Path)
        copy = type(self)(self.wire_name, **self._options())
        copy.node = Path((*parent.segments, self.wire_name))
        return copy

    def _options(self) -> dict[str, Any]:
        return {"doc": self.doc}

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.wire_name, self._options(), self.node)


def _restore(field: type[_FieldT], name: str, options: dict[str, Any], node: Node) -> _FieldT:
    restored = field(name, **options)
    restored.node = node
    return restored


class TextField(Field, TextExpression):
    """A text property."""


class NumberField(Field, NumberExpression):
    """A number property."""


class BooleanField(Field, BooleanExpression):
    """A property that is true or false."""


class TimestampField(Field, TimestampExpression):
    """A point in time."""


class _Declares:
    """What `fields()` and the error for an unknown name need."""

    @classmethod
    def fields(cls) -> Mapping[str, Field]:
        """All fields by their names on the wire, in the order of the spec."""
        declared: dict[str, Field] = {}
        for base in reversed(cls.__mro__):
            declared.update({value.wire_name: value for value in vars(base).values() if isinstance(value, Field)})
        return declared


class _EntityTypeMeta(type):
    def __getattr__(cls, name: str) -> Never:
        raise AttributeError(unknown_field(name, cls))  # type: ignore[arg-type]


class EntityType(_Declares, metaclass=_EntityTypeMeta):
    """The fields of an entity set's records, as class attributes; never instantiated."""

    def __new__(cls) -> Self:
        """Refused: the class itself is the catalogue."""
        raise TypeError(f"{cls.__name__} names fields, as in {cls.__name__}.id; it makes no objects")


class ObjectField(Field, _Declares):
    """A nested object; its own fields are attributes: `Interaction.detail.domain`."""

    kind = "object"

    def is_null(self) -> Predicate:
        """There is no object."""
        return Predicate(Compare("eq", self.node, Literal(None)))

    def __getattr__(self, name: str) -> Never:
        prefix = f"{self.path}/" if "node" in vars(self) else ""
        raise AttributeError(unknown_field(name, type(self), prefix=prefix))

    def __str__(self) -> str:
        return self.path

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.path}>"


class CollectionField(Field, Generic[_FieldT]):
    """A list of objects or values; ask about its elements with `any` and `all`."""

    kind = "collection"

    def __init__(self, name: str, item: type[_FieldT], *, doc: str = "") -> None:
        super().__init__(name, doc=doc)
        self.item = item

    def any(self, condition: Callable[[_FieldT], Condition] | None = None) -> Predicate:
        """At least one element meets the condition; without one, there is an element. False for null."""
        return self._lambda("any", condition)

    def all(self, condition: Callable[[_FieldT], Condition]) -> Predicate:
        """Every element meets the condition. True where there is no element, and for null."""
        return self._lambda("all", condition)

    def _lambda(self, kind: str, condition: Callable[[_FieldT], Condition] | None) -> Predicate:
        assert isinstance(self.node, Path)
        if condition is None:
            return Predicate(Lambda(kind, self.node, "", None))
        depth = _depth.get()
        variable = f"e{depth or ''}"
        token = _depth.set(depth + 1)
        try:
            built = condition(self.element(variable))
        finally:
            _depth.reset(token)
        if not isinstance(built, Condition):
            raise TypeError(f"{self.path}.{kind}() needs a function that returns a condition, not {built!r}")
        return Predicate(Lambda(kind, self.node, variable, built.node))

    def element(self, variable: str) -> _FieldT:
        """An element under the name of a lambda variable."""
        return self.item(variable)

    def _options(self) -> dict[str, Any]:
        return {"item": self.item, "doc": self.doc}

    def __str__(self) -> str:
        return self.path

    def __repr__(self) -> str:
        return f"<CollectionField {self.path}>"


def unknown_field(name: str, declared: type[_Declares], prefix: str = "") -> str:
    """The message for a name that no field has, with the nearest one that exists."""
    known = list(declared.fields())
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"; did you mean {prefix}{near[0]}?" if near else ""
    return f"{declared.__name__} has no field {prefix}{name}{hint} (it has {', '.join(known)})"


def as_expression(field: Field) -> Expression[Any] | None:
    """The field as a value to compare, if it is one: objects and collections are not."""
    return field if isinstance(field, Expression) else None

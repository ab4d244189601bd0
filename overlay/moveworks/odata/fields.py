"""Fields of an entity type, as generated code declares them: `Conversation.route`, `Interaction.detail.domain`."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Never, Self, TypeVar

from moveworks.odata.conditions import Condition, Immutable, Predicate
from moveworks.odata.expressions import (
    BooleanExpression,
    NumberExpression,
    TextExpression,
    TimestampExpression,
)
from moveworks.odata.kinds import Kind
from moveworks.odata.nodes import Compare, Lambda, Literal, Node, Path
from moveworks.odata.tokens import shortened
from moveworks.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_FieldT = TypeVar("_FieldT", bound="Field")
_depth: ContextVar[int] = ContextVar("moveworks_lambda_depth", default=0)


class Field(Immutable):
    """A property of a record.

    Attributes:
        wire_name: Its name on the wire.
        doc: What it means, from the vendor's spec.
        kind: `text`, `number`, `boolean`, `timestamp`, `object` or `collection`.
        values: The values that the spec lists, if it lists any; others may come.
    """

    kind: ClassVar[Kind]
    wire_name: str
    doc: str
    values: tuple[str | float, ...]
    node: Node

    def __init__(self, name: str, *, doc: str = "", values: tuple[str | float, ...] = ()) -> None:
        given = {"node": Path((name,)), "wire_name": name, "doc": doc, "values": values}
        for attribute, value in given.items():
            object.__setattr__(self, attribute, value)

    @property
    def path(self) -> str:
        """Wire names from the record inwards: `detail/domain`."""
        assert isinstance(self.node, Path)
        return "/".join(self.node.segments)

    def __get__(self, instance: object, owner: type) -> Self:
        return self._below(instance.node) if isinstance(instance, ObjectField) else self

    def _below(self, parent: Node) -> Self:
        assert isinstance(parent, Path)
        return _restore(type(self), self.wire_name, self._options(), Path((*parent.segments, self.wire_name)))

    def _options(self) -> dict[str, Any]:
        return {"doc": self.doc, "values": self.values} if self.values else {"doc": self.doc}

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.wire_name, self._options(), self.node)


def _restore(field: type[_FieldT], name: str, options: dict[str, Any], node: Node) -> _FieldT:
    restored = field(name, **options)
    object.__setattr__(restored, "node", node)
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
    if not TYPE_CHECKING:  # type checkers refuse unknown fields where they see no such method

        def __getattr__(cls, name: str) -> Never:
            raise AttributeError(unknown_field(name, cls))

    def __setattr__(cls, name: str, value: object) -> Never:
        raise AttributeError(f"{cls.__name__} cannot be changed: {name}")


class EntityType(_Declares, metaclass=_EntityTypeMeta):
    """The fields of an entity set's records, as class attributes; never instantiated."""

    def __new__(cls) -> Self:
        """Refused: the class itself is the catalogue."""
        raise TypeError(f"{cls.__name__} names fields, as in {cls.__name__}.id; it makes no objects")


class _NoValue(Field):
    """What objects and collections have in common: neither is a value that can be compared."""

    _nature: ClassVar[str]

    def __eq__(self, other: object) -> Predicate:  # type: ignore[override]
        raise TypeError(f"{self.path} is {self._nature}")

    def __ne__(self, other: object) -> Predicate:  # type: ignore[override]
        raise TypeError(f"{self.path} is {self._nature}")

    def __hash__(self) -> int:
        return hash(self.node)

    def __bool__(self) -> Never:
        raise TypeError(f"{self.path} has no truth value in Python: it is {self._nature}")

    def __iter__(self) -> Never:
        raise TypeError(f"{self.path} cannot be iterated: it is {self._nature}")

    def __contains__(self, item: object) -> Never:
        raise TypeError(f"`in` cannot be used with {self.path}: it is {self._nature}")

    def __str__(self) -> str:
        return self.path

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.path}>"


class ObjectField(_NoValue, _Declares):
    """A nested object; its own fields are attributes: `Interaction.detail.domain`."""

    kind = Kind.OBJECT
    _nature = "an object; compare one of its fields, or use is_null()"

    def is_null(self) -> Predicate:
        """There is no object."""
        return Predicate(Compare("eq", self.node, Literal(None)))

    def __eq__(self, other: object) -> Predicate:  # type: ignore[override]
        return self.is_null() if other is None else super().__eq__(other)

    def __ne__(self, other: object) -> Predicate:  # type: ignore[override]
        return Predicate(Compare("ne", self.node, Literal(None))) if other is None else super().__ne__(other)

    __hash__ = _NoValue.__hash__

    if not TYPE_CHECKING:  # as for entity types

        def __getattr__(self, name: str) -> Never:
            prefix = f"{self.path}/" if "node" in vars(self) else ""
            raise AttributeError(unknown_field(name, type(self), prefix=prefix))


class CollectionField(_NoValue, Generic[_FieldT]):
    """A list of objects or values; ask about its elements with `any` and `all`."""

    kind = Kind.COLLECTION
    _nature = "a collection; ask about its elements with any(lambda e: ...) or all(lambda e: ...)"
    item: type[_FieldT]

    def __init__(self, name: str, item: type[_FieldT], *, doc: str = "") -> None:
        super().__init__(name, doc=doc)
        object.__setattr__(self, "item", item)

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
        if not callable(condition):
            raise TypeError(
                f"{self.path}.{kind}() needs a function, such as lambda e: e == 'a', not {type(condition).__name__}"
            )
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


class UnknownFieldError(ValueError):
    """A path leads to no field.

    Attributes:
        place: Which of its segments does, from 0.
    """

    def __init__(self, message: str, place: int) -> None:
        super().__init__(message)
        self.place = place


def find(declared: Declared, segments: Sequence[str]) -> Declared:
    """What a path leads to: a field, or an element of a collection. The one place where paths are resolved.

    Args:
        declared: The entity type, or the element that a variable stands for.
        segments: Names on the wire, from the outside in.

    Raises:
        UnknownFieldError: if there is none, with the nearest name.
    """
    for place, segment in enumerate(segments):
        before = "/".join(segments[:place])
        if isinstance(declared, CollectionField):
            message = f"{before or 'this'} is a collection; ask about its elements with any(...) or all(...)"
            raise UnknownFieldError(message, place)
        fields = declared.fields() if isinstance(declared, ObjectField | type) else {}
        if not fields:
            message = f"{shortened(segment)!r} is not allowed here: {before or 'this'} is not an object"
            raise UnknownFieldError(message, place)
        if segment not in fields:
            owner: Any = declared if isinstance(declared, type) else type(declared)
            prefix = "" if isinstance(declared, type) else f"{declared.path}/"
            raise UnknownFieldError(unknown_field(segment, owner, prefix=prefix), place)
        declared = fields[segment]
    return declared


def unknown_field(name: str, declared: type[_Declares], prefix: str = "") -> str:
    """The message for a name that no field has, with the nearest one that exists."""
    known = declared.fields()
    hint = did_you_mean(name, known, prefix=prefix)
    return f"{declared.__name__} has no field {prefix}{shortened(name)}{hint} (it has {', '.join(known)})"


Declared = Field | type[EntityType]

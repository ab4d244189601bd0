"""The syntax tree of an OData expression: plain immutable values, compared by structure.

People hold the wrappers in `moveworks.odata.expressions`, whose `==` builds a comparison. Trees are for code
that translates them, such as the renderer and the sandbox.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import frozen

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    Scalar = str | int | float | Decimal | bool | datetime | date | None


@frozen
class Literal:
    """A constant: text, number, boolean, aware datetime, date, or None for `null`."""

    value: Scalar

    def __eq__(self, other: object) -> bool:
        """Equal in type as well: in Python `1 == True == 1.0`, in OData they are three literals."""
        if not isinstance(other, Literal):
            return NotImplemented
        return type(self.value) is type(other.value) and self.value == other.value

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))


@frozen
class Path:
    """A property, by its wire names from the outside in: `detail/domain`."""

    segments: tuple[str, ...]


@frozen
class Call:
    """A function of the standard: `startswith(name,'a')`."""

    name: str
    arguments: tuple[Node, ...]


@frozen
class Arithmetic:
    """`add`, `sub`, `mul`, `div`, `divby` or `mod` between two numbers."""

    operator: str
    left: Node
    right: Node


@frozen
class Negate:
    """Unary minus."""

    operand: Node


@frozen
class Compare:
    """`eq`, `ne`, `lt`, `le`, `gt` or `ge`."""

    operator: str
    left: Node
    right: Node


@frozen
class In:
    """Membership in a list of literals; never an empty one."""

    operand: Node
    values: tuple[Literal, ...]


@frozen
class And:
    """All of two or more; never holds another `And` directly."""

    items: tuple[Node, ...]


@frozen
class Or:
    """Any of two or more; never holds another `Or` directly."""

    items: tuple[Node, ...]


@frozen
class Not:
    """Negation."""

    operand: Node


@frozen
class Lambda:
    """`any` or `all` over a collection; without a body, `any()` asks whether there is an element."""

    kind: str
    collection: Path
    variable: str
    body: Node | None


@frozen
class Raw:
    """OData text taken as it is, with literals between its pieces."""

    parts: tuple[str | Literal, ...]


Node = Literal | Path | Call | Arithmetic | Negate | Compare | In | And | Or | Not | Lambda | Raw

DEEPEST: Final = 100
"""Levels of nesting that are written and read; joined conditions are one level, however many they are."""


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below."""
    match node:
        case Call():
            return node.arguments
        case Arithmetic() | Compare():
            return (node.left, node.right)
        case Negate() | Not():
            return (node.operand,)
        case In():
            return (node.operand, *node.values)
        case And() | Or():
            return node.items
        case Lambda():
            return () if node.body is None else (node.body,)
        case Literal() | Path() | Raw():
            return ()


def too_deep(node: Node) -> bool:
    """Whether the tree is nested more than DEEPEST levels. Does not recurse, so any tree may be asked about."""
    level: list[Node] = [node]
    for _ in range(DEEPEST + 1):
        level = [below for above in level for below in children(above)]
        if not level:
            return False
    return True

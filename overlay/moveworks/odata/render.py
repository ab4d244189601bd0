"""Writes a tree as OData text, with parentheses only where the standard's precedence needs them.

Comparisons do not chain here, so one inside another is always in parentheses.
"""

from __future__ import annotations

from typing import Final

from moveworks.odata.literals import Dialect, write_literal
from moveworks.odata.nodes import (
    DEEPEST,
    And,
    Arithmetic,
    Call,
    Compare,
    In,
    Lambda,
    Literal,
    Negate,
    Node,
    Not,
    Or,
    Path,
    Raw,
    too_deep,
)
from moveworks.odata.operators import ADDITIVE, AND, BINARY, EQUALITY, OR, PRIMARY, UNARY

_RAW: Final = -1


def render(node: Node, dialect: Dialect = Dialect.QUOTED_UTC) -> str:
    """OData text of a tree.

    Raises:
        ValueError: if the tree is nested too deeply to be written.
    """
    if too_deep(node):
        raise ValueError(
            f"the expression is nested more than {DEEPEST} levels deep; join many conditions with all_of() or any_of()"
        )
    return _text(node, dialect)


def _text(node: Node, dialect: Dialect) -> str:
    match node:
        case Literal():
            return write_literal(node.value, dialect)
        case Path():
            return "/".join(node.segments)
        case Call():
            return f"{node.name}({','.join([_text(argument, dialect) for argument in node.arguments])})"
        case And():
            return " and ".join([_operand(item, AND, dialect) for item in node.items])
        case Or():
            return " or ".join([_operand(item, OR, dialect) for item in node.items])
        case Compare():
            left, right = _operand(node.left, ADDITIVE, dialect), _operand(node.right, ADDITIVE, dialect)
            return f"{left} {node.operator} {right}"
        case In():
            values = ",".join([_text(value, dialect) for value in node.values])
            return f"{_operand(node.operand, PRIMARY, dialect)} in ({values})"
        case Arithmetic():
            level = BINARY[node.operator]
            left, right = _operand(node.left, level, dialect), _operand(node.right, level + 1, dialect)
            return f"{left} {node.operator} {right}"
        case Not():
            # `in` binds more tightly; as a side of a comparison, though, the grammar knows it in parentheses only.
            least = EQUALITY if isinstance(node.operand, In) else UNARY
            return f"not {_operand(node.operand, least, dialect)}"
        case Negate():
            return f"-{_operand(node.operand, UNARY, dialect)}"
        case Lambda():
            body = f"{node.variable}:{_text(node.body, dialect)}" if node.body is not None else ""
            return f"{'/'.join(node.collection.segments)}/{node.kind}({body})"
        case Raw():
            return "".join([part if isinstance(part, str) else _text(part, dialect) for part in node.parts])


def _operand(node: Node, least: int, dialect: Dialect) -> str:
    text = _text(node, dialect)
    return text if _level(node) >= least else f"({text})"


def _level(node: Node) -> int:
    match node:
        case Literal() | Path() | Call() | Lambda():
            return PRIMARY
        case In():
            return EQUALITY
        case Not() | Negate():
            return UNARY
        case Arithmetic() | Compare():
            return BINARY[node.operator]
        case And():
            return AND
        case Or():
            return OR
        case Raw():
            return _RAW

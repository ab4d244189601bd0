"""Writes a tree as OData text, with parentheses only where the standard's precedence needs them.

Precedence is that of OData 4.01, part 2 (URL conventions), section "Operator Precedence".
"""

from __future__ import annotations

from typing import Final

from moveworks.odata.literals import Dialect, write_literal
from moveworks.odata.nodes import (
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
)

_RAW, _OR, _AND, _EQUALITY, _RELATIONAL, _ADDITIVE, _MULTIPLICATIVE, _UNARY, _PRIMARY = range(9)
_ADDING: Final = frozenset({"add", "sub"})
_EQUALITIES: Final = frozenset({"eq", "ne"})


def render(node: Node, dialect: Dialect = Dialect.QUOTED_UTC) -> str:
    """OData text of a tree.

    Raises:
        ValueError: if the tree is nested too deeply to be written.
    """
    try:
        return _text(node, dialect)
    except RecursionError:
        raise ValueError(
            "the expression is nested too deeply; join many conditions with all_of(...) or any_of(...)"
        ) from None


def _text(node: Node, dialect: Dialect) -> str:
    match node:
        case Literal():
            return write_literal(node.value, dialect)
        case Path():
            return "/".join(node.segments)
        case Call():
            return f"{node.name}({','.join(_text(argument, dialect) for argument in node.arguments)})"
        case And():
            return " and ".join(_operand(item, _AND, dialect) for item in node.items)
        case Or():
            return " or ".join(_operand(item, _OR, dialect) for item in node.items)
        case Compare():
            # Comparisons do not chain, so a comparison inside a comparison is always in parentheses.
            left, right = (_operand(side, _ADDITIVE, dialect) for side in (node.left, node.right))
            return f"{left} {node.operator} {right}"
        case In():
            values = ",".join(_text(value, dialect) for value in node.values)
            return f"{_operand(node.operand, _PRIMARY, dialect)} in ({values})"
        case Arithmetic():
            level = _level(node)
            left, right = _operand(node.left, level, dialect), _operand(node.right, level + 1, dialect)
            return f"{left} {node.operator} {right}"
        case Not():
            return f"not {_operand(node.operand, _PRIMARY, dialect)}"
        case Negate():
            return f"-{_operand(node.operand, _PRIMARY, dialect, number_is_primary=False)}"
        case Lambda():
            body = f"{node.variable}:{_text(node.body, dialect)}" if node.body is not None else ""
            return f"{'/'.join(node.collection.segments)}/{node.kind}({body})"
        case Raw():
            return node.text


def _operand(node: Node, least: int, dialect: Dialect, *, number_is_primary: bool = True) -> str:
    text = _text(node, dialect)
    if _level(node) >= least and (number_is_primary or not isinstance(node, Literal)):
        return text
    return f"({text})"


def _level(node: Node) -> int:
    match node:
        case Literal() | Path() | Call() | Lambda():
            return _PRIMARY
        case Not() | Negate():
            return _UNARY
        case Arithmetic():
            return _ADDITIVE if node.operator in _ADDING else _MULTIPLICATIVE
        case Compare():
            return _EQUALITY if node.operator in _EQUALITIES else _RELATIONAL
        case In():
            return _EQUALITY
        case And():
            return _AND
        case Or():
            return _OR
        case Raw():
            return _RAW

"""Operators and how tightly they bind, as in OData 4.01, part 2 (URL conventions), section "Operator Precedence"."""

from __future__ import annotations

from typing import Final

OR, AND, EQUALITY, RELATIONAL, ADDITIVE, MULTIPLICATIVE, UNARY, PRIMARY = range(8)

BINARY: Final[dict[str, int]] = {
    "or": OR,
    "and": AND,
    "eq": EQUALITY,
    "ne": EQUALITY,
    "lt": RELATIONAL,
    "le": RELATIONAL,
    "gt": RELATIONAL,
    "ge": RELATIONAL,
    "add": ADDITIVE,
    "sub": ADDITIVE,
    "mul": MULTIPLICATIVE,
    "div": MULTIPLICATIVE,
    "divby": MULTIPLICATIVE,
    "mod": MULTIPLICATIVE,
    "in": PRIMARY,
}
"""What stands between two operands, and its level; `not` and `-` are UNARY."""

COMPARISONS: Final = frozenset({"eq", "ne", "lt", "le", "gt", "ge"})

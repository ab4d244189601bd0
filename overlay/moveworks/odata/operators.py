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

HINTS: Final[dict[str, str]] = {
    "is": "null is asked for with eq null, or ne null",
    "isnull": "null is asked for with eq null",
    "notnull": "null is asked for with ne null",
    "like": "use contains(field,'text'), startswith(...) or endswith(...)",
    "ilike": "use contains(tolower(field),'text')",
    "between": "write field ge 1 and field le 9",
    "equals": "did you mean eq?",
    "has": "use contains(field,'text'), or any(...) for a collection",
    "contains": "it is written as a function: contains(field,'text')",
    "startswith": "it is written as a function: startswith(field,'text')",
    "endswith": "it is written as a function: endswith(field,'text')",
}
"""What to write in place of words of other query languages."""

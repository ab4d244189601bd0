"""Translates filters and sort keys into SQL over rows that are kept as JSON text.

Null follows OData 4.01: `eq` and `ne` treat it as a value, `lt` and its like are false, functions and arithmetic of it
are null, and a condition that is neither true nor false selects nothing.
"""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    import sqlite3

OPERATORS = {"eq": "IS", "ne": "IS NOT", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
PARTS = {"year": (1, 4), "month": (6, 2), "day": (9, 2), "hour": (12, 2), "minute": (15, 2), "second": (18, 2)}


class Translation:
    """SQL text with its parameters."""

    def __init__(self) -> None:
        self.parameters: list[Any] = []
        self._variables: dict[str, str] = {}

    def condition(self, node: Node) -> str:
        """SQL that is true where the tree is."""
        match node:
            case And():
                return "(" + " AND ".join(self.condition(item) for item in node.items) + ")"
            case Or():
                return "(" + " OR ".join(self.condition(item) for item in node.items) + ")"
            case Not():
                return f"(NOT {self.condition(node.operand)})"
            case Compare():
                left, right = self.value(node.left), self.value(node.right)
                text = f"{left} {OPERATORS[node.operator]} {right}"
                return f"({text})" if node.operator in {"eq", "ne"} else f"coalesce({text}, 0)"
            case In():
                operand = self.value(node.operand)
                values = ",".join(self.value(value) for value in node.values)
                return f"coalesce({operand} IN ({values}), 0)"
            case Lambda():
                return self._lambda(node)
            case Raw():
                raise ValueError("raw text cannot be evaluated")
            case _:
                return self.value(node)

    def value(self, node: Node) -> str:
        """SQL of a value."""
        match node:
            case Literal():
                return self._literal(node.value)
            case Path():
                return self._path(node)
            case Call():
                return self._call(node)
            case Arithmetic():
                left, right = self.value(node.left), self.value(node.right)
                if node.operator in {"div", "divby", "mod"}:
                    return f"odata_{node.operator}({left}, {right})"
                return f"({left} {({'add': '+', 'sub': '-', 'mul': '*'})[node.operator]} {right})"
            case Negate():
                return f"(- {self.value(node.operand)})"
            case _:
                return self.condition(node)

    def _literal(self, value: Any) -> str:
        if isinstance(value, datetime):
            value = value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
        elif isinstance(value, date):
            value = value.isoformat()
        elif value is not None and not isinstance(value, str | bool | int | float):
            value = float(value)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**63:
            value = float(value)
        self.parameters.append(value)
        return "?"

    def _path(self, node: Path) -> str:
        first, *rest = node.segments
        source, keys = (self._variables[first], rest) if first in self._variables else ("body", list(node.segments))
        if not keys:
            return f"{source}.value"
        column = "body" if source == "body" else f"{source}.value"
        if source != "body":
            # json_each gives objects as text, and null where there is none.
            self.parameters.append("$." + ".".join(f'"{key}"' for key in keys))
            return f"json_extract({column}, ?)"
        self.parameters.append("$." + ".".join(f'"{key}"' for key in keys))
        return f"json_extract({column}, ?)"

    def _lambda(self, node: Lambda) -> str:
        alias = f"each_{len(self._variables)}_{len(self.parameters)}"
        path = self._path(node.collection)
        if node.body is None:
            return f"EXISTS (SELECT 1 FROM json_each({path}) AS {alias})"
        outer = self._variables
        self._variables = {**outer, node.variable: alias}
        body = self.condition(node.body)
        self._variables = outer
        if node.kind == "any":
            return f"EXISTS (SELECT 1 FROM json_each({path}) AS {alias} WHERE {body})"
        return f"(NOT EXISTS (SELECT 1 FROM json_each({path}) AS {alias} WHERE NOT coalesce({body}, 0)))"

    def _call(self, node: Call) -> str:
        arguments = [self.value(argument) for argument in node.arguments]
        match node.name:
            case "contains":
                return f"(instr({arguments[0]}, {arguments[1]}) > 0)"
            case "date":
                return f"substr({arguments[0]}, 1, 10)"
            case name if name in PARTS:
                start, length = PARTS[name]
                return f"CAST(substr({arguments[0]}, {start}, {length}) AS INTEGER)"
            case name:
                return f"odata_{name}({', '.join(arguments)})"


def install(connection: sqlite3.Connection) -> None:
    """Give a connection the functions of OData that SQLite has not, or has for ASCII only."""

    def define(name: str, count: int, function: Any) -> None:
        def null_in_null_out(*arguments: Any) -> Any:
            return None if None in arguments else function(*arguments)

        connection.create_function(f"odata_{name}", count, null_in_null_out, deterministic=True)

    define("startswith", 2, lambda text, other: text.startswith(other))
    define("endswith", 2, lambda text, other: text.endswith(other))
    define("tolower", 1, str.lower)
    define("toupper", 1, str.upper)
    define("trim", 1, str.strip)
    define("length", 1, len)
    define("indexof", 2, lambda text, other: text.find(other))
    define("substring", 2, lambda text, start: text[max(0, int(start)) :])
    define(
        "substring", 3, lambda text, start, length: text[max(0, int(start)) : max(0, int(start)) + max(0, int(length))]
    )
    define("concat", 2, lambda text, other: text + other)
    define("div", 2, _div)
    define("divby", 2, lambda left, right: left / right if right else None)
    define("mod", 2, lambda left, right: _mod(left, right) if right else None)


def _div(left: float, right: float) -> float | None:
    if not right:
        return None
    if isinstance(left, int) and isinstance(right, int):
        quotient = abs(left) // abs(right)
        return quotient if (left < 0) == (right < 0) else -quotient
    return left / right


def _mod(left: float, right: float) -> float:
    if isinstance(left, int) and isinstance(right, int):
        return int(math.copysign(abs(left) % abs(right), left))
    return math.fmod(left, right)

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
COLUMNS = ("created_time", "last_updated_time")
"""Properties that stand in columns of their own as well, since windows of time are asked for again and again."""
PARTS = {"year": (1, 4), "month": (6, 2), "day": (9, 2), "hour": (12, 2), "minute": (15, 2), "second": (18, 2)}


class Translation:
    """SQL text with its parameters."""

    def __init__(self) -> None:
        self.parameters: list[Any] = []
        self._variables: dict[str, str] = {}

    def selects(self, node: Node) -> str:
        """SQL that is true where the tree is, and false or null elsewhere, in a form for which SQLite uses an index."""
        if isinstance(node, And):
            return _balanced("AND", [self.selects(item) for item in node.items])
        if isinstance(node, Compare):
            return f"{self.value(node.left)} {OPERATORS[node.operator]} {self.value(node.right)}"
        return self.condition(node)

    def condition(self, node: Node) -> str:
        """SQL that is true or false as the tree is."""
        match node:
            case And():
                return _balanced("AND", [self.condition(item) for item in node.items])
            case Or():
                return _balanced("OR", [self.condition(item) for item in node.items])
            case Not():
                return f"(NOT {self.condition(node.operand)})"
            case Compare():
                left, right = self.value(node.left), self.value(node.right)
                text = f"{left} {OPERATORS[node.operator]} {right}"
                return f"({text})" if node.operator in {"eq", "ne"} else f"coalesce({text}, 0)"
            case In():
                operand = self.value(node.operand)
                values = [self.value(value) for value in node.values if value.value is not None]
                with_null = int(len(values) < len(node.values))
                # SQL's `in` knows no null on either side; OData's is `eq` with each value.
                return f"coalesce({operand} IN ({','.join(values)}), {with_null})" if values else f"({operand} IS NULL)"
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
                return f"odata_{node.operator}({left}, {right})"
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
        if len(node.segments) == 1 and node.segments[0] in COLUMNS and node.segments[0] not in self._variables:
            return node.segments[0]
        source, keys = self._source(node)
        if not keys:
            return f"{source}.value"
        return f"json_extract({source}, {self._keys(keys)})"

    def _source(self, node: Path) -> tuple[str, tuple[str, ...]]:
        """Where a path begins, and the names below. What is no object has no properties."""
        first, *rest = node.segments
        if first not in self._variables:
            return "body", node.segments
        each = self._variables[first]
        return (f"CASE {each}.type WHEN 'object' THEN {each}.value END" if rest else each), tuple(rest)

    def _keys(self, keys: tuple[str, ...]) -> str:
        self.parameters.append("$." + ".".join(f'"{key}"' for key in keys))
        return "?"

    def _lambda(self, node: Lambda) -> str:
        alias = f"each_{len(self._variables)}_{len(self.parameters)}"
        source, keys = self._source(node.collection)
        kind, value = (f"{function}({source}, {self._keys(keys)})" for function in ("json_type", "json_extract"))
        elements = f"json_each(CASE {kind} WHEN 'array' THEN {value} END) AS {alias}"
        if node.body is None:
            return f"EXISTS (SELECT 1 FROM {elements})"
        outer = self._variables
        self._variables = {**outer, node.variable: alias}
        body = self.condition(node.body)
        self._variables = outer
        if node.kind == "any":
            return f"EXISTS (SELECT 1 FROM {elements} WHERE {body})"
        return f"(NOT EXISTS (SELECT 1 FROM {elements} WHERE NOT coalesce({body}, 0)))"

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


def _balanced(operator: str, conditions: list[str]) -> str:
    """Joined in halves: SQLite allows no chain of a thousand."""
    if len(conditions) == 1:
        return conditions[0]
    middle = len(conditions) // 2
    return f"({_balanced(operator, conditions[:middle])} {operator} {_balanced(operator, conditions[middle:])})"


def install(connection: sqlite3.Connection) -> None:
    """Give a connection the functions of OData that SQLite has not, or has for ASCII only."""

    def define(name: str, count: int, function: Any) -> None:
        def null_in_null_out(*arguments: Any) -> Any:
            if None in arguments:
                return None
            try:
                result = function(*arguments)
            except (TypeError, ValueError, AttributeError, ArithmeticError):
                # Division by zero; and loaded records may hold what the spec does not say, such as a number for a text.
                return None
            # SQLite's integers have 64 bits.
            return float(result) if isinstance(result, int) and abs(result) >= 2**63 else result

        connection.create_function(f"odata_{name}", count, null_in_null_out, deterministic=True)

    define("startswith", 2, lambda text, other: text.startswith(other))
    define("endswith", 2, lambda text, other: text.endswith(other))
    define("tolower", 1, str.lower)
    define("toupper", 1, str.upper)
    define("trim", 1, str.strip)
    define("length", 1, len)
    define("indexof", 2, lambda text, other: text.find(other))
    define("substring", 2, lambda text, start: text[int(start) :])
    define("substring", 3, lambda text, start, length: text[int(start) :][: int(length)] if length >= 0 else None)
    define("concat", 2, lambda text, other: text + other)
    define("add", 2, lambda left, right: left + right)
    define("sub", 2, lambda left, right: left - right)
    define("mul", 2, lambda left, right: left * right)
    define("div", 2, _div)
    define("divby", 2, lambda left, right: left / right)
    define("mod", 2, _mod)


def _div(left: float, right: float) -> float:
    if isinstance(left, int) and isinstance(right, int):
        quotient = abs(left) // abs(right)
        return quotient if (left < 0) == (right < 0) else -quotient
    return left / right


def _mod(left: float, right: float) -> float:
    if isinstance(left, int) and isinstance(right, int):
        remainder = abs(left) % abs(right)
        return -remainder if left < 0 else remainder
    return math.fmod(left, right)

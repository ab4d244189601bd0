"""OData text with bound values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from moveworks.odata.conditions import Predicate
from moveworks.odata.literals import LITERALS, Dialect, write_literal
from moveworks.odata.nodes import Raw

if TYPE_CHECKING:
    from moveworks.odata.nodes import Scalar

_PARTS: Final = re.compile(r"'(?:[^']|'')*'|\{\{|\}\}|\{(\w*)\}|[{}]")


def raw(template: str, /, dialect: Dialect = Dialect.QUOTED_UTC, **values: Scalar) -> Predicate:
    """A condition from OData text that is taken as it is, for what the builder cannot say.

    `{name}` stands for a value, which is quoted and escaped as a literal of its type: `raw("route eq {r}", r="it's")`.
    Braces inside quoted text are left alone; elsewhere `{{` and `}}` stand for themselves.

    Raises:
        ValueError: for an empty text, a placeholder without a value, or a value without a placeholder.
        TypeError: for a value that has no literal.
    """
    if not template.strip():
        raise ValueError("raw() needs OData text; an empty filter would select every record")
    unused = set(values)

    def bound(found: re.Match[str]) -> str:
        part = found.group()
        if part.startswith("'"):
            return part
        if part in {"{{", "}}"}:
            return part[0]
        name = found.group(1)
        if not name or name not in values:
            raise ValueError(f"raw(): no value is given for {part} at character {found.start() + 1}; a brace is {{{{")
        unused.discard(name)
        return write_literal(_checked(name, values[name]), dialect)

    text = _PARTS.sub(bound, template)
    if unused:
        raise ValueError(f"raw(): the text has no placeholder for {', '.join(sorted(unused))}")
    return Predicate(Raw(text))


def _checked(name: str, value: Scalar) -> Scalar:
    if value is None:
        return None
    errors: list[Exception] = []
    for kind in ("boolean", "number", "timestamp", "date", "text"):
        try:
            return LITERALS[kind](value, f"the value of {name}").value
        except (TypeError, ValueError) as error:
            errors.append(error)
    raise next((error for error in errors if isinstance(error, ValueError)), errors[-1])

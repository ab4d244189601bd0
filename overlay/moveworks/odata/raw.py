"""OData text with bound values."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from moveworks.odata.conditions import Predicate
from moveworks.odata.encoding import check_sendable
from moveworks.odata.kinds import Kind
from moveworks.odata.literals import literal_of
from moveworks.odata.nodes import Literal, Raw

if TYPE_CHECKING:
    from moveworks.odata.nodes import Scalar

_PARTS: Final = re.compile(r"'[^']*(?:''[^']*)*'(?!')|\{\{|\}\}|\{(\w*)\}|[{}']")


def raw(template: str, /, **values: Scalar) -> Predicate:
    """A condition from OData text that is taken as it is, for what the builder cannot say.

    `{name}` stands for a value, which is quoted and escaped as a literal of its type: `raw("route eq {r}", r="it's")`.
    Braces inside quoted text are left alone; elsewhere `{{` and `}}` stand for themselves.

    Raises:
        ValueError: for an empty text, an unclosed quote, a placeholder without a value, or a value without one.
        TypeError: for a value that has no literal.
    """
    if not isinstance(template, str):
        raise TypeError(f"raw() needs OData text, not {type(template).__name__}")
    if not template.strip():
        raise ValueError("raw() needs OData text; an empty filter would select every record")
    check_sendable(template, "raw()")
    parts: list[str | Literal] = []
    unused, end = set(values), 0
    for found in _PARTS.finditer(template):
        part, at = found.group(), found.start() + 1
        parts.append(template[end : found.start()])
        end = found.end()
        if part == "'":
            raise ValueError(f"raw(): the quote at character {at} is never closed")
        if part.startswith("'") or part in {"{{", "}}"}:
            parts.append(part if part.startswith("'") else part[0])
            continue
        name = found.group(1)
        if not name or name not in values:
            raise ValueError(f"raw(): no value is given for {part} at character {at}; a brace is {{{{")
        unused.discard(name)
        parts.append(_bound(name, values[name]))
    if unused:
        raise ValueError(
            f"raw(): the text has no placeholder for {', '.join(sorted(unused))}; inside quotes a brace is text, so "
            "write {name} without them"
        )
    return Predicate(Raw(tuple(part for part in (*parts, template[end:]) if part != "")))


def _bound(name: str, value: Scalar) -> Literal:
    if value is None:
        return Literal(None)
    for kind in (Kind.BOOLEAN, Kind.NUMBER, Kind.TIMESTAMP, Kind.DATE, Kind.TEXT):
        with suppress(TypeError):
            return literal_of(kind, value, f"the value of {name}")
    raise TypeError(f"raw(): the value of {name} is of type {type(value).__name__}, which has no OData literal")

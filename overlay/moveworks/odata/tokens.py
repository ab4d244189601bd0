"""Splits OData text into tokens, and the error that points into it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator


class ODataSyntaxError(ValueError):
    """OData text that cannot be read.

    Attributes:
        text: The text.
        position: Where in it, from 0.
        reason: What is wrong there.
    """

    def __init__(self, reason: str, text: str, position: int) -> None:
        self.reason, self.text, self.position = reason, text, position
        # A long text is cut around the place, so that the caret stays on the screen.
        start = max(0, position - 60)
        line = text[start : position + 60].replace("\n", " ").replace("\t", " ")
        super().__init__(f"{reason} (at character {position + 1})\n  {line}\n  {' ' * (position - start)}^")

    def __reduce__(self) -> tuple[type[ODataSyntaxError], tuple[str, str, int]]:
        return type(self), (self.reason, self.text, self.position)


@frozen
class Token:
    """One token: its kind, its text as written, and where it begins."""

    kind: str
    text: str
    position: int


_TOKENS: Final = re.compile(
    r"""
      (?P<space>[ \t\r\n]+)
    | (?P<text>'(?:[^']|'')*')
    | (?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?(?:Z|[+-]\d\d:\d\d))
    | (?P<date>\d{4}-\d\d-\d\d)(?![\w-])
    | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])
    | (?P<name>[@A-Za-z_\u0080-\U0010ffff][\w.@-]*?(?![\w]|[.@](?=\w)))
    | (?P<mark>[(),/:-])
    """,
    re.VERBOSE,
)


def tokens(text: str) -> Iterator[Token]:
    """All tokens of a text, white space left out, with one of kind `end` behind the last.

    Raises:
        ODataSyntaxError: at the first character that begins no token.
    """
    position = 0
    while position < len(text):
        found = _TOKENS.match(text, position)
        if found is None:
            raise ODataSyntaxError(_reason(text, position), text, position)
        assert found.lastgroup is not None
        if found.lastgroup != "space":
            yield Token(found.lastgroup, found.group(), position)
        position = found.end()
    yield Token("end", "", position)


def _reason(text: str, position: int) -> str:
    character = text[position]
    if character == "'":
        return "this quote is never closed; a quote inside a text is written twice"
    if character == '"':
        return "OData text stands in single quotes"
    if character in "=!<>&|":
        return f"{character!r} is not an OData operator; use eq, ne, lt, le, gt, ge, and, or, not"
    if character.isdigit():
        return "this is neither a number nor a time"
    return f"unexpected character {character!r}"

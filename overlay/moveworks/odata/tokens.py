"""Splits OData text into tokens, and the error that points into it."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

from moveworks.odata.encoding import unsendable
from moveworks.odata.redact import masked
from moveworks.text import printable

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
        # Values may be personal, so only their places are shown. A long text is cut around the place, so that the caret
        # stays on the screen.
        start, shown = max(0, position - 60), masked(text)
        before, after = printable(shown[start:position]), printable(shown[position : position + 60])
        super().__init__(f"{reason} (at character {position + 1})\n  {before}{after}\n  {' ' * _columns(before)}^")

    def __reduce__(self) -> tuple[type[ODataSyntaxError], tuple[str, str, int]]:
        return type(self), (self.reason, self.text, self.position)


class Token(NamedTuple):
    """One token: its kind, its text as written, and where it begins."""

    kind: str
    text: str
    position: int

    @property
    def shown(self) -> str:
        """As it stands in a message: values may be personal, so only their kind is shown."""
        if self.kind in {"text", "time", "date", "number"}:
            return f"a {self.kind}"
        return shortened(self.text) or "the end"


def shortened(text: str) -> str:
    """Cut where it is too long for a message."""
    return text if len(text) <= 60 else text[:57] + "..."


DATE: Final = r"[0-9]{4}-[0-9][0-9]-[0-9][0-9]"
TIME: Final = DATE + r"T[0-9][0-9]:[0-9][0-9](?::[0-9][0-9](?:\.[0-9]{1,12})?)?(?:Z|[+-][0-9][0-9]:[0-9][0-9])"

# Without possessive quantifiers, which match wrongly before Python 3.11.5 (python/cpython#106052).
_TOKENS: Final = re.compile(
    rf"""
      (?P<space>[ \t\r\n]+)
    | (?P<text>'[^']*(?:''[^']*)*'(?!'))
    | (?P<time>{TIME})(?![\w.:-])
    | (?P<date>{DATE})(?![\w-])
    | (?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![\w.])
    | (?P<name>@?[^\W\d]\w*(?:[.@]\w+)*)
    | (?P<mark>[(),/:-])
    """,
    re.VERBOSE,
)


def tokens(text: str) -> Iterator[Token]:
    """All tokens of a text, white space left out, with one of kind `end` behind the last.

    Raises:
        ODataSyntaxError: at the first character that begins no token.
    """
    if found := unsendable(text):
        raise ODataSyntaxError(f"{found[0]} is not allowed in OData text", text, found[1])
    position = 0
    while position < len(text):
        token = _TOKENS.match(text, position)
        if token is None:
            raise ODataSyntaxError(_reason(text, position), text, position)
        assert token.lastgroup is not None
        if token.lastgroup != "space":
            yield Token(token.lastgroup, token.group(), position)
        position = token.end()
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


def _columns(text: str) -> int:
    """How wide a terminal shows the text: two columns for wide characters, none for those that join others."""
    return sum(
        0
        if unicodedata.category(character) in {"Mn", "Me"}
        else 2
        if unicodedata.east_asian_width(character) in {"W", "F"}
        else 1
        for character in text
    )

"""Percent-encoding of OData text, and the characters that have no place in it."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

# RFC 3986 unreserved characters stay; of the rest only those that OData uses all the time and that are safe in a query.
_SAFE: Final = "~(),:/*"
# A slash inside a text literal is data: the grammar (pchar-no-SQUOTE) wants it encoded there.
_SAFE_IN_TEXT: Final = "~(),:*"
_UNSENDABLE: Final = re.compile("[\0\ud800-\udfff]")


def percent_encoded(text: str) -> str:
    """OData text as it stands in an address; pure ASCII, and what `unquote` gives back is the same text."""
    # Every second part is inside quotes; between the two of a doubled quote is an empty one, outside.
    parts = enumerate(text.split("'"))
    return "'".join(quote(part, safe=_SAFE_IN_TEXT if place % 2 else _SAFE) for place, part in parts)


def unsendable(text: str) -> tuple[str, int] | None:
    """The first character that cannot be sent, by name, and its position: NUL, or half of a surrogate pair."""
    found = _UNSENDABLE.search(text)
    if found is None:
        return None
    return "a NUL character" if found.group() == "\0" else "a lone surrogate", found.start()


def check_sendable(text: str, where: object) -> None:
    """Raise ValueError if the text holds a character that cannot be sent."""
    if found := unsendable(text):
        name, position = found
        reason = "; it is not valid Unicode" if "surrogate" in name else "; remove it"
        raise ValueError(f"{where}: the text holds {name} at position {position}{reason}")

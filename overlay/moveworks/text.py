"""Text in messages and headers: what was perhaps meant, what may be shown, what may be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(name: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """The known name that was perhaps meant, if there is one."""
    import difflib

    names = list(known) if len(name) <= 128 else []
    near = difflib.get_close_matches(name, names, n=1, cutoff=cutoff)
    return near[0] if near else None


def did_you_mean(name: str, known: Iterable[str], *, prefix: str = "") -> str:
    """The end of a message that names what was perhaps meant; empty if nothing is near."""
    near = nearest(name, known, cutoff=0.5)
    return f"; did you mean {prefix}{near}?" if near else ""


def printable(text: str) -> str:
    """The text with a blank in place of each character that is not printable."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else " " for character in text)


def header_problem(value: str) -> str | None:
    """Why a value is not allowed in a header, if so."""
    if not value.strip():
        return "is empty"
    if value != value.strip() or not value.isascii() or not value.isprintable():
        return "holds white space at an end (a copied line break?), or a character that is not allowed in a header"
    return None

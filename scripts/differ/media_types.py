"""Media types: which of two documents belong together, and which is the wider."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def matched(old: Iterable[str], new: Iterable[str]) -> list[tuple[str, str]]:
    """Media types that are the same, or of which one is the wider: `text/*`, `application/json` and `application/x+json`.

    The nearest first: the same text, the same but for parameters such as `charset`, one within the other.
    """
    gone, come = list(old), list(new)
    found: list[tuple[str, str]] = []
    for alike in (
        lambda was, now: was == now,
        lambda was, now: _name(was) == _name(now),
        lambda was, now: contains(was, now) or contains(now, was),
    ):
        for was in [*gone]:
            now = next((each for each in come if alike(was, each)), None)
            if now is not None:
                found.append((was, now))
                gone.remove(was)
                come.remove(now)
    return found


def contains(wide: str, narrow: str) -> bool:
    """Whether everything of the second media type is also of the first, and not the other way round."""
    one, other = _name(wide), _name(narrow)
    if one == other:
        return False
    if one == "*/*":
        return True
    kind, _, subtype = one.partition("/")
    other_kind, _, other_subtype = other.partition("/")
    if kind != other_kind or other_subtype == "*":
        return False
    return subtype == "*" or other_subtype.endswith(f"+{subtype}")


def _name(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()

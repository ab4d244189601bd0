"""The part of the differ that watches promises: deprecation, sunset dates and stability levels."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

from scripts.differ.recorder import Recorder

_LEVELS: Final = ("draft", "alpha", "beta", "stable")


class LifecycleDiffer(Recorder):
    """Compares what is said of how long something will be there."""

    def _deprecation(
        self, before: dict[str, Any], after: dict[str, Any], base: str, head: str, rule: str, what: str
    ) -> None:
        was, now = before.get("deprecated") is True, after.get("deprecated") is True
        if now:
            self._sunset(before, after, base, head, rule, what, deprecated_before=was)
        if was != now:
            name = f"{rule.replace('api-path', 'endpoint')}-{'deprecated' if now else 'reactivated'}"
            message = f"{what} is {'now' if now else 'no longer'} deprecated"
            self._note(name, base, head, was, now, message, "info", "behavioural" if now else "additive")

    def _sunset(
        self,
        before: dict[str, Any],
        after: dict[str, Any],
        base: str,
        head: str,
        rule: str,
        what: str,
        *,
        deprecated_before: bool,
    ) -> None:
        old, new = (str(each["x-sunset"]) if each.get("x-sunset") is not None else None for each in (before, after))
        was, now = sunset_of(before), sunset_of(after)
        if old == new and deprecated_before:
            return
        if old is not None and new is None and deprecated_before:
            message = f"the sunset date of {what} was deleted"
            self._note("sunset-deleted", base, head, old, None, message, "error", "behavioural")
        elif (new is not None and now is None) or (old is not None and was is None and deprecated_before):
            message = f"the sunset date {new if now is None else old} of {what} is no date"
            self._note(f"{rule}-sunset-parse", base, head, old, new, message, "error", "behavioural")
        elif now is not None and now < self._today and not (deprecated_before and (was is None or was <= now)):
            message = f"the sunset date {new} of {what} is over already"
            name = f"{rule.removesuffix('-path')}-sunset-date-too-small"
            self._note(name, base, head, old, new, message, "error", "behavioural")

    def _stability(self, before: dict[str, Any], after: dict[str, Any], base: str, head: str) -> None:
        """The level that an operation promises, in `x-stability-level`."""
        old, new = (each.get("x-stability-level") for each in (before, after))
        if old == new:
            return
        places = (f"{base}/x-stability-level", f"{head}/x-stability-level")
        if any(each is not None and each not in _LEVELS for each in (old, new)):
            message = f"a stability level is one of {', '.join(_LEVELS)}: {old!r} became {new!r}"
            self._note("api-invalid-stability-level", *places, old, new, message, "error", "behavioural")
        elif old is not None and (new is None or _LEVELS.index(new) < _LEVELS.index(old)):
            message = f"the stability level went down from {old} to {new or 'none'}"
            self._note("api-stability-decreased", *places, old, new, message, "error", "behavioural")
        else:
            message = f"the stability level is {new} now"
            self._note("api-stability-increased", *places, old, new, message, "info", "additive")


def unstable(operation: dict[str, Any]) -> bool:
    """Whether an operation promises nothing yet."""
    return operation.get("x-stability-level") in {"draft", "alpha"}


def sunset_of(node: dict[str, Any]) -> date | None:
    """The day on which something deprecated goes; None if there is none, or it cannot be read."""
    text = str(node.get("x-sunset", ""))
    try:
        return date.fromisoformat(text[:10]) if re.fullmatch(r"\d{4}-\d\d-\d\d([T ].*)?", text) else None
    except ValueError:
        return None

"""What the parts of the differ share: notes of what was found, who reaches it, and references."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from attrs import define, field

from scripts.review.findings import PYTHON, WIRE, Finding
from scripts.review.references import component_schemas, follow, references

if TYPE_CHECKING:
    from collections.abc import Callable

NARROW, WIDEN, BOTH, NEITHER = "narrow", "widen", "both", "neither"
NOTEWORTHY: Final = re.compile(
    r"\b(limit|maximum|minimum|at most|up to|deprecat|retention|retain|days?|hours?|sunset|removed|no longer|rate|\d{4}-\d\d)",
    re.IGNORECASE,
)
# What a Python user of the generated models and of the facade meets, by kind of change and direction.
PYTHON_SEVERITY: Final[dict[str, tuple[str, str]]] = {
    # kind: (in a request, in a response)
    "type-changed": ("breaking-runtime", "breaking-runtime"),
    "property-removed": ("breaking-runtime", "breaking-runtime"),
    "property-renamed": ("breaking-runtime", "breaking-runtime"),
    "new-required-property": ("breaking-runtime", "additive"),
    "new-optional-property": ("additive", "additive"),
    "became-required": ("breaking-runtime", "additive"),
    "became-optional": ("additive", "breaking-typing"),
    "became-nullable": ("additive", "breaking-typing"),
    "became-not-nullable": ("breaking-typing", "additive"),
    "enum-value-removed": ("breaking-typing", "additive"),
    # Enums are open: a value that nobody knew reaches the user as it is.
    "enum-value-added": ("additive", "additive"),
    "became-enum": ("breaking-typing", "additive"),
    "enum-removed": ("additive", "additive"),
    "one-of-added": ("additive", "breaking-typing"),
    "any-of-added": ("additive", "breaking-typing"),
    "one-of-removed": ("breaking-typing", "additive"),
    "any-of-removed": ("breaking-typing", "additive"),
    "wrapped-in-one-of": ("additive", "breaking-typing"),
    "wrapped-in-any-of": ("additive", "breaking-typing"),
    "unwrapped-from-one-of": ("breaking-typing", "breaking-typing"),
    "unwrapped-from-any-of": ("breaking-typing", "breaking-typing"),
    "default-value-changed": ("behavioural", "additive"),
    "const-changed": ("breaking-typing", "breaking-typing"),
    "discriminator-changed": ("behavioural", "breaking-runtime"),
}
# Where oasdiff's level is not what narrowing and widening give: (request, response).
WIRE_LEVEL: Final[dict[str, tuple[str, str]]] = {
    "enum-value-added": ("info", "warning"),
    "enum-removed": ("info", "warning"),
    "x-extensible-enum-value-added": ("info", "warning"),
    "pattern-removed": ("info", "info"),
    "pattern-changed": ("error", "info"),
    "additional-properties-added": ("info", "info"),
    "new-optional-property": ("info", "info"),
    "default-value-changed": ("info", "info"),
}


Pair = tuple[str, str, int]
"""Two schemas and a direction: pointer in the base, pointer in the head, 0 for requests and 1 for responses."""


@define
class Compared:
    """What was found in one schema, and the schemas below it."""

    causes: list[tuple[str, bool]] = field(factory=list)
    children: list[Pair] = field(factory=list)


class Recorder:
    """Keeps the findings of a comparison.

    Args:
        base: The old document.
        head: The new one.
        today: For sunset dates; by default today.
    """

    def __init__(self, base: dict[str, Any], head: dict[str, Any], *, today: date | None = None) -> None:
        self._base, self._head = base, head
        self._today = today or datetime.now(UTC).date()
        self._found: dict[str, Finding] = {}
        self._compared: dict[Pair, Compared] = {}
        self._stack: list[Compared] = []
        self._pending: list[Callable[[], None]] = []
        self._draining = False
        self._roots: dict[tuple[str, int], list[Pair]] = {}
        self._operation = ""
        self._direction = 0
        self._equal = _equal_components(base, head)
        self._renamed: set[str] = set()

    # notes

    def _changed(
        self,
        kind: str,
        effect: str,
        base: str | None,
        head: str | None,
        old: Any,
        new: Any,
        message: str,
        where: str,
        *,
        levels: tuple[str, str] | None = None,
        rule: str | None = None,
        python: str | None = None,
    ) -> None:
        narrow, widen = effect in {NARROW, BOTH}, effect in {WIDEN, BOTH}
        table = levels or WIRE_LEVEL.get(kind) or ("error" if narrow else "info", "error" if widen else "info")
        side = ("request", "response")[self._direction]
        at = where.partition("-")[2] if where.startswith(side) else where
        level = table[self._direction]
        if python is None:
            # What no type shows is met at run time, if it can be met at all.
            unknown = "additive" if level == "info" else "behavioural"
            python = PYTHON_SEVERITY[kind][self._direction] if kind in PYTHON_SEVERITY else unknown
        self._note(rule or f"{side}-{at}-{kind}", base, head, old, new, message, level, python, kind=kind)

    def _note(
        self,
        rule: str,
        base: str | None,
        head: str | None,
        old: Any,
        new: Any,
        message: str,
        wire: str,
        python: str,
        *,
        kind: str | None = None,
    ) -> None:
        cause = repr((kind or rule, base, head, old, new))
        finding = self._found.get(cause)
        if finding is None:
            finding = self._found[cause] = Finding(
                rule=rule, wire=wire, python=python, message=message, base=base, head=head, old=old, new=new
            )
        else:
            # One cause in both directions: the rule is that of the worse one.
            if WIRE.index(wire) > WIRE.index(finding.wire):
                finding.wire, finding.rule = wire, rule
            if PYTHON.index(python) > PYTHON.index(finding.python):
                finding.python = python
        if self._stack:
            self._stack[-1].causes.append((cause, kind is not None))
        elif self._operation:
            self._reach(finding, self._operation, self._direction if kind else None)

    @staticmethod
    def _reach(finding: Finding, operation: str, direction: int | None) -> None:
        reached = operation if direction is None else f"{operation} {('request', 'response')[direction]}"
        if reached not in finding.reaches:
            finding.reaches.append(reached)

    def _spread(self) -> None:
        """Tell every finding in a schema which operations reach it."""
        holders: dict[Pair, set[Pair]] = {}
        for pair, compared in self._compared.items():
            for child in compared.children:
                holders.setdefault(child, set()).add(pair)
        # Only what leads to a finding is followed.
        live = {pair for pair, compared in self._compared.items() if compared.causes}
        queue = list(live)
        while queue:
            for holder in holders.get(queue.pop(), ()):
                if holder not in live:
                    live.add(holder)
                    queue.append(holder)
        for (operation, direction), roots in self._roots.items():
            queue = [pair for pair in roots if pair in live]
            seen = set(queue)
            while queue:
                compared = self._compared[queue.pop()]
                for cause, directed in compared.causes:
                    if operation:
                        self._reach(self._found[cause], operation, direction if directed else None)
                fresh = {child for child in compared.children if child in live} - seen
                seen |= fresh
                queue.extend(fresh)

    def _deprecation(
        self, before: dict[str, Any], after: dict[str, Any], base: str, head: str, rule: str, what: str
    ) -> None:
        was, now = before.get("deprecated") is True, after.get("deprecated") is True
        old, new = (str(each["x-sunset"]) if each.get("x-sunset") is not None else None for each in (before, after))
        unreadable = [d for d, each in ((old, before), (new, after)) if d and sunset_of(each) is None]
        if now and old != new and unreadable:
            message = f"the sunset date {unreadable[-1]} of {what} is no date"
            self._note(f"{rule}-sunset-parse", base, head, old, new, message, "error", "behavioural")
        if was and now and before.get("x-sunset") is not None and after.get("x-sunset") is None:
            message = f"the sunset date of {what} was deleted"
            self._note("sunset-deleted", base, head, str(before["x-sunset"]), None, message, "error", "behavioural")
        if was != now:
            name = f"{rule.replace('api-path', 'endpoint')}-{'deprecated' if now else 'reactivated'}"
            message = f"{what} is {'now' if now else 'no longer'} deprecated"
            self._note(name, base, head, was, now, message, "info", "behavioural" if now else "additive")

    def _description(self, before: dict[str, Any], after: dict[str, Any], base: str, head: str) -> None:
        old, new = (str(each.get("description") or "") for each in (before, after))
        if old.split() == new.split():
            return
        changed = " ".join(sorted(set(old.split()) ^ set(new.split())))
        if NOTEWORTHY.search(changed):
            places = (f"{base}/description", f"{head}/description")
            message = "a description that speaks of limits, dates, deprecation or retention changed; read it"
            self._note("description-changed", *places, old[:600], new[:600], message, "info", "docs")

    # references

    def _resolve_base(self, node: Any) -> Any:
        return self._resolved(self._base, node)

    def _resolve_head(self, node: Any) -> Any:
        return self._resolved(self._head, node)

    @staticmethod
    def _resolved(document: dict[str, Any], node: Any) -> Any:
        return follow(document, "", node)[1]

    @staticmethod
    def _target(document: dict[str, Any], place: str, node: Any) -> tuple[str, Any]:
        return follow(document, place, node)[:2]

    def _followed(self, document: dict[str, Any], place: str, node: Any) -> tuple[str, Any, str]:
        at, found, names = follow(document, place, node)
        return at, found, names

    def _inlined(self, document: dict[str, Any], node: Any, path: tuple[str, ...] = ()) -> Any:
        """A node with its references in place, so that `$ref` and inline are the same."""
        if isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str):
                if reference in path:
                    return {"$ref": "recursion"}
                return self._inlined(document, follow(document, "", node)[1], (*path, reference))
            return {key: self._inlined(document, value, path) for key, value in node.items()}
        return [self._inlined(document, item, path) for item in node] if isinstance(node, list) else node


def sunset_of(node: dict[str, Any]) -> date | None:
    """The day on which something deprecated goes; None if there is none, or it cannot be read."""
    text = str(node.get("x-sunset", ""))
    try:
        return date.fromisoformat(text[:10]) if re.fullmatch(r"\d{4}-\d\d-\d\d([T ].*)?", text) else None
    except ValueError:
        return None


def inner_place(where: str) -> str:
    """Where the properties of a place are, for the name of a rule."""
    return f"{where.partition('-')[0]}-property"


def _equal_components(base: dict[str, Any], head: dict[str, Any]) -> set[str]:
    """Names of schemas that are the same in both, with everything they refer to."""
    old, new = component_schemas(base), component_schemas(head)
    same = {name for name in old if name in new and old[name] == new[name]}
    while True:
        lost = {name for name in same if any(ref not in same for ref in references(old[name]))}
        if not lost:
            return same
        same -= lost

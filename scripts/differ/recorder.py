"""What the parts of the differ share: notes of what was found, who reaches it, and references."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from attrs import define, field

from scripts.differ.findings import PYTHON, WIRE, Finding
from scripts.differ.references import (
    BadDocumentError,
    component_schemas,
    follow,
    references,
    with_text_keys,
)
from scripts.differ.shapes import Shapes, cycles, same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NARROW, WIDEN, BOTH, NEITHER = "narrow", "widen", "both", "neither"
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
    "default-value-added": ("behavioural", "additive"),
    "default-value-changed": ("behavioural", "additive"),
    "default-value-removed": ("behavioural", "additive"),
    "const-added": ("breaking-typing", "additive"),
    "const-removed": ("additive", "breaking-typing"),
    "const-changed": ("breaking-typing", "breaking-typing"),
    "discriminator-changed": ("behavioural", "breaking-runtime"),
}
# Where oasdiff's level is not what narrowing and widening give: (request, response).
WIRE_LEVEL: Final[dict[str, tuple[str, str]]] = {
    "enum-value-added": ("info", "warning"),
    "enum-removed": ("info", "warning"),
    "x-extensible-enum-value-added": ("info", "info"),
    "pattern-removed": ("info", "info"),
    "pattern-changed": ("error", "info"),
    "pattern-generalized": ("info", "info"),
    "additional-properties-added": ("info", "info"),
    "new-optional-property": ("info", "info"),
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
        self._base, self._head = (_openapi(with_text_keys(each)) for each in (base, head))
        self._today = today or datetime.now(UTC).date()
        self._found: dict[str, Finding] = {}
        self._compared: dict[Pair, Compared] = {}
        self._stack: list[Compared] = []
        self._pending: list[Callable[[], None]] = []
        self._draining = False
        self._roots: dict[tuple[str, int], list[Pair]] = {}
        self._operation = ""
        self._direction = 0
        # A webhook or callback is a call of theirs to us: its body reaches us, as a response does.
        self._inverted = False
        self._required_parameter = False
        self._promised = True
        self._without_security: list[str] = []
        self._base_shapes, self._head_shapes = Shapes(self._base), Shapes(self._head)
        self._equal = _equal_components(self._base, self._head)
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
        side = self._side()
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
    ) -> Finding:
        if not self._promised:
            wire, python = "info", min(python, "behavioural", key=PYTHON.index)
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
            reach = _reach(self._operation, self._direction if kind else None)
            if finding.reaches[-1:] != [reach]:
                finding.reaches.append(reach)
        return finding

    def _side(self) -> str:
        """Which part of an operation is looked at: `request` or `response`."""
        return ("request", "response")[self._direction ^ self._inverted]

    def _spread(self) -> None:
        """Tell every finding in a schema which operations reach it.

        Operations are numbered, and a set of them is a number with their bits: pairs hand theirs down to those below.
        """
        reached: dict[Pair, int] = {}
        for number, roots in enumerate(self._roots.values()):
            for pair in roots:
                reached[pair] = reached.get(pair, 0) | 1 << number
        order = list(cycles(list(reached), lambda pair: self._compared[pair].children))
        for cycle in reversed(order):
            together = 0
            for pair in cycle:
                together |= reached.get(pair, 0)
            for pair in cycle:
                reached[pair] = together
                for child in self._compared[pair].children:
                    reached[child] = reached.get(child, 0) | together
        sets: dict[tuple[str, bool], int] = {}
        for pair, compared in self._compared.items():
            for cause in compared.causes:
                sets[cause] = sets.get(cause, 0) | reached.get(pair, 0)
        names = list(self._roots)
        for (found_at, directed), operations in sets.items():
            finding = self._found[found_at]
            found = dict.fromkeys(finding.reaches)
            for number in _bits(operations):
                operation, direction = names[number]
                if operation:
                    found[_reach(operation, direction if directed else None)] = None
            finding.reaches = list(found)

    # references

    def _resolved(self, document: dict[str, Any], node: Any) -> dict[str, Any]:
        """What a node refers to; nothing if it is null."""
        return self._target(document, "#", node)[1]

    def _target(self, document: dict[str, Any], place: str, node: Any) -> tuple[str, dict[str, Any]]:
        at, found, _ = follow(document, place, node)
        if found is not None and not isinstance(found, dict):
            raise BadDocumentError(f"{at} must be an object, not {found!r:.40}")
        return at, found or {}

    def _followed(self, document: dict[str, Any], place: str, node: Any) -> tuple[str, Any, str]:
        return follow(document, place, node)


def _reach(operation: str, direction: int | None) -> str:
    return operation if direction is None else f"{operation} {('request', 'response')[direction]}"


def _bits(number: int) -> Iterator[int]:
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest


def _equal_components(base: dict[str, Any], head: dict[str, Any]) -> set[str]:
    """Names of schemas that are the same in both, with everything they refer to."""
    old, new = component_schemas(base), component_schemas(head)
    equal = {name for name in old if name in new and same(old[name], new[name])}
    holders: dict[str, list[str]] = {}
    for name in equal:
        for reference in references(old[name]):
            holders.setdefault(reference, []).append(name)
    lost = [name for name in holders if name not in equal]
    while lost:
        for holder in holders.get(lost.pop(), ()):
            if holder in equal:
                equal.remove(holder)
                lost.append(holder)
    return equal


def _openapi(document: Any) -> dict[str, Any]:
    """The document, if it is one of OpenAPI 3.

    Raises:
        BadDocumentError: if it is none.
    """
    if not isinstance(document, dict):
        raise BadDocumentError("this is no OpenAPI document: the document holds no object")
    if "swagger" in document and "openapi" not in document:
        raise BadDocumentError(f"this is Swagger {document['swagger']}; only OpenAPI 3 can be compared")
    return document

"""The part of the differ that compares schemas: what may be sent or come back now, and what may no longer."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from attrs import define, field

from scripts.review.findings import PYTHON, WIRE, Finding
from scripts.review.references import component_schemas, escaped, follow, references
from scripts.review.schemas import (
    KEYED_RESTRICTIONS,
    LOWER,
    RESTRICTIONS,
    UPPER,
    View,
    canonical,
    is_null,
    pairs,
    view,
)

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


class SchemaDiffer:
    """Compares schemas, and keeps the findings.

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

    def _schema(self, old: Any, new: Any, base: str, head: str, where: str, what: str) -> None:
        base, old, was_name = self._followed(self._base, base, old)
        head, new, now_name = self._followed(self._head, head, new)
        if was_name and now_name and was_name != now_name and was_name not in component_schemas(self._head):
            self._component_renamed(was_name, now_name)
        pair = (base, head, self._direction)
        if self._stack:
            self._stack[-1].children.append(pair)
        else:
            self._roots.setdefault((self._operation, self._direction), []).append(pair)
        if pair in self._compared:
            return
        compared = self._compared[pair] = Compared()
        # A component is the same wherever it is reached, so it is called by its own name.
        what = now_name or what
        if was_name == now_name and was_name in self._equal:
            return
        if old == new and not references(new):
            return
        if was_name and self._stack:
            # Components wait for their turn: a long chain of them would be too deep for Python's stack.
            direction = self._direction
            self._pending.append(lambda: self._compare(compared, direction, old, new, base, head, where, what))
        else:
            self._compare(compared, self._direction, old, new, base, head, where, what)

    def _compare(
        self, compared: Compared, direction: int, old: Any, new: Any, base: str, head: str, where: str, what: str
    ) -> None:
        """Compare two schemas, once for each direction; what is found belongs to `compared`."""
        before_direction, self._direction = self._direction, direction
        self._stack.append(compared)
        try:
            self._compare_views(old, new, base, head, where, what)
        finally:
            self._stack.pop()
            self._direction = before_direction
        if not self._stack and not self._draining:
            self._draining = True
            while self._pending:
                self._pending.pop()()
            self._draining = False

    def _compare_views(self, old: Any, new: Any, base: str, head: str, where: str, what: str) -> None:
        before, after = view(old, self._resolve_base), view(new, self._resolve_head)
        if self._unions(old, new, before, after, base, head, where, what):
            return
        if not self._types(before, after, base, head, where, what):
            return
        self._all_of(old, new, before, after, base, head, where, what)
        self._values(before.schema, after.schema, base, head, where, what)
        self._limits(before.schema, after.schema, base, head, where, what)
        self._restrictions(before.schema, after.schema, base, head, where, what)
        self._properties(before.schema, after.schema, base, head, where, what)
        if "items" in before.schema or "items" in after.schema:
            items = (before.schema.get("items", {}), after.schema.get("items", {}))
            self._schema(*items, f"{base}/items", f"{head}/items", inner_place(where), f"an entry of {what}")
        if isinstance(old, dict) and isinstance(new, dict):
            self._deprecation(old, new, base, head, inner_place(where), what)
            self._description(old, new, base, head)

    def _types(self, before: View, after: View, base: str, head: str, where: str, what: str) -> bool:
        """Type, format, nullability; False if the two have nothing in common that is worth comparing."""
        old, new = (each.schema.get("format") for each in (before, after))
        was, now = before.types, after.types
        effect = _type_effect(was, now)
        if effect == NEITHER and old != new:
            effect = _format_effect(old, new)
        if effect != NEITHER:
            shown = [
                f"{'/'.join(sorted(types)) or 'anything'}{f' ({form})' if form else ''}"
                for types, form in ((was, old), (now, new))
            ]
            message = f"the type of {what} changed from {shown[0]} to {shown[1]}"
            fits = (effect == WIDEN) if self._direction == 0 else (effect == NARROW)
            python = "additive" if fits and old == new and was and now else None
            self._changed("type-changed", effect, base, head, shown[0], shown[1], message, where, python=python)
        if before.nullable != after.nullable and (now or "enum" in after.schema or "oneOf" in after.schema or was):
            kind, effect = ("became-nullable", WIDEN) if after.nullable else ("became-not-nullable", NARROW)
            message = f"{what} {'may be null now' if after.nullable else 'must not be null any more'}"
            self._changed(kind, effect, base, head, before.nullable, after.nullable, message, where)
        return not (was and now and not was & now and effect == BOTH)

    def _values(self, old: dict[str, Any], new: dict[str, Any], base: str, head: str, where: str, what: str) -> None:
        for word, name in (("enum", "enum"), ("x-extensible-enum", "x-extensible-enum")):
            was, now = old.get(word), new.get(word)
            if not isinstance(was, list) and not isinstance(now, list):
                continue
            places = (f"{base}/{word}", f"{head}/{word}")
            if not isinstance(was, list):
                message = f"{what} takes only listed values now"
                self._changed(f"became-{name}", NARROW, *places, None, now, message, where)
            elif not isinstance(now, list):
                self._changed(f"{name}-removed", WIDEN, *places, was, None, f"{what} may be anything now", where)
            else:
                for value in was:
                    if value not in now:
                        message = f"the value {value!r} of {what} was removed"
                        self._changed(f"{name}-value-removed", NARROW, *places, value, None, message, where)
                for value in now:
                    if value not in was:
                        message = f"the value {value!r} of {what} was added"
                        self._changed(f"{name}-value-added", WIDEN, *places, None, value, message, where)
        if ("const" in old or "const" in new) and old.get("const") != new.get("const"):
            effect = NARROW if "const" not in old else WIDEN if "const" not in new else BOTH
            values = (old.get("const"), new.get("const"))
            message = f"the only value of {what} changed from {values[0]!r} to {values[1]!r}"
            self._changed("const-changed", effect, f"{base}/const", f"{head}/const", *values, message, where)
        if old.get("default") != new.get("default"):
            effect = NARROW if where == "request-parameter" else NEITHER
            values = (old.get("default"), new.get("default"))
            message = f"the default of {what} changed from {values[0]!r} to {values[1]!r}"
            level = ("error", "info") if where == "request-parameter" else None
            places = (f"{base}/default", f"{head}/default")
            self._changed("default-value-changed", effect, *places, *values, message, where, levels=level)
        for word in ("readOnly", "writeOnly"):
            if (old.get(word) is True) != (new.get(word) is True):
                kind = f"became-{'' if new.get(word) is True else 'not-'}{word.replace('Only', '-only').lower()}"
                places = (f"{base}/{word}", f"{head}/{word}")
                hides = new.get(word) is True and (word == "readOnly") == (self._direction == 0)
                message = f"{what} {kind.replace('-', ' ')}"
                values = (old.get(word) is True, new.get(word) is True)
                level = ("warning", "error") if hides else ("info", "info")
                self._changed(kind, NEITHER, *places, *values, message, where, levels=level)

    def _limits(self, old: dict[str, Any], new: dict[str, Any], base: str, head: str, where: str, what: str) -> None:
        for table in (UPPER, LOWER):
            for word, name in table.items():
                was, now = old.get(word), new.get(word)
                if was == now or (None not in {was, now} and isinstance(was, bool) != isinstance(now, bool)):
                    continue
                if isinstance(was, bool) or isinstance(now, bool):
                    effect = NARROW if now is True else WIDEN if was is True else NEITHER
                    kind = f"{name}-changed"
                elif was is None or now is None:
                    effect, kind = (NARROW, f"{name}-set") if was is None else (WIDEN, f"{name}-unset")
                    if _says_nothing(word, was if now is None else now):
                        continue
                else:
                    grows = now > was
                    effect = WIDEN if grows == (table is UPPER) else NARROW
                    kind = f"{name}-{'increased' if grows else 'decreased'}"
                message = f"{word} of {what} changed from {was} to {now}"
                self._changed(kind, effect, f"{base}/{word}", f"{head}/{word}", was, now, message, where)
        if (old.get("uniqueItems") is True) != (new.get("uniqueItems") is True):
            effect = NARROW if new.get("uniqueItems") is True else WIDEN
            places = (f"{base}/uniqueItems", f"{head}/uniqueItems")
            message = f"entries of {what} {'must' if effect == NARROW else 'need not'} be unique now"
            values = (old.get("uniqueItems"), new.get("uniqueItems"))
            self._changed("unique-items-changed", effect, *places, *values, message, where)
        if old.get("pattern") != new.get("pattern"):
            was, now = old.get("pattern"), new.get("pattern")
            kind, effect = (
                ("pattern-added", NARROW)
                if was is None
                else ("pattern-removed", WIDEN)
                if now is None
                else ("pattern-changed", BOTH)
            )
            message = f"the pattern of {what} changed from {was!r} to {now!r}"
            self._changed(kind, effect, f"{base}/pattern", f"{head}/pattern", was, now, message, where)

    def _restrictions(
        self, old: dict[str, Any], new: dict[str, Any], base: str, head: str, where: str, what: str
    ) -> None:
        for word, name in RESTRICTIONS.items():
            was, now = (self._inlined(d, each.get(word)) for d, each in ((self._base, old), (self._head, new)))
            if canonical(was) == canonical(now):
                continue
            effect, verb = (
                (NARROW, "added") if was is None else (WIDEN, "removed") if now is None else (BOTH, "changed")
            )
            message = f"{word} of {what} was {verb}"
            self._changed(f"{name}-{verb}", effect, f"{base}/{word}", f"{head}/{word}", was, now, message, where)
        for word, name in KEYED_RESTRICTIONS.items():
            was, now = old.get(word) or {}, new.get(word) or {}
            for key in dict.fromkeys([*was, *now]):
                left, right = self._inlined(self._base, was.get(key)), self._inlined(self._head, now.get(key))
                if canonical(left) == canonical(right):
                    continue
                effect, verb = (
                    (NARROW, "added") if key not in was else (WIDEN, "removed") if key not in now else (BOTH, "changed")
                )
                was_at, now_at = (f"{place}/{word}/{escaped(key)}" for place in (base, head))
                message = f"{word} {key} of {what} was {verb}"
                self._changed(f"{name}-{verb}", effect, was_at, now_at, left, right, message, where)
        was, now = (self._inlined(d, each.get("prefixItems")) for d, each in ((self._base, old), (self._head, new)))
        if canonical(was) != canonical(now):
            places = (f"{base}/prefixItems", f"{head}/prefixItems")
            verb = "added" if was is None else "removed" if now is None else "changed"
            message = f"the leading entries of {what} changed"
            self._changed(f"prefix-items-{verb}", BOTH, *places, was, now, message, where)
        was, now = ((each.get("discriminator") or {}).get("propertyName") for each in (old, new))
        if was and now and was != now:
            places = (f"{base}/discriminator", f"{head}/discriminator")
            message = f"the discriminator of {what} changed from {was} to {now}"
            self._changed("discriminator-changed", BOTH, *places, was, now, message, where)

    def _all_of(
        self, old: Any, new: Any, before: View, after: View, base: str, head: str, where: str, what: str
    ) -> None:
        """Parts that were added to or taken from an `allOf`, if that changes what the whole accepts.

        What can be seen in the folded schema is told there; here is what cannot.
        """
        was, now = (each.get("allOf") or [] if isinstance(each, dict) else [] for each in (old, new))
        if not was or not now or canonical(before.schema) == canonical(after.schema):
            return
        for left, right in pairs(was, now, _reference_name, self._shapes()):
            if left is None or right is None:
                kind, effect = ("all-of-added", NARROW) if left is None else ("all-of-removed", WIDEN)
                places = (f"{base}/allOf", f"{head}/allOf")
                named = _reference_name(right if left is None else left)
                message = f"{named or 'a part'} was {'added to' if left is None else 'removed from'} allOf of {what}"
                level = ("error", "info") if left is None else ("info", "info")
                # The part that is missing is None, so these are old and new value.
                self._changed(kind, effect, *places, left, right, message, where, levels=level)

    def _properties(
        self, old: dict[str, Any], new: dict[str, Any], base: str, head: str, where: str, what: str
    ) -> None:
        was, now = (
            {n: p for n, p in (each.get("properties") or {}).items() if not self._hidden(document, p)}
            for document, each in ((self._base, old), (self._head, new))
        )
        required_then, required_now = (set(map(str, each.get("required") or [])) for each in (old, new))
        gone = [name for name in was if name not in now and name not in (new.get("properties") or {})]
        come = [name for name in now if name not in was and name not in (old.get("properties") or {})]
        for name in [*gone]:
            shape = canonical(self._inlined(self._base, was[name]))
            twins = [each for each in come if canonical(self._inlined(self._head, now[each])) == shape]
            alike = [each for each in gone if canonical(self._inlined(self._base, was[each])) == shape]
            if len(twins) == 1 == len(alike) and _alike(name, twins[0], was[name], now[twins[0]]):
                places = (f"{base}/properties/{escaped(name)}", f"{head}/properties/{escaped(twins[0])}")
                message = f"the property {name} of {what} is now called {twins[0]}"
                levels = ("error", "error")
                rename = ("property-renamed", BOTH, *places, name, twins[0], message, inner_place(where))
                self._changed(*rename, levels=levels)
                gone.remove(name)
                come.remove(twins[0])
        for name in gone:
            place = f"{base}/properties/{escaped(name)}"
            message = f"the property {name} of {what} was removed"
            must = name in required_then
            closed = new.get("additionalProperties") is False or new.get("unevaluatedProperties") is False
            levels = ("error" if closed else "warning", "error" if must else "warning")
            kind = "property-removed"
            side = (
                "request-property-removed"
                if self._direction == 0
                else f"response-{'required' if must else 'optional'}-property-removed"
            )
            self._changed(kind, NEITHER, place, None, name, None, message, inner_place(where), levels=levels, rule=side)
        for name in come:
            self._property_added(
                name, now[name], f"{head}/properties/{escaped(name)}", name in required_now, where, what
            )
        for name in was:
            if name not in now:
                continue
            places = (f"{base}/properties/{escaped(name)}", f"{head}/properties/{escaped(name)}")
            inner = f"{name} of {what}"
            if (name in required_then) != (name in required_now):
                self._required(name, now[name], *places, name in required_now, where, what)
            self._schema(was[name], now[name], *places, inner_place(where), inner)
        for name in sorted((required_now - required_then) - set(now)):
            if name not in (new.get("properties") or {}):
                place = f"{head}/required"
                message = f"{name} of {what} is required now"
                rule = "new-required-request-property" if self._direction == 0 else "response-property-became-required"
                self._changed(
                    "became-required", NARROW, None, place, None, name, message, inner_place(where), rule=rule
                )
        self._additional(old, new, base, head, where, what)

    def _property_added(self, name: str, schema: Any, place: str, required: bool, where: str, what: str) -> None:  # noqa: FBT001
        fallback = self._resolve_head(schema)
        default = isinstance(fallback, dict) and "default" in fallback
        message = f"the {'required' if required else 'optional'} property {name} of {what} was added"
        if self._direction == 0 and required:
            rule = f"new-required-request-property{'-with-default' if default else ''}"
            kind = "new-required-property"
            self._changed(kind, NARROW, None, place, None, name, message, inner_place(where), rule=rule)
            return
        rule = (
            "new-optional-request-property"
            if self._direction == 0
            else f"response-{'required' if required else 'optional'}-property-added"
        )
        kind = "new-optional-property"
        self._changed(kind, NEITHER, None, place, None, name, message, inner_place(where), rule=rule)

    def _required(self, name: str, schema: Any, base: str, head: str, now: bool, where: str, what: str) -> None:  # noqa: FBT001
        resolved = self._resolve_head(schema)
        default = isinstance(resolved, dict) and "default" in resolved
        suffix = "-with-default" if now and default and self._direction == 0 else ""
        kind = f"became-{'required' if now else 'optional'}"
        side = ("request", "response")[self._direction]
        message = f"{name} of {what} became {'required' if now else 'optional'}"
        rule = f"{side}-property-{kind}{suffix}"
        effect = NARROW if now else WIDEN
        # Renaming the place keeps this apart from changes of the property's own schema.
        self._changed(kind, effect, base, head, not now, now, message, inner_place(where), rule=rule)

    def _additional(
        self, old: dict[str, Any], new: dict[str, Any], base: str, head: str, where: str, what: str
    ) -> None:
        was, now = old.get("additionalProperties", True), new.get("additionalProperties", True)
        places = (f"{base}/additionalProperties", f"{head}/additionalProperties")
        if isinstance(was, dict) and isinstance(now, dict):
            self._schema(was, now, *places, inner_place(where), f"a further property of {what}")
        elif (was is False) != (now is False):
            kind, effect = (
                ("additional-properties-removed", NARROW) if now is False else ("additional-properties-added", WIDEN)
            )
            message = f"{what} {'must have no' if now is False else 'may have'} further properties now"
            self._changed(kind, effect, *places, was, now, message, where)
        elif isinstance(now, dict) and now and not isinstance(was, dict):
            message = f"further properties of {what} must fit a schema now"
            self._changed("additional-properties-restricted", NARROW, *places, was, now, message, where)

    def _hidden(self, document: dict[str, Any], schema: Any) -> bool:
        """Whether a property is never sent in the present direction."""
        resolved = self._resolved(document, schema)
        word = ("readOnly", "writeOnly")[self._direction]
        return isinstance(resolved, dict) and resolved.get(word) is True

    def _unions(
        self, old: Any, new: Any, before: View, after: View, base: str, head: str, where: str, what: str
    ) -> bool:
        """Alternatives; True if there is nothing else to compare."""
        for word, name in (("oneOf", "one-of"), ("anyOf", "any-of")):
            was, now = before.schema.get(word), after.schema.get(word)
            if not was and not now:
                continue
            if was and now:
                self._alternatives(was, now, base, head, word, name, where, what)
                continue
            other = "anyOf" if word == "oneOf" else "oneOf"
            if (before.schema.get(other) and now) or (after.schema.get(other) and was):
                # `oneOf` on one side and `anyOf` on the other: the same alternatives, compared once.
                if word == "oneOf":
                    left = before.schema.get(word) or before.schema[other]
                    right = after.schema.get(word) or after.schema[other]
                    self._alternatives(left, right, base, head, word, name, where, what)
                continue
            union: list[Any] = now or was or []
            single, (document, others) = (old, (self._base, self._head)) if now else (new, (self._head, self._base))
            shape = canonical(self._inlined(document, single))
            fits = [each for each in union if canonical(self._inlined(others, each)) == shape]
            labels = [_label(each) for each in union]
            values = ([_label(old)], labels) if now else (labels, [_label(new)])
            if now:
                kind = f"wrapped-in-{name}"
                effect = WIDEN if len(fits) == 1 or (fits and word == "anyOf") else BOTH
                message = f"{what} is one of {len(union)} alternatives now: {', '.join(labels)}"
            else:
                kind, effect = f"unwrapped-from-{name}", NARROW if fits else BOTH
                message = f"{what} is no longer one of {len(union)} alternatives"
            with_union, without = (after, before) if now else (before, after)
            beside = {key: value for key, value in with_union.schema.items() if key != word}
            if set(beside) - {"discriminator", "title", "description"} and canonical(beside) == canonical(
                without.schema
            ):
                # The alternatives stand beside what was there before, and restrict it.
                kind, effect = f"{name}-{'added' if now else 'removed'}", BOTH
            self._changed(kind, effect, base, head, *values, message, where)
            if before.nullable != after.nullable:
                kind, effect = ("became-nullable", WIDEN) if after.nullable else ("became-not-nullable", NARROW)
                message = f"{what} {'may be null now' if after.nullable else 'must not be null any more'}"
                self._changed(kind, effect, base, head, before.nullable, after.nullable, message, where)
            return True
        return False

    def _shapes(self) -> tuple[Callable[[Any], str], Callable[[Any], str]]:
        return (
            lambda node: canonical(self._inlined(self._base, node)),
            lambda node: canonical(self._inlined(self._head, node)),
        )

    def _alternatives(
        self, was: list[Any], now: list[Any], base: str, head: str, word: str, name: str, where: str, what: str
    ) -> None:
        lonely: tuple[list[Any], list[Any]] = ([], [])
        for left, right in pairs(was, now, _reference_name, self._shapes()):
            if left is not None and right is not None:
                places = (f"{base}/{word}/{was.index(left)}", f"{head}/{word}/{now.index(right)}")
                self._schema(left, right, *places, inner_place(where), f"{_label(right)} in {what}")
            else:
                lonely[left is None].append(right if left is None else left)
        if len(lonely[0]) == len(lonely[1]) == 1 and not any(map(_reference_name, [lonely[0][0], lonely[1][0]])):
            left, right = lonely[0][0], lonely[1][0]
            places = (f"{base}/{word}/{was.index(left)}", f"{head}/{word}/{now.index(right)}")
            self._schema(left, right, *places, inner_place(where), f"an alternative of {what}")
            return
        for left in lonely[0]:
            if is_null(left, self._resolve_base):
                continue
            message = f"the alternative {_label(left)} of {what} was removed"
            self._changed(
                f"{name}-removed", NARROW, f"{base}/{word}", f"{head}/{word}", _label(left), None, message, where
            )
        for right in lonely[1]:
            message = f"the alternative {_label(right)} of {what} was added"
            self._changed(
                f"{name}-added", WIDEN, f"{base}/{word}", f"{head}/{word}", None, _label(right), message, where
            )

    # descriptions

    def _description(self, before: dict[str, Any], after: dict[str, Any], base: str, head: str) -> None:
        old, new = (str(each.get("description") or "") for each in (before, after))
        if old.split() == new.split():
            return
        changed = " ".join(sorted(set(old.split()) ^ set(new.split())))
        if NOTEWORTHY.search(changed):
            places = (f"{base}/description", f"{head}/description")
            message = "a description that speaks of limits, dates, deprecation or retention changed; read it"
            self._note("description-changed", *places, old[:600], new[:600], message, "info", "docs")

    # what the part about operations does

    def _component_renamed(self, name: str, other: str) -> None:
        """A component has another name now."""
        raise NotImplementedError

    def _deprecation(
        self, before: dict[str, Any], after: dict[str, Any], base: str, head: str, rule: str, what: str
    ) -> None:
        """Something is deprecated, or its sunset changed."""
        raise NotImplementedError

    # noting down

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


def inner_place(where: str) -> str:
    """Where the properties of a place are, for the name of a rule."""
    return f"{where.partition('-')[0]}-property"


def _type_effect(was: frozenset[str], now: frozenset[str]) -> str:
    def wide(kinds: frozenset[str]) -> frozenset[str]:
        return kinds | {"integer"} if "number" in kinds else kinds

    old, new = wide(was), wide(now)
    if old == new:
        return NEITHER
    if not old:
        return NARROW
    if not new or old < new:
        return WIDEN
    return NARROW if new < old else BOTH


def _format_effect(old: str | None, new: str | None) -> str:
    if old is None:
        return NARROW
    if new is None or (old, new) in {("int32", "int64"), ("float", "double")}:
        return WIDEN
    return NARROW if (new, old) in {("int32", "int64"), ("float", "double")} else BOTH


def _says_nothing(word: str, value: Any) -> bool:
    return word in {"minLength", "minItems", "minProperties"} and value == 0


def _alike(old: str, new: str, was: Any, now: Any) -> bool:
    """Whether a property that went and one that came are one and the same: described alike, or named alike."""
    told = [each.get("description") for each in (was, now) if isinstance(each, dict)]
    if len(told) == 2 and told[0] and told[0] == told[1]:
        return True
    left, right = (re.sub(r"[^a-z0-9]", "", name.lower()) for name in (old, new))
    return left == right


def _reference_name(schema: Any) -> str:
    if isinstance(schema, dict) and isinstance(schema.get("$ref"), str):
        return str(schema["$ref"]).rpartition("/")[2]
    return str(schema.get("title") or "") if isinstance(schema, dict) else ""


def _label(schema: Any) -> str:
    if isinstance(schema, dict):
        kind = schema.get("type")
        return _reference_name(schema) or (kind if isinstance(kind, str) else "") or "an inline schema"
    return str(schema)


def sunset_of(node: dict[str, Any]) -> date | None:
    """The day on which something deprecated goes; None if there is none, or it cannot be read."""
    text = str(node.get("x-sunset", ""))
    try:
        return date.fromisoformat(text[:10]) if re.fullmatch(r"\d{4}-\d\d-\d\d([T ].*)?", text) else None
    except ValueError:
        return None


def _equal_components(base: dict[str, Any], head: dict[str, Any]) -> set[str]:
    """Names of schemas that are the same in both, with everything they refer to."""
    old, new = component_schemas(base), component_schemas(head)
    same = {name for name in old if name in new and old[name] == new[name]}
    while True:
        lost = {name for name in same if any(ref not in same for ref in references(old[name]))}
        if not lost:
            return same
        same -= lost

"""The part of the differ that compares schemas: what may be sent or come back now, and what may no longer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scripts.review.keywords import KeywordDiffer
from scripts.review.recorder import BOTH, NARROW, NEITHER, WIDEN, Compared, inner_place
from scripts.review.references import component_schemas, escaped, references
from scripts.review.schemas import View, canonical, is_null, pairs, view

if TYPE_CHECKING:
    from collections.abc import Callable


class SchemaDiffer(KeywordDiffer):
    """Compares schemas, and keeps the findings.

    Args:
        base: The old document.
        head: The new one.
        today: For sunset dates; by default today.
    """

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

    def _component_renamed(self, name: str, other: str) -> None:
        if name in self._renamed:
            return
        self._renamed.add(name)
        self._note(
            "api-schema-renamed",
            f"#/components/schemas/{escaped(name)}",
            f"#/components/schemas/{escaped(other)}",
            name,
            other,
            f"the component {name} is now called {other}",
            wire="info",
            python="breaking-runtime",
        )

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
        for left in list(lonely[0]):
            # Inline alternatives that changed inside are still known by the properties that they have.
            alike = [right for right in lonely[1] if _property_names(right) == _property_names(left)]
            if _property_names(left) and len(alike) == 1 and not any(map(_reference_name, [left, alike[0]])):
                places = (f"{base}/{word}/{was.index(left)}", f"{head}/{word}/{now.index(alike[0])}")
                self._schema(left, alike[0], *places, inner_place(where), f"an alternative of {what}")
                lonely[0].remove(left)
                lonely[1].remove(alike[0])
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


def _property_names(schema: Any) -> frozenset[str]:
    properties = schema.get("properties") if isinstance(schema, dict) else None
    return frozenset(properties) if isinstance(properties, dict) else frozenset()


def _label(schema: Any) -> str:
    if isinstance(schema, dict):
        kind = schema.get("type")
        return _reference_name(schema) or (kind if isinstance(kind, str) else "") or "an inline schema"
    return str(schema)

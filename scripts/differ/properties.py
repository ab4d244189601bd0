"""The part of the differ that compares the properties of objects."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scripts.differ.comparing import Comparing, Spot
from scripts.differ.recorder import BOTH, NARROW, NEITHER, WIDEN
from scripts.differ.references import references
from scripts.differ.shapes import same
from scripts.differ.vocabulary import accepts_all

if TYPE_CHECKING:
    from scripts.differ.schemas import View


class PropertyDiffer(Comparing):
    """Compares properties: which there are, which must be there, and what else may be there."""

    def _properties(self, before: View, after: View, spot: Spot) -> None:
        was, now = before.schema.get("properties", {}), after.schema.get("properties", {})
        gone = [name for name in was if name not in now and not self._hidden(self._base, was[name])]
        come = [name for name in now if name not in was and not self._hidden(self._head, now[name])]
        self._renamed_properties(before, after, gone, come, spot)
        for name in gone:
            self._property_removed(name, before, after, spot)
        for name in come:
            self._property_added(name, before, after, spot)
        for name in was:
            if name in now:
                self._property(name, before, after, spot)
        then = before.schema.get("required", [])
        for name in after.schema.get("required", []):
            if name not in then and name not in now:
                place = after.places[f"required/{name}"]
                message = f"{name} of {spot.owner(place)} is required now, although no property is called so"
                rule = f"{self._side()}-property-became-required"
                # A slip more often than a demand: nothing says what it is.
                self._changed(
                    "became-required",
                    NARROW,
                    None,
                    place,
                    None,
                    name,
                    message,
                    spot.where,
                    levels=("warning", "info"),
                    rule=rule,
                    python="additive",
                )
        self._additional(before, after, spot)

    def _renamed_properties(self, before: View, after: View, gone: list[str], come: list[str], spot: Spot) -> None:
        """Properties of one content and another name; those that are found are taken out of both lists."""
        if not gone or not come:
            return
        was, now = before.schema["properties"], after.schema["properties"]
        old = {name: self._base_shapes.of(was[name]) for name in gone}
        new = {name: self._head_shapes.of(now[name]) for name in come}
        for name, shape in old.items():
            twins = [each for each in come if new[each] == shape]
            alike = [each for each in gone if old[each] == shape]
            if len(twins) == 1 == len(alike) and _alike(name, twins[0], was[name], now[twins[0]]):
                places = (before.places[f"properties/{name}"], after.places[f"properties/{twins[0]}"])
                message = f"the property {name} of {spot.owner(places[1])} is now called {twins[0]}"
                rename = ("property-renamed", BOTH, *places, name, twins[0], message, _inside(spot))
                self._changed(*rename, levels=("error", "error"))
                gone.remove(name)
                come.remove(twins[0])

    def _property_removed(self, name: str, before: View, after: View, spot: Spot) -> None:
        place = before.places[f"properties/{name}"]
        must = name in before.schema.get("required", [])
        closed = after.schema.get("additionalProperties") is False or after.schema.get("unevaluatedProperties") is False
        levels = ("error" if closed else "warning", "error" if must else "warning")
        rule = (
            "request-property-removed"
            if self._side() == "request"
            else f"response-{'required' if must else 'optional'}-property-removed"
        )
        message = f"the property {name} of {spot.owner(place)} was removed"
        self._changed(
            "property-removed", NEITHER, place, None, name, None, message, _inside(spot), levels=levels, rule=rule
        )

    def _property_added(self, name: str, before: View, after: View, spot: Spot) -> None:
        place = after.places[f"properties/{name}"]
        required = name in after.schema.get("required", []) and name not in before.schema.get("required", [])
        _, schema = self._head_schema(place, after.schema["properties"][name])
        message = f"the {'required' if required else 'optional'} property {name} of {spot.owner(place)} was added"
        side = self._side()
        if side == "response":
            rule = f"response-{'required' if required else 'optional'}-property-added"
        else:
            default = required and isinstance(schema, dict) and "default" in schema
            rule = f"new-{'required' if required else 'optional'}-request-property{'-with-default' if default else ''}"
        # What has a default may be left out all the same, unless the object has demanded properties before: then
        # its list is enforced.
        spared = rule.endswith("-with-default") and not before.schema.get("required")
        demanded = required and self._direction == 0 and not spared
        kind, effect = ("new-required-property", NARROW) if demanded else ("new-optional-property", NEITHER)
        self._changed(kind, effect, None, place, None, name, message, _inside(spot), rule=rule)

    def _property(self, name: str, before: View, after: View, spot: Spot) -> None:
        """A property that both have."""
        was, now = before.schema["properties"][name], after.schema["properties"][name]
        places = (before.places[f"properties/{name}"], after.places[f"properties/{name}"])
        inner = spot.below(*places, f"{name} of {spot.owner(places[1])}")
        then, required = (name in each.schema.get("required", []) for each in (before, after))
        if then == required and same(was, now) and not references(now):
            return
        marks = self._marks(self._base, was), self._marks(self._head, now)
        for word in sorted(marks[0] ^ marks[1]):
            self._access(word, word in marks[1], inner, required)
        hidden = [("readOnly", "writeOnly")[self._direction] in each for each in marks]
        if not any(hidden) and then != required:
            self._required(name, before, after, inner, required)
        if not all(hidden):
            self._schema(was, now, inner)

    def _access(self, word: str, now: bool, spot: Spot, required: bool) -> None:  # noqa: FBT001
        """A property is sent in one direction only now, or no longer."""
        hides = (word == "readOnly") == (self._direction == 0)
        kind = f"became-{'' if now else 'not-'}{word.replace('Only', '-only').lower()}"
        level, python = "info", "additive"
        if hides and now:
            python = "behavioural"
        elif hides and required:
            # It was never sent this way, and must be now.
            level, python = ("error", "behavioural") if self._direction == 0 else ("warning", "additive")
        message = f"{spot.what} {kind.replace('-', ' ')}"
        places = (f"{spot.base}/{word}", f"{spot.head}/{word}")
        self._changed(kind, NEITHER, *places, not now, now, message, spot.where, levels=(level, level), python=python)

    def _required(self, name: str, before: View, after: View, spot: Spot, now: bool) -> None:  # noqa: FBT001
        _, schema = self._head_schema(spot.head, after.schema["properties"][name])
        default = now and self._side() == "request" and isinstance(schema, dict) and "default" in schema
        kind = f"became-{'required' if now else 'optional'}"
        base, head = spot.base, spot.head
        # The list may stand in another schema than the property: then that is where it changed.
        if now:
            listed = after.places[f"required/{name}"]
            head = head if head.startswith(listed.removesuffix("required")) else listed
        else:
            listed = before.places[f"required/{name}"]
            base = base if base.startswith(listed.removesuffix("required")) else listed
        message = f"{spot.what} became {'required' if now else 'optional'}"
        rule = f"{self._side()}-property-{kind}{'-with-default' if default else ''}"
        values = ("optional", "required") if now else ("required", "optional")
        self._changed(kind, NARROW if now else WIDEN, base, head, *values, message, spot.where, rule=rule)

    def _additional(self, before: View, after: View, spot: Spot) -> None:
        was, now = (each.schema.get("additionalProperties", True) for each in (before, after))
        places = spot.of((before, after), "additionalProperties")
        found = self._base_schema(places[0], was)[1], self._head_schema(places[1], now)[1]
        was, now = (
            True if accepts_all(target) else False if target is False else given
            for target, given in zip(found, (was, now), strict=True)
        )
        what = spot.what
        if isinstance(was, dict) and isinstance(now, dict):
            self._schema(was, now, spot.below(*places, f"a further property of {what}"))
        elif (was is False) != (now is False):
            kind, effect = (
                ("additional-properties-removed", NARROW) if now is False else ("additional-properties-added", WIDEN)
            )
            message = f"{what} {'must have no' if now is False else 'may have'} further properties now"
            self._changed(kind, effect, *places, was, now, message, spot.where)
        elif isinstance(now, dict) != isinstance(was, dict):
            kind, effect = (
                ("additional-properties-restricted", NARROW)
                if isinstance(now, dict)
                else ("additional-properties-generalized", WIDEN)
            )
            message = (
                f"further properties of {what} {'must fit a schema' if effect == NARROW else 'may be anything'} now"
            )
            self._changed(kind, effect, *places, was, now, message, spot.where)

    def _hidden(self, document: dict[str, Any], schema: Any) -> bool:
        """Whether a property is never sent in the present direction."""
        return ("readOnly", "writeOnly")[self._direction] in self._marks(document, schema)

    def _marks(self, document: dict[str, Any], schema: Any, depth: int = 0) -> set[str]:
        """What of `readOnly` and `writeOnly` a schema, or a part of its `allOf`, says of itself."""
        _, schema, _ = self._schema_at(document, "", schema)
        if not isinstance(schema, dict):
            return set()
        marks = {word for word in ("readOnly", "writeOnly") if schema.get(word) is True}
        parts = schema.get("allOf")
        for part in parts if isinstance(parts, list) and depth < 4 else ():
            marks |= self._marks(document, part, depth + 1)
        return marks


def _inside(spot: Spot) -> str:
    return f"{spot.where.partition('-')[0]}-property"


def _alike(old: str, new: str, was: Any, now: Any) -> bool:
    """Whether a property that went and one that came are one and the same: described alike, or named alike."""
    descriptions = [each.get("description") for each in (was, now) if isinstance(each, dict)]
    if len(descriptions) == 2 and descriptions[0] and descriptions[0] == descriptions[1]:
        return True
    left, right = (re.sub(r"[^a-z0-9]", "", name.lower()) for name in (old, new))
    return left == right

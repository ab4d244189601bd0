"""The part of the differ that compares keywords that need no look below them: values, limits, restrictions."""

from __future__ import annotations

from typing import Any, Final

from scripts.differ.comparing import Comparing, Spot
from scripts.differ.recorder import BOTH, NARROW, NEITHER, WIDEN
from scripts.differ.references import escaped
from scripts.differ.schemas import ALSO, View
from scripts.differ.shapes import canonical, json_text
from scripts.differ.vocabulary import ENCODINGS, KEYED_RESTRICTIONS, LOWER, RESTRICTIONS, UPPER, accepts_all

_ANY_TEXT: Final = frozenset({"", ".*", "^.*", ".*$", "^.*$", "(.*)", "^(.*)$", "^[\\s\\S]*$", "[\\s\\S]*"})
"""Patterns that every text matches, as far as anyone means it."""


def moved(thing: str, was: object, now: object) -> str:
    """What became of the value of a keyword; None where there is none."""
    if was is None:
        return f"{thing} is {now} now, and was not set before"
    return f"{thing} is gone; it was {was}" if now is None else f"{thing} changed from {was} to {now}"


class KeywordDiffer(Comparing):
    """Compares keywords."""

    def _values(self, before: View, after: View, spot: Spot) -> None:
        old, new = before.schema, after.schema
        if isinstance(old.get("enum"), list) != isinstance(new.get("enum"), list):
            # `const` is an `enum` of one.
            listed = [
                {**each, "enum": [each["const"]]} if "const" in each and "enum" not in each else each
                for each in (old, new)
            ]
            if all("enum" in each for each in listed):
                old, new = ({k: v for k, v in each.items() if k != "const"} for each in listed)
        for word, name in (("enum", "enum"), ("x-extensible-enum", "x-extensible-enum")):
            self._listed(old.get(word), new.get(word), word, name, (before, after), spot)
        self._const(old, new, (before, after), spot)
        self._default(before, after, spot)

    def _listed(self, was: Any, now: Any, word: str, name: str, views: tuple[View, View], spot: Spot) -> None:
        places = spot.of(views, word)
        if not isinstance(was, list) and not isinstance(now, list):
            return
        if not isinstance(was, list):
            message = f"{spot.what} takes only listed values now"
            self._changed(f"became-{name}", NARROW, *places, None, now, message, spot.where)
        elif not isinstance(now, list):
            self._changed(f"{name}-removed", WIDEN, *places, was, None, f"{spot.what} may be anything now", spot.where)
        else:
            then, after = ({json_text(value): value for value in each} for each in (was, now))
            for text, value in then.items():
                if text not in after:
                    message = f"the value {value!r} of {spot.what} was removed"
                    self._changed(f"{name}-value-removed", NARROW, *places, value, None, message, spot.where)
            for text, value in after.items():
                if text not in then:
                    message = f"the value {value!r} of {spot.what} was added"
                    self._changed(f"{name}-value-added", WIDEN, *places, None, value, message, spot.where)

    def _const(self, old: dict[str, Any], new: dict[str, Any], views: tuple[View, View], spot: Spot) -> None:
        was, now = ("const" in each for each in (old, new))
        if not (was or now) or (was and now and json_text(old["const"]) == json_text(new["const"])):
            return
        verb, effect = ("added", NARROW) if not was else ("removed", WIDEN) if not now else ("changed", BOTH)
        values = (old.get("const"), new.get("const"))
        message = (
            f"the only value of {spot.what} changed from {values[0]!r} to {values[1]!r}"
            if was and now
            else f"{spot.what} {'may only be' if now else 'need not be'} {values[now]!r} now"
        )
        self._changed(f"const-{verb}", effect, *spot.of(views, "const"), *values, message, spot.where)

    def _default(self, before: View, after: View, spot: Spot) -> None:
        was, now = ("default" in each.schema for each in (before, after))
        values = (before.schema.get("default"), after.schema.get("default"))
        if was == now and json_text(values[0]) == json_text(values[1]):
            return
        verb = "added" if not was else "removed" if not now else "changed"
        # What a request means that leaves an optional parameter out; a required one is never left out.
        means = spot.where == "request-parameter" and not self._required_parameter
        shown = (repr(values[0]) if was else None, repr(values[1]) if now else None)
        message = moved(f"the default of {spot.what}", *shown)
        levels = ("error", "info") if means else ("info", "info")
        places = spot.of((before, after), "default")
        self._changed(f"default-value-{verb}", NEITHER, *places, *values, message, spot.where, levels=levels)

    def _limits(self, before: View, after: View, spot: Spot) -> None:
        pairs = [
            pair
            for pair in (("maximum", "exclusiveMaximum"), ("minimum", "exclusiveMinimum"))
            if [key in before.schema for key in pair] != [key in after.schema for key in pair]
            and any(key in before.schema for key in pair)
            and any(key in after.schema for key in pair)
        ]
        for words in pairs:
            self._bound(words, before, after, spot)
        words_moved = {word for words in pairs for word in words}
        for table in (UPPER, LOWER):
            for word, name in table.items():
                if word not in words_moved:
                    self._limit(word, name, before, after, spot)
        if ("uniqueItems" in before.schema) != ("uniqueItems" in after.schema):
            verb, effect = ("set", NARROW) if "uniqueItems" in after.schema else ("unset", WIDEN)
            message = f"entries of {spot.what} {'must' if effect == NARROW else 'need not'} be unique now"
            places, values = spot.of((before, after), "uniqueItems"), (verb == "unset", verb == "set")
            self._changed(f"unique-items-{verb}", effect, *places, *values, message, spot.where)
        self._multiple(before, after, spot)
        self._pattern(before, after, spot)

    def _limit(self, word: str, name: str, before: View, after: View, spot: Spot) -> None:
        was, now = before.schema.get(word), after.schema.get(word)
        if was == now:
            return
        if was is None or now is None:
            effect, kind = (NARROW, f"{name}-set") if was is None else (WIDEN, f"{name}-unset")
        else:
            grows = now > was
            effect = WIDEN if grows == (word in UPPER) else NARROW
            kind = f"{name}-{'increased' if grows else 'decreased'}"
        message = moved(f"{word} of {spot.what}", was, now)
        self._changed(kind, effect, *spot.of((before, after), word), was, now, message, spot.where)

    def _bound(self, words: tuple[str, str], before: View, after: View, spot: Spot) -> None:
        """A bound that is given by another keyword now: `maximum: 4` became `exclusiveMaximum: 5`."""
        whole = before.types == after.types == {"integer"}
        upper = words[0] in UPPER
        old, new = (_tightest(view.schema, words, upper=upper, whole=whole) for view in (before, after))
        if old == new:
            return
        grows = new > old
        effect = WIDEN if grows == upper else NARROW
        name = (UPPER if upper else LOWER)[words[0]]
        shown = [{word: view.schema[word] for word in words if word in view.schema} for view in (before, after)]
        message = f"the {words[0]} of {spot.what} changed from {shown[0]} to {shown[1]}"
        places = next(spot.of((before, after), word) for word in words if word in after.schema)
        kind = f"{name}-{'increased' if grows else 'decreased'}"
        self._changed(kind, effect, *places, shown[0], shown[1], message, spot.where)

    def _multiple(self, before: View, after: View, spot: Spot) -> None:
        was, now = before.schema.get("multipleOf"), after.schema.get("multipleOf")
        if was == now:
            return
        kind, effect = (
            ("set", NARROW)
            if was is None
            else ("unset", WIDEN)
            if now is None
            else ("generalized", WIDEN)
            if _divides(now, was)
            else ("specialized", NARROW)
            if _divides(was, now)
            else ("changed", BOTH)
        )
        message = moved(f"multipleOf of {spot.what}", was, now)
        places = spot.of((before, after), "multipleOf")
        self._changed(f"multiple-of-{kind}", effect, *places, was, now, message, spot.where)

    def _pattern(self, before: View, after: View, spot: Spot) -> None:
        was, now = before.schema.get("pattern"), after.schema.get("pattern")
        free = [each is None or each in _ANY_TEXT for each in (was, now)]
        if was == now or all(free):
            return
        kind, effect = (
            ("pattern-added", NARROW)
            if free[0]
            else ("pattern-removed" if now is None else "pattern-generalized", WIDEN)
            if free[1]
            else ("pattern-changed", BOTH)
        )
        message = moved(f"the pattern of {spot.what}", *(None if each is None else repr(each) for each in (was, now)))
        self._changed(kind, effect, *spot.of((before, after), "pattern"), was, now, message, spot.where)

    def _restrictions(self, before: View, after: View, spot: Spot) -> None:
        views = (before, after)
        for word, name in RESTRICTIONS.items():
            if not (word == "not" and any(accepts_all(view.schema.get("not")) for view in views)):
                self._restriction(
                    before.schema.get(word), after.schema.get(word), word, name, spot.of(views, word), spot
                )
        for word, name in KEYED_RESTRICTIONS.items():
            was, now = before.schema.get(word, {}), after.schema.get(word, {})
            for key in dict.fromkeys([*was, *now]):
                places = tuple(f"{place}/{escaped(key)}" for place in spot.of(views, word))
                self._restriction(was.get(key), now.get(key), f"{word} {key}", name, (places[0], places[1]), spot)
        for word, name in ENCODINGS.items():
            was, now = before.schema.get(word), after.schema.get(word)
            if was != now:
                message = moved(f"{word} of {spot.what}", was, now)
                self._changed(f"{name}-changed", BOTH, *spot.of(views, word), was, now, message, spot.where)
        self._leading(before, after, spot)
        self._also(before, after, spot)
        self._discriminator(before, after, spot)

    def _restriction(self, was: Any, now: Any, word: str, name: str, places: tuple[str, str], spot: Spot) -> None:
        if was is None and now is None:
            return
        if was is not None and now is not None and self._base_shapes.of(was) == self._head_shapes.of(now):
            return
        effect, verb = (NARROW, "added") if was is None else (WIDEN, "removed") if now is None else (BOTH, "changed")
        message = f"{word} of {spot.what} was {verb}"
        self._changed(f"{name}-{verb}", effect, *places, was, now, message, spot.where)

    def _leading(self, before: View, after: View, spot: Spot) -> None:
        """`prefixItems`: the first entries, each by its position."""
        was, now = before.schema.get("prefixItems", []), after.schema.get("prefixItems", [])
        base, head = spot.of((before, after), "prefixItems")
        for index in range(min(len(was), len(now))):
            inner = spot.below(f"{base}/{index}", f"{head}/{index}", f"entry {index + 1} of {spot.what}")
            self._schema(was[index], now[index], inner)
        old, new = (each.schema.get("items", {}) for each in (before, after))
        gone = [each for each in was[len(now) :] if self._base_shapes.of(each) != self._head_shapes.of(new)]
        come = [each for each in now[len(was) :] if self._head_shapes.of(each) != self._base_shapes.of(old)]
        if gone or come:
            verb = "removed" if gone else "added"
            message = f"{len(gone or come)} leading entries of {spot.what} were {verb}"
            self._changed(f"prefix-items-{verb}", BOTH, base, head, was or None, now or None, message, spot.where)

    def _also(self, before: View, after: View, spot: Spot) -> None:
        """What the parts of an `allOf` say of one keyword each, and no single one can say."""
        was = {self._base_shapes.of(each): each for each in before.schema.get(ALSO, [])}
        now = {self._head_shapes.of(each): each for each in after.schema.get(ALSO, [])}
        if was.keys() == now.keys():
            return
        gone, come = was.keys() - now.keys(), now.keys() - was.keys()
        effect = BOTH if gone and come else NARROW if come else WIDEN
        words = sorted({key for each in (gone and was, come and now) if each for part in each.values() for key in part})
        message = f"what allOf of {spot.what} says of {', '.join(words)} changed"
        places = (f"{spot.base}/allOf", f"{spot.head}/allOf")
        self._changed("all-of-changed", effect, *places, sorted(gone), sorted(come), message, spot.where)

    def _discriminator(self, before: View, after: View, spot: Spot) -> None:
        was, now = (each.schema.get("discriminator", {}) for each in (before, after))
        places = spot.of((before, after), "discriminator")
        old, new = was.get("propertyName"), now.get("propertyName")
        if old and new and old != new:
            message = f"the discriminator of {spot.what} changed from {old} to {new}"
            self._changed("discriminator-changed", BOTH, *places, old, new, message, spot.where)
            return
        if bool(old) != bool(new):
            verb = "added" if new else "removed"
            message = f"a discriminator of {spot.what} was {verb}: {new or old}"
            self._changed(f"discriminator-{verb}", NEITHER, *places, old, new, message, spot.where)
        then, after_ = (each.get("mapping") if isinstance(each.get("mapping"), dict) else {} for each in (was, now))
        for key in dict.fromkeys([*then, *after_]):
            if canonical(then.get(key)) != canonical(after_.get(key)) and old and new:
                verb = "added" if key not in then else "deleted" if key not in after_ else "changed"
                message = f"the discriminator value {key} of {spot.what} was {verb}"
                base, head = (f"{place}/mapping/{escaped(key)}" for place in places)
                values = (then.get(key), after_.get(key))
                self._changed(f"discriminator-mapping-{verb}", NEITHER, base, head, *values, message, spot.where)


def _tightest(schema: dict[str, Any], words: tuple[str, str], *, upper: bool, whole: bool) -> tuple[float, int]:
    """A bound as a number, and 0 if it may be reached, else -1 (upper) or 1 (lower); so that bounds can be compared."""
    step = -1 if upper else 1
    bounds: list[tuple[float, int]] = []
    if words[0] in schema:
        bounds.append((schema[words[0]], 0))
    if words[1] in schema:
        value = schema[words[1]]
        bounds.append((value + step, 0) if whole and value == int(value) else (value, step))
    return min(bounds) if upper else max(bounds)


def _divides(small: float, large: float) -> bool:
    return bool(small) and abs(large / small - round(large / small)) < 1e-9

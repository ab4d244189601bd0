"""The part of the differ that compares alternatives (`oneOf`, `anyOf`) and the parts of an `allOf`."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from scripts.differ.comparing import Comparing, Spot, label, reference_name
from scripts.differ.recorder import BOTH, NARROW, WIDEN
from scripts.differ.schemas import View, pairs, view
from scripts.differ.shapes import canonical, json_text

if TYPE_CHECKING:
    from collections.abc import Callable

_CLOSED = frozenset({"enum", "const", "oneOf", "anyOf"})
_UNIONS = (("oneOf", "one-of"), ("anyOf", "any-of"))


class UnionDiffer(Comparing):
    """Compares alternatives and parts."""

    def _unions(self, old: Any, new: Any, before: View, after: View, spot: Spot) -> bool:
        """Alternatives; True if there is nothing else to compare."""
        for word, name in _UNIONS:
            was, now = before.schema.get(word), after.schema.get(word)
            other = "anyOf" if word == "oneOf" else "oneOf"
            if was and now:
                self._alternatives(before, after, (word, word), name, spot)
            elif (was and after.schema.get(other)) or (now and before.schema.get(other)):
                # `oneOf` on one side and `anyOf` on the other: the same alternatives, compared once.
                if word == "oneOf":
                    words = (word if was else other, word if now else other)
                    self._alternatives(before, after, words, name, spot)
            elif was or now:
                self._wrapped(old, new, before, after, word, name, spot)
                return True
        return False

    def _wrapped(self, old: Any, new: Any, before: View, after: View, word: str, name: str, spot: Spot) -> None:
        """One schema became a choice of several, or the other way round."""
        became = word in after.schema
        with_union, without = (after, before) if became else (before, after)
        union = with_union.schema[word]
        shapes, others = (self._base_shapes, self._head_shapes) if became else (self._head_shapes, self._base_shapes)
        single = shapes.of(old if became else new)
        fits = [each for each in union if others.of(each) == single]
        # What fits two alternatives of `oneOf` is refused: the schema, and one that takes all that it takes.
        takes_all = {others.of({}), others.of({"type": sorted(without.types)} if without.types else {})} - {single}
        if word == "oneOf" and any(others.of(each) in takes_all for each in union):
            fits = []
        rest = [index for index, each in enumerate(union) if others.of(each) != single]
        sides = (spot.head, self._head_schema) if became else (spot.base, self._base_schema)
        overlaps = word == "oneOf" and not all(exclusive(without, self._at(sides, with_union, word, i)) for i in rest)
        labels = [label(each) for each in union]
        values: tuple[Any, Any] = (label(old), labels) if became else (labels, label(new))
        if became:
            kind = f"wrapped-in-{name}"
            effect = WIDEN if (len(fits) == 1 and not overlaps) or (fits and word == "anyOf") else BOTH
            message = f"{spot.what} is one of {len(union)} alternatives now: {', '.join(labels)}"
        else:
            kind, effect = f"unwrapped-from-{name}", NARROW if fits and not overlaps else BOTH
            message = f"{spot.what} is no longer one of {len(union)} alternatives"
        beside = {key: value for key, value in with_union.schema.items() if key not in {word, "discriminator"}}
        unwrapped = {key: value for key, value in without.schema.items() if key != "discriminator"}
        if canonical(beside) == canonical(unwrapped) and (
            canonical(beside) != "{}" or without.types == with_union.types
        ):
            # The alternatives stand beside what was there before, and restrict it.
            kind, effect = f"{name}-{'added' if became else 'removed'}", NARROW if became else WIDEN
        python = "additive" if effect == NARROW and not became and self._direction == 1 else None
        self._changed(kind, effect, spot.base, spot.head, values[0], values[1], message, spot.where, python=python)
        self._null(before, after, spot)

    def _at(self, side: tuple[str, Callable[[str, Any], tuple[str, Any]]], whole: View, word: str, index: int) -> View:
        """One alternative of a union."""
        place = whole.places.get(f"{word}/{index}", f"{whole.places.get(word, side[0])}/{index}")
        return view(*side[1](place, whole.schema[word][index]), side[1])

    def _exclusive(self, before: View, after: View, words: tuple[str, str], spot: Spot) -> None:
        """`anyOf` on one side and `oneOf` on the other: what fits two alternatives fits one of the sides only."""
        side, whole, word = (
            ((spot.head, self._head_schema), after, words[1])
            if words[1] == "oneOf"
            else ((spot.base, self._base_schema), before, words[0])
        )
        views = [self._at(side, whole, word, index) for index in range(len(whole.schema[word]))]
        if all(exclusive(one, other) for one, other in combinations(views[:50], 2)):
            return
        effect = NARROW if words[1] == "oneOf" else WIDEN
        message = (
            f"what fits several alternatives of {spot.what} is refused now"
            if effect == NARROW
            else f"{spot.what} may fit several alternatives at once now"
        )
        places = spot.of((before, after), words[0])[0], spot.of((before, after), words[1])[1]
        kind = f"{'any' if effect == NARROW else 'one'}-of-became-{'one' if effect == NARROW else 'any'}-of"
        self._changed(kind, effect, *places, words[0], words[1], message, spot.where)

    def _alternatives(self, before: View, after: View, words: tuple[str, str], name: str, spot: Spot) -> None:
        was, now = before.schema[words[0]], after.schema[words[1]]
        if words[0] != words[1]:
            self._exclusive(before, after, words, spot)
        places = spot.of((before, after), words[0])[0], spot.of((before, after), words[1])[1]
        lonely: tuple[list[int], list[int]] = ([], [])
        together: list[tuple[int, int]] = []
        for left, right in pairs(was, now, reference_name, self._shapes()):
            if left is not None and right is not None:
                together.append((left, right))
            elif left is not None:
                lonely[0].append(left)
            elif right is not None:
                lonely[1].append(right)
        if len(lonely[0]) == len(lonely[1]) == 1 and not any(
            map(reference_name, [was[lonely[0][0]], now[lonely[1][0]]])
        ):
            together.append((lonely[0].pop(), lonely[1].pop()))
        for left, right in together:
            inner = (
                before.places.get(f"{words[0]}/{left}", f"{places[0]}/{left}"),
                after.places.get(f"{words[1]}/{right}", f"{places[1]}/{right}"),
            )
            self._schema(was[left], now[right], spot.below(*inner, f"{label(now[right])} in {spot.what}"))
        for left in lonely[0]:
            message = f"the alternative {label(was[left])} of {spot.what} was removed"
            value = label(was[left])
            self._changed(f"{name}-removed", NARROW, *places, value, None, message, spot.where)
        for right in lonely[1]:
            message = f"the alternative {label(now[right])} of {spot.what} was added"
            value = label(now[right])
            self._changed(f"{name}-added", WIDEN, *places, None, value, message, spot.where)

    def _all_of(self, old: Any, new: Any, before: View, after: View, spot: Spot) -> None:
        """Parts that were added to or taken from an `allOf`, if that changes what the whole accepts.

        What can be seen in the folded schema is told there. A part that was exchanged for another is told there too.
        """
        was, now = (
            parts if isinstance(each, dict) and isinstance(parts := each.get("allOf"), list) else []
            for each in (old, new)
        )
        if not was or not now:
            return
        empty = self._base_shapes.of({})
        found = list(pairs(was, now, reference_name, self._shapes()))
        gone = [was[left] for left, right in found if right is None and left is not None]
        come = [now[right] for left, right in found if left is None and right is not None]
        gone = [each for each in gone if self._base_shapes.of(each) != empty]
        come = [each for each in come if self._head_shapes.of(each) != empty]
        if bool(gone) == bool(come):
            return
        if self._base_shapes.of(before.schema) == self._head_shapes.of(after.schema) and before.types == after.types:
            return
        places = (f"{spot.base}/allOf", f"{spot.head}/allOf")
        for part in gone or come:
            kind, effect = ("all-of-added", NARROW) if come else ("all-of-removed", WIDEN)
            message = f"{label(part)} was {'added to' if come else 'removed from'} allOf of {spot.what}"
            values: tuple[Any, Any] = (None, part) if come else (part, None)
            self._changed(kind, effect, *places, values[0], values[1], message, spot.where)

    def _shapes(self) -> tuple[Callable[[Any], str], Callable[[Any], str]]:
        return self._base_shapes.of, self._head_shapes.of

    def _null(self, before: View, after: View, spot: Spot) -> None:
        """Whether null fits; into and from a schema that takes anything, that is not what changed."""
        anything = any(not each.types and not _CLOSED & each.schema.keys() for each in (before, after))
        if before.nullable == after.nullable or anything:
            return
        kind, effect = ("became-nullable", WIDEN) if after.nullable else ("became-not-nullable", NARROW)
        message = f"{spot.what} {'may be null now' if after.nullable else 'must not be null any more'}"
        self._changed(kind, effect, spot.base, spot.head, before.nullable, after.nullable, message, spot.where)


def exclusive(one: View, other: View) -> bool:
    """Whether no value fits both of two schemas, as far as that can be seen."""
    if one.types and other.types:
        kinds = [each.types | {"integer"} if "number" in each.types else each.types for each in (one, other)]
        if not kinds[0] & kinds[1]:
            return True
    for left, right in ((one, other), (other, one)):
        known = right.schema.get("properties", {})
        closed = right.schema.get("additionalProperties") is False
        if closed and any(name not in known for name in left.schema.get("required", ())):
            return True
    for name in set(one.schema.get("required", ())) & set(other.schema.get("required", ())):
        values = [_values(each.schema.get("properties", {}).get(name)) for each in (one, other)]
        if values[0] and values[1] and not values[0] & values[1]:
            return True
    listed = [_values(each.schema) for each in (one, other)]
    return bool(listed[0] and listed[1] and not listed[0] & listed[1])


def _values(schema: Any) -> set[str]:
    """The values that a schema lists, as text."""
    if not isinstance(schema, dict):
        return set()
    listed = schema.get("enum", [schema["const"]] if "const" in schema else [])
    return {json_text(each) for each in listed} if isinstance(listed, list) else set()

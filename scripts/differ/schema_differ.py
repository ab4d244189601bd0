"""The part of the differ that compares schemas: what may be sent or come back now, and what may no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from scripts.differ.keywords import KeywordDiffer
from scripts.differ.lifecycle import LifecycleDiffer
from scripts.differ.properties import PropertyDiffer
from scripts.differ.recorder import BOTH, NARROW, NEITHER, WIDEN
from scripts.differ.schemas import NOTHING, View, view
from scripts.differ.unions import UnionDiffer
from scripts.differ.vocabulary import accepts_all

if TYPE_CHECKING:
    from scripts.differ.comparing import Spot

_WIDER_FORMATS: Final = frozenset({("int32", "int64"), ("float", "double")})
# Formats that have a type of their own in Python; all others are text or numbers.
_PYTHON_TYPES: Final = frozenset({"date-time", "date", "uuid", "binary"})


class SchemaDiffer(KeywordDiffer, PropertyDiffer, UnionDiffer, LifecycleDiffer):
    """Compares schemas, and keeps the findings."""

    def _compare_schemas(self, old: Any, new: Any, spot: Spot) -> None:
        before = view(spot.base, old, self._base_schema)
        after = view(spot.head, new, self._head_schema)
        for word in ("oneOf", "anyOf"):
            # A union of one beside a union of several is a union that lost some.
            if word in before.schema and word not in after.schema and isinstance(new, dict) and word in new:
                after = view(spot.head, new, self._head_schema, choices=True)
            elif word in after.schema and word not in before.schema and isinstance(old, dict) and word in old:
                before = view(spot.base, old, self._base_schema, choices=True)
        if isinstance(old, dict) and isinstance(new, dict):
            kind = f"{spot.where.partition('-')[0]}-property"
            self._deprecation(old, new, spot.base, spot.head, kind, spot.what)
        if self._unions(old, new, before, after, spot) or not self._types(before, after, spot):
            return
        self._all_of(old, new, before, after, spot)
        self._values(before, after, spot)
        self._limits(before, after, spot)
        self._restrictions(before, after, spot)
        self._properties(before, after, spot)
        if "items" in before.schema or "items" in after.schema:
            places = spot.of((before, after), "items")
            items = (before.schema.get("items", {}), after.schema.get("items", {}))
            self._schema(*items, spot.below(*places, f"an entry of {spot.what}"))

    def _types(self, before: View, after: View, spot: Spot) -> bool:
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
            message = f"the type of {spot.what} changed from {shown[0]} to {shown[1]}"
            fits = (effect == WIDEN) if self._direction == 0 else (effect == NARROW)
            # A dictionary that becomes a model is another thing in Python, even if the same values fit.
            modelled = not was and now & {"object", "array"}
            alike = old == new or not {old, new} & _PYTHON_TYPES
            python = "additive" if fits and alike and not modelled else None
            self._changed(
                "type-changed", effect, spot.base, spot.head, shown[0], shown[1], message, spot.where, python=python
            )
        self._null(before, after, spot)
        # Against one that takes anything, all of the other is one change, however deep it goes.
        if effect != NEITHER and any(not each.types and accepts_all(each.schema) for each in (before, after)):
            return False
        return NOTHING not in {was, now} and not (was and now and not was & now and effect == BOTH)


def _type_effect(was: frozenset[str], now: frozenset[str]) -> str:
    if was == now:
        return NEITHER
    if NOTHING in (was, now):
        return WIDEN if was == NOTHING else NARROW
    # Every integer is a number.
    old, new = (kinds | {"integer"} if "number" in kinds else kinds for kinds in (was, now))
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
    if new is None or (old, new) in _WIDER_FORMATS:
        return WIDEN
    return NARROW if (new, old) in _WIDER_FORMATS else BOTH

"""Keywords of a schema that need no look below it: values, limits, restrictions."""

from __future__ import annotations

from typing import Any

from scripts.review.recorder import BOTH, NARROW, NEITHER, WIDEN, Recorder
from scripts.review.references import escaped
from scripts.review.schemas import KEYED_RESTRICTIONS, LOWER, RESTRICTIONS, UPPER, canonical


class KeywordDiffer(Recorder):
    """Compares keywords."""

    def _values(self, old: dict[str, Any], new: dict[str, Any], base: str, head: str, where: str, what: str) -> None:
        if isinstance(old.get("enum"), list) != isinstance(new.get("enum"), list):
            # `const` is an `enum` of one.
            old, new = (
                {**each, "enum": [each["const"]]}
                if "const" in each and not isinstance(each.get("enum"), list)
                else each
                for each in (old, new)
            )
            if isinstance(old.get("enum"), list) and isinstance(new.get("enum"), list):
                old, new = ({k: v for k, v in each.items() if k != "const"} for each in (old, new))
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


def _says_nothing(word: str, value: Any) -> bool:
    return word in {"minLength", "minItems", "minProperties"} and value == 0

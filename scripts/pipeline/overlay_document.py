"""Applies an OpenAPI Overlay 1.1 document, strictly.

The standard lets an action match nothing. Here that is an error, and so is an action that changes nothing: each of
ours corrects something, and when it no longer does, the vendor has caught up and the action is to be deleted.
A document that says 1.0 is applied by the rules of 1.1, which say more.
"""

from __future__ import annotations

import copy
import json
import re
from typing import Any, Final

import jsonpath
from attrs import frozen

from scripts.documents import DocumentError


class OverlayError(DocumentError):
    """An overlay that is not valid, or an action that is of no use any more."""


@frozen
class StaleAction:
    """An action that matches nothing, or changes nothing, in a document."""

    index: int
    target: str
    description: str
    reason: str

    def __str__(self) -> str:
        return f"action {self.index + 1} ({self.target}) {self.reason}: {self.description}"


def apply_overlay(document: dict[str, Any], overlay: dict[str, Any], name: str) -> dict[str, Any]:
    """The document with all actions applied in their order; the one that was given stays as it is.

    Raises:
        OverlayError: if the overlay is not valid, or names every action that matches or changes nothing.
    """
    result, stale = try_overlay(document, overlay, name)
    if stale:
        lines = "\n".join(f"  {action}" for action in stale)
        raise OverlayError(f"{name}: upstream may have caught up; delete what is no longer needed:\n{lines}")
    return result


def try_overlay(
    document: dict[str, Any], overlay: dict[str, Any], name: str
) -> tuple[dict[str, Any], list[StaleAction]]:
    """As `apply_overlay`, but stale actions are returned and not raised: the API review lists them."""
    _validate(overlay, name)
    result = copy.deepcopy(document)
    stale: list[StaleAction] = []
    for index, action in enumerate(overlay["actions"]):
        try:
            reason = _apply(result, action)
        except OverlayError as error:
            raise OverlayError(f"{name}: action {index + 1} ({action['target']}): {error}") from None
        if reason:
            stale.append(StaleAction(index, action["target"], action.get("description", "").strip(), reason))
    return result, stale


def _validate(overlay: Any, name: str) -> None:
    """What the standard asks of the document itself, in the words of its schema."""
    if not isinstance(overlay, dict) or not re.fullmatch(r"1\.[01]\.\d+", str(overlay.get("overlay"))):
        raise OverlayError(f"{name}: `overlay: 1.1.0` is expected at the top")
    if unknown := _unknown(overlay, {"overlay", "info", "extends", "actions"}):
        raise OverlayError(f"{name}: unknown keys: {unknown}")
    info = overlay.get("info")
    if not isinstance(info, dict) or not all(isinstance(info.get(key), str) for key in ("title", "version")):
        raise OverlayError(f"{name}: info needs title and version, both text")
    if not isinstance(overlay.get("extends", ""), str):
        raise OverlayError(f"{name}: extends must be the address of a document")
    actions = overlay.get("actions")
    if not isinstance(actions, list) or not actions:
        raise OverlayError(f"{name}: actions must be a list of at least one")
    for index, action in enumerate(actions):
        if problem := _problem(action):
            target = f" ({action['target']})" if isinstance(action, dict) and "target" in action else ""
            raise OverlayError(f"{name}: action {index + 1}{target} {problem}")
        if action in actions[:index]:
            first = actions.index(action) + 1
            raise OverlayError(f"{name}: action {index + 1} ({action['target']}) repeats action {first}")


def _problem(action: Any) -> str:
    if not isinstance(action, dict):
        return "is not an object"
    if unknown := _unknown(action, {*_TYPES, "update"}):
        return f"has unknown keys: {unknown}"
    for key, (kind, words) in _TYPES.items():
        if not isinstance(action.get(key, kind()), kind):
            return f"has a {key} that is not {words}"
    if not action.get("target"):
        return "has no target"
    # The standard gives `update` and `copy` no effect beside each other; with neither, nothing would happen.
    if not action.get("remove") and ("update" in action) == ("copy" in action):
        return "needs one of update, copy and remove: true"
    return ""


_TYPES: Final[dict[str, tuple[type, str]]] = {
    "target": (str, "text"),
    "description": (str, "text"),
    "copy": (str, "text"),
    "remove": (bool, "true or false"),
}


def _unknown(given: dict[Any, Any], known: set[str]) -> str:
    return ", ".join(str(key) for key in given if key not in known and not str(key).startswith("x-"))


def _apply(document: dict[str, Any], action: dict[str, Any]) -> str:
    """Apply one action; what is stale about it, or an empty text."""
    places = _places(document, action["target"])
    if not places:
        return "matches nothing"
    if action.get("remove"):
        return _remove(document, places)
    value = action["update"] if "update" in action else _source(document, action["copy"])
    if len(kinds := sorted({_kind(_at(document, place)) for place in places})) > 1:
        raise OverlayError(f"it selects {' and '.join(f'{kind}s' for kind in kinds)}; they must be of one kind")
    changed = False
    for place in places:
        old = _at(document, place)
        new = _merged(old, copy.deepcopy(value))
        changed = changed or _written(new) != _written(old)
        if place:
            _at(document, place[:-1])[place[-1]] = new
        else:
            document.clear()
            document.update(new)
    return "" if changed else "changes nothing"


def _places(document: dict[str, Any], path: str) -> list[tuple[str | int, ...]]:
    if not path.startswith("$"):
        raise OverlayError(f"{path!r} is not a valid RFC 9535 path: it must begin with $")
    try:
        found = list(jsonpath.finditer(path, document, strict=True))
    except jsonpath.JSONPathError as error:
        raise OverlayError(f"{path} is not a valid RFC 9535 path: {error.args[0]}") from None
    return list(dict.fromkeys(tuple(match.parts) for match in found))


def _source(document: dict[str, Any], path: str) -> Any:
    places = _places(document, path)
    if len(places) != 1:
        raise OverlayError(f"copy: {path} selects {len(places)} places, and one is needed")
    return copy.deepcopy(_at(document, places[0]))


def _at(document: Any, place: tuple[str | int, ...]) -> Any:
    node = document
    for part in place:
        node = node[part]
    return node


def _remove(document: dict[str, Any], places: list[tuple[str | int, ...]]) -> str:
    if () in places:
        raise OverlayError("the whole document cannot be removed")
    # From the end, so that removing a list's element does not move the ones still to be removed; the deepest
    # first, so that a place inside another still exists.
    for place in sorted(places, key=lambda p: (len(p), [(isinstance(x, int), x) for x in p]), reverse=True):
        del _at(document, place[:-1])[place[-1]]
    return ""


def _kind(value: Any) -> str:
    return "object" if isinstance(value, dict) else "list" if isinstance(value, list) else "plain value"


def _written(value: Any) -> str:
    """A value as text: `==` would take 1 for true, and 1.0 for 1."""
    return json.dumps(value, default=str)


def _merged(old: Any, new: Any) -> Any:
    """What becomes of a selected node: a list takes a list's entries, and anything else as one entry."""
    if isinstance(old, list) and not isinstance(new, list):
        return [*old, new]
    return _combined(old, new, "")


def _combined(old: Any, new: Any, place: str) -> Any:
    """Merge rules of the standard: objects recursively, lists are joined, a plain value is replaced."""
    kind, given = _kind(old), _kind(new)
    if kind != given:
        where = f"at {place} there is" if place else "it selects"
        raise OverlayError(f"{where} {_WITH_ARTICLE[kind]}, which {_WITH_ARTICLE[given]} cannot be merged into")
    if kind == "object":
        return {
            **old,
            **{
                key: _combined(old[key], value, f"{place}/{key}") if key in old else value for key, value in new.items()
            },
        }
    return [*old, *new] if kind == "list" else new


_WITH_ARTICLE: Final = {"object": "an object", "list": "a list", "plain value": "a plain value"}

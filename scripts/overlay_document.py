"""Applies an OpenAPI Overlay 1.1 document, strictly.

The standard lets an action match nothing. Here that is an error, and so is an action that changes nothing: each of
ours corrects something, and when it no longer does, the vendor has caught up and the action is to be deleted.
"""

from __future__ import annotations

import copy
from typing import Any

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
    if not isinstance(overlay, dict) or str(overlay.get("overlay")) not in {"1.0.0", "1.1.0"}:
        raise OverlayError(f"{name}: `overlay: 1.1.0` is expected at the top")
    info = overlay.get("info")
    if not isinstance(info, dict) or not {"title", "version"} <= info.keys():
        raise OverlayError(f"{name}: info needs title and version")
    actions = overlay.get("actions")
    if not isinstance(actions, list) or not actions:
        raise OverlayError(f"{name}: actions must be a list of at least one")
    for index, action in enumerate(actions):
        if not isinstance(action, dict) or not isinstance(action.get("target"), str):
            raise OverlayError(f"{name}: action {index + 1} has no target")
        if unknown := [k for k in action if k not in _KEYS and not k.startswith("x-")]:
            raise OverlayError(f"{name}: action {index + 1} has unknown keys: {', '.join(unknown)}")
        if not {"update", "remove", "copy"} & action.keys():
            raise OverlayError(f"{name}: action {index + 1} neither updates, copies nor removes")


_KEYS = frozenset({"target", "description", "update", "remove", "copy"})


def _apply(document: dict[str, Any], action: dict[str, Any]) -> str:
    """Apply one action; what is stale about it, or an empty text."""
    places = _places(document, action["target"])
    if not places:
        return "matches nothing"
    if action.get("remove"):
        return _remove(document, places)
    value = action["update"] if "update" in action else _source(document, action["copy"])
    changed = False
    for place in places:
        parent, key = _parent(document, place)
        old = document if parent is None else parent[key]
        new = _merged(old, copy.deepcopy(value))
        changed = changed or new != old
        if parent is None:
            document.clear()
            document.update(new)
        else:
            parent[key] = new
    return "" if changed else "changes nothing"


def _places(document: dict[str, Any], path: str) -> list[tuple[str | int, ...]]:
    try:
        found = list(jsonpath.finditer(path, document, strict=True))
    except jsonpath.JSONPathError as error:
        raise OverlayError(f"not a valid RFC 9535 path: {error}") from None
    return list(dict.fromkeys(tuple(match.parts) for match in found))


def _source(document: dict[str, Any], path: str) -> Any:
    places = _places(document, path)
    if len(places) != 1:
        raise OverlayError(f"copy: {path} selects {len(places)} places, and one is needed")
    parent, key = _parent(document, places[0])
    return copy.deepcopy(document if parent is None else parent[key])


def _parent(document: Any, place: tuple[str | int, ...]) -> tuple[Any, Any]:
    if not place:
        return None, None
    node = document
    for part in place[:-1]:
        node = node[part]
    return node, place[-1]


def _remove(document: dict[str, Any], places: list[tuple[str | int, ...]]) -> str:
    if () in places:
        raise OverlayError("the whole document cannot be removed")
    # From the end, so that removing a list's element does not move the ones still to be removed; the deepest
    # first, so that a place inside another still exists.
    for place in sorted(places, key=lambda p: (len(p), [(isinstance(x, int), x) for x in p]), reverse=True):
        parent, key = _parent(document, place)
        del parent[key]
    return ""


def _merged(old: Any, new: Any) -> Any:
    """Merge rules of the standard: objects recursively, a list is appended to, a plain value is replaced."""
    if isinstance(old, dict):
        if not isinstance(new, dict):
            raise OverlayError("an object is selected, so update must be an object")
        return _merged_property(old, new)
    if isinstance(old, list):
        return [*old, new]
    if isinstance(new, dict | list):
        raise OverlayError("a plain value is selected, so update must be a plain value")
    return new


def _merged_property(old: Any, new: Any) -> Any:
    if isinstance(old, dict) and isinstance(new, dict):
        return {
            **old,
            **{key: _merged_property(old[key], value) if key in old else value for key, value in new.items()},
        }
    if isinstance(old, list) and isinstance(new, list):
        return [*old, *new]
    return new

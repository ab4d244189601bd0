"""Merges the documents of one API; the later one wins, and every override is listed."""

from __future__ import annotations

import copy
from typing import Any

from scripts.documents import Document, escaped


def merge(name: str, documents: list[Document]) -> tuple[Document, list[str]]:
    """One document from several, and a line for each value of an earlier one that a later one replaced.

    Operations and components are replaced whole: half of an old operation under a new one would be neither.
    """
    merged = copy.deepcopy(documents[0].content)
    overrides: list[str] = []
    for document in documents[1:]:
        for key, value in document.content.items():
            if key == "paths":
                _paths(merged, value, document.name, overrides)
            elif key == "components":
                for section, components in value.items():
                    target = merged.setdefault("components", {}).setdefault(section, {})
                    _entries(target, components, f"#/components/{section}", document.name, overrides)
            else:
                _entries(merged, {key: value}, "#", document.name, overrides)
    return Document(name, merged), overrides


def _paths(merged: dict[str, Any], paths: dict[str, Any], name: str, overrides: list[str]) -> None:
    for path, item in paths.items():
        if isinstance(item, dict):
            target = merged.setdefault("paths", {}).setdefault(path, {})
            _entries(target, item, f"#/paths/{escaped(path)}", name, overrides)
        else:
            _entries(merged.setdefault("paths", {}), {path: item}, "#/paths", name, overrides)


def _entries(target: dict[str, Any], entries: dict[str, Any], place: str, name: str, overrides: list[str]) -> None:
    for key, value in entries.items():
        if key in target and target[key] != value:
            overrides.append(f"{name} overrides {place}/{key}: {', '.join(_differences(target[key], value))}")
        target[key] = copy.deepcopy(value)


def _differences(old: Any, new: Any, place: str = "") -> list[str]:
    """Where two values differ, without descriptions in full: a person reads these lines."""
    if isinstance(old, dict) and isinstance(new, dict):
        found: list[str] = []
        for key in dict.fromkeys([*old, *new]):
            inner = f"{place}/{key}"
            if key not in new:
                found.append(f"{inner} dropped")
            elif key not in old:
                found.append(f"{inner} added")
            else:
                found.extend(_differences(old[key], new[key], inner))
        return found
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [
            line for i, pair in enumerate(zip(old, new, strict=True)) for line in _differences(*pair, f"{place}/{i}")
        ]
    return [] if old == new else [f"{place or 'value'} changed"]

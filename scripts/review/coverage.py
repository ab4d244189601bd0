"""Facade coverage: what the head offers and nothing in the library reaches."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scripts.entity_sets import entity_sets
from scripts.openapi import operations, resolve
from scripts.review.chain import plain, snake
from scripts.review.sources import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.review.uses import Usage

NOT_LIBRARY = ("overlay/moveworks/sandbox/",)


def uncovered(head: dict[str, Any], api: str, used: Usage, root: Path = ROOT) -> list[str]:
    """Operations that no line of the library uses, and query and header parameters that none of those lines gives."""
    listed = {operation.get("operationId") for _, operation, _, _ in entity_sets(head)}
    options = {
        text
        for table in (used.strings, used.texts)
        for text, places in table.items()
        if any(_in_library(each.place) for each in places)
    }
    missing: list[str] = []
    for path, method, operation in operations(head):
        name = str(operation.get("operationId", ""))
        given = [
            resolve(head, each) for owner in (head["paths"][path], operation) for each in owner.get("parameters", ())
        ]
        asked = [str(each.get("name", "")) for each in given if each.get("in") in {"query", "header"}]
        if name in listed:
            # The catalogue lists every entity set; the query is composed for all of them in one place.
            lost = [option for option in asked if option not in options]
        else:
            words = _words_at(used, rf"moveworks_{api}\.api\.\w+\.{re.escape(snake(name))}(?:\.|$)", root)
            if not words:
                missing.append(f"{method.upper()} {path} ({name})")
                continue
            lost = [option for option in asked if plain(option) not in words]
        missing += [f"{method.upper()} {path}: parameter {option}" for option in lost]
    return missing


def _in_library(place: str) -> bool:
    return place.startswith("overlay/") and not place.startswith(NOT_LIBRARY)


def _words_at(used: Usage, pattern: str, root: Path) -> set[str]:
    """Every word of the functions of the library that use something."""
    places = {place for name, found in used.names.items() if re.match(pattern, name) for place in found}
    words: set[str] = set()
    for place in filter(_in_library, places):
        file, _, line = place.rpartition(":")
        text = (root / file).read_text(encoding="utf-8").splitlines()
        around = [
            (first, last) for _, of, first, last in used.functions if of == file and first <= int(line) <= last
        ] or [(1, len(text))]
        for first, last in around:
            words |= {plain(word) for word in re.findall(r"\w+", "\n".join(text[first - 1 : last]))}
    return words

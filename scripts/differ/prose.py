"""What descriptions promise in words: sentences of limits, times, duties and ends that changed."""

from __future__ import annotations

import re
from collections import defaultdict
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, Final

from scripts.differ.references import escaped

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOTEWORTHY: Final = re.compile(
    r"""\b(?:
      \d+(?:[.,]\d+)*\s*(?:%|k?b|mb|gb|ms|seconds?|minutes?|hours?|days?|weeks?|months?|years?|requests?|records?|items?|
        rows?|pages?|characters?|bytes|times?|calls?|users?)
    | \d{4}-\d\d(?:-\d\d)? | v\d+
    | must|shall|should|may\s+not|cannot|can\s+not|can't|won't|will\s+not|not\s+be|never|always|only|no\s+longer|not\s+any\s+more
    | required|requires?|mandatory|optional|forbidden|prohibited|unsupported|not\s+supported|supported|allowed|ignored
    | deprecat\w+|sunset\w*|retir\w+|remov\w+|discontinu\w+|end\s+of\s+life|obsolete|legacy
    | limit(?:s|ed\s+to)?|max(?:imum)?|min(?:imum)?|at\s+most|at\s+least|up\s+to|no\s+more\s+than|more\s+than|less\s+than|within|exceed\w*
    | retention|retain\w*|expir\w+|delet\w+|purg\w+|kept\s+for|stored\s+for|available\s+for|after\s+\d+|until|before
    | daily|hourly|weekly|monthly|per\s+(?:second|minute|hour|day|month|tenant|user|key)|rate[\s-]limit\w*|quota\w*|throttl\w+
    | charge\w*|billed|cost\w*|permission\w*|scopes?|admin\w*|beta|experimental|preview
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_NUMBER: Final = re.compile(r"\d+")
_SENTENCE: Final = re.compile(r"(?<=[.!?;])\s+(?=\S)|\n\s*\n|\n\s*[-*]\s+")
_NAMES: Final = ("properties", "schemas", "parameters", "responses", "paths", "securitySchemes", "headers", "examples")
MAX_TEXT: Final = 20_000


def changed_sentences(base: Any, head: Any) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """Old sentence, new sentence (empty for one that is only on the other side), and the places of both.

    A text that stands in many places is told once.
    """
    old, new = dict(_texts(base, "#")), dict(_texts(head, "#"))
    found: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for place, before in old.items():
        after = new.get(place, "")
        if place in new and before.split() != after.split():
            for pair in _pairs(before, after):
                found[pair].append((place, place))
    for place, after in new.items():
        if place not in old and _owner(place) in _Places(base):
            for pair in _pairs("", after):
                found[pair].append((place, place))
    for (before, after), places in found.items():
        yield before, after, places


class _Places:
    """The places of a document."""

    def __init__(self, document: Any) -> None:
        self._document = document

    def __contains__(self, pointer: str) -> bool:
        node = self._document
        for part in pointer.split("/")[1:]:
            key = part.replace("~1", "/").replace("~0", "~")
            if isinstance(node, list) and key.isdigit() and int(key) < len(node):
                node = node[int(key)]
            elif isinstance(node, dict) and key in node:
                node = node[key]
            else:
                return False
        return True


def _owner(place: str) -> str:
    return place.rpartition("/")[0]


def _texts(node: Any, place: str, named: bool = False) -> Iterator[tuple[str, str]]:  # noqa: FBT001, FBT002
    """Every description and summary, by its pointer."""
    if isinstance(node, dict):
        for key, value in node.items():
            inner = f"{place}/{escaped(key)}"
            if key in {"description", "summary"} and isinstance(value, str) and not named:
                yield inner, value[:MAX_TEXT]
            elif isinstance(value, dict | list) and (named or key not in {"example", "default", "enum", "const"}):
                yield from _texts(value, inner, key in _NAMES and not named and isinstance(value, dict))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _texts(value, f"{place}/{index}")


def _pairs(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Sentences that went and came, those together that are nearly the same; only what says something of use."""
    old, new = _sentences(before), _sentences(after)
    gone = [each for each in old if each not in new]
    come = [each for each in new if each not in old]
    for sentence in gone:
        twin = max(come, key=lambda each: SequenceMatcher(None, sentence, each).quick_ratio(), default="")
        alike = twin and SequenceMatcher(None, sentence.lower(), twin.lower(), autojunk=False).ratio() > 0.5
        if alike:
            come.remove(twin)
        other = twin if alike else ""
        if _matters(sentence, other):
            yield sentence, other
    for sentence in come:
        if _matters("", sentence):
            yield "", sentence


def _sentences(text: str) -> list[str]:
    return list(dict.fromkeys(" ".join(each.split()) for each in _SENTENCE.split(text) if each.strip()))


def _matters(before: str, after: str) -> bool:
    """Whether what differs between two sentences is a number, or a word of limits, duties or ends."""
    if _NUMBER.findall(before) != _NUMBER.findall(after) and (_NOTEWORTHY.search(before) or _NOTEWORTHY.search(after)):
        return True
    words = [[each.lower() for each in _NOTEWORTHY.findall(text)] for text in (before, after)]
    return sorted(words[0]) != sorted(words[1])

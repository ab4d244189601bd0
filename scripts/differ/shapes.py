"""The meaning of schemas as short text, so that equal ones are found whatever they are called and however they are split up."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final, TypeVar

from scripts.differ.references import BadReferenceError, addresses, follow
from scripts.differ.vocabulary import ANNOTATIONS, NAMED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Node = TypeVar("Node", str, tuple[str, str, int])

_UNORDERED: Final = frozenset({"required", "enum", "type"})


def without_annotations(node: Any) -> Any:
    """What of a node has a meaning for values."""
    if isinstance(node, dict):
        return {
            key: {name: without_annotations(inner) for name, inner in value.items()}
            if key in NAMED and isinstance(value, dict)
            else sorted(value, key=json_text)
            if key in _UNORDERED and isinstance(value, list)
            else without_annotations(value)
            for key, value in node.items()
            if key not in ANNOTATIONS and not str(key).startswith("x-")
        }
    if isinstance(node, list):
        return [without_annotations(item) for item in node]
    return node


def canonical(node: Any) -> str:
    """The same text for the same meaning."""
    return json_text(without_annotations(node))


def json_text(value: Any) -> str:
    """A value as JSON compares it: `1` is `1.0`, and neither is `true`."""
    return json.dumps(_numbers(value), sort_keys=True, default=str)


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal as JSON; to Python, 1 is true."""
    if one != other:
        return False
    return json.dumps(one, default=str) == json.dumps(other, default=str) or json_text(one) == json_text(other)


def _numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _numbers(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_numbers(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


class Shapes:
    """Tells the shapes of one document's schemas.

    A reference is replaced by the digest of its target, so the text stays short however deep it goes, and a cycle
    of references is told apart from another by looking as many steps far as it is long.
    """

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._digests: dict[str, str] = {}

    def of(self, node: Any) -> str:
        """The shape of a node; equal for nodes that mean the same, also in another document."""
        wanted = [address for address in addresses(node) if address not in self._digests]
        if wanted:
            self._digest(wanted)
        return self._shape(node, self._digests)

    def _digest(self, wanted: list[str]) -> None:
        for cycle in cycles(wanted, self._targets):
            rounds = 1 if len(cycle) == 1 and cycle[0] not in self._targets(cycle[0]) else min(len(cycle) + 1, 12)
            known = dict.fromkeys(cycle, "")
            for _ in range(rounds):
                around = {**self._digests, **known}
                known = {address: self._shape(self._at(address), around) for address in cycle}
            self._digests.update(known)

    def _targets(self, address: str) -> list[str]:
        return [each for each in addresses(self._at(address)) if each not in self._digests]

    def _at(self, address: str) -> Any:
        """What is at an address; what is not in the document is only known by its address."""
        try:
            return follow(self._document, "", {"$ref": address})[1]
        except BadReferenceError:
            return {"nowhere": address}

    @staticmethod
    def _shape(node: Any, digests: dict[str, str]) -> str:
        shape = _with_digests(without_annotations(node), digests)
        return shape if isinstance(node, dict) else _digest_of(shape)


def _with_digests(node: Any, digests: dict[str, str]) -> Any:
    """Each object as its digest; a mere reference as that of its target, so that it is the same as the target in place."""
    if isinstance(node, dict):
        node, null = _without_null(node)
        reference = node.get("$ref")
        if isinstance(reference, str) and len(node) == 1:
            digest = digests.get(reference, "")
        else:
            digest = _digest_of({key: _with_digests(value, digests) for key, value in node.items()})
        return _digest_of(["or null", digest]) if null else digest
    return [_with_digests(item, digests) for item in node] if isinstance(node, list) else node


def _without_null(node: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """A schema without null, in whatever spelling, and whether it takes null."""
    parts = node.get("allOf")
    if len(node) == 1 and isinstance(parts, list) and len(parts) == 1 and isinstance(parts[0], dict):
        return _without_null(parts[0])
    null = node.get("nullable") is True
    made = {key: value for key, value in node.items() if key != "nullable" or not isinstance(value, bool)}
    kinds = made.get("type")
    if isinstance(kinds, list) and len(kinds) > 1 and "null" in kinds:
        null, kinds = True, [kind for kind in kinds if kind != "null"]
    if isinstance(kinds, list):
        made["type"] = kinds[0] if len(kinds) == 1 else kinds
    for word in ("oneOf", "anyOf"):
        listed = made.get(word)
        listed = listed if isinstance(listed, list) else []
        rest = [each for each in listed if each != {"type": "null"}]
        if rest and len(rest) < len(listed):
            null, made[word] = True, rest
        if len(rest) == len(made) == 1 and isinstance(rest[0], dict):
            inner, also = _without_null(rest[0])
            return inner, null or also
    return made, null


def _digest_of(value: Any) -> str:
    return hashlib.sha256(json_text(value).encode()).hexdigest()[:20]


def cycles(starts: list[Node], targets: Callable[[Node], list[Node]]) -> Iterator[list[Node]]:
    """The nodes below some, those that reach each other together, each group after those that it leads to.

    Tarjan's strongly connected components, without recursion.
    """
    index: dict[Node, int] = {}
    low: dict[Node, int] = {}
    path: list[Node] = []
    on_path: set[Node] = set()
    for start in starts:
        work = [] if start in index else [(start, iter(targets(start)))]
        if work:
            index[start] = low[start] = len(index)
            path.append(start)
            on_path.add(start)
        while work:
            node, rest = work[-1]
            following = next(rest, None)
            if following is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    group = [path.pop()]
                    while group[-1] != node:
                        group.append(path.pop())
                    on_path.difference_update(group)
                    yield sorted(group)
            elif following not in index:
                index[following] = low[following] = len(index)
                path.append(following)
                on_path.add(following)
                work.append((following, iter(targets(following))))
            elif following in on_path:
                low[node] = min(low[node], index[following])

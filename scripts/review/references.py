"""JSON pointers and references of one document."""

from __future__ import annotations

from typing import Any


class BadReferenceError(ValueError):
    """A reference that leads out of the document or nowhere."""


def follow(document: dict[str, Any], place: str, node: Any) -> tuple[str, Any, str]:
    """Where a reference leads: pointer, node, and the name of the component if it is one."""
    name = ""
    for _ in range(50):
        if not isinstance(node, dict) or not isinstance(node.get("$ref"), str):
            return place, node, name
        reference = node["$ref"]
        if not reference.startswith("#"):
            raise BadReferenceError(f"{reference!r} leads out of the document; put its target into the document")
        target: Any = document
        for part in filter(None, reference[1:].split("/")):
            key = part.replace("~1", "/").replace("~0", "~")
            try:
                target = target[int(key)] if isinstance(target, list) else target[key]
            except (KeyError, IndexError, ValueError, TypeError):
                raise BadReferenceError(f"{reference!r} leads nowhere") from None
        place, name = reference, reference.rpartition("/")[2]
        siblings = {key: value for key, value in node.items() if key not in {"$ref", "description", "summary", "title"}}
        node = {"allOf": [target, siblings]} if siblings and isinstance(target, dict) else target
    raise BadReferenceError(f"{place!r} refers to itself")


def references(node: Any) -> list[str]:
    """Names of the components that a node refers to."""
    if isinstance(node, dict):
        found = [node["$ref"].rpartition("/")[2]] if isinstance(node.get("$ref"), str) else []
        return [*found, *(ref for value in node.values() for ref in references(value))]
    return [ref for item in node for ref in references(item)] if isinstance(node, list) else []


def component_schemas(document: dict[str, Any]) -> dict[str, Any]:
    """The component schemas of a document."""
    return (document.get("components") or {}).get("schemas") or {}


def escaped(key: str) -> str:
    """A key as it stands in a JSON pointer (RFC 6901)."""
    return str(key).replace("~", "~0").replace("/", "~1")

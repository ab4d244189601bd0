"""JSON pointers and references of one document."""

from __future__ import annotations

from typing import Any


class DifferError(Exception):
    """A document that cannot be compared; the message says why."""


class BadReferenceError(DifferError):
    """A reference that leads out of the document or nowhere."""


class BadDocumentError(DifferError):
    """A document in which something that the specification fixes has another form; the message says where."""


def follow(document: dict[str, Any], place: str, node: Any) -> tuple[str, Any, str]:
    """Where a reference leads: pointer, node, and the name of the component if it is one.

    What stands beside the reference is left out.

    Raises:
        BadReferenceError: if it leads out of the document, nowhere, or in a circle.
    """
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
        node = target
    raise BadReferenceError(f"{place!r} refers to itself")


def references(node: Any) -> list[str]:
    """Names of the components that a node refers to."""
    return [reference.rpartition("/")[2] for reference in addresses(node)]


def addresses(node: Any) -> list[str]:
    """The references in a node, as they are written."""
    found: list[str] = []
    queue = [node]
    while queue:
        each = queue.pop()
        if isinstance(each, dict):
            if isinstance(each.get("$ref"), str):
                found.append(each["$ref"])
            queue.extend(each.values())
        elif isinstance(each, list):
            queue.extend(each)
    return found


def component_schemas(document: dict[str, Any]) -> dict[str, Any]:
    """The component schemas of a document."""
    return members(members(document, "components", "#"), "schemas", "#/components")


def members(node: Any, key: str, place: str) -> dict[str, Any]:
    """The mapping under a key; empty if it is missing or null.

    Raises:
        BadDocumentError: if it is something else.
    """
    value = node.get(key) if isinstance(node, dict) else None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadDocumentError(f"{place}/{key} must be an object, not {_kind(value)}")
    return value


def entries(node: Any, key: str, place: str) -> list[Any]:
    """The list under a key; empty if it is missing or null.

    Raises:
        BadDocumentError: if it is something else.
    """
    value = node.get(key) if isinstance(node, dict) else None
    if value is None:
        return []
    if not isinstance(value, list):
        raise BadDocumentError(f"{place}/{key} must be a list, not {_kind(value)}")
    return value


def with_text_keys(document: Any) -> Any:
    """The same document with all keys as text: YAML reads `200:` as a number, and JSON knows text only.

    Raises:
        BadDocumentError: if it is nested too deep.
    """
    try:
        return _with_text_keys(document)
    except RecursionError:
        raise BadDocumentError("this document is nested too deep to be compared") from None


def _with_text_keys(node: Any) -> Any:
    if isinstance(node, dict):
        return {_key(key): _with_text_keys(value) for key, value in node.items()}
    return [_with_text_keys(item) for item in node] if isinstance(node, list) else node


def escaped(key: str) -> str:
    """A key as it stands in a JSON pointer (RFC 6901)."""
    return str(key).replace("~", "~0").replace("/", "~1")


def _key(key: Any) -> str:
    return {True: "true", False: "false", None: "null"}[key] if key is None or isinstance(key, bool) else str(key)


def _kind(value: Any) -> str:
    return "a list" if isinstance(value, list) else f"{value!r:.40}"

"""Walks OpenAPI documents: operations, references, and what an object has when all its parts are put together."""

from __future__ import annotations

import re
from itertools import chain, count
from typing import TYPE_CHECKING, Any, Final

from scripts.documents import DocumentError
from scripts.shape import METHODS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SCHEMAS: Final = "#/components/schemas/"
_MOST_WRAPPINGS: Final = 20


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and operation, of all operations."""
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def resolve(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """Follow local references."""
    seen: set[str] = set()
    while isinstance(reference := node.get("$ref"), str):
        if not reference.startswith("#/") or reference in seen:
            raise DocumentError(f"{reference} cannot be resolved inside the document")
        seen.add(reference)
        target: Any = document
        for part in reference[2:].split("/"):
            key = part.replace("~1", "/").replace("~0", "~")
            if not isinstance(target, dict) or key not in target:
                raise DocumentError(f"{reference} cannot be resolved inside the document")
            target = target[key]
        node = target
    return node


def members(document: dict[str, Any], schema: dict[str, Any], *, above: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The properties of an object, with those of the schemas that it is composed of; the first of a name counts."""
    reference = schema.get("$ref")
    if reference in above:
        return {}
    if reference:
        above |= {reference}
    schema = resolve(document, schema)
    found = dict(schema.get("properties", {}))
    for key in ("allOf", "oneOf", "anyOf"):
        for part in schema.get(key, ()):
            for name, inner in members(document, part, above=above).items():
                found.setdefault(name, inner)
    return found


def essence(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The schema behind references and beside the alternative null, where only one is left."""
    schema = resolve(document, schema)
    for _ in range(_MOST_WRAPPINGS):
        options = [o for key in ("allOf", "oneOf", "anyOf") for o in schema.get(key, ()) if o != {"type": "null"}]
        if len(options) != 1 or "properties" in schema:
            return schema
        schema = resolve(document, options[0])
    raise DocumentError(f"a schema is wrapped into others without end: {sorted(schema)}")


def camel(text: str) -> str:
    """`external_ids` and `plugin-calls` as `ExternalIds` and `PluginCalls`."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", text) if part)


def singular_name(text: str) -> str:
    """`/ticket-escalations` as `TicketEscalation`."""
    name = camel(text)
    for plural, one in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("uses", "us")):
        if name.endswith(plural) and len(name) > len(plural) + 1:
            return name.removesuffix(plural) + one
    return name if name.endswith(("ss", "us", "is")) else name.removesuffix("s")


def free_name(name: str, taken: Iterable[str]) -> str:
    """The name, or the name with the first number that nothing has yet."""
    used = set(taken)
    numbered = (f"{name}{number}" for number in count(2))
    return next(each for each in chain([name], numbered) if each not in used)

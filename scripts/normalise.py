"""Named, general rules for what an overlay document cannot say. Each takes a document and changes it in place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scripts.documents import DocumentError
from scripts.shape import METHODS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SCHEMAS = "#/components/schemas/"
# OpenAPI: parameter definitions with these names in a header "SHALL be ignored". The generator makes them arguments.
IGNORED_HEADERS = frozenset({"authorization", "accept", "content-type"})


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and operation, of all operations."""
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def drop_ignored_headers(document: dict[str, Any]) -> None:
    """Remove header parameters that OpenAPI says to ignore; the credential is the transport's, never an argument."""
    for path, _, operation in operations(document):
        for owner in (operation, document["paths"][path]):
            if "parameters" in owner:
                owner["parameters"] = [p for p in owner["parameters"] if not _is_ignored(document, p)]


def _is_ignored(document: dict[str, Any], parameter: dict[str, Any]) -> bool:
    parameter = resolve(document, parameter)
    return parameter.get("in") == "header" and str(parameter.get("name")).lower() in IGNORED_HEADERS


def repair_tags(document: dict[str, Any], fallback: str) -> None:
    """One tag an operation: the first that is a name, else the API's. The vendor writes `['']` and `[[]]`."""
    for _, _, operation in operations(document):
        named = [tag for tag in operation.get("tags", []) if isinstance(tag, str) and tag.strip()]
        operation["tags"] = named[:1] or [fallback]


def nullable_optionals(document: dict[str, Any]) -> None:
    """Every optional property may be null: real records hold null wherever a value is unknown."""
    for schema in list(document.get("components", {}).get("schemas", {}).values()):
        for owner in _objects(schema):
            required = set(owner.get("required", ()))
            for name, subschema in owner.get("properties", {}).items():
                if name not in required and not name.startswith("@"):
                    owner["properties"][name] = _nullable(subschema)


def _objects(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            yield schema
        for value in list(schema.values()):
            yield from _objects(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _objects(value)


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    annotations: dict[str, Any] = {key: schema[key] for key in ("description", "title", "deprecated") if key in schema}
    rest = {key: value for key, value in schema.items() if key not in annotations}
    kind = schema.get("type")
    if kind == "null" or (isinstance(kind, list) and "null" in kind) or {"type": "null"} in schema.get("oneOf", []):
        return schema
    if isinstance(kind, str | list) and "enum" not in schema:
        return {**schema, "type": [kind, "null"] if isinstance(kind, str) else [*kind, "null"]}
    if not rest:
        return schema
    return {**annotations, "oneOf": [rest, {"type": "null"}]}


def entity_sets(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], str, str]]:
    """Path, operation, and schema names of page and record, of every list operation that answers `value`."""
    for path, method, operation in operations(document):
        content = operation.get("responses", {}).get("200", {}).get("content", {}).get("application/json", {})
        page = content.get("schema", {}).get("$ref", "")
        if method != "get" or "{" in path or not page.startswith(SCHEMAS):
            continue
        value = resolve(document, content["schema"]).get("properties", {}).get("value", {})
        record = value.get("items", {}).get("$ref", "")
        if record.startswith(SCHEMAS):
            yield path, operation, page.removeprefix(SCHEMAS), record.removeprefix(SCHEMAS)


def name_entity_models(document: dict[str, Any]) -> None:
    """Name the schemas of an entity set after its path: /plugin-calls has PluginCallRecord and PluginCallPage."""
    names: dict[str, str] = {}
    schemas = document["components"]["schemas"]
    for path, _, page, record in entity_sets(document):
        entity = singular_name(path)
        names.setdefault(page, f"{entity}Page")
        names.setdefault(record, f"{entity}Record")
        for prop, schema in schemas[record].get("properties", {}).items():
            inner = schema.get("$ref") or schema.get("items", {}).get("$ref", "")
            if inner.startswith(SCHEMAS):
                names.setdefault(
                    inner.removeprefix(SCHEMAS), entity + (singular_name(prop) if "items" in schema else camel(prop))
                )
    rename_schemas(document, names)


def rename_schemas(document: dict[str, Any], names: dict[str, str]) -> None:
    """Rename component schemas, and every reference to them."""
    schemas = document["components"]["schemas"]
    taken = [names.get(name, name) for name in schemas]
    if clashes := sorted({name for name in taken if taken.count(name) > 1}):
        raise DocumentError(f"two schemas would both be named {', '.join(clashes)}; rename one in fixes.overlay.yaml")
    document["components"]["schemas"] = {
        names.get(name, name): ({**schema, "title": names[name]} if name in names else schema)
        for name, schema in schemas.items()
    }

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str) and (name := reference.removeprefix(SCHEMAS)) in names:
                node["$ref"] = SCHEMAS + names[name]
        for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            walk(value)

    walk(document)


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


def normalise(document: dict[str, Any], api: str) -> list[str]:
    """Apply the rules that this kind of document needs; gives their names."""
    rules: list[tuple[str, Callable[[], None]]] = [
        ("drop-ignored-headers", lambda: drop_ignored_headers(document)),
        ("repair-tags", lambda: repair_tags(document, api)),
    ]
    if any(True for _ in entity_sets(document)):
        rules += [
            ("name-entity-models", lambda: name_entity_models(document)),
            ("nullable-optionals", lambda: nullable_optionals(document)),
        ]
    for _, rule in rules:
        rule()
    return [name for name, _ in rules]

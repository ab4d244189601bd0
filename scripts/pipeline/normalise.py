"""Named, general rules for what an overlay document cannot say. Each takes a document and changes it in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from scripts.pipeline.entity_sets import lift_entity_schemas, lift_nested_objects, listings, name_entity_models

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scripts.documents import Document

# OpenAPI: parameter definitions with these names in a header "SHALL be ignored". The generator makes them arguments.
IGNORED_HEADERS: Final = frozenset({"authorization", "accept", "content-type"})


def normalise(document: Document, api: str) -> list[str]:
    """Apply the rules that this kind of document needs; gives their names."""
    rules: list[tuple[str, Callable[[], None]]] = [
        ("drop-ignored-headers", lambda: drop_ignored_headers(document)),
        ("one-tag", lambda: one_tag(document, api)),
        ("complete-arrays", lambda: complete_arrays(document)),
    ]
    if any(True for _ in listings(document)):
        rules += [
            ("lift-entity-schemas", lambda: lift_entity_schemas(document)),
            ("name-entity-models", lambda: name_entity_models(document)),
            ("lift-nested-objects", lambda: lift_nested_objects(document)),
            ("nullable-optionals", lambda: nullable_optionals(document)),
        ]
    for _, rule in rules:
        rule()
    return [name for name, _ in rules]


def drop_ignored_headers(document: Document) -> None:
    """Remove header parameters that OpenAPI says to ignore; the credential is the transport's, never an argument."""
    for path, _, operation in document.operations():
        for owner in (operation, document.content["paths"][path]):
            if "parameters" in owner:
                owner["parameters"] = [p for p in owner["parameters"] if not _is_ignored(document, p)]


def _is_ignored(document: Document, parameter: dict[str, Any]) -> bool:
    parameter = document.resolve(parameter)
    return parameter.get("in") == "header" and str(parameter.get("name")).lower() in IGNORED_HEADERS


def one_tag(document: Document, api: str) -> None:
    """Give every operation the API's name as its tag: the generator makes a package of each tag.

    The vendor writes `conversations`, `subpackage_conversations`, `['']` and `[[]]` for the same operation, and no
    import should break over that.
    """
    for _, _, operation in document.operations():
        operation["tags"] = [api]


def complete_arrays(document: Document) -> None:
    """An array that says nothing of its items may hold any; the generator would drop the whole model."""
    for schema in _schemas(document.content):
        kind = schema.get("type")
        if kind == "array" or (isinstance(kind, list) and "array" in kind):
            schema.setdefault("items", {})


def nullable_optionals(document: Document) -> None:
    """Every optional property may be null: real records hold null wherever a value is unknown."""
    nullable = _nullable_30 if str(document.content["openapi"]).startswith("3.0") else _nullable
    for owner in list(_schemas(document.schemas)):
        required = set(owner.get("required", ()))
        for name, subschema in owner.get("properties", {}).items():
            if name not in required and not name.startswith("@"):
                owner["properties"][name] = nullable(subschema)


def _schemas(node: Any) -> Iterator[dict[str, Any]]:
    """Everything below that says what type a value has, or which properties."""
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict) or isinstance(node.get("type"), str | list):
            yield node
        for value in list(node.values()):
            yield from _schemas(value)
    elif isinstance(node, list):
        for value in node:
            yield from _schemas(value)


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    annotations: dict[str, Any] = {key: schema[key] for key in ("description", "title", "deprecated") if key in schema}
    rest = {key: value for key, value in schema.items() if key not in annotations}
    kind = schema.get("type")
    if kind == "null" or (isinstance(kind, list) and "null" in kind):
        return schema
    if {"type": "null"} in [*schema.get("oneOf", ()), *schema.get("anyOf", ())]:
        return schema
    if isinstance(kind, str | list) and not {"enum", "const"} & schema.keys():
        return {**schema, "type": [kind, "null"] if isinstance(kind, str) else [*kind, "null"]}
    if not rest:
        return schema
    return {**annotations, "oneOf": [rest, {"type": "null"}]}


def _nullable_30(schema: dict[str, Any]) -> dict[str, Any]:
    """As OpenAPI 3.0 says it, where null is no type and nothing may stand beside a reference."""
    return {"nullable": True, "allOf": [schema]} if "$ref" in schema else {**schema, "nullable": True}

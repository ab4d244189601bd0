"""Finds the OData entity sets of a document, and gives the schemas of their records names that say what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from openapi_python_client.strings import ClassName

from scripts.documents import SCHEMAS
from scripts.pipeline.names import camel, free_name, singular_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.documents import Document

# Names that `entities.py` imports or defines beside the entity types, and that `moveworks.records` has.
RESERVED_NAMES: Final = frozenset(
    {
        *("Any", "Final", "Literal", "Mapping", "TYPE_CHECKING", "BooleanField", "CollectionField", "NumberField"),
        *("ObjectField", "TextField", "TimestampField", "EntitySetInfo", "EntityType", "EntitySet", "AsyncEntitySet"),
        *("Records", "AsyncRecords", "RecordsAttributes", "AsyncRecordsAttributes"),
    }
)


def listings(document: Document) -> Iterator[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]]:
    """Path and operation of everything that answers a list of records as `value`; the owners of page and record."""
    for path, method, operation in document.operations():
        answer = document.resolve(operation.get("responses", {}).get("200", {}))
        for kind, media in answer.get("content", {}).items():
            if method != "get" or "{" in path or kind.partition(";")[0].strip().lower() != "application/json":
                continue
            value = document.essence(document.members(media.get("schema", {})).get("value", {}))
            if document.members(value.get("items", {})):
                yield path, operation, media, value
                break


def entity_sets(document: Document) -> Iterator[tuple[str, dict[str, Any], str, str]]:
    """Path, operation, and schema names of page and record, of every list operation that answers `value`."""
    for path, operation, media, value in listings(document):
        page, record = media["schema"].get("$ref", ""), value["items"].get("$ref", "")
        if page.startswith(SCHEMAS) and record.startswith(SCHEMAS):
            yield path, operation, page.removeprefix(SCHEMAS), record.removeprefix(SCHEMAS)


def lift_entity_schemas(document: Document) -> None:
    """Give pages and records that are written inside an operation a place among the components, so they get a name."""
    schemas = document.schemas
    for path, _, media, value in list(listings(document)):
        for owner, key in ((media, "schema"), (value, "items")):
            if "$ref" not in owner[key]:
                name = free_name(f"{camel(path)}-{key}", schemas)
                schemas[name] = owner[key]
                owner[key] = {"$ref": SCHEMAS + name}


def entity_names(document: Document) -> dict[str, str]:
    """The name of each entity set's records, by path: `/plugin-calls` is about a `PluginCall`."""
    names: dict[str, str] = {}
    for path, *_ in entity_sets(document):
        name = str(ClassName(singular_name(path), "entity_"))
        names[path] = free_name(
            f"{name}Entity" if name in RESERVED_NAMES or name.endswith("Record") else name, names.values()
        )
    return names


def name_entity_models(document: Document) -> None:
    """Name the schemas of an entity set after its path: /plugin-calls has PluginCallRecord and PluginCallPage.

    So are the objects inside a record, unless records of several entity sets share them.
    """
    names: dict[str, str] = {}
    nested: dict[str, list[str]] = {}
    entities = entity_names(document)
    for path, _, page, record in entity_sets(document):
        entity = entities[path]
        names.setdefault(page, f"{entity}Page")
        names.setdefault(record, f"{entity}Record")
        for prop, schema in document.members({"$ref": SCHEMAS + record}).items():
            is_list = "items" in document.essence(schema)
            inner = _reference(document.essence(schema)["items"] if is_list else schema)
            if inner.startswith(SCHEMAS):
                name = entity + str(ClassName(singular_name(prop) if is_list else camel(prop), ""))
                nested.setdefault(inner.removeprefix(SCHEMAS), []).append(name)
    for schema, given in nested.items():
        if len({name for name in given if given}) == 1:
            names.setdefault(schema, given[0])
    rename_schemas(document, names)


def lift_nested_objects(document: Document) -> None:
    """Name the objects written inside a record after their properties: UserAddress and not UserRecordAddressType0."""
    schemas = document.schemas
    entities = entity_names(document)
    for path, _, _, record in list(entity_sets(document)):
        _lift_properties(schemas, schemas[record], entities[path])


def _lift_properties(schemas: dict[str, Any], owner: dict[str, Any], prefix: str) -> None:
    for part in owner.get("allOf", ()):
        _lift_properties(schemas, part, prefix)
    for name, schema in owner.get("properties", {}).items():
        key = "items" if "items" in schema else ""
        inner = schema[key] if key else schema
        if "properties" not in inner:
            continue
        given = free_name(str(ClassName(f"{prefix}_{singular_name(name) if key else camel(name)}", "Nested")), schemas)
        described = {"description": inner["description"]} if "description" in inner else {}
        schemas[given] = inner
        _lift_properties(schemas, inner, given)
        reference = {"$ref": SCHEMAS + given}
        if key:
            schema[key] = reference
        else:
            owner["properties"][name] = {**described, "allOf": [reference]} if described else reference


def _reference(schema: dict[str, Any]) -> str:
    """Where a schema refers to, be it beside the alternative null; an empty text if to nothing or to several."""
    options = [o for key in ("allOf", "oneOf", "anyOf") for o in schema.get(key, ()) if o != {"type": "null"}]
    return str(schema.get("$ref", "")) or (_reference(options[0]) if len(options) == 1 else "")


def rename_schemas(document: Document, names: dict[str, str]) -> None:
    """Rename component schemas, and every reference to them; what had one of the new names gives way."""
    schemas = document.schemas
    given = set(names.values())
    for name in schemas:
        if name not in names and name in given:
            names[name] = free_name(name, {*schemas, *given})
    for name in (n for n in names if list(names.values()).count(names[n]) > 1):
        names[name] = free_name(names[name], {*schemas, *names.values()})
    document.content["components"]["schemas"] = {
        names.get(name, name): ({**schema, "title": names[name]} if name in names else schema)
        for name, schema in schemas.items()
    }

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str) and (name := reference.removeprefix(SCHEMAS)) in names:
                node["$ref"] = SCHEMAS + names[name]
            mapping = node.get("mapping") if "propertyName" in node else None
            if isinstance(mapping, dict):
                node["mapping"] = {
                    k: SCHEMAS + names.get(short, short) if (short := str(v).removeprefix(SCHEMAS)) != v else v
                    for k, v in mapping.items()
                }
        for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            walk(value)

    walk(document.content)

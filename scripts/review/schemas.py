"""What a change of a schema does to the set of values it accepts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Schema = dict[str, Any]

UPPER: Final = {
    "maximum": "max",
    "exclusiveMaximum": "exclusive-max",
    "maxLength": "max-length",
    "maxItems": "max-items",
    "maxProperties": "max-properties",
    "maxContains": "max-contains",
}
LOWER: Final = {
    "minimum": "min",
    "exclusiveMinimum": "exclusive-min",
    "minLength": "min-length",
    "minItems": "min-items",
    "minProperties": "min-properties",
    "minContains": "min-contains",
}
# A keyword that is added refuses values, one that is removed lets more through, a changed one does both.
RESTRICTIONS: Final = {
    "multipleOf": "multiple-of",
    "propertyNames": "property-names",
    "contains": "contains",
    "contentSchema": "content-schema",
    "contentMediaType": "content-media-type",
    "contentEncoding": "content-encoding",
    "unevaluatedProperties": "unevaluated-properties",
    "unevaluatedItems": "unevaluated-items",
    "not": "not",
    "if": "if",
    "then": "then",
    "else": "else",
}
KEYED_RESTRICTIONS: Final = {
    "dependentRequired": "dependent-required",
    "dependentSchemas": "dependent-schema",
    "patternProperties": "pattern-property",
}
ANNOTATIONS: Final = frozenset(
    {"description", "title", "summary", "example", "examples", "externalDocs", "$comment", "xml", "deprecated"}
)


@frozen(kw_only=True)
class View:
    """A schema with its spellings evened out: one way for null, types as a set, `allOf` folded in."""

    types: frozenset[str]
    nullable: bool
    schema: Schema


def without_annotations(node: Any) -> Any:
    """What of a node has a meaning for values."""
    if isinstance(node, dict):
        return {
            key: {name: without_annotations(inner) for name, inner in value.items()}
            if key in {"properties", "patternProperties", "dependentSchemas", "mapping"} and isinstance(value, dict)
            else without_annotations(value)
            for key, value in node.items()
            if key not in ANNOTATIONS and not str(key).startswith("x-")
        }
    if isinstance(node, list):
        return [without_annotations(item) for item in node]
    return node


def canonical(node: Any) -> str:
    """The same text for the same meaning."""
    return json.dumps(without_annotations(node), sort_keys=True, default=str)


def is_null(schema: Any, resolve: Callable[[Any], Any]) -> bool:
    """Whether a schema accepts null and nothing else."""
    schema = resolve(schema)
    return isinstance(schema, dict) and (schema.get("type") in ("null", ["null"]) or schema.get("enum") == [None])


def view(schema: Any, resolve: Callable[[Any], Any], depth: int = 0) -> View:
    """The view of a resolved schema."""
    if schema is True or schema is None:
        schema = {}
    elif schema is False:
        schema = {"not": {}}
    schema = dict(schema) if isinstance(schema, dict) else {}
    if "allOf" in schema and depth < 12:
        schema = _folded(schema, resolve, depth)
    nullable = schema.pop("nullable", False) is True
    for word in ("oneOf", "anyOf"):
        alternatives = schema.get(word)
        if not isinstance(alternatives, list):
            continue
        rest = [each for each in alternatives if not is_null(each, resolve)]
        if len(rest) < len(alternatives):
            nullable = True
        if len(rest) == 1 and depth < 12:
            # One alternative is no choice: `anyOf: [X, null]` is X that may be null.
            del schema[word]
            inner = view(resolve(rest[0]), resolve, depth + 1)
            schema = {**inner.schema, **{k: v for k, v in schema.items() if k not in inner.schema or k in ANNOTATIONS}}
            schema["type"] = sorted(inner.types) or schema.get("type", [])
            nullable = nullable or inner.nullable
        else:
            schema[word] = rest
    kinds = schema.pop("type", [])
    kinds = set(kinds if isinstance(kinds, list) else [kinds])
    if "null" in kinds:
        nullable = True
        kinds.discard("null")
    if isinstance(schema.get("enum"), list) and None in schema["enum"]:
        schema["enum"] = [value for value in schema["enum"] if value is not None]
    if not kinds and ("properties" in schema or "additionalProperties" in schema):
        kinds = {"object"}
    elif not kinds and "items" in schema:
        kinds = {"array"}
    return View(types=frozenset(map(str, kinds)), nullable=nullable, schema=schema)


def _folded(schema: Schema, resolve: Callable[[Any], Any], depth: int) -> Schema:
    """The parts of an `allOf` as one schema."""
    folded: Schema = {}
    parts = [*schema["allOf"], {key: value for key, value in schema.items() if key != "allOf"}]
    for part in parts:
        part = resolve(part)
        if not isinstance(part, dict):
            continue
        if "allOf" in part and depth < 12:
            part = _folded(part, resolve, depth + 1)
        for key, value in part.items():
            if key == "properties" and isinstance(value, dict):
                inner = folded.setdefault("properties", {})
                for name, each in value.items():
                    same = name not in inner or canonical(inner[name]) == canonical(each)
                    inner[name] = each if same else {"allOf": [inner[name], each]}
            elif key == "required" and isinstance(value, list):
                folded["required"] = [*dict.fromkeys([*folded.get("required", []), *value])]
            else:
                folded[key] = value
    return folded


def pairs(
    old: list[Any],
    new: list[Any],
    name: Callable[[Any], str],
    shapes: tuple[Callable[[Any], str], Callable[[Any], str]],
) -> Iterator[tuple[Any, Any]]:
    """Alternatives that belong together: of one name, or of one content; the rest with None.

    Args:
        old: Those of the base.
        new: Those of the head.
        name: The name of one, if it has any.
        shapes: The content of one of the base, and of one of the head, as text.
    """
    rest = list(range(len(new)))
    lonely = []
    for each in old:
        found = next((i for i in rest if name(each) and name(new[i]) == name(each)), None)
        if found is None:
            lonely.append(each)
            continue
        rest.remove(found)
        yield each, new[found]
    for each in lonely:
        found = next((i for i in rest if shapes[1](new[i]) == shapes[0](each)), None)
        if found is not None:
            rest.remove(found)
        yield each, None if found is None else new[found]
    for i in rest:
        yield None, new[i]

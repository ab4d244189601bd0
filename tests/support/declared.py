"""What the documents declare: the answers of every operation, with a body for each."""

from __future__ import annotations

from pathlib import Path

import yaml

SPECS = Path(__file__).resolve().parents[2] / "specs"


def document(api):
    """The built document of an API."""
    return yaml.safe_load((SPECS / api / "openapi.yaml").read_text(encoding="utf-8"))


def operations(found):
    """Id, method and path, and description of every operation of a document, with its components."""
    for path, item in found["paths"].items():
        for method, operation in item.items():
            if isinstance(operation, dict) and "operationId" in operation:
                yield operation["operationId"], f"{method} {path}", operation, found.get("components", {})


def declared(api):
    """Every declared answer: API, operation, route, status, media type and a body."""
    for identity, route, operation, components in operations(document(api)):
        for status, answer in operation["responses"].items():
            kind, schema = _content(answer, components)
            body = example(schema, components.get("schemas", {})) if schema else None
            yield api, identity, route, int(status), kind, body


def model_names(api):
    """Operation and status -> the class that its declared schema becomes; None for what is no object."""
    settings = yaml.safe_load((SPECS / api / "generator.yaml").read_text(encoding="utf-8"))
    renamed = {name: each["class_name"] for name, each in settings.get("class_overrides", {}).items()}
    names = {}
    for identity, _, operation, components in operations(document(api)):
        for status, answer in operation["responses"].items():
            _, schema = _content(answer, components)
            name = (schema or {}).get("$ref", "").rpartition("/")[2]
            names[identity, int(status)] = renamed.get(name, name) or None
    return names


def bodies(api):
    """Operation -> a body for its request, where it takes one."""
    return {
        identity: example(next(iter(operation["requestBody"]["content"].values()))["schema"], components["schemas"])
        for identity, _, operation, components in operations(document(api))
        if "requestBody" in operation
    }


def _content(answer, components):
    """Media type and schema of an answer."""
    if "$ref" in answer:
        answer = components["responses"][answer["$ref"].rpartition("/")[2]]
    kind, media = next(iter(answer.get("content", {}).items()), (None, {}))
    return kind, media.get("schema")


def example(schema, components, *, depth=0, key="x"):
    """A body built from its own schema: every property that a schema declares, up to a depth."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return example(components[name], components, depth=depth + 1, key=key)
    for word in ("oneOf", "anyOf"):
        if word in schema:
            return example(schema[word][0], components, depth=depth, key=key)
    if "allOf" in schema:
        merged = {}
        for part in schema["allOf"]:
            value = example(part, components, depth=depth, key=key)
            if not isinstance(value, dict):
                return value
            merged.update(value)
        return merged
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    kind = next((k for k in kind if k != "null"), "null") if isinstance(kind, list) else kind
    if kind == "object" or (kind is None and "properties" in schema):
        required = schema.get("required", [])
        return {
            name: example(inner, components, depth=depth + 1, key=name)
            for name, inner in schema.get("properties", {}).items()
            if depth < 5 or name in required
        }
    if kind == "array":
        return [example(schema.get("items", {}), components, depth=depth + 1)]
    if schema.get("format") == "date-time":
        return "2026-11-01T10:00:00.123Z"
    return {"string": f"text of {key}", "integer": 3, "number": 1.5, "boolean": True, "null": None}.get(kind)

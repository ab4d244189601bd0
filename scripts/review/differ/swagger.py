"""Swagger 2.0 documents in the shape of OpenAPI 3, so that one differ compares both.

Pointers stay those of the document wherever there is such a place: `definitions` remain, and references into them.
"""

from __future__ import annotations

from typing import Any, Final

from scripts.review.differ.references import BadDocumentError, entries, follow, members
from scripts.review.differ.vocabulary import NAMED

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_NOT_OF_THE_SCHEMA: Final = frozenset(
    {"name", "in", "required", "description", "deprecated", "collectionFormat", "allowEmptyValue", "schema", "$ref"}
)
_STYLES: Final = {"ssv": ("spaceDelimited", False), "pipes": ("pipeDelimited", False), "multi": ("form", True)}
_FLOWS: Final = {"application": "clientCredentials", "accessCode": "authorizationCode"}

Node = dict[str, Any]


def openapi3(document: Any) -> Node:
    """The document as OpenAPI 3; one that is 3 already as it is.

    Raises:
        BadDocumentError: if it is neither.
    """
    if not isinstance(document, dict):
        raise BadDocumentError("this is no OpenAPI document: the document holds no object")
    if "swagger" not in document or "openapi" in document:
        return document
    version = str(document["swagger"])
    if not version.startswith("2"):
        raise BadDocumentError(f"this is Swagger {version}; only 2.0 and OpenAPI 3 can be compared")
    definitions = {name: _schema(schema) for name, schema in members(document, "definitions", "#").items()}
    made = {
        **{key: value for key, value in document.items() if key not in {"consumes", "produces"}},
        "servers": _servers(document),
        "definitions": definitions,
        "components": {"schemas": definitions, "securitySchemes": _security_schemes(document)},
    }
    made["parameters"] = {
        name: _parameter(each) for name, each in members(document, "parameters", "#").items() if isinstance(each, dict)
    }
    made["responses"] = {
        name: _response(each, _media_types(document, {}, "produces"))
        for name, each in members(document, "responses", "#").items()
    }
    made["paths"] = {
        path: _path_item(document, item, f"#/paths/{path}") for path, item in members(document, "paths", "#").items()
    }
    return made


def _path_item(document: Node, item: Any, place: str) -> Any:
    if not isinstance(item, dict):
        return item
    shared = entries(item, "parameters", place)
    return {
        key: _operation(document, value, shared, f"{place}/{key}")
        if key in METHODS and isinstance(value, dict)
        else [each for each in map(_parameter, shared) if _place(document, each) not in {"body", "formData"}]
        if key == "parameters"
        else value
        for key, value in item.items()
    }


def _operation(document: Node, operation: Node, shared: list[Any], place: str) -> Node:
    own = entries(operation, "parameters", place)
    kinds: dict[str, list[Any]] = {"body": [], "formData": []}
    others = []
    for parameter in [*shared, *own]:
        where = _place(document, parameter)
        if where in kinds:
            kinds[where].append(follow(document, place, parameter)[1])
        elif parameter in own:
            others.append(_parameter(parameter))
    made = {key: value for key, value in operation.items() if key not in {"consumes", "produces"}}
    made["parameters"] = others
    consumed = _media_types(document, operation, "consumes")
    if kinds["body"]:
        body = kinds["body"][-1]
        made["requestBody"] = {
            "required": body.get("required") is True,
            "description": body.get("description"),
            "content": {kind: {"schema": _schema(body.get("schema"))} for kind in consumed},
        }
    elif kinds["formData"]:
        fields = {str(each.get("name")): each for each in kinds["formData"]}
        required = [name for name, each in fields.items() if each.get("required") is True]
        form = {
            "type": "object",
            "properties": {name: _field(each) for name, each in fields.items()},
            "required": required,
        }
        forms = [kind for kind in consumed if "form" in kind] or ["multipart/form-data"]
        made["requestBody"] = {"required": bool(required), "content": {kind: {"schema": form} for kind in forms}}
    produced = _media_types(document, operation, "produces")
    made["responses"] = {
        status: _response(answer, produced) for status, answer in members(operation, "responses", place).items()
    }
    return made


def _place(document: Node, parameter: Any) -> Any:
    found = follow(document, "", parameter)[1]
    return found.get("in") if isinstance(found, dict) else None


def _media_types(document: Node, operation: Node, word: str) -> list[str]:
    listed = operation.get(word, document.get(word))
    return [str(each) for each in listed] if isinstance(listed, list) and listed else ["application/json"]


def _parameter(parameter: Any) -> Any:
    """A parameter whose type stands beside its name, as one with a schema."""
    if not isinstance(parameter, dict) or "$ref" in parameter or parameter.get("in") == "body":
        return parameter
    made = {key: value for key, value in parameter.items() if key in _NOT_OF_THE_SCHEMA or key.startswith("x-")}
    style = made.pop("collectionFormat", None)
    made["schema"] = _field(parameter)
    if parameter.get("type") == "array":
        if style in _STYLES:
            made["style"], made["explode"] = _STYLES[style]
        else:
            made["explode"] = False
    return made


def _field(parameter: Node) -> Any:
    return _schema({key: value for key, value in parameter.items() if key not in _NOT_OF_THE_SCHEMA})


def _response(answer: Any, produced: list[str]) -> Any:
    if not isinstance(answer, dict) or "$ref" in answer:
        return answer
    made = {key: value for key, value in answer.items() if key not in {"schema", "examples"}}
    made["headers"] = {
        name: {**each, "schema": _field(each)} if isinstance(each, dict) else each
        for name, each in members(answer, "headers", "#").items()
    }
    if answer.get("schema") is not None:
        made["content"] = {kind: {"schema": _schema(answer["schema"])} for kind in produced}
    return made


def _schema(node: Any) -> Any:
    """A schema in the words of 3: `discriminator` an object, files as text, `x-nullable` as `nullable`."""
    if isinstance(node, list):
        return [_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    made: Node = {}
    for key, value in node.items():
        if key in NAMED and isinstance(value, dict):
            made[key] = {name: _schema(inner) for name, inner in value.items()}
        elif key == "discriminator" and isinstance(value, str):
            made[key] = {"propertyName": value}
        elif key == "x-nullable":
            made["nullable"] = value
        elif key == "type" and value == "file":
            made |= {"type": "string", "format": "binary"}
        else:
            made[key] = _schema(value) if key not in {"enum", "default", "example"} else value
    return made


def _servers(document: Node) -> list[Node]:
    base = document.get("basePath") if isinstance(document.get("basePath"), str) else ""
    schemes = document.get("schemes")
    host = document.get("host")
    if not isinstance(host, str):
        return [{"url": base}] if base else []
    return [{"url": f"{scheme}://{host}{base}"} for scheme in (schemes if isinstance(schemes, list) else ["https"])]


def _security_schemes(document: Node) -> Node:
    made: Node = {}
    for name, scheme in members(document, "securityDefinitions", "#").items():
        if isinstance(scheme, dict) and scheme.get("type") == "basic":
            made[name] = {"type": "http", "scheme": "basic"}
        elif isinstance(scheme, dict) and scheme.get("type") == "oauth2":
            flow = str(scheme.get("flow"))
            rest = {key: value for key, value in scheme.items() if key not in {"flow", "type"}}
            made[name] = {"type": "oauth2", "flows": {_FLOWS.get(flow, flow): rest}}
        else:
            made[name] = scheme
    return made

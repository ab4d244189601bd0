"""The kinds of the parts of an OpenAPI document that our tools walk through, checked before they do.

Full validation comes after the corrections: what is published is not always valid, and is corrected first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

# For each part: its members, whether they are objects (dict), lists or text, and which part their own members are.
# "*" stands for every member of an object or list.
_Shape = dict[str, tuple[type, str]]
_SHAPES: Final[Mapping[str, _Shape]] = {
    "document": {
        "info": (dict, ""),
        "paths": (dict, "paths"),
        "components": (dict, "components"),
        "servers": (list, "servers"),
        "tags": (list, ""),
    },
    "paths": {"*": (dict, "path")},
    "path": {"parameters": (list, "parameters"), **dict.fromkeys(METHODS, (dict, "operation"))},
    "operation": {
        "operationId": (str, ""),
        "tags": (list, ""),
        "parameters": (list, "parameters"),
        "requestBody": (dict, "body"),
        "responses": (dict, "responses"),
    },
    "parameters": {"*": (dict, "parameter")},
    "parameter": {"$ref": (str, ""), "name": (str, ""), "in": (str, ""), "schema": (dict, "schema")},
    "body": {"$ref": (str, ""), "content": (dict, "content")},
    "responses": {"*": (dict, "body")},
    "content": {"*": (dict, "media")},
    "media": {"schema": (dict, "schema")},
    "servers": {"*": (dict, "server")},
    "server": {"url": (str, "")},
    "components": {
        "schemas": (dict, "schemas"),
        "parameters": (dict, "parameters"),
        "responses": (dict, "responses"),
        "requestBodies": (dict, "bodies"),
        **dict.fromkeys(("securitySchemes", "headers", "examples", "links", "callbacks", "pathItems"), (dict, "")),
    },
    "bodies": {"*": (dict, "body")},
    "schemas": {"*": (dict, "schema")},
    "schema": {
        "$ref": (str, ""),
        "description": (str, ""),
        "required": (list, "names"),
        "enum": (list, ""),
        "properties": (dict, "schemas"),
        "items": (dict, "schema"),
        "allOf": (list, "schemas"),
        "oneOf": (list, "schemas"),
        "anyOf": (list, "schemas"),
    },
    "names": {"*": (str, "")},
}
_WORDS: Final[dict[type, str]] = {dict: "an object", list: "a list", str: "text"}


def misshapen(document: dict[str, Any]) -> list[str]:
    """What is not of the kind it must be, a line each with the JSON pointer."""
    return list(_problems(document, "document", "#"))


def _problems(part: Any, name: str, place: str) -> Iterator[str]:
    shape = _SHAPES[name]
    members = part.items() if isinstance(part, dict) else enumerate(part)
    for key, value in members:
        kind, inner = shape.get("*") or shape.get(str(key)) or (object, "")
        where = f"{place}/{str(key).replace('~', '~0').replace('/', '~1')}"
        if name in {"paths", "responses"} and str(key).startswith("x-"):
            continue
        if not isinstance(value, kind):
            yield f"{where} must be {_WORDS[kind]}, it is {'null' if value is None else repr(value)[:60]}"
        elif inner:
            yield from _problems(value, inner, where)

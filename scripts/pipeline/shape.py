"""The kinds of the parts of an OpenAPI document that our tools walk through, checked before they do.

Full validation comes after the corrections: what is published is not always valid, and is corrected first.
"""

from __future__ import annotations

from typing import Any, Final

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
MAX_PROBLEMS: Final = 20
_WORDS: Final = {"object": "an object", "array": "a list", "string": "text"}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _each(part: str) -> dict[str, Any]:
    """Any member of an object; the names of extensions begin with `x-`."""
    return {"type": "object", "patternProperties": {"^x-": True}, "additionalProperties": {"$ref": f"#/$defs/{part}"}}


def _list(part: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": part}


_TEXT: Final = {"type": "string"}
_MAP: Final = {"type": "object"}
_SCHEMAS: Final = {"type": "object", "additionalProperties": {"$ref": "#/$defs/schema"}}
_SCHEMA: Final = {"$ref": "#/$defs/schema"}
_PARAMETERS: Final = _list({"$ref": "#/$defs/parameter"})
_SHAPE: Final = _object(
    info=_MAP,
    paths=_each("path"),
    servers=_list(_object(url=_TEXT, variables=_MAP)),
    tags={"type": "array"},
    components=_object(
        schemas=_SCHEMAS,
        parameters=_each("parameter"),
        responses=_each("body"),
        requestBodies=_each("body"),
        **dict.fromkeys(("securitySchemes", "headers", "examples", "links", "callbacks", "pathItems"), _MAP),
    ),
) | {
    "$defs": {
        "path": _object(parameters=_PARAMETERS, **{method: {"$ref": "#/$defs/operation"} for method in METHODS}),
        "operation": _object(
            operationId=_TEXT,
            summary=_TEXT,
            description=_TEXT,
            tags={"type": "array"},
            parameters=_PARAMETERS,
            requestBody={"$ref": "#/$defs/body"},
            responses=_each("body"),
        ),
        "parameter": _object(
            name=_TEXT, description=_TEXT, schema=_SCHEMA, content=_each("media"), **{"$ref": _TEXT, "in": _TEXT}
        ),
        "body": _object(**{"$ref": _TEXT}, description=_TEXT, content=_each("media")),
        "media": _object(schema=_SCHEMA),
        "schema": {
            "type": ["object", "boolean"],
            "properties": {
                "$ref": _TEXT,
                "type": {"type": ["string", "array"], "items": _TEXT},
                "title": _TEXT,
                "description": _TEXT,
                "format": _TEXT,
                "required": _list(_TEXT),
                "discriminator": _object(propertyName=_TEXT, mapping=_MAP),
                "enum": {"type": "array", "maxItems": 5000},
                "properties": _SCHEMAS,
                "items": _SCHEMA,
                "additionalProperties": _SCHEMA,
                **dict.fromkeys(("allOf", "oneOf", "anyOf"), _list(_SCHEMA)),
            },
        },
    }
}
_VALIDATOR: Final = Draft202012Validator(_SHAPE)


def misshapen(document: dict[str, Any]) -> list[str]:
    """What is not of the kind it must be, a line each with the JSON pointer."""
    problems = []
    for error in _VALIDATOR.iter_errors(document):
        parts = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in error.absolute_path)
        value = error.instance
        if error.validator == "maxItems":
            problems.append(f"#{parts} lists {len(value)} values; at most {error.validator_value} are read")
        else:
            kinds = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
            words = " or ".join(_WORDS.get(kind, f"a {kind}") for kind in kinds)
            problems.append(f"#{parts} must be {words}, it is {'null' if value is None else repr(value)[:60]}")
        if len(problems) == MAX_PROBLEMS:
            break
    return problems

"""The keywords of a schema: what forms their values have, and what a change of one does to the values that fit."""

from __future__ import annotations

from typing import Any, Final

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
    "propertyNames": "property-names",
    "contains": "contains",
    "contentSchema": "content-schema",
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
# Another way of writing the same thing: neither side reads what the other wrote.
ENCODINGS: Final = {"contentMediaType": "content-media-type", "contentEncoding": "content-encoding"}
ANNOTATIONS: Final = frozenset(
    {"description", "title", "summary", "example", "examples", "externalDocs", "$comment", "xml", "deprecated"}
)
# Keywords whose values are names and what belongs to them: a property may be called `description`.
NAMED: Final = frozenset(
    {"properties", "patternProperties", "dependentSchemas", "dependentRequired", "$defs", "mapping"}
)

_SCHEMA: Final = frozenset({"items", "additionalProperties", *RESTRICTIONS})
_SCHEMAS: Final = frozenset({"allOf", "oneOf", "anyOf", "prefixItems"})
_NUMBERS: Final = frozenset({*UPPER, *LOWER, "multipleOf"})
_TEXTS: Final = frozenset({"pattern", "format", *ENCODINGS})
# A schema of `true`, or `{}`, says nothing under these; nor does a limit of zero below what cannot be less.
_SAYS_NOTHING_IF_TRUE: Final = frozenset(
    {"items", "additionalProperties", "contentSchema", "unevaluatedItems", "unevaluatedProperties", "propertyNames"}
)
_SAYS_NOTHING_IF_ZERO: Final = frozenset({"minLength", "minItems", "minProperties"})


def understood(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without keywords that say nothing: null, of a form that they cannot have, or of no effect.

    Real documents hold `required: true` on a property, `items: []` or `maximum: ''`; no validator heeds them.
    """
    return {key: value for key, value in schema.items() if _has_form(key, value) and not _says_nothing(key, value)}


def accepts_all(schema: Any) -> bool:
    """Whether a schema says nothing of values."""
    return schema is True or (
        isinstance(schema, dict) and all(key in ANNOTATIONS or key.startswith("x-") for key in schema)
    )


def _has_form(key: str, value: Any) -> bool:
    if key in {"const", "default"} or key.startswith("x-"):
        return True
    if value is None:
        return False
    if key in NAMED or key == "discriminator":
        return isinstance(value, dict)
    if key in _SCHEMA:
        return isinstance(value, dict | bool)
    if key in _SCHEMAS or key == "enum":
        return isinstance(value, list) and bool(value)
    if key in _NUMBERS:
        return isinstance(value, int | float) and (not isinstance(value, bool) or key.startswith("exclusive"))
    if key == "type":
        return isinstance(value, str) or (isinstance(value, list) and all(isinstance(each, str) for each in value))
    if key == "required":
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    return isinstance(value, str) if key in _TEXTS else True


def _says_nothing(key: str, value: Any) -> bool:
    if key in _SAYS_NOTHING_IF_ZERO:
        return bool(value == 0)
    if key in _SAYS_NOTHING_IF_TRUE:
        return accepts_all(value)
    if key in {"required", *NAMED} and not value:
        return True
    return key in {"nullable", "uniqueItems", "readOnly", "writeOnly"} and value is not True

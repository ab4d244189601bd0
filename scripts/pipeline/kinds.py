"""What a schema is to the generator: a class, a list of values, or a scalar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from scripts.documents import Document

KINDS: Final = {str: "string", int: "integer", float: "number", bool: "boolean"}

Schema = dict[str, Any]


def is_class(node: Schema, document: Document) -> bool:
    """Whether a schema becomes a class of its own, or a list of values with a name."""
    if listed_values(node) is not None:
        return True
    kinds = node.get("type")
    kind = next((each for each in kinds if each != "null"), None) if isinstance(kinds, list) else kinds
    if kind not in {None, "object"} or ({"oneOf", "anyOf"} & node.keys() and "properties" not in node):
        return False
    if kind == "object" or node.get("properties"):
        return True
    parts = node.get("allOf") or []
    several = len(parts) > 1 or (parts and "$ref" not in parts[0])
    return bool(several) and any(_has_properties(part, document, set()) for part in parts)


def _has_properties(part: Any, document: Document, seen: set[str]) -> bool:
    if not isinstance(part, dict) or part.get("$ref") in seen:
        return False
    if "$ref" in part:
        seen.add(part["$ref"])
        part = document.resolve(part)
    return (
        bool(part.get("properties"))
        or part.get("type") == "object"
        or any(_has_properties(inner, document, seen) for inner in part.get("allOf") or ())
    )


def listed_values(node: Schema) -> list[Any] | None:
    """The values of an enum that can be a list with a name: all text, or all whole numbers."""
    values = [each for each in node.get("enum") or () if each is not None]
    kinds = {type(each) for each in values}
    return list(dict.fromkeys(values)) if kinds in ({str}, {int}) else None


def plain_schema(node: Schema) -> Schema:
    """A schema of a scalar."""
    values = [each for each in node.get("enum") or () if each is not None]
    if "const" in node and type(node["const"]) in {str, int, bool}:
        return {"const": node["const"]}
    values += [node["const"]] if node.get("const") is not None else []
    kinds = {KINDS.get(type(each), "") for each in values}
    kind = node.get("type") or (kinds.pop() if len(kinds) == 1 else None)
    if kinds and kinds <= {"integer", "number"}:
        kind = "number"
    made: Schema = {"type": kind} if kind in KINDS.values() or kind == "null" else {}
    default = node.get("default")
    if made and KINDS.get(type(default)) == kind and "format" not in node:
        made["default"] = default
    return made


def described(node: Schema) -> Schema:
    """What of a schema is for readers, and its format; every id of the service is text, whatever the document says."""
    kept = {key: node[key] for key in ("description", "format") if isinstance(node.get(key), str)}
    if kept.get("format") not in {"date", "date-time", "binary"} or node.get("type", "string") != "string":
        kept.pop("format", None)
    if node.get("deprecated") is True:
        kept["description"] = f"Deprecated. {kept.get('description', '')}".strip()
    return kept

"""One way of looking at a schema, however it is written: one spelling of null, types as a set, `allOf` folded in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from scripts.differ.references import escaped
from scripts.differ.shapes import canonical, json_text
from scripts.differ.vocabulary import ANNOTATIONS, LOWER, UPPER, accepts_all, understood

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Schema = dict[str, Any]
NOTHING: Final = frozenset({"nothing"})
"""The types of a schema that no value fits, except null if it says so."""
_SCALARS: Final = frozenset({"string", "integer", "number", "boolean"})
ALSO: Final = "$also"
"""In a folded schema: what several parts of an `allOf` say of one keyword, if one cannot say it."""
_DEEPEST: Final = 12
_TYPES: Final = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array", type(None): "null"}


@frozen(kw_only=True)
class View:
    """A schema with its spellings evened out.

    Attributes:
        types: The types that a value may have, without null; empty for any.
        nullable: Whether null fits.
        schema: Its keywords; those of an `allOf` as one.
        places: Pointer of each keyword, and of each property as `properties/NAME` and each required name as
            `required/NAME`: what an `allOf` takes from a component stands in that component.
    """

    types: frozenset[str]
    nullable: bool
    schema: Schema
    places: dict[str, str] = field(repr=False)


@frozen
class _Part:
    """Keywords, and where each of them stands."""

    schema: Schema
    places: dict[str, str]


def view(
    place: str, schema: Any, follow: Callable[[str, Any], tuple[str, Any]], depth: int = 0, *, choices: bool = False
) -> View:
    """The view of a schema.

    Args:
        place: Its pointer.
        schema: Itself; not a reference.
        follow: Tells where a node at a place really is, and what it is there.
        depth: How many views this one is part of.
        choices: Whether a union of one alternative is to be left as it is.
    """
    part = _folded(place, schema, follow)
    nullable = part.schema.pop("nullable", False) is True
    for word in ("oneOf", "anyOf"):
        if word in part.schema:
            part, also_null = _without_null(part, word, follow) if choices else _chosen(part, word, follow, depth)
            nullable = nullable or also_null
    schema = part.schema
    kinds = schema.pop("type", None)
    types = frozenset([kinds] if isinstance(kinds, str) else kinds or [])
    listed = schema.get("enum", [schema["const"]] if "const" in schema else None)
    if not types and isinstance(listed, list) and listed:
        # Values imply their types.
        types = frozenset(_TYPES.get(type(value), "object") for value in listed)
    if (
        types - {"null"} == {"boolean"}
        and isinstance(listed, list)
        and {True, False} <= {each for each in listed if isinstance(each, bool)}
    ):
        # Both values are all that there are.
        nullable = nullable or None in listed
        schema.pop("enum", None)
    if "null" in types:
        nullable = True
        types = types - {"null"} or NOTHING
    values = schema.get("enum")
    if values and None in values:
        nullable = True
        schema["enum"] = [value for value in values if value is not None]
        if not schema["enum"]:
            del schema["enum"]
            types = NOTHING
    elif "not" in schema and accepts_all(follow(part.places["not"], schema["not"])[1]):
        types = NOTHING
    if not types and ("properties" in schema or "additionalProperties" in schema):
        types = frozenset({"object"})
    elif not types and "items" in schema:
        types = frozenset({"array"})
    return View(types=types, nullable=nullable, schema=schema, places=part.places)


def is_null(schema: Any) -> bool:
    """Whether a schema accepts null and nothing else."""
    return isinstance(schema, dict) and (
        schema.get("type") in ("null", ["null"])
        or schema.get("enum") == [None]
        or ("const" in schema and schema["const"] is None)
    )


def pairs(
    old: list[Any],
    new: list[Any],
    name: Callable[[Any], str],
    shapes: tuple[Callable[[Any], str], Callable[[Any], str]],
) -> Iterator[tuple[int | None, int | None]]:
    """Positions of alternatives that belong together, the rest with None.

    Of one name, written alike, of one content, or, where that says which, with properties of the same names: one that
    changed somewhere inside is still the same.

    Args:
        old: Those of the base.
        new: Those of the head.
        name: The name of one, if it has any.
        shapes: The content of one of the base, and of one of the head, as text.
    """
    left, right = list(range(len(old))), list(range(len(new)))
    for of_old, of_new, certain in (
        (name, name, True),
        (canonical, canonical, True),
        (*shapes, True),
        (_property_names, _property_names, False),
    ):
        known = [_by_key(those, rest, of) for those, rest, of in ((old, left, of_old), (new, right, of_new))]
        for key, indices in known[0].items():
            others = known[1].get(key, [])
            if certain or len(indices) == len(others) == 1:
                for pair in zip(indices, others, strict=False):
                    left.remove(pair[0])
                    right.remove(pair[1])
                    yield pair
    yield from ((index, None) for index in left)
    yield from ((None, index) for index in right)


def _by_key(those: list[Any], indices: list[int], key: Callable[[Any], str]) -> dict[str, list[int]]:
    """Positions by a key; those that have none are left out."""
    found: dict[str, list[int]] = {}
    for index in indices:
        if known := key(those[index]):
            found.setdefault(known, []).append(index)
    return found


def _property_names(schema: Any) -> str:
    named = schema.get("properties") if isinstance(schema, dict) and "$ref" not in schema else None
    return " ".join(sorted(map(str, named))) if isinstance(named, dict) else ""


def _folded(place: str, schema: Any, follow: Callable[[str, Any], tuple[str, Any]]) -> _Part:
    """A schema with the parts of its `allOf`, and theirs, as one."""
    folded = _Part({}, {})
    for at, each in _parts(place, schema, follow):
        if not isinstance(each, dict):
            if each is False:
                _merge(folded, _Part({"not": {}}, {"not": at}))
            continue
        own = _bounds({key: value for key, value in understood(each).items() if key != "allOf"})
        places = {key: f"{at}/{key}" for key in own}
        for name in own.get("properties", ()):
            places[f"properties/{name}"] = f"{at}/properties/{escaped(name)}"
        for name in own.get("required", ()):
            places[f"required/{name}"] = f"{at}/required"
        _merge(folded, _Part(own, places))
    return folded


def _parts(place: str, schema: Any, follow: Callable[[str, Any], tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """A schema after the parts of its `allOf`; each component once, for to say a thing twice says no more."""
    # A schema made of several is said to be where one of them is, and that one is still to come.
    seen = set() if isinstance(schema, dict) and isinstance(schema.get("allOf"), Several) else {place}
    waiting = [(place, schema, False)]
    while waiting:
        at, each, opened = waiting.pop()
        listed = each.get("allOf") if isinstance(each, dict) else None
        if opened or not isinstance(listed, list):
            yield at, each
            continue
        waiting.append((at, each, True))
        for index in reversed(range(len(listed))):
            stands = listed.places[index] if isinstance(listed, Several) else f"{at}/allOf/{index}"
            inner, part = follow(stands, listed[index])
            if inner not in seen:
                seen.add(inner)
                waiting.append((inner, part, False))


def _bounds(schema: Schema) -> Schema:
    """The exclusive bounds of 3.0, which are true or false beside a bound, as those of 3.1, which are numbers."""
    for word, exclusive in (("maximum", "exclusiveMaximum"), ("minimum", "exclusiveMinimum")):
        if isinstance(schema.get(exclusive), bool):
            strict = schema.pop(exclusive)
            if strict and word in schema:
                schema[exclusive] = schema.pop(word)
    return schema


def _merge(into: _Part, part: _Part) -> None:
    """Let one part restrict what the others allow."""
    for key, value in part.schema.items():
        if key not in into.schema:
            into.schema[key] = dict(value) if key == "properties" else value
        elif key == "properties":
            _merge_properties(into, part)
        else:
            _merge_keyword(into, part, key, value)
    into.places.update({key: place for key, place in part.places.items() if not key.startswith("properties/")})
    for key, place in part.places.items():
        if key.startswith("properties/"):
            into.places[key] = place


class Several(list[Any]):
    """What several parts of an `allOf` say of one property: a schema that stands nowhere in the document.

    Each part once and in one order, so that there are only so many, however often a recursion comes by.

    Attributes:
        places: Where each part stands.
    """

    def __init__(self, parts: dict[str, tuple[str, Any]]) -> None:
        ordered = [parts[text] for text in sorted(parts)]
        super().__init__(part for _, part in ordered)
        self.places = [place for place, _ in ordered]


def _both(key: str, one: Any, other: Any, into: _Part, part: _Part) -> Any:
    parts: dict[str, tuple[str, Any]] = {}
    for each, place in ((one, into.places[key]), (other, part.places[key])):
        several = each.get("allOf") if isinstance(each, dict) else None
        if isinstance(several, Several):
            for at, inner in zip(several.places, several, strict=True):
                parts.setdefault(canonical(inner), (at, inner))
        else:
            parts.setdefault(canonical(each), (place, each))
    return other if len(parts) == 1 else {"allOf": Several(parts)}


def _merge_properties(into: _Part, part: _Part) -> None:
    known = into.schema["properties"]
    for name, each in part.schema["properties"].items():
        known[name] = _both(f"properties/{name}", known[name], each, into, part) if name in known else each


def _merge_keyword(into: _Part, part: _Part, key: str, value: Any) -> None:
    schema = into.schema
    was = schema[key]
    if key == "required":
        schema[key] = [*dict.fromkeys([*was, *value])]
    elif key == "type":
        schema[key] = _common_types(was, value)
    elif key == "enum":
        listed = {json_text(each) for each in value}
        schema[key] = [each for each in was if json_text(each) in listed]
    elif key in UPPER:
        schema[key] = min(was, value)
    elif key in LOWER:
        schema[key] = max(was, value)
    elif key in {"nullable", "uniqueItems", "readOnly", "writeOnly", "default", *ANNOTATIONS} or key.startswith("x-"):
        schema[key] = value
    elif canonical(was) == canonical(value):
        pass
    elif key == "additionalProperties" and False in (was, value):
        schema[key] = False
    elif key in {"items", "additionalProperties"}:
        schema[key] = _both(key, was, value, into, part)
    elif key == ALSO:
        schema[key] = [*was, *value]
    else:
        schema[ALSO] = [*schema.get(ALSO, []), {key: value}]


def _common_types(one: Any, other: Any) -> list[str]:
    left, right = (set([each] if isinstance(each, str) else each) for each in (one, other))
    common = left & right
    if "integer" in left | right and "number" in left | right:
        common |= {"integer"}
    return sorted(common or NOTHING)


def _without_null(part: _Part, word: str, follow: Callable[[str, Any], tuple[str, Any]]) -> tuple[_Part, bool]:
    """A union without null among its alternatives, and whether it was."""
    alternatives, place = part.schema[word], part.places[word]
    rest = [i for i, each in enumerate(alternatives) if not is_null(follow(f"{place}/{i}", each)[1])]
    # Null is only let through if what stands beside the union lets it through.
    kinds = part.schema.get("type", "null")
    null = len(rest) < len(alternatives) and "null" in kinds
    if len(rest) == len(alternatives) or not rest:
        return part, null
    places = {f"{word}/{now}": f"{place}/{index}" for now, index in enumerate(rest)}
    schema = {**part.schema, word: [alternatives[index] for index in rest]}
    return _Part(schema, part.places | places), null


def _simplified(part: _Part, word: str, follow: Callable[[str, Any], tuple[str, Any]]) -> _Part:
    """A union without unions of the same kind in it, and without alternatives that add nothing to `anyOf`."""
    place = part.places[word]
    listed = [(part.places.get(f"{word}/{i}", f"{place}/{i}"), each) for i, each in enumerate(part.schema[word])]
    flat: list[tuple[str, Any]] = []
    while listed:
        at, each = listed.pop(0)
        inner = each.get(word) if isinstance(each, dict) and _meaning(each) == {word} else None
        if isinstance(inner, list) and not any(is_null(follow(at, one)[1]) for one in inner):
            listed = [*((f"{at}/{word}/{i}", one) for i, one in enumerate(inner)), *listed]
        else:
            flat.append((at, each))
    if word == "anyOf":
        kept: dict[str, tuple[str, Any]] = {}
        for at, each in flat:
            # One that is written in place and one that is referred to take the same values.
            meant = follow(at, each)[1]
            plain = {} if meant is True else {"not": {}} if meant is False else meant
            kept.setdefault(canonical(plain), (at, each))
        # One that takes all values of a type leaves nothing to add to those that take some of them.
        wide = {_only_type(each) for _, each in kept.values()} & _SCALARS
        flat = [
            (at, each)
            for at, each in kept.values()
            if _only_type(each) or not isinstance(each, dict) or _implied_type(each) not in wide
        ]
    places = {key: value for key, value in part.places.items() if not key.startswith(f"{word}/")}
    places |= {f"{word}/{index}": at for index, (at, _) in enumerate(flat)}
    return _Part({**part.schema, word: [each for _, each in flat]}, places)


def _meaning(schema: Schema) -> set[str]:
    """The keywords of a schema that mean something to values."""
    return {key for key in schema if key not in ANNOTATIONS and not key.startswith("x-")}


def _implied_type(schema: Schema) -> str:
    """The type that a schema says, or that its values have."""
    listed = schema.get("enum", [schema["const"]] if "const" in schema else [])
    kinds = {_TYPES.get(type(value), "object") for value in listed} if isinstance(listed, list) else set()
    return str(schema.get("type") or (kinds.pop() if len(kinds) == 1 else ""))


def _only_type(schema: Any) -> str:
    """The type of a schema that says nothing else."""
    alone = isinstance(schema, dict) and _meaning(schema) == {"type"}
    return schema["type"] if alone and isinstance(schema["type"], str) else ""


def _chosen(part: _Part, word: str, follow: Callable[[str, Any], tuple[str, Any]], depth: int) -> tuple[_Part, bool]:
    """The same, and no union at all if it only lists types or values, or has one alternative."""
    part, nullable = _without_null(_simplified(part, word, follow), word, follow)
    place = part.places[word]
    found = [
        follow(part.places.get(f"{word}/{index}", f"{place}/{index}"), each)
        for index, each in enumerate(part.schema[word])
    ]
    without = _Part(*({k: v for k, v in each.items() if k != word} for each in (part.schema, part.places)))
    if len(found) == 1 and depth < _DEEPEST:
        inner = view(*found[0], follow, depth + 1)
        types = {"type": sorted(inner.types)} if inner.types and inner.types != NOTHING else {}
        single = _Part({**inner.schema, **types}, inner.places)
        _merge(single, without)
        beside = part.schema.get("type", "null")
        return single, nullable or (inner.nullable and "null" in beside)
    nodes = [understood(node) if isinstance(node, dict) else {"any": node} for _, node in found]
    nodes = [{key: value for key, value in node.items() if key not in ANNOTATIONS} for node in nodes]
    if all(node.keys() == {"type"} for node in nodes):
        kinds = [each for node in nodes for each in ([node["type"]] if isinstance(node["type"], str) else node["type"])]
        if word == "oneOf" and {"integer", "number"} <= set(kinds):
            # A whole number fits two alternatives, and so none.
            kinds.remove("integer")
            _merge(without, _Part({"not": {"type": "integer"}}, {"not": place}))
        _merge(without, _Part({"type": list(dict.fromkeys(kinds))}, {"type": place}))
        return without, nullable
    if all(node.keys() - {"type"} in ({"const"}, {"enum"}) for node in nodes):
        values = [value for node in nodes for value in node.get("enum", [node.get("const")])]
        kinds = [node["type"] for node in nodes if isinstance(node.get("type"), str)]
        kinds = kinds if len(kinds) == len(nodes) else [_TYPES.get(type(value), "object") for value in values]
        types = {"type": list(dict.fromkeys(kinds))}
        _merge(without, _Part({"enum": values, **types}, {"enum": place, "type": place}))
        return without, nullable
    return part, nullable

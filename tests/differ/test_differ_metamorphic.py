"""What the differ must say of documents that mean the same, and of the way back; on documents that nobody wrote."""

from __future__ import annotations

import copy
import json
import re

import yaml
from hypothesis import given
from hypothesis import strategies as st

from scripts.differ import Differ, worst
from scripts.differ.references import BadReferenceError
from scripts.pipeline.plain import load_yaml

NAMES = ("Aa", "Bb", "Cc")
REFERENCES = st.sampled_from([{"$ref": f"#/components/schemas/{name}"} for name in NAMES])
LEAVES = st.one_of(
    st.sampled_from(
        [
            {},
            True,
            {"type": "string"},
            {"type": ["string", "null"]},
            {"type": "string", "nullable": True},
            {"type": "string", "format": "date-time", "description": "when"},
            {"type": "string", "pattern": "^a", "maxLength": 9},
            {"type": "integer", "minimum": 1, "exclusiveMaximum": 7},
            {"type": "number", "maximum": 5, "exclusiveMaximum": True},
            {"enum": ["a", "b", None]},
            {"type": "boolean", "default": True},
            {"const": "a"},
        ]
    ),
    REFERENCES,
)
PROPERTY_NAMES = st.sampled_from(["a", "b", "type", "description", "enum"])


def _objects(inner):
    return st.builds(
        lambda properties, required, closed: {
            "type": "object",
            "properties": properties,
            **({"required": sorted(required & properties.keys())} if required & properties.keys() else {}),
            **({"additionalProperties": closed} if closed is not None else {}),
        },
        st.dictionaries(PROPERTY_NAMES, inner, max_size=3),
        st.sets(PROPERTY_NAMES, max_size=3),
        st.one_of(st.none(), st.just(False), inner),
    )


SCHEMAS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda items: {"type": "array", "items": items}, inner),
        _objects(inner),
        st.builds(
            lambda word, parts: {word: parts},
            st.sampled_from(["oneOf", "anyOf"]),
            st.lists(inner, min_size=1, max_size=3),
        ),
        st.builds(lambda parts: {"allOf": parts}, st.lists(_objects(inner), min_size=1, max_size=3)),
        st.builds(lambda schema: {"not": schema}, st.sampled_from([{}, {"const": "a"}, {"type": "string"}])),
    ),
    max_leaves=6,
)


def _document(components, request, response, parameter, header):
    operation = {
        "operationId": "op",
        "tags": ["t"],
        "parameters": [{"name": "q", "in": "query", "schema": parameter}, {"$ref": "#/components/parameters/P"}],
        "requestBody": {"content": {"application/json": {"schema": request}}},
        "responses": {
            "200": {
                "description": "",
                "headers": {"X-H": {"schema": header}},
                "content": {"application/json": {"schema": response}},
            }
        },
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/p/{id}": {"parameters": [{"name": "id", "in": "path", "required": True}], "post": operation}},
        "components": {
            "schemas": dict(zip(NAMES, components, strict=True)),
            "parameters": {"P": {"name": "p", "in": "query", "schema": {"type": "string"}}},
        },
    }


DOCUMENTS = st.builds(_document, st.tuples(SCHEMAS, SCHEMAS, SCHEMAS), SCHEMAS, SCHEMAS, SCHEMAS, SCHEMAS)


def compared(base, head):
    """Findings; none if components are nothing but references to each other in a circle, which is refused."""
    try:
        return Differ(base, head).findings()
    except BadReferenceError:
        return []


def everywhere(node, change, key=""):
    """The node with a change to each schema in it, inner ones first; what is under `not` stays as it is written."""
    if isinstance(node, dict) and key != "not":
        made = {name: everywhere(value, change, name if key != "properties" else "") for name, value in node.items()}
        return change(made) if key not in {"properties", "schemas"} and "in" not in made else made
    return [everywhere(item, change) for item in node] if isinstance(node, list) else node


def in_schemas(document, change):
    """The document with each of its schemas changed."""
    made = copy.deepcopy(document)
    made["components"]["schemas"] = {n: everywhere(s, change) for n, s in made["components"]["schemas"].items()}
    operation = made["paths"]["/p/{id}"]["post"]
    holders = [operation["parameters"][0], operation["responses"]["200"]["headers"]["X-H"]]
    holders += [
        each["content"]["application/json"] for each in (operation["requestBody"], operation["responses"]["200"])
    ]
    for holder in holders:
        holder["schema"] = everywhere(holder["schema"], change)
    return made


@given(DOCUMENTS, st.randoms(use_true_random=False))
def test_order_and_spelling_of_the_file_are_nothing(document, chance):
    """Itself, another order of keys and of what is a set, YAML and JSON."""

    def shuffled(node):
        if isinstance(node, dict):
            return {key: shuffled(node[key]) for key in chance.sample(list(node), len(node))}
        return [shuffled(item) for item in node] if isinstance(node, list) else node

    assert compared(document, document) == []
    assert compared(document, shuffled(document)) == []
    as_yaml = load_yaml("y", yaml.dump(document, sort_keys=False))
    as_json = load_yaml("j", json.dumps(document))
    assert compared(as_yaml, as_json) == []


@given(DOCUMENTS)
def test_what_people_read_is_never_breaking(document):
    """Descriptions, titles, examples and extensions, at each schema and operation."""
    added = {"description": "New.", "example": 1, "x-note": {"type": "integer"}, "externalDocs": {"url": "u"}}
    other = in_schemas(document, lambda schema: {**schema, **added})
    other["paths"]["/p/{id}"]["post"] |= {"summary": "S", "description": "D", "x-internal": False}
    other["info"] = {"title": "other", "version": "2", "description": "text"}
    assert worst(compared(document, other)) != "breaking"
    assert worst(compared(other, document)) != "breaking"


@given(DOCUMENTS)
def test_ways_to_write_a_schema_mean_the_same(document):
    """An `allOf` of one, the spellings of null, a reference in place."""

    def spelled(schema):
        kinds = schema.get("type")
        if isinstance(kinds, list) and "null" in kinds and len(kinds) == 2 and "enum" not in schema:
            rest = {key: value for key, value in schema.items() if key != "type"}
            return {"anyOf": [{"type": "null"}, {**rest, "type": next(k for k in kinds if k != "null")}]}
        return {"allOf": [schema]} if kinds == "object" else schema

    def inlined(schema):
        target = document["components"]["schemas"].get(schema.get("$ref", "")[-2:], schema)
        # A union in place of a reference to one is a part of the union that it stands in.
        return schema if re.search("\\$ref|anyOf|oneOf", json.dumps(target)) else copy.deepcopy(target)

    # Two unions in parts of one `allOf` are known by their text, so those are not spelled anew.
    ways = [inlined] if "allOf" in json.dumps(document) else [inlined, spelled]
    for other in (in_schemas(document, way) for way in ways):
        assert [f for f in compared(document, other) if f.wire == "error"] == []
        assert [f for f in compared(other, document) if f.wire == "error"] == []


def test_a_reference_beside_what_it_refers_to_adds_nothing():
    """What is written in place is the same alternative as a reference to its like."""
    union = {"anyOf": [{}, {"type": "string"}, {"$ref": "#/components/schemas/Aa"}]}
    document = _document(({}, {}, {}), union, union, union, union)
    other = in_schemas(document, lambda schema: {} if "$ref" in schema else schema)
    assert compared(document, other) == compared(other, document) == []


MIRROR = {
    "added": "removed",
    "increased": "decreased",
    "set": "unset",
    "required": "optional",
    "nullable": "not-nullable",
}


@given(DOCUMENTS, DOCUMENTS)
def test_the_way_back_mirrors_the_way_there(old, new):
    """The same places and values the other way round, and the opposite said of each."""
    there, back = compared(old, new), compared(new, old)
    shown = [
        {repr((f.base, f.head, f.old, f.new)) for f in there},
        {repr((f.head, f.base, f.new, f.old)) for f in back},
    ]
    assert shown[0] == shown[1]
    rules = {repr((f.base, f.head)): [] for f in there}
    for finding in back:
        rules[repr((finding.head, finding.base))].append(finding.rule)
    for finding in there:
        for word, other in MIRROR.items():
            if re.search(rf"(?<!not-)\b{word}$", finding.rule):
                assert any(rule.endswith(other) for rule in rules[repr((finding.base, finding.head))]), finding.rule


@given(DOCUMENTS, SCHEMAS)
def test_what_a_request_refuses_is_what_an_answer_brings(document, schema):
    """A narrower request is a break, and so is the wider answer on the way back."""
    was = document["components"]["schemas"]["Aa"]
    sides = []
    for place in ("requestBody", "response"):
        pair = []
        for each in (was, schema):
            operation = {"responses": {}}
            body = {"content": {"application/json": {"schema": each}}}
            operation |= {"requestBody": body} if place == "requestBody" else {"responses": {"200": body}}
            pair.append({**document, "paths": {"/": {"post": operation}}})
        sides.append(pair)
    refused = compared(*sides[0])
    brought = compared(*reversed(sides[1]))
    strict = ("type-changed", "became-required", "became-optional", "-set", "-unset", "creased")
    narrower, wider = (
        {
            tuple(place.partition("json/schema")[2] for place in ((f.base, f.head) if index == 0 else (f.head, f.base)))
            for f in findings
            if f.wire == "error" and f.rule.endswith(strict)
        }
        for index, findings in enumerate((refused, brought))
    )
    assert narrower == wider

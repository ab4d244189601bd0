"""The spec differ: rules by direction, one finding per cause, and what must never be a finding."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.differ import Differ, worst

ROOT = Path(__file__).resolve().parents[2]
REAL = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted((ROOT / "specs").glob("*/openapi.yaml"))]


def api(request=None, response=None, *, operations=1, **components):
    """A document with a body and an answer."""
    operation = {
        "requestBody": {"content": {"application/json": {"schema": request or {}}}},
        "responses": {"200": {"description": "", "content": {"application/json": {"schema": response or {}}}}},
    }
    paths = {f"/p{n}": {"post": {"operationId": f"op{n}", **copy.deepcopy(operation)}} for n in range(operations)}
    return {"openapi": "3.1.0", "paths": paths, "components": {"schemas": components}}


def rules(base, head):
    return {finding.rule for finding in Differ(base, head).findings()}


def verdict(base, head):
    return worst(Differ(base, head).findings())


TEXT = {"type": "string"}


@pytest.mark.parametrize(
    ("old", "new", "request_breaks", "response_breaks"),
    [
        (TEXT, {"type": "integer"}, True, True),
        (TEXT, {"type": ["string", "null"]}, False, True),
        ({"type": "string", "nullable": True}, TEXT, True, False),
        ({"anyOf": [TEXT, {"type": "null"}]}, {"type": ["string", "null"]}, False, False),
        ({"type": "integer"}, {"type": "number"}, False, True),
        ({"type": "number"}, {"type": "integer"}, True, False),
        ({"type": "string", "format": "date-time"}, TEXT, True, True),
        (TEXT, {"type": "string", "format": "uuid"}, True, True),
        ({"type": "string", "enum": ["a", "b"]}, {"type": "string", "enum": ["a"]}, True, False),
        ({"type": "string", "enum": ["a"]}, {"type": "string", "enum": ["a", "b"]}, False, False),
        (TEXT, {"type": "string", "maxLength": 5}, True, False),
        ({"type": "string", "maxLength": 5}, {"type": "string", "maxLength": 9}, False, True),
        ({"type": "string", "minLength": 1}, {"type": "string", "minLength": 2}, True, False),
        (TEXT, {"type": "string", "pattern": "^a"}, True, False),
        ({"type": "object", "properties": {"a": TEXT}}, {"type": "object", "properties": {}}, True, True),
        ({"type": "object", "properties": {}}, {"type": "object", "properties": {"a": TEXT}}, False, False),
        (
            {"type": "object", "properties": {"a": TEXT}},
            {"type": "object", "properties": {"a": TEXT}, "required": ["a"]},
            True,
            False,
        ),
        (
            {"type": "object", "properties": {"a": TEXT}, "required": ["a"]},
            {"type": "object", "properties": {"a": TEXT}},
            False,
            True,
        ),
        ({"oneOf": [TEXT, {"type": "integer"}]}, {"oneOf": [TEXT]}, True, False),
        ({"type": "array", "items": TEXT}, {"type": "array", "items": {"type": "integer"}}, True, True),
        ({"const": "a"}, {"const": "b"}, True, True),
        ({"enum": ["a"]}, {"const": "a"}, False, False),
        ({"type": "object"}, {"type": "object", "additionalProperties": False}, True, False),
        ({"allOf": [{"properties": {"a": TEXT}}]}, {"properties": {"a": TEXT}}, False, False),
    ],
)
def test_direction_decides(old, new, request_breaks, response_breaks):
    """A request may widen, a response may narrow; for Python, types count as well."""
    assert (verdict(api(old), api(new)) == "breaking") is request_breaks
    assert (verdict(api(None, old), api(None, new)) == "breaking") is response_breaks


def test_an_added_enum_value_in_an_answer_is_additive_for_python():
    """Our enums are open; the wire view is a warning, and both are shown."""
    old, new = {"type": "string", "enum": ["a"]}, {"type": "string", "enum": ["a", "b"]}
    [finding] = Differ(api(None, old), api(None, new)).findings()
    assert (finding.rule, finding.wire, finding.python) == ("response-body-enum-value-added", "warning", "additive")


def test_a_component_used_by_twenty_operations_is_one_finding():
    """It lists all of them, in both directions."""
    reference = {"$ref": "#/components/schemas/Thing"}
    base = api(reference, reference, operations=20, Thing={"type": "object", "properties": {"a": TEXT}})
    head = api(reference, reference, operations=20, Thing={"type": "object", "properties": {"a": {"type": "integer"}}})
    [finding] = Differ(base, head).findings()
    assert len(finding.reaches) == 40


def test_renames_and_moves_are_recognised():
    """Same content, other name."""
    thing = {"type": "object", "properties": {"a": TEXT}}
    base = api(None, {"$ref": "#/components/schemas/Old"}, Old=thing)
    head = api(None, {"$ref": "#/components/schemas/New"}, New=thing)
    [finding] = Differ(base, head).findings()
    assert (finding.rule, finding.python) == ("api-schema-renamed", "breaking-runtime")
    moved = copy.deepcopy(base)
    moved["paths"] = {f"/v2{path}": item for path, item in moved["paths"].items()}
    assert rules(base, moved) == {"api-path-moved"}
    many = api(operations=5)
    prefixed = {**many, "paths": {f"/v2{path}": item for path, item in many["paths"].items()}}
    [finding] = Differ(many, prefixed).findings()
    assert finding.rule == "api-path-prefix-changed"
    camel = api(None, {"type": "object", "properties": {"user_id": TEXT}})
    snake = api(None, {"type": "object", "properties": {"userId": TEXT}})
    assert rules(camel, snake) == {"response-property-property-renamed"}


def test_operations_parameters_and_statuses():
    """Names in Python come from the operationId; a moved success breaks the typed parser."""
    base = api()
    head = copy.deepcopy(base)
    operation = head["paths"]["/p0"]["post"]
    operation["operationId"] = "other"
    operation["tags"] = ["t"]
    operation["responses"]["201"] = operation["responses"].pop("200")
    operation["parameters"] = [{"name": "x", "in": "query", "required": True, "schema": TEXT}]
    assert rules(base, head) == {
        "api-operation-id-removed",
        "api-tag-removed",
        "response-success-status-removed",
        "new-required-request-parameter",
    }
    assert "request-parameter-removed" in rules(head, base)
    assert verdict(base, {**base, "paths": {}}) == "breaking"


def test_an_alternative_without_a_name_is_the_same_whatever_changed_inside():
    """One that reaches a changed component, and one whose own property changed: neither went, and neither came."""
    inner = {"type": "object", "properties": {"text": TEXT}}
    other = {"type": "object", "properties": {"text": {"type": "integer"}}}
    choice = {
        "oneOf": [
            {
                "type": "object",
                "properties": {"kind": {"enum": ["a"]}, "inner": {"$ref": "#/components/schemas/Inner"}},
            },
            {"type": "object", "properties": {"kind": {"enum": ["b"]}, "size": {"type": "integer"}}},
            {"type": "object", "properties": {"kind": {"enum": ["c"]}, "name": TEXT}},
        ]
    }
    moved = copy.deepcopy(choice)
    moved["oneOf"][1]["properties"]["size"] = TEXT
    moved["oneOf"].reverse()
    base, head = (api(None, schema, Inner=part) for schema, part in ((choice, inner), (moved, other)))
    assert {(f.rule, f.base.rpartition("/")[2]) for f in Differ(base, head).findings()} == {
        ("response-property-type-changed", "text"),
        ("response-property-type-changed", "size"),
    }


def test_a_tag_names_nothing():
    """Whatever tag is published, no module is named after it."""
    base = api()
    head = copy.deepcopy(base)
    head["paths"]["/p0"]["post"]["tags"] = ["t"]
    assert (rules(base, head), verdict(base, head)) == ({"api-tag-removed"}, "docs")


def shuffled(node, seed=1):
    """The same document with its keys in another order."""
    chance = random.Random(seed)
    if isinstance(node, dict):
        keys = list(node)
        chance.shuffle(keys)
        return {key: shuffled(node[key], seed) for key in keys}
    return [shuffled(item, seed) for item in node] if isinstance(node, list) else node


def inlined(document):
    """The same document without references, as far as it is not recursive."""

    def walk(node, path=()):
        if isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str) and reference not in path:
                target = document
                for part in reference[2:].split("/"):
                    target = target[part.replace("~1", "/").replace("~0", "~")]
                return walk(target, (*path, reference))
            return {key: walk(value, path) for key, value in node.items()}
        return [walk(item, path) for item in node] if isinstance(node, list) else node

    return {**document, "paths": walk(document["paths"])}


@pytest.mark.parametrize("document", REAL)
def test_what_means_the_same_is_no_finding(document):
    """Itself, key order, YAML and JSON, references in place."""
    assert Differ(document, document).findings() == []
    assert Differ(document, shuffled(document)).findings() == []
    assert Differ(document, json.loads(json.dumps(document))).findings() == []
    assert [f.rule for f in Differ(document, inlined(document)).findings() if f.verdict == "breaking"] == []


@pytest.mark.parametrize("document", REAL)
def test_descriptions_are_never_breaking(document):
    """They are shown, if they speak of limits or dates."""

    def edited(node):
        if isinstance(node, dict):
            return {
                key: f"{value} Limited to 30 days."
                if key == "description" and isinstance(value, str)
                else edited(value)
                for key, value in node.items()
            }
        return [edited(item) for item in node] if isinstance(node, list) else node

    findings = Differ(document, edited(document)).findings()
    assert {finding.verdict for finding in findings} == {"docs"}


SCHEMAS = st.recursive(
    st.sampled_from(
        [
            TEXT,
            {"type": "integer"},
            {"type": "boolean"},
            {"type": ["string", "null"]},
            {"type": "string", "format": "date-time"},
            {"type": "string", "enum": ["a", "b"]},
            {"type": "integer", "maximum": 5},
            {},
        ]
    ),
    lambda inner: st.one_of(
        st.builds(lambda items: {"type": "array", "items": items}, inner),
        st.builds(
            lambda properties, required: {
                "type": "object",
                "properties": properties,
                "required": sorted(set(required) & set(properties)),
            },
            st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
            st.lists(st.sampled_from("abc")),
        ),
        st.builds(lambda parts: {"oneOf": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"allOf": parts}, st.lists(inner, min_size=1, max_size=2)),
    ),
    max_leaves=6,
)


@given(SCHEMAS)
@settings(deadline=None)
def test_a_schema_is_equal_to_itself_in_any_spelling(schema):
    """Directly, by reference, in an allOf of one."""
    reference = api({"$ref": "#/components/schemas/S"}, {"$ref": "#/components/schemas/S"}, S=schema)
    plain = api(schema, schema)
    for other in (plain, reference, api({"allOf": [schema]}, {"allOf": [schema]})):
        assert [f for f in Differ(plain, other).findings() if f.verdict == "breaking"] == []


@given(SCHEMAS, SCHEMAS)
@settings(deadline=None, max_examples=200)
def test_the_way_back_mirrors_the_way_there(old, new):
    """What one direction finds, the other finds too; nothing crashes, and a request mirrors a response."""
    there, back = Differ(api(old), api(new)).findings(), Differ(api(new), api(old)).findings()
    assert bool(there) == bool(back)
    assert {(f.base, f.head) for f in there} == {(f.head, f.base) for f in back}


def test_recursion_ends():
    """A schema that holds itself."""
    tree = {
        "type": "object",
        "properties": {"children": {"type": "array", "items": {"$ref": "#/components/schemas/T"}}},
    }
    other = copy.deepcopy(tree)
    other["properties"]["name"] = TEXT
    base = api(None, {"$ref": "#/components/schemas/T"}, T=tree)
    head = api(None, {"$ref": "#/components/schemas/T"}, T=other)
    assert rules(base, head) == {"response-optional-property-added"}


def test_a_long_chain_of_components_is_compared_to_its_end():
    """Two thousand components, each below the one before, reached by every operation."""
    size = 2000
    chain = {
        f"S{n}": {"type": "object", "properties": {"next": {"$ref": f"#/components/schemas/S{n + 1}"}}}
        for n in range(size)
    }
    chain[f"S{size}"] = {"type": "object", "properties": {"end": TEXT}}
    base = api(None, {"$ref": "#/components/schemas/S0"}, operations=3, **chain)
    head = copy.deepcopy(base)
    head["components"]["schemas"][f"S{size}"]["properties"]["end"] = {"type": "integer"}
    [finding] = Differ(base, head).findings()
    assert len(finding.reaches) == 3

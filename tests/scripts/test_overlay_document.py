"""Corrections as data: the Overlay standard 1.1, point by point, and strictly."""

from __future__ import annotations

import copy

import jsonpath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.documents import DocumentError
from scripts.pipeline.overlay_document import apply_overlay, try_overlay

DOCUMENT = {
    "a": {"b": [1, 2, {"c": 3}], "x": {"deep": {"k": 1}}, "t": "text", "n": None, "one": 1},
    "list": [{"n": 1}, {"n": 2}, {"n": 1}],
    "nested": {"k": {"k": {"k": {}}}},
    "lists": {"p": [1], "q": [2]},
}


def overlay(*actions, **more):
    return {"overlay": "1.1.0", "info": {"title": "t", "version": "1"}, "actions": list(actions), **more}


def applied(*actions):
    before = copy.deepcopy(DOCUMENT)
    result = apply_overlay(DOCUMENT, overlay(*actions), "specs/x")
    assert before == DOCUMENT
    return result


def selected(path, document):
    return jsonpath.findall(path, document, strict=True)


@pytest.mark.parametrize(
    ("action", "path", "found"),
    [
        ({"target": "$.a.x", "update": {"deep": {"l": 2}}}, "$.a.x.deep", [{"k": 1, "l": 2}]),
        ({"target": "$.a", "update": {"b": [9], "t": "new"}}, "$.a['b', 't']", [[1, 2, {"c": 3}, 9], "new"]),
        ({"target": "$", "update": {"new": {"x": [1]}}}, "$.new", [{"x": [1]}]),
        ({"target": "$.a.b", "update": 9}, "$.a.b", [[1, 2, {"c": 3}, 9]]),
        ({"target": "$.a.b", "update": None}, "$.a.b", [[1, 2, {"c": 3}, None]]),
        ({"target": "$.a.b", "update": {"d": 4}}, "$.a.b", [[1, 2, {"c": 3}, {"d": 4}]]),
        ({"target": "$.a.b", "update": [8, [9]]}, "$.a.b", [[1, 2, {"c": 3}, 8, [9]]]),
        ({"target": "$.lists[*]", "update": [0]}, "$.lists[*]", [[1, 0], [2, 0]]),
        ({"target": "$.a.t", "update": "new"}, "$.a.t", ["new"]),
        ({"target": "$.a.t", "update": None}, "$.a.t", [None]),
        ({"target": "$.a.n", "update": False}, "$.a.n", [False]),
        ({"target": "$.a.one", "update": True}, "$.a.one", [True]),
        ({"target": "$.list[?@.n == 1].n", "update": 5}, "$.list[*].n", [5, 2, 5]),
        ({"target": "$.list[-1]", "update": {"m": 1}}, "$.list[2]", [{"n": 1, "m": 1}]),
        ({"target": "$.list[0, 0]", "update": {"m": [1]}}, "$.list[0]", [{"n": 1, "m": [1]}]),
        ({"target": "$..k[?@.k]", "update": {"mark": 1}}, "$.nested.k.k.mark", [1]),
        ({"target": "$.a.x", "copy": "$.list[1]"}, "$.a.x", [{"deep": {"k": 1}, "n": 2}]),
        ({"target": "$.a.b", "copy": "$.lists.q"}, "$.a.b", [[1, 2, {"c": 3}, 2]]),
        ({"target": "$.a.t", "copy": "$.a.one"}, "$.a.t", [1]),
    ],
)
def test_an_update_merges_as_the_standard_says(action, path, found):
    """Objects recursively, lists joined or one entry more, plain values replaced; section 4.4.3."""
    assert selected(path, applied(action)) == found


@pytest.mark.parametrize(
    ("target", "path", "found"),
    [
        ("$.list[?@.n == 1]", "$.list", [[{"n": 2}]]),
        ("$.list[*]", "$.list", [[]]),
        ("$.list[0, 2, 0]", "$.list", [[{"n": 2}]]),
        ("$.a.b[?@ == 2]", "$.a.b", [[1, {"c": 3}]]),
        ("$..k", "$.nested", [{}]),
        ("$.a.n", "$.a.n", []),
    ],
)
def test_every_match_is_removed(target, path, found):
    """Whichever moves or holds another."""
    assert selected(path, applied({"target": target, "remove": True})) == found


def test_removal_wins_over_an_update_beside_it():
    """`update` has no impact if `remove` is true."""
    assert "t" not in applied({"target": "$.a.t", "update": "x", "remove": True})["a"]


def test_actions_see_what_the_ones_before_them_did():
    """A move is an update, a copy and a removal."""
    result = applied(
        {"target": "$", "update": {"moved": {}}},
        {"target": "$.moved", "copy": "$.a.x"},
        {"target": "$.a.x", "remove": True},
        {"target": "$.moved.deep", "update": {"k": 2}},
    )
    assert result["moved"] == {"deep": {"k": 2}}
    assert "x" not in result["a"]


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ({"target": "$.nowhere", "update": {"a": 1}}, "matches nothing"),
        ({"target": "$.nowhere", "remove": True}, "matches nothing"),
        ({"target": "$.a.x", "update": {"deep": {"k": 1}}}, "changes nothing"),
        ({"target": "$.a.x", "update": {}}, "changes nothing"),
        ({"target": "$.a.b", "update": []}, "changes nothing"),
        ({"target": "$.a.x", "update": {"deep": [1]}}, "at /deep there is an object, which a list cannot"),
        ({"target": "$.a.x.deep", "update": {"k": {"new": 1}}}, "at /k there is a plain value, which an object"),
        ({"target": "$.a", "update": {"b": 1}}, "at /b there is a list"),
        ({"target": "$.a", "update": [1]}, "it selects an object, which a list cannot"),
        ({"target": "$.a.n", "update": {}}, "it selects a plain value"),
        ({"target": "$.a[*]", "update": 1}, "lists and objects and plain values; they must be of one kind"),
        ({"target": "$", "remove": True}, "whole document"),
        ({"target": "$.a.x", "copy": "$.nowhere"}, "selects 0 places"),
        ({"target": "$.a.x", "copy": "$.list[*]"}, "selects 4 places"),
        ({"target": "$.a.x", "copy": "$["}, "RFC 9535"),
        ({"target": "$.a[", "update": {}}, "RFC 9535"),
        ({"target": "$.list[?@.n =~ /1/]", "remove": True}, "RFC 9535"),
        ({"target": "$.paths./x", "remove": True}, "RFC 9535"),
        ({"target": "a.x", "remove": True}, "begin with $"),
        ({"target": "", "remove": True}, "no target"),
        ({"target": 3, "remove": True}, "target that is not text"),
        ({"update": {"a": 1}}, "no target"),
        ({"target": "$.a", "updat": {}}, "unknown keys: updat"),
        ({"target": "$.a", 5: {}}, "unknown keys: 5"),
        ({"target": "$.a"}, "needs one of"),
        ({"target": "$.a", "remove": False}, "needs one of"),
        ({"target": "$.a", "remove": "yes"}, "remove that is not true or false"),
        ({"target": "$.a", "copy": "$.list[0]", "update": {}}, "needs one of"),
        ({"target": "$.a", "copy": 1}, "copy that is not text"),
        ({"target": "$.a", "description": ["x"], "remove": True}, "description that is not text"),
        ("$.a", "is not an object"),
        ({"target": "$.list", "update": 0}, "repeats action 1"),
    ],
)
def test_an_action_that_cannot_help_is_named(action, said):
    """With its number, and what it targets if it says so."""
    with pytest.raises(DocumentError) as caught:
        applied({"target": "$.list", "update": 0}, action)
    assert "specs/x" in str(caught.value)
    assert "action 2" in str(caught.value)
    assert said in str(caught.value)
    if isinstance(action, dict):
        assert str(action.get("target", "")) in str(caught.value)


@pytest.mark.parametrize(
    "given",
    [
        None,
        [],
        "text",
        {},
        overlay({"target": "$.a", "remove": True}, overlay="2.0.0"),
        overlay({"target": "$.a", "remove": True}, overlay=1.1),
        overlay({"target": "$.a", "remove": True}, info={"title": "t"}),
        overlay({"target": "$.a", "remove": True}, info={"title": "t", "version": 1}),
        overlay({"target": "$.a", "remove": True}, info="t"),
        overlay({"target": "$.a", "remove": True}, extends=3),
        overlay({"target": "$.a", "remove": True}, action=[]),
        overlay(),
        overlay(actions={"target": "$.a"}),
    ],
)
def test_what_is_no_overlay_document_is_refused(given):
    """By the name it was given."""
    with pytest.raises(DocumentError, match="specs/x"):
        apply_overlay(DOCUMENT, given, "specs/x")


def test_extensions_and_the_document_it_is_for_are_allowed():
    """`extends` and `x-` keys, everywhere the standard has them."""
    action = {"target": "$.a.t", "remove": True, "x-why": 1}
    info = {"title": "t", "version": "1", "x-owner": "me"}
    given = overlay(action, info=info, extends="./upstream/a.yaml", overlay="1.1.3", **{"x-a": 1})
    assert "t" not in apply_overlay(DOCUMENT, given, "specs/x")["a"]


def test_all_stale_actions_are_told_at_once():
    """And the others are applied, for the API review."""
    actions = [
        {"target": "$.gone", "remove": True, "description": "why"},
        {"target": "$.a.t", "update": "new"},
        {"target": "$.a.one", "update": 1},
    ]
    result, stale = try_overlay(DOCUMENT, overlay(*actions), "t")
    assert result["a"]["t"] == "new"
    assert [(s.index, s.reason) for s in stale] == [(0, "matches nothing"), (2, "changes nothing")]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.text(max_size=3), JSON, min_size=1, max_size=4)


@given(OBJECTS, JSON)
def test_a_new_member_is_inserted_and_all_else_stays(document, value):
    """In its place, with the order of the keys."""
    changed = apply_overlay(document, overlay({"target": "$", "update": {"\u0394new": value}}), "t")
    assert list(changed.items()) == [*document.items(), ("\u0394new", value)]


@given(OBJECTS)
def test_an_object_merged_into_itself_doubles_its_lists_alone(document):
    """The outermost ones: what is in a list is an entry, not a place to merge into."""

    def doubled(value):
        if isinstance(value, dict):
            return {key: doubled(inner) for key, inner in value.items()}
        return [*value, *value] if isinstance(value, list) else value

    result, _ = try_overlay(document, overlay({"target": "$", "update": document}), "t")
    assert result == doubled(document)


@given(OBJECTS)
def test_removing_every_member_leaves_nothing(document):
    """From the inside out."""
    assert apply_overlay(document, overlay({"target": "$..*", "remove": True}), "t") == {}

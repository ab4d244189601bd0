"""Query options, what they may hold, and text with bound values."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moveworks import odata
from moveworks.odata import Dialect
from moveworks.records import Conversation as C
from moveworks.records import Interaction as I
from moveworks.records import User as U


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        ({"filter": C.route == "a/b c"}, "$filter=route%20eq%20'a%2Fb%20c'"),
        ({"filter": C.detail.domain == "it's +1"}, "$filter=detail/domain%20eq%20'it''s%20%2B1'"),
        ({"filter": "route eq 'a/b' and detail/x eq 'c"}, "$filter=route%20eq%20'a%2Fb'%20and%20detail/x%20eq%20'c"),
        ({"select": [C.id, "route", C.id]}, "$select=id,route"),
        ({"select": C.id}, "$select=id"),
        ({"select": "id, detail/domain"}, "$select=id,detail/domain"),
        ({"select": [C.detail.domain, "*"]}, "$select=detail/domain,*"),
        ({"order_by": [C.created_time.desc(), C.id]}, "$orderby=created_time%20desc,id"),
        ({"order_by": C.route.lower()}, "$orderby=tolower(route)"),
        ({"order_by": "created_time desc,id"}, "$orderby=created_time%20desc,id"),
        ({"top": 0, "skip": 5, "count": True}, "$top=0&$skip=5&$count=true"),
        ({"options": {"$search": "a&b"}}, "$search=a%26b"),
        ({"filter": odata.all_of(), "top": 1}, "$top=1"),
    ],
)
def test_options_become_one_query_string(options, sent):
    """A slash is a separator outside of text, and data inside; every other doubtful character is encoded."""
    assert odata.compose(C, **options).to_query_string() == sent


@pytest.mark.parametrize(
    ("options", "error", "hint"),
    [
        ({"filter": "  "}, ValueError, "empty"),
        ({"filter": True}, TypeError, "condition"),
        ({"filter": "route eq '\0'"}, ValueError, "NUL"),
        ({"filter": "route eq '\ud800'"}, ValueError, "surrogate"),
        ({"filter": U.first_name == "x"}, ValueError, "no field first_name"),
        ({"filter": ~(I.detail.resource_id == "x") & (C.id == "x")}, ValueError, "no field detail/resource_id"),
        ({"filter": U.external_ids.any(lambda e: e.source == "x")}, ValueError, "no field external_ids"),
        ({"select": ["rout"]}, ValueError, "route"),
        ({"select": ["detail/domian"]}, ValueError, "detail/domain"),
        ({"select": ["route/x"]}, ValueError, "not an object"),
        ({"select": [5]}, TypeError, "names"),
        ({"order_by": "rout desc"}, ValueError, "route"),
        ({"order_by": "route\0"}, ValueError, "NUL"),
        ({"order_by": U.first_name.desc()}, ValueError, "no field first_name"),
        ({"order_by": C.detail}, TypeError, "no order"),
        ({"order_by": [5]}, TypeError, "order_by"),
        ({"top": -1}, ValueError, "0 or more"),
        ({"top": True}, ValueError, "number"),
        ({"skip": "5"}, ValueError, "number"),
        ({"count": "yes"}, TypeError, "True or False"),
        ({"options": {"$filter": "x"}}, ValueError, "argument of its own"),
        ({"options": {"$search": 5}}, TypeError, "text"),
        ({"options": {"$search": "\udc00"}}, ValueError, "surrogate"),
    ],
)
def test_options_that_make_no_sense_are_refused(options, error, hint):
    """At once, before anything is sent."""
    with pytest.raises(error, match=hint):
        odata.compose(C, **options)


def test_conditions_on_elements_and_on_the_record_around_them_are_known():
    """Names behind a variable are those of the element; others those of the record."""
    condition = U.external_ids.any(lambda e: (e.source == "OKTA") & (e.external_id == U.email_addr))
    assert odata.compose(U, filter=condition).filter == condition
    with pytest.raises(ValueError, match="no field e/x"):
        odata.compose(U, filter=odata.parse("external_ids/any(e:e/x eq 'a')"))
    with pytest.raises(TypeError, match="not a collection"):
        odata.compose(C, filter=odata.parse("route/any()"))


@pytest.mark.parametrize(
    ("template", "values", "text"),
    [
        ("route eq {r}", {"r": "it's"}, "route eq 'it''s'"),
        ("a eq {n} and b eq {m}", {"n": 1, "m": None}, "a eq 1 and b eq null"),
        ("a eq '{r}' and b eq {b}", {"b": True}, "a eq '{r}' and b eq true"),
        ("a eq {{}} and b eq 'it''s {{'", {}, "a eq {} and b eq 'it''s {{'"),
        ("a ge {t}", {"t": datetime(2026, 1, 1, tzinfo=UTC)}, "a ge '2026-01-01T00:00:00.000Z'"),
        ("a eq {dialect}", {"dialect": "x"}, "a eq 'x'"),
    ],
)
def test_raw_text_binds_values_as_literals(template, values, text):
    """Braces in quotes are text."""
    assert str(odata.raw(template, **values)) == text


def test_raw_text_follows_the_dialect_and_keeps_together():
    """Its values are written when it is, and nothing that it is joined with changes its meaning."""
    raw = odata.raw("a ge {t} or b", t=datetime(2026, 1, 1, tzinfo=UTC))
    assert (raw & (C.id == "x")).to_odata(Dialect.STANDARD) == "(a ge 2026-01-01T00:00:00Z or b) and id eq 'x'"
    assert str(~raw) == "not (a ge '2026-01-01T00:00:00.000Z' or b)"


@pytest.mark.parametrize(
    ("template", "values", "error", "hint"),
    [
        ("route eq {r}", {}, ValueError, r"\{r\}"),
        ("route eq {}", {}, ValueError, r"\{\}"),
        ("route eq {", {}, ValueError, "character 10"),
        ("route eq 'a'", {"r": 1}, ValueError, "placeholder"),
        ("route eq '{r}'", {"r": 1}, ValueError, "without them"),
        ("route eq '{r}", {"r": 1}, ValueError, "never closed"),
        ("  ", {}, ValueError, "empty"),
        ("route eq '\0'", {}, ValueError, "NUL"),
        ("route eq {r}", {"r": "\ud800"}, ValueError, "surrogate"),
        ("route eq {r}", {"r": datetime(2026, 1, 1)}, ValueError, "time zone"),  # noqa: DTZ001
        ("route eq {r}", {"r": float("nan")}, ValueError, "finite"),
        ("route eq {r}", {"r": ["a"]}, TypeError, "of r is of type list"),
        (5, {}, TypeError, "text"),
    ],
)
def test_raw_text_that_cannot_be_bound_is_refused(template, values, error, hint):
    """Nothing is left open, nothing is left over."""
    with pytest.raises(error, match=hint):
        odata.raw(template, **values)


@given(st.lists(st.text("aé/'&日", max_size=9), min_size=1, max_size=60, unique=True), st.integers(150, 400))
def test_a_long_list_splits_into_disjoint_queries_that_are_short_enough(values, most):
    """Every value is in exactly one of the parts, in order, as few as fit, each with the rest of the condition."""
    parts = list(odata.split_in((C.route == "DM") & C.id.in_(values), max_length=most))
    lengths = [len(odata.compose(C, filter=part).to_query_string()) - len("$filter=") for part in parts]
    assert max(lengths) <= most
    assert all(str(part).startswith("route eq 'DM' and id in (") for part in parts)
    joined = ",".join(re.fullmatch(r".* in \((.*)\)", str(part), re.DOTALL).group(1) for part in parts)
    assert f"id in ({joined})" == str(C.id.in_(values))
    first_of_next = [re.search(r" in \(('(?:[^']|'')*')", str(part)).group(1) for part in parts[1:]]
    assert all(
        length + 1 + len(odata.compose(C, filter=f"{first}").to_query_string()) - len("$filter=") > most
        for length, first in zip(lengths, first_of_next, strict=False)
    )


def test_several_long_lists_split_into_disjoint_queries():
    """A pair of values is in exactly one part."""
    ids, routes = [f"id-{n}" for n in range(40)], [f"route-{n}" for n in range(40)]
    parts = list(odata.split_in(C.id.in_(ids) & C.route.in_(routes), max_length=200))
    assert all(len(odata.compose(C, filter=part).to_query_string()) <= 208 for part in parts)
    met = [
        (one, other)
        for part in parts
        for one in re.findall(r"'(id-\d+)'", unquote(str(part)))
        for other in re.findall(r"'(route-\d+)'", unquote(str(part)))
    ]
    assert sorted(met) == sorted((one, other) for one in ids for other in routes)


def test_two_values_are_enough_to_split():
    """Each stands alone then."""
    parts = list(odata.split_in(C.id.in_(["a" * 60, "b" * 60]), max_length=80))
    assert [str(part) for part in parts] == [f"id in ('{letter * 60}')" for letter in "ab"]


@pytest.mark.parametrize(
    "condition",
    [C.id.in_(["a" * 300, "b"]), C.id.in_(["a", "b"] * 50) | (C.route == "x" * 300), ~C.id.in_(map(str, range(100)))],
    ids=["value", "or", "not"],
)
def test_a_condition_that_cannot_be_split_says_so(condition):
    """One value alone too long, or a list that would meet records of other parts."""
    with pytest.raises(ValueError, match="max_length=100"):
        list(odata.split_in(condition, max_length=100))
    with pytest.raises(TypeError, match="condition"):
        odata.split_in(str(condition))


def test_a_query_that_is_too_long_for_an_address_says_what_to_do(sandbox):
    """Before anything is sent, and the parts can be."""
    condition = C.id.in_([f"id-{number:08d}" for number in range(6000)])
    with sandbox.client() as mw:
        for ask in (mw.records.conversations.list, mw.records.conversations.count):
            with pytest.raises(ValueError, match="split_in"):
                ask(filter=condition)
        assert sum(mw.records.conversations.count(filter=part) for part in odata.split_in(condition)) == 0


def test_a_short_condition_is_not_split():
    """One query as before."""
    assert list(odata.split_in(C.id.in_(["a"]))) == [C.id.in_(["a"])]

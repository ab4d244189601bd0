"""What the builder makes: text, precedence, refusals, and the rows it selects."""

from __future__ import annotations

import json
import pickle
import re
from datetime import date, datetime
from urllib.parse import unquote

import pytest
from conditions import CONDITIONS, PAIRS, TEXTS, USERS
from hypothesis import HealthCheck, given, settings
from odatapy.data import ComplexValue, Entity, Property, ValueType
from odatapy.server.eval import evaluate_filter
from odatapy.server.uri.expression_parser import ExpressionParser

from moveworks import odata
from moveworks.odata import Dialect
from moveworks.records import Conversation as C
from moveworks.records import Interaction as I
from moveworks.records import User as U

SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


def entity(row):
    """A row as odatapy has it; nested objects become complex values."""
    return Entity(properties=properties(row))


def properties(values):
    return [
        Property(name, ComplexValue(properties=properties(value)), ValueType.COMPLEX)
        if isinstance(value, dict)
        else Property(name, value)
        for name, value in values.items()
    ]


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ((C.route == "DM") & (C.id != "x"), "route eq 'DM' and id ne 'x'"),
        ((C.route == "DM") | (C.id == "x") & (C.id == "y"), "route eq 'DM' or id eq 'x' and id eq 'y'"),
        (((C.route == "DM") | (C.id == "x")) & (C.id == "y"), "(route eq 'DM' or id eq 'x') and id eq 'y'"),
        (~(C.route == "DM"), "not (route eq 'DM')"),
        (~C.route.contains("D"), "not contains(route,'D')"),
        (C.route == "it's", "route eq 'it''s'"),
        (C.route.is_null(), "route eq null"),
        (U.access_to_bot == True, "access_to_bot eq true"),  # noqa: E712
        (I.detail.domain == "HR", "detail/domain eq 'HR'"),
        (U.external_ids.any(lambda e: e.source == "OKTA"), "external_ids/any(e:e/source eq 'OKTA')"),
        (C.route.in_(["b", "a"]), "route in ('b','a')"),
        (((C.route.length() + 2) * 3 > 1), "(length(route) add 2) mul 3 gt 1"),
        (C.route.lower().startswith("a"), "startswith(tolower(route),'a')"),
        (C.created_time.year() == 2026, "year(created_time) eq 2026"),
    ],
)
def test_a_condition_prints_as_readable_odata(condition, text):
    """Precedence is right, with the fewest parentheses."""
    assert str(condition) == text


def test_times_are_quoted_utc_milliseconds_and_bare_in_the_standard_dialect():
    """The service compares quoted times; the standard has them bare."""
    condition = C.created_time >= datetime.fromisoformat("2026-11-01T12:00:00.123456+02:00")
    assert str(condition) == "created_time ge '2026-11-01T10:00:00.124Z'"  # the next one
    assert "created_time ge 2026-11-01T10:00:00.12" in condition.to_odata(Dialect.STANDARD)


@pytest.mark.parametrize(
    ("build", "error", "hint"),
    [
        (lambda: (C.route == "a") and (C.id == "b"), TypeError, "&"),
        (lambda: (C.route == "a") or (C.id == "b"), TypeError, "|"),
        (lambda: not C.route.contains("a"), TypeError, "~"),
        (lambda: "a" < C.route < "b", TypeError, "&"),
        (lambda: C.created_time > datetime(2026, 1, 1), ValueError, "time zone|naive|UTC"),  # noqa: DTZ001
        (lambda: C.route == 5, TypeError, "text"),
        (lambda: C.route < None, TypeError, "is_null|null"),
        (lambda: C.route == "a\0b", ValueError, "NUL"),
        (lambda: C.route == "\ud800", ValueError, "surrogate"),
        (lambda: C.created_time == "yesterday", (TypeError, ValueError), "datetime"),
        (lambda: C.rout, AttributeError, "route"),
        (lambda: U.access_to_bot == "true", TypeError, "true or false"),
        (lambda: C.route.length().gt(float("nan")), ValueError, "NaN|nan|finite"),
        (lambda: C.route.in_("abc"), TypeError, "list"),
        (lambda: "a" in C.route, TypeError, "contains"),
        (lambda: list(C.route), TypeError, ""),
        (lambda: odata.compose(C, filter="  "), ValueError, "empty"),
        (lambda: odata.compose(C, select=["rout"]), ValueError, "route"),
        (lambda: odata.compose(C, top=-1), ValueError, "0 or more"),
        (lambda: odata.compose(C, top=True), ValueError, "number"),
        (lambda: odata.raw("route eq {r}"), ValueError, "r"),
        (lambda: odata.raw("route eq 'a'", r=1), ValueError, "placeholder"),
    ],
)
def test_what_cannot_mean_anything_is_refused_with_the_fix(build, error, hint):
    """Nothing wrong becomes a request."""
    with pytest.raises(error) as caught:
        build()
    assert re.search(hint, str(caught.value))


def test_an_empty_in_is_false_and_never_no_filter():
    """`in_([])` selects nothing."""
    assert str(C.route.in_([])) == "false"
    assert str(C.route.in_([]) | (C.id == "x")) in {"id eq 'x'", "false or id eq 'x'"}


def test_a_date_compares_with_the_date_of_a_time():
    """`date()` takes days."""
    assert "2026-11-01" in str(C.created_time.date() == date(2026, 11, 1))


@given(CONDITIONS)
@SLOW
def test_parsing_is_the_inverse_of_printing(condition):
    """`odata.parse(str(c))` is the same tree, and prints the same."""
    assert str(odata.parse(str(condition), I)) == str(condition)
    assert odata.parse(str(odata.parse(str(condition), I)), I) == odata.parse(str(condition), I)


@given(CONDITIONS)
@SLOW
def test_what_is_sent_decodes_to_the_same_text(condition):
    """The query string is pure ASCII, has no ambiguous character, and decodes to the text that was built."""
    query = odata.compose(I, filter=condition).to_query_string()
    assert re.fullmatch(r"\$filter=(?:[A-Za-z0-9._~(),:/'*-]|%[0-9A-F]{2})*", query)
    assert unquote(query.removeprefix("$filter="), errors="strict") == str(condition)


@given(CONDITIONS)
@SLOW
def test_an_independent_parser_accepts_both_dialects(condition):
    """odatapy, which knows nothing of us, parses what is rendered."""
    for dialect in Dialect:
        assert ExpressionParser.parse_string(condition.to_odata(dialect), strict=False) is not None


def filled(row):
    row = {name: "none" if value is None else value for name, value in row.items()}
    detail = row["detail"] if isinstance(row["detail"], dict) else {}
    return row | {"detail": {"domain": detail.get("domain") or "none"}}


def selected_by_odatapy(condition, rows, dialect):
    expression = ExpressionParser.parse_string(condition.to_odata(dialect), strict=False)
    times = ("created_time", "last_updated_time")
    if dialect is Dialect.STANDARD or "(created_time)" in str(condition) or "(last_updated_time)" in str(condition):
        rows = [{**row, **{t: datetime.fromisoformat(row[t]) for t in times if row.get(t)}} for row in rows]
    return {row["id"] for row in rows if evaluate_filter(entity(row), expression)}


@given(PAIRS)
@SLOW
def test_the_same_rows_are_selected_in_the_sandbox_in_odatapy_and_in_python(sandbox, pair):
    """SQL in the sandbox, an independent evaluator, and the Python predicate agree, nulls included."""
    condition, test = pair
    rows = sandbox.rows("interactions")[:120]
    ids = {row["id"] for row in rows}
    wanted = {row["id"] for row in rows if test(row) is True}
    parsed = odata.parse(str(condition), I)
    found = sandbox.store.page("interactions", parsed, (), after=0, offset=0, limit=-1)
    assert {json.loads(body)["id"] for _, body in found} & ids == wanted
    # odatapy takes `null lt 'x'` for unknown, where OData 4.01 (5.1.1.1.3) has false; so it judges rows without nulls.
    full = [filled(row) for row in rows]
    assert selected_by_odatapy(condition, full, Dialect.STANDARD) == {row["id"] for row in full if test(row) is True}


@given(USERS)
@SLOW
def test_a_collection_condition_selects_the_rows_of_the_python_predicate(sandbox, pair):
    """`any` over a collection."""
    condition, test = pair
    wanted = {row["id"] for row in sandbox.rows("users") if test(row)}
    with sandbox.client() as mw:
        assert {user.id for user in mw.records.users.list(filter=condition)} == wanted


@given(TEXTS)
@SLOW
def test_bound_values_of_raw_are_literals(value):
    """What is bound can never change the condition."""
    assert odata.parse(str(odata.raw("route eq {value}", value=value)), C) == (C.route == value)


@given(CONDITIONS)
@SLOW
def test_conditions_are_values(condition):
    """Hashable, picklable, unchangeable."""
    assert pickle.loads(pickle.dumps(condition)) == condition
    assert hash(condition) == hash(pickle.loads(pickle.dumps(condition)))
    with pytest.raises(AttributeError):
        condition.node = None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("route eq", "character"),
        ("rout eq 'DM'", "route"),
        ("route = 'DM'", "eq"),
        ("route eq 'DM", "quote|closed|end"),
        ("route eq 'DM' nad id eq 'x'", "character"),
        ("", "ends"),
        ("(" * 3000, "nested|deep"),
        ("contians(route,'x')", "contains"),
        ("route eq 5", "text"),
        ("created_time ge 'yesterday'", "time"),
        ("route eq 'DM' and", "character"),
    ],
)
def test_a_filter_that_cannot_be_read_says_where_and_what(text, said):
    """Position, caret, and the nearest name."""
    with pytest.raises(ValueError, match=said) as caught:
        odata.parse(text, C)
    assert len(str(caught.value)) < 4000


@given(TEXTS)
@SLOW
def test_no_text_breaks_the_parser(text):
    """Any text is a condition or a ValueError."""
    try:
        odata.parse(text, C)
    except ValueError:
        return


def test_order_by_parses_and_prints():
    """Keys with directions."""
    keys = odata.parse_order_by("created_time desc, id", entity=C)
    assert [str(key) for key in keys] == ["created_time desc", "id"]


def test_many_values_split_into_disjoint_queries():
    """Every value is in exactly one of the parts, each short enough."""
    values = [f"value-{number}" for number in range(1000)]
    parts = list(odata.split_in((C.route == "DM") & C.id.in_(values), max_length=2000))
    found = [v for part in parts for v in re.findall(r"'(value[^']*)'", str(part))]
    assert found == values
    assert all(len(str(part)) <= 2000 for part in parts)

"""Reading text of others: what is wrong, where, and what was perhaps meant; and that nothing else is ever raised."""

from __future__ import annotations

import pickle

import pytest
from conditions import pairs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moveworks import odata
from moveworks.odata import ODataSyntaxError
from moveworks.records import Conversation as C
from moveworks.records import Interaction as I
from moveworks.records import User as U
from moveworks_export.entities import ENTITY_SETS

SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
PIECES = [
    *(" eq ", " ne ", " gt ", " and ", " or ", " in ", "not ", " add ", " mod ", " asc", " desc", "-", "--", ":", ","),
    *("/", "(", ")", "'", "''", "\t", "\n", "\0", "\ud800", "\u2028", "\x1b", "٣", "²", "%27", "@x", "$it", "日本"),
    *("1e999", "1e-999", "1.", ".5", "1.5.2", "9" * 500, "9" * 5000, "INF", "NaN", "duration'P1D'", "2026-02-30"),
    *("0001-01-01T00:00:00+14:00", "'0001-01-01T00:00:00+14:00'", "9999-12-31T23:59:59-14:00", "9999-12-31T24:00:00Z"),
    *("0000-01-01", "'0000-01-01'", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00.1234567890123Z", "'20260101T000000Z'"),
    *("route", "id", "detail", "detail/domain", "created_time", "external_ids", "access_to_bot", "any(", "all(", "e:"),
    *("null", "true", "e/", "contains(", "length(", "date(", "year(", "substring(", "'x'", "1"),
]


def holds(text):
    """Whatever the text: an ODataSyntaxError that can be printed, or a tree that prints and is read again."""
    for entity in (None, *(info.entity for info in ENTITY_SETS.values())):
        for read, printed in ((odata.parse, str), (odata.parse_order_by, lambda keys: ",".join(map(str, keys)))):
            found = tried(read, text, entity)
            assert found is None or read(printed(found), entity) == found


def tried(read, *given):
    try:
        return read(*given)
    except ODataSyntaxError as error:
        return checked(error, given[0])


def checked(error, text):
    assert 0 <= error.position <= len(text)
    assert str(error).encode()
    assert len(str(error)) < 2000


@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=12).map("".join)))
@SLOW
def test_no_text_breaks_the_reader(text):
    """Any text is a tree or an ODataSyntaxError."""
    holds(text)


@given(pairs(), st.data())
@SLOW
def test_no_change_of_a_good_text_breaks_the_reader(pair, data):
    """Nor is one that is nearly right."""
    text = str(pair[1])
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 3)))
        text = text[:start] + data.draw(st.sampled_from(["", *PIECES])) + text[end:]
    holds(text)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text",
    [
        *("(" * 100_000, ")" * 100_000, "a" * 100_000, "'" * 100_001, "-" * 100_000 + "1", "9" * 100_000),
        *("not " * 100_000 + "true", "length(" * 100_000, "a eq 1." + "9" * 100_000, "a eq 'x'" + " " * 100_000),
        *("1 add " * 50_000 + "1 gt 0", "a/" * 20_000 + "b", "a/any(x:" * 20_000, "a in (" + "'x'," * 20_000 + "'y')"),
        "a eq 'x' or a eq 'y' and " * 5_000 + "a eq 'z'",
    ],
    ids=lambda text: text[:10],
)
def test_a_huge_text_is_read_or_refused_in_little_time(text):
    """Deep, long, or both."""
    read = tried(odata.parse, text)
    assert read is None or odata.parse(str(read)) == read


@pytest.mark.parametrize(
    ("text", "entity", "position", "said"),
    [
        ("", C, 0, "ends"),
        ("route eq", C, 8, "ends where a value"),
        ("route eq 'DM' and", C, 17, "ends"),
        ("rout eq 'DM'", C, 0, "did you mean route?"),
        ("route eq 'DM' and rout ne 'x'", C, 18, "did you mean route?"),
        ("detail/domian eq 'x'", I, 7, "did you mean detail/domain?"),
        ("external_ids/any(e:e/sorce eq 'x')", U, 21, "did you mean e/source?"),
        ("external_ids/any(item:itm/source eq 'x')", U, 22, "no variable itm; did you mean item?"),
        ("external_ids/source eq 'x'", U, 13, "any"),
        ("external_ids eq 'x'", U, 0, "any"),
        ("detail eq 'x'", I, 0, "null"),
        ("'x' eq detail", I, 7, "null"),
        ("route/any(e:e eq 'x')", C, 9, "not a collection"),
        ("external_ids/all()", U, 18, "condition"),
        ("external_ids/any('x')", U, 17, "variable"),
        ("route/domain eq 'x'", C, 6, "not an object"),
        ("external_ids/any(e:e/source/x eq 'y')", U, 28, "not an object"),
        ("detail in ('a')", I, 0, "; name one of its properties"),
        ("external_ids in ('a')", U, 0, "; use any(...) with its elements"),
        ("length(route,'x') eq 1", C, 0, "takes 1 argument, not 2"),
        ("detail/ eq 'x'", C, 8, "no field detail/eq"),
        ("contians(route,'x')", C, 0, "did you mean contains?"),
        ("route eq 5", C, 9, "use str(value)"),
        ("contains(route)", C, 0, "takes 2 arguments, not 1"),
        ("contains(route,'x',)", C, 19, "value is expected"),
        ("contains(route 'x')", C, 15, "',' is expected"),
        ("substring(route) eq 'x'", C, 0, "2 or 3 arguments"),
        ("contains(route,5)", C, 15, "text"),
        ("detail/'x' eq 'y'", C, 7, "name of a property"),
        ("route eq created_time", C, 9, "cannot be compared"),
        ("contains(created_time,'x')", C, 9, "timestamp"),
        ("length(external_ids) gt 1", U, 7, "collection"),
        ("route = 'DM'", C, 6, "eq"),
        ('route eq "DM"', C, 9, "single quotes"),
        ("route eq 'DM", C, 9, "never closed"),
        ("route eq 'it's'", C, 13, "written twice"),
        ("route eq 'DM' nad id eq 'x'", C, 14, "did you mean and?"),
        ("route eq 'DM' id eq 'x'", C, 14, "missing"),
        ("route eq 'a' eq true", C, 13, "do not chain"),
        ("route eq 5", C, 9, "text"),
        ("5 eq route", C, 0, "text"),
        ("route lt null", C, 9, "no order"),
        ("route", C, 0, "compare"),
        ("route and id eq 'x'", C, 0, "condition"),
        ("route in 'x'", C, 9, "'(' is expected"),
        ("route in ('x',id)", C, 14, "literals"),
        ("route add 1 gt 2", C, 0, "arithmetic"),
        ("length(route) add 'x' gt 2", C, 18, "arithmetic"),
        ("created_time ge 'yesterday'", C, 16, "2026-01-31T12:00:00.000Z"),
        ("created_time ge '2026-01-01T00:00:00'", C, 16, "add Z"),
        ("created_time ge '20260101T000000Z'", C, 16, "not a time"),
        ("created_time ge 0001-01-01T00:00:00+14:00", C, 16, "not a time"),
        ("created_time eq '2026-01-01T00:00:00.0001Z'", C, 16, "milliseconds"),
        ("date(created_time) eq '2026-02-30'", C, 22, "not a date"),
        ("length(route) gt 1e999", C, 17, "too large"),
        ("length(route) gt " + "9" * 500, C, 17, "digits"),
        ("length(route) gt 1x", C, 17, "neither a number"),
        ("route eq '\0'", C, 10, "NUL"),
        ("route eq '\ud800'", C, 10, "surrogate"),
        ("(" * 3000, C, 200, "deep"),
    ],
)
def test_a_filter_that_cannot_be_read_says_where_and_what(text, entity, position, said):
    """Position, reason, and the nearest name."""
    with pytest.raises(ODataSyntaxError) as caught:
        odata.parse(text, entity)
    assert caught.value.position == position
    assert said in caught.value.reason
    assert f" (at character {position + 1})\n" in str(caught.value)


def test_the_caret_stands_under_the_place():
    """Also behind wide and combining characters, and in a long text."""
    with pytest.raises(ODataSyntaxError) as caught:
        odata.parse("contains(route,'日本e\u0301\n') nad id eq 'x'", C)
    _, line, caret = str(caught.value).split("\n")
    assert line == "  contains(route,'*****') nad id eq '*'"
    assert caret == "  " + " " * len("contains(route,'*****') ") + "^"
    with pytest.raises(ODataSyntaxError) as caught:
        odata.parse("日本 ! x")
    assert str(caught.value).split("\n")[2] == "  " + " " * len(".... ") + "^"
    with pytest.raises(ODataSyntaxError) as caught:
        odata.parse("route eq 'a' and " * 100 + "rout eq 'b'", C)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    _, line, caret = str(caught.value).split("\n")
    assert line[caret.index("^") :] == "rout eq '*'"


@pytest.mark.parametrize(("value", "shown"), [("5", "5"), ("55", "**"), ("-5", "**"), ("'x'", "'*'"), ("1e5", "***")])
def test_a_filter_is_shown_without_its_values(value, shown):
    """A digit alone says nothing of anybody."""
    with pytest.raises(ODataSyntaxError) as caught:
        odata.parse(f"rout eq {value}", C)
    assert str(caught.value).split("\n")[1] == f"  rout eq {shown}"


@pytest.mark.parametrize("key", ["detail", "route,detail desc", "rout", "route asc id", "route,", "external_ids"])
def test_sort_keys_that_cannot_be_are_refused(key):
    """Unknown names, objects, lists, and what is no key."""
    with pytest.raises(ODataSyntaxError):
        odata.parse_order_by(key, U if key == "external_ids" else C)


@pytest.mark.parametrize("value", [None, 5, b"route eq 'x'", C.route == "x"])
def test_only_text_is_read(value):
    """Anything else is a TypeError."""
    for read in (odata.parse, odata.parse_order_by):
        with pytest.raises(TypeError, match="text is needed"):
            read(value)

"""What the builder makes: text, precedence, refusals; and that expressions are values."""

from __future__ import annotations

import copy
import functools
import math
import pickle
import re
import tracemalloc
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum

import pytest
from conditions import pairs
from hypothesis import HealthCheck, given, settings

from moveworks import odata
from moveworks.odata import BooleanField, CollectionField, Dialect, EntityType, NumberField, ObjectField, TextField
from moveworks.records import Conversation as C
from moveworks.records import Interaction as I
from moveworks.records import PluginCall as P
from moveworks.records import User as U
from moveworks.text import nearest

SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Item(ObjectField):
    name = TextField("name")
    tags = CollectionField("tags", TextField)


class Detail(ObjectField):
    kind = TextField("kind", doc="What it is.", values=("A", "B"))


class Order(EntityType):
    """An entity type with numbers and lists in lists, which the service has none of today."""

    price = NumberField("price")
    tax = NumberField("tax")
    items = CollectionField("items", Item)
    flags = CollectionField("flags", BooleanField)
    detail = Detail("detail")


class Colour(IntEnum):
    RED = 1


class Route(StrEnum):
    DM = "DM"


class Longitude(float):
    """As numpy's numbers do: a subclass that prints otherwise."""

    def __repr__(self):
        return f"np.float64({float(self)})"


N, M = Order.price, Order.tax


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ((C.route == "DM") & (C.id != "x"), "route eq 'DM' and id ne 'x'"),
        ((C.route == "DM") | (C.id == "x") & (C.id == "y"), "route eq 'DM' or id eq 'x' and id eq 'y'"),
        (((C.route == "DM") | (C.id == "x")) & (C.id == "y"), "(route eq 'DM' or id eq 'x') and id eq 'y'"),
        (~(C.route == "DM"), "not (route eq 'DM')"),
        (~C.route.contains("D"), "not contains(route,'D')"),
        (~C.route.in_(["a", "b"]), "not route in ('a','b')"),
        (~(P.served & P.used), "not (served and used)"),
        (~P.served | P.used, "not served or used"),
        (~(~P.served), "served"),
        ((C.route + "x").eq(C.id), "concat(route,'x') eq id"),
        (I.detail.is_null(), "detail eq null"),
        (Order.flags.all(lambda e: ~e), "flags/all(e:not e)"),
        (
            Order.items.any(lambda e: e.tags.any(lambda tag: (tag == e.name) & (N > 1)) | e.tags.any()),
            "items/any(e:e/tags/any(e1:e1 eq e/name and price gt 1) or e/tags/any())",
        ),
        (C.route == "it's", "route eq 'it''s'"),
        (C.route.is_null(), "route eq null"),
        (I.detail != None, "detail ne null"),  # noqa: E711
        (U.access_to_bot == True, "access_to_bot eq true"),  # noqa: E712
        (I.detail.domain == "HR", "detail/domain eq 'HR'"),
        (U.external_ids.any(lambda e: e.source == "OKTA"), "external_ids/any(e:e/source eq 'OKTA')"),
        (U.external_ids.any(), "external_ids/any()"),
        (C.route.in_(["b", "a", "b"]), "route in ('b','a')"),
        (C.route.length().in_([1, 2]), "length(route) in (1,2)"),
        ((C.route.length() + 1).in_([1, 2]), "(length(route) add 1) in (1,2)"),
        ((-C.route.length()).in_([1, 2]), "(-length(route)) in (1,2)"),
        (C.route.lower().startswith("a"), "startswith(tolower(route),'a')"),
        (C.created_time.year() == 2026, "year(created_time) eq 2026"),
        ((N + 2) * 3 > 1, "(price add 2) mul 3 gt 1"),
        (N + 2 * M > 1, "price add 2 mul tax gt 1"),
        (N - (M - 1) - 1 > 0, "price sub (tax sub 1) sub 1 gt 0"),
        (N * (M / 2) > 0, "price mul (tax divby 2) gt 0"),
        (N.div(2) % 3 == -1, "price div 2 mod 3 eq -1"),
        (-N * -M > -(-N), "-price mul -tax gt price"),  # noqa: B002 - twice is none
        (-(N + M) < 5 - N, "-(price add tax) lt 5 sub price"),
        (1 / N == 1 % M, "1 divby price eq 1 mod tax"),
        ((N > 1) & (M < 2) | (N == M), "price gt 1 and tax lt 2 or price eq tax"),
    ],
)
def test_a_condition_prints_as_readable_odata(condition, text):
    """Precedence is right, with the fewest parentheses."""
    assert str(condition) == text


@pytest.mark.parametrize("entity", [Order])
@pytest.mark.parametrize(
    "condition",
    [
        Order.items.any(lambda e: e.tags.all(lambda tag: (tag == e.name) & (N > 1)) | e.name.is_null()),
        Order.flags.all(lambda e: ~e),
        Order.items.any(lambda e: e.tags.any()),
    ],
    ids=str,
)
def test_lists_in_lists_are_read_back(entity, condition):
    """Variables of both levels are known by their kinds."""
    assert odata.parse(str(condition), entity) == condition
    assert odata.compose(entity, filter=condition).filter == condition


@given(pairs())
@SLOW
def test_no_parentheses_can_be_left_out(pair):
    """Without any of its pairs of grouping parentheses, the text is another condition or none."""
    _, condition, _ = pair
    text = str(condition)
    for opening, closing in grouped(text):
        without = text[:opening] + text[opening + 1 : closing] + text[closing + 1 :]
        try:
            changed = odata.parse(without)
        except odata.ODataSyntaxError:
            continue
        assert changed != odata.parse(text)


def grouped(text):
    """Places of the parentheses that hold neither arguments nor a list."""
    from moveworks.odata.tokens import tokens

    words, open_, before = {"and", "or", "not", "eq", "ne", "lt", "le", "gt", "ge"}, [], None
    for token in tokens(text):
        if token.text == "(":
            arguments = before is not None and before.kind == "name" and before.text not in words | ARITHMETIC
            open_.append(None if arguments else token.position)
        elif token.text == ")" and (opening := open_.pop()) is not None:
            yield opening, token.position
        before = token


ARITHMETIC = {"add", "sub", "mul", "div", "divby", "mod"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1"),
        (-1, "-1"),
        (Colour.RED, "1"),
        (Longitude(1.5), "1.5"),
        (1.0, "1.0"),
        (-0.0, "-0.0"),
        (1e22, "1e22"),
        (1e-07, "1e-07"),
        (5e-324, "5e-324"),
        (2**64, "18446744073709551616"),
        (Decimal("1.50"), "1.50"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-10"), "0.0000000001"),
    ],
)
def test_a_number_prints_as_the_grammar_has_it_and_is_read_as_the_same(value, text):
    """Whatever prints it in Python; no plus stands in an address."""
    condition = value == N
    assert str(condition) == f"price eq {text}"
    assert odata.parse(str(condition), Order) == condition


def test_times_are_quoted_utc_milliseconds_and_bare_in_the_standard_dialect():
    """The service compares quoted times; the standard has them bare."""
    condition = C.created_time >= datetime.fromisoformat("2026-11-01T12:00:00.123456+02:00")
    assert str(condition) == "created_time ge '2026-11-01T10:00:00.124Z'"  # the next one
    assert condition.to_odata(Dialect.STANDARD) == "created_time ge 2026-11-01T10:00:00.124Z"


@pytest.mark.parametrize(("name", "milliseconds"), [("ge", "124"), ("lt", "124"), ("gt", "123"), ("le", "123")])
def test_a_time_with_microseconds_selects_what_it_would(name, milliseconds):
    """Stored times have milliseconds: the bound is rounded to the side on which none is won or lost."""
    bound = datetime(2026, 11, 1, 10, 0, 0, 123456, UTC)
    assert str(getattr(C.created_time, name)(bound)) == f"created_time {name} '2026-11-01T10:00:00.{milliseconds}Z'"


def test_a_time_within_the_last_millisecond_can_be_compared_with():
    """`datetime.max` is how Python says "no end"."""
    assert str(C.created_time < datetime.max.replace(tzinfo=UTC)) == "created_time lt '9999-12-31T23:59:59.999Z'"


@pytest.mark.parametrize(
    ("build", "error", "hint"),
    [
        (lambda: (C.route == "a") and (C.id == "b"), TypeError, "&"),
        (lambda: (C.route == "a") or (C.id == "b"), TypeError, r"\|"),
        (lambda: not C.route.contains("a"), TypeError, "~"),
        (lambda: not P.served, TypeError, "~"),
        (lambda: not C.route, TypeError, "compare it"),
        (lambda: "a" < C.route < "b", TypeError, "&"),
        (lambda: C.route.contains("a") == True, TypeError, "condition already"),  # noqa: E712
        (lambda: (C.route == "a") & True, TypeError, "condition is needed"),
        (lambda: (C.route == "a") & "b", TypeError, "odata.parse"),
        (lambda: (C.route == "a") & C.id, TypeError, "compare it"),
        (lambda: odata.all_of(None), TypeError, "condition is needed"),
        (lambda: odata.not_("a"), TypeError, "condition"),
        (lambda: C.created_time > datetime(2026, 1, 1), ValueError, "time zone"),  # noqa: DTZ001
        (lambda: C.created_time > date(2026, 1, 1), TypeError, "time zone"),
        (lambda: C.created_time > datetime.max.replace(tzinfo=timezone(timedelta(hours=-5))), ValueError, "UTC"),
        (lambda: C.created_time == datetime(2026, 1, 1, 0, 0, 0, 1, UTC), ValueError, "milliseconds"),
        (lambda: C.created_time.date() == datetime(2026, 1, 1, tzinfo=UTC), TypeError, "datetime.date"),
        (lambda: C.route == 5, TypeError, r"str\(value\)"),
        (lambda: C.route == C.created_time, TypeError, "timestamp"),
        (lambda: C.route == (C.id == "x"), TypeError, "Predicate"),
        (lambda: C.route < None, TypeError, "is_null"),
        (lambda: N > None, TypeError, "is_null"),
        (lambda: C.route == "a\0b", ValueError, "NUL"),
        (lambda: C.route.contains("\ud800"), ValueError, "surrogate"),
        (lambda: C.route.in_(["a", "\udc00"]), ValueError, "surrogate"),
        (lambda: C.created_time == "yesterday", TypeError, "datetime"),
        (lambda: C.rout, AttributeError, "route"),
        (lambda: I.detail.domian, AttributeError, "detail/domain"),
        (lambda: U.external_ids.any(lambda e: e.sorce == "x"), AttributeError, "e/source"),
        (lambda: U.external_ids.any(lambda e: e.source), TypeError, "returns a condition"),
        (lambda: U.external_ids.any("OKTA"), TypeError, "function"),
        (lambda: U.external_ids == "x", TypeError, "any"),
        (lambda: U.external_ids != None, TypeError, "any"),  # noqa: E711
        (lambda: "x" in U.external_ids, TypeError, "any"),
        (lambda: not U.external_ids, TypeError, "any"),
        (lambda: list(U.external_ids), TypeError, "any"),
        (lambda: I.detail == "x", TypeError, "one of its fields"),
        (lambda: not I.detail, TypeError, "is_null"),
        (lambda: U.access_to_bot == "true", TypeError, "true or false"),
        (lambda: N == True, TypeError, "number"),  # noqa: E712
        (lambda: N.gt(math.nan), ValueError, "finite"),
        (lambda: -math.inf < N, ValueError, "finite"),
        (lambda: Decimal("sNaN") < N, ValueError, "finite"),
        (lambda: N > 10**5000, ValueError, "too large"),
        (lambda: Decimal("1E+999999999") < N, ValueError, "too large"),
        (lambda: Decimal("1E-999999") < N, ValueError, "digits"),
        (lambda: N + "a", TypeError, "number"),
        (lambda: N + C.route, TypeError, "not a number"),
        (lambda: C.route.in_("abc"), TypeError, "list"),
        (lambda: C.route.in_(["a", None]), ValueError, "is_null"),
        (lambda: C.route.in_([C.id]), TypeError, "TextField"),
        (lambda: "a" in C.route, TypeError, "contains"),
        (lambda: "a" in (C.route == "a"), TypeError, "in_"),
        (lambda: list(C.route), TypeError, "one value"),
        (lambda: list(C.route == "a"), TypeError, "filter="),
        (lambda: C.route.substring(-1), ValueError, "from 0"),
        (C, TypeError, "names fields"),
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
    assert str(C.route.in_([]) | (C.id == "x")) == "id eq 'x'"
    assert str(C.route.in_([]) & (C.id == "x")) == "false"
    assert str(~C.route.in_([])) == "true"


def test_values_of_enumerations_are_what_they_stand_for():
    """As people write their constants."""
    assert (C.route == Route.DM) == (C.route == "DM")
    assert str(C.route.in_(Route)) == "route in ('DM')"


def test_methods_are_twins_of_the_operators():
    """For those who do not like operators."""
    a, b = C.route == "a", C.id == "b"
    assert a.and_(b) == a & b == odata.all_of([a, b])
    assert a.or_(b) == a | b == odata.any_of(a, b)
    assert a.not_() == ~a == odata.not_(a)
    twins = {"eq": C.id == "b", "ne": C.id != "b", "lt": C.id < "b", "le": C.id <= "b", "gt": C.id > "b"}
    assert all(getattr(C.id, name)("b") == condition for name, condition in twins.items())


def test_thousands_of_conditions_can_be_joined():
    """Joining nests nothing, and is read back."""
    many = [C.id == str(number) for number in range(3000)]
    joined = functools.reduce(lambda sofar, condition: sofar | condition, many)
    assert joined == odata.any_of(many)
    assert odata.parse(str(joined), C) == joined
    assert hash(pickle.loads(pickle.dumps(joined))) == hash(joined)


@pytest.mark.parametrize(("levels", "written"), [(98, True), (101, False)])
def test_what_is_nested_more_deeply_than_can_be_read_is_not_written_either(levels, written):
    """One limit for both ways; the representation never fails."""
    deep = functools.reduce(lambda value, _: value + 1, range(levels), N) > 1
    assert repr(deep)
    if written:
        assert odata.parse(str(deep), Order) == deep
    else:
        with pytest.raises(ValueError, match="all_of"):
            str(deep)
        with pytest.raises(odata.ODataSyntaxError, match="deep"):
            odata.parse("price" + " add 1" * levels + " gt 1", Order)


@pytest.mark.parametrize(
    "value",
    [
        *(C.route, I.detail.domain, I.detail, U.external_ids, C.route.lower(), -N, P.served, C.id.desc()),
        *(C.route == "x", ~P.served, U.external_ids.any(lambda e: e.source == "x")),
        odata.raw("a eq {time}", time=datetime(2026, 1, 1, tzinfo=UTC)),
    ],
    ids=repr,
)
def test_expressions_are_values(value):
    """Hashable, picklable, copyable, unchangeable."""
    for twin in (pickle.loads(pickle.dumps(value)), copy.copy(value), copy.deepcopy(value)):
        assert (str(twin), type(twin), hash(twin)) == (str(value), type(value), hash(value))
    with pytest.raises(AttributeError):
        value.node = None
    with pytest.raises(AttributeError):
        del value.node


def test_a_catalogue_cannot_be_changed():
    """Nor can what stands in it."""
    with pytest.raises(AttributeError, match="cannot be changed"):
        C.route = C.id
    with pytest.raises(AttributeError, match="cannot be changed"):
        I.detail.domain = C.id


@given(pairs())
@SLOW
def test_conditions_of_the_same_structure_are_equal(pair):
    """Also after a journey to another process."""
    _, condition, _ = pair
    if isinstance(condition, odata.Predicate):
        assert pickle.loads(pickle.dumps(condition)) == condition
        assert condition != ~condition


def test_a_property_of_an_object_keeps_what_the_document_says_of_it():
    """Its description and its values, also as a copy."""
    for kind in (Order.detail.kind, pickle.loads(pickle.dumps(Order.detail.kind)), copy.deepcopy(Order.detail.kind)):
        assert (kind.doc, kind.values, str(kind == "A")) == ("What it is.", ("A", "B"), "detail/kind eq 'A'")


@pytest.mark.parametrize("bound", [True, False, -1, 1.0, "1", None])
def test_substring_counts_in_whole_characters(bound):
    """From 0; anything else is refused when the condition is made."""
    for make in (lambda: C.route.substring(bound), lambda: C.route.substring(0, bound)):
        if bound is None and make is not None:
            continue
        with pytest.raises(ValueError, match="whole characters from 0"):
            make()


@pytest.mark.parametrize("text", ["1E-399", "1E-5000000", "1E+401", "1E+5000000"])
def test_a_decimal_with_too_many_digits_is_not_written_out(text):
    """It could fill the memory."""
    assert str(Decimal("1E-398") == N).startswith("price eq 0.000")
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="digits"):
            Decimal(text) == N  # noqa: B015 - it is refused
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_names_beyond_all_reason_are_not_compared():
    """Comparing takes the square of their length."""
    assert nearest("a" * 127 + "b", ["a" * 128]) == "a" * 128
    assert nearest("a" * 128 + "b", ["a" * 129]) is None

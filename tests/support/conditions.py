"""Conditions together with the Python predicate that means the same; None stands for OData's unknown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from moveworks.records import Interaction as I
from moveworks.records import User as U

TEXTS = st.one_of(
    st.sampled_from(["user", "bot", "slack", "HR", "", "it's", "a&b=c", "100%", "+", "#?/", "日本", " lead", "x'y''z"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
)
START = datetime(2026, 1, 1, tzinfo=UTC)
TIMES = st.integers(0, 400 * 86400 * 1000).map(lambda ms: START + timedelta(milliseconds=ms))


def _get(*path):
    def read(row):
        for name in path:
            if not isinstance(row, dict):
                return None
            row = row.get(name)
        return row

    return read


def _parsed(read):
    def time(row):
        value = read(row)
        return None if value is None else datetime.fromisoformat(value)

    return time


COMPARE = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
}
TEXT_FIELDS = [
    (I.id, _get("id")),
    (I.actor, _get("actor")),
    (I.label, _get("label")),
    (I.detail.domain, _get("detail", "domain")),
]
TIME_FIELDS = [
    (I.created_time, _parsed(_get("created_time"))),
    (I.last_updated_time, _parsed(_get("last_updated_time"))),
]


def _known(function):
    """Unknown in, unknown out."""
    return lambda *values: None if any(v is None for v in values) else function(*values)


def _compare(name, read, value):
    known = _known(COMPARE[name])
    if name == "ne":  # null ne 'x' is true (OData 4.01, 5.1.1.1.2)
        return lambda row: read(row) != value
    if name == "eq":
        return lambda row: read(row) == value
    return lambda row: bool(known(read(row), value))


@st.composite
def text_leaf(draw):
    field, read = draw(st.sampled_from(TEXT_FIELDS))
    value = draw(TEXTS)
    kind = draw(st.sampled_from([*COMPARE, "contains", "startswith", "endswith", "in", "null", "length", "lower"]))
    if kind in COMPARE:
        return getattr(field, kind)(value), _compare(kind, read, value)
    if kind in {"contains", "startswith", "endswith"}:
        test = {"contains": str.__contains__, "startswith": str.startswith, "endswith": str.endswith}[kind]
        known = _known(test)
        return getattr(field, kind)(value), lambda row: known(read(row), value)
    if kind == "in":
        values = draw(st.lists(TEXTS, max_size=4))
        return field.in_(values), lambda row: read(row) in values
    if kind == "null":
        return field.is_null(), lambda row: read(row) is None
    if kind == "length":
        number = draw(st.integers(0, 12))
        return field.length().gt(number), lambda row: bool(_known(lambda t: len(t) > number)(read(row)))
    return field.lower().eq(value.lower()), lambda row: _known(str.lower)(read(row)) == value.lower()


@st.composite
def time_leaf(draw):
    field, read = draw(st.sampled_from(TIME_FIELDS))
    if draw(st.booleans()):
        part = draw(st.sampled_from(["year", "month", "day", "hour", "minute", "second"]))
        number = draw(st.integers(0, 60))
        return getattr(field, part)().eq(number), lambda row: _known(lambda t: getattr(t, part))(read(row)) == number
    name, value = draw(st.sampled_from([*COMPARE])), draw(TIMES)
    return getattr(field, name)(value), _compare(name, read, value)


def _not(test):
    return lambda row: None if test(row) is None else not test(row)


def _and(a, b):
    def both(row):
        values = (a(row), b(row))
        return False if False in values else None if None in values else True

    return both


def _or(a, b):
    def either(row):
        values = (a(row), b(row))
        return True if True in values else None if None in values else False

    return either


def joined(inner):
    return st.one_of(
        inner.map(lambda pair: (~pair[0], _not(pair[1]))),
        st.tuples(inner, inner).map(lambda p: (p[0][0] & p[1][0], _and(p[0][1], p[1][1]))),
        st.tuples(inner, inner).map(lambda p: (p[0][0] | p[1][0], _or(p[0][1], p[1][1]))),
    )


PAIRS = st.recursive(st.one_of(text_leaf(), time_leaf()), joined, max_leaves=8)
CONDITIONS = PAIRS.map(lambda pair: pair[0])
USERS = st.sampled_from(["okta", "slack", "OKTA", "x"]).map(
    lambda s: (
        U.external_ids.any(lambda e: e.source == s),
        lambda row: any(e.get("source") == s for e in row.get("external_ids") or []),
    )
)

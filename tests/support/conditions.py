"""Conditions together with the Python predicate that means the same; None stands for OData's unknown and for null.

Every feature of the builder is in them. Numbers have fractions that binary knows, so that arithmetic is exact whoever
does it.
"""

from __future__ import annotations

import functools
import operator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

from moveworks.records import Interaction as I
from moveworks.records import PluginCall as P
from moveworks.records import User as U

EDGES = [
    *["user", "bot", "HR", "", "it's", "a&b=c", "100%", "+", "#?/", "日本", " lead", "x'y''z", "'", "%27", "a/b", "=;"],
    *[
        "\ufeffBOM",
        "🚀",
        "line\nline",
        "back\\slash",
        'say "hi"',
        "Ünïcode",
        "ß",
        "İ",
        "e:e/x",
        "{x}",
        "null",
        "\u2028",
    ],
]
TEXTS = st.one_of(
    st.sampled_from(EDGES),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
)
START = datetime(2026, 1, 1, tzinfo=UTC)
TIMES = st.one_of(
    st.integers(0, 400 * 86400 * 1000).map(lambda ms: START + timedelta(milliseconds=ms)),
    st.sampled_from([datetime.min.replace(tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999000, UTC)]),
)
NUMBERS = st.one_of(
    st.integers(-20, 40),
    st.integers(-160, 160).map(lambda quarters: quarters / 4),
    st.integers(-80, 80).map(lambda quarters: Decimal(quarters) / 4),
    st.sampled_from([-0.0, Decimal("-0.0"), 1e22, 1e-07, -1e300, 5e-324, 2**63, -(2**64), Decimal("1E+30"), 10**30]),
)
SMALL = st.one_of(st.integers(-6, 6), st.sampled_from([0.5, -0.25, Decimal("1.5"), 2.0]))
COMPARE = {name: getattr(operator, name) for name in ("eq", "ne", "lt", "le", "gt", "ge")}


def known(function):
    """Null in, null out."""
    return lambda *values: None if any(value is None for value in values) else function(*values)


def at(*path):
    def read(row):
        for name in path:
            row = row.get(name) if isinstance(row, dict) else None
        return row

    return read


def moment(read):
    return lambda row: known(datetime.fromisoformat)(read(row))


def exact(value):
    return value if isinstance(value, int) else Fraction(value)


def compared(name, left, right):
    """`eq` and `ne` know null as a value (OData 4.01, part 2, 5.1.1.1.1); the others are false for it."""
    if name in {"eq", "ne"}:
        return lambda row: COMPARE[name](left(row), right(row))
    return lambda row: bool(known(COMPARE[name])(left(row), right(row)))


class Rows:
    """What a row of one entity set has: pairs of a field and of what reads the same from a row."""

    def __init__(self, *, texts, times=(), flags=(), collections=()):
        self.texts, self.times, self.flags, self.collections = texts, times, flags, collections


def _condition(draw, rows, depth):
    kind = draw(st.sampled_from(["leaf", "leaf", "not", "and", "or"])) if depth else "leaf"
    if kind == "leaf":
        return _leaf(draw, rows)
    condition, test = _condition(draw, rows, depth - 1)
    if kind == "not":
        return ~condition, negated(test)
    others = [_condition(draw, rows, depth - 1) for _ in range(draw(st.integers(1, 2)))]
    for other, _ in others:
        condition = condition & other if kind == "and" else condition | other
    return condition, functools.reduce(both if kind == "and" else either, [read for _, read in others], test)


def _leaf(draw, rows):
    kinds = [_compared_texts, _compared_numbers, _searched, _listed, _nulls]
    kinds += [_compared_times, _compared_dates] if rows.times else []
    kinds += [_flagged] if rows.flags else []
    kinds += [_quantified] if rows.collections else []
    return kinds[draw(st.integers(0, len(kinds) - 1))](draw, rows)


def _compared_texts(draw, rows):
    return _comparison(draw, _text(draw, rows), _text_or_constant(draw, rows))


def _compared_numbers(draw, rows):
    other = _number(draw, rows, 1) if draw(st.booleans()) else _constant(draw(NUMBERS))
    return _comparison(draw, _number(draw, rows), other)


def _compared_times(draw, rows):
    other = draw(st.sampled_from(rows.times)) if draw(st.booleans()) else _constant(draw(TIMES))
    return _comparison(draw, draw(st.sampled_from(rows.times)), other)


def _compared_dates(draw, rows):
    def day():
        field, read = draw(st.sampled_from(rows.times))
        return field.date(), _after(datetime.date, read)

    return _comparison(draw, day(), day() if draw(st.booleans()) else _constant(draw(TIMES).date()))


def _searched(draw, rows):
    tests = {"contains": str.__contains__, "startswith": str.startswith, "endswith": str.endswith}
    name = draw(st.sampled_from(list(tests)))
    (a, read_a), (b, read_b) = _text(draw, rows), _text_or_constant(draw, rows)
    return getattr(a, name)(b), _after(tests[name], read_a, read_b)


def _listed(draw, rows):
    if draw(st.booleans()):
        (field, read), values = _text(draw, rows, 1), draw(st.lists(TEXTS, max_size=4))
        return field.in_(values), lambda row: read(row) in values
    (field, read), values = _number(draw, rows, 1), draw(st.lists(NUMBERS, max_size=4))
    return field.in_(values), lambda row: _exactly(read)(row) in [exact(value) for value in values]


def _nulls(draw, rows):
    values = [_text(draw, rows, 1), _number(draw, rows, 1), *rows.times, *rows.flags]
    field, read = draw(st.sampled_from(values))
    if draw(st.booleans()):
        return field.is_null(), lambda row: read(row) is None
    return field != None, lambda row: read(row) is not None  # noqa: E711


def _flagged(draw, rows):
    flag, other = draw(st.sampled_from(rows.flags)), draw(st.sampled_from(rows.flags))
    kind = draw(st.sampled_from(["alone", "other", "constant"]))
    if kind == "alone":
        return flag
    return _comparison(draw, flag, other if kind == "other" else _constant(draw(st.booleans())))


def _quantified(draw, rows):
    field, read, names = draw(st.sampled_from(rows.collections))
    kind = draw(st.sampled_from(["any", "all", "some"]))
    if kind == "some":
        return field.any(), lambda row: bool(read(row))
    build, holds = _about_element(draw, draw(st.sampled_from(names)), draw(st.sampled_from(rows.texts)))
    test = {"any": any, "all": all}[kind]
    return getattr(field, kind)(build), lambda row: test(holds(row, element) is True for element in read(row) or [])


def _about_element(draw, name, outer):
    """A function from an element to a condition, and one from a row and an element to its truth."""
    value, kind = draw(TEXTS), draw(st.sampled_from(["eq", "ne", "lt", "contains", "outer", "not", "null"]))

    def of(element):
        return element if name is None else getattr(element, name)

    def text(element):
        return element if name is None else element.get(name)

    if kind in COMPARE:
        test = compared(kind, text, lambda element: value)
        return lambda e: getattr(of(e), kind)(value), lambda row, e: test(e)
    return {
        "contains": (lambda e: of(e).contains(value), lambda row, e: known(str.__contains__)(text(e), value)),
        "outer": (lambda e: of(e) == outer[0], lambda row, e: text(e) == outer[1](row)),
        "not": (
            lambda e: ~((of(e).lower() > value) | of(e).startswith(value)),
            lambda row, e: negated(
                either(compared("gt", lambda e: known(str.lower)(text(e)), lambda e: value), _searches(text, value))
            )(e),
        ),
        "null": (lambda e: of(e).is_null(), lambda row, e: text(e) is None),
    }[kind]


def _searches(text, value):
    return lambda element: known(str.startswith)(text(element), value)


def _text(draw, rows, depth=2):
    simple = draw(st.sampled_from(rows.texts))
    kind = draw(st.sampled_from(["field", "lower", "upper", "trim", "concat", "from", "slice", "computed"]))
    if depth == 0 or kind == "field":
        return simple
    field, read = _text(draw, rows, depth - 1)
    start, length = draw(st.integers(0, 9)), draw(st.integers(0, 9))
    match kind:
        case "lower" | "upper" | "trim":
            return getattr(field, kind)(), _after(getattr(str, {"trim": "strip"}.get(kind, kind)), read)
        case "concat":
            other, read_other = _text_or_constant(draw, rows)
            return field.concat(other), _after(operator.add, read, read_other)
        case "from":
            return field.substring(start), _after(lambda text: text[start:], read)
        case "slice":
            return field.substring(start, length), _after(lambda text: text[start:][:length], read)
    other, read_other = simple
    return field.substring(other.length()), _after(lambda text, other: text[len(other) :], read, read_other)


def _text_or_constant(draw, rows):
    return _text(draw, rows, 1) if draw(st.booleans()) else _constant(draw(TEXTS))


def _number(draw, rows, depth=2):
    kind = draw(st.sampled_from(["length", "index_of", "part", "negative", *ARITHMETIC, "right"]))
    if kind == "part" and rows.times:
        (field, read), part = draw(st.sampled_from(rows.times)), draw(st.sampled_from(PARTS))
        return getattr(field, part)(), _after(operator.attrgetter(part), read)
    if kind == "index_of":
        (field, read), (other, read_other) = _text(draw, rows, 1), _text_or_constant(draw, rows)
        return field.index_of(other), _after(str.find, read, read_other)
    if depth == 0 or kind in {"length", "part"}:
        field, read = _text(draw, rows, 1)
        return field.length(), _after(len, read)
    number = _number(draw, rows, depth - 1)
    match kind:
        case "negative":
            return -number[0], _after(operator.neg, number[1])
        case "divby" | "div":
            return _arithmetic(kind, number, _constant(draw(st.sampled_from([2, -4, 0.5, 8.0]))))
        case "right":
            return _arithmetic(draw(st.sampled_from(["add", "sub", "mul", "mod"])), _constant(draw(SMALL)), number)
    return _arithmetic(kind, number, _number(draw, rows, 0) if draw(st.booleans()) else _constant(draw(SMALL)))


PARTS = ["year", "month", "day", "hour", "minute", "second"]


def _constant(value):
    return value, lambda row: value


def _after(function, *reads):
    return lambda row: known(function)(*(read(row) for read in reads))


def _comparison(draw, left, right):
    name = draw(st.sampled_from(list(COMPARE)))
    (a, read_a), (b, read_b) = left, right
    return getattr(a, name)(b), compared(name, _exactly(read_a), _exactly(read_b))


def _exactly(read):
    def exactly(row):
        value = read(row)
        return exact(value) if isinstance(value, float | Decimal) else value

    return exactly


def _arithmetic(name, left, right):
    (a, read_a), (b, read_b) = left, right
    built = a.div(b) if name == "div" else SYMBOLS[name](a, b)
    return built, _after(ARITHMETIC[name], _exactly(read_a), _exactly(read_b))


def _quotient(a, b):
    if not b:
        return None
    # Of two whole numbers the whole part; a Fraction stands for a decimal, whole or not.
    if isinstance(a, int) and isinstance(b, int):
        return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
    return Fraction(a) / b


def _remainder(a, b):
    if not b:
        return None
    rest = abs(a) % abs(b)
    return -rest if a < 0 else rest


ARITHMETIC = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": _quotient,
    "divby": lambda a, b: Fraction(a) / b if b else None,
    "mod": _remainder,
}
SYMBOLS = ARITHMETIC | {"divby": operator.truediv, "mod": operator.mod}


def negated(test):
    return lambda row: known(operator.not_)(test(row))


def both(a, b):
    def test(row):
        values = (a(row), b(row))
        return False if False in values else None if None in values else True

    return test


def either(a, b):
    def test(row):
        values = (a(row), b(row))
        return True if True in values else None if None in values else False

    return test


INTERACTIONS = Rows(
    texts=[
        (I.id, at("id")),
        (I.actor, at("actor")),
        (I.label, at("label")),
        (I.detail.domain, at("detail", "domain")),
        (I.detail.content, at("detail", "content")),
    ],
    times=[
        (I.created_time, moment(at("created_time"))),
        (I.last_updated_time, moment(at("last_updated_time"))),
    ],
    collections=[(I.detail.file_types, at("detail", "file_types"), [None])],
)
USERS = Rows(
    texts=[(U.id, at("id")), (U.first_name, at("first_name")), (U.last_name, at("last_name"))],
    flags=[(U.access_to_bot, at("access_to_bot"))],
    collections=[(U.external_ids, at("external_ids"), ["source", "external_id"])],
)
CALLS = Rows(
    texts=[(P.id, at("id")), (P.plugin_name, at("plugin_name"))],
    times=[(P.plugin_update_time, moment(at("plugin_update_time")))],
    flags=[(P.served, at("served")), (P.used, at("used"))],
)
ROWS = {"interactions": INTERACTIONS, "users": USERS, "plugin-calls": CALLS}


@st.composite
def pairs(draw, among=tuple(ROWS)):
    """The name of an entity set, a condition, and the predicate."""
    name = draw(st.sampled_from(among))
    return name, *_condition(draw, ROWS[name], depth=3)

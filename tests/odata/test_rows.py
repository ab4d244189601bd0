"""The same rows are selected by the sandbox over a socket, by odatapy, and by the Python predicate."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from conditions import pairs
from hypothesis import HealthCheck, assume, given, settings
from odatapy.data import ComplexValue, Entity, Property, ValueType
from odatapy.server.eval import evaluate_filter
from odatapy.server.uri.expression_parser import ExpressionParser

from moveworks import odata
from moveworks.odata import Dialect
from moveworks.records import Conversation as C
from moveworks.records import Interaction as I
from moveworks.records import User as U
from moveworks.sandbox import Sandbox

SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
INSTEAD_OF_NULL = {
    "interactions": {"actor": "n", "label": "n", "detail": {"domain": "n", "content": "n", "file_types": []}},
    "users": {"first_name": "n", "last_name": "n", "access_to_bot": False, "external_ids": []},
    "plugin-calls": {"plugin_name": "n", "served": False, "used": True, "plugin_update_time": "2026-01-01T00:00:00Z"},
}
IDENTITY = {"source": "n", "external_id": "n"}


@given(pairs())
@SLOW
def test_the_sandbox_selects_the_rows_of_the_python_predicate(odd_sandbox, odd_rows, pair):
    """Over a real socket, nulls and missing members included."""
    name, condition, test = pair
    wanted = [row["id"] for row in odd_rows[name] if test(row) is True]
    with odd_sandbox.client() as mw:
        assert [row["id"] for row in mw.records[name].list(filter=condition, order_by=[], raw=True)] == wanted
        assert mw.records[name].count(filter=condition) == len(wanted)


@given(pairs())
@SLOW
def test_an_independent_evaluator_selects_the_rows_of_the_python_predicate(odd_rows, pair):
    """Odatapy takes `null lt 'x'` for unknown, where OData 4.01 (5.1.1.1.5) has false: it judges rows without nulls."""
    name, condition, test = pair
    text = condition.to_odata(Dialect.STANDARD)
    assume(" mod " not in text)  # odatapy gives the sign of the right operand, OData 4.01 (5.1.1.2.6) that of the left
    expression = ExpressionParser.parse_string(text, strict=False)
    for row in (filled(row, INSTEAD_OF_NULL[name]) for row in odd_rows[name]):
        assert evaluate_filter(Entity(properties=properties(row)), expression) == (test(row) is True), row


def filled(row, instead):
    given = {name: value for name, value in row.items() if value is not None}
    full = instead | given
    if isinstance(given.get("detail"), dict):
        full["detail"] = filled(given["detail"], instead["detail"])
    if "external_ids" in given:
        full["external_ids"] = [filled(element, IDENTITY) for element in given["external_ids"]]
    return full


def properties(values):
    """As odatapy has them; nested objects are complex values, times are times."""
    return [
        Property(name, ComplexValue(properties=properties(value)), ValueType.COMPLEX)
        if isinstance(value, dict)
        else Property(name, datetime.fromisoformat(value) if name.endswith("_time") else value)
        for name, value in values.items()
    ]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (I.actor == None, {"null", "missing"}),  # noqa: E711
        (I.actor != "a", {"b", "null", "missing"}),
        (I.actor < "b", {"a"}),
        (~(I.actor < "b"), {"b", "null", "missing"}),
        (~I.actor.contains("a"), {"b"}),
        (I.actor.contains("a") | (I.id == "null"), {"a", "null"}),
        (~I.actor.in_(["a"]), {"b", "null", "missing"}),
        (I.actor.length() + 1 > 0, {"a", "b"}),
        (odata.parse("actor in ('a',null)", I), {"a", "null", "missing"}),
        (odata.parse("not actor in (null)", I), {"a", "b"}),
        (odata.parse("substring(id,-1) eq 'l'", I), {"null"}),
        (odata.parse("length(actor) divby 0 gt 0 or length(actor) mod 0 eq 0", I), set()),
        (odata.parse("length(actor) mod 0.75 eq 0.25 and -length(actor) mod 0.75 eq -0.25", I), {"a", "b"}),
        (odata.parse("(actor eq 'a') eq contains(id,'a')", I), {"a", "b", "null", "missing"}),
        (odata.parse("contains(actor,null) or actor eq 'b'", I), {"b"}),
        (I.actor.length() < 10**300, {"a", "b"}),
    ],
)
def test_null_is_as_the_standard_has_it(tmp_path, condition, expected):
    """OData 4.01: `eq`, `ne` and `in` know null as a value; order is false for it; functions of it are null."""
    rows = [{"id": "a", "actor": "a"}, {"id": "b", "actor": "b"}, {"id": "null", "actor": None}, {"id": "missing"}]
    (tmp_path / "interactions.json").write_text(json.dumps(rows))
    with Sandbox(load=tmp_path) as sandbox, sandbox.client() as mw:
        assert {row["id"] for row in mw.records.interactions.list(filter=condition, raw=True)} == expected


def test_rows_of_other_shapes_than_the_spec_says_are_no_error(tmp_path):
    """What is loaded may hold a number for a text, and a text for a list."""
    rows = [
        {"id": "1", "first_name": 5, "external_ids": "text"},
        {"id": "2", "first_name": "x", "external_ids": [None, 7, "text", {"source": "OKTA"}]},
        {"id": "3", "first_name": ["x"], "external_ids": {"source": "OKTA"}},
    ]
    (tmp_path / "users.json").write_text(json.dumps(rows))
    with Sandbox(load=tmp_path) as sandbox, sandbox.client() as mw:
        found = mw.records.users.list(filter=U.external_ids.any(lambda e: e.source == "OKTA"), raw=True)
        assert [row["id"] for row in found] == ["2"]
        found = mw.records.users.list(filter=U.first_name.lower().startswith("x"), raw=True)
        assert [row["id"] for row in found] == ["2"]


def test_thousands_of_joined_conditions_are_evaluated(sandbox):
    """SQLite allows no chain of a thousand."""
    ids = [row["id"] for row in sandbox.rows("conversations")]
    others = [f"other-{number}" for number in range(3000)]
    for condition in (odata.any_of(C.id == one for one in ids + others), odata.all_of(C.id != one for one in others)):
        assert sandbox.store.count("conversations", condition) == len(ids)


def test_a_client_speaks_the_dialect_it_is_told():
    """Bare times, which only a service of the standard's kind understands; also where they are bound in raw text."""
    now = datetime(2026, 6, 1, tzinfo=UTC)
    with Sandbox(rows=300, now=now, standard_times=True) as sandbox:
        with sandbox.client(dialect=Dialect.STANDARD) as mw:
            start, conversations = datetime(2026, 5, 20, tzinfo=UTC), mw.records.conversations
            found = list(conversations.list(filter=C.created_time >= start))
            assert len(found) == conversations.count(filter=C.created_time >= start) > 0
            assert len(found) == conversations.count(filter=odata.raw("created_time ge {time}", time=start))
        sent = {request["query"] for request in sandbox.requests}
    asked = "$filter=created_time%20ge%202026-05-20T00:00:00Z"
    assert sent == {asked, f"{asked}&$orderby=created_time,id"}

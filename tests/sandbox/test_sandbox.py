"""The sandbox behaves as the service does, and misbehaves on request."""

from __future__ import annotations

import json
import time
from types import SimpleNamespace

import httpx
import pytest
from moments import NOW
from published import RECORDS_PATH

from moveworks import (
    AuthenticationError,
    BadRequestError,
    ClientCredentials,
    ConfigurationError,
    Moveworks,
    MoveworksError,
    PagingLoopError,
    PermissionDeniedError,
    UntrustedLinkError,
)
from moveworks.records import Conversation as C
from moveworks.records import Interaction as I
from moveworks.sandbox import KINDS, Fault, Sandbox
from moveworks_export.entities import ENTITY_SETS

PATH = RECORDS_PATH


@pytest.mark.parametrize("name", list(ENTITY_SETS))
def test_every_entity_set_is_listed_unchanged(sandbox, name):
    """Through the client, all pages, as the store has them."""
    with sandbox.client() as mw:
        assert list(mw.records[name].list(raw=True, order_by=[])) == sandbox.rows(name)
        assert mw.records[name].count() == len(sandbox.rows(name))


def test_pages_hold_500_and_links_carry_the_query(sandbox):
    """`$top` caps the result and is no page size."""
    with sandbox.client() as mw:
        sizes = [len(page.items) for page in mw.records.interactions.list().pages()]
        assert sizes[0] == 500
        assert sum(sizes) == 1200
        assert len(list(mw.records.interactions.list(top=700))) == 700
        assert len(list(mw.records.interactions.list(skip=1150))) == 50
        pager = mw.records.interactions.list(filter=I.actor == "user", count=True, select=[I.id, I.actor])
        records = list(pager)
        assert pager.count == len(records) == mw.records.interactions.count(filter=I.actor == "user")
        assert all(record.actor == "user" for record in records)


def test_the_same_seed_gives_the_same_records():
    """Deterministic, and real-shaped."""
    from datetime import UTC, datetime

    now = datetime(2026, 11, 1, tzinfo=UTC)
    first, second, third = (Sandbox(rows=300, seed=s, now=now) for s in (1, 1, 2))
    for name in ENTITY_SETS:
        assert first.rows(name) == second.rows(name)
    assert first.rows("users") != third.rows("users")
    assert any(int(user["id"]) > 2**63 for user in first.rows("users"))
    for each in (first, second, third):
        each.stop()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("$filter=nope eq 'x'", 400),
        ("$filter=id eq", 400),
        ("$filter=created_time ge 2026-11-01T00:00:00Z", 400),
        ("$skiptoken=made-up", 400),
        ("$orderby=nope", 400),
        ("$select=nope", 400),
        ("$top=-1", 400),
        ("$top=x", 400),
        ("$nope=1", 400),
    ],
)
def test_what_a_client_must_not_send_is_refused_and_recorded(fresh, get, query, status):
    """Strict, so that a wrong client is found here."""
    assert get(f"{PATH}/interactions?{query}").status_code == status
    assert len(fresh.violations) == 1


def test_a_credential_in_the_address_is_refused_and_not_written_down(fresh, get):
    """Addresses end up in logs."""
    answer = get(f"{PATH}/users?key={fresh.api_key}")
    assert answer.status_code >= 400
    assert fresh.violations
    assert fresh.api_key not in json.dumps(fresh.violations) + json.dumps(fresh.requests)


def test_credentials_scopes_and_errors(fresh, get):
    """401, 403 per entity set, 404, the trace id."""
    assert httpx.get(f"{fresh.base_url}{PATH}/users").status_code == 401
    assert get(f"{PATH}/nothing").status_code == 404
    assert get(f"{PATH}/users").headers["x-moveworks-root-uuid"]
    with Sandbox(rows=20, scopes=["users"], nested_errors=True) as narrow, narrow.client() as mw:
        assert mw.records.users.list().first() is not None
        with pytest.raises(PermissionDeniedError, match="conversations"):
            mw.records.conversations.list().first()
        key = {"Authorization": f"Bearer {narrow.api_key}"}
        assert "error" in httpx.get(f"{narrow.base_url}{PATH}/conversations", headers=key).json()


@pytest.mark.parametrize("nested", [False, True])
def test_tokens_end_and_are_renewed(nested):
    """OAuth with real expiry; a token never outlives its life."""
    with Sandbox(rows=1200, token_lifetime=60, nested_token=nested, now=NOW) as running:
        auth = ClientCredentials(running.client_id, running.client_secret)
        with Moveworks(records_auth=auth, base_url=running.base_url) as mw:
            seen = 0
            for page in mw.records.interactions.list().pages():
                seen += len(page.items)
                running.advance(61)
            assert seen == 1200
        wrong = ClientCredentials(running.client_id, "wrong")
        with Moveworks(records_auth=wrong, base_url=running.base_url) as mw, pytest.raises(AuthenticationError):
            mw.records.users.list().first()
        assert running.violations == []


def test_records_older_than_thirty_days_are_gone(fresh):
    """By the time they were last written."""
    before = len(fresh.rows("interactions"))
    fresh.advance(15 * 86400)
    assert 0 < len(fresh.rows("interactions")) < before
    fresh.advance(20 * 86400)
    with fresh.client() as mw:
        assert list(mw.records.interactions.list()) == []


def test_an_early_retry_is_a_violation(fresh, get):
    """Retry-After is meant."""
    fresh.add_fault("429:route=users,nth=1,retry_after=30")
    assert get(f"{PATH}/users").headers["retry-after"] == "30"
    assert get(f"{PATH}/users").status_code == 429
    assert "Retry-After" in fresh.violations[0]["reason"]
    fresh.advance(31)
    assert get(f"{PATH}/users").status_code == 200


RECOVERED = [
    "429:nth=2,retry_after=0.1",
    "503:nth=2",
    "500:nth=1",
    "reset:nth=2",
    "truncate:nth=2",
    "truncate-chunked:nth=1",
    "html:nth=2",
    "bad-json:nth=1",
    "latency:nth=1,delay=0.1",
    "dribble:nth=3,delay=0.0001",
    "relative-link:page=1",
    "reset:probability=0.3,seed=4,times=3",
]


@pytest.mark.parametrize("fault", RECOVERED)
def test_what_may_pass_loses_nothing(fresh, monkeypatch, fault):
    """Every fault that can be recovered from is, with every record once."""
    monkeypatch.setattr("moveworks.transport.http.time", SimpleNamespace(sleep=fresh.advance, monotonic=time.monotonic))
    fresh.add_fault(fault)
    with fresh.client() as mw:
        assert list(mw.records.interactions.list(raw=True)) == fresh.rows("interactions")
    assert fresh.violations == []


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("repeated-link:page=2", PagingLoopError),
        ("foreign-link:page=1", UntrustedLinkError),
        ("http-link:page=1", UntrustedLinkError),
        ("malformed-link:page=1", MoveworksError),
        ("expired-token", AuthenticationError),
        ("html", MoveworksError),
        ("truncate", MoveworksError),
        ("400", BadRequestError),
    ],
)
def test_what_cannot_pass_is_an_error_with_a_place_to_resume(fresh, monkeypatch, fault, error):
    """Never a short result."""
    monkeypatch.setattr("moveworks.transport.http.time", SimpleNamespace(sleep=fresh.advance, monotonic=time.monotonic))
    fresh.add_fault(fault)
    with fresh.client(attempts=2) as mw:
        pager = mw.records.interactions.list(raw=True)
        with pytest.raises(error) as caught:
            list(pager)
        link = caught.value.resume_from
        fresh.clear_faults()
        assert len(list(mw.records.interactions.list(resume_from=link, raw=True))) >= 200


def test_faults_can_be_set_over_http(fresh, get):
    """The admin endpoint, for programs in other languages."""
    url = f"{fresh.base_url}/_sandbox/faults"
    assert httpx.post(url, json={"kind": "status", "status": 500, "times": 1}).status_code < 300
    assert get(f"{PATH}/users").status_code == 500
    assert get(f"{PATH}/users").status_code == 200
    assert httpx.post(url, json={"kind": "nope"}).status_code == 400
    assert httpx.delete(url).status_code < 300
    assert httpx.get(f"{fresh.base_url}/_sandbox/violations").json() == fresh.violations


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("nope", "no fault 'nope'"),
        ("429:nth", "'nth' is not understood"),
        ("429:nth=x", "nth must be a whole number, not 'x'"),
        ("429:color=red", "'color=red' is not understood"),
        ("700", "status is a whole number, from 400 to 599, not 700"),
        ("503:probability=2", "probability is a number, from 0 to 1, not 2.0"),
        ("", "no fault ''"),
    ],
)
def test_a_rule_that_is_none_is_refused(rule, said):
    """Naming what is not understood."""
    with pytest.raises(ConfigurationError, match=said):
        Fault.parse(rule)


def test_every_kind_is_described():
    """KINDS is what the documentation lists."""
    from pathlib import Path

    page = (Path(__file__).resolve().parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")
    assert all(f"`{kind}`" in page for kind in KINDS)


def test_what_is_loaded_comes_back_unchanged(tmp_path):
    """Envelopes and arrays, odd values, unknown fields, old records."""
    rows = [
        {"id": "-1", "created_time": "2001-01-01T00:00:00.000Z", "x": 1e400 if False else 1.5, "big": 2**80},
        {"id": "ü", "detail": {"a": [None, {"b": "\u2028"}]}, "n": None},
        {"id": "ü"},
    ]
    (tmp_path / "conversations.json").write_text(json.dumps({"value": rows}), encoding="utf-8")
    (tmp_path / "plugin-calls.json").write_text(json.dumps(rows), encoding="utf-8")
    with Sandbox(load=tmp_path) as running, running.client() as mw:
        assert list(mw.records.conversations.list(raw=True, order_by=[])) == rows
        assert list(mw.records["plugin-calls"].list(raw=True, order_by=[])) == rows
        assert list(mw.records.users.list()) == []
        assert mw.records.conversations.list(filter=C.id == "ü", limit=1).first().id == "ü"


@pytest.mark.parametrize("content", ["{", "5", '{"value": 5}', "[1]"])
def test_a_folder_that_cannot_be_loaded_is_refused(tmp_path, content):
    """With the file's name."""
    (tmp_path / "users.json").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"users\.json"):
        Sandbox(load=tmp_path)
    with pytest.raises(ConfigurationError, match="nowhere is not a folder"):
        Sandbox(load=tmp_path / "nowhere")


def test_two_run_side_by_side():
    """Port 0, each with records of its own."""
    with Sandbox(rows=10) as one, Sandbox(rows=20) as two:
        assert one.base_url != two.base_url
        assert (len(one.rows("interactions")), len(two.rows("interactions"))) == (10, 20)
        with pytest.raises(ConfigurationError, match="listen"):
            Sandbox(port=int(one.base_url.rpartition(":")[2])).start()


def test_the_fixture_is_shipped(moveworks_sandbox):
    """`moveworks_sandbox` needs no import."""
    with moveworks_sandbox.client() as mw:
        assert mw.records.users.count() > 0

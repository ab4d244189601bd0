"""Millions of records, of which only those are made that somebody asks for."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from itertools import pairwise

import httpx
import pytest
from published import RECORDS_PATH

from moveworks.records import Interaction as I
from moveworks.sandbox import Sandbox
from moveworks.sandbox.generator import BLOCK
from moveworks.sandbox.makers import MAKERS
from moveworks_export.entities import ENTITY_SETS


@pytest.fixture(scope="module")
def huge():
    with Sandbox(rows=20_000_000) as running:
        yield running


@pytest.mark.parametrize("name", [name for name in ENTITY_SETS if name in MAKERS and name != "users"])
def test_in_the_usual_order_no_more_is_made_than_is_read(name):
    """A client asks for it unless it is told otherwise; it is that in which rows are made."""
    with Sandbox(rows=20_000_000) as running, running.client(attempts=1) as mw:
        pages = mw.records[name].list(raw=True).pages()
        read = [row for _, page in zip(range(3), pages, strict=False) for row in page.items]
        assert "$orderby=created_time,id" in running.requests[0]["query"]
        assert made(running, name) <= 2 * BLOCK
        rows = running.store.generator.block(name, 0) + running.store.generator.block(name, 1)
        assert read == rows[:1500]
        assert rows == sorted(rows, key=lambda row: (row["created_time"], row["id"]))


@pytest.mark.parametrize("name", list(ENTITY_SETS))
def test_the_first_page_and_the_count_of_millions_are_there_at_once(huge, name):
    """Making them all would take minutes."""
    with huge.client(attempts=1) as mw:
        page = next(mw.records[name].list(order_by=[], raw=True).pages())
        assert len(page.items) == 500
        assert mw.records[name].count() == huge.store.generator.size(name)
    assert made(huge, name) == BLOCK


def made(sandbox, name):
    """How many records had to be made."""
    return sandbox.store._tables[name]._made


def test_a_filtered_list_makes_no_more_than_it_takes(huge):
    """With a limit, and with `$skip`."""
    with huge.client(attempts=1) as mw:
        found = list(mw.records.interactions.list(order_by=[], filter=I.actor == "bot", limit=700, raw=True))
        assert len(found) == 700
        assert (
            list(mw.records.interactions.list(order_by=[], filter=I.actor == "bot", skip=600, limit=100, raw=True))
            == found[600:]
        )
        first = huge.store.generator.block("interactions", 0)
        assert list(mw.records.interactions.list(order_by=[], skip=600, limit=100, raw=True)) == first[600:700]
    assert made(huge, "interactions") <= 3 * BLOCK


def test_others_are_answered_while_records_are_made():
    """A list in an order of its own needs all of them; stopping ends that as well."""
    with Sandbox(rows=20_000_000) as running:
        key = {"Authorization": f"Bearer {running.api_key}"}
        address = f"{running.base_url}{RECORDS_PATH}/interactions"
        every = {"headers": key, "timeout": None}
        slow = threading.Thread(target=httpx.get, args=(f"{address}?$orderby=platform,id",), kwargs=every)
        slow.start()
        while not running.requests:
            threading.Event().wait(0.01)
        assert httpx.get(f"{address}?$top=1", **every).status_code == 200
        assert httpx.get(address.replace("interactions", "users"), **every).status_code == 200
        assert slow.is_alive()
    slow.join()


def test_pages_of_an_order_of_ones_own_are_each_sorted_once():
    """Every record once, in order, also backwards."""
    with Sandbox(rows=3000) as running, running.client() as mw:
        rows = running.rows("interactions")
        got = list(mw.records.interactions.list(order_by=[I.platform, I.created_time.desc(), I.id], raw=True))
        rows.sort(key=lambda row: row["id"])
        rows.sort(key=lambda row: row["created_time"], reverse=True)
        rows.sort(key=lambda row: row["platform"])
        assert got == rows


@pytest.mark.parametrize("name", list(ENTITY_SETS))
def test_a_block_can_be_made_alone(name):
    """The same records whichever page is asked for first."""
    now = datetime.fromisoformat("2026-11-01T12:00:00Z")
    one, two = (Sandbox(rows=2600, seed=4, now=now).store.generator for _ in range(2))
    last = (one.size(name) - 1) // 1000
    forwards = [one.block(name, number) for number in range(last + 1)]
    assert [two.block(name, number) for number in reversed(range(last + 1))] == forwards[::-1]
    assert sum(map(len, forwards)) == one.size(name)
    assert all(list(row) == list(ENTITY_SETS[name].entity.fields()) for row in forwards[-1])


def test_records_are_written_in_daily_batches_hours_after_they_happened():
    """6 to 42 hours later, some again days later; references hold."""
    now = datetime.fromisoformat("2026-11-01T12:00:00Z")
    with Sandbox(rows=2400, seed=4, now=now) as sandbox:
        interactions = sandbox.rows("interactions")
        late = [
            datetime.fromisoformat(row["last_updated_time"]) - datetime.fromisoformat(row["created_time"])
            for row in interactions
        ]
        assert min(late) >= timedelta(hours=6)
        assert any(delay > timedelta(hours=42) for delay in late)
        assert sum(delay <= timedelta(hours=42) for delay in late) > 0.9 * len(late)
        assert len({row["last_updated_time"] for row in interactions}) <= 28
        assert "2026-11-01T06:00" < max(row["last_updated_time"] for row in interactions) < "2026-11-01T06:20"
        conversations = {row["id"]: row["user_id"] for row in sandbox.rows("conversations")}
        assert all(conversations[row["conversation_id"]] == row["user_id"] for row in interactions)
        assert {row["user_id"] for row in interactions} <= {row["id"] for row in sandbox.rows("users")}
        calls = {row["id"]: row for row in sandbox.rows("plugin-calls")}
        resources = sandbox.rows("plugin-resources")
        assert {row["plugin_call_id"] for row in resources} - {None} <= set(calls)
        assert {row["interaction_id"] for row in resources} <= {row["id"] for row in interactions}
        assert any(row["id"].startswith("-") for row in interactions)
        assert len({row["id"] for row in resources}) == len(resources)
        own = ("interaction_id", "plugin_call_id", "type", "resource_id", "created_time", "last_updated_time")
        without = [{name: row.get(name) for name in own} for row in resources]
        assert sum(a == b for a, b in pairwise(without)) == len(resources) // 40
        sandbox.stop()

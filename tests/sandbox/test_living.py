"""Days pass in a living sandbox: batches arrive, rows come late, are written again, and expire."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from commands import Commands
from moments import MOMENTS

from moveworks import ConfigurationError
from moveworks.records import Interaction as I
from moveworks.sandbox import Sandbox
from moveworks.sandbox.calendar import Calendar
from moveworks.sandbox.makers import MAKERS
from moveworks_export.entities import ENTITY_SETS

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def living(rows=2800, **more):
    return Sandbox(**{"rows": rows, "seed": 4, "living": True, "now": NOON, **more})


@pytest.fixture
def days():
    sandbox = living()
    yield sandbox
    sandbox.stop()


def written(row):
    return datetime.fromisoformat(row["last_updated_time"])


def happened(row):
    return datetime.fromisoformat(row["created_time"])


def test_every_day_brings_a_batch(days):
    """About as many rows as on any other day, all with one stamp, at about 06:00 UTC."""
    for day in range(1, 6):
        before = {row["id"] for row in days.rows("interactions")}
        days.advance(days=1)
        new = [row for row in days.rows("interactions") if row["id"] not in before]
        assert 80 <= len(new) <= 120
        [stamp] = {row["last_updated_time"] for row in new}
        assert f"2026-11-0{day + 1}T06:00" <= stamp < f"2026-11-0{day + 1}T06:20"


def test_an_entity_set_that_nobody_foresaw_has_batches_too(days, monkeypatch):
    """So that what is new is found by when it was written, whatever else a newer spec says of its records."""
    monkeypatch.delitem(MAKERS, "interactions")
    before = {row["id"] for row in days.rows("interactions")}
    days.advance(days=1)
    new = [row for row in days.rows("interactions") if row["id"] not in before]
    assert new
    [stamp] = {row["last_updated_time"] for row in new}
    assert "2026-11-02T06:00" <= stamp < "2026-11-02T06:20"
    assert all(happened(row) < written(row) for row in new)


def test_rows_arrive_6_to_42_hours_after_their_event(days):
    """Most with the next batch, some of the afternoon's a day later: behind what was read before."""
    late = []
    for _ in range(10):
        before = {row["id"] for row in days.rows("interactions")}
        days.advance(days=1)
        new = [row for row in days.rows("interactions") if row["id"] not in before and row["created_time"]]
        late += [written(row) - happened(row) for row in new]
    assert min(late) >= timedelta(hours=6)
    assert timedelta(hours=36) < max(late) <= timedelta(hours=42)
    assert 0.01 < sum(each > timedelta(hours=30, minutes=20) for each in late) / len(late) < 0.1


def test_rows_are_written_again_days_later(days):
    """Their stamp moves, their event does not; some of them change."""
    calls = {row["id"]: row for row in days.rows("plugin-calls")}
    days.advance(days=3)
    again = [(calls[row["id"]], row) for row in days.rows("plugin-calls") if row["id"] in calls]
    moved = [(old, new) for old, new in again if old != new]
    assert 10 < len(moved) < len(again) / 4
    for old, new in moved:
        assert new["last_updated_time"] > old["last_updated_time"]
        assert (new["id"], new["created_time"]) == (old["id"], old["created_time"])
        assert new["used"]
    assert any(not old["used"] for old, _ in moved)


def test_rows_expire_30_days_after_they_were_last_written(days):
    """And not a moment earlier."""
    for _ in range(10):
        days.advance(days=1)
        oldest = min(map(written, days.rows("interactions")))
        assert days.now() - timedelta(days=30) <= oldest < days.now() - timedelta(days=28)


def test_thousands_share_a_stamp_and_now_and_then_a_time_is_missing():
    """What a watermark has to cope with."""
    sandbox = living(28_000)
    sandbox.store.count("interactions", None)
    rows = sandbox.store._tables["interactions"]._all("SELECT last_updated_time, created_time FROM records")
    stamps = Counter(written for written, _ in rows)
    assert len(stamps) == 28
    assert stamps.most_common(1)[0][1] > 900
    assert 5 <= sum(created is None for _, created in rows) <= 60
    sandbox.stop()


@pytest.mark.parametrize("name", [name for name in ENTITY_SETS if name in MAKERS])
def test_what_there_is_depends_on_seed_and_day_only(name):
    """Not on how often somebody looked, nor on the steps."""
    looked, jumped, other = living(400), living(400), living(400, seed=5)
    for _ in range(40):
        looked.advance(hours=24)
        looked.store.count(name, None)
    jumped.advance(days=40)
    rows = looked.rows(name)
    assert rows == jumped.rows(name)
    assert rows
    assert rows != other.rows(name)
    for sandbox in (looked, jumped, other):
        sandbox.stop()


@pytest.mark.parametrize("name", ["interactions", "users"])
def test_years_can_be_skipped(name):
    """What has expired by then is not made."""
    stepped, jumped = living(280), living(280)
    for _ in range(10):
        stepped.advance(days=40)
        stepped.store.count(name, None)
    jumped.advance(days=400)
    assert stepped.rows(name) == jumped.rows(name)
    jumped.advance(days=4000 if name == "interactions" else 100)
    assert len(jumped.rows(name)) > 10
    for sandbox in (stepped, jumped):
        sandbox.stop()


def test_references_hold_or_will(days):
    """Every id of another record is there by the next batch but one."""
    days.advance(days=2)
    interactions = days.rows("interactions")
    days.advance(days=2)
    conversations = {row["id"]: row["user_id"] for row in days.rows("conversations")}
    users = {row["id"] for row in days.rows("users")}
    recent = [row for row in interactions if row["created_time"] and happened(row) > days.now() - timedelta(days=20)]
    assert len(recent) > 1000
    assert all(conversations[row["conversation_id"]] == row["user_id"] for row in recent)
    assert {row["user_id"] for row in recent} <= users


def test_users_do_not_expire(days):
    """They are written again while they are there."""
    before = {row["id"] for row in days.rows("users")}
    days.advance(days=60)
    assert before <= {row["id"] for row in days.rows("users")}


def test_pages_counts_and_filters_agree_on_every_day():
    """Over the client, as a loader reads."""
    with living(1400) as running, running.client() as mw:
        for _ in range(3):
            running.advance(days=1)
            rows = running.rows("interactions")
            window = I.last_updated_time >= running.now() - timedelta(days=3)
            read = list(mw.records.interactions.list(filter=window, order_by=[I.created_time, I.id], raw=True))
            wanted = [row for row in rows if written(row) >= running.now() - timedelta(days=3)]
            assert sorted(row["id"] for row in read) == sorted(row["id"] for row in wanted)
            assert mw.records.interactions.count(filter=window) == len(wanted)
            assert mw.records.interactions.count() == len(rows)
            assert list(mw.records.interactions.list(order_by=[], raw=True)) == rows


def test_a_list_that_is_read_over_a_batch_ends():
    """Rows move meanwhile, as in the service; nothing comes twice in an order without ties."""
    with living(2800) as running, running.client() as mw:
        seen = []
        for page in mw.records.interactions.list(order_by=[I.created_time, I.id], raw=True).pages():
            seen += [row["id"] for row in page.items]
            running.advance(hours=12)
    assert len(seen) > 2000
    assert len(seen) - len(set(seen)) <= len(seen) // 10


def test_days_pass_over_http(days):
    """For programs in other languages."""
    with days as running:
        url = f"{running.base_url}/_sandbox/clock"
        assert httpx.get(url).json()["now"] < "2026-11-01T13"
        assert httpx.post(url, json={"days": 1, "hours": 2}).json()["now"][:13] == "2026-11-02T14"
        for wrong in ({}, {"day": 1}, {"days": "1"}, {"days": True}, {"days": -1}, [1], {"days": 1e300}):
            answer = httpx.post(url, json=wrong)
            assert answer.status_code == 400, wrong
            assert answer.json()["message"]
        assert httpx.post(url, content=b"{").status_code == 400
        assert httpx.get(url).json()["now"][:13] == "2026-11-02T14"


def test_every_answer_tells_the_time_of_the_sandbox(days):
    """So that a client sees the clock of the service."""
    with days as running:
        running.advance(days=1)
        assert httpx.get(f"{running.base_url}/").headers["date"].startswith("Mon, 02 Nov 2026 12:0")


def test_the_command_line_has_a_door(tmp_path):
    """`moveworks sandbox --living`."""
    run = Commands(tmp_path, {})
    process = run.start("sandbox", "--living", "--port", "0", "--rows", "280", stdout=-1)
    url = next(line for line in process.stdout if "BASE_URL" in line).partition("'")[2].rstrip("'\n")
    before = httpx.get(f"{url}/_sandbox/clock").json()["now"]
    after = httpx.post(f"{url}/_sandbox/clock", json={"days": 2}).json()["now"]
    assert datetime.fromisoformat(after) - datetime.fromisoformat(before) >= timedelta(days=2)
    process.terminate()
    process.communicate()


@pytest.mark.parametrize("now", MOMENTS)
def test_at_any_moment_the_last_batch_is_there_and_the_next_is_not(now):
    """Around midnight, at a batch, on leap days and at the ends of months."""
    now = datetime.fromisoformat(now)
    calendar = Calendar(1, now, living=True)
    day = calendar.last_batch(now)
    assert calendar.batch(day) <= now < calendar.batch(day + 1)
    assert calendar.batch(calendar.last_expired(now)) < now - timedelta(days=30)
    sandbox = living(280, now=now)
    own = sandbox.store.generator.calendar
    assert max(map(written, sandbox.rows("interactions"))) == own.batch(own.last_batch(now))
    sandbox.stop()


def test_time_goes_forwards_only(days):
    """The service's does."""
    with pytest.raises(ConfigurationError, match="forwards"):
        days.advance(days=-1)


def test_living_and_loaded_are_two_things(tmp_path):
    """What is loaded is served as it is."""
    with pytest.raises(ConfigurationError, match="one of them"):
        Sandbox(load=tmp_path, living=True)


def test_a_living_sandbox_may_be_empty():
    """Nothing happens in it."""
    sandbox = living(0)
    sandbox.advance(days=3)
    assert sandbox.rows("interactions") == []
    sandbox.stop()

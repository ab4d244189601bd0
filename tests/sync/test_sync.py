from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from datetime import UTC, timedelta

import pytest
from commands import PROGRAM, Commands, clean_environment
from loaded import DESTINATIONS, differences, load, records, rows, sent
from moments import NOW

from moveworks import ApiKey, ConfigurationError, Moveworks, MoveworksError
from moveworks.destinations import open_destination, read_ledger
from moveworks.records.rows import RowReader
from moveworks.sandbox import Sandbox
from moveworks.sandbox.faults import KINDS, STREAM_KINDS
from moveworks.sync import BusyError, IncompleteError, make_sync
from moveworks.sync.spool import Spool, WindowFile
from moveworks.transport.pace import Pace
from moveworks_export.entities import ENTITY_SETS


@pytest.fixture(autouse=True)
def _no_long_waits(monkeypatch):
    wait, slow_down = Pace.wait, Pace.slow_down
    monkeypatch.setattr(Pace, "wait", lambda self, seconds: wait(self, min(seconds, 0.01)))
    monkeypatch.setattr(Pace, "slow_down", lambda self, seconds: slow_down(self, min(seconds, 0.01)))


def test_every_run_brings_a_destination_up_to_date(living, path):
    """The first run loads everything, and later ones what the days brought; nothing is there twice."""
    fetched, held = [], {}
    with living.client() as mw:
        for _ in range(4):
            report = load(mw, path)
            assert report.complete
            for entity in ENTITY_SETS:
                held.setdefault(entity, {}).update(sent(living, entity))
                assert records(path, entity) == held[entity]
            fetched.append(sum(each.run.fetched for each in report.entities))
            living.advance(days=1)
    assert max(fetched[1:]) < fetched[0] / 2
    assert not path.with_name(f"{path.name}.sync").exists()


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if "sqlite" in name else pytest.mark.thorough) for name in DESTINATIONS]
)
def test_forty_days_with_runs_that_were_missed_lose_nothing(living, tmp_path, name):
    """What is still with the service is there, also what was written again; what has expired stays."""
    path = tmp_path / name
    held = {}
    with living.client() as mw:
        for day in range(40):
            if day % 7 not in {2, 3, 5}:
                assert load(mw, path, entities=["interactions", "users"]).complete
                held |= sent(living, "interactions")
            living.advance(days=1)
    assert records(path, "interactions") == held
    ledger = read_ledger(path)
    states = [day.state for day in ledger.days("interactions", living.now())]
    assert "lost" not in states
    assert states.count("proven") > 40


def test_a_run_that_comes_too_late_names_the_days(living, path):
    """Days whose records expired before a run could prove them are lost, and no others."""
    with living.client() as mw:
        load(mw, path, entities=["interactions"])
        living.advance(days=40)
        report = load(mw, path, entities=["interactions"])
    assert report.complete
    lost = [day.day for day in report.lost]
    begun, now = NOW.astimezone(UTC), living.now()
    assert min(lost) >= begun - timedelta(days=4)
    assert max(lost) < now - timedelta(days=29)
    assert len(lost) > 8


def _trials():
    """Each kind of fault into each destination, once now and then and once always; few of them each time."""
    for kind in sorted(set(KINDS) - STREAM_KINDS | {"404", "410", "403"}):
        for name in DESTINATIONS:
            for often in ("sometimes", "always"):
                usual = name == "export.sqlite" and often == "sometimes"
                yield pytest.param(kind, name, often, marks=pytest.mark.slow if usual else pytest.mark.thorough)


@pytest.mark.parametrize(("kind", "name", "often"), list(_trials()))
def test_no_fault_makes_a_short_result_complete(kind, name, often, tmp_path):
    """Each kind of fault on each entity set: what is called complete is, and the next run reads the rest."""
    path = tmp_path / name
    chance = "probability=0.2,seed=3" if often == "sometimes" else "times=100000"
    faults = [f"{kind}:route={entity},delay=0,retry_after=0,{chance}" for entity in ENTITY_SETS]
    with Sandbox(rows=200, seed=5, living=True, now=NOW, faults=faults) as sandbox, sandbox.client(attempts=3) as mw:
        try:
            report = load(mw, path)
        except MoveworksError:
            report = None  # nothing can be read: the run ended
        if report is not None:
            complete = {each.entity for each in report.entities if each.complete}
            assert report.complete == (complete == set(ENTITY_SETS))
            assert differences(path, sandbox, complete) == []
        sandbox.clear_faults()
        assert load(mw, path).complete
        assert differences(path, sandbox) == []


def test_a_window_that_is_short_is_not_verified(living, tmp_path):
    """Records that the service counts and does not send are noticed, and no watermark moves."""
    with living.client() as mw:
        made = make_sync(mw.records, open_destination(str(tmp_path / "x.sqlite")), entities=["conversations"])
        original = type(mw.records.conversations).count
        try:
            type(mw.records.conversations).count = lambda self, **given: original(self, **given) + 1
            report = made.run()
        finally:
            type(mw.records.conversations).count = original
    assert not report.complete
    assert "counted" in report.entities[0].run.reason
    assert read_ledger(tmp_path / "x.sqlite").watermark("conversations") is None


def test_the_library_raises_what_is_not_complete(tmp_path):
    """A program that ignores what it gets is not told that all is well."""
    with Sandbox(rows=50, living=True, now=NOW, faults=["403:route=users"]) as sandbox, sandbox.client() as mw:
        with pytest.raises(IncompleteError, match="users: 403") as caught:
            mw.records.sync(tmp_path / "x.sqlite")
    assert [each.entity for each in caught.value.report.entities if not each.complete] == ["users"]


def test_two_runs_on_one_destination(living, tmp_path):
    """The second says who holds it, since when, and leaves."""
    with Spool(tmp_path / "x.sqlite.sync"), living.client() as mw:
        with pytest.raises(BusyError, match=rf"process {os.getpid()} on .* is loading into it, since 2"):
            load(mw, tmp_path / "x.sqlite")


@pytest.mark.slow
def test_after_an_error_no_thread_writes_any_more(living, tmp_path, monkeypatch):
    """So the folder is free for the next run, and a temporary one is gone with the records in it."""
    folders, opened = [], []
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    opening = WindowFile.open

    def slowly(self, purpose):
        time.sleep(0.05)
        folders.append(self.path.parent)
        opened.append(time.monotonic())
        opening(self, purpose)

    def full(*_):
        raise OSError("disk full")

    monkeypatch.setattr(WindowFile, "open", slowly)
    monkeypatch.setattr(WindowFile, "append", full)
    for _ in range(5):
        with living.client() as mw, pytest.raises(OSError, match="disk full"):
            make_sync(mw.records, open_destination("-")).run()
        ended = time.monotonic()
        assert not folders[-1].exists()
        time.sleep(0.1)
        assert max(opened) < ended


@pytest.mark.slow
def test_a_killed_run_is_gone_on_with(tmp_path):
    """After kill -9 the next run says that it goes on, and gives what an undisturbed one gives."""
    path = tmp_path / "export.sqlite"
    with Sandbox(rows=2500, seed=5, living=True, now=NOW) as sandbox:
        sandbox.rows("users")
        environment = clean_environment(**sandbox.environment())
        for pages in (3, 30):
            before = len(sandbox.requests)
            run = subprocess.Popen(
                [*PROGRAM, "sync", str(path), "-q"],
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            while len(sandbox.requests) < before + pages and run.poll() is None:
                with suppress(subprocess.TimeoutExpired):
                    run.wait(0.01)
            run.send_signal(signal.SIGKILL)
            run.wait()
        done = subprocess.run(
            [*PROGRAM, "sync", str(path), "--json"], env=environment, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["resumed"]
        assert differences(path, sandbox) == []


def test_values_that_no_column_holds_are_kept(http_server, path):
    """Half an emoji, long numbers, names that stand twice, unknown fields: none of them ends a run or is lost."""
    times = {"created_time": "2026-11-20T10:00:00.000Z", "last_updated_time": "2026-11-21T06:00:00.000Z"}
    record = times | dict.fromkeys(("primary_domain", "route", "user_id", "type"))
    odd = [
        {**record, "id": "a", "detail": {"content": "cut \ud83d", "number": 123456789012345678901234567890}},
        {**record, "id": "b", "detail": None, "newer": {"x": 1}, "route": 5},
    ]

    def answer(exchange):
        exchange.reply(b"2" if "$count" in exchange.path else json.dumps({"value": odd}).encode())

    with http_server(answer) as (origin, _), Moveworks(records_auth=ApiKey("key"), base_url=origin) as mw:
        report = load(mw, path, entities=["conversations"], clock=lambda: NOW)
        again = load(mw, path, entities=["conversations"], clock=lambda: NOW)
    assert report.complete
    found = {row["id"]: row for row in rows(path, "conversations")}
    assert json.loads(found["a"]["detail"])["content"] == "cut \ufffd"
    assert '"cut \\ud83d"' in found["a"]["_extra"]
    assert "123456789012345678901234567890" in found["a"]["detail"]
    assert json.loads(found["b"]["_extra"]) == {"route": 5, "newer": {"x": 1}}
    assert found["b"]["route"] is None
    assert again.entities[0].run.unchanged == 2
    for drift in (report.entities[0].drift, again.entities[0].drift):
        assert drift.unknown == {"newer": (1, "b")}
        assert drift.misfits == {"route": (1, "b"), "detail": (1, "a")}


def test_records_that_are_there_as_they_came_are_only_counted(http_server, path, monkeypatch):
    """The next run fetches them again, and reads the values of none; what changed replaces what was there."""
    times = {"created_time": "2026-11-20T10:00:00.000Z", "last_updated_time": "2026-11-21T06:00:00.000Z"}
    record = dict.fromkeys(ENTITY_SETS["conversations"].entity.fields()) | times
    sent = [{**record, "id": f"id-{number}", "detail": {"content": f"text {number}"}} for number in range(5)]
    read = []
    reading = RowReader.read
    monkeypatch.setattr(RowReader, "read", lambda self, texts: read.extend(texts) or reading(self, texts))

    def answer(exchange):
        exchange.reply(b"%d" % len(sent) if "$count" in exchange.path else json.dumps({"value": sent}).encode())

    with http_server(answer) as (origin, _), Moveworks(records_auth=ApiKey("key"), base_url=origin) as mw:
        load(mw, path, entities=["conversations"], clock=lambda: NOW)
        sent[3] = {**sent[3], "last_updated_time": "2026-11-22T06:00:00.000Z", "type": "other"}
        sent.append({**record, "id": "id-5", "created_time": "2026-11-22T10:00:00.000Z"})
        read.clear()
        report = load(mw, path, entities=["conversations"], clock=lambda: NOW)
    run = report.entities[0].run
    assert (run.fetched, run.new, run.changed, run.unchanged) == (6, 1, 1, 4)
    assert sorted(json.loads(text)["id"] for text in read) == ["id-3", "id-5"]
    found = {row["id"]: row for row in rows(path, "conversations")}
    assert {name: row["type"] for name, row in found.items()} == {each["id"]: each["type"] for each in sent}


@pytest.mark.slow
@pytest.mark.parametrize("stamp", ["{}.123456789Z", "{}", "yesterday", None], ids=str)
def test_a_new_version_whose_time_cannot_be_read_is_taken_in(http_server, path, stamp):
    """Nothing says that it is older than what is there, so it is not thrown away; history has a time all the same."""
    record = dict.fromkeys(ENTITY_SETS["conversations"].entity.fields())
    created, written, later = (f"{NOW - timedelta(days=days):%Y-%m-%dT%H:%M:%S}" for days in (5, 4, 2))
    times = {"created_time": f"{created}.000Z", "last_updated_time": f"{written}.000Z"}
    stamp = stamp and stamp.format(later)
    sent = [{**record, **times, "id": "a", "primary_domain": "IT"}]

    def answer(exchange):
        exchange.reply(b"1" if "$count" in exchange.path else json.dumps({"value": sent}).encode())

    with http_server(answer) as (origin, _), Moveworks(records_auth=ApiKey("key"), base_url=origin) as mw:
        load(mw, path, entities=["conversations"], history=True, clock=lambda: NOW)
        sent[0] = {**sent[0], "primary_domain": "HR", "last_updated_time": stamp}
        changed = load(mw, path, entities=["conversations"], history=True, clock=lambda: NOW)
        again = load(mw, path, entities=["conversations"], history=True, clock=lambda: NOW)
    assert (changed.entities[0].run.changed, again.entities[0].run.unchanged) == (1, 1)
    [row] = rows(path, "conversations")
    cut = f"{later}.123456Z" if stamp and stamp.endswith("9Z") else None
    assert (row["primary_domain"], row["last_updated_time"]) == ("HR", cut)
    assert row["_extra"] is None if stamp is None else json.loads(row["_extra"]) == {"last_updated_time": stamp}
    [earlier] = rows(path, "conversations_history")
    assert earlier["primary_domain"] == "IT"
    assert earlier["_from"] < earlier["_to"]


def test_masked_values_are_nowhere(living, path, monkeypatch):
    """The same value has the same hash; the values themselves are in no file, and a run without masks is refused."""
    monkeypatch.setenv("MOVEWORKS_MASK_KEY", "0123456789abcdef")
    with living.client() as mw:
        load(mw, path, entities=["users"], mask=["email_addr"])
        masked = records(path, "users")
        there = sent(living, "users")
        assert masked.keys() == there.keys()
        files = [path] if path.is_file() else path.glob("**/*.parquet")
        content = b"".join(each.read_bytes() for each in files)
        for identity, record in there.items():
            if record["email_addr"]:
                assert len(masked[identity]["email_addr"]) == 32
                assert record["email_addr"].encode() not in content
        with pytest.raises(ConfigurationError, match="holds masked values"):
            load(mw, path, entities=["users"])
        monkeypatch.setenv("MOVEWORKS_MASK_KEY", "fedcba9876543210")
        with pytest.raises(ConfigurationError, match="another key"):
            load(mw, path, entities=["users"], mask=["email_addr"])


def test_earlier_versions_are_kept(living, path):
    """With history, what a record said before is in a table of its own, from when until when."""
    with living.client() as mw:
        load(mw, path, entities=["plugin-calls"], history=True)
        before = records(path, "plugin-calls")
        living.advance(days=3)
        report = load(mw, path, entities=["plugin-calls"], history=True)
    assert report.entities[0].run.changed > 0
    if path.suffix:
        kept = rows(path, "plugin_calls_history")
        assert len(kept) == report.entities[0].run.changed
        assert all(row["last_updated_time"][:23] == before[row["id"]]["last_updated_time"][:23] for row in kept)
        assert all(row["_from"] < row["_to"] for row in kept)


def test_pages_that_were_kept_are_loaded_again(living, tmp_path):
    """Without the service, and with the same result."""
    from moveworks.sync.replay import replay

    with living.client() as mw:
        load(mw, tmp_path / "a.sqlite", keep_pages=tmp_path / "kept")
    report = replay(tmp_path / "kept", open_destination(str(tmp_path / "b.sqlite")))
    assert report.complete
    for entity in ("conversations", "interactions", "plugin-calls", "plugin-resources", "users"):
        assert records(tmp_path / "b.sqlite", entity) == records(tmp_path / "a.sqlite", entity)


def test_a_file_that_is_something_else_is_left_alone(living, tmp_path):
    """A destination that is no export is refused, and stays as it is."""
    for name in ("x.duckdb", "x.sqlite"):
        (tmp_path / name).write_bytes(b"important, and no database at all")
        with living.client() as mw, pytest.raises(ConfigurationError, match="left as it is"):
            load(mw, tmp_path / name)
        assert (tmp_path / name).read_bytes() == b"important, and no database at all"
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "mine.txt").write_text("mine")
    with living.client() as mw, pytest.raises(ConfigurationError, match="other files"):
        load(mw, tmp_path / "folder")
    assert [each.name for each in (tmp_path / "folder").iterdir()] == ["mine.txt"]


def test_the_command_line_loads_and_tells(living, tmp_path):
    """`moveworks sync`, its dry run and its status, with their exit codes."""
    run = Commands(tmp_path, living.environment())
    done = run("sync", "export.sqlite", "--dry-run")
    assert done.returncode == 0
    assert not (tmp_path / "export.sqlite").exists()
    done = run("sync", "export.sqlite")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("verified") == len(ENTITY_SETS)
    done = run("sync", "status", "export.sqlite", now=living.now())
    assert done.returncode == 0, done.stdout
    late = run("sync", "status", "export.sqlite", now=living.now() + timedelta(days=3))
    assert late.returncode == 8
    assert "the last complete run is 3 days old" in late.stdout
    living.add_fault("500:route=users")
    done = run("sync", "export.sqlite", "--attempts", "1", "--json")
    assert done.returncode == 8
    assert json.loads(done.stdout)["complete"] is False
    done = run("sync", "status", "missing.sqlite")
    assert done.returncode == 3


def test_lines_on_stdout(living, tmp_path):
    """Each record is a line as it came, behind the name of its entity set."""
    done = subprocess.run(
        [sys.executable, "-m", "moveworks.cli", "sync", "-", "--entities", "users,conversations"],
        env=clean_environment(**living.environment()),
        capture_output=True,
        check=True,
    )
    found = {}
    for line in done.stdout.splitlines():
        record = json.loads(line)
        found.setdefault(record.pop("_entity"), {})[record["id"]] = record
    assert found["users"] == {row["id"]: row for row in living.rows("users")}
    assert found["conversations"] == {row["id"]: row for row in living.rows("conversations")}

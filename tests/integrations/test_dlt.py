from __future__ import annotations

import logging
from datetime import UTC, datetime

import duckdb
import pytest
from loaded import load, rows
from moments import NOW
from postgres import postgres, programs
from servers import serve

from moveworks import ApiKey, ConfigurationError, Moveworks
from moveworks.records.columns import RUN, SYNCED, table_of
from moveworks.sandbox import Sandbox
from moveworks.sync import IncompleteError
from moveworks_export.entities import ENTITY_SETS

dlt = pytest.importorskip("dlt", reason="needs the extra dlt")
from moveworks.integrations.dlt import moveworks_source  # noqa: E402 - dlt may be missing

HOSTILE = r"""
  {"id": "-a", "label": "half \ud83d nul \u0000", "actor": 5,
   "detail": {"content": "nul \u0000 half \ude00", "n": 12345678901234567890123},
   "created_time": "yesterday", "last_updated_time": "2026-11-24T06:00:00.000Z", "new": 1e400},
  {"id": "=b", "label": "tab\t\u2028 \ufeff", "detail": [1, 1.0, 0.1000000000000000055], "created_time": null,
   "last_updated_time": "2026-11-24T06:00:00.123Z", "user_id": null, "conversation_id": null, "actor": null,
   "type": null, "platform": null, "parent_interaction_id": null}
"""
TABLES = [table_of(info) for info in ENTITY_SETS.values()]


@pytest.fixture(autouse=True)
def _nothing_of_the_users(tmp_path, monkeypatch):
    """Settings, state and telemetry of dlt stay in the folder of the test."""
    monkeypatch.setenv("RUNTIME__DLTHUB_TELEMETRY", "false")
    monkeypatch.setenv("DLT_DATA_DIR", str(tmp_path / "dlt"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def living():
    with Sandbox(rows=600, seed=5, living=True, now=NOW) as running:
        yield running


def pipeline(tmp_path, destination=None):
    destination = destination or dlt.destinations.duckdb(str(tmp_path / "warehouse.duckdb"))
    return dlt.pipeline("moveworks", destination=destination, dataset_name="mw", pipelines_dir=str(tmp_path / "state"))


def loaded(made, table, names):
    """The rows of a table as plain values, by id; an id that is there twice fails."""
    listed = ", ".join(f'"{name}"' for name in names)
    with made.sql_client() as client, client.execute_query(f'SELECT {listed} FROM "{table}"') as cursor:
        found = cursor.fetchall()
    return by_id([dict(zip(names, map(plain, row), strict=True)) for row in found])


def by_id(found):
    assert len({row["id"] for row in found}) == len(found)
    return {row["id"]: row for row in found}


def plain(value):
    if isinstance(value, datetime):
        value = value.astimezone(UTC)
        return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond:06}Z"
    return value


def values(table):
    """Columns that do not say which run it was."""
    return [name for name in table.names if name not in {SYNCED, RUN}]


def core(path, table):
    """What the core's own file has."""
    return by_id([{name: row[name] for name in values(table)} for row in rows(path, table.name)])


def hostile(exchange):
    """What a service might send one day."""
    counted = "/$count" in exchange.path
    everything = "created_time" not in exchange.path.partition("$filter")[2]
    number = 2 if everything else 0
    exchange.reply(str(number).encode() if counted else f'{{"value": [{HOSTILE if number else ""}]}}'.encode())


def watermark(made, table):
    return made.state["sources"]["moveworks"]["resources"].get(table, {}).get("watermark")


def test_every_run_gives_what_the_core_gives(living, tmp_path, caplog):
    """The same ids and values in all entity sets, day by day; and dlt has nothing to complain of."""
    caplog.set_level(logging.WARNING)
    logging.getLogger("dlt").propagate = True
    made, path = pipeline(tmp_path), tmp_path / "export.duckdb"
    fetched = []
    with living.client() as mw:
        for _ in range(3):
            made.run(moveworks_source(mw))
            assert load(mw, path).complete
            for table in TABLES:
                assert loaded(made, table.name, values(table)) == core(path, table) != {}
            counts = made.last_trace.last_normalize_info.row_counts
            fetched.append(sum(counts[table.name] for table in TABLES))
            living.advance(days=1)
    assert max(fetched[1:]) < fetched[0] / 2
    assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_a_run_whose_counts_disagree_loads_nothing(living, tmp_path, monkeypatch):
    """It raises, the watermark stays where it was, and the next run reads what this one would have."""
    made = pipeline(tmp_path)
    with living.client() as mw:
        made.run(moveworks_source(mw, entities=["conversations"]))
        before, there = watermark(made, "conversations"), loaded(made, "conversations", ["id"])
        living.advance(days=2)
        original = type(mw.records.conversations).count
        with monkeypatch.context() as patched:
            patched.setattr(type(mw.records.conversations), "count", lambda self, **given: original(self, **given) + 1)
            with pytest.raises(Exception, match="counted") as caught:
                made.run(moveworks_source(mw, entities=["conversations"]))
        assert any(isinstance(error, IncompleteError) for error in causes(caught.value))
        assert watermark(made, "conversations") == before
        assert loaded(made, "conversations", ["id"]) == there
        made.run(moveworks_source(mw, entities=["conversations"]))
    assert loaded(made, "conversations", ["id"]).keys() >= {row["id"] for row in living.rows("conversations")}
    assert watermark(made, "conversations") > before


def causes(error):
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize("rule", ["500:route=interactions", "403:route=users", "bad-json:page=2"])
def test_a_run_that_fails_is_made_up_for(rule, tmp_path):
    """No entity set of it is loaded, whichever failed; once the fault is gone everything is there."""
    made = pipeline(tmp_path)
    with Sandbox(rows=600, seed=5, living=True, now=NOW, faults=[rule]) as sandbox:
        with sandbox.client(attempts=1) as mw:
            with pytest.raises(Exception, match="extraction of resource"):
                made.run(moveworks_source(mw))
            assert not made.has_pending_data
            sandbox.clear_faults()
            made.run(moveworks_source(mw))
        for table in TABLES:
            assert loaded(made, table.name, ["id"]).keys() == {row["id"] for row in sandbox.rows(table.info.name)}


def test_what_could_not_be_loaded_is_loaded_by_the_next_run(living, tmp_path):
    """The warehouse was away after the records were read: they and the watermark belong together."""
    folder = tmp_path / "away"
    made = pipeline(tmp_path, dlt.destinations.duckdb(str(folder / "x.duckdb")))
    with living.client() as mw:
        with pytest.raises(Exception, match="away"):
            made.run(moveworks_source(mw, entities=["users"]))
        folder.mkdir()
        living.advance(days=1)
        made.run()
        made.run(moveworks_source(mw, entities=["users"]))
    assert loaded(made, "users", ["id"]).keys() == {row["id"] for row in living.rows("users")}


def test_a_filesystem_gets_every_version(living, tmp_path):
    """To files without a table format dlt appends; the newest version of each id is what the core has."""
    made = pipeline(tmp_path, dlt.destinations.filesystem((tmp_path / "lake").as_uri()))
    path = tmp_path / "export.duckdb"
    with living.client() as mw:
        for _ in range(2):
            made.run(moveworks_source(mw))
            load(mw, path)
            living.advance(days=1)
    for table in TABLES:
        files = f"{tmp_path}/lake/mw/{table.name}/*.parquet"
        shown = ", ".join(f'"{name}"' for name in values(table))
        with duckdb.connect() as db:
            db.execute("SET TimeZone = 'UTC'")
            found = db.execute(
                f"SELECT {shown} FROM read_parquet('{files}') "
                "QUALIFY row_number() OVER (PARTITION BY id ORDER BY last_updated_time DESC, _synced_at DESC) = 1"
            ).fetchall()
        newest = by_id([dict(zip(values(table), map(plain, row), strict=True)) for row in found])
        assert newest == core(path, table) != {}


@pytest.mark.skipif(programs() is None, reason="needs PostgreSQL (apt-get install postgresql)")
def test_postgres_has_what_the_core_has(tmp_path):
    """In a real server, through a run that fails and through days."""
    path = tmp_path / "export.duckdb"
    with postgres() as address, Sandbox(rows=400, seed=5, living=True, now=NOW, faults=["500:route=users"]) as sandbox:
        made = pipeline(tmp_path, dlt.destinations.postgres(address))
        with sandbox.client(attempts=1) as mw:
            with pytest.raises(Exception, match="not everything is verified"):
                made.run(moveworks_source(mw))
            sandbox.clear_faults()
            for _ in range(2):
                made.run(moveworks_source(mw))
                load(mw, path)
                for table in TABLES:
                    assert loaded(made, table.name, values(table)) == core(path, table) != {}
                sandbox.advance(days=1)
        with serve(hostile) as (origin, _), Moveworks(records_auth=ApiKey("k"), base_url=origin) as mw:
            load(mw, tmp_path / "hostile.duckdb", entities=["interactions"])
            made.run(moveworks_source(mw, entities=["interactions"]), dataset_name="hostile")
            table = table_of(ENTITY_SETS["interactions"])
            there = core(tmp_path / "hostile.duckdb", table)
            assert loaded(made, table.name, values(table)) == there
            assert [row["_extra"] is None for row in there.values()] == [False, True]


def test_settings_come_from_dlt_or_the_environment(living, tmp_path, monkeypatch):
    """And no message shows them."""
    canary = "canary-key-81c2"
    settings = living.environment()
    made = pipeline(tmp_path)
    monkeypatch.setenv("SOURCES__MOVEWORKS__BASE_URL", settings["MOVEWORKS_BASE_URL"])
    monkeypatch.setenv("SOURCES__MOVEWORKS__API_KEY", canary)
    with pytest.raises(Exception, match="401") as caught:
        made.run(moveworks_source(entities=["users"]))
    assert canary not in "".join(map(str, causes(caught.value)))
    monkeypatch.setenv("SOURCES__MOVEWORKS__API_KEY", settings["MOVEWORKS_API_KEY"])
    made.run(moveworks_source(entities=["users"]))
    assert loaded(made, "users", ["id"])


def test_masks_are_applied_before_dlt_sees_a_value(living, tmp_path):
    """And other masks in the same pipeline are refused, since joins would be wrong without a word."""
    made = pipeline(tmp_path)
    with living.client() as mw:
        masked = {"entities": ["users"], "mask": ["email_addr"]}
        made.run(moveworks_source(mw, mask_key="a key of the tests", **masked))
        addresses = [row["email_addr"] for row in loaded(made, "users", ["id", "email_addr"]).values()]
        assert addresses
        assert not any("@" in address for address in addresses if address)
        with pytest.raises(Exception, match="other masks, or another key"):
            made.run(moveworks_source(mw, mask_key="another key of tests", **masked))


def test_another_service_is_read_from_its_beginning(living, tmp_path):
    """The watermark of one says nothing about another."""
    made = pipeline(tmp_path)
    with living.client() as mw:
        made.run(moveworks_source(mw, entities=["users"]))
    with Sandbox(rows=600, seed=6, living=True, now=NOW) as other, other.client() as mw:
        made.run(moveworks_source(mw, entities=["users"]))
        assert loaded(made, "users", ["id"]).keys() >= {row["id"] for row in other.rows("users")}


def test_options_that_make_no_sense_are_refused():
    """At once, and not when dlt begins to read."""
    mw = Moveworks(records_auth=ApiKey("k"), base_url="http://127.0.0.1:9")
    with mw, pytest.raises(ConfigurationError, match="did you mean interactions"):
        moveworks_source(mw, entities=["interaction"])
    with pytest.raises(ConfigurationError, match="takes a list"):
        moveworks_source(mw, entities="users")

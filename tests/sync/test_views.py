from __future__ import annotations

import json
from collections import Counter
from importlib.resources import files

import pytest
from attrs import evolve
from loaded import load, rows
from moments import NOW

from moveworks.destinations import open_destination
from moveworks.destinations.tables import NEEDED, views
from moveworks.odata.kinds import Kind
from moveworks.records.columns import table_of
from moveworks.records.rows import RowReader
from moveworks.sync.destination import WindowSource
from moveworks.sync.ledger import WindowRecord
from moveworks.sync.spool import WindowFile
from moveworks_export.entities import ENTITY_SETS


@pytest.mark.parametrize("name", ["export.duckdb", "export.sqlite"])
def test_the_views_say_what_the_records_say(living, tmp_path, name):
    """Each view against the same count made of the records themselves, days in UTC."""
    path = tmp_path / name
    with living.client() as mw:
        assert load(mw, path).complete
    interactions, calls = living.rows("interactions"), living.rows("plugin-calls")
    dated = [row for row in interactions if row["created_time"]]
    days = {day: {row["user_id"] for row in dated if row["created_time"][:10] == day} for day in
            {row["created_time"][:10] for row in dated}}  # fmt: skip
    assert {str(row["day"]): row["active_users"] for row in rows(path, "active_users_daily")} == {
        day: len(users) for day, users in days.items()
    }
    assert {row["interaction_id"] for row in rows(path, "raw_interactions")} == {row["id"] for row in interactions}
    topics = Counter(
        (row["detail"]["entity"], row["detail"]["domain"])
        for row in interactions
        if row["type"] == "INTERACTION_TYPE_FREE_TEXT" and row["detail"]["entity"] is not None
    )
    assert {(row["topic"], row["domain"]): row["interactions"] for row in rows(path, "topics")} == topics
    used = {row["plugin_name"]: (row["calls"], row["served"], row["used"]) for row in rows(path, "plugin_use")}
    for plugin, numbers in used.items():
        those = [row for row in calls if row["plugin_name"] == plugin]
        assert numbers == (len(those), sum(r["served"] is True for r in those), sum(r["used"] is True for r in those))
    clicks = [row for row in dated if row["type"] == "INTERACTION_TYPE_LINK_CLICK"]
    for word in ("HELPFUL", "UNHELPFUL"):
        there = sum((row["detail"] or {}).get("resource_id") == word for row in clicks)
        assert sum(row[word.lower()] for row in rows(path, "feedback_daily")) == there
    conversations = [row for row in living.rows("conversations") if row["created_time"]]
    assert sum(row["conversations"] for row in rows(path, "conversations_daily")) == len(conversations)
    [adoption] = rows(path, "adoption")
    assert adoption["active_users"] == len({row["user_id"] for row in interactions if row["user_id"] is not None})
    assert all(row["calls_with_citation"] <= row["calls_with_resources"] for row in rows(path, "citations"))


@pytest.mark.parametrize("name", ["export.duckdb", "export.sqlite"])
def test_views_are_there_whatever_fields_the_service_has(tmp_path, name):
    """A field that is gone is an empty column: neither a load nor a report ends because of it."""
    destination = open_destination(str(tmp_path / name))
    tables = [table_of(info) for info in ENTITY_SETS.values()]
    bare = [evolve(each, columns=each.columns[:1], children=()) for each in tables]
    assert all(each.columns[0].name == "id" for each in bare)
    destination.prepare(bare, history=True)
    for view, _ in views(destination.path.suffix[1:], {each.name for each in tables}):
        assert len(rows(tmp_path / name, view)) == (view == "adoption")
    destination.prepare(tables, history=True)
    destination.prepare(bare, history=True)


def test_views_read_every_column_that_is_needed():
    """A column that no view reads any more is not made."""
    for engine in ("duckdb", "sqlite"):
        for name, columns in NEEDED.items():
            texts = [
                text for _, text in views(engine, set(NEEDED)) if name in text.partition("needs:")[2].split("\n")[0]
            ]
            assert [column for column in columns if not any(column in text for text in texts)] == []


def test_a_view_that_cannot_be_made_ends_no_load(tmp_path, caplog):
    """Where a column has another type, it is left out, with a warning; the others are there."""
    destination = open_destination(str(tmp_path / "export.duckdb"))
    tables = [table_of(info) for info in ENTITY_SETS.values()]
    changed = [
        evolve(
            each,
            columns=tuple(
                evolve(one, kind=Kind.BOOLEAN) if one.name == "plugin_update_time" else one for one in each.columns
            ),
        )
        for each in tables
    ]
    destination.prepare(changed, history=False)
    assert "plugin_use" in caplog.text
    assert rows(tmp_path / "export.duckdb", "adoption")


def test_both_engines_have_the_same_views():
    """And each says what it needs and what it means."""
    folder = files("moveworks.destinations") / "views"
    names = [sorted(each.name for each in (folder / engine).iterdir()) for engine in ("duckdb", "sqlite")]
    assert names[0] == names[1] != []
    for engine in ("duckdb", "sqlite"):
        for each in (folder / engine).iterdir():
            assert each.read_text().startswith("-- needs: ")
            assert each.read_text().splitlines()[1].startswith("-- ")


TIMES = {"created_time": "2026-11-20T10:00:00.000Z", "last_updated_time": "2026-11-21T06:00:00.000Z"}
FULL = table_of(ENTITY_SETS["conversations"])
LESS = evolve(FULL, columns=tuple(each for each in FULL.columns if each.name != "route"))


def _apply(path, table, **values):
    record = {**dict.fromkeys(column.name for column in FULL.columns), **TIMES, "id": "a", **values}
    file = WindowFile(path.with_name("window.jsonl"))
    file.open("")
    file.append([json.dumps(record).encode()], None)
    file.close()
    destination = open_destination(str(path))
    destination.prepare([table], history=True)
    window = WindowRecord(
        run_id="r", entity="conversations", number=0, kind="time", window_from=None, window_to=None, written_from=None,
        count_before=1, received=1, count_after=1, verified=True, reason="", read_at=NOW,
    )  # fmt: skip
    return destination.apply(table, [WindowSource(file, RowReader(table), frozenset(), window, NOW)])


def test_a_field_that_comes_back_is_filled(path):
    """What was kept in `_extra` while the catalogue did not have it goes to its column, also where that is there."""
    _apply(path, LESS, route="DM")
    _apply(path, FULL, route="DM")
    assert [row["route"] for row in rows(path, "conversations")] == ["DM"]
    _apply(path, LESS, route="CHANNEL", last_updated_time="2026-11-22T06:00:00.000Z")
    [row] = rows(path, "conversations")
    assert row.get("route") is None
    assert json.loads(row["_extra"]) == {"route": "CHANNEL"}
    open_destination(str(path)).prepare([FULL], history=True)
    assert [row["route"] for row in rows(path, "conversations")] == ["CHANNEL"]


def test_a_field_called_like_a_column_of_ours_stays_where_it_is(path):
    """It is in `_extra`, and no later run takes it for what the column says."""
    _apply(path, FULL, _extra=5, _hash="h", _synced_at="t", _run_id="r")
    before = rows(path, "conversations")
    open_destination(str(path)).prepare([FULL], history=False)
    assert rows(path, "conversations") == before
    assert json.loads(before[0]["_extra"]) == {"_extra": 5, "_hash": "h", "_synced_at": "t", "_run_id": "r"}


def test_history_has_the_columns_of_the_table(path):
    """Also those that the catalogue has got since it was made."""
    _apply(path, LESS, route="DM")
    changes = _apply(path, FULL, route="CHANNEL", last_updated_time="2026-11-22T06:00:00.000Z")
    assert changes.changed == 1
    [earlier] = rows(path, "conversations_history")
    assert earlier["route"] == "DM"


def test_a_field_in_other_case_is_the_same_column(path):
    """Engines take both for one name."""
    columns = tuple(evolve(each, name="Route") if each.name == "route" else each for each in FULL.columns)
    other = evolve(FULL, columns=columns)
    if path.suffix:
        _apply(path, FULL, route="DM")
    open_destination(str(path)).prepare([other], history=True)

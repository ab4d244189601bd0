"""What the doors stand on: streams and parts of an entity set that prove themselves, and settings of other programs."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from moments import NOW
from servers import serve

from moveworks import ApiKey, Moveworks, MoveworksError
from moveworks.records.columns import table_of
from moveworks.sandbox import Sandbox
from moveworks.sync import IncompleteError, VerifiedStream
from moveworks.sync.fetch import WindowReader
from moveworks.sync.load import WHOLE
from moveworks.sync.parts import cut_into_windows, read_verified
from moveworks.sync.spool import WindowFile
from moveworks.sync.windows import RETENTION, Span
from moveworks_export.entities import ENTITY_SETS


@pytest.fixture(scope="module")
def living():
    with Sandbox(rows=6000, seed=5, living=True, now=NOW) as running:
        yield running


def reader_of(mw, entity):
    table = table_of(ENTITY_SETS[entity])
    made = WindowReader(table, mw.records[entity], masks=None, stopped=lambda: False, on_page=lambda _: None)
    return table, made


def test_a_stream_has_every_record_and_then_the_watermark(living):
    """As columns; given back, the watermark makes the next one short."""
    with living.client() as mw:
        first = VerifiedStream(mw.records, "interactions")
        ids = [identity for columns in first for identity in columns[first.table.names.index("id")]]
        assert sorted(ids) == sorted(row["id"] for row in living.rows("interactions"))
        second = VerifiedStream(mw.records, "interactions", watermark=first.watermark, look_back=timedelta(hours=1))
        assert sum(len(columns[0]) for columns in second) < len(ids) / 2
        assert second.watermark == first.watermark


def test_a_stream_that_is_not_everything_ends_in_an_error(living, monkeypatch):
    """And its watermark stays what it was."""
    with living.client() as mw:
        original = type(mw.records.users).count
        monkeypatch.setattr(type(mw.records.users), "count", lambda self, **given: original(self, **given) + 1)
        stream = VerifiedStream(mw.records, "users")
        with pytest.raises(IncompleteError, match="counted") as caught:
            list(stream)
    assert stream.watermark is None
    assert "not everything" in caught.value.advice


def test_a_stream_that_nobody_reads_to_its_end_stops(living):
    """No thread is left that holds records."""
    with living.client() as mw:
        batches = iter(VerifiedStream(mw.records, "interactions"))
        next(batches)
        batches.close()
        for thread in threading.enumerate():
            if thread.name == "moveworks-interactions":
                thread.join()


def test_parts_have_every_record_once(living, tmp_path):
    """Records without a time are a part of their own."""
    with living.client() as mw:
        table, reader = reader_of(mw, "interactions")
        span = Span(start=NOW - RETENTION, end=NOW)
        windows = cut_into_windows(table, reader, span, None, concurrency=4)
        assert len(windows) > 1
        assert any(window.undated for window in windows) == any(
            row["created_time"] is None for row in living.rows("interactions")
        )
        texts = [
            text
            for window in windows
            for text in read_verified(table, reader, window, None, WindowFile(tmp_path / f"{window.number}.jsonl"))
        ]
    assert len(texts) == len(set(texts)) == len(living.rows("interactions"))


def test_a_part_whose_counts_disagree_gives_nothing(tmp_path):
    """Not one record, since Spark would take what it is given."""

    def answer(exchange):
        exchange.reply(b"3" if "/$count" in exchange.path else b'{"value": [{"id": "a"}, {"id": "b"}]}')

    with serve(answer) as (origin, _), Moveworks(records_auth=ApiKey("k"), base_url=origin) as mw:
        table, reader = reader_of(mw, "users")
        with pytest.raises(MoveworksError, match="counted 3 before and 3 afterwards, received 2"):
            next(read_verified(table, reader, WHOLE, None, WindowFile(tmp_path / "users.jsonl")))


@pytest.mark.parametrize("engine", ["dlt", "spark", "mcp", "duckdb"])
def test_no_engine_is_imported_before_it_is_used(engine):
    """Neither with the library nor with what loading needs."""
    code = (
        "import sys, moveworks, moveworks.records, moveworks.sync, moveworks.destinations, moveworks.integrations\n"
        f"names = {{'spark': 'pyspark'}}\nassert names.get('{engine}', '{engine}') not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("module", "extra"), [("dlt", "dlt"), ("spark", "spark"), ("mcp", "mcp")])
def test_a_missing_extra_says_what_to_install(module, extra):
    """In the error that every missing extra has."""
    code = (
        "import sys\nfor name in ('dlt', 'pyspark', 'mcp'): sys.modules[name] = None\n"
        f"from moveworks.errors import MissingExtraError\ntry:\n    import moveworks.integrations.{module}\n"
        "except MissingExtraError as error:\n"
        f"    assert 'extra {extra}' in str(error) and 'pip install' in str(error)\n"
        "else:\n    raise SystemExit(1)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

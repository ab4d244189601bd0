"""Pagers as columns: the same records as everywhere, for the engines that take them."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from datetime import datetime

import pytest

from moveworks import ApiKey, MissingExtraError, Moveworks, ServerError
from moveworks.records import Interaction as I
from moveworks.records.columns import table_of
from moveworks.sandbox import Sandbox
from moveworks_export.entities import ENTITY_SETS

pa = pytest.importorskip("pyarrow")


def sent(column, value):
    """A value of a column as it is in a record."""
    if value is None:
        return None
    if column.is_json:
        return json.loads(value)
    return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03}Z" if isinstance(value, datetime) else value


@pytest.mark.parametrize("name", ENTITY_SETS)
def test_columns_hold_what_records_do(sandbox, name):
    """All records, in their order, with every value; times have a type."""
    with sandbox.client() as mw:
        table = mw.records[name].list().to_arrow()
        records = list(mw.records[name].list(raw=True))
    columns = table_of(ENTITY_SETS[name]).columns
    assert table.schema.names == [*(column.name for column in columns), "_extra"]
    found = [{column.name: sent(column, row[column.name]) for column in columns} for row in table.to_pylist()]
    assert found == [{column.name: record.get(column.name) for column in columns} for record in records]
    assert {str(table.schema.field(name).type) for name in table.schema.names if name.endswith("_time")} == {
        "timestamp[us, tz=UTC]"
    }


@pytest.mark.parametrize("engine", ["duckdb", "polars", "pandas"])
def test_engines_take_a_pager_as_it_is(sandbox, engine):
    """Twice, too: each read is a list of its own, whatever was taken from the pager."""
    module = pytest.importorskip(engine)
    with sandbox.client() as mw:
        pager = mw.records.interactions.list()
        total = sum(1 for _ in pager)
        for _ in range(2):
            if engine == "duckdb":
                number = module.sql("SELECT count(DISTINCT id) FROM pager").fetchall()[0][0]
            else:
                number = len((module.DataFrame if engine == "polars" else module.DataFrame.from_arrow)(pager))
            assert number == total


@pytest.mark.parametrize("engine", ["polars", "pandas"])
def test_frames(sandbox, engine):
    """`to_polars()` and `to_pandas()` give frames with an id that is text and times that have a zone."""
    pytest.importorskip(engine)
    with sandbox.client() as mw:
        frame = getattr(mw.records.users.list(limit=3), f"to_{engine}")()
        assert list(frame["id"]) == [user.id for user in mw.records.users.list(limit=3)]
    assert "UTC" in str(frame["last_updated_time"].dtype)


def test_async_pagers_have_columns_too(sandbox):
    """With `await`, and with the same content."""
    pytest.importorskip("polars")
    pytest.importorskip("pandas")

    async def read():
        async with sandbox.async_client() as mw:
            pager = mw.records.conversations.list(limit=700)
            return await pager.to_arrow(), await pager.to_polars(), await pager.to_pandas()

    with sandbox.client() as mw:
        expected = mw.records.conversations.list(limit=700).to_arrow()
    table, frame, other = asyncio.run(read())
    assert table == expected
    assert len(frame) == len(other) == len(expected)


def test_a_selection_has_its_columns_only(sandbox):
    """Also without the id, and also where a next link carries the selection."""
    with sandbox.client() as mw:
        pager = mw.records.interactions.list(select=["label", I.detail.content])
        assert pager.to_arrow().schema.names == ["label", "detail", "_extra"]
        assert pager.to_arrow()["_extra"].null_count == len(pager.to_arrow())
        page = next(pager.pages())
        rest = mw.records.interactions.list(resume_from=page.next_link).to_arrow()
        assert rest.schema.names == ["label", "detail", "_extra"]
        assert len(rest) == len(pager.to_arrow()) - len(page)


def test_a_filter_that_selects_nothing_has_columns(sandbox):
    """A table without rows, and no request."""
    with sandbox.client() as mw:
        before = len(sandbox.requests)
        table = mw.records.interactions.list(filter=I.id.in_([])).to_arrow()
        assert len(sandbox.requests) == before
    assert (len(table), table.schema.names) == (0, [*I.fields(), "_extra"])


def test_what_no_column_holds_is_kept(http_server):
    """Half an emoji, unknown fields and values of another type are in `_extra`; none ends the list."""
    rows = [
        {"id": "a", "detail": {"content": "cut \ud83d"}, "new": 1},
        {"id": "b", "label": 5, "created_time": "yesterday"},
    ]

    def answer(exchange):
        exchange.reply(json.dumps({"value": rows}).encode())

    with http_server(answer) as (origin, _), Moveworks(records_auth=ApiKey("key"), base_url=origin) as mw:
        first, second = mw.records.interactions.list().to_arrow().to_pylist()
    assert json.loads(first["detail"]) == {"content": "cut \ufffd"}
    assert json.loads(first["_extra"]) == {"detail": {"content": "cut \ud83d"}, "new": 1}
    assert (second["label"], second["created_time"]) == (None, None)
    assert json.loads(second["_extra"]) == {"label": 5, "created_time": "yesterday"}


@pytest.mark.parametrize("reader", ["to_arrow", "to_polars", "to_pandas", "duckdb", "polars"])
def test_a_list_that_fails_is_an_error_in_every_engine(reader):
    """Never fewer rows without a word; the error of the library says where to go on."""
    with Sandbox(rows=1300, seed=3, faults=["500:page=2"]) as sandbox, sandbox.client(attempts=1) as mw:
        pager = mw.records.interactions.list()
        if reader == "duckdb":
            duckdb = pytest.importorskip("duckdb")
            with pytest.raises(duckdb.Error, match="500"):
                duckdb.sql("SELECT count(*) FROM pager").fetchall()
        elif reader == "polars":
            polars = pytest.importorskip("polars")
            with pytest.raises(polars.exceptions.PolarsError, match="500"):
                polars.DataFrame(pager)
        else:
            with pytest.raises(ServerError) as caught:
                getattr(pager, reader)()
            assert caught.value.resume_from


@pytest.mark.parametrize(("package", "method"), [("pyarrow", "arrow"), ("polars", "polars"), ("pandas", "pandas")])
def test_what_is_missing_is_named(sandbox, monkeypatch, package, method):
    """Without pyarrow, polars or pandas the error says which one, and how it is installed."""
    monkeypatch.setitem(sys.modules, package, None)
    if package == "pyarrow":
        monkeypatch.delitem(sys.modules, "moveworks.records.arrow", raising=False)
        monkeypatch.delattr(importlib.import_module("moveworks.records"), "arrow", raising=False)
    with sandbox.client() as mw, pytest.raises(MissingExtraError, match=f"{package}(.|\n)*pip install {package}"):
        getattr(mw.records.users.list(limit=1), f"to_{method}")()

"""What a destination holds, as the records that were sent, whatever kind it is."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import duckdb
import pyarrow.parquet as pq

from moveworks.destinations import open_destination
from moveworks.records.columns import table_of
from moveworks.sync import make_sync
from moveworks_export.entities import ENTITY_SETS

DESTINATIONS = ("export.duckdb", "export.sqlite", "export")


def load(mw, path, **options):
    """One run; its report."""
    return make_sync(mw.records, open_destination(str(path)), **options).run()


def rows(path, table):
    """All rows of a table of a destination, as dictionaries of plain values with times as texts."""
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as db:
            db.execute("SET TimeZone = 'UTC'")
            found = db.execute(f'SELECT * FROM "{table}"')
            names = [each[0] for each in found.description]
            return [dict(zip(names, map(_plain, row), strict=True)) for row in found.fetchall()]
    if path.suffix == ".sqlite":
        with closing(sqlite3.connect(path)) as db:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute(f'SELECT * FROM "{table}"')]
    files = sorted((path / table).glob("**/*.parquet"))
    return [
        {name: _plain(value) for name, value in row.items()}
        for file in files
        for row in pq.ParquetFile(file).read().to_pylist()
    ]


def _plain(value):
    if isinstance(value, datetime):
        value = value.astimezone(UTC)
        return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond:06}Z"
    return value


def records(path, entity):
    """The records that an entity set has in a destination, by id, each as it was sent. An id that is twice fails."""
    table = table_of(ENTITY_SETS[entity])
    found = {}
    for row in rows(path, table.name):
        assert row["id"] not in found, f"{row['id']} is there twice"
        found[row["id"]] = {column.name: _sent(column, row[column.name]) for column in table.columns}
    return found


def _sent(column, value):
    if value is None:
        return None
    if column.is_json:
        return json.loads(value)
    if column.kind == "timestamp":
        return f"{value[:23]}Z"
    return bool(value) if column.kind == "boolean" else value


def sent(sandbox, entity):
    """The records that a sandbox serves now, by id."""
    names = [column.name for column in table_of(ENTITY_SETS[entity]).columns]
    return {row["id"]: {name: row.get(name) for name in names} for row in sandbox.rows(entity)}


def differences(path, sandbox, entities=tuple(ENTITY_SETS)):
    """Entity sets of which the destination does not hold what the sandbox serves."""
    return [entity for entity in entities if records(path, entity) != sent(sandbox, entity)]

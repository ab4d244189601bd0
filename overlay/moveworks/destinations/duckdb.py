"""A DuckDB file."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import msgspec

from moveworks.destinations.tables import (
    OWN_TABLES,
    backfill,
    check_file,
    child_view,
    history_columns,
    ledger_from,
    quoted,
    text_literal,
    views,
)
from moveworks.errors import ConfigurationError, MissingExtraError
from moveworks.odata.kinds import Kind
from moveworks.records.columns import EXTRA, HASH, ID, RUN, SYNCED, WRITTEN
from moveworks.sync.destination import Changes, Destination, row_values

try:
    import duckdb
except ImportError:
    raise MissingExtraError("a DuckDB file needs the extra duckdb", advice="Install it: pip install duckdb") from None

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from moveworks.records.columns import Table
    from moveworks.records.rows import Row
    from moveworks.sync.destination import WindowSource
    from moveworks.sync.ledger import Ledger, RunRecord, WindowRecord

TYPES: Final = {
    Kind.TIMESTAMP: "TIMESTAMPTZ",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.NUMBER: "DOUBLE",
    Kind.OBJECT: "JSON",
    Kind.COLLECTION: "JSON",
}
OWN_TYPES: Final = {EXTRA: "VARCHAR", HASH: "VARCHAR", SYNCED: "TIMESTAMPTZ", RUN: "VARCHAR"}
SETTINGS: Final[dict[str, str | bool | int | float | list[str]]] = {
    "memory_limit": "128MB",
    "threads": "1",
    "autoinstall_known_extensions": "false",
    "preserve_insertion_order": "false",
}
"""What keeps memory flat, whatever the size of the file."""
STORAGE: Final = "v1.4.0"
"""The oldest version that reads the file."""
MAX_OBJECT: Final = 16_000_000
"""Bytes of a record beyond which DuckDB has to be told of its size."""


class DuckDB(Destination):
    """A DuckDB file. It is open only while a window is taken in, since nobody else can open it then.

    Args:
        path: Where it is.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.label = path.name
        self.spool = path.with_name(f"{path.name}.sync")
        self._history = False

    def prepare(self, tables: Sequence[Table], *, history: bool) -> None:
        """Make the file, tables, columns and views that are missing."""
        self._history = history
        check_file(self.path, b"DUCK", "DuckDB", offset=8)
        with self._connected() as db:
            for name, columns in OWN_TABLES.items():
                declared = ", ".join(f"{quoted(column)} {_own_type(kind)}" for column, kind in columns.items())
                db.execute(f"CREATE TABLE IF NOT EXISTS {name} ({declared})")
            for table in tables:
                self._prepare(db, table)
            for _, text in views("duckdb", {table.name for table in tables}):
                db.execute(text)

    def _prepare(self, db: duckdb.DuckDBPyConnection, table: Table) -> None:
        typed = _typed(table)
        there = {row[0] for row in db.execute(_COLUMNS, [table.name]).fetchall()}
        if not there:
            declared = ", ".join(f"{quoted(name)} {kind}" for name, kind in typed.items())
            db.execute(f"CREATE TABLE {quoted(table.name)} ({declared})")
        for name in typed if there else ():
            if name not in there:
                db.execute(f"ALTER TABLE {quoted(table.name)} ADD COLUMN {quoted(name)} {typed[name]}")
                backfill(lambda text, values=(): db.execute(text, values).fetchall(), table, name)
        if self._history:
            declared = ", ".join(f"{quoted(name)} {typed.get(name, 'TIMESTAMPTZ')}" for name in history_columns(table))
            db.execute(f"CREATE TABLE IF NOT EXISTS {quoted(table.name + '_history')} ({declared})")
        for child in table.children:
            db.execute(child_view(child, table.name, "duckdb"))

    def apply(self, table: Table, source: WindowSource, record: WindowRecord) -> Changes:
        """Merge the records of a window by id, and note it, in one transaction."""
        changes = Changes()
        with self._connected() as db:
            for batch in source.batches():
                changes += self._merge(db, table, [row_values(row, source) for row in batch])
            self._insert(db, "_moveworks_windows", record.to_dict())
        return changes

    def _merge(self, db: duckdb.DuckDBPyConnection, table: Table, rows: list[Row]) -> Changes:
        name, names = quoted(table.name), table.names
        self._stage(db, table, rows)
        newer = "true"
        if table.written:
            newer = f"(t.{WRITTEN} IS NULL OR s.{WRITTEN} >= t.{WRITTEN})"
        replaces = f"t.{HASH} <> s.{HASH} AND {newer}"
        columns = ", ".join(map(quoted, names))
        if self._history:
            begin, end = (f"t.{WRITTEN}", f"s.{WRITTEN}") if table.written else (f"t.{SYNCED}", f"s.{SYNCED}")
            kept = ", ".join(f"t.{quoted(each)}" for each in names)
            db.execute(
                f"INSERT INTO {quoted(table.name + '_history')} ({columns}, _from, _to) SELECT {kept}, {begin}, {end} "
                f"FROM {name} t JOIN stage s ON t.{ID} = s.{ID} WHERE {replaces}"
            )
        updates = ", ".join(f"{quoted(each)} = s.{quoted(each)}" for each in names if each != ID)
        values = ", ".join(f"s.{quoted(each)}" for each in names)
        done = db.execute(
            f"MERGE INTO {name} t USING stage s ON t.{ID} = s.{ID} "
            f"WHEN MATCHED AND {replaces} THEN UPDATE SET {updates} "
            f"WHEN NOT MATCHED THEN INSERT ({columns}) VALUES ({values}) RETURNING merge_action"
        ).fetchall()
        new = done.count(("INSERT",))
        db.execute("DROP TABLE stage")
        return Changes(new, len(done) - new, len(rows) - len(done))

    def _stage(self, db: duckdb.DuckDBPyConnection, table: Table, rows: list[Row]) -> None:
        """A temporary table of the rows, over a file of JSON lines: the fastest way that needs no other library."""
        typed = _typed(table)
        made = msgspec.defstruct("Row", [(f"c{at}", Any) for at in range(len(typed))], rename=dict(_places(typed)))
        encode, longest = msgspec.json.Encoder().encode, 0
        assert self.spool is not None
        self.spool.mkdir(exist_ok=True, mode=0o700)
        path = self.spool / "stage.jsonl"
        try:
            with path.open("wb") as file:
                for row in rows:
                    line = encode(made(*row))
                    longest = max(longest, len(line))
                    file.write(line)
                    file.write(b"\n")
            # JSON would be written anew by DuckDB, and numbers would lose digits; as a text it stays as it is.
            read = {each: "VARCHAR" if kind == "JSON" else kind for each, kind in typed.items()}
            columns = ", ".join(f"{text_literal(each)}: {text_literal(kind)}" for each, kind in read.items())
            shown = ", ".join(f"{quoted(each)}::{kind} AS {quoted(each)}" for each, kind in typed.items())
            size = f", maximum_object_size = {longest * 2}" if longest > MAX_OBJECT / 2 else ""
            db.execute(
                f"CREATE OR REPLACE TEMP TABLE stage AS SELECT {shown} FROM read_json({text_literal(str(path))}, "
                f"format = 'newline_delimited', columns = {{{columns}}}{size})"
            )
        finally:
            path.unlink(missing_ok=True)

    def ledger(self) -> Ledger:
        """Its windows and runs; empty if there is no file."""
        if not self.path.exists() or not self.path.stat().st_size:
            return ledger_from(lambda _: [])
        check_file(self.path, b"DUCK", "DuckDB", offset=8)
        with self._connected() as db:
            there = {row[0] for row in db.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
            return ledger_from(lambda name: _rows(db, name) if name in there else [])

    def record(self, run: RunRecord) -> None:
        """Note a run."""
        with self._connected() as db:
            self._insert(db, "_moveworks_runs", run.to_dict())

    def compact(self) -> None:
        """Copy it to a fresh file, and put that in its place."""
        fresh = self.path.with_name(f".{self.path.name}.compact")
        fresh.unlink(missing_ok=True)
        with duckdb.connect(config=SETTINGS) as db:
            db.execute(f"ATTACH {text_literal(str(self.path))} AS old (READ_ONLY)")
            db.execute(f"ATTACH {text_literal(str(fresh))} AS fresh (STORAGE_VERSION {text_literal(STORAGE)})")
            db.execute("COPY FROM DATABASE old TO fresh")
        fresh.replace(self.path)

    def is_open_elsewhere(self, error: Exception) -> bool:
        """Whether another program has it open."""
        return isinstance(error, duckdb.IOException) and "lock" in str(error)

    def _insert(self, db: duckdb.DuckDBPyConnection, name: str, values: dict[str, Any]) -> None:
        db.execute(
            f"INSERT INTO {name} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})", list(values.values())
        )

    @contextmanager
    def _connected(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection within one transaction."""
        settings = {**SETTINGS, "storage_compatibility_version": STORAGE}
        try:
            db = duckdb.connect(self.path, config=settings)
        except duckdb.ConnectionException:
            raise ConfigurationError(
                f"{self.path} is open in this program, with other settings", advice="Close that connection first"
            ) from None
        with db:
            db.execute("BEGIN")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")


_COLUMNS: Final = "SELECT column_name FROM duckdb_columns() WHERE table_name = ?"


def _typed(table: Table) -> dict[str, str]:
    return {column.name: TYPES.get(column.kind, "VARCHAR") for column in table.columns} | OWN_TYPES


def _places(typed: dict[str, str]) -> Iterator[tuple[str, str]]:
    for at, name in enumerate(typed):
        yield f"c{at}", name


def _own_type(kind: str) -> str:
    kinds = {"int": "BIGINT", "float": "DOUBLE", "bool": "BOOLEAN", "datetime": "TIMESTAMPTZ"}
    return kinds.get(kind.removesuffix(" | None"), "VARCHAR")


def _rows(db: duckdb.DuckDBPyConnection, name: str) -> list[dict[str, Any]]:
    # Times as texts: handing them out as objects needs a package more in older versions.
    shown = ", ".join(
        f"strftime({column} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') AS {column}" if "datetime" in kind else column
        for column, kind in OWN_TABLES[name].items()
    )
    found = db.execute(f"SELECT {shown} FROM {name}")
    names = [each[0] for each in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

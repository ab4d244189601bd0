"""A DuckDB file."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import msgspec

from moveworks.destinations.tables import (
    OWN_TABLES,
    SQLFile,
    backfill,
    check_file,
    child_view,
    history_columns,
    ledger_from,
    needed,
    quoted,
    text_literal,
    views,
)
from moveworks.errors import ConfigurationError, MissingExtraError
from moveworks.odata.kinds import Kind
from moveworks.records.columns import EXTRA, HASH, ID, RUN, SYNCED, WRITTEN
from moveworks.sync.destination import Changes

try:
    import duckdb
except ImportError:
    raise MissingExtraError("a DuckDB file needs the extra duckdb", advice="Install it: pip install duckdb") from None

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from moveworks.records.columns import Table
    from moveworks.records.rows import Columns
    from moveworks.sync.destination import WindowSource
    from moveworks.sync.ledger import Ledger

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
log = logging.getLogger("moveworks")


class DuckDB(SQLFile):
    """A DuckDB file. It is open only while a window is taken in, since nobody else can open it then.

    Args:
        path: Where it is.
    """

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
                self._note_held(db, table)
        self._make_views(list(views("duckdb", {table.name for table in tables})))

    def _make_views(self, found: list[tuple[str, str]]) -> None:
        """Make views; one that the columns of this version of the spec do not bear is left out: records go first."""
        try:
            with self._connected() as db:
                for _, text in found:
                    db.execute(text)
        except duckdb.ProgrammingError:
            if len(found) == 1:
                log.warning("the view %s cannot be made of the tables as they are, and is left out", found[0][0])
            else:
                for each in found:
                    self._make_views([each])

    def _prepare(self, db: duckdb.DuckDBPyConnection, table: Table) -> None:
        typed = _typed(table)
        there = self._columns(db, table.name)
        if not there:
            declared = ", ".join(f"{quoted(name)} {kind}" for name, kind in typed.items())
            db.execute(f"CREATE TABLE {quoted(table.name)} ({declared})")
        self._add(db, table.name, typed)
        if there:
            backfill(lambda text, values=(): db.execute(text, values).fetchall(), table)
        self._add(db, table.name, {name: TYPES.get(kind, "VARCHAR") for name, kind in needed(table)})
        if self._history:
            kept = {name: typed.get(name, "TIMESTAMPTZ") for name in history_columns(table)}
            declared = ", ".join(f"{quoted(name)} {kind}" for name, kind in kept.items())
            db.execute(f"CREATE TABLE IF NOT EXISTS {quoted(table.name + '_history')} ({declared})")
            self._add(db, f"{table.name}_history", kept)
        for child in table.children:
            db.execute(child_view(child, table.name, "duckdb"))

    def _columns(self, db: duckdb.DuckDBPyConnection, name: str) -> set[str]:
        """The columns of a table, in lower case, since the engine takes no other for a different name."""
        return {row[0].lower() for row in db.execute(_COLUMNS, [name]).fetchall()}

    def _merge(self, db: duckdb.DuckDBPyConnection, table: Table, columns: Columns, source: WindowSource) -> Changes:
        name, names, total = quoted(table.name), table.names, len(columns[0])
        if not total:
            return Changes()
        self._stage(db, table, columns, source)
        # A time that cannot be read says nothing of age: what came last is taken.
        newer = f"coalesce(s.{WRITTEN} >= t.{WRITTEN}, true)" if table.written else "true"
        replaces = f"t.{HASH} <> s.{HASH} AND {newer}"
        joined = f"{name} t JOIN stage s ON t.{ID} = s.{ID}"
        counted = db.execute(f"SELECT count(*), count(*) FILTER ({replaces}) FROM {joined}").fetchone()
        assert counted is not None
        there, changed = counted
        columns_text, values = ", ".join(map(quoted, names)), ", ".join(f"s.{quoted(each)}" for each in names)
        if not there:
            db.execute(f"INSERT INTO {name} ({columns_text}) SELECT {values} FROM stage s")
            return Changes(new=total)
        if self._history:
            moment = f"coalesce({{0}}.{WRITTEN}, {{0}}.{SYNCED})" if table.written else f"{{0}}.{SYNCED}"
            begin, end = moment.format("t"), moment.format("s")
            kept = ", ".join(f"t.{quoted(each)}" for each in names)
            db.execute(
                f"INSERT INTO {quoted(table.name + '_history')} ({columns_text}, _from, _to) "
                f"SELECT {kept}, {begin}, {end} FROM {joined} WHERE {replaces}"
            )
        updates = ", ".join(
            [f"{quoted(each)} = s.{quoted(each)}" for each in names if each != ID]
            # A field that is gone from the catalogue: what it said is about the version before.
            + [f"{quoted(each)} = NULL" for each in self._columns(db, table.name) - set(map(str.lower, names))]
        )
        db.execute(
            f"MERGE INTO {name} t USING stage s ON t.{ID} = s.{ID} "
            f"WHEN MATCHED AND {replaces} THEN UPDATE SET {updates} "
            f"WHEN NOT MATCHED THEN INSERT ({columns_text}) VALUES ({values})"
        )
        return Changes(total - there, changed, there - changed)

    def _stage(self, db: duckdb.DuckDBPyConnection, table: Table, columns: Columns, source: WindowSource) -> None:
        """A temporary table of the records, over a file of JSON lines: the fastest way that needs no other library."""
        typed = {name: kind for name, kind in _typed(table).items() if name not in {SYNCED, RUN}}
        places = {name: f"c{at}" for at, name in enumerate(typed)}
        made = msgspec.defstruct("Row", [(place, Any) for place in places.values()], gc=False)
        text = msgspec.json.Encoder().encode_lines(list(map(made, *columns)))
        assert self.spool is not None
        self.spool.mkdir(exist_ok=True, mode=0o700)
        path = self.spool / "stage.jsonl"
        # JSON would be written anew by DuckDB, and numbers would lose digits; as a text it stays as it is.
        read = {places[name]: "VARCHAR" if kind == "JSON" else kind for name, kind in typed.items()}
        kinds = ", ".join(f"{place}: '{kind}'" for place, kind in read.items())
        shown = [f"{places[name]}::{kind} AS {quoted(name)}" for name, kind in typed.items()]
        size = ""
        if len(text) > MAX_OBJECT / 2:
            size = f", maximum_object_size = {2 * max(map(len, text.splitlines()))}"
        synced, run = map(text_literal, source.added)
        try:
            path.write_bytes(text)
            db.execute(
                f"CREATE OR REPLACE TEMP TABLE stage AS SELECT {', '.join(shown)}, {synced}::TIMESTAMPTZ AS {SYNCED}, "
                f"{run} AS {RUN} FROM read_json({text_literal(str(path))}, format = 'newline_delimited', "
                f"columns = {{{kinds}}}{size})"
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

    def _missing(self, db: duckdb.DuckDBPyConnection, table: Table, _: list[bytes], hashes: list[str]) -> set[str]:
        """The hashes that no record of a table has."""
        # One text in place of many values: those are dear to hand over.
        asked = f"SELECT unnest(string_split(?, ' ')) AS {HASH}"
        found = db.execute(
            f"SELECT {HASH} FROM ({asked}) ANTI JOIN {quoted(table.name)} USING ({HASH})", [" ".join(hashes)]
        )
        return {row[0] for row in found.fetchall()}

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

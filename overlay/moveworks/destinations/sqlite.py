"""A SQLite file. Times are texts in UTC with six digits, so that their order is that of time."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, contextmanager
from itertools import repeat
from typing import TYPE_CHECKING, Any, Final

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
    views,
)
from moveworks.errors import ConfigurationError
from moveworks.odata.kinds import Kind
from moveworks.records.columns import HASH, ID, SYNCED, WRITTEN
from moveworks.sync.destination import Changes
from moveworks.sync.spool import keys_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from moveworks.records.columns import Table
    from moveworks.records.rows import Columns
    from moveworks.sync.destination import WindowSource
    from moveworks.sync.ledger import Ledger

Row = tuple[Any, ...]
TYPES: Final = {Kind.NUMBER: "REAL", Kind.BOOLEAN: "INTEGER"}
WAIT: Final = 30.0
"""Seconds that another writer is waited for."""


class SQLite(SQLFile):
    """A SQLite file.

    Args:
        path: Where it is.
    """

    def prepare(self, tables: Sequence[Table], *, history: bool) -> None:
        """Make the file, tables, columns and views that are missing."""
        self._history = history
        check_file(self.path, b"SQLite format 3\0", "SQLite")
        with self._connected() as db:
            for name, columns in OWN_TABLES.items():
                declared = ", ".join(f"{quoted(column)} {_own_type(kind)}" for column, kind in columns.items())
                db.execute(f"CREATE TABLE IF NOT EXISTS {name} ({declared})")
            for table in tables:
                self._prepare(db, table)
                self._note_held(db, table)
            for name, text in views("sqlite", {table.name for table in tables}):
                db.execute(f"DROP VIEW IF EXISTS {quoted(name)}")
                db.execute(text)

    def _prepare(self, db: sqlite3.Connection, table: Table) -> None:
        kinds = {column.name: TYPES.get(column.kind, "TEXT") for column in table.columns}
        typed = {name: kinds.get(name, "TEXT") for name in table.names}
        there = self._columns(db, table.name)
        if not there:
            declared = ", ".join(
                f"{quoted(name)} {kind}{' PRIMARY KEY' if name == ID else ''}" for name, kind in typed.items()
            )
            # Not WITHOUT ROWID: ids come in no order, and then each insertion would move whole records.
            db.execute(f"CREATE TABLE {quoted(table.name)} ({declared})")
        self._add(db, table.name, typed)
        if there:
            backfill(lambda text, values=(): db.execute(text, values).fetchall(), table)
        self._add(db, table.name, {name: TYPES.get(kind, "TEXT") for name, kind in needed(table)})
        if self._history:
            kept = {name: typed.get(name, "TEXT") for name in history_columns(table)}
            declared = ", ".join(f"{quoted(name)} {kind}" for name, kind in kept.items())
            db.execute(f"CREATE TABLE IF NOT EXISTS {quoted(table.name + '_history')} ({declared})")
            self._add(db, f"{table.name}_history", kept)
        for child in table.children:
            db.execute(f"DROP VIEW IF EXISTS {quoted(child.name)}")
            db.execute(child_view(child, table.name, "sqlite"))

    def _columns(self, db: sqlite3.Connection, name: str) -> set[str]:
        """The columns of a table, in lower case, since the engine takes no other for a different name."""
        return {row[1].lower() for row in db.execute(f"PRAGMA table_info({quoted(name)})")}

    def _merge(self, db: sqlite3.Connection, table: Table, columns: Columns, source: WindowSource) -> Changes:
        names, ids = table.names, columns[table.names.index(ID)]
        known = self._known(db, table, ids)
        added = (repeat(value, len(ids)) for value in source.added)
        rows: list[Row] = list(zip(*columns, *added, strict=True))
        changed: list[Row] = []
        if known:
            hashes, written = names.index(HASH), names.index(WRITTEN) if table.written else None
            for row, identity in zip(rows, ids, strict=True):
                known_hash, known_time = known.get(identity, (row[hashes], None))
                # A time that cannot be read says nothing of age: what came last is taken.
                newer = written is None or row[written] is None or row[written] >= (known_time or "")
                if known_hash != row[hashes] and newer:
                    changed.append(row)
            rows = [row for row, identity in zip(rows, ids, strict=True) if identity not in known]
        if changed and self._history:
            self._keep(db, table, changed)
        places, shown = ", ".join("?" * len(names)), ", ".join(map(quoted, names))
        db.executemany(f"INSERT OR REPLACE INTO {quoted(table.name)} ({shown}) VALUES ({places})", rows + changed)
        return Changes(len(rows), len(changed), len(ids) - len(rows) - len(changed))

    def _known(self, db: sqlite3.Connection, table: Table, ids: list[str]) -> dict[str, tuple[str, str | None]]:
        written = quoted(WRITTEN) if table.written else "NULL"
        found = db.execute(
            f"SELECT id, {HASH}, {written} FROM {quoted(table.name)} WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(ids),),
        )
        return {row[0]: (row[1], row[2]) for row in found}

    def _keep(self, db: sqlite3.Connection, table: Table, changed: list[Row]) -> None:
        """Keep the version of records that are replaced."""
        names = table.names
        written = names.index(WRITTEN) if table.written else None
        columns = ", ".join(map(quoted, names))
        begin = f"coalesce({quoted(WRITTEN)}, {SYNCED})" if table.written else SYNCED
        db.executemany(
            f"INSERT INTO {quoted(table.name + '_history')} ({columns}, _from, _to) "
            f"SELECT {columns}, {begin}, ? FROM {quoted(table.name)} WHERE id = ?",
            [((row[written] if written is not None else None) or row[-2], row[names.index(ID)]) for row in changed],
        )

    def ledger(self) -> Ledger:
        """Its windows and runs; empty if there is no file."""
        if not self.path.exists():
            return ledger_from(lambda _: [])
        with self._connected() as db:
            db.row_factory = sqlite3.Row
            there = {row[0] for row in db.execute("SELECT name FROM sqlite_master")}
            return ledger_from(
                lambda name: [dict(row) for row in db.execute(f"SELECT * FROM {name}")] if name in there else []
            )

    def compact(self) -> None:
        """VACUUM."""
        with closing(sqlite3.connect(self.path, timeout=WAIT, isolation_level=None)) as db:
            db.execute("VACUUM")

    def _missing(self, db: sqlite3.Connection, table: Table, texts: list[bytes], hashes: list[str]) -> set[str]:
        """The hashes of records that a table does not have as they came."""
        ids = json.dumps([key.id for key in keys_of(b"\n".join(texts))])
        found = db.execute(
            f"SELECT {HASH} FROM {quoted(table.name)} WHERE {ID} IN (SELECT value FROM json_each(?))", (ids,)
        )
        return set(hashes).difference(row[0] for row in found)

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """A connection within one transaction; other programs read on meanwhile."""
        try:
            db = sqlite3.connect(self.path, timeout=WAIT, isolation_level=None)
        except sqlite3.OperationalError as error:
            raise ConfigurationError(f"{self.path} cannot be opened: {error}") from None
        with closing(db):
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=FULL")
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")


def _own_type(kind: str) -> str:
    return {"int": "INTEGER", "float": "REAL", "bool": "INTEGER"}.get(kind.removesuffix(" | None"), "TEXT")

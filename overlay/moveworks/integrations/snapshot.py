"""A copy of a synced DuckDB file that SQL of strangers can be run on.

DuckDB has no permissions for columns, so what must not be read is not in the copy. The file itself is open only while
it is copied, so that a load is not kept waiting.
"""

from __future__ import annotations

import math
import re
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from attrs import frozen

from moveworks.destinations.duckdb import DuckDB
from moveworks.destinations.tables import OWN_TABLES, check_file, child_view, quoted, text_literal, views
from moveworks.errors import ConfigurationError, MoveworksError
from moveworks.records.columns import EXTRA, HASH, OWN, table_of
from moveworks_export.entities import ENTITY_SETS

import duckdb  # isort: skip - after the message of `destinations.duckdb`, if it is missing

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    from moveworks.records.columns import Table

MAX_CELL: Final = 4_000
"""Characters of a value; what is longer is cut, and the answer says so."""
OPENING: Final = 30.0
"""Seconds that a load which has the file open is waited for."""
MEMORY: Final = "1GB"
PLAIN: Final = frozenset({"BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "DOUBLE", "FLOAT"})
"""Types whose values are handed out as they are; all others as texts, which loses nothing."""
SETTINGS: Final[dict[str, str | bool | int | float | list[str]]] = {
    "enable_external_access": "false",
    "python_enable_replacements": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "memory_limit": MEMORY,
    "threads": "2",
}
"""Without these, a database that is read-only still reads and writes other files, and finds variables of Python."""


class QueryError(MoveworksError):
    """A query was refused or failed. Its message shows no value of a record."""


@frozen
class Result:
    """What a query gave.

    Attributes:
        columns: Their names.
        rows: At most as many as were asked for.
        truncated: Whether there are more.
        cut: Names of columns with a value that is longer than `MAX_CELL`.
    """

    columns: list[str]
    rows: list[list[Any]]
    truncated: bool
    cut: list[str]


class Snapshot:
    """A copy of a synced file, made when it is first asked and again when the file has changed.

    Args:
        path: The DuckDB file.
        text: Also copy what people wrote: JSON columns such as `detail`, and `_extra`, which may hold anything.
    """

    def __init__(self, path: str | os.PathLike[str], *, text: bool = False) -> None:
        self.path, self.text = Path(path), text
        self._check()
        self._folder = tempfile.TemporaryDirectory(prefix="moveworks-snapshot-", ignore_cleanup_errors=True)
        self._lock = threading.Lock()
        self._db: duckdb.DuckDBPyConnection | None = None
        self._state: tuple[int, int, int] | None = None
        self._number = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Forget the copy."""
        with self._lock:
            if self._db is not None:
                with suppress(duckdb.Error):  # a query that cannot be interrupted
                    self._db.close()
                self._db = None
            self._folder.cleanup()

    def left_out(self, table: Table) -> list[str]:
        """Columns of a table that the copy does not have."""
        if self.text:
            return []
        # A hash of a text that can be guessed tells whether the guess is right.
        return [*(column.name for column in table.columns if column.is_json), EXTRA, HASH]

    def query(self, sql: str, *, rows: int, seconds: float) -> Result:
        """Run one SELECT.

        Args:
            sql: The query.
            rows: How many rows to hand out at most.
            seconds: When to end it.

        Raises:
            QueryError: if it is something else, takes too long or fails.
            ConfigurationError: if the file is gone, or is no export.
        """
        with self._cursor() as db, _limited(db, seconds) as expired:
            try:
                return self._query(db, sql, rows)
            except duckdb.Error as error:
                if expired():
                    raise QueryError(
                        f"the query took longer than {seconds:g} s",
                        advice="Ask for less: a shorter span, or fewer joins",
                    ) from None
                raise self._told(error) from None

    def _query(self, db: duckdb.DuckDBPyConnection, sql: str, rows: int) -> Result:
        statements = db.extract_statements(sql)
        if len(statements) != 1:
            raise QueryError(f"one SELECT is taken at a time, and not {len(statements)} statements")
        if statements[0].type != duckdb.StatementType.SELECT:
            kind = str(statements[0].type).rpartition(".")[2]
            raise QueryError(f"only SELECT is taken, and not {kind}", advice="Begin with SELECT, WITH or FROM")
        found = db.sql(sql)
        kinds = [str(kind) for kind in found.types]
        shown = ", ".join(
            f"#{at}" if kind in PLAIN else f"left(#{at}::VARCHAR, {MAX_CELL + 1})" for at, kind in enumerate(kinds, 1)
        )
        values = [[_plain(value) for value in row] for row in found.limit(rows + 1).project(shown).fetchall()]
        cut = {at for row in values for at, value in enumerate(row) if isinstance(value, str) and len(value) > MAX_CELL}
        for row in values if cut else ():
            row[:] = [value[:MAX_CELL] if isinstance(value, str) else value for value in row]
        return Result(
            columns=list(found.columns),
            rows=values[:rows],
            truncated=len(values) > rows,
            cut=[found.columns[at] for at in sorted(cut)],
        )

    def _told(self, error: duckdb.Error) -> QueryError:
        kind = type(error).__name__.removesuffix("Exception")
        if not isinstance(error, duckdb.ParserException | duckdb.BinderException | duckdb.CatalogException):
            # Others may quote the value of a record that did not fit.
            problem = f"the query failed: {kind}"
            if isinstance(error, duckdb.PermissionException):
                return QueryError(problem, advice="Other files and settings cannot be reached from here")
            return QueryError(
                problem, advice="Conversion: TRY_CAST gives null for what does not fit. OutOfMemory: ask for less"
            )
        text = str(error)
        names = {name for info in ENTITY_SETS.values() for name in self.left_out(table_of(info))}
        if any(f'"{name}"' in text for name in names):
            return QueryError(text, advice="Columns with what people wrote are left out; the server's --text adds them")
        return QueryError(text)

    # the copy

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._lock:
            self._refresh()
            assert self._db is not None
            cursor = self._db.cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    def _check(self) -> None:
        if not self.path.exists():
            raise ConfigurationError(f"{self.path} does not exist", advice=f"Load it: moveworks sync {self.path}")
        if self.path.is_dir():
            raise ConfigurationError(
                f"{self.path} is a directory", advice="Load a DuckDB file: moveworks sync x.duckdb"
            )
        check_file(self.path, b"DUCK", "DuckDB", offset=8)

    def _refresh(self) -> None:
        """Copy the file if it has changed. While a load has it open, the copy that is there is good enough."""
        with suppress(FileNotFoundError):
            found = self.path.stat()
            state = (found.st_mtime_ns, found.st_size, found.st_ino)
            if self._db is not None and state == self._state:
                return
            limit = time.monotonic() + OPENING
            while True:
                try:
                    fresh = self._copied()
                    break
                except duckdb.Error as error:
                    if not DuckDB(self.path).is_open_elsewhere(error):
                        raise ConfigurationError(f"{self.path} cannot be read: {type(error).__name__}") from None
                    if self._db is not None:
                        return
                    if time.monotonic() >= limit:
                        raise ConfigurationError(
                            f"{self.path} is open in another program", advice="Ask again when the load has ended"
                        ) from None
                time.sleep(0.1)
            # Cursors that are still at work keep the old copy alive.
            self._db, self._state = fresh, state
            return
        if self._db is None:
            self._check()

    def _copied(self) -> duckdb.DuckDBPyConnection:
        self._number += 1
        path = Path(self._folder.name) / f"{self._number}.duckdb"
        try:
            with duckdb.connect(config={"memory_limit": MEMORY, "autoinstall_known_extensions": "false"}) as db:
                db.execute(f"ATTACH {text_literal(str(self.path))} AS source (READ_ONLY)")
                db.execute(f"ATTACH {text_literal(str(path))} AS copy")
                db.execute("USE copy")
                self._copy(db)
            db = duckdb.connect(
                path, read_only=True, config={**SETTINGS, "temp_directory": f"{self._folder.name}/spill"}
            )
            db.execute("SET TimeZone = 'UTC'")
            db.execute("SET lock_configuration = true")
        finally:
            # It stays readable for those who have it open, and is gone when they end, whatever ends them.
            with suppress(OSError):
                path.unlink(missing_ok=True)
        return db

    def _copy(self, db: duckdb.DuckDBPyConnection) -> None:
        there = {
            row[0]
            for row in db.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'source'").fetchall()
        }
        tables = {table.name: table for table in map(table_of, ENTITY_SETS.values()) if table.name in there}
        if not tables:
            raise ConfigurationError(f"{self.path} holds no export", advice=f"Load it: moveworks sync {self.path}")
        for name, table in tables.items():
            for each in (name, f"{name}_history"):
                if each in there:
                    self._copy_table(db, each, [*table.names, *(("_from", "_to") if each != name else ())], table)
        for name in OWN_TABLES:
            if name in there:
                db.execute(f"CREATE TABLE {quoted(name)} AS FROM source.{quoted(name)}")
        for table in tables.values():
            for child in table.children:
                self._add_view(db, child.name, child_view(child, table.name, "duckdb"), tables)
        for name, text in views("duckdb", set(tables)):
            self._add_view(db, name, text, tables)

    def _copy_table(self, db: duckdb.DuckDBPyConnection, name: str, known: list[str], table: Table) -> None:
        """Only columns of the catalogue: what else somebody added to the file may be anything."""
        found = {row[0] for row in db.execute(_COLUMNS, [name]).fetchall()}
        columns = [each for each in known if each in found and each not in self.left_out(table)]
        db.execute(
            f"CREATE TABLE {quoted(name)} AS SELECT {', '.join(map(quoted, columns))} FROM source.{quoted(name)}"
        )

    def _add_view(self, db: duckdb.DuckDBPyConnection, name: str, text: str, tables: dict[str, Table]) -> None:
        """A view by its definition; without columns that are left out, or with what it says of them."""
        try:
            db.execute(text)
        except duckdb.BinderException:
            # By our definition: the view of that name in the file may be somebody else's.
            definition = text[_VIEW.search(text).end() :]  # type: ignore[union-attr]
            db.execute("USE source")
            columns = [row[0] for row in db.execute(f"DESCRIBE {definition}").fetchall()]
            missing = {each: self.left_out(table) for each, table in tables.items()}
            hidden = {column for columns in missing.values() for column in columns}
            if hidden.isdisjoint(columns):
                db.execute(f"CREATE TABLE copy.main.{quoted(name)} AS {definition}")
                db.execute("USE copy")
                return
            db.execute("USE copy")
            # The tables with nothing in the columns that are left out, under the same names.
            stood_in = ", ".join(
                f"{quoted(each)} AS (SELECT *, {', '.join(f'NULL::JSON AS {quoted(column)}' for column in columns)} "
                f"FROM main.{quoted(each)})"
                for each, columns in missing.items()
            )
            shown = ", ".join(quoted(each) for each in columns if each not in hidden)
            db.execute(f"CREATE VIEW {quoted(name)} AS WITH {stood_in} SELECT {shown} FROM ({definition})")

    # what is in it

    def tables(self) -> list[dict[str, Any]]:
        """The tables and views with their columns.

        Raises:
            ConfigurationError: if the file is gone, or is no export.
        """
        known = {table.name: table for table in map(table_of, ENTITY_SETS.values())}
        with self._cursor() as db:
            columns = db.execute(
                "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal "
                "AND database_name = current_database() ORDER BY table_name, column_index"
            ).fetchall()
        entries: dict[str, dict[str, Any]] = {}
        for name, column, kind in columns:
            table = known.get(name.removesuffix("_history"))
            fields = table.info.entity.fields() if table is not None else {}
            entry = entries.setdefault(name, {"name": name, "description": _described(name, table), "columns": []})
            doc = fields[column].doc if column in fields else _OWN.get(column, "")
            entry["columns"].append({"name": column, "type": kind, **({"description": doc} if doc else {})})
        return list(entries.values())


_VIEW: Final = re.compile(r"^CREATE OR REPLACE VIEW \S+ AS\s", re.MULTILINE)
_COLUMNS: Final = "SELECT column_name FROM duckdb_columns() WHERE database_name = 'source' AND table_name = ?"
_OWN: Final = dict(
    zip(
        OWN,
        (
            "What did not fit its column, as JSON.",
            "Tells whether a record changed.",
            "When it was loaded (UTC).",
            "The run that loaded it.",
        ),
        strict=True,
    )
)


def _described(name: str, table: Table | None) -> str:
    if table is not None:
        return f"Earlier versions: {table.info.doc}" if name != table.name else table.info.doc
    if name == "_moveworks_windows":
        return "The ledger: windows of time that were read, with what was counted and received."
    if name == "_moveworks_runs":
        return "The ledger: runs of the load, and whether each was complete."
    return "A metric or a joined view; list_metrics has its definition."


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)  # JSON has no such number
    return value


@contextmanager
def _limited(db: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[Any]:
    """End what the connection does after so many seconds; gives a function that says whether that was so."""
    done, expired = threading.Event(), threading.Event()

    def watch() -> None:
        left = seconds
        # More than once: an interrupt between two steps of a query is forgotten.
        while not done.wait(left):
            expired.set()
            db.interrupt()
            left = 0.05

    thread = threading.Thread(target=watch, daemon=True, name="moveworks-query-limit")
    thread.start()
    try:
        yield expired.is_set
    finally:
        done.set()
        thread.join()

"""Reading a loaded file, and nothing but reading."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from moveworks.destinations import open_destination
from moveworks.destinations.tables import check_file, quoted, text_literal, views
from moveworks.errors import ConfigurationError
from moveworks.sync.ledger import utc_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from moveworks.sync.destination import Destination

Run = "Callable[[str], list[dict[str, Any]]]"
MAX_WAIT: Final = 30.0
"""Seconds that a run is waited for which is writing into the file."""
CREATED: Final = "created_time"
_BODY: Final = re.compile(r"\bVIEW \w+ AS\s")


class LoadedFile:
    """An open file, with the views as queries over a range of days.

    Args:
        engine: `duckdb` or `sqlite`.
        run: Runs a query; its rows as dictionaries.
    """

    def __init__(self, engine: str, run: Callable[[str], list[dict[str, Any]]]) -> None:
        self._engine, self._run = engine, run
        columns = (
            "SELECT table_name AS t, column_name AS c FROM duckdb_columns() WHERE NOT internal"
            if engine == "duckdb"
            else "SELECT m.name AS t, p.name AS c FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table'"
        )
        self._columns: dict[str, set[str]] = {}
        for row in run(columns):
            self._columns.setdefault(row["t"], set()).add(row["c"])
        self._views = dict(views(engine, set(self._columns)))

    @property
    def tables(self) -> set[str]:
        """Names of the tables."""
        return set(self._columns)

    def span(self) -> tuple[str, str] | None:
        """The first and the last day (UTC) on which a record was created; None without records."""
        found: list[str] = []
        for name, columns in self._columns.items():
            # Only those that people make: plugin resources follow them.
            if name in {"interactions", "conversations"} and CREATED in columns:
                shown = f"min({CREATED}) AS first, max({CREATED}) AS last"
                if self._engine == "duckdb":
                    shown = ", ".join(
                        f"strftime({each}({CREATED}) AT TIME ZONE 'UTC', '%Y-%m-%d') AS {alias}"
                        for each, alias in (("min", "first"), ("max", "last"))
                    )
                row = self._run(f"SELECT {shown} FROM {quoted(name)}")[0]
                found += [str(value)[:10] for value in row.values() if value]
        return (min(found), max(found)) if found else None

    def view(self, name: str, start: date, end: date) -> list[dict[str, Any]] | None:
        """The rows of a view over records that were created from `start` to `end`, both included.

        None if its tables are not there. The definition is the view's own: only its tables are smaller.
        """
        if name not in self._views:
            return None
        body = _BODY.split(self._views[name], maxsplit=1)[1]
        limited = ", ".join(
            f"{quoted(table)} AS (SELECT * FROM main.{quoted(table)} WHERE {CREATED} >= {self._moment(start)} "
            f"AND {CREATED} < {self._moment(end + timedelta(days=1))})"
            for table, columns in self._columns.items()
            if CREATED in columns and not table.endswith("_history")
        )
        return self._run(f"WITH {limited} {body}" if limited else body)

    def _moment(self, day: date) -> str:
        text = text_literal(utc_text(datetime.fromisoformat(f"{day}T00:00:00+00:00")))
        return f"TIMESTAMPTZ {text}" if self._engine == "duckdb" else text


@contextmanager
def open_file(source: str) -> Iterator[tuple[LoadedFile, Destination]]:
    """A loaded file, opened for reading.

    Raises:
        ConfigurationError: if it does not exist, or is neither DuckDB nor SQLite.
        MissingExtraError: without DuckDB, for a DuckDB file.
    """
    destination = open_destination(source)
    path = Path(source)
    engine = type(destination).__name__.lower()
    if engine not in {"duckdb", "sqlite"}:
        raise ConfigurationError(
            f"{source} is no DuckDB or SQLite file", advice="Load one: moveworks sync export.duckdb"
        )
    if not path.is_file():
        raise ConfigurationError(f"{source} does not exist", advice=f"Load it: moveworks sync {source}")
    magic = (b"DUCK", "DuckDB", 8) if engine == "duckdb" else (b"SQLite format 3\0", "SQLite", 0)
    check_file(path, *magic[:2], offset=magic[2])
    with _duckdb(path, destination) if engine == "duckdb" else _sqlite(path) as run:
        yield LoadedFile(engine, run), destination


@contextmanager
def _duckdb(path: Path, destination: Destination) -> Iterator[Callable[[str], list[dict[str, Any]]]]:
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": "false",
        "autoinstall_known_extensions": "false",
    }
    opened = destination.patiently(lambda: duckdb.connect(path, read_only=True, config=settings), wait=MAX_WAIT)
    with opened as db:

        def run(text: str) -> list[dict[str, Any]]:
            found = db.execute(text)
            names = [each[0] for each in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

        yield run


@contextmanager
def _sqlite(path: Path) -> Iterator[Callable[[str], list[dict[str, Any]]]]:
    with closing(sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)) as db:
        db.row_factory = sqlite3.Row
        yield lambda text: [dict(row) for row in db.execute(text)]

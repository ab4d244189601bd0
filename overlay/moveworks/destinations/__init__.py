"""Where records are loaded to: one module for each kind, behind one small interface."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from moveworks.errors import ConfigurationError

if TYPE_CHECKING:
    from moveworks.records import Records
    from moveworks.sync import Ledger, SyncReport
    from moveworks.sync.destination import Destination

DUCKDB: Final = (".duckdb", ".ddb")
SQLITE: Final = (".sqlite", ".sqlite3", ".db")
KINDS: Final = "a DuckDB file (export.duckdb), a SQLite file (export.sqlite), a directory for Parquet (export/), or -"


def open_destination(text: str) -> Destination:
    """The destination that a text names.

    Raises:
        ConfigurationError: if it names none.
        MissingExtraError: if its extra is not installed.
    """
    if text == "-":
        from moveworks.destinations.lines import Lines

        return Lines()
    if "://" in text:
        raise ConfigurationError(
            f"{text.partition(':')[0]}:// is no destination of its own; there are {KINDS}",
            advice="Databases and warehouses are reached through dlt, see docs/engines.md",
        )
    path = Path(text)
    suffix = path.suffix.lower()
    if suffix in DUCKDB and not path.is_dir():
        from moveworks.destinations.duckdb import DuckDB

        return DuckDB(path)
    if suffix in SQLITE and not path.is_dir():
        from moveworks.destinations.sqlite import SQLite

        return SQLite(path)
    if path.is_dir() or not suffix or text.endswith("/"):
        from moveworks.destinations.parquet import ParquetDirectory

        return ParquetDirectory(path)
    raise ConfigurationError(f"{text!r} is no destination", advice=f"Give {KINDS}")


def sync(records: Records, destination: str | os.PathLike[str], **options: Any) -> SyncReport:
    """What `Records.sync` does, which says what the arguments mean."""
    from moveworks.sync import IncompleteError, make_sync

    report = make_sync(records, open_destination(os.fspath(destination)), **options).run()
    if not report.complete:
        raise IncompleteError(report)
    return report


def read_ledger(destination: str | os.PathLike[str]) -> Ledger:
    """What a destination holds; empty if it does not exist."""
    return open_destination(os.fspath(destination)).ledger()

"""What destinations with SQL have in common: the ledger's tables, new columns, and views."""

from __future__ import annotations

import re
from abc import abstractmethod
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from attrs import fields

from moveworks.errors import ConfigurationError
from moveworks.odata.kinds import Kind
from moveworks.records.columns import EXTRA, ID
from moveworks.records.rows import RowReader
from moveworks.records.texts import scan_members
from moveworks.sync.destination import Changes, Destination, batches
from moveworks.sync.ledger import Ledger, RunRecord, WindowRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from moveworks.records.columns import Child, Table
    from moveworks.records.rows import Columns
    from moveworks.sync.destination import WindowSource

OWN_TABLES: Final = {
    "_moveworks_windows": {each.name: str(each.type) for each in fields(WindowRecord)},
    "_moveworks_runs": {each.name: str(each.type) for each in fields(RunRecord)},
}
"""The tables of the ledger: columns with their types in Python."""
NEEDED: Final[dict[str, dict[str, Kind]]] = {
    "conversations": {"created_time": Kind.TIMESTAMP, "route": Kind.TEXT, "primary_domain": Kind.TEXT},
    "interactions": {
        "created_time": Kind.TIMESTAMP,
        "detail": Kind.OBJECT,
        **dict.fromkeys(("conversation_id", "user_id", "actor", "platform", "type", "label"), Kind.TEXT),
        "parent_interaction_id": Kind.TEXT,
    },
    "plugin_calls": {
        **dict.fromkeys(("created_time", "plugin_update_time"), Kind.TIMESTAMP),
        **dict.fromkeys(("interaction_id", "plugin_name"), Kind.TEXT),
        **dict.fromkeys(("served", "used"), Kind.BOOLEAN),
    },
    "plugin_resources": {
        **dict.fromkeys(("plugin_call_id", "type", "resource_id"), Kind.TEXT),
        "cited": Kind.BOOLEAN,
    },
    "users": {"email_addr": Kind.TEXT, "access_to_bot": Kind.BOOLEAN},
}
"""Columns that views read. They are there, and empty, also where the service has no such field any more."""


class SQLFile(Destination):
    """A file with a database in it, merged by SQL: what `apply` and `record` do in each kind.

    Args:
        path: Where it is.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.label = path.name
        self.spool = path.with_name(f"{path.name}.sync")
        self._history = False
        self._held: set[str] = set()

    def apply(self, table: Table, windows: Sequence[WindowSource]) -> Changes:
        """Merge the records of windows by id, and note them, in one transaction."""
        changes = Changes()
        with self._connected() as db:
            # What a first run reads is new: there is nothing to ask for.
            missing = partial(self._missing, db, table) if table.name in self._held else None
            for batch in batches(windows, missing):
                changes += Changes(unchanged=batch.unchanged) + self._merge(db, table, batch.columns, windows[-1])
            for source in windows:
                self._insert(db, "_moveworks_windows", source.record.to_dict())
        return changes

    def record(self, *runs: RunRecord) -> None:
        """Note runs."""
        with self._connected() as db:
            for run in runs:
                self._insert(db, "_moveworks_runs", run.to_dict())

    def _note_held(self, db: Any, table: Table) -> None:
        """Note whether a table has records."""
        if db.execute(f"SELECT 1 FROM {quoted(table.name)} LIMIT 1").fetchall():
            self._held.add(table.name)

    def _insert(self, db: Any, name: str, values: dict[str, Any]) -> None:
        columns = ", ".join(values)
        db.execute(f"INSERT INTO {name} ({columns}) VALUES ({', '.join('?' * len(values))})", tuple(values.values()))

    def _add(self, db: Any, name: str, columns: dict[str, str]) -> None:
        """Give a table the columns that it does not have."""
        there = self._columns(db, name)
        for column, kind in columns.items():
            if column.lower() not in there:
                db.execute(f"ALTER TABLE {quoted(name)} ADD COLUMN {quoted(column)} {kind}")

    @abstractmethod
    def _columns(self, db: Any, name: str) -> set[str]:
        """The columns of a table, in lower case."""

    @abstractmethod
    def _connected(self) -> AbstractContextManager[Any]:
        """A connection within one transaction."""

    @abstractmethod
    def _missing(self, db: Any, table: Table, texts: list[bytes], hashes: list[str]) -> set[str]:
        """The hashes of records that a table does not have as they came."""

    @abstractmethod
    def _merge(self, db: Any, table: Table, columns: Columns, source: WindowSource) -> Changes:
        """Take in records, no id twice."""


def quoted(name: str) -> str:
    """A name in SQL."""
    return '"' + name.replace('"', '""') + '"'


def text_literal(value: str) -> str:
    """A text in SQL."""
    return "'" + value.replace("'", "''") + "'"


def check_file(path: Path, magic: bytes, kind: str, *, offset: int = 0) -> None:
    """A file that is there is one of this kind, or empty.

    Raises:
        ConfigurationError: if it is something else; it is left as it is.
    """
    try:
        with path.open("rb") as file:
            head = file.read(offset + len(magic))
    except FileNotFoundError:
        if not path.parent.is_dir():
            raise ConfigurationError(f"{path.parent} is no directory") from None
        return
    if head and head[offset:] != magic:
        raise ConfigurationError(f"{path} is not a {kind} file; it was left as it is", advice="Give another name")


def ledger_from(read: Callable[[str], list[dict[str, Any]]]) -> Ledger:
    """The ledger, out of the rows of its tables."""
    windows, runs = (read(name) for name in OWN_TABLES)
    return Ledger(
        windows=tuple(map(WindowRecord.from_dict, windows)),
        runs=tuple(map(RunRecord.from_dict, runs)),
    )


def needed(table: Table) -> Iterator[tuple[str, Kind]]:
    """Columns that views read and that the catalogue does not have, with their kinds."""
    known = {name.lower() for name in table.names}
    for name, kind in NEEDED.get(table.name, {}).items():
        if name not in known:
            yield name, kind


def history_columns(table: Table) -> list[str]:
    """The columns of earlier versions: those of the table, and from when until when each was the newest."""
    return [*table.names, "_from", "_to"]


def backfill(run: Callable[..., list[Any]], table: Table) -> None:
    """Fill columns for records that were loaded when the catalogue did not have them: `_extra` kept their values."""
    name = quoted(table.name)
    if not run(f"SELECT 1 FROM {name} WHERE {EXTRA} IS NOT NULL LIMIT 1"):
        return
    reader = RowReader(table)
    for column in (each.name for each in table.columns):
        rows = run(
            f"SELECT {ID}, {EXTRA} FROM {name} WHERE {quoted(column)} IS NULL AND {EXTRA} LIKE ? ESCAPE '\\'",
            (f'%"{_like(column)}":%',),
        )
        for identity, extra in rows:
            texts = [text for member, text in scan_members(extra) if member == column]
            # Two values of one name fit no column, and a value that did not fit does not fit now.
            value = reader.fitted(column, texts[0]) if len(texts) == 1 else None
            if value is not None:
                run(f"UPDATE {name} SET {quoted(column)} = ? WHERE {ID} = ?", (value, identity))


def _like(name: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", name)


def child_view(child: Child, parent: str, engine: str) -> str:
    """A view with a row for each element of a collection."""
    column, name = quoted(child.column), quoted(child.name)
    if engine == "duckdb":
        values = ", ".join(f"e.value->>{text_literal(field)} AS {quoted(field)}" for field in child.fields)
        return (
            f"CREATE OR REPLACE VIEW {name} AS SELECT p.{ID} AS {quoted(child.parent)}, e.key::INTEGER AS position, "
            f"{values} FROM {quoted(parent)} p, json_each(p.{column}) e WHERE json_type(p.{column}) = 'ARRAY'"
        )
    values = ", ".join(
        f"json_extract(e.value, {text_literal('$.' + quoted(field))}) AS {quoted(field)}" for field in child.fields
    )
    return (
        f"CREATE VIEW {name} AS SELECT p.{ID} AS {quoted(child.parent)}, e.key AS position, {values} "
        f"FROM {quoted(parent)} p, json_each(p.{column}) e WHERE json_type(p.{column}) = 'array'"
    )


def views(engine: str, tables: set[str]) -> Iterator[tuple[str, str]]:
    """The views that can be made of these tables, each with its definition, in an order in which they can be made."""
    folder = files("moveworks.destinations") / "views" / engine
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if not path.name.endswith(".sql"):
            continue
        text = path.read_text(encoding="utf-8")
        read = set(re.search(r"^-- needs: (.*)$", text, re.MULTILINE).group(1).split(", "))  # type: ignore[union-attr]
        if read <= tables:
            yield re.sub(r"^[0-9]+_", "", path.name.removesuffix(".sql")), text

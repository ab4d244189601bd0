"""A directory of Parquet files: one for each entity set and day, replaced as a whole."""

from __future__ import annotations

import json
import os
from itertools import compress, groupby
from typing import TYPE_CHECKING, Any, ClassVar, Final

from moveworks.destinations.tables import OWN_TABLES, ledger_from
from moveworks.errors import ConfigurationError, MoveworksError
from moveworks.records.arrow import arrow_table, schema_of
from moveworks.records.columns import CREATED, EXTRA, HASH, ID, SYNCED, WRITTEN
from moveworks.records.rows import RowReader
from moveworks.records.texts import scan_elements, scan_members
from moveworks.sync.destination import Changes, Destination, batches

import pyarrow as pa  # isort: skip - after the message of `arrow`, if it is missing
import pyarrow.compute as pc  # isort: skip
import pyarrow.parquet as pq  # isort: skip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from moveworks.records.columns import Child, Table
    from moveworks.records.rows import Columns
    from moveworks.sync.destination import Missing, WindowSource
    from moveworks.sync.ledger import Ledger, RunRecord, WindowRecord

LEDGER: Final = "_moveworks"
FILE: Final = "data_0.parquet"
UNDATED: Final = "date=__HIVE_DEFAULT_PARTITION__"
"""Where engines look for rows whose day is null."""
DISTINCT: Final = {ID, HASH, EXTRA}
"""Columns whose values hardly ever repeat."""


class ParquetDirectory(Destination):
    """A directory such as `export/interactions/date=2026-11-26/data_0.parquet`.

    A file takes its name when it is complete, so readers see the day as it was or as it is. Entity sets without
    `created_time` have one file.

    Args:
        path: Where it is.
    """

    whole_days: ClassVar[bool] = True

    def __init__(self, path: Path) -> None:
        self.path = path
        self.label = f"{path.name}/"
        self.spool = path.with_name(f"{path.name}.sync")
        self._history = False

    def prepare(self, tables: Sequence[Table], *, history: bool) -> None:
        """Make the directory, and columns that are missing."""
        self._history = history
        self._check()
        (self.path / LEDGER).mkdir(parents=True, exist_ok=True)
        for table in tables:
            for path in self._files(table):
                missing = set(table.names) - set(pq.read_schema(path).names)
                if missing or _may_fill(table, path):
                    there = _read(path)
                    filled = _filled(table, there)
                    if not filled.equals(there):
                        self._write(path, filled)

    def _check(self) -> None:
        if self.path.is_dir() and not (self.path / LEDGER).is_dir() and any(self.path.iterdir()):
            raise ConfigurationError(
                f"{self.path} is a directory with other files; they were left as they are",
                advice="Give the name of a new one",
            )

    def apply(self, table: Table, windows: Sequence[WindowSource]) -> Changes:
        """Merge the records of windows by id, day by day; then note each. Doing it twice changes nothing."""
        changes = Changes()
        for source in windows:
            days: dict[str, list[pa.Table]] = {}
            for batch in batches([source], self._missing(table, source.record)):
                changes += Changes(unchanged=batch.unchanged)
                for day, rows in _by_day(table, batch.columns, source):
                    days.setdefault(day, []).append(rows)
            name = f"{source.record.run_id}-{source.record.number}"
            merged = (self._merge(table, day, pa.concat_tables(parts), name) for day, parts in days.items())
            changes = sum(merged, changes)
            self._note("_moveworks_windows", source.record.to_dict())
        return changes

    def _missing(self, table: Table, window: WindowRecord) -> Missing | None:
        """What tells which hashes no record of a window's days has; None if there are no records."""
        first, last = (f"date={at:%Y-%m-%d}" if at else "" for at in (window.window_from, window.window_to))
        hashes = [
            pq.ParquetFile(path).read(columns=[HASH])[HASH]
            for path in self._files(table)
            if path.parent.name == UNDATED or first <= path.parent.name <= (last or path.parent.name)
        ]
        if not hashes:
            return None
        known = pa.chunked_array([chunk for each in hashes for chunk in each.chunks], pa.string())
        return lambda _, asked: set(compress(asked, pc.invert(pc.is_in(pa.array(asked), known)).to_pylist()))

    def _merge(self, table: Table, day: str, rows: pa.Table, run: str) -> Changes:
        path = self.path / table.name / day / FILE
        there = _read(path) if path.exists() else None
        new, changed = rows, rows.slice(0, 0)
        if there is not None:
            at = pc.index_in(rows[ID], there[ID])
            new, changed = rows.filter(pc.is_null(at)), rows.filter(_replacing(table, rows, there.take(at)))
        if day:
            self._move(new[ID], table, but=path, everywhere=day == UNDATED)
        if len(new) or len(changed):
            added = pa.concat_tables([changed, new])
            if there is not None:
                replaced = pc.is_in(there[ID], changed[ID].combine_chunks())
                if self._history and len(changed):
                    self._keep(table, there.filter(replaced), changed, f"{day or 'all'}-{run}")
                # A field that is gone from the catalogue stays a column.
                kept = there.filter(pc.invert(replaced))
                added = pa.concat_tables([kept, added], promote_options="default")
            # What depends on it first: where that is interrupted, the file itself says that it is still to be done.
            for child in table.children:
                self._write(self.path / child.name / day / FILE, _children(child, added))
            self._write(path, added)
        return Changes(len(new), len(changed), len(rows) - len(new) - len(changed))

    def _move(self, ids: pa.ChunkedArray, table: Table, *, but: Path, everywhere: bool) -> None:
        """A record that gets a time, or loses it, changes its file: it is taken out of the other one."""
        if not len(ids):
            return
        others: Iterable[Path] = self._files(table) if everywhere else [self.path / table.name / UNDATED / FILE]
        for path in others:
            if path == but or not path.exists():
                continue
            there = pc.is_in(pq.ParquetFile(path).read(columns=[ID])[ID], ids.combine_chunks())
            if pc.any(there).as_py():
                self._write(path, _read(path).filter(pc.invert(there)))

    def _keep(self, table: Table, old: pa.Table, changed: pa.Table, name: str) -> None:
        """Keep the versions of records that are replaced, in a file of their own."""
        begin, end = (
            pc.coalesce(each[WRITTEN], each[SYNCED]) if table.written else each[SYNCED] for each in (old, changed)
        )
        until = end.take(pc.index_in(old[ID], changed[ID]))
        kept = old.append_column("_from", begin).append_column("_to", until)
        self._write(self.path / f"{table.name}_history" / f"{name}.parquet", kept)

    def ledger(self) -> Ledger:
        """Its windows and runs; empty if there is no directory."""
        self._check()
        return ledger_from(lambda name: list(_lines(self.path / LEDGER / f"{name.removeprefix('_moveworks_')}.jsonl")))

    def record(self, *runs: RunRecord) -> None:
        """Note a run."""
        for run in runs:
            self._note("_moveworks_runs", run.to_dict())

    def _note(self, name: str, values: dict[str, Any]) -> None:
        assert name in OWN_TABLES
        path = self.path / LEDGER / f"{name.removeprefix('_moveworks_')}.jsonl"
        with path.open("ab") as file:
            # Whatever a crash left of a line ends here.
            file.write((b"\n" if _is_torn(path) else b"") + json.dumps(values).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def _files(self, table: Table) -> list[Path]:
        return sorted((self.path / table.name).glob(f"**/{FILE}"))

    def _write(self, path: Path, table: pa.Table) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.tmp")
        with temporary.open("wb") as file:
            # A dictionary of values that are all different is a second copy of them.
            repeated = [each.name for each in table.schema if each.type == pa.string() and each.name not in DISTINCT]
            pq.write_table(table, file, compression="zstd", use_dictionary=repeated, row_group_size=100_000)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)


def _read(path: Path) -> pa.Table:
    try:
        # Not as a dataset: the folder's name is no column.
        return pq.ParquetFile(path).read()
    except (pa.ArrowInvalid, OSError) as error:
        raise MoveworksError(f"{path} cannot be read: {error}", advice="Restore it, or load it again") from None


def _by_day(table: Table, columns: Columns, source: WindowSource) -> Iterator[tuple[str, pa.Table]]:
    """Records as a table for each day on which some were created, by the name of its folder."""
    number = len(columns[0])
    if not number:
        return
    rows = arrow_table(schema_of(table), [*columns, *(pa.repeat(value, number) for value in source.added)])
    at = table.position(CREATED) if table.dated else None
    if at is None:
        yield "", rows
        return
    start = 0
    for day, same in groupby([time[:10] if time else "" for time in columns[at]]):
        length = len(list(same))
        yield f"date={day}" if day else UNDATED, rows.slice(start, length)
        start += length


def _replacing(table: Table, rows: pa.Table, there: pa.Table) -> pa.Array:
    """Which rows say something else than those that are there, and are no older; null where none is there."""
    differs = pc.not_equal(rows[HASH], there[HASH])
    if not table.written:
        return differs
    # A time that cannot be read says nothing of age: what came last is taken.
    return pc.and_kleene(differs, pc.fill_null(pc.greater_equal(rows[WRITTEN], there[WRITTEN]), fill_value=True))


def _children(child: Child, parents: pa.Table) -> pa.Table:
    """The elements of a collection, a row for each."""
    rows = []
    for identity, text in zip(parents[ID].to_pylist(), parents[child.column].to_pylist(), strict=True):
        if not text or not text.startswith("["):
            continue
        for position, element in enumerate(scan_elements(text)):
            known = dict(scan_members(element)) if element.startswith("{") else {}
            rows.append((identity, position, *(_text(known.get(name)) for name in child.fields)))
    kinds = [(child.parent, pa.string()), ("position", pa.int64()), *((name, pa.string()) for name in child.fields)]
    schema = pa.schema(kinds)
    return arrow_table(schema, list(zip(*rows, strict=True)) or [[]] * len(schema))


def _text(value: str | None) -> str | None:
    if value is None or value == "null":
        return None
    return str(json.loads(value)) if value.startswith('"') else value


def _may_fill(table: Table, path: Path) -> bool:
    """Whether `_extra` keeps values of fields that the catalogue has."""
    extras = pq.ParquetFile(path).read(columns=[EXTRA])[EXTRA].drop_null()
    return len(extras) > 0 and any(
        pc.any(pc.match_substring(extras, f"{json.dumps(column.name)}:")).as_py() for column in table.columns
    )


def _filled(table: Table, there: pa.Table) -> pa.Table:
    """What was loaded while a field was not in the catalogue: its values were kept in `_extra`."""
    reader, schema = RowReader(table), schema_of(table)
    fields = {column.name for column in table.columns}
    extras = [_once(text) if text else {} for text in there[EXTRA].to_pylist()]
    columns = []
    for name, kind in zip(schema.names, schema.types, strict=True):
        known = there[name] if name in there.schema.names else pa.chunked_array([pa.nulls(len(there), kind)])
        values = [reader.fitted(name, extra[name]) if name in fields & extra.keys() else None for extra in extras]
        if any(value is not None for value in values):
            text = pa.types.is_timestamp(kind) or pa.types.is_string(kind)
            kept = pa.array(values, pa.string()).cast(kind) if text else pa.array(values, kind)
            known = pc.coalesce(known, kept)
        columns.append(known)
    filled = pa.table(columns, schema=schema)
    for name in there.schema.names:
        if name not in schema.names:
            filled = filled.append_column(name, there[name])
    return filled


def _once(text: str) -> dict[str, str]:
    """The members of an object whose names stand in it once: two values of one name fit no column."""
    members = list(scan_members(text))
    names = [name for name, _ in members]
    return {name: value for name, value in members if names.count(name) == 1}


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """The lines that are whole."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return
    for line in content.splitlines():
        try:
            values = json.loads(line)
        except ValueError:
            continue
        if isinstance(values, dict):
            yield values


def _is_torn(path: Path) -> bool:
    with path.open("rb") as file:
        if not file.seek(0, os.SEEK_END):
            return False
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"

"""A directory of Parquet files: one for each entity set and day, replaced as a whole."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, ClassVar, Final

from moveworks.destinations.tables import OWN_TABLES, ledger_from
from moveworks.errors import ConfigurationError, MoveworksError
from moveworks.records.arrow import arrow_table, schema_of
from moveworks.records.columns import CREATED, EXTRA, HASH, ID, WRITTEN
from moveworks.records.rows import RowReader
from moveworks.records.texts import scan_elements, scan_members
from moveworks.sync.destination import Changes, Destination, row_values

import pyarrow as pa  # isort: skip - after the message of `arrow`, if it is missing
import pyarrow.compute as pc  # isort: skip
import pyarrow.parquet as pq  # isort: skip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from moveworks.records.columns import Child, Table
    from moveworks.records.rows import Row
    from moveworks.sync.destination import WindowSource
    from moveworks.sync.ledger import Ledger, RunRecord, WindowRecord

LEDGER: Final = "_moveworks"
FILE: Final = "data_0.parquet"
UNDATED: Final = "date=__HIVE_DEFAULT_PARTITION__"
"""Where engines look for rows whose day is null."""


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
                if set(table.names) - set(pq.read_schema(path).names):
                    self._write(path, _with_new_columns(table, _read(path)))

    def _check(self) -> None:
        if self.path.is_dir() and not (self.path / LEDGER).is_dir() and any(self.path.iterdir()):
            raise ConfigurationError(
                f"{self.path} is a directory with other files; they were left as they are",
                advice="Give the name of a new one",
            )

    def apply(self, table: Table, source: WindowSource, record: WindowRecord) -> Changes:
        """Merge the records of a window by id, day by day; then note it. Doing it twice changes nothing."""
        days: dict[str, list[Row]] = {}
        at = table.position(CREATED) if table.dated else None
        for batch in source.batches():
            for row in batch:
                day = "" if at is None else f"date={row[at][:10]}" if row[at] else UNDATED
                days.setdefault(day, []).append(row_values(row, source))
        changes = Changes()
        for day, rows in days.items():
            changes += self._merge(table, day, rows, f"{record.run_id}-{record.number}")
        self._note("_moveworks_windows", record.to_dict())
        return changes

    def _merge(self, table: Table, day: str, rows: list[Row], run: str) -> Changes:
        names, path = table.names, self.path / table.name / day / FILE
        place_id, place_hash = names.index(ID), names.index(HASH)
        written = names.index(WRITTEN) if table.written else None
        there = _read(path) if path.exists() else None
        known = _versions(there, table) if there is not None else {}
        new, changed = [], []
        for row in rows:
            version = known.get(row[place_id])
            if version is None:
                new.append(row)
            elif version[0] != row[place_hash] and (written is None or (row[written] or "") >= version[1]):
                changed.append(row)
        if day:
            self._move({row[place_id] for row in new}, table, but=path, everywhere=day == UNDATED)
        if new or changed:
            added = arrow_table(schema_of(table), [*changed, *new])
            if there is not None:
                replaced = pc.is_in(there[ID], pa.array([row[place_id] for row in changed], pa.string()))
                if self._history and changed:
                    self._keep(table, there.filter(replaced), changed, f"{day or 'all'}-{run}")
                added = pa.concat_tables([there.filter(pc.invert(replaced)), added])
            # What depends on it first: where that is interrupted, the file itself says that it is still to be done.
            for child in table.children:
                self._write(self.path / child.name / day / FILE, _children(child, added))
            self._write(path, added)
        return Changes(len(new), len(changed), len(rows) - len(new) - len(changed))

    def _move(self, ids: set[str], table: Table, *, but: Path, everywhere: bool) -> None:
        """A record that gets a time, or loses it, changes its file: it is taken out of the other one."""
        if not ids:
            return
        others: Iterable[Path] = self._files(table) if everywhere else [self.path / table.name / UNDATED / FILE]
        for path in others:
            if path == but or not path.exists():
                continue
            there = pc.is_in(pq.ParquetFile(path).read(columns=[ID])[ID], pa.array(sorted(ids), pa.string()))
            if pc.any(there).as_py():
                self._write(path, _read(path).filter(pc.invert(there)))

    def _keep(self, table: Table, old: pa.Table, changed: list[Row], name: str) -> None:
        """Keep the versions of records that are replaced, in a file of their own."""
        names = table.names
        at = names.index(WRITTEN) if table.written else len(names) - 2
        ends = {row[names.index(ID)]: row[at] for row in changed}
        time = schema_of(table).field(names[at]).type
        until = pa.array([ends[each] for each in old[ID].to_pylist()], pa.string()).cast(time)
        kept = old.append_column("_from", old[names[at]]).append_column("_to", until)
        self._write(self.path / f"{table.name}_history" / f"{name}.parquet", kept)

    def ledger(self) -> Ledger:
        """Its windows and runs; empty if there is no directory."""
        self._check()
        return ledger_from(lambda name: list(_lines(self.path / LEDGER / f"{name.removeprefix('_moveworks_')}.jsonl")))

    def record(self, run: RunRecord) -> None:
        """Note a run."""
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
            pq.write_table(table, file, compression="zstd", use_dictionary=True, row_group_size=100_000)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)


def _read(path: Path) -> pa.Table:
    try:
        # Not as a dataset: the folder's name is no column.
        return pq.ParquetFile(path).read()
    except (pa.ArrowInvalid, OSError) as error:
        raise MoveworksError(f"{path} cannot be read: {error}", advice="Restore it, or load it again") from None


def _versions(there: pa.Table, table: Table) -> dict[str, tuple[str, str]]:
    """What is known of each record: its hash, and when it was written."""
    written: list[str | None] = [None] * len(there)
    if table.written:
        # As times are written in rows, so that they can be compared.
        written = pc.strftime(there[WRITTEN], "%Y-%m-%dT%H:%M:%SZ").to_pylist()
    pairs = zip(there[ID].to_pylist(), there[HASH].to_pylist(), written, strict=True)
    return {identity: (known, when or "") for identity, known, when in pairs}


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
    return arrow_table(pa.schema(kinds), rows)


def _text(value: str | None) -> str | None:
    if value is None or value == "null":
        return None
    return str(json.loads(value)) if value.startswith('"') else value


def _with_new_columns(table: Table, there: pa.Table) -> pa.Table:
    """What was loaded before a field was in the catalogue: its values were kept in `_extra`."""
    reader, schema = RowReader(table), schema_of(table)
    extras = [dict(scan_members(text)) if text else {} for text in there[EXTRA].to_pylist()]
    columns = []
    for name, kind in zip(schema.names, schema.types, strict=True):
        if name in there.schema.names:
            columns.append(there[name])
            continue
        values = [reader.fitted(name, extra[name]) if name in extra else None for extra in extras]
        text = pa.types.is_timestamp(kind) or pa.types.is_string(kind)
        columns.append(pa.array(values, pa.string()).cast(kind) if text else pa.array(values, kind))
    return pa.table(columns, schema=schema)


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

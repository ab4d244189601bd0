"""The interface that a destination has."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from itertools import chain, compress, islice
from typing import TYPE_CHECKING, Any, ClassVar, Final

from attrs import frozen

from moveworks.errors import ConfigurationError
from moveworks.records.columns import ID, WRITTEN
from moveworks.records.rows import fingerprint
from moveworks.sync.ledger import Ledger, utc_text
from moveworks.sync.spool import newest_of_each

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from moveworks.records.columns import Table
    from moveworks.records.rows import Columns, RowReader
    from moveworks.sync.ledger import RunRecord, WindowRecord
    from moveworks.sync.spool import WindowFile

MAX_WAIT: Final = 600.0
"""Seconds that another program which has the destination open is waited for."""
PAUSE: Final = 0.2
"""Seconds between two tries."""
MAX_BATCH: Final = 10_000
"""Rows that are held in memory at once; beyond it DuckDB needs more than the memory that it is given."""

ODD: Final = "~"
"""Ends the hash of a record that differs from the catalogue."""


@frozen
class Changes:
    """What a window brought.

    Attributes:
        new: Records that were not there before.
        changed: Records that were there in another form.
        unchanged: Records that were there as they came, or newer.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: Changes) -> Changes:
        return Changes(self.new + other.new, self.changed + other.changed, self.unchanged + other.unchanged)


@frozen
class WindowSource:
    """The records of a window, each once and in its newest version.

    Attributes:
        file: Where they are.
        reader: What makes columns of them.
        older: Positions in the file of older versions.
        record: Their line in the ledger.
        synced_at: When it is that they are loaded (UTC).
    """

    file: WindowFile
    reader: RowReader
    older: frozenset[int]
    record: WindowRecord
    synced_at: datetime

    @property
    def added(self) -> tuple[str, str]:
        """What the columns `_synced_at` and `_run_id` say."""
        return utc_text(self.synced_at), self.record.run_id

    def lines(self) -> Iterator[bytes]:
        """The JSON texts."""
        if not self.file.path.exists():
            return iter(())
        if not self.older:
            return self.file.lines()
        return (line for at, line in enumerate(self.file.lines()) if at not in self.older)


@frozen
class Batch:
    """Records that are taken in together, no id twice.

    Attributes:
        columns: Values of those that may be new, as `RowReader.read` gives them, then `_hash`.
        unchanged: How many others there are, which the destination has as they came.
    """

    columns: Columns
    unchanged: int


Missing = Callable[[list[bytes], list[str]], Collection[str]]
"""Given JSON texts of records and their hashes: the hashes that a destination does not have."""


def batches(windows: Sequence[WindowSource], missing: Missing | None = None, size: int = MAX_BATCH) -> Iterator[Batch]:
    """The records of windows of one entity set, at most so many at once.

    With `missing`, records that the destination has as they came are counted and not read: in a daily run that is most.
    """
    lines = chain.from_iterable(source.lines() for source in windows)
    while texts := list(islice(lines, size)):
        hashes, total = list(map(fingerprint, texts)), len(texts)
        if missing is not None:
            wanted = missing(texts, hashes)
            chosen = [each in wanted for each in hashes]
            texts, hashes = list(compress(texts, chosen)), list(compress(hashes, chosen))
        reader = windows[0].reader
        columns = [*reader.read(texts), hashes]
        for at in reader.odd:
            # So it is not found as it came: each run that meets it reads it, and reports how it differs.
            hashes[at] += ODD
        number = len(texts)
        ids = columns[reader.table.names.index(ID)]
        if len(set(ids)) < len(ids):
            # The time that tells windows apart has changed while they were read.
            written = columns[reader.table.names.index(WRITTEN)] if reader.table.written else [None] * len(ids)
            older = newest_of_each(zip(ids, written, strict=True))
            columns = [[value for at, value in enumerate(values) if at not in older] for values in columns]
        yield Batch(columns, total - number)


class Destination(ABC):
    """What records are loaded into.

    Attributes:
        label: How messages call it.
        spool: The folder for pages on their way; None for a temporary one, which no later run finds.
        whole_days: Whether windows have to be whole days.
        keeps: Whether it remembers what it holds, so that later runs read only what is new.
    """

    label: str
    spool: Path | None = None
    whole_days: ClassVar[bool] = False
    keeps: ClassVar[bool] = True

    @abstractmethod
    def prepare(self, tables: Sequence[Table], *, history: bool) -> None:
        """Make what is missing: files, tables, and columns for fields that are new in the catalogue.

        Raises:
            ConfigurationError: if it is something else than an export.
        """

    @abstractmethod
    def apply(self, table: Table, windows: Sequence[WindowSource]) -> Changes:
        """Take the records of windows in, and note them in the ledger, each as a whole or not at all."""

    @abstractmethod
    def ledger(self) -> Ledger:
        """What it holds; empty if it does not exist."""

    @abstractmethod
    def record(self, *runs: RunRecord) -> None:
        """Note what a run came to in the ledger, for each entity set."""

    def compact(self) -> None:  # noqa: B027 - files that are replaced as a whole have nothing to give back
        """Give back the room of what was replaced."""

    def patiently(self, action: Callable[[], Any], *, wait: float = MAX_WAIT) -> Any:
        """Do something with it; wait so many seconds while another program has it open.

        Raises:
            ConfigurationError: if that takes too long.
        """
        limit = time.monotonic() + wait
        while True:
            try:
                return action()
            except Exception as error:
                if not self.is_open_elsewhere(error):
                    raise
                if time.monotonic() >= limit:
                    raise ConfigurationError(
                        f"{self.label} is open in another program, for {wait:.0f} s now",
                        advice="Close it there; nothing is lost, and the next run goes on",
                    ) from None
            time.sleep(PAUSE)

    def is_open_elsewhere(self, error: Exception) -> bool:
        """Whether an error says that another program holds it, so that it helps to wait."""
        del error
        return False


class NoLedger(Destination):
    """A destination that remembers nothing."""

    keeps = False

    def ledger(self) -> Ledger:
        """Nothing."""
        return Ledger()

    def record(self, *runs: RunRecord) -> None:
        """Nothing to do."""
        del runs

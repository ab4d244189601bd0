"""The interface that a destination has."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Final

from attrs import frozen

from moveworks.errors import ConfigurationError
from moveworks.sync.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from moveworks.records.columns import Table
    from moveworks.records.rows import Row, RowReader
    from moveworks.sync.ledger import RunRecord, WindowRecord
    from moveworks.sync.spool import WindowFile

MAX_WAIT: Final = 600.0
"""Seconds that another program which has the destination open is waited for."""
PAUSE: Final = 0.2
"""Seconds between two tries."""
MAX_BATCH: Final = 20_000
"""Rows that are held in memory at once; beyond it DuckDB needs more than the memory that it is given."""


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
        reader: What makes rows of them.
        older: Positions in the file of older versions.
        run_id: The run.
        synced_at: When it is that they are loaded (UTC).
    """

    file: WindowFile
    reader: RowReader
    older: frozenset[int]
    run_id: str
    synced_at: datetime

    def lines(self) -> Iterator[bytes]:
        """The JSON texts."""
        if not self.file.path.exists():
            return iter(())
        if not self.older:
            return self.file.lines()
        return (line for at, line in enumerate(self.file.lines()) if at not in self.older)

    def batches(self, size: int = MAX_BATCH) -> Iterator[list[Row]]:
        """The rows, at most so many at once."""
        batch: list[bytes] = []
        for line in self.lines():
            batch.append(line)
            if len(batch) == size:
                yield self.reader.read(batch)
                batch = []
        if batch:
            yield self.reader.read(batch)


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
    def apply(self, table: Table, source: WindowSource, record: WindowRecord) -> Changes:
        """Take the records of a window in, and note it in the ledger: both or nothing."""

    @abstractmethod
    def ledger(self) -> Ledger:
        """What it holds; empty if it does not exist."""

    @abstractmethod
    def record(self, run: RunRecord) -> None:
        """Note a run in the ledger."""

    def compact(self) -> None:  # noqa: B027 - files that are replaced as a whole have nothing to give back
        """Give back the room of what was replaced."""

    def patiently(self, action: Callable[[], Any]) -> Any:
        """Do something with it; wait while another program has it open.

        Raises:
            ConfigurationError: if that takes too long.
        """
        limit = time.monotonic() + MAX_WAIT
        while True:
            try:
                return action()
            except Exception as error:
                if not self.is_open_elsewhere(error):
                    raise
                if time.monotonic() >= limit:
                    raise ConfigurationError(
                        f"{self.label} is open in another program, for {MAX_WAIT:.0f} s now",
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

    def record(self, run: RunRecord) -> None:
        """Nothing to do."""
        del run


def row_values(row: Row, source: WindowSource) -> tuple[Any, ...]:
    """A row with what the run adds."""
    from moveworks.sync.ledger import utc_text

    return (*row, utc_text(source.synced_at), source.run_id)

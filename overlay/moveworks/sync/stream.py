"""Verified records for a program of its own: the same run as into a destination, handed out batch by batch."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Any, Final

from moveworks.records.columns import table_of
from moveworks.records.namespace import find_entity_set
from moveworks.sync.destination import Changes, Destination, batches
from moveworks.sync.ledger import Ledger, RunRecord
from moveworks.sync.report import IncompleteError
from moveworks.transport.pace import StoppedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from moveworks.records import Records
    from moveworks.records.columns import Table
    from moveworks.records.rows import Columns
    from moveworks.sync.destination import WindowSource
    from moveworks.sync.report import SyncReport

AHEAD: Final = 2
"""Batches that are made before they are asked for."""
TICK: Final = 0.2
"""Seconds between two looks whether anybody still wants them."""


class VerifiedStream:
    """Reads what an entity set has, and hands it out as columns of values, in the order of `table.names`.

    Only windows whose counts agree are handed out, and the end is reached only if all do and their sum is right. What
    was handed out before an error is good, but not everything. A record may come twice if it was written meanwhile:
    merge by id.

    Args:
        records: The entity sets.
        entity: Published name of one.
        watermark: What `watermark` said after the last run; None reads everything that the service has.
        options: Further arguments of `moveworks.sync.make_sync`.

    Attributes:
        table: What the columns are.
        watermark: The newest `last_updated_time` that was read, once the end is reached.
        report: What the run came to, once it has ended.
    """

    def __init__(self, records: Records, entity: str, *, watermark: datetime | None = None, **options: Any) -> None:
        self.table: Table = table_of(find_entity_set(entity))
        self.watermark = watermark
        self.report: SyncReport | None = None
        self._records, self._options = records, options

    def __iter__(self) -> Iterator[Columns]:
        """The batches, read anew from the watermark on each time.

        Raises:
            IncompleteError: at the end, if not everything is verified.
            MoveworksError: if the service fails.
        """
        into = _Handover(self.known())
        threading.Thread(target=self._run, args=(into,), daemon=True, name=f"moveworks-{self.table.name}").start()
        try:
            while (given := into.out.get()) is not None:
                if isinstance(given, BaseException):
                    raise given
                yield given
        finally:
            # Whoever asks no more, because of an error or since it has enough, lets the thread end.
            into.left.set()

    def _run(self, into: _Handover) -> None:
        from moveworks.sync import make_sync

        end: BaseException | None = None
        try:
            self.report = make_sync(self._records, into, entities=[self.table.info.name], **self._options).run()
            if self.report.complete:
                self.watermark = self.report.entities[0].run.watermark
            else:
                end = IncompleteError(self.report)
                end.advice = "What was handed out is not everything; read it again"
        except BaseException as error:  # noqa: BLE001 - raised where the batches are asked for
            end = error
        into.put(end)

    def known(self) -> RunRecord | None:
        """The run that the watermark is from."""
        mark = self.watermark
        if mark is None:
            return None
        return RunRecord(
            run_id="",
            entity=self.table.info.name,
            started_at=mark,
            finished_at=mark,
            complete=True,
            reason="",
            partial=False,
            watermark=mark,
            total=None,
            fetched=0,
            new=0,
            changed=0,
            unchanged=0,
            windows=0,
            retries=0,
            seconds=0.0,
            origin="",
        )


class _Handover(Destination):
    """A destination that hands on what it is given, for as long as somebody reads."""

    label = "the stream"
    keeps = False

    def __init__(self, known: RunRecord | None) -> None:
        self._known = known
        self.out: queue.Queue[Columns | BaseException | None] = queue.Queue(AHEAD)
        self.left = threading.Event()

    def put(self, value: Columns | BaseException | None) -> None:
        while not self.left.is_set():
            try:
                self.out.put(value, timeout=TICK)
            except queue.Full:
                continue
            return

    def prepare(self, tables: Sequence[Table], *, history: bool) -> None:
        del tables, history

    def apply(self, table: Table, windows: Sequence[WindowSource]) -> Changes:
        del table
        verified = [source for source in windows if source.record.verified]
        number = 0
        for batch in batches(verified):
            loaded = len(batch.columns[0])
            self.put([*batch.columns, *([text] * loaded for text in verified[0].added)])
            if self.left.is_set():
                raise StoppedError("nobody reads any more")
            number += loaded
        return Changes(new=number)

    def ledger(self) -> Ledger:
        return Ledger(runs=() if self._known is None else (self._known,))

    def record(self, *runs: RunRecord) -> None:
        del runs

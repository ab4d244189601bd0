"""An entity set while it is loaded, and what the ledger is told of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from attrs import define, field

from moveworks.sync.destination import Changes
from moveworks.sync.ledger import RunRecord, WindowRecord
from moveworks.sync.load import WindowState
from moveworks.sync.windows import Window

if TYPE_CHECKING:
    from datetime import datetime

    from moveworks.errors import MoveworksError
    from moveworks.records.columns import Table
    from moveworks.records.rows import RowReader
    from moveworks.sync.fetch import WindowReader
    from moveworks.sync.ledger import Ledger
    from moveworks.sync.load import EntityLoad
    from moveworks.sync.options import SyncOptions
    from moveworks.sync.spool import WindowFile


@define
class Running:
    """An entity set while it is loaded.

    Attributes:
        table: Its table.
        load: What is to be done.
        reader: What asks the service.
        rows: What makes rows.
        windows: Windows that the destination has.
        changes: What they brought.
        files: Windows that were read and are still to be handed over.
        read_at: When each window was begun to be read.
        fetched: Records that came.
        received: Records that are shown as received; those that are read again count once.
        retries: Requests that were sent again.
        error: The first error that broke a window.
        seconds: How long it took; 0 before the end.
    """

    table: Table
    load: EntityLoad
    reader: WindowReader
    rows: RowReader
    windows: dict[int, WindowRecord] = field(factory=dict)
    changes: Changes = field(factory=Changes)
    files: dict[int, WindowFile] = field(factory=dict)
    read_at: dict[int, datetime] = field(factory=dict)
    fetched: int = 0
    received: int = 0
    retries: int = 0
    error: MoveworksError | None = None
    seconds: float = 0.0
    _began: float = field(factory=time.monotonic)

    @property
    def name(self) -> str:
        """Published name of the entity set."""
        return self.table.info.name

    def end(self) -> None:
        """Note how long it took."""
        self.seconds = self.seconds or max(time.monotonic() - self._began, 1e-3)

    def resume(self, records: list[WindowRecord], plan: dict[str, object]) -> None:
        """Go on with the plan of a run that was interrupted; `records` are the windows that the destination has."""
        known = {each.number: each for each in records if each.verified}
        self.load.with_plan(plan, {number: _state_of(each) for number, each in known.items()})
        self.windows = {number: each for number, each in known.items() if number in self.load.states}

    def window_record(self, window: Window, run_id: str, options: SyncOptions, newest: datetime | None) -> WindowRecord:
        """What the ledger is told of a window."""
        state = self.load.states[window.number]
        return WindowRecord(
            run_id=run_id,
            entity=self.name,
            number=window.number,
            kind="whole" if window.whole else "undated" if window.undated else "time",
            window_from=window.start,
            window_to=window.end,
            written_from=self.load.bound,
            count_before=state.before,
            received=state.received or 0,
            count_after=state.after,
            verified=state.verified,
            reason=state.reason,
            read_at=self.read_at.get(window.number) or options.clock(),
            newest=newest,
            masks=options.mask_names,
            mask_key=options.mask_key,
        )

    def run_record(
        self, run_id: str, started_at: datetime, options: SyncOptions, *, ledger: Ledger, origin: str
    ) -> RunRecord:
        """What the ledger is told of the run; `ledger` is what it held before."""
        self.end()
        before = ledger.watermark(self.name)
        # A time that is still to come must not keep later runs from reading what is written until then.
        newest = (min(each.newest, started_at) for each in self.windows.values() if each.newest is not None)
        complete = self.load.finished and not self.load.failed
        return RunRecord(
            run_id=run_id,
            entity=self.name,
            started_at=started_at,
            finished_at=options.clock(),
            complete=complete,
            reason=self.load.failed,
            partial=self.load.restricted,
            watermark=max([*newest, *([before] if before else [])], default=None) if complete else before,
            total=self.load.total,
            fetched=self.fetched,
            new=self.changes.new,
            changed=self.changes.changed,
            unchanged=self.changes.unchanged,
            windows=len(self.windows),
            retries=self.retries,
            seconds=round(self.seconds, 3),
            origin=origin,
        )


def _state_of(record: WindowRecord) -> WindowState:
    """A window that the destination has."""
    window = Window(
        number=record.number,
        start=record.window_from,
        end=record.window_to,
        undated=record.kind == "undated",
        whole=record.kind == "whole",
    )
    return WindowState(
        window,
        before=record.count_before,
        received=record.received,
        after=record.count_after,
        reads=1,
        done=True,
        verified=record.verified,
        reason=record.reason,
    )

"""One run: threads that read, and a loop that decides and hands windows to the destination."""

from __future__ import annotations

import queue
import secrets
import tempfile
import threading
import time
from collections import deque
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from attrs import evolve

from moveworks.errors import (
    AuthenticationError,
    ConfigurationError,
    MoveworksError,
    NotFoundError,
    PermissionDeniedError,
    ResponseError,
)
from moveworks.records.entity_set import RATE_LIMIT_WAITS
from moveworks.records.rows import RowReader
from moveworks.sync.clock import ServiceClock
from moveworks.sync.destination import WindowSource
from moveworks.sync.fetch import WindowReader
from moveworks.sync.ledger import DayState
from moveworks.sync.load import Apply, Count, EntityLoad, Fetch, reaches
from moveworks.sync.options import check_masks
from moveworks.sync.pool import Pool, Result
from moveworks.sync.report import EntityReport, Progress, SyncReport
from moveworks.sync.running import Running
from moveworks.sync.spool import Spool
from moveworks.sync.windows import Window
from moveworks.transport.pace import Pace, StoppedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from moveworks.records import Records
    from moveworks.records.columns import Table
    from moveworks.sync.destination import Destination
    from moveworks.sync.ledger import Ledger
    from moveworks.sync.load import Job, WindowState
    from moveworks.sync.options import SyncOptions

SLOW: Final = 2
"""Requests in flight for each entity set that the service answers slowly."""
TOGETHER: Final = 120_000
"""Records for which a destination is opened, if they come fast enough: opening and closing one is dear."""
PATIENCE: Final = 1.0
"""Seconds that this loop waits for threads until windows that are ready go to the destination."""
FAREWELL: Final = 0.3
"""Seconds in which threads end what they write, before the folder is somebody else's."""
TICK: Final = 0.2
"""Seconds between two looks of the loop, so that a signal is never far away."""


class Sync:
    """One run into one destination.

    Args:
        records: The entity sets.
        tables: Those that are to be loaded.
        destination: Where to.
        options: What is asked for.
    """

    def __init__(
        self, records: Records, tables: Iterable[Table], destination: Destination, options: SyncOptions
    ) -> None:
        self._records, self._tables, self._destination = records, list(tables), destination
        self._clock = ServiceClock(options.clock)
        self._options = evolve(options, clock=self._clock)
        self._results: queue.SimpleQueue[Result] = queue.SimpleQueue()
        self._pools = (
            Pool(options.concurrency, self._done, self._results),
            Pool(SLOW, self._done, self._results),
        )
        self._pace = Pace(options.concurrency)
        self._paces = [self._pace]
        self._running: dict[str, Running] = {}
        self._ready: list[tuple[str, WindowState]] = []
        self._counted = threading.Lock()
        self._origin = records.origin
        self._settings = options.settings(self._origin, [table.info.name for table in self._tables])
        self._stopped = False
        self._now = options.clock()
        self._resumed = False

    # the run

    def run(self) -> SyncReport:
        """Load everything that is new.

        Raises:
            ConfigurationError: if another run holds the destination, or it is something else.
            MoveworksError: if the service refuses the credential. Other errors are in the report.
            OSError: if the disk is full.
        """
        folder = self._destination.spool
        temporary = tempfile.TemporaryDirectory(prefix="moveworks-sync-") if folder is None else None
        with Spool(folder or Path(temporary.name if temporary else "")) as spool:
            try:
                report = self._run(spool)
            finally:
                self._stop()
                if temporary is not None:
                    temporary.cleanup()
                elif spool.is_empty:
                    spool.remove()
            if not any(running.error for running in self._running.values()):
                spool.remove()
        return report

    def _run(self, spool: Spool) -> SyncReport:
        destination, options = self._destination, self._options
        self._destination.patiently(lambda: destination.prepare(self._tables, history=options.history))
        ledger = self._destination.patiently(destination.ledger)
        check_masks(ledger, destination.label, names=options.mask_names, key=options.mask_key)
        self._spool = spool
        self._look_at_the_clock()
        self._run_id = f"{self._now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
        plan = spool.plan(self._settings, self._options.clock())
        known = plan["entities"] if plan is not None else {}
        bounds = {table.info.name: options.bound(table, ledger) for table in self._tables}
        if not all(reaches(each, bounds[name]) for name, each in known.items() if name in bounds):
            plan = None
        self._resumed = plan is not None
        if plan is None:
            spool.clear()
        else:
            self._run_id, self._now = plan["run"], datetime.fromisoformat(plan["now"])
        for table in self._tables:
            self._running[table.info.name] = self._prepared(table, ledger, plan)
        self._save_plan()
        self._work()
        return self._report(ledger)

    def plan(self) -> list[tuple[str, WindowState]]:
        """The windows with their counts that a run would read, with nothing written.

        Raises:
            MoveworksError: if the service fails.
        """
        ledger = self._destination.ledger()
        self._look_at_the_clock()
        found: list[tuple[str, WindowState]] = []
        for table in self._tables:
            running = self._prepared(table, ledger, None)
            jobs = deque(running.load.begin())
            while jobs:
                job = jobs.popleft()
                if isinstance(job, Count) and job.purpose in {"total", "before"}:
                    jobs += running.load.counted(job, running.reader.count(job.window, running.load.bound))
            found += ((table.info.name, running.load.states[at]) for at in sorted(running.load.states))
        return found

    def _look_at_the_clock(self) -> None:
        """Ask the service what time it is. Windows and days are about its time, and this machine's may differ."""
        probe = self._records.paced(
            self._tables[0].info.name, self._pace, on_retry=lambda _: None, on_response=self._clock.hear
        )
        with suppress(MoveworksError):  # it is told when it is met again
            probe.list(raw="bytes", top=1, order_by=[]).first()
        self._now = self._options.clock()

    def _prepared(self, table: Table, ledger: Ledger, plan: dict[str, Any] | None) -> Running:
        name, options = table.info.name, self._options
        load = EntityLoad(
            table=table,
            span=options.span(table, ledger, self._now, whole_days=self._destination.whole_days),
            bound=options.bound(table, ledger),
            concurrency=options.concurrency,
            restricted=options.restricted,
        )
        running = Running(
            table=table,
            load=load,
            rows=RowReader(table),
            reader=WindowReader(
                table,
                self._records.paced(
                    name, self._pace_of(name), on_retry=lambda _: self._retried(name), on_response=self._clock.hear
                ),
                masks=options.masks,
                stopped=lambda: self._stopped,
                on_page=lambda number: self._came(name, number),
            ),
        )
        if plan is not None and name in plan["entities"]:
            running.resume(
                [each for each in ledger.windows if (each.run_id, each.entity) == (self._run_id, name)],
                plan["entities"][name],
            )
        return running

    def _pace_of(self, name: str) -> Pace:
        """What the service answers slowly has a pace of its own; all others share one."""
        if name not in RATE_LIMIT_WAITS:
            return self._pace
        self._paces.append(Pace(SLOW))
        return self._paces[-1]

    # what is done by threads

    def _work(self) -> None:
        """Read, decide and load until nothing is left."""
        for pool in self._pools:
            pool.start()
        for name, running in self._running.items():
            self._take(name, running.load.begin())
        idle = 0.0
        while self._ready or self._busy:
            for pool in self._pools:
                pool.dispatch()
            ready = sum(state.received or 0 for _, state in self._ready)
            if ready >= TOGETHER or idle >= PATIENCE or not self._busy:
                self._hand_over()
                idle = 0.0
            waiting = time.monotonic()
            with suppress(queue.Empty):
                result = self._results.get(timeout=TICK if self._busy else 0)
                self._pools[result.entity in RATE_LIMIT_WAITS].returned()
                self._take(result.entity, self._next(result))
            idle += time.monotonic() - waiting

    @property
    def _busy(self) -> bool:
        return any(pool.busy for pool in self._pools)

    def _take(self, name: str, jobs: list[Job]) -> None:
        """Have jobs done by threads, or by the destination."""
        running = self._running[name]
        for job in jobs:
            if isinstance(job, Apply):
                self._ready.append((name, running.load.states[job.window.number]))
            else:
                self._pools[name in RATE_LIMIT_WAITS].add(name, job)
        if running.load.finished:
            running.end()

    def _hand_over(self) -> None:
        """Give the destination the windows that are ready."""
        ready, self._ready = self._ready, []
        for name in dict.fromkeys(name for name, _ in ready):
            windows = [state.window for entity, state in ready if entity == name]
            self._apply(name, windows)
            for window in windows:
                self._take(name, self._running[name].load.applied(Apply(window)))

    def _next(self, result: Result) -> list[Job]:
        running = self._running[result.entity]
        load = running.load
        jobs: list[Job]
        if result.error is not None:
            jobs = self._failed(result, running)
        elif isinstance(result.job, Count):
            jobs = load.counted(result.job, result.value)
            if result.job.purpose in {"total", "before"} or any(isinstance(job, Count) for job in jobs):
                self._save_plan()
        else:
            assert isinstance(result.job, Fetch)
            assert result.value is not None
            jobs = load.fetched(result.job, result.value)
        return jobs

    def _failed(self, result: Result, running: Running) -> list[Job]:
        error = result.error
        if not isinstance(error, MoveworksError) or isinstance(
            error, AuthenticationError | ConfigurationError | StoppedError
        ):
            assert error is not None
            raise error
        job = result.job
        if isinstance(job, Count) and isinstance(error, ResponseError) and job.window != Window(undated=True):
            # The service has no numbers: the records are read all the same, and nothing is verified.
            return running.load.counted(job, None)
        running.error = running.error or error
        return running.load.broken(job, str(error))

    def _done(self, name: str, job: Job) -> int:
        running = self._running[name]
        bound = running.load.bound
        if isinstance(job, Count):
            return running.reader.count(job.window, bound)
        assert isinstance(job, Fetch)
        window = job.window
        running.read_at[window.number] = self._options.clock()
        file = running.files[window.number] = self._spool.window(running.table.name, window.number)
        received = running.reader.read(window, bound, file, purpose=self._purpose(name, window, bound), anew=job.anew)
        with self._counted:
            running.fetched += file.records
        return received

    def _purpose(self, name: str, window: Window, bound: datetime | None) -> str:
        """What a checkpoint is good for, and nothing else."""
        masks = self._options.masks
        masked = f"{masks.fingerprint} {sorted(masks.names)}" if masks else ""
        return f"{self._origin} {name} {window} {window.start} {window.end} {bound} {self._run_id} {masked}"

    def _came(self, name: str, records: int) -> None:
        with self._counted:
            running = self._running[name]
            running.received += records
        if self._options.on_progress is not None and not self._stopped:
            self._options.on_progress(Progress(entity=name, received=running.received, total=running.load.total))

    def _retried(self, name: str) -> None:
        with self._counted:
            self._running[name].retries += 1

    def _stop(self) -> None:
        self._stopped = True
        for pace in self._paces:
            pace.stop()
        for pool in self._pools:
            pool.stop()
        for pool in self._pools:
            pool.join(FAREWELL)

    # what is done by the loop

    def _apply(self, name: str, windows: list[Window]) -> None:
        """Hand windows to the destination; then their pages are not needed any more."""
        running, options = self._running[name], self._options
        sources = []
        for window in windows:
            file = running.files.pop(window.number, None) or self._spool.window(running.table.name, window.number)
            older, newest = file.versions()
            record = running.window_record(window, self._run_id, options, newest)
            sources.append(WindowSource(file, running.rows, older, record, options.clock()))
        if options.keeper is not None:
            # First: what the destination has is not read again, also by a run that goes on after this one was killed.
            options.keeper.keep(sources)
        running.changes += self._destination.patiently(lambda: self._destination.apply(running.table, sources))
        for source in sources:
            running.windows[source.record.number] = source.record
            source.file.remove()

    # plan, masks and report

    def _save_plan(self) -> None:
        self._spool.save_plan(
            {
                "run": self._run_id,
                "now": self._now.isoformat(),
                "settings": self._settings,
                "entities": {
                    name: running.load.to_plan()
                    for name, running in self._running.items()
                    if running.load.states or running.load.unsized
                },
            }
        )

    def _report(self, ledger: Ledger) -> SyncReport:
        now = self._options.clock()
        runs = [
            running.run_record(self._run_id, self._now, self._options, ledger=ledger, origin=self._origin)
            for running in self._running.values()
        ]
        self._destination.patiently(lambda: self._destination.record(*runs))
        if self._options.keeper is not None:
            self._options.keeper.end(
                self._run_id, {name: running.windows for name, running in self._running.items()}, runs
            )
        if all(running.error is not None for running in self._running.values()):
            error = next(iter(self._running.values())).error
            if isinstance(error, PermissionDeniedError | NotFoundError):
                raise error
        windows = [window for running in self._running.values() for window in running.windows.values()]
        after = evolve(ledger, windows=(*ledger.windows, *windows), runs=(*ledger.runs, *runs))
        return SyncReport(
            run_id=self._run_id,
            destination=self._destination.label,
            resumed=self._resumed,
            entities=tuple(
                EntityReport(
                    run=run,
                    windows=tuple(self._running[run.entity].windows.values()),
                    drift=self._running[run.entity].rows.drift,
                    lost=tuple(day for day in after.days(run.entity, now) if day.state is DayState.LOST),
                )
                for run in runs
            ),
        )

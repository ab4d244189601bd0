"""One run: threads that read, and a loop that decides and hands windows to the destination."""

from __future__ import annotations

import heapq
import queue
import secrets
import tempfile
import threading
import time
from collections import deque
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from attrs import define, field, frozen

from moveworks.destinations.base import Changes, WindowSource
from moveworks.errors import (
    AuthenticationError,
    ConfigurationError,
    MoveworksError,
    NotFoundError,
    PermissionDeniedError,
    ResponseError,
)
from moveworks.records.entity_set import RATE_LIMIT_WAITS
from moveworks.sync.fetch import WindowReader
from moveworks.sync.ledger import DayState, RunRecord, WindowRecord
from moveworks.sync.load import Apply, Count, EntityLoad, Fetch, WindowState
from moveworks.sync.report import EntityReport, Progress, SyncReport
from moveworks.sync.rows import RowReader
from moveworks.sync.spool import Spool
from moveworks.sync.windows import LAG, RETENTION, Span, Window
from moveworks.transport.pace import Pace, StoppedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import timedelta

    from moveworks.destinations.base import Destination
    from moveworks.records import Records
    from moveworks.sync.columns import Table
    from moveworks.sync.ledger import Ledger
    from moveworks.sync.load import Job
    from moveworks.sync.masks import Masks
    from moveworks.sync.pages import PageKeeper
    from moveworks.sync.spool import WindowFile

MAX_PLAN_AGE: Final = 12 * 3600
"""Seconds after which an interrupted run is not gone on with: too much has changed meanwhile."""
MAX_WAIT: Final = 600.0
"""Seconds that another program which has the destination open is waited for."""
SLOW: Final = 2
"""Requests in flight for each entity set that the service answers slowly."""
TICK: Final = 0.2
"""Seconds between two looks of the loop, so that a signal is never far away."""


@frozen(kw_only=True)
class SyncOptions:
    """What a run is asked for; `Records.sync` says what each means."""

    start: datetime | None = None
    end: datetime | None = None
    again: bool = False
    look_back: timedelta
    concurrency: int = 4
    history: bool = False
    masks: Masks | None = None
    keeper: PageKeeper | None = None
    on_progress: Callable[[Progress], Any] | None = None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


class _Result(NamedTuple):
    entity: str
    job: Job
    value: int | None
    error: Exception | None


@define
class _Running:
    """An entity set while it is read."""

    table: Table
    load: EntityLoad
    reader: WindowReader
    rows: RowReader
    windows: dict[int, WindowRecord] = field(factory=dict)
    changes: Changes = field(factory=Changes)
    fetched: int = 0
    received: int = 0
    retries: int = 0
    files: dict[int, WindowFile] = field(factory=dict)
    read_at: dict[int, datetime] = field(factory=dict)
    began: float = field(factory=time.monotonic)
    error: MoveworksError | None = None
    seconds: float = 0.0


class _Pool:
    """Jobs for some threads: counts before pages, so that what was begun is finished first.

    Args:
        size: Number of threads.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.jobs: queue.SimpleQueue[tuple[str, Job] | None] = queue.SimpleQueue()
        self.flying = 0
        self.waiting: list[tuple[int, int, str, Job]] = []
        self._added = 0

    def add(self, name: str, job: Job) -> None:
        """Have a job done when its turn has come."""
        self._added += 1
        heapq.heappush(self.waiting, (isinstance(job, Fetch), self._added, name, job))

    def dispatch(self) -> None:
        """Hand out as many as keep all threads busy; more would fill the disk."""
        while self.waiting and self.flying < 2 * self.size:
            _, _, name, job = heapq.heappop(self.waiting)
            self.jobs.put((name, job))
            self.flying += 1


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
        self._options = options
        self._results: queue.SimpleQueue[_Result] = queue.SimpleQueue()
        self._pools = (_Pool(options.concurrency), _Pool(SLOW))
        self._pace = Pace(options.concurrency)
        self._paces = [self._pace]
        self._running: dict[str, _Running] = {}
        self._counted = threading.Lock()
        self._origin = records.origin
        self._stopped = False

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
            if folder is not None and not any(running.error for running in self._running.values()):
                spool.remove()
        return report

    def _run(self, spool: Spool) -> SyncReport:
        destination, options = self._destination, self._options
        self._patiently(lambda: destination.prepare(self._tables, history=options.history))
        ledger = self._patiently(destination.ledger)
        self._check_masks(ledger)
        self._spool, self._now = spool, options.clock()
        self._run_id = f"{self._now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
        plan = self._plan_of(spool)
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
        self._now = self._options.clock()
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

    def _prepared(self, table: Table, ledger: Ledger, plan: dict[str, Any] | None) -> _Running:
        name, options = table.info.name, self._options
        load = EntityLoad(
            table=table,
            span=self._span(table, ledger),
            bound=self._bound(table, ledger),
            concurrency=options.concurrency,
            restricted=options.start is not None or options.end is not None,
        )
        pace = self._pace_of(name)
        running = _Running(
            table=table,
            load=load,
            rows=RowReader(table),
            reader=WindowReader(
                table,
                self._records.paced(name, pace, lambda _: self._retried(name)),
                masks=options.masks,
                stopped=lambda: self._stopped,
                on_page=lambda number: self._came(name, number),
            ),
        )
        if plan is not None and name in plan["entities"]:
            known = {
                each.number: each
                for each in ledger.windows
                if (each.run_id, each.entity) == (self._run_id, name) and each.verified
            }
            load.with_plan(plan["entities"][name], {number: _state_of(each) for number, each in known.items()})
            running.windows = {number: each for number, each in known.items() if number in load.states}
        return running

    def _span(self, table: Table, ledger: Ledger) -> Span | None:
        if not table.dated:
            return None
        options, now = self._options, self._now
        bound = self._bound(table, ledger)
        start = options.start or (bound - LAG if bound else now - RETENTION)
        return Span(
            start=min(start, now - LAG) if options.start is None else start,
            end=options.end or now,
            open_start=options.start is None,
            open_end=options.end is None,
            whole_days=self._destination.whole_days,
        )

    def _bound(self, table: Table, ledger: Ledger) -> datetime | None:
        """From when on records were written that have to be read; None for all."""
        options = self._options
        if options.again or options.start is not None or options.end is not None or not table.written:
            return None
        watermark = ledger.watermark(table.info.name)
        return watermark - options.look_back if watermark is not None else None

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
            for _ in range(pool.size):
                threading.Thread(target=self._worker, args=(pool.jobs,), name="moveworks-sync", daemon=True).start()
        for name, running in self._running.items():
            self._take(name, running.load.begin())
        while any(pool.flying or pool.waiting for pool in self._pools):
            for pool in self._pools:
                pool.dispatch()
            try:
                result = self._results.get(timeout=TICK)
            except queue.Empty:
                continue
            self._pools[result.entity in RATE_LIMIT_WAITS].flying -= 1
            self._take(result.entity, self._next(result))

    def _take(self, name: str, jobs: list[Job]) -> None:
        """Have jobs done: by threads, or at once where the destination does them."""
        running = self._running[name]
        for job in jobs:
            if isinstance(job, Apply):
                self._apply(name, job)
                self._take(name, running.load.applied(job))
            else:
                self._pools[name in RATE_LIMIT_WAITS].add(name, job)
        if running.load.finished and not running.seconds:
            running.seconds = max(time.monotonic() - running.began, 1e-9)

    def _next(self, result: _Result) -> list[Job]:
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

    def _failed(self, result: _Result, running: _Running) -> list[Job]:
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

    def _worker(self, jobs: queue.SimpleQueue[tuple[str, Job] | None]) -> None:
        while (wanted := jobs.get()) is not None:
            name, job = wanted
            try:
                value, error = self._done(name, job), None
            except Exception as failed:  # noqa: BLE001 - it is raised, or told, where the loop is
                value, error = None, failed
            self._results.put(_Result(name, job, value, error))

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
            for _ in range(pool.size):
                pool.jobs.put(None)

    # what is done by the loop

    def _apply(self, name: str, job: Apply) -> None:
        """Hand a window to the destination; then its pages are not needed any more."""
        running, window = self._running[name], job.window
        state = running.load.states[window.number]
        file = running.files.pop(window.number, None) or self._spool.window(running.table.name, window.number)
        older, newest = file.versions()
        record = WindowRecord(
            run_id=self._run_id,
            entity=name,
            number=window.number,
            kind="whole" if window.whole else "undated" if window.undated else "time",
            window_from=window.start,
            window_to=window.end,
            written_from=running.load.bound,
            count_before=state.before,
            received=state.received or 0,
            count_after=state.after,
            verified=state.verified,
            reason=state.reason,
            read_at=running.read_at.get(window.number) or self._options.clock(),
            newest=newest,
        )
        source = WindowSource(
            file=file, reader=running.rows, older=older, run_id=self._run_id, synced_at=self._options.clock()
        )
        running.changes += self._patiently(lambda: self._destination.apply(running.table, source, record))
        if self._options.keeper is not None and state.received:
            self._options.keeper.keep(file, record)
        running.windows[window.number] = record
        file.remove()

    def _patiently(self, action: Callable[[], Any]) -> Any:
        """Do something with the destination; wait while another program has it open."""
        limit = time.monotonic() + MAX_WAIT
        while True:
            try:
                return action()
            except Exception as error:
                if not self._destination.is_open_elsewhere(error):
                    raise
                if time.monotonic() >= limit:
                    raise ConfigurationError(
                        f"{self._destination.label} is open in another program, for {MAX_WAIT:.0f} s now",
                        advice="Close it there; nothing is lost, and the next run goes on",
                    ) from None
            time.sleep(TICK)

    # plan, masks and report

    def _settings(self) -> dict[str, Any]:
        """What an interrupted run must have in common with this one to go on."""
        options = self._options
        masks = options.masks
        return {
            "origin": self._origin,
            "tables": [table.info.name for table in self._tables],
            "start": options.start.isoformat() if options.start else None,
            "end": options.end.isoformat() if options.end else None,
            "again": options.again,
            "look_back": options.look_back.total_seconds(),
            "masks": [*sorted(masks.names), masks.fingerprint] if masks else [],
        }

    def _plan_of(self, spool: Spool) -> dict[str, Any] | None:
        plan = spool.plan()
        try:
            if plan is None or plan["settings"] != self._settings():
                return None
            age = (self._options.clock() - datetime.fromisoformat(plan["now"])).total_seconds()
            return plan if 0 <= age < MAX_PLAN_AGE and isinstance(plan["entities"], dict) else None
        except (KeyError, TypeError, ValueError):
            return None

    def _save_plan(self) -> None:
        self._spool.save_plan(
            {
                "run": self._run_id,
                "now": self._now.isoformat(),
                "settings": self._settings(),
                "entities": {
                    name: running.load.to_plan()
                    for name, running in self._running.items()
                    if running.load.states or running.load.unsized
                },
            }
        )

    def _check_masks(self, ledger: Ledger) -> None:
        """A file whose values are masked stays so, with the same key."""
        used = [run for run in ledger.runs if run.mask_key]
        if not used:
            return
        masks = self._options.masks
        if masks is None or masks.fingerprint != used[-1].mask_key:
            raise ConfigurationError(
                f"{self._destination.label} holds masked values"
                + (", made with another key" if masks is not None else ""),
                advice=f"Give --mask {used[-1].masks} and the key that it was made with, or load into a new one",
            )
        if missing := set(used[-1].masks.split(",")) - masks.names:
            raise ConfigurationError(
                f"{', '.join(sorted(missing))} was masked in {self._destination.label} so far",
                advice=f"Give --mask {used[-1].masks}",
            )

    def _report(self, ledger: Ledger) -> SyncReport:
        now = self._options.clock()
        runs = [self._run_record(running, ledger, now) for running in self._running.values()]
        for run in runs:
            self._patiently(partial(self._destination.record, run))
        if all(running.error is not None for running in self._running.values()):
            error = next(iter(self._running.values())).error
            if isinstance(error, PermissionDeniedError | NotFoundError):
                raise error
        after = self._patiently(self._destination.ledger)
        return SyncReport(
            run_id=self._run_id,
            destination=self._destination.label,
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

    def _run_record(self, running: _Running, ledger: Ledger, now: datetime) -> RunRecord:
        name, load, masks = running.table.info.name, running.load, self._options.masks
        before = ledger.watermark(name)
        marks = [mark for mark in (before, *(each.newest for each in running.windows.values())) if mark is not None]
        complete = load.finished and not load.failed
        return RunRecord(
            run_id=self._run_id,
            entity=name,
            started_at=self._now,
            finished_at=now,
            complete=complete,
            reason=load.failed,
            partial=load.restricted,
            watermark=max(marks, default=None) if complete else before,
            total=load.total,
            fetched=running.fetched,
            new=running.changes.new,
            changed=running.changes.changed,
            unchanged=running.changes.unchanged,
            windows=len(running.windows),
            retries=running.retries,
            seconds=round(running.seconds or time.monotonic() - running.began, 3),
            origin=self._origin,
            masks=",".join(sorted(masks.names)) if masks else "",
            mask_key=masks.fingerprint if masks else "",
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

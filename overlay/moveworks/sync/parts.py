"""An entity set in parts that are read apart, also on other machines: each proves itself."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from moveworks.errors import MoveworksError
from moveworks.sync.load import UNDATED, Count, EntityLoad, Fetch, WindowState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from moveworks.records.columns import Table
    from moveworks.sync.fetch import WindowReader
    from moveworks.sync.load import Job
    from moveworks.sync.spool import WindowFile
    from moveworks.sync.windows import Span, Window


def cut_into_windows(
    table: Table, reader: WindowReader, span: Span | None, bound: datetime | None, *, concurrency: int
) -> list[Window]:
    """The windows that hold all records; those that are empty now are left out, unless records may still come there.

    Args:
        table: Of the entity set.
        reader: What counts.
        span: What is cut; None for one that has no `created_time`.
        bound: Only records last written at this moment or later.
        concurrency: How many are read at once.

    Raises:
        MoveworksError: if the service gives no number.
    """
    load = EntityLoad(table=table, span=span, bound=bound, concurrency=concurrency)
    load.restricted = span is not None and not (span.open_start and span.open_end)
    jobs = deque(load.begin())
    while jobs:
        job = jobs.popleft()
        if isinstance(job, Count) and job.purpose in {"total", "before"}:
            jobs += load.counted(job, reader.count(job.window, bound))
    states = [load.states[number] for number in sorted(load.states)]
    windows = [state.window for state in states if state.before != 0 or state.window.end is None]
    if span is not None and not load.restricted and (load.total or 0) > sum(state.before or 0 for state in states):
        # A record without a time falls out of every window.
        windows.append(UNDATED)
    return windows


def read_verified(
    table: Table, reader: WindowReader, window: Window, bound: datetime | None, file: WindowFile
) -> Iterator[bytes]:
    """The records of a window as JSON texts, each once and in its newest version, after the counts agreed.

    Args:
        table: Of the entity set.
        reader: What asks the service.
        window: What is read.
        bound: Only records last written at this moment or later.
        file: Where the records are until the counts agree.

    Raises:
        MoveworksError: if they do not, or the service fails.
    """
    load = EntityLoad(table=table, span=None, bound=bound)
    load.states[window.number] = WindowState(window)
    jobs: deque[Job] = deque(load.begin())
    while jobs:
        job = jobs.popleft()
        if isinstance(job, Count):
            jobs += load.counted(job, reader.count(job.window, bound))
        elif isinstance(job, Fetch):
            jobs += load.fetched(job, reader.read(window, bound, file, purpose="", anew=job.anew))
        else:
            jobs += load.applied(job)
    if load.failed:
        raise MoveworksError(
            f"{table.info.name}, {window}: {load.states[window.number].reason}", advice="Read it again"
        )
    older, _ = file.versions()
    if file.path.exists():
        yield from (line for at, line in enumerate(file.lines()) if at not in older)

"""What `moveworks sync` shows while it runs: bars on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from moveworks.cli.notes import Notes
    from moveworks.sync import Progress

EVERY: Final = 15.0
"""Seconds between two lines."""


@contextmanager
def shown(notes: Notes, label: str) -> Iterator[Callable[[Progress], Any]]:
    """What takes the progress of a run."""
    if not notes.can_show_progress:
        yield _Lines(notes, label)
        return
    with notes.bars() as bar:
        yield _Bars(bar)


class _Bars:
    """A bar for each entity set."""

    def __init__(self, bar: Any) -> None:
        self._bar = bar
        self._tasks: dict[str, Any] = {}
        self._lock = threading.Lock()

    def __call__(self, progress: Progress) -> None:
        with self._lock:
            if progress.entity not in self._tasks:
                self._tasks[progress.entity] = self._bar.add_task(f"{progress.entity:17}", total=progress.total)
        self._bar.update(self._tasks[progress.entity], completed=progress.received, total=progress.total)


class _Lines:
    """A line now and then, for logs."""

    def __init__(self, notes: Notes, label: str) -> None:
        self._notes, self._label = notes, label
        self._lock = threading.Lock()
        self._known: dict[str, Progress] = {}
        self._said = time.monotonic()

    def __call__(self, progress: Progress) -> None:
        with self._lock:
            self._known[progress.entity] = progress
            now = time.monotonic()
            if now - self._said < EVERY:
                return
            self._said = now
            parts = ", ".join(_part(each) for each in self._known.values())
        self._notes.say(f"{self._label}: {parts}")


def _part(progress: Progress) -> str:
    total = f" of {progress.total:,}" if progress.total is not None else ""
    return f"{progress.entity} {progress.received:,}{total}"

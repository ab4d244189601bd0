"""Jobs for threads."""

from __future__ import annotations

import heapq
import queue
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from moveworks.sync.load import Fetch

if TYPE_CHECKING:
    from collections.abc import Callable

    from moveworks.sync.load import Job


class Result(NamedTuple):
    """What came of a job: a number, or an error."""

    entity: str
    job: Job
    value: int | None
    error: Exception | None


class Pool:
    """Some threads that count and read: counts first, so that what was begun is finished before more is.

    Args:
        size: Number of threads.
        work: Does a job; the number that it comes to.
        results: Where it is told.
    """

    def __init__(self, size: int, work: Callable[[str, Job], int], results: queue.SimpleQueue[Result]) -> None:
        self._size, self._work, self._results = size, work, results
        self._jobs: queue.SimpleQueue[tuple[str, Job] | None] = queue.SimpleQueue()
        self._waiting: list[tuple[bool, int, str, Job]] = []
        self._flying = self._added = 0
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start the threads. They end with the program, whatever they wait for."""
        for _ in range(self._size):
            self._threads.append(threading.Thread(target=self._serve, name="moveworks-sync", daemon=True))
            self._threads[-1].start()

    def stop(self) -> None:
        """Let the threads end: they begin no other job."""
        with suppress(queue.Empty):
            while True:
                self._jobs.get_nowait()
        for _ in range(self._size):
            self._jobs.put(None)

    def join(self, seconds: float) -> None:
        """Wait for the threads, at most so long: those that are left wait for the service, and write nothing more."""
        limit = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, limit - time.monotonic()))

    @property
    def busy(self) -> bool:
        """Whether anything is left to do."""
        return bool(self._flying or self._waiting)

    def add(self, entity: str, job: Job) -> None:
        """Have a job done when its turn has come."""
        self._added += 1
        heapq.heappush(self._waiting, (isinstance(job, Fetch), self._added, entity, job))

    def dispatch(self) -> None:
        """Hand out as many jobs as keep all threads busy; more would fill the disk."""
        while self._waiting and self._flying < 2 * self._size:
            _, _, entity, job = heapq.heappop(self._waiting)
            self._jobs.put((entity, job))
            self._flying += 1

    def returned(self) -> None:
        """A job came back."""
        self._flying -= 1

    def _serve(self) -> None:
        while (wanted := self._jobs.get()) is not None:
            entity, job = wanted
            value: int | None = None
            error: Exception | None = None
            try:
                value = self._work(entity, job)
            except Exception as failed:  # noqa: BLE001 - raised, or told, by the loop that decides
                error = failed
            self._results.put(Result(entity, job, value, error))

"""One pace for many threads: after a 429 all of them slow down, and speed up again step by step."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

from moveworks.errors import MoveworksError

if TYPE_CHECKING:
    from collections.abc import Callable

STEP: Final = 0.25
"""Places that a full round of good answers adds."""


class StoppedError(MoveworksError):
    """A wait was ended by `Pace.stop()`."""


class Pace:
    """How many requests may be in flight at once, and from when on.

    After a 429 nobody sends before its wait is over, and then half as many as before. Each good answer allows a little
    more, up to where it began. Safe to share between threads.

    Args:
        most: Requests in flight at most.
        clock: Seconds that never go back.
    """

    def __init__(self, most: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.most = most
        self.limited = 0
        self._allowed = float(most)
        self._flying = 0
        self._not_before = 0.0
        self._clock = clock
        self._changed = threading.Condition()
        self._stopped = False

    def enter(self, timeout: float) -> bool:
        """Wait for a place; False if there is none within `timeout` seconds.

        Raises:
            StoppedError: if `stop()` is called.
        """
        limit = self._clock() + timeout
        with self._changed:
            while True:
                self._check()
                now = self._clock()
                if now >= self._not_before and self._flying < max(1, int(self._allowed)):
                    self._flying += 1
                    return True
                if now >= limit:
                    return False
                until = min(limit, self._not_before) if now < self._not_before else limit
                self._changed.wait(max(0.0, until - now))

    def leave(self) -> None:
        """Give the place back."""
        with self._changed:
            self._flying -= 1
            self._changed.notify_all()

    def answered(self) -> None:
        """An answer was good: allow a little more."""
        with self._changed:
            self._allowed = min(self.most, self._allowed + STEP / self._allowed)

    def slow_down(self, seconds: float) -> None:
        """The service said that this is too fast: nobody sends for so many seconds, and fewer afterwards."""
        with self._changed:
            now = self._clock()
            self.limited += 1
            # Those that were in flight together are told the same, and that counts once.
            if now >= self._not_before:
                self._allowed = max(1.0, self._allowed / 2)
            self._not_before = max(self._not_before, now + seconds)

    def wait(self, seconds: float) -> None:
        """Wait so many seconds.

        Raises:
            StoppedError: if `stop()` is called.
        """
        limit = self._clock() + seconds
        with self._changed:
            while (left := limit - self._clock()) > 0:
                self._check()
                self._changed.wait(left)
            self._check()

    def stop(self) -> None:
        """End all waits, and let nobody send any more."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def _check(self) -> None:
        if self._stopped:
            raise StoppedError("it was stopped")

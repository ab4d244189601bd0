"""The sandbox's present."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """A clock that begins at a moment, goes on with the machine's, and can be advanced.

    Args:
        began: Where it begins; by default at the machine's present.
    """

    def __init__(self, began: datetime | None = None) -> None:
        self.began = (began or datetime.now(UTC)).astimezone(UTC)
        self._started = time.monotonic()
        self._added = 0.0

    def seconds(self) -> float:
        """Seconds since it began, with those that were added."""
        return time.monotonic() - self._started + self._added

    def now(self) -> datetime:
        """The sandbox's present, in UTC."""
        return self.began + timedelta(seconds=self.seconds())

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._added += seconds

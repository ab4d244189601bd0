"""When made-up records happen, when the daily batches write them, and when they are written again.

Days are counted from the first one that records cover, moments in milliseconds from its beginning.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

DAYS: Final = 28
"""Days that records cover when the sandbox begins."""
DAY: Final = 86_400_000
NOON: Final = 12 * 3_600_000 + 20 * 60_000
"""What happens later in a day may miss its batch: with the next one it is no more than 42 hours late."""
RETENTION: Final = timedelta(days=30)
"""How long the service keeps a record after it was last written."""
MINUTES: Final = [f"T{hour:02}:{minute:02}:" for hour in range(24) for minute in range(60)]
LATE: Final = (15, 1)
"""Of the rows that may miss their batch, how many do not and how many do."""
REWRITTEN: Final = (70, 1, 1, 1, 1, 1, 1, 1)
"""How many rows are not written again, and how many are one to seven days after they were written first."""
MAX_LIFE: Final = 2 + len(REWRITTEN) - 1
"""Days after its event on which a row is written for the last time: it comes a day late, and is written again."""
UNDATED: Final = 1500
"""In a living sandbox one row in so many has no `created_time`."""


class Times(NamedTuple):
    """The life of one row.

    Attributes:
        created: When its event was, in milliseconds.
        arrives: Day of the batch that writes it.
        again: Day of the batch that writes it again; 0 if none does.
        dated: Whether `created_time` is there.
    """

    created: int
    arrives: int
    again: int
    dated: bool


class Calendar:
    """Moments and batches of one sandbox.

    Args:
        seed: Same seed, same batches.
        began: When the sandbox begins; the last batch before it is that of day `DAYS`.
        living: Whether rows may miss their batch, or lack their time.
    """

    def __init__(self, seed: int, began: datetime, *, living: bool) -> None:
        self._seed, self._living = seed, living
        midnight = began.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        self.start = midnight - timedelta(days=DAYS)
        if began < self.batch(DAYS):
            self.start -= timedelta(days=1)
        self._date = lru_cache(1024)(self._date_of)
        self.batch_text = lru_cache(1024)(self._batch_text)

    def batch(self, day: int) -> datetime:
        """When the batch of a day is written: 06:00 to 06:20 UTC, to the second."""
        date = self.start + timedelta(days=day)
        seconds = random.Random(f"{self._seed}/batch/{date:%Y-%m-%d}").randrange(1200)
        return date + timedelta(hours=6, seconds=seconds)

    def _batch_text(self, day: int) -> str:
        """The same as it is written in records."""
        return self.batch(day).strftime("%Y-%m-%dT%H:%M:%S.000Z")

    def last_batch(self, now: datetime) -> int:
        """Day of the last batch that has been written."""
        day = (now - self.start).days
        return day if self.batch(day) <= now else day - 1

    def last_expired(self, now: datetime) -> int:
        """Day of the last batch whose rows are gone, unless they were written again."""
        return self.last_batch(now - RETENTION - timedelta(microseconds=1))

    def text(self, moment: int) -> str:
        """A moment as it is written in records. There are millions of them, so it is put together from texts."""
        day, rest = divmod(moment, DAY)
        minute, rest = divmod(rest, 60_000)
        return f"{self._date(day)}{MINUTES[minute]}{rest // 1000:02}.{rest % 1000:03}Z"

    def _date_of(self, day: int) -> str:
        return (self.start + timedelta(days=day)).strftime("%Y-%m-%d")

    @staticmethod
    def created(index: int, size: int) -> int:
        """The moment of a row, where `size` of them happen in `DAYS` days."""
        return index * DAYS * DAY // size

    @staticmethod
    def happened_before(day: int, size: int) -> int:
        """How many rows happen before a day."""
        return -(-day * size // DAYS)

    def times(self, entity: str, number: int, indexes: range, size: int) -> Iterator[Times]:
        """The lives of the rows of a block."""
        rng = random.Random(f"{self._seed}/times/{entity}/{number}")
        count = len(indexes)
        later = rng.choices(range(len(REWRITTEN)), REWRITTEN, k=count)
        late = rng.choices((0, 1), LATE, k=count) if self._living else (0,) * count
        undated = {rng.randrange(UNDATED) for _ in range(max(1, count // UNDATED))} if self._living else set()
        for place, (index, days, missed) in enumerate(zip(indexes, later, late, strict=True)):
            created = self.created(index, size)
            day, moment = divmod(created, DAY)
            arrives = day + 1 + (missed if moment >= NOON else 0)
            yield Times(created, arrives, arrives + days if days else 0, place not in undated)

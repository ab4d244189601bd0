"""Records of a living sandbox: batches arrive, some rows come late, are written again, and expire."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import msgspec

from moveworks.sandbox.calendar import MAX_LIFE
from moveworks.sandbox.generator import BLOCK
from moveworks.sandbox.table import Table

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from moveworks.sandbox.generator import Generator


class LivingTable(Table):
    """The records of an entity set as they are now.

    What they are is a function of seed and day alone: it does not matter how often anybody looked in between.

    Args:
        name: Published name of the entity set.
        generator: What makes the rows.
        now: The sandbox's present.
    """

    def __init__(self, name: str, generator: Generator, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._name, self._generator, self._now = name, generator, now
        self._size = generator.size(name)
        self._every = generator.maker(name).every
        self._blocks = 0
        self._reached: tuple[int, int] = (0, 0)
        self._encode = msgspec.json.Encoder().encode

    def following(
        self, where: str, parameters: tuple[Any, ...], after: int, offset: int, limit: int
    ) -> list[tuple[int, str]]:
        """Records behind a position, which are those of now."""
        self._prepare()
        text = f"SELECT n, body FROM records WHERE n > ? AND {where or 1} ORDER BY n LIMIT ? OFFSET ?"
        return self._all(text, (after, *parameters, limit, offset))

    def _create(self, connection: sqlite3.Connection) -> None:
        super()._create(connection)
        execute = connection.execute
        execute("CREATE INDEX by_written ON records (last_updated_time)")
        execute("CREATE INDEX by_created ON records (created_time)")
        # Rows whose batch is still to come, and rows that will be written again.
        execute("CREATE TABLE waiting (n INTEGER PRIMARY KEY, day INTEGER, again INTEGER, body TEXT)")
        execute("CREATE TABLE due (n INTEGER PRIMARY KEY, day INTEGER)")
        execute("CREATE INDEX by_day ON due (day)")

    def _prepare(self) -> None:
        """Let all batches arrive that were written since somebody looked last."""
        calendar, now = self._generator.calendar, self._now()
        moment = (calendar.last_batch(now), calendar.last_expired(now))
        if moment == self._reached:
            return
        with self._lock:
            if moment <= self._reached:
                return
            connection = self._connection
            connection.execute("BEGIN")
            try:
                self._arrive(*moment)
                expired = calendar.batch_text(moment[1])
                connection.execute("DELETE FROM records WHERE last_updated_time <= ?", (expired,))
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
            self._reached = moment
            self._version += 1

    def _arrive(self, day: int, expired: int) -> None:
        """Write what the batches up to a day write; what only batches up to `expired` write need not be made."""
        ready = self._all("SELECT n, body, again FROM waiting WHERE day <= ?", (day,))
        self._connection.execute("DELETE FROM waiting WHERE day <= ?", (day,))
        self._write(((n, json.loads(body), again) for n, body, again in ready), day)
        due = self._all("SELECT n, body, due.day FROM due JOIN records USING (n) WHERE due.day <= ?", (day,))
        self._connection.execute("DELETE FROM due WHERE day <= ?", (day,))
        self._write(((n, json.loads(body), again) for n, body, again in due), day)
        calendar = self._generator.calendar
        if not self._every:
            gone = calendar.happened_before(expired - MAX_LIFE, self._size) // BLOCK
            self._blocks = max(self._blocks, gone)
        while self._size and self._blocks * BLOCK < calendar.happened_before(day, self._size):
            self._write(self._block(day), day)
            self._blocks += 1

    def _block(self, day: int) -> Iterator[tuple[int, dict[str, Any], int]]:
        """The rows of the next block that have arrived by a day; the others wait."""
        lives, rows = self._generator.first_written(self._name, self._blocks)
        waiting = []
        for n, (life, row) in enumerate(zip(lives, rows, strict=True), self._blocks * BLOCK + 1):
            again = self._next(n, life.arrives) if self._every else life.again
            if life.arrives <= day:
                yield n, row, again
            else:
                waiting.append((n, life.arrives, again, self._encode(row).decode()))
        self._connection.executemany("INSERT INTO waiting VALUES (?, ?, ?, ?)", waiting)

    def _write(self, rows: Iterator[tuple[int, dict[str, Any], int]], day: int) -> None:
        """Write rows as they are by a day, given with the day on which they are written again."""
        bodies, due = [], []
        for n, row, again in rows:
            last = 0
            while again and again <= day:
                last, again = again, self._next(n, again) if self._every else 0  # noqa: PLW2901 - the next one
            if last:
                # Each time changes the same properties, so only the last one is seen.
                self._generator.again(self._name, row, last)
            if again:
                due.append((n, again))
            bodies.append((n, self._encode(row).decode()))
        self._store(bodies)
        self._connection.executemany("REPLACE INTO due VALUES (?, ?)", due)

    def _next(self, n: int, day: int) -> int:
        """The next day on which a row is written that is written again and again."""
        return day + 1 + random.Random(f"{self._generator.seed}/{self._name}/{n}/{day}").randrange(2 * self._every)

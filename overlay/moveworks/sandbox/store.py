"""The records, in SQLite: each row with its JSON text as it is served."""

from __future__ import annotations

import json
import sqlite3
import threading
from array import array
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from moveworks.sandbox.data import BLOCK, Generator
from moveworks.sandbox.load import read_folder
from moveworks.sandbox.sql import Translation, install
from moveworks_export.entities import ENTITY_SETS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from pathlib import Path

    from moveworks.odata import OrderBy, Predicate

HORIZON = timedelta(days=30)


class Store:
    """The tables of all entity sets. Safe to use from several threads.

    Args:
        rows: Number of interactions.
        seed: Same seed and `began`, same records.
        load: Folder of files to serve instead.
        began: The end of the time that made-up records cover; fixed, while `now` goes on.
        now: The sandbox's present, for the thirty days.

    Raises:
        ConfigurationError: if the folder cannot be loaded.
    """

    def __init__(
        self, *, rows: int, seed: int, load: Path | None, began: datetime, now: Callable[[], datetime]
    ) -> None:
        loaded = read_folder(load) if load is not None else None
        self.generator = Generator(rows, seed, began)
        self._now = now
        self._loaded = loaded is not None
        self._tables = {
            name: Table(name, self.generator if loaded is None else loaded.get(name, [])) for name in ENTITY_SETS
        }

    def close(self) -> None:
        """Forget everything; what is being asked for ends with an error."""
        for table in self._tables.values():
            table.close()

    def rows(self, entity: str) -> list[dict[str, Any]]:
        """All records of an entity set that are served, as decoded JSON."""
        return [json.loads(body) for _, body in self.page(entity, None, (), after=0, offset=0, limit=-1)]

    def count(self, entity: str, condition: Predicate | None) -> int:
        """How many records are served, or match."""
        return self._tables[entity].count(*self._where(condition))

    def page(
        self,
        entity: str,
        condition: Predicate | None,
        order: Iterable[OrderBy],
        *,
        after: int,
        offset: int,
        limit: int,
    ) -> list[tuple[int, str]]:
        """Positions and JSON texts of the next records; without an order, those behind the position `after`."""
        where, parameters = self._where(condition)
        keys: list[str] = []
        for key in order:
            translation = Translation()
            keys.append(translation.value(key.node) + (" DESC" if key.descending else ""))
            parameters += tuple(translation.parameters)
        table = self._tables[entity]
        if keys:
            return table.ordered(where, ", ".join([*keys, "n"]), parameters, offset, limit)
        return table.following(where, parameters, after, offset, limit)

    def _where(self, condition: Predicate | None) -> tuple[str, tuple[Any, ...]]:
        """A condition in SQL, empty if all records are meant."""
        parts: list[str] = []
        parameters: list[Any] = []
        oldest = self._now() - HORIZON
        # Loaded records are served whatever their age: somebody wants to see them.
        if not self._loaded and oldest > self.generator.oldest:
            parts.append("updated >= ?")
            # To the minute, so that what was found for one page is good for the next.
            parameters.append(oldest.strftime("%Y-%m-%dT%H:%M:00.000Z"))
        if condition is not None:
            translation = Translation()
            parts.append(f"coalesce({translation.condition(condition.node)}, 0)")
            parameters += translation.parameters
        return " AND ".join(parts), tuple(parameters)


class Table:
    """The records of an entity set, made as far as they are asked for.

    They are in a temporary database that SQLite keeps in memory while it is small and on disk when it grows, so that
    millions of records do not need the memory of millions of records.

    Args:
        name: Published name of the entity set.
        source: What makes the records, or their JSON texts.
    """

    def __init__(self, name: str, source: Generator | list[str]) -> None:
        self._name = name
        self._source = source
        self._size = source.size(name) if isinstance(source, Generator) else len(source)
        self._made = 0
        self._lock = threading.RLock()
        self._closed = False
        self._opened: sqlite3.Connection | None = None
        self._encode = msgspec.json.Encoder().encode
        # Pages of one list ask for the same count and the same order again and again.
        self._counted = lru_cache(64)(self._count)
        self._ranked = lru_cache(8)(self._rank)

    def close(self) -> None:
        """Forget the records."""
        if not self._closed and self._opened is not None:
            self._opened.interrupt()
        self._closed = True
        with self._lock:
            if self._opened is not None:
                self._opened.close()

    def count(self, where: str, parameters: tuple[Any, ...]) -> int:
        """How many records match."""
        return self._counted(where, parameters) if where else self._size

    def following(
        self, where: str, parameters: tuple[Any, ...], after: int, offset: int, limit: int
    ) -> list[tuple[int, str]]:
        """Records behind a position, in the order in which they happened; no more are made than it takes."""
        limit = self._size if limit < 0 else limit
        if not where:
            # Every position is taken, so those to be left out need not be read.
            after, offset = after + offset, 0
        found: list[tuple[int, str]] = []
        while after < self._size and len(found) < offset + limit:
            # Positions begin at 1.
            last = self._fill(max(after + (limit if not where else BLOCK), self._made))
            text = f"SELECT n, body FROM records WHERE n > ? AND n <= ? AND {where or 1} ORDER BY n LIMIT ?"
            found += self._all(text, (after, last, *parameters, offset + limit - len(found)))
            after = last
        return found[offset:]

    def ordered(
        self, where: str, keys: str, parameters: tuple[Any, ...], offset: int, limit: int
    ) -> list[tuple[int, str]]:
        """Records in an order of their own."""
        ranks = self._ranked(where, keys, parameters)
        wanted = ranks[offset:] if limit < 0 else ranks[offset : offset + limit]
        text = "SELECT n, body FROM records WHERE n IN (SELECT value FROM json_each(?))"
        found = dict(self._all(text, (json.dumps(wanted.tolist()),)))
        return [(n, found[n]) for n in wanted]

    def _count(self, where: str, parameters: tuple[Any, ...]) -> int:
        self._fill(self._size)
        number: int = self._all(f"SELECT count(*) FROM records WHERE {where}", parameters)[0][0]
        return number

    def _rank(self, where: str, keys: str, parameters: tuple[Any, ...]) -> array[int]:
        """Positions of all records that match, in order."""
        self._fill(self._size)
        text = f"SELECT n FROM records WHERE {where or 1} ORDER BY {keys}"
        return array("q", (row[0] for row in self._all(text, parameters)))

    def _all(self, text: str, parameters: tuple[Any, ...]) -> list[Any]:
        with self._lock:
            return self._connection.execute(text, parameters).fetchall()

    @property
    def _connection(self) -> sqlite3.Connection:
        if self._closed:
            raise sqlite3.ProgrammingError("the sandbox was stopped")
        if self._opened is None:
            self._opened = sqlite3.connect("", check_same_thread=False, isolation_level=None)
            install(self._opened)
            self._opened.execute("PRAGMA cache_size = -65536")  # KiB
            self._opened.execute("CREATE TABLE records (n INTEGER PRIMARY KEY, body TEXT NOT NULL, updated TEXT)")
        return self._opened

    def _fill(self, position: int) -> int:
        """Make the records up to a position, or to the last one; the position up to which they are made."""
        while self._made < min(position, self._size):
            # Others may read between two blocks.
            with self._lock:
                self._insert(self._made)
        return min(self._made, self._size)

    def _insert(self, made: int) -> None:
        if isinstance(self._source, Generator):
            block = self._source.block(self._name, made // BLOCK)
            rows = [(self._encode(row).decode(), row.get("last_updated_time")) for row in block]
        else:
            rows = [(body, None) for body in self._source[made : made + BLOCK]]
        self._connection.execute("BEGIN")
        self._connection.executemany("INSERT INTO records (body, updated) VALUES (?, ?)", rows)
        self._connection.execute("COMMIT")
        self._made = made + len(rows)

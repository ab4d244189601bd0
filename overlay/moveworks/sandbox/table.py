"""One entity set in SQLite: each record with its JSON text as it is served."""

from __future__ import annotations

import json
import sqlite3
import threading
from abc import ABC, abstractmethod
from array import array
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import msgspec

from moveworks.sandbox.generator import BLOCK, Generator
from moveworks.sandbox.sql import COLUMNS, install

if TYPE_CHECKING:
    from collections.abc import Iterable

CACHE: Final = 16 * 1024
"""KiB of a table that SQLite keeps in memory; the rest is in a temporary file."""


class Table(ABC):
    """The records of an entity set. Safe to use from several threads.

    They are in a temporary database that SQLite keeps in memory while it is small and on disk when it grows, so that
    millions of records do not need the memory of millions of records.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._closed = False
        self._opened: sqlite3.Connection | None = None
        self._version = 0
        # Pages of one list ask for the same count and the same order again and again.
        self._counted = lru_cache(64)(self._count)
        self._ranked = lru_cache(8)(self._rank)

    @abstractmethod
    def following(
        self, where: str, parameters: tuple[Any, ...], after: int, offset: int, limit: int
    ) -> list[tuple[int, str]]:
        """Positions and JSON texts of records behind a position, in the order in which they happened.

        Args:
            where: A condition in SQL; empty if all records are meant.
            parameters: Its values.
            after: The position.
            offset: How many to leave out.
            limit: How many at most; all if negative.
        """

    @abstractmethod
    def _prepare(self) -> None:
        """See to it that all records are there."""

    def count(self, where: str, parameters: tuple[Any, ...]) -> int:
        """How many records match."""
        self._prepare()
        return self._counted(self._version, where, parameters)

    def ordered(
        self, where: str, keys: str, parameters: tuple[Any, ...], offset: int, limit: int
    ) -> list[tuple[int, str]]:
        """Records in an order of their own."""
        self._prepare()
        ranks = self._ranked(self._version, where, keys, parameters)
        wanted = ranks[offset:] if limit < 0 else ranks[offset : offset + limit]
        text = "SELECT n, body FROM records WHERE n IN (SELECT value FROM json_each(?))"
        found = dict(self._all(text, (json.dumps(wanted.tolist()),)))
        # One may have expired since.
        return [(n, found[n]) for n in wanted if n in found]

    def close(self) -> None:
        """Forget the records; what is being asked for ends with an error."""
        if not self._closed and self._opened is not None:
            self._opened.interrupt()
        self._closed = True
        with self._lock:
            if self._opened is not None:
                self._opened.close()
            self._counted.cache_clear()
            self._ranked.cache_clear()

    def _count(self, version: int, where: str, parameters: tuple[Any, ...]) -> int:
        del version
        number: int = self._all(f"SELECT count(*) FROM records WHERE {where or 1}", parameters)[0][0]
        return number

    def _rank(self, version: int, where: str, keys: str, parameters: tuple[Any, ...]) -> array[int]:
        """Positions of all records that match, in order."""
        del version
        text = f"SELECT n FROM records WHERE {where or 1} ORDER BY {keys}"
        return array("q", (row[0] for row in self._all(text, parameters)))

    def _all(self, text: str, parameters: tuple[Any, ...] = ()) -> list[Any]:
        with self._lock:
            return self._connection.execute(text, parameters).fetchall()

    def _store(self, rows: Iterable[tuple[int, str]]) -> None:
        """Write records, given by position and JSON text, in place of earlier ones."""
        columns = ", ".join(COLUMNS)
        values = ", ".join(f"json_extract(?2, '$.\"{name}\"')" for name in COLUMNS)
        self._connection.executemany(f"REPLACE INTO records (n, body, {columns}) VALUES (?1, ?2, {values})", rows)

    @property
    def _connection(self) -> sqlite3.Connection:
        if self._closed:
            raise sqlite3.ProgrammingError("the sandbox was stopped")
        if self._opened is None:
            self._opened = sqlite3.connect("", check_same_thread=False, isolation_level=None)
            install(self._opened)
            self._opened.execute(f"PRAGMA cache_size = -{CACHE}")
            self._create(self._opened)
        return self._opened

    def _create(self, connection: sqlite3.Connection) -> None:
        # Columns without a type hold what JSON holds.
        columns = ", ".join(COLUMNS)
        connection.execute(f"CREATE TABLE records (n INTEGER PRIMARY KEY, body TEXT NOT NULL, {columns})")


class FixedTable(Table):
    """Records that do not change, made as far as they are asked for.

    Args:
        name: Published name of the entity set.
        source: What makes the records, or their JSON texts.
    """

    def __init__(self, name: str, source: Generator | list[str]) -> None:
        super().__init__()
        self._name = name
        self._source = source
        self._size = source.size(name) if isinstance(source, Generator) else len(source)
        self._made = 0
        self._encode = msgspec.json.Encoder().encode

    def count(self, where: str, parameters: tuple[Any, ...]) -> int:
        """How many records match; that of all is known without making them."""
        return super().count(where, parameters) if where else self._size

    def following(
        self, where: str, parameters: tuple[Any, ...], after: int, offset: int, limit: int
    ) -> list[tuple[int, str]]:
        """Records behind a position; no more are made than it takes."""
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

    def _prepare(self) -> None:
        self._fill(self._size)

    def _fill(self, position: int) -> int:
        """Make the records up to a position, or to the last one; the position up to which they are made."""
        while self._made < min(position, self._size):
            # Others may read between two blocks.
            with self._lock:
                self._insert(self._made)
        return min(self._made, self._size)

    def _insert(self, made: int) -> None:
        if isinstance(self._source, Generator):
            bodies = [self._encode(row).decode() for row in self._source.block(self._name, made // BLOCK)]
        else:
            bodies = self._source[made : made + BLOCK]
        self._connection.execute("BEGIN")
        self._store(enumerate(bodies, made + 1))
        self._connection.execute("COMMIT")
        self._made = made + len(bodies)

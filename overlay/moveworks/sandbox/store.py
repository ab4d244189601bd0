"""The records, in SQLite: a table for each entity set of the catalogue, each row with its JSON text as it is served."""

from __future__ import annotations

import difflib
import json
import sqlite3
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from moveworks import odata
from moveworks.errors import ConfigurationError
from moveworks.sandbox.data import Generator
from moveworks.sandbox.sql import Translation, install
from moveworks_export.entities import ENTITY_SETS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from pathlib import Path

    from moveworks.odata import OrderBy, Predicate

HORIZON = timedelta(days=30)


class Store:
    """Tables that are filled when they are first asked for. Safe to use from several threads.

    Args:
        rows: Number of interactions.
        seed: Same seed and `began`, same records.
        load: Folder of files to serve instead.
        began: The end of the time that made-up records cover; fixed, while `now` goes on.
        now: The sandbox's present, for the thirty days.
    """

    def __init__(
        self, *, rows: int, seed: int, load: Path | None, began: datetime, now: Callable[[], datetime]
    ) -> None:
        # Read before anything is opened: what cannot be read leaves nothing behind.
        self._files = _files(load) if load else {}
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        install(self._connection)
        self._lock = threading.RLock()
        self._now = now
        self.generator = Generator(rows, seed, began)
        self._loaded = load is not None
        self._filled: dict[str, str] = {}
        try:
            for name in self._files:
                self._table(name)
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Forget everything."""
        with self._lock:
            self._connection.close()

    def rows(self, entity: str) -> list[dict[str, Any]]:
        """All records of an entity set that are served, as decoded JSON."""
        return [json.loads(body) for _, body in self.page(entity, None, (), after=0, offset=0, limit=-1)]

    def count(self, entity: str, condition: Predicate | None) -> int:
        """How many records are served, or match."""
        where, parameters = self._where(entity, condition)
        found: int = self._all(f"SELECT count(*) FROM {self._table(entity)} WHERE {where}", parameters)[0][0]
        return found

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
        where, parameters = self._where(entity, condition)
        keys: list[str] = []
        for key in order:
            translation = Translation()
            keys.append(translation.value(key.node) + (" DESC" if key.descending else ""))
            parameters += translation.parameters
        if not keys:
            where, parameters = f"n > ? AND {where}", [after, *parameters]
        table = self._table(entity)
        text = f"SELECT n, body FROM {table} WHERE {where} ORDER BY {', '.join([*keys, 'n'])} LIMIT ? OFFSET ?"
        return self._all(text, [*parameters, limit, offset])

    def _all(self, text: str, parameters: list[Any]) -> list[Any]:
        with self._lock:
            return self._connection.execute(text, parameters).fetchall()

    def _where(self, entity: str, condition: Predicate | None) -> tuple[str, list[Any]]:
        self._table(entity)
        where, parameters = "1", []
        oldest = (self._now() - HORIZON).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        # Loaded records are served whatever their age: somebody wants to see them.
        if not self._loaded and self._filled[entity] < oldest:
            where, parameters = "updated >= ?", [oldest]
        if condition is not None:
            translation = Translation()
            where = f"{where} AND coalesce({translation.condition(condition.node)}, 0)"
            parameters += translation.parameters
        return where, parameters

    def _table(self, entity: str) -> str:
        name = f'"{entity}"'
        with self._lock:
            if entity in self._filled:
                return name
            if self._loaded:
                bodies: Iterable[str] = self._files.get(entity, [])
            else:
                bodies = (
                    json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in self.generator.make(entity)
                )
            column = "generated always as (json_extract(body, '$.last_updated_time')) stored"
            self._connection.execute(
                f"CREATE TABLE {name} (n INTEGER PRIMARY KEY, body TEXT NOT NULL, updated {column})"
            )
            self._connection.executemany(f"INSERT INTO {name} (body) VALUES (?)", ((body,) for body in bodies))
            oldest = self._connection.execute(f"SELECT min(updated) FROM {name}").fetchone()[0]
            self._filled[entity] = str(oldest or "9")
        return name


def checked(entity: str, text: str | None) -> Predicate | None:
    """A filter as a tree.

    Raises:
        ODataSyntaxError: as the service would refuse it.
    """
    return odata.parse(text, ENTITY_SETS[entity].entity) if text is not None else None


def _files(folder: Path) -> dict[str, list[str]]:
    """JSON texts of the records in `<entity>.json` files: `{"value": […]}` or an array."""
    if not folder.is_dir():
        raise ConfigurationError(f"{folder} is not a folder")
    found: dict[str, list[str]] = {}
    for file in sorted(folder.glob("*.json")):
        if file.stem not in ENTITY_SETS:
            near = difflib.get_close_matches(file.stem, list(ENTITY_SETS), n=1)
            hint = f"; did you mean {near[0]}.json?" if near else f"; known are {', '.join(ENTITY_SETS)}"
            raise ConfigurationError(f"{file}: there is no entity set {file.stem}{hint}")
        try:
            content = json.loads(file.read_text(encoding="utf-8-sig"), parse_float=_Number, parse_int=_Number)
        except ValueError as error:
            raise ConfigurationError(f"{file}: not valid JSON: {error}") from None
        records = content.get("value", []) if isinstance(content, dict) else content
        if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
            raise ConfigurationError(f'{file}: an array of objects is needed, or {{"value": […]}}')
        found[file.stem] = [_write(record) for record in records]
    return found


class _Number(float):
    """A number with its text, so that 1.0, 1e3 and integers beyond 64 bits come back as they were written."""

    def __new__(cls, text: str) -> _Number:  # noqa: PYI034 - a plain constructor
        number = super().__new__(cls, text)
        number.text = text
        return number

    text: str

    def __repr__(self) -> str:
        return self.text


def _write(value: Any) -> str:
    if isinstance(value, _Number):
        return value.text
    if isinstance(value, dict):
        return (
            "{"
            + ",".join(f"{json.dumps(key, ensure_ascii=False)}:{_write(inner)}" for key, inner in value.items())
            + "}"
        )
    if isinstance(value, list):
        return "[" + ",".join(_write(inner) for inner in value) + "]"
    return json.dumps(value, ensure_ascii=False)

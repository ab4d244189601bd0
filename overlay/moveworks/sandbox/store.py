"""The records of all entity sets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from moveworks.odata import OrderBy
from moveworks.odata.nodes import Path
from moveworks.sandbox.calendar import DAYS
from moveworks.sandbox.generator import Generator
from moveworks.sandbox.living import LivingTable
from moveworks.sandbox.load import read_folder
from moveworks.sandbox.makers import MAKERS
from moveworks.sandbox.sql import Translation
from moveworks.sandbox.table import FixedTable
from moveworks_export.entities import ENTITY_SETS

if TYPE_CHECKING:
    import pathlib

    from moveworks.odata import Predicate
    from moveworks.sandbox.clock import Clock
    from moveworks.sandbox.table import Table


BY_TIME: Final = tuple(
    tuple(OrderBy(Path((name,))) for name in names) for names in (("created_time",), ("created_time", "id"))
)


def _has_made_time(entity: str) -> bool:
    fields = ENTITY_SETS[entity].entity.fields() if entity in ENTITY_SETS else {}
    return all(
        name in fields and fields[name].kind == kind for name, kind in (("created_time", "timestamp"), ("id", "text"))
    )


class Store:
    """The tables of all entity sets. Safe to use from several threads.

    Args:
        rows: Number of interactions.
        seed: Same seed and beginning, same records.
        load: Folder of files to serve instead.
        living: Whether batches go on to arrive.
        clock: The sandbox's clock.

    Raises:
        ConfigurationError: if the folder cannot be loaded.
    """

    def __init__(self, *, rows: int, seed: int, load: pathlib.Path | None, living: bool, clock: Clock) -> None:
        loaded = read_folder(load) if load is not None else None
        self.generator = Generator(rows, seed, clock.began, living=living)
        self._clock = clock
        # Loaded records are served whatever their age, since somebody wants to see them; a living table knows its own.
        self._expires = loaded is None and not living
        # Where makers give every row a time of its own, or one of its repetition, they do so in order.
        fixed = loaded is None and not living
        self._in_order = {name for name in MAKERS if fixed and _has_made_time(name)}
        self._tables: dict[str, Table] = {}
        for name in ENTITY_SETS:
            if loaded is not None:
                self._tables[name] = FixedTable(name, loaded.get(name, []))
            elif living:
                self._tables[name] = LivingTable(name, self.generator, clock.now)
            else:
                self._tables[name] = FixedTable(name, self.generator)

    def close(self) -> None:
        """Forget everything; what is being asked for ends with an error."""
        for table in self._tables.values():
            table.close()
        self.generator.ids.forget()

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
        order: tuple[OrderBy, ...],
        *,
        after: int,
        offset: int,
        limit: int,
    ) -> list[tuple[int, str]]:
        """Positions and JSON texts of the next records; without an order, those behind the position `after`."""
        where, parameters = self._where(condition)
        keys: list[str] = []
        for key in () if self.by_position(entity, order) else order:
            translation = Translation()
            keys.append(translation.value(key.node) + (" DESC" if key.descending else ""))
            parameters += tuple(translation.parameters)
        table = self._tables[entity]
        if keys:
            return table.ordered(where, ", ".join([*keys, "n"]), parameters, offset, limit)
        return table.following(where, parameters, after, offset, limit)

    def by_position(self, entity: str, order: tuple[OrderBy, ...]) -> bool:
        """Whether an order is that of positions, in which no more records are made than a page needs."""
        return not order or (entity in self._in_order and order in BY_TIME)

    def _where(self, condition: Predicate | None) -> tuple[str, tuple[Any, ...]]:
        """A condition in SQL, empty if all records are meant."""
        parts: list[str] = []
        parameters: list[Any] = []
        expired = self.generator.calendar.last_expired(self._clock.now()) if self._expires else 0
        if expired > 0:
            parts.append("last_updated_time > ?")
            parameters.append(self.generator.calendar.batch_text(min(expired, DAYS)))
        if condition is not None:
            translation = Translation()
            parts.append(f"({translation.selects(condition.node)})")
            parameters += translation.parameters
        return " AND ".join(parts), tuple(parameters)

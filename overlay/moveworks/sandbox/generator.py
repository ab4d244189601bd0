"""Rows of all entity sets, the same for the same seed and day.

Rows are made in blocks. Every block is a function of seed, entity set and position, so any of them can be made alone,
and its references to other entity sets still hold.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Final

from moveworks.sandbox.calendar import DAY, DAYS, Calendar
from moveworks.sandbox.conform import conform, fits
from moveworks.sandbox.identities import Identities
from moveworks.sandbox.makers import MAKERS, TEXTS, UNKNOWN
from moveworks_export.entities import ENTITY_SETS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from moveworks.odata import Field
    from moveworks.sandbox.calendar import Times
    from moveworks.sandbox.makers import Maker

BLOCK: Final = 1000
"""Rows that are made together; a multiple of 200, so that conversations and repeated rows do not span blocks."""
REPEATS: Final = 40
"""One plugin resource in so many repeats the one before."""


class Generator:
    """Makes the rows.

    Args:
        rows: Number of interactions when the sandbox begins; other entity sets follow in the usual ratios.
        seed: Same seed, same rows.
        began: When the sandbox begins; what happened since the last daily batch is not there yet.
        living: Whether rows go on to happen.
    """

    def __init__(self, rows: int, seed: int, began: datetime, *, living: bool = False) -> None:
        self.rows, self.seed, self.living = rows, seed, living
        self.calendar = Calendar(seed, began, living=living)
        self.ids = Identities(seed, self._users)

    def size(self, entity: str) -> int:
        """How many rows of an entity set happen in the days that records cover when the sandbox begins."""
        return max(1, round(self.rows * self.maker(entity).ratio)) if self.rows else 0

    @staticmethod
    def maker(entity: str) -> Maker:
        """What makes the rows of an entity set."""
        return MAKERS.get(entity, UNKNOWN)

    def block(self, entity: str, number: int) -> list[dict[str, Any]]:
        """The rows of a block, oldest first, as they are when the sandbox begins; the last one may be short."""
        indexes, lives = self.lives(entity, number)
        written = [min(max(life.arrives, life.again), DAYS) for life in lives]
        return self._made(entity, number, indexes, lives, written)

    def first_written(self, entity: str, number: int) -> tuple[list[Times], list[dict[str, Any]]]:
        """The rows of a block as they are written first, and their lives."""
        indexes, lives = self.lives(entity, number)
        rows = self._made(entity, number, indexes, lives, [life.arrives for life in lives])
        for place in range(1, len(rows)):
            # A row that repeats the one before arrives with it, and is written again with it.
            if self.repeats(indexes[place]) and rows[place].get("created_time") == rows[place - 1].get("created_time"):
                lives[place] = lives[place - 1]
        for life, row in zip(lives, rows, strict=True):
            if not life.dated and "created_time" in row:
                row["created_time"] = None
        return lives, rows

    def lives(self, entity: str, number: int) -> tuple[range, list[Times]]:
        """Positions of the rows of a block, and when they happen and are written."""
        first, size = number * BLOCK, self.size(entity)
        indexes = range(first, first + BLOCK if self.living else min(first + BLOCK, size))
        return indexes, list(self.calendar.times(entity, number, indexes, size))

    def again(self, entity: str, row: dict[str, Any], day: int) -> None:
        """Change a row as the batch of a day does that writes it again."""
        fields = ENTITY_SETS[entity].entity.fields()
        changes = {"last_updated_time": self.calendar.batch_text(day), **self.maker(entity).again(self, row, day)}
        row.update(
            {
                name: value
                for name, value in changes.items()
                if name in row and name in fields and fits(fields[name], value)
            }
        )

    def _made(
        self, entity: str, number: int, indexes: range, lives: Sequence[Times], written: Sequence[int]
    ) -> list[dict[str, Any]]:
        calendar = self.calendar
        stamps = {day: calendar.batch_text(day) for day in set(written)}
        times = [
            (life.created, calendar.text(life.created), stamps[day]) for life, day in zip(lives, written, strict=True)
        ]
        rng = random.Random(f"{self.seed}/{entity}/{number}")
        rows = list(self.maker(entity).rows(self, indexes, times, rng))
        return conform(rows, dict(ENTITY_SETS[entity].entity.fields()), indexes, rng, self._value)

    def _value(self, field: Field, index: int, rng: random.Random) -> Any:
        """A value for a property that no maker knows."""
        if field.values:
            return rng.choice(field.values)
        match field.kind:
            case "timestamp":
                return self.calendar.text(index * DAYS * DAY // max(1, self.rows, index + 1))
            case "number":
                return rng.randrange(1000)
            case "boolean":
                return rng.random() < 0.5
            case "object":
                inner: Any = field
                return {name: self._value(below, index, rng) for name, below in inner.fields().items()}
            case "collection":
                collection: Any = field
                return [self._value(collection.element("item"), index, rng) for _ in range(rng.randrange(3))]
            case _:
                return (
                    self.ids.short(field.wire_name, index) if field.wire_name.endswith("id") else rng.choice(TEXTS[:7])
                )

    # which row belongs to which

    def conversation_of(self, interaction: int) -> int:
        """Position of the conversation of an interaction."""
        return self._existing("conversations", interaction // 4)

    def interaction_of(self, call: int) -> int:
        """Position of the interaction of a plugin call."""
        return self._existing("interactions", call * 4 // 3)

    def call_of(self, resource: int) -> int:
        """Position of the plugin call of a resource."""
        return self._existing("plugin-calls", resource * 3 // 20)

    @staticmethod
    def repeats(resource: int) -> bool:
        """Whether a plugin resource repeats the one before."""
        return resource % REPEATS == REPEATS - 1

    def _existing(self, entity: str, index: int) -> int:
        return index if self.living else min(index, self.size(entity) - 1)

    def _users(self, conversation: int) -> int:
        """How many users there are when a conversation begins."""
        first = self.size("users")
        if not self.living:
            return first
        day = self.calendar.created(conversation, self.size("conversations")) // DAY
        return max(first, self.calendar.happened_before(day, first))

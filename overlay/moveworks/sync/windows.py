"""Windows of time that records are read in, and how they are cut. No I/O."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from attrs import evolve, frozen

from moveworks.records.columns import CREATED, WRITTEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from moveworks.odata import Condition
    from moveworks.records.columns import Table

RETENTION: Final = timedelta(days=30)
"""How long the service hands out a record."""
LAG: Final = timedelta(hours=42)
"""How late a record may arrive, after what it is about."""
LOOK_BACK: Final = timedelta(hours=72)
"""How far a run reads behind the watermark."""
PAGE: Final = 500
"""Records of a page."""
PAGES: Final = 20
"""Pages of a window, about."""
MIN_PAGES: Final = 4
"""Pages below which it is not worth a count of its own."""
MAX_WINDOWS: Final = 2000
"""Windows of an entity set beyond which none is cut any smaller: no service has so many records, but one may say so."""
MIN_SPAN: Final = timedelta(seconds=1)
DAY: Final = timedelta(days=1)


@frozen(kw_only=True)
class Window:
    """Records created in a span of time, `start` included and `end` not. None is open: nothing falls beside it.

    Attributes:
        number: Tells the windows of a run apart.
        start: The first moment; None for all before.
        end: The first moment behind; None for all after.
        undated: Records without a time instead; `start` and `end` mean nothing then.
        whole: All records, whatever their time: for entity sets that have none.
    """

    number: int = 0
    start: datetime | None = None
    end: datetime | None = None
    undated: bool = False
    whole: bool = False

    def condition(self, table: Table, bound: datetime | None) -> Condition | None:
        """What its records meet, that were last written at `bound` or later; None for all records."""
        fields = table.info.entity.fields()
        created: Any = fields.get(CREATED)
        written: Any = fields.get(WRITTEN)
        parts = []
        if self.undated:
            parts.append(created == None)  # noqa: E711 - a condition of OData
        elif not self.whole:
            parts += [created >= self.start] if self.start is not None else []
            parts += [created < self.end] if self.end is not None else []
        if bound is not None:
            parts.append(written >= bound)
        condition: Condition | None = None
        for part in parts:
            condition = part if condition is None else condition & part
        return condition

    @property
    def oldest(self) -> bool:
        """Whether its records are the next to expire."""
        return self.whole or (self.start is None and not self.undated)

    def __str__(self) -> str:
        if self.whole or self.undated:
            return "all" if self.whole else "without a time"
        return f"{_shown(self.start) or 'the beginning'} to {_shown(self.end) or 'now'}"


@frozen(kw_only=True)
class Span:
    """What is cut into windows.

    Attributes:
        start: Where records are known to begin, about; what is older falls into the first window if `open_start`.
        end: Where they end, about.
        open_start: Whether the first window takes all that is older.
        open_end: Whether the last window takes all that is newer.
        whole_days: Whether windows are whole days of UTC.
    """

    start: datetime
    end: datetime
    open_start: bool = True
    open_end: bool = True
    whole_days: bool = False

    def cut(self, total: int, concurrency: int) -> list[Window]:
        """Windows of equal length, about as many as `total` records and so many workers need."""
        wanted = max(-(-total // (PAGES * PAGE)), 8 * concurrency)
        number = max(1, min(wanted, total // (MIN_PAGES * PAGE), MAX_WINDOWS))
        inner = self._inner(number)
        edges = [None if self.open_start else self.start, *inner, None if self.open_end else self.end]
        return [Window(number=at, start=edges[at], end=edges[at + 1]) for at in range(len(edges) - 1)]

    def _inner(self, number: int) -> list[datetime]:
        length = (self.end - self.start) / number
        edges = [_floor(self.start + length * at, whole_days=self.whole_days) for at in range(1, number)]
        return sorted({edge for edge in edges if self.start < edge < self.end})

    def halve(self, window: Window, number: int) -> tuple[Window, Window] | None:
        """Both halves of a window, the second with a new number; None if it is as short as can be."""
        if window.undated or window.whole:
            return None
        start, end = window.start or self.start, window.end or self.end
        if window.start is None and end <= self.start:
            start = end - RETENTION
        middle = _floor(start + (end - start) / 2, whole_days=self.whole_days)
        least = DAY if self.whole_days else MIN_SPAN
        if middle - start < least or end - middle < least:
            return None
        return evolve(window, end=middle), evolve(window, number=number, start=middle)


def too_large(count: int) -> bool:
    """Whether a window with so many records is to be halved."""
    return count > PAGES * PAGE * 1.5


def days_between(start: datetime, end: datetime) -> Iterator[datetime]:
    """The first moments of all days of UTC that begin before `end`, from that of `start` on."""
    day = _floor(start, whole_days=True)
    while day < end:
        yield day
        day += DAY


def _floor(value: datetime, *, whole_days: bool) -> datetime:
    if whole_days:
        return datetime.combine(value.astimezone(UTC).date(), time(), UTC)
    # The service compares times as texts with three digits.
    return value.replace(microsecond=value.microsecond // 1000 * 1000)


def _shown(value: datetime | None) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M") if value is not None else ""

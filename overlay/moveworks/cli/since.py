"""`--since` and `--until`: two moments, the condition that they become, and what it cannot see."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from attrs import frozen

from moveworks.odata import ObjectField, TimestampField

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from moveworks.odata import Condition, EntityType, Field

UNITS: Final = {"s": "seconds", "m": "minutes", "min": "minutes", "h": "hours", "d": "days", "w": "weeks"}
DAYS: Final = {"today": 0, "yesterday": 1}
PREFERRED: Final = ("last_updated_time", "created_time")
"""Fields that `--since` is about, the first that the entity set has; of others, its first time."""
WRITTEN: Final = "last_updated_time"
"""When the service wrote a record: no record comes later into a window of it that has ended."""
LAG: Final = timedelta(hours=42)
"""Records arrive 6 to 42 hours after the event, in about one batch a day, says the vendor."""
RETENTION: Final = timedelta(days=30)
"""How long the service keeps a record after it was last written."""


def moment(text: str, now: datetime) -> datetime:
    """The moment that `24h`, `7d`, `today`, `2026-11-01` or `2026-11-01T10:00:00Z` stands for, in UTC.

    A time without a zone is UTC, as all times of the service are; a date is its first instant.

    Raises:
        ValueError: if it is none of these.
    """
    text = text.strip()
    if text.lower() in DAYS:
        day = now.astimezone(UTC).date() - timedelta(days=DAYS[text.lower()])
        return datetime.combine(day, time(), UTC)
    if ago := re.fullmatch(r"([0-9]+)\s*([a-z]+)", text, re.IGNORECASE | re.ASCII):
        number, unit = ago.group(1), ago.group(2).lower()
        if unit not in UNITS:
            raise ValueError(f"{unit!r} is no unit of time; use {', '.join(UNITS)}")
        try:
            return now.astimezone(UTC).replace(microsecond=0) - timedelta(**{UNITS[unit]: int(number)})
        except (ValueError, OverflowError):  # int() reads no number of 5,000 digits
            raise ValueError(f"{text[:40]} is longer ago than time goes back") from None
    try:
        value = datetime.fromisoformat(text)
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(
            f"{text[:40]!r} is neither a time ago (24h, 7d), nor today or yesterday, nor a time (2026-11-01, "
            "2026-11-01T10:00:00Z; UTC)"
        ) from None


def time_field(entity: type[EntityType], name: str | None) -> TimestampField:
    """The field that `--since` and `--until` are about.

    Raises:
        ValueError: if there is no such field, or it is no time.
    """
    times = dict(_times(entity.fields()))
    if name is not None:
        if name not in times:
            raise ValueError(f"{name!r} is not a time of these records; they have {', '.join(times) or 'none'}")
        return times[name]
    for preferred in (*PREFERRED, *times):
        if preferred in times:
            return times[preferred]
    raise ValueError("these records have no time")


def _times(fields: Mapping[str, Field], prefix: str = "") -> Iterator[tuple[str, TimestampField]]:
    for name, field in fields.items():
        if isinstance(field, TimestampField):
            yield prefix + name, field
        elif isinstance(field, ObjectField):
            below = {inner: each.__get__(field, type(field)) for inner, each in field.fields().items()}
            yield from _times(below, f"{prefix}{name}/")


@frozen(kw_only=True)
class Window:
    """A span of time: `since` belongs to it, `until` does not, and either may be missing.

    Attributes:
        field: The time that it is about.
        now: The present.
    """

    field: TimestampField
    since: datetime | None
    until: datetime | None
    now: datetime

    def __attrs_post_init__(self) -> None:
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise ValueError(f"the window is empty: it begins at {_shown(self.since)} and ends at {_shown(self.until)}")

    @property
    def condition(self) -> Condition:
        """The condition that a record lies in it."""
        parts = [self.field.ge(self.since)] if self.since is not None else []
        parts += [self.field.lt(self.until)] if self.until is not None else []
        condition: Condition = parts[0]
        for part in parts[1:]:
            condition &= part
        return condition

    def warnings(self) -> Iterator[str]:
        """What a reader of the result has to know: what is not there yet, and what is not there any more."""
        begin, end = self.since, min(self.until or self.now, self.now)
        kept_since, settled = self.now - RETENTION, self.now - LAG
        if begin is not None and begin >= self.now:
            yield f"the window begins in the future, at {_shown(begin)}; now it is {_shown(self.now)}"
        elif begin is not None and begin < kept_since - timedelta(minutes=1):
            yield f"the service keeps records for 30 days: those last written before {_shown(kept_since)} are gone"
        elif end <= kept_since:
            yield f"the service keeps records for 30 days, and the window ends before {_shown(kept_since)}"
        name = self.field.path
        if begin is None or begin >= self.now or end <= settled:
            return
        if name != WRITTEN:
            inside = "all of this window may" if begin > settled else f"what is newer than {_shown(settled)} may"
            yield (
                f"records arrive 6 to 42 hours late, so {inside} be incomplete in {name}; for a regular load use the "
                f"default, {WRITTEN}"
            )
        elif begin > settled:
            yield (
                "this window is shorter than the 42 hours that records may be late, so loads that leave no gap for a "
                "late run lose records; take a longer one (--since 3d) and merge by id"
            )
        else:
            yield f"the window is about {WRITTEN}; events of the last 6 to 42 hours may not have arrived yet"


def _shown(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

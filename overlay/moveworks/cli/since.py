"""`--since`: a moment, and the condition that it becomes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from moveworks.odata import ObjectField, TimestampField

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from moveworks.odata import EntityType, Field, Predicate

UNITS: Final = {"s": "seconds", "m": "minutes", "min": "minutes", "h": "hours", "d": "days", "w": "weeks"}
PREFERRED: Final = ("created_time", "last_updated_time")
"""Fields that `--since` is about, the first that the entity set has; of others, the first time among its fields."""


def moment(text: str, now: datetime | None = None) -> datetime:
    """The moment that `24h`, `7d`, `2026-11-01` or `2026-11-01T10:00:00Z` stands for, in UTC.

    A time without a zone is UTC, as all times of the service are; a date is its first instant.

    Raises:
        ValueError: if it is none of these.
    """
    now = now or datetime.now(UTC)
    text = text.strip()
    if ago := re.fullmatch(r"(\d+)\s*([a-z]+)", text, re.IGNORECASE):
        number, unit = int(ago.group(1)), ago.group(2).lower()
        if unit not in UNITS:
            raise ValueError(f"{unit!r} is no unit of time; use {', '.join(UNITS)}")
        try:
            return now.replace(microsecond=0) - timedelta(**{UNITS[unit]: number})
        except OverflowError:
            raise ValueError(f"{text} is longer ago than time goes back") from None
    try:
        value = datetime.fromisoformat(text)
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(
            f"{text!r} is neither a time ago (24h, 7d) nor a time (2026-11-01, 2026-11-01T10:00:00Z; UTC)"
        ) from None


def since_field(entity: type[EntityType], name: str | None) -> TimestampField:
    """The field that `--since` is about.

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


def since_condition(entity: type[EntityType], since: datetime, name: str | None) -> Predicate:
    """The condition that a record is from `since` or later."""
    return since_field(entity, name).ge(since)


def _times(fields: Mapping[str, Field], prefix: str = "") -> Iterator[tuple[str, TimestampField]]:
    for name, field in fields.items():
        if isinstance(field, TimestampField):
            yield prefix + name, field
        elif isinstance(field, ObjectField):
            below = {inner: each.__get__(field, type(field)) for inner, each in field.fields().items()}
            yield from _times(below, f"{prefix}{name}/")

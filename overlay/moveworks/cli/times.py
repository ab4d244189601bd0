"""`--since`: a span back from now, a day, or a point in time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

SPANS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def parse_since(text: str, now: datetime | None = None) -> datetime:
    """`24h`, `7d`, `2026-11-01` or `2026-11-01T10:00:00+01:00`, as a time in UTC; without a time zone, UTC is meant.

    Raises:
        ValueError: saying what is understood.
    """
    now = now or datetime.now(UTC)
    text = text.strip()
    try:
        if found := re.fullmatch(r"(\d{1,6})\s*([mhdw])", text):
            return now - timedelta(**{SPANS[found[2]]: int(found[1])})
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is not understood: write 24h, 7d, 2026-11-01 or 2026-11-01T10:00:00Z") from None

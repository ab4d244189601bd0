"""Times and days on the wire, read without losing how they were written."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final


class SentTime(datetime):
    """A time that was sent in another form than `to_dict` would write; it keeps that form."""

    sent: str = ""

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return _sent_time, (_bare(self), self.sent)

    def __repr__(self) -> str:
        return repr(_bare(self))


def _bare(time: datetime) -> datetime:
    return datetime.combine(time.date(), time.timetz())


def _sent_time(time: datetime, sent: str) -> SentTime:
    kept = SentTime.combine(time.date(), time.timetz())
    kept.sent = sent
    return kept


_fromisoformat: Final = datetime.fromisoformat
# Second 60 is the one before midnight that is inserted now and then (RFC 3339, 5.7).
_LEAP: Final = re.compile(r"(\d\d:?\d\d:?)60")


def decode_time(value: Any) -> Any:
    """A time as an aware datetime in UTC; a value that is not one stays as it came.

    Digits beyond microseconds are cut, a leap second is the one after it, and a time without a zone is one in UTC.
    """
    try:
        time = _fromisoformat(value)
        if value[10] == "T" and value[7] == "-" and value[-1] == "Z":
            if value[19] == "." and len(value) == 24:
                return time
            if value[16] == ":" and (len(value) == 20 or (len(value) == 27 and value[19] == ".")):
                # Whole seconds or microseconds, as the beta API writes its times.
                if len(value) == 27 and time.microsecond % 1000:
                    return time  # which `encode_time` writes just so
                return time if encode_time(time) == value else _sent_time(time, value)
    except (TypeError, ValueError, IndexError):
        pass
    return _other_time(value) if isinstance(value, str) else value


def _other_time(value: str) -> Any:
    from dateutil.parser import isoparse

    text, leap = _LEAP.subn(r"\g<1>59", value, count=1) if ":60" in value or len(value) < 20 else (value, 0)
    try:
        time = isoparse(text)
        if leap:
            time += timedelta(seconds=1)
        time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        return value
    if len(value) < 12 or value.isdigit():  # a day, a month or a year alone is no time
        return value
    return time if encode_time(time) == value else _sent_time(time, value)


def encode_time(time: datetime) -> str:
    """A time as the service writes it: UTC, with milliseconds unless there are microseconds."""
    if type(time) is SentTime and time.sent:
        return time.sent
    precision = "microseconds" if time.microsecond % 1000 else "milliseconds"
    # As in reading, a time without a zone is one in UTC, whatever the zone of this machine.
    time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    return time.replace(tzinfo=None).isoformat(timespec=precision) + "Z"


def decode_date(value: Any) -> Any:
    """A calendar day; a value that is not one stays as it came."""
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        return value
    return day if day.isoformat() == value else value

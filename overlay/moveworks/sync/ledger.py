"""The ledger: which windows and runs there were, and which days they prove. No I/O."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Self

from attrs import asdict, fields, frozen

from moveworks.sync.windows import DAY, LAG, RETENTION, days_between

if TYPE_CHECKING:
    from collections.abc import Iterable


@frozen(kw_only=True)
class _Record:
    def to_dict(self) -> dict[str, Any]:
        """Its values, with times as texts."""
        return {name: utc_text(value) if isinstance(value, datetime) else value for name, value in asdict(self).items()}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The same again; names that it does not know are left out."""
        known = {each.name: str(each.type) for each in fields(cls)}
        made = {
            name: datetime.fromisoformat(value) if "datetime" in known[name] and isinstance(value, str) else value
            for name, value in values.items()
            if name in known
        }
        for name, kind in known.items():
            if kind == "bool" and name in made:
                made[name] = bool(made[name])
        return cls(**made)


@frozen(kw_only=True)
class WindowRecord(_Record):
    """One window that was read.

    Attributes:
        run_id: The run.
        entity: Published name of the entity set.
        number: Tells the windows of a run apart.
        kind: `time`, `undated` for records without a time, or `whole` for entity sets without one.
        window_from: First moment of its records (UTC); None for all before.
        window_to: First moment behind; None for all after.
        written_from: Only records last written at this moment or later were asked for; None for all.
        count_before: What the service counted before; None if it gave no number.
        received: Distinct ids that came.
        count_after: What the service counted afterwards.
        verified: Whether the three agree.
        reason: Why not, or what is to know of it.
        read_at: When it was begun to be read (UTC).
        newest: The newest `last_updated_time` in it (UTC).
        masks: Names of the masked fields, with commas.
        mask_key: Fingerprint of the key of the masks; empty without.
    """

    run_id: str
    entity: str
    number: int
    kind: str
    window_from: datetime | None
    window_to: datetime | None
    written_from: datetime | None
    count_before: int | None
    received: int
    count_after: int | None
    verified: bool
    reason: str
    read_at: datetime
    newest: datetime | None = None
    masks: str = ""
    mask_key: str = ""


@frozen(kw_only=True)
class RunRecord(_Record):
    """What a run came to, for one entity set.

    Attributes:
        run_id: The run.
        entity: Published name of the entity set.
        started_at: When it began (UTC).
        finished_at: When it ended (UTC).
        complete: Whether everything that was asked for is there, and verified.
        reason: Why not.
        partial: Whether only a range was asked for, with `--from` and `--to`; then it moves no watermark.
        watermark: The newest `last_updated_time` that was received by this run or one before (UTC).
        total: What the service counted without windows.
        fetched: Records that came.
        new: Records that were not there before.
        changed: Records that were there in another form.
        unchanged: Records that were there as they came.
        windows: Number of windows.
        retries: Requests that were sent again.
        seconds: How long it took.
        origin: The service.
    """

    run_id: str
    entity: str
    started_at: datetime
    finished_at: datetime
    complete: bool
    reason: str
    partial: bool
    watermark: datetime | None
    total: int | None
    fetched: int
    new: int
    changed: int
    unchanged: int
    windows: int
    retries: int
    seconds: float
    origin: str


class DayState(StrEnum):
    """What is known of a day."""

    PROVEN = "proven"
    """All its records are there: they were counted and read after the last could arrive."""
    OPEN = "open"
    """Records may still come, or it was not verified yet."""
    LOST = "lost"
    """It was not verified after its last record could arrive, and the service has no longer all of it."""


@frozen(kw_only=True)
class Day:
    """What is known of the records that an entity set has of one day of UTC."""

    entity: str
    day: datetime
    state: DayState


@frozen(kw_only=True)
class Ledger:
    """All windows and runs of a destination."""

    windows: tuple[WindowRecord, ...] = ()
    runs: tuple[RunRecord, ...] = ()

    @property
    def entities(self) -> list[str]:
        """Entity sets that were loaded, in the order in which they came first."""
        return list(dict.fromkeys(run.entity for run in self.runs))

    def watermark(self, entity: str) -> datetime | None:
        """The watermark that the next run begins behind; None if it has to read everything."""
        marks = [
            run.watermark
            for run in self.runs
            if run.entity == entity and run.complete and not run.partial and run.watermark is not None
        ]
        return max(marks, default=None)

    def last_complete(self, entity: str) -> RunRecord | None:
        """The last run that was complete and no mere range."""
        runs = [run for run in self.runs if run.entity == entity and run.complete and not run.partial]
        return max(runs, key=lambda run: run.started_at, default=None)

    def days(self, entity: str, now: datetime) -> list[Day]:
        """What is known of each day, from the first that the first run could have whole until today.

        A day is proven by a verified run that began after its last record could arrive, 42 hours after its end, and
        before its first record expired, after 30 days.
        """
        runs = sorted((run for run in self.runs if run.entity == entity), key=lambda run: run.started_at)
        windows = [each for each in self.windows if each.entity == entity and each.verified and each.kind == "time"]
        if not runs or not any(each.entity == entity and each.kind == "time" for each in self.windows):
            return []
        first = runs[0].started_at - RETENTION + DAY
        return [Day(entity=entity, day=day, state=_state(day, windows, now)) for day in days_between(first, now)]


def _state(day: datetime, windows: Iterable[WindowRecord], now: datetime) -> DayState:
    settled, expires = day + DAY + LAG, day + RETENTION
    runs: dict[str, list[WindowRecord]] = {}
    for each in windows:
        if settled <= each.read_at < expires:
            runs.setdefault(each.run_id, []).append(each)
    if any(_covers(those, day) for those in runs.values()):
        return DayState.PROVEN
    return DayState.LOST if now >= expires else DayState.OPEN


def _covers(windows: list[WindowRecord], day: datetime) -> bool:
    """Whether windows of one run hold the whole day."""
    at = day
    for each in sorted(windows, key=lambda each: each.window_from or _BEGINNING):
        if (each.window_from or _BEGINNING) <= at:
            at = max(at, each.window_to or _END)
    return at >= day + DAY


_BEGINNING: Final = datetime.min.replace(tzinfo=UTC)
_END: Final = datetime.max.replace(tzinfo=UTC)


def utc_text(value: datetime) -> str:
    """A time in UTC with six digits, so that the order of texts is that of times."""
    value = value.astimezone(UTC)
    return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond:06}Z"

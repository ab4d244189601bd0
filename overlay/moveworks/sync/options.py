"""What a run is asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from attrs import frozen

from moveworks.errors import ConfigurationError
from moveworks.sync.windows import LAG, RETENTION, Span

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from moveworks.records.columns import Table
    from moveworks.sync.ledger import Ledger
    from moveworks.sync.masks import Masks
    from moveworks.sync.pages import PageKeeper
    from moveworks.sync.report import Progress


@frozen(kw_only=True)
class SyncOptions:
    """What a run is asked for; `Records.sync` says what each means."""

    start: datetime | None = None
    end: datetime | None = None
    again: bool = False
    look_back: timedelta
    concurrency: int = 4
    history: bool = False
    masks: Masks | None = None
    keeper: PageKeeper | None = None
    on_progress: Callable[[Progress], Any] | None = None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    @property
    def restricted(self) -> bool:
        """Whether only a range of time is asked for."""
        return self.start is not None or self.end is not None

    @property
    def mask_names(self) -> str:
        """Names of the masked fields, with commas."""
        return ",".join(sorted(self.masks.names)) if self.masks is not None else ""

    @property
    def mask_key(self) -> str:
        """Fingerprint of the key of the masks; empty without."""
        return self.masks.fingerprint if self.masks is not None else ""

    def bound(self, table: Table, ledger: Ledger) -> datetime | None:
        """From when on records were written that have to be read; None for all."""
        if self.again or self.restricted or not table.written:
            return None
        watermark = ledger.watermark(table.info.name)
        return watermark - self.look_back if watermark is not None else None

    def span(self, table: Table, ledger: Ledger, now: datetime, *, whole_days: bool) -> Span | None:
        """What is cut into windows; None for an entity set without `created_time`."""
        if not table.dated:
            return None
        bound = self.bound(table, ledger)
        start = self.start or min(bound - LAG if bound else now - RETENTION, now - LAG)
        return Span(
            start=start,
            end=self.end or now,
            open_start=self.start is None,
            open_end=self.end is None,
            whole_days=whole_days,
        )

    def settings(self, origin: str, entities: list[str]) -> dict[str, Any]:
        """What an interrupted run must have in common with this one to go on."""
        return {
            "origin": origin,
            "tables": entities,
            "start": self.start.isoformat() if self.start else None,
            "end": self.end.isoformat() if self.end else None,
            "again": self.again,
            "look_back": self.look_back.total_seconds(),
            "masks": [self.mask_names, self.mask_key],
        }


def check_masks(ledger: Ledger, label: str, *, names: str, key: str) -> None:
    """A destination whose values are masked stays so, with the same key; and one whose values are not, too.

    Args:
        ledger: Of the destination.
        label: How messages call it.
        names: Names of the fields that are masked in what is loaded, with commas.
        key: Fingerprint of the key of the masks; empty without.

    Raises:
        ConfigurationError: if that would not be so.
    """
    if not ledger.windows:
        return
    last = ledger.windows[-1]
    if not last.mask_key:
        if key:
            raise ConfigurationError(
                f"{label} holds values that are not masked", advice="Load into a new one; masks do not reach back"
            )
        return
    if key != last.mask_key:
        problem = ", made with another key" if key else ""
        raise ConfigurationError(
            f"{label} holds masked values{problem}",
            advice=f"Give --mask {last.masks} and the key that it was made with, or load into a new one",
        )
    if names != last.masks:
        raise ConfigurationError(
            f"{label} holds masked values of {last.masks}, and not of {names}",
            advice=f"Give --mask {last.masks}, or load into a new one",
        )

"""What a run came to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import asdict, field, frozen

from moveworks.errors import MoveworksError
from moveworks.sync.ledger import DayState, utc_text

if TYPE_CHECKING:
    from moveworks.records.rows import Drift
    from moveworks.sync.ledger import Day, RunRecord, WindowRecord


@frozen(kw_only=True)
class EntityReport:
    """What a run came to, for one entity set.

    Attributes:
        run: Its numbers, as they stand in the ledger.
        windows: The windows that were read.
        drift: How records differ from the catalogue.
        lost: Days that were lost, because no run verified them in time.
    """

    run: RunRecord
    windows: tuple[WindowRecord, ...] = field(repr=False)
    drift: Drift
    lost: tuple[Day, ...] = ()

    @property
    def entity(self) -> str:
        """Published name of the entity set."""
        return self.run.entity

    @property
    def complete(self) -> bool:
        """Whether everything that was asked for is there, and verified."""
        return self.run.complete

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        drift = asdict(self.drift)
        return {
            **self.run.to_dict(),
            "verified_windows": sum(each.verified for each in self.windows),
            "unverified": [each.to_dict() for each in self.windows if not each.verified],
            "drift": {
                kind: {name: {"records": count, "first_id": first} for name, (count, first) in found.items()}
                for kind, found in drift.items()
                if found
            },
            "lost_days": [utc_text(day.day)[:10] for day in self.lost],
        }


@frozen(kw_only=True)
class SyncReport:
    """What a run came to.

    Attributes:
        run_id: The run.
        destination: How it is called.
        entities: One for each entity set.
        resumed: Whether it went on with a run that was interrupted; its numbers are those of the rest.
    """

    run_id: str
    destination: str
    entities: tuple[EntityReport, ...]
    resumed: bool = False

    @property
    def complete(self) -> bool:
        """Whether everything that was asked for is there, and verified."""
        return all(each.complete for each in self.entities)

    @property
    def has_drift(self) -> bool:
        """Whether records differ from the catalogue."""
        return any(each.drift for each in self.entities)

    @property
    def lost(self) -> tuple[Day, ...]:
        """Days that were lost, because no run verified them in time."""
        return tuple(day for each in self.entities for day in each.lost if day.state is DayState.LOST)

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return {
            "run_id": self.run_id,
            "destination": self.destination,
            "complete": self.complete,
            "resumed": self.resumed,
            "entities": [each.to_dict() for each in self.entities],
        }


class IncompleteError(MoveworksError):
    """Not everything is there and verified. What was received is in the destination; the next run reads the rest.

    Attributes:
        report: What the run came to.
    """

    def __init__(self, report: SyncReport) -> None:
        failed = [each for each in report.entities if not each.complete]
        reasons = "; ".join(f"{each.entity}: {each.run.reason}" for each in failed)
        super().__init__(
            f"not everything is verified: {reasons}",
            advice="What was received is in the destination, and no watermark was moved; run it again",
        )
        self.report = report

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.report,)


@frozen(kw_only=True)
class Progress:
    """How far a run is, for one entity set.

    Attributes:
        entity: Published name.
        received: Records that came so far.
        total: How many there will be, about; None before it is known.
    """

    entity: str
    received: int
    total: int | None

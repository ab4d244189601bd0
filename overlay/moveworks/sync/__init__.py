"""Loading the export into a destination: complete, verified, and again every day. Knows no destination."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moveworks.errors import ConfigurationError
from moveworks.records.columns import Table, table_of
from moveworks.records.namespace import find_entity_set
from moveworks.sync.ledger import Day, DayState, Ledger, RunRecord, WindowRecord
from moveworks.sync.masks import Masks
from moveworks.sync.options import SyncOptions
from moveworks.sync.pages import PageKeeper
from moveworks.sync.report import EntityReport, IncompleteError, Progress, SyncReport
from moveworks.sync.run import Sync
from moveworks.sync.spool import BusyError
from moveworks.sync.stream import VerifiedStream
from moveworks.sync.windows import LAG, LOOK_BACK, RETENTION
from moveworks_export.entities import ENTITY_SETS

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Collection
    from datetime import datetime, timedelta

    from moveworks.records import Records
    from moveworks.sync.destination import Destination

__all__ = [
    "LAG",
    "LOOK_BACK",
    "RETENTION",
    "BusyError",
    "Day",
    "DayState",
    "EntityReport",
    "IncompleteError",
    "Ledger",
    "Progress",
    "RunRecord",
    "SyncReport",
    "VerifiedStream",
    "WindowRecord",
    "make_sync",
]


def make_sync(
    records: Records,
    destination: Destination,
    *,
    entities: Collection[str] | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    again: bool = False,
    look_back: timedelta | None = None,
    concurrency: int = 4,
    history: bool = False,
    mask: Collection[str] = (),
    mask_key: str | None = None,
    keep_pages: str | os.PathLike[str] | None = None,
    on_progress: Callable[[Progress], Any] | None = None,
    clock: Callable[[], datetime] | None = None,
) -> Sync:
    """A run that is still to begin. `Records.sync` says what the arguments mean; `clock` gives the present, in UTC.

    Raises:
        ConfigurationError: for options that make no sense.
    """
    for name, moment in (("start", start), ("end", end)):
        if moment is not None and moment.utcoffset() is None:
            raise ConfigurationError(f"{name} has no time zone: {moment.isoformat()}", advice="Give it in UTC")
    if start is not None and end is not None and start >= end:
        raise ConfigurationError(f"the range is empty: it begins at {start} and ends at {end}")
    look_back = LOOK_BACK if look_back is None else look_back
    if look_back.total_seconds() < 0:
        raise ConfigurationError(f"look_back is not negative, as {look_back} is")
    if type(concurrency) is not int or not 1 <= concurrency <= 32:
        raise ConfigurationError(f"concurrency is a number from 1 to 32, not {concurrency!r}")
    for name, given in (("entities", entities), ("mask", mask)):
        if isinstance(given, str):
            raise ConfigurationError(f"{name} takes a list of names, not text")
    if history and not destination.keeps:
        raise ConfigurationError(f"{destination.label} keeps no history")
    tables = _tables(entities, ranged=start is not None or end is not None)
    further: dict[str, Any] = {} if clock is None else {"clock": clock}
    return Sync(
        records,
        tables,
        destination,
        SyncOptions(
            start=start,
            end=end,
            again=again,
            look_back=look_back,
            concurrency=concurrency,
            history=history,
            masks=Masks(mask, mask_key, ENTITY_SETS.values()) if mask else None,
            keeper=PageKeeper(keep_pages) if keep_pages is not None else None,
            on_progress=on_progress,
            **further,
        ),
    )


def _tables(entities: Collection[str] | None, *, ranged: bool) -> list[Table]:
    """The tables of entity sets; a range of time leaves out those without one, unless they are asked for."""
    try:
        infos = [find_entity_set(name) for name in entities] if entities is not None else list(ENTITY_SETS.values())
    except KeyError as error:
        raise ConfigurationError(str(error.args[0])) from None
    tables = list({info.name: table_of(info) for info in infos}.values())
    if not tables:
        raise ConfigurationError("entities names no entity set")
    if ranged:
        undated = [table.info.name for table in tables if not table.dated]
        if undated and entities is not None:
            raise ConfigurationError(f"{', '.join(undated)} has no created_time, so no range of it can be read")
        tables = [table for table in tables if table.dated]
    return tables

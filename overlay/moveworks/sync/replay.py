"""Loading pages that were kept, without the service."""

from __future__ import annotations

import secrets
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from moveworks.errors import ConfigurationError
from moveworks.records.columns import table_of
from moveworks.records.namespace import find_entity_set
from moveworks.records.rows import RowReader
from moveworks.sync.destination import Changes, WindowSource
from moveworks.sync.ledger import Ledger, RunRecord
from moveworks.sync.options import check_masks
from moveworks.sync.pages import PageKeeper
from moveworks.sync.report import EntityReport, SyncReport
from moveworks.sync.spool import Spool

if TYPE_CHECKING:
    import os
    from collections.abc import Collection

    from moveworks.sync.destination import Destination
    from moveworks.sync.ledger import WindowRecord
    from moveworks.sync.masks import Masks

KEPT = "pages that were kept"


def replay(
    folder: str | os.PathLike[str],
    destination: Destination,
    *,
    entities: Collection[str] | None = None,
    history: bool = False,
    masks: Masks | None = None,
) -> SyncReport:
    """Load pages that `keep_pages` kept. What they prove of days is in the ledger then; no watermark is moved.

    Args:
        folder: Where they are.
        destination: What they are loaded into.
        entities: Names of entity sets; None for all that are there.
        history: Whether earlier versions of records are kept.
        masks: What hides values, as `Records.sync` has it. Pages that were kept with the same masks stay as they are.

    Raises:
        ConfigurationError: if the folder holds none, they cannot be read, or the destination has other masks.
    """
    keeper = PageKeeper(folder)
    wanted = {find_entity_set(name).name for name in entities} if entities is not None else None
    windows = [each for each in keeper.windows() if wanted is None or each[0].entity in wanted]
    plain = {path for record, path in windows if not record.mask_key}
    windows = [(_masked(record, masks, folder), path) for record, path in windows]
    gaps = keeper.gaps(record for record, _ in windows)
    missing = [name for name in gaps if wanted is None or name in wanted]
    names = list(dict.fromkeys([*(record.entity for record, _ in windows), *missing]))
    try:
        tables = {name: table_of(find_entity_set(name)) for name in names}
    except KeyError as error:
        raise ConfigurationError(f"{folder}: {error.args[0]}") from None
    started = datetime.now(UTC)
    run_id = f"{started:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    beside = destination.spool
    with tempfile.TemporaryDirectory(prefix="moveworks-pages-") as temporary:
        with Spool(beside or Path(temporary)) as spool:
            destination.prepare(list(tables.values()), history=history)
            ledger = destination.ledger()
            for record, _ in windows:
                check_masks(ledger, destination.label, names=record.masks, key=record.mask_key)
                # All have the same: the first says what the destination holds from now on.
                ledger = ledger if ledger.windows else Ledger(windows=(record,))
            rows = {name: RowReader(table) for name, table in tables.items()}
            done: dict[str, list[WindowRecord]] = {name: [] for name in names}
            changes = dict.fromkeys(names, Changes())
            for number, (record, path) in enumerate(windows):
                file = spool.window(tables[record.entity].name, number)
                keeper.unpack(path, file, masks if path in plain else None)
                if file.distinct != record.received:
                    raise ConfigurationError(f"{path} holds {file.distinct} records, and not {record.received}")
                older, newest = file.versions()
                own = evolve(record, run_id=run_id, number=number, newest=newest)
                source = WindowSource(file, rows[record.entity], older, own, datetime.now(UTC))
                changes[record.entity] += destination.apply(tables[record.entity], [source])
                done[record.entity].append(own)
                file.remove()
            runs = [
                _run_record(run_id, name, started, done[name], changes[name], gap=gaps.get(name, "")) for name in names
            ]
            destination.record(*runs)
        if beside is not None:
            spool.remove()
    return SyncReport(
        run_id=run_id,
        destination=destination.label,
        entities=tuple(
            EntityReport(run=run, windows=tuple(done[run.entity]), drift=rows[run.entity].drift) for run in runs
        ),
    )


def _masked(record: WindowRecord, masks: Masks | None, folder: object) -> WindowRecord:
    """What is known of a window, with the masks that its records have when they are loaded.

    Raises:
        ConfigurationError: if they were kept with other masks.
    """
    if masks is None:
        return record
    names = ",".join(sorted(masks.names))
    if record.mask_key and (record.mask_key, record.masks) != (masks.fingerprint, names):
        raise ConfigurationError(
            f"{folder} holds pages that were masked already, with another key or of other fields ({record.masks})",
            advice="Load them without --mask",
        )
    return evolve(record, masks=names, mask_key=masks.fingerprint)


def _run_record(
    run_id: str, name: str, started: datetime, windows: list[WindowRecord], changes: Changes, *, gap: str
) -> RunRecord:
    unverified = sum(not each.verified for each in windows)
    reason = f"{unverified} of the windows were not verified when they were kept" if unverified else gap
    now = datetime.now(UTC)
    return RunRecord(
        run_id=run_id,
        entity=name,
        started_at=started,
        finished_at=now,
        complete=not reason,
        reason=reason,
        partial=True,
        watermark=None,
        total=None,
        fetched=sum(each.received for each in windows),
        new=changes.new,
        changed=changes.changed,
        unchanged=changes.unchanged,
        windows=len(windows),
        retries=0,
        seconds=round((now - started).total_seconds(), 3),
        origin=KEPT,
    )

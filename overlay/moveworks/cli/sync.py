"""`moveworks sync`: load the export into a file, completely, and bring it up to date."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from moveworks.cli.connection import connection_options
from moveworks.cli.exits import ExitCode
from moveworks.cli.sync_status import status

if TYPE_CHECKING:
    from moveworks.cli.connection import Connection
    from moveworks.cli.notes import Notes
    from moveworks.sync import SyncReport


class SyncCommand(click.Command):
    """A command that has another one inside: `moveworks sync status`."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """The context of the command that is meant."""
        if args[:1] == ["status"]:
            return status.make_context(f"{info_name} status", args[1:], parent=parent, **extra)
        return super().make_context(info_name, args, parent=parent, **extra)


HELP = """Load records into DEST, completely, and bring it up to date with every later run.

DEST is a DuckDB file (export.duckdb), a SQLite file (export.sqlite), a directory for Parquet (export/), or - for JSON
lines on stdout. The first run reads the 30 days that the service keeps, later ones what was written since. The service
counts each window of time before and after it is read, and a run that was interrupted is gone on with by the next one.

Exit code 0 means that everything is there and verified; 8 that it is not; 9, with --strict, that records differ from
the catalogue.

`moveworks sync status DEST` says what is proven, day by day, for monitoring."""


def _moment(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime | None:
    del ctx
    if value is None:
        return None
    from moveworks.cli.clock import current_time
    from moveworks.cli.since import moment

    try:
        return moment(value, current_time())
    except ValueError as error:
        raise click.BadParameter(str(error), param=param) from None


def _duration(ctx: click.Context, param: click.Parameter, value: str) -> timedelta:
    del ctx
    found = re.fullmatch(r"([0-9]{1,6})\s*([hd]?)", value.strip(), re.ASCII)
    if found is None:
        raise click.BadParameter(f"{value[:40]!r} is no length of time; give hours (72h) or days (3d)", param=param)
    return timedelta(hours=int(found.group(1)) * (24 if found.group(2) == "d" else 1))


def _names(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> list[str]:
    del ctx, param
    return [name.strip() for given in value for name in given.split(",") if name.strip()]


@click.command(cls=SyncCommand, help=HELP)
@click.argument("dest")
@click.option(
    "--entities", multiple=True, callback=_names, metavar="NAMES", help="Entity sets, separated by commas. [all]"
)
@click.option("--from", "start", callback=_moment, metavar="WHEN", help="Only records created from then on (UTC).")
@click.option("--to", "end", callback=_moment, metavar="WHEN", help="Only records created before.")
@click.option("--again", is_flag=True, help="Read everything that the service still has, not only what is new.")
@click.option(
    "--look-back",
    default="72h",
    show_default=True,
    callback=_duration,
    metavar="LENGTH",
    help="How far to read behind the watermark; records arrive up to 42 hours late.",
)
@click.option(
    "--concurrency", type=click.IntRange(1, 32), default=4, show_default=True, help="Requests in flight at once."
)
@click.option("--history", is_flag=True, help="Keep earlier versions of records, in <table>_history.")
@click.option(
    "--mask",
    multiple=True,
    callback=_names,
    metavar="FIELDS",
    help="Replace the values of these fields by a keyed hash before anything is written; key: MOVEWORKS_MASK_KEY.",
)
@click.option("--keep-pages", type=click.Path(file_okay=False), metavar="DIR", help="Keep what came, compressed.")
@click.option(
    "--from-pages",
    type=click.Path(file_okay=False, exists=True),
    metavar="DIR",
    help="Load what --keep-pages kept, without the service.",
)
@click.option("--strict", is_flag=True, help="Exit code 9 if records differ from the catalogue.")
@click.option("--compact", is_flag=True, help="Give back the room of what was replaced, at the end.")
@click.option("--dry-run", is_flag=True, help="Show the windows and how many records they have; load nothing.")
@click.option("--json", "as_json", is_flag=True, help="The report as JSON.")
@connection_options
def sync(connection: Connection, dest: str, *, from_pages: str | None, **given: Any) -> None:
    """Run once."""
    from moveworks.destinations import open_destination

    strict, compact, dry_run, as_json = (given.pop(name) for name in ("strict", "compact", "dry_run", "as_json"))
    given["entities"] = given["entities"] or None
    destination = open_destination(dest)
    _warn(connection.notes, given)
    if from_pages is not None:
        report = _replay(from_pages, destination, given, dry_run=dry_run)
    elif dry_run:
        _show_plan(connection, destination, given)
        return
    else:
        report = _run(connection, destination, given)
    if compact and destination.keeps:
        destination.compact()
    text = json.dumps(report.to_dict(), indent=2) if as_json else "\n".join(lines(report))
    click.echo(text, err=not destination.keeps)
    if not report.complete:
        raise click.exceptions.Exit(ExitCode.NOT_VERIFIED)
    if strict and report.has_drift:
        raise click.exceptions.Exit(ExitCode.DRIFT)


def _replay(folder: str, destination: Any, given: dict[str, Any], *, dry_run: bool) -> SyncReport:
    from moveworks.sync.masks import Masks
    from moveworks.sync.replay import replay
    from moveworks_export.entities import ENTITY_SETS

    unused = {
        "--from": given["start"],
        "--to": given["end"],
        "--again": given["again"],
        "--keep-pages": given["keep_pages"],
        "--dry-run": dry_run,
    }
    for name, value in unused.items():
        if value:
            raise click.UsageError(f"--from-pages loads all that was kept; {name} means nothing with it")
    masks = Masks(given["mask"], None, ENTITY_SETS.values()) if given["mask"] else None
    return replay(folder, destination, entities=given["entities"], history=given["history"], masks=masks)


def _run(connection: Connection, destination: Any, given: dict[str, Any]) -> SyncReport:
    from moveworks.cli.sync_progress import shown
    from moveworks.sync import make_sync

    with connection.client() as mw, shown(connection.notes, destination.label) as on_progress:
        return make_sync(mw.records, destination, on_progress=on_progress, **_with_clock(given)).run()


def _with_clock(given: dict[str, Any]) -> dict[str, Any]:
    from moveworks.cli.clock import current_time

    return {**given, "clock": current_time}


def _warn(notes: Notes, given: dict[str, Any]) -> None:
    from moveworks.cli.clock import current_time
    from moveworks.sync import RETENTION

    if given["look_back"] < timedelta(hours=48):
        notes.say("note: a look-back below 48 hours may miss records, which arrive up to 42 hours late")
    if given["start"] is not None and given["start"] < current_time() - RETENTION:
        notes.say("note: the service keeps records for 30 days; what is older cannot be read any more")


def _show_plan(connection: Connection, destination: Any, given: dict[str, Any]) -> None:
    from moveworks.sync import make_sync

    with connection.client() as mw:
        total = 0
        for entity, state in make_sync(mw.records, destination, **_with_clock(given)).plan():
            total += state.before or 0
            click.echo(f"{entity:17} {state.before if state.before is not None else '?':>10,}  {state.window}")
        click.echo(f"{'':17} {total:>10,}  records; nothing was loaded")


def lines(report: SyncReport) -> list[str]:
    """The report for people, in lines of at most 80 characters where names allow it."""
    shown = [f"{'':17} {'fetched':>9} {'new':>9} {'changed':>8} {'same':>8} {'windows':>8}  {'':9}"]
    for each in report.entities:
        run = each.run
        state = "verified" if run.complete else "NOT VERIFIED"
        shown.append(
            f"{run.entity:17} {run.fetched:>9,} {run.new:>9,} {run.changed:>8,} {run.unchanged:>8,} "
            f"{run.windows:>8,}  {state}"
        )
    for each in report.entities:
        run = each.run
        if not run.complete:
            shown.append(f"{run.entity}: {run.reason}")
        if run.retries:
            shown.append(f"{run.entity}: {run.retries} requests were sent again")
        shown.extend(_drift(run.entity, each.drift))
        if each.lost:
            shown.append(f"{run.entity}: lost for good: {day_ranges([day.day for day in each.lost])}")
    if report.resumed:
        shown.append("A run that was interrupted was gone on with; these are the numbers of its rest.")
    if not report.complete:
        shown.append("What was received is there, and no watermark was moved. Run it again.")
    return shown


def _drift(entity: str, drift: Any) -> list[str]:
    shown = []
    for what, found in (
        ("is not in the catalogue, and was kept in _extra", drift.unknown),
        ("did not fit its column, and was kept in _extra", drift.misfits),
        ("was missing", drift.missing),
        ("has a value that the catalogue does not list", drift.values),
    ):
        shown += [
            f"{entity}: {name} {what}: {count:,} record{'' if count == 1 else 's'}, first {first}"
            for name, (count, first) in found.items()
        ]
    return shown


def day_ranges(days: list[datetime]) -> str:
    """Days as `2026-11-01 to 2026-11-03, 2026-11-07`."""
    ranges: list[list[datetime]] = []
    for day in sorted(days):
        if ranges and day - ranges[-1][-1] == timedelta(days=1):
            ranges[-1].append(day)
        else:
            ranges.append([day])
    shown = [(f"{span[0].astimezone(UTC):%Y-%m-%d}", f"{span[-1].astimezone(UTC):%Y-%m-%d}") for span in ranges]
    return ", ".join(first if first == last else f"{first} to {last}" for first, last in shown)

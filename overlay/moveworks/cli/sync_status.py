"""`moveworks sync status`: what a destination holds, and whether that is all. For people and for monitoring."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from moveworks.cli.exits import ExitCode

if TYPE_CHECKING:
    from moveworks.sync import Ledger


HELP = """Say what DEST holds: for each entity set the last complete run, and the days that are proven, open or lost.

A day is proven by a verified run after its last record could arrive, 42 hours after its end. It is lost if there was
none before the service forgot it, after 30 days.

Exit code 0: the last complete run of every entity set is recent, and no day is lost; else 8. No request is sent."""


@click.command(help=HELP)
@click.argument("dest")
@click.option(
    "--max-age",
    type=click.FloatRange(min=0, min_open=True),
    default=36.0,
    show_default=True,
    metavar="HOURS",
    help="How old the last complete run may be.",
)
@click.option("--lost-before", metavar="DAY", help="Days before this one (2026-11-01) may be lost.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with every day.")
def status(dest: str, *, max_age: float, lost_before: str | None, as_json: bool) -> None:
    """Read the ledger, and nothing else."""
    from moveworks.cli.clock import current_time
    from moveworks.destinations import read_ledger
    from moveworks.errors import ConfigurationError

    forgiven = _day(lost_before)
    ledger = read_ledger(dest)
    if not ledger.windows and not ledger.runs:
        raise ConfigurationError(f"{dest} holds no export yet", advice="Load it: moveworks sync DEST")
    # Runs are noted in the time of the service, which may be ahead of this machine's.
    now = max([current_time(), *(run.finished_at for run in ledger.runs)])
    known = [_entity(ledger, entity, now, timedelta(hours=max_age), forgiven) for entity in ledger.entities]
    if as_json:
        click.echo(json.dumps({"ok": all(each["ok"] for each in known), "entities": known}, indent=2))
    else:
        for line in _lines(known):
            click.echo(line)
    if not known or not all(each["ok"] for each in known):
        raise click.exceptions.Exit(ExitCode.NOT_VERIFIED)


def _day(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise click.UsageError(f"--lost-before takes a day such as 2026-11-01, not {text[:40]!r}") from None


def _entity(
    ledger: Ledger, entity: str, now: datetime, max_age: timedelta, forgiven: datetime | None
) -> dict[str, Any]:
    days = ledger.days(entity, now)
    last = ledger.last_complete(entity)
    newest = max((run for run in ledger.runs if run.entity == entity), key=lambda run: run.finished_at)
    lost = [day for day in days if day.state == "lost" and (forgiven is None or day.day >= forgiven)]
    problems = []
    if last is None:
        problems.append("no run was complete")
    elif now - last.started_at > max_age:
        problems.append(f"the last complete run is {_hours(now - last.started_at)} old")
    if not newest.complete:
        problems.append(f"the last run was not complete: {newest.reason}")
    if lost:
        problems.append(f"{len(lost)} day{'s are' if len(lost) > 1 else ' is'} lost for good")
    mark = ledger.watermark(entity)
    return {
        "entity": entity,
        "ok": not problems,
        "problems": problems,
        "last_complete": _shown(last.started_at) if last else None,
        "watermark": _shown(mark) if mark else None,
        "days": {f"{day.day:%Y-%m-%d}": day.state.value for day in days},
    }


def _lines(known: list[dict[str, Any]]) -> list[str]:
    from moveworks.cli.sync import day_ranges

    lines = [f"{'':17} {'last complete run':19}  {'proven':>6} {'open':>5} {'lost':>5}"]
    for each in known:
        states = list(each["days"].values())
        numbers = [f"{states.count(state):,}" if states else "-" for state in ("proven", "open", "lost")]
        lines.append(
            f"{each['entity']:17} {each['last_complete'] or 'never':19}  "
            f"{numbers[0]:>6} {numbers[1]:>5} {numbers[2]:>5}  {'' if each['ok'] else '!'}".rstrip()
        )
    for each in known:
        lines += [f"{each['entity']}: {problem}" for problem in each["problems"]]
        lost = [day for day, state in each["days"].items() if state == "lost"]
        if lost:
            days = [datetime.fromisoformat(day).replace(tzinfo=UTC) for day in lost]
            lines.append(f"{each['entity']}: lost: {day_ranges(days)}")
    return lines


def _hours(age: timedelta) -> str:
    hours = age.total_seconds() / 3600
    return f"{hours:.0f} hours" if hours < 72 else f"{hours / 24:.0f} days"


def _shown(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")

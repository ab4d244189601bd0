"""`moveworks report`: a page about what a loaded file says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from datetime import datetime

DAY = click.DateTime(formats=["%Y-%m-%d"])


HELP = """Make a page about what a loaded file says.

FILE is a DuckDB or SQLite file that `moveworks sync` loaded. The page shows active users and adoption, conversations,
topics, plugins, feedback, and how complete the data is. It needs no other file and no network, and holds no text of a
record."""


@click.command(help=HELP)
@click.argument("source", metavar="FILE")
@click.option(
    "-o", "--output", metavar="PATH", default="report.html", show_default=True, help="The page; - for stdout."
)
@click.option("--from", "start", type=DAY, metavar="DAY", help="The first day, in UTC (2026-11-01).")
@click.option("--to", "end", type=DAY, metavar="DAY", help="The last day, in UTC; it is included.")
def report(source: str, *, output: str, start: datetime | None, end: datetime | None) -> None:
    """Write the page."""
    from moveworks.cli.clock import current_time
    from moveworks.errors import ConfigurationError
    from moveworks.report import make_report
    from moveworks.sync.spool import write_whole

    target = Path(output)
    if output != "-" and target.resolve() == Path(source).resolve():
        raise ConfigurationError(f"the page would replace {source} itself", advice="Give another name with -o")
    page = make_report(
        source, start=start.date() if start else None, end=end.date() if end else None, now=current_time()
    )
    if output == "-":
        click.echo(page, nl=False)
        return
    write_whole(target, page.encode(), mode=0o666)
    click.echo(f"{output}: open it in a browser", err=True)

"""`moveworks mcp`: let an assistant ask a synced file."""

from __future__ import annotations

import click

HELP = """Answer questions of an assistant about FILE, a DuckDB file that `moveworks sync` loads, over the Model
Context Protocol on stdin and stdout.

The tools list tables and metrics with their definitions, and run one SELECT with a limit of rows and of time. Nothing
can be written, and no other file can be reached. What people wrote is left out, whatever the SQL, unless --text is
given: the columns detail, external_ids and _extra. Names, addresses, topics and ids are not left out; load with --mask
for that.

In the settings of the assistant: command `moveworks`, arguments `mcp /path/to/export.duckdb`."""


@click.command(help=HELP)
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--text", is_flag=True, help="Also answer with what people wrote.")
@click.option(
    "--rows", type=click.IntRange(1, 100_000), default=1_000, show_default=True, help="Rows of an answer at most."
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=30.0,
    show_default=True,
    help="How long a query may take.",
)
def mcp(file: str, *, text: bool, rows: int, seconds: float) -> None:
    """Serve until stdin ends."""
    from moveworks.integrations.mcp import serve

    serve(file, text=text, rows=rows, seconds=seconds)

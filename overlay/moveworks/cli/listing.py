"""`moveworks records list`: from pages to a file, with progress on the side."""

from __future__ import annotations

import shutil
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from moveworks.cli.output import columns_of, destination, make_writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from moveworks.client import Moveworks
    from moveworks.odata import Condition, EntitySetInfo


def write_records(mw: Moveworks, info: EntitySetInfo, condition: Condition | str | None, given: dict[str, Any]) -> None:
    """Write all records that match; what is incomplete never looks complete."""
    output = given["output"]
    kind = given["kind"] or ("table" if output is None and sys.stdout.isatty() else "jsonl")
    select = [name.strip() for name in (given["select"] or "").split(",") if name.strip()]
    shown = sys.stderr.isatty() and not given["quiet"]
    asked: dict[str, Any] = {"filter": condition, "select": select or None, "order_by": given["order_by"]}
    if given["resume_from"]:
        asked = {}
    elif shown:
        asked["count"] = True
    if given.get("no_check"):
        options = {"$select": given["select"], "$orderby": given["order_by"]}
        asked.update(select=None, order_by=None, options={k: v for k, v in options.items() if v})
    try:
        pager = mw.records[info.name].list(**asked, limit=given["limit"], resume_from=given["resume_from"], raw=True)
    except (TypeError, ValueError) as error:
        raise click.UsageError(str(error)) from None
    width = shutil.get_terminal_size((160, 40)).columns
    with destination(output) as stream, _progress(info.name, shown=shown) as advance:
        writer = make_writer(kind, stream, columns_of(info, select), csv_raw=given["csv_raw"], width=width)
        written = 0
        for page in pager.pages():
            for record in page.items:
                writer.write(record)
            written += len(page.items)
            total = pager.count if given["limit"] is None or pager.count is None else min(pager.count, given["limit"])
            advance(written, total)
        writer.close()
    if not given["quiet"] and (shown or output):
        print(f"{written} {info.name}" + (f" written to {output}" if output else ""), file=sys.stderr)


@contextmanager
def _progress(name: str, *, shown: bool) -> Iterator[Callable[[int, int | None], None]]:
    """A progress bar with rate and total on stderr, if it is a terminal."""
    if not shown:
        yield lambda _written, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(name, total=None, rate="")

        def advance(written: int, total: int | None) -> None:
            elapsed = progress.tasks[0].elapsed or 0
            rate = f"{written / elapsed:,.0f}/s" if elapsed > 0.2 else ""
            progress.update(task, completed=written, total=total, rate=rate)

        yield advance

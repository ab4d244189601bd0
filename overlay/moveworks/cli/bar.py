"""The progress bar: records, total, rate and time left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from moveworks.cli.extra import needs_rich

needs_rich()

from rich.console import Console  # noqa: E402 - only after a clear message if it is missing
from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn  # noqa: E402
from rich.table import Column  # noqa: E402
from rich.text import Text  # noqa: E402

if TYPE_CHECKING:
    from rich.progress import Task


NARROW: Final = 60
"""Cells of a line below which there is no bar."""


class _Count(ProgressColumn):
    def render(self, task: Task) -> Text:
        """`1,500 / 12,000`, and without a total the count alone."""
        total = f" / {task.total:,.0f}" if task.total is not None else ""
        return Text(f"{task.completed:,.0f}{total}")


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        """Records a second, over the last half minute."""
        rate = task.finished_speed or task.speed
        return Text(f"{rate:,.0f}/s" if rate else "")


def make_bar() -> Progress:
    """A progress bar on stderr that disappears when it is done; where there is little room, the numbers alone."""
    console = Console(stderr=True)
    whole = Column(no_wrap=True)
    columns = [
        TextColumn("{task.description}", table_column=whole),
        _Count(table_column=whole),
        _Rate(table_column=whole),
    ]
    if console.width >= NARROW:
        columns.insert(1, BarColumn(bar_width=None))
        columns.append(TimeRemainingColumn(table_column=whole))
    return Progress(*columns, console=console, transient=True, expand=console.width >= NARROW)

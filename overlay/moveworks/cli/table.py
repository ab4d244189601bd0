"""Tables for people: records as they come, and small tables whose text wraps."""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
from typing import TYPE_CHECKING, Any, Final

from moveworks.cli.extra import needs_rich
from moveworks.cli.formats import json_text
from moveworks.cli.terminal import is_terminal, visible, visible_lines

needs_rich()

from rich import box  # noqa: E402 - only after a clear message if it is missing
from rich.cells import cell_len  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402
from rich.text import Text  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from moveworks.cli.flat import Column

MAX_WIDTH: Final = 60
"""Cells that a column may take."""
MIN_WIDTH: Final = 12
"""A column of text is not made narrower than this, and one of ids not at all."""
CONTENT_WIDTH: Final = 24
"""Nor is the column with the longest texts made narrower than this, if they are that long."""
MINUTE: Final = re.compile(r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d(?:\.\d+)?Z$")
GAP: Final = 2
UNLIMITED: Final = 100_000
"""Cells of a line where nothing limits it."""

Row = dict["Column", str]


class RecordTable:
    """A table whose columns and widths follow from the first page, so that the rest can follow page by page.

    Args:
        write: Takes the bytes.
        columns: The columns, in the order in which they are shown.
        width: Cells of a line; by default those of the terminal, and without one as many as needed.
        chosen: Whether the user named the columns: then the first ones are the most important ones.
        styled: Whether the head may have a style.
    """

    def __init__(
        self,
        write: Callable[[bytes], Any],
        columns: Sequence[Column],
        *,
        width: int | None = None,
        chosen: bool = False,
        styled: bool = False,
    ) -> None:
        self._write = write
        self._columns = columns
        self._room = width or line_width() or UNLIMITED
        self._chosen = chosen
        self._styled = styled
        self._widths: dict[Column, int] = {}
        self.notes: list[str] = []

    def begin(self) -> None:
        """Nothing can be written before the first records are known."""

    def page(self, records: list[dict[str, Any]]) -> None:
        """Write some records, cut to the widths of the columns."""
        if not records:
            return
        rows = [{column: self._cell(column, record) for column in self._columns} for record in records]
        first = not self._widths
        if first:
            self._plan(rows)
        # A space of padding and one of the box between columns: `GAP`.
        table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, show_header=first, padding=(0, 1, 0, 0))
        for column, width in self._widths.items():
            table.add_column(column.name, width=width, no_wrap=True, overflow="ellipsis")
        for row in rows:
            table.add_row(*(Text(row[column]) for column in self._widths))
        text = io.StringIO()
        console = Console(
            file=text,
            width=self._room,
            force_terminal=self._styled,
            color_system="standard" if self._styled else None,
        )
        console.print(table)
        lines = (line.rstrip() for line in text.getvalue().splitlines())
        self._write("".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace"))

    def end(self) -> None:
        """Nothing stands behind the records."""

    def _cell(self, column: Column, record: dict[str, Any]) -> str:
        value = column.value(record)
        if column.kind == "timestamp" and not self._chosen and self._room != UNLIMITED:
            # To the minute: the room is worth more for what somebody wrote.
            value = MINUTE.sub(r"\1 \2", value) if isinstance(value, str) else value
        return shown(value)

    def _plan(self, rows: list[Row]) -> None:
        """Choose the columns by what is in them, and their widths."""
        natural = {
            column: min(MAX_WIDTH, max(cell_len(column.name), *(cell_len(row[column]) for row in rows)))
            for column in self._columns
        }
        ranked = self._ranked(rows)
        content = _longest(ranked, rows)
        taken: dict[Column, int] = {}
        for column in ranked:
            whole = _is_id(column) or column.kind == "timestamp"
            least = natural[column] if whole else min(natural[column], MIN_WIDTH)
            if column == content and not self._chosen:
                least = min(natural[column], CONTENT_WIDTH)
            if sum(taken.values()) + GAP * len(taken) + least <= self._room or not taken:
                taken[column] = min(least, self._room)
        spare = self._room - sum(taken.values()) - GAP * (len(taken) - 1)
        for column in ranked:
            if column in taken:
                more = min(spare, natural[column] - taken[column])
                taken[column] += more
                spare -= more
        self._widths = {column: taken[column] for column in self._columns if column in taken}
        if left_out := [column.name for column in self._columns if column not in taken]:
            self.notes.append(
                f"not shown, for want of room or values: {', '.join(left_out)}; choose with --select, or use --format "
                "jsonl"
            )

    def _ranked(self, rows: list[Row]) -> list[Column]:
        """The columns, those first that say most: the id, a time, what differs from row to row, other ids, the rest."""
        filled = [column for column in self._columns if any(row[column] for row in rows)]
        if self._chosen or self._room == UNLIMITED:
            return [*filled, *(column for column in self._columns if column not in filled)]
        times = [column for column in filled if column.kind == "timestamp"]
        time = next((column for column in times if column.name == "created_time"), times[0] if times else None)

        def rank(column: Column) -> int:
            if column.path == ("id",):
                return 0
            if column == time:
                return 1
            if _is_id(column):
                return 4
            if column.kind == "timestamp":
                return 3
            return 2 if len(rows) < 2 or len({row[column] for row in rows}) > 1 else 5

        content = _longest(filled, rows)
        return sorted(filled, key=lambda column: 1.5 if column == content else rank(column))


def _longest(columns: Sequence[Column], rows: list[Row]) -> Column | None:
    """The column with the longest texts, ids and times aside: what a reader is most likely after."""
    texts = [column for column in columns if column.kind == "text" and not _is_id(column)]
    return max(texts, key=lambda column: sum(min(200, len(row[column])) for row in rows), default=None)


def _is_id(column: Column) -> bool:
    """Half an id is of no use."""
    return column.path[-1] == "id" or column.path[-1].endswith("_id")


def shown(value: Any) -> str:
    """A value as the text of a cell; nothing in it can steer a terminal."""
    if value is None:
        return ""
    return visible(value if isinstance(value, str) else json_text(value).decode())


def print_table(title: Sequence[str], rows: Sequence[Sequence[str]], *, styles: dict[str, str] | None = None) -> None:
    """Print a small table to stdout; long texts wrap.

    Args:
        title: Names of the columns.
        rows: Their texts.
        styles: Style of a cell by its text, such as that of `failed`.
    """
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for index, name in enumerate(title):
        table.add_column(name, overflow="fold", no_wrap=index == 0)
    for row in rows:
        table.add_row(*(Text(visible_lines(cell), style=(styles or {}).get(cell, "")) for cell in row))
    stdout_console().print(table)


def stdout_console() -> Console:
    """A rich console on stdout, as wide as the terminal and otherwise 120 cells."""
    width = None if is_terminal() or "COLUMNS" in os.environ else 120
    return Console(file=sys.stdout, highlight=False, markup=False, emoji=False, width=width)


def line_width() -> int | None:
    """Cells of a line of the terminal on stdout (COLUMNS wins); None if it is no terminal."""
    if not is_terminal() and not os.environ.get("COLUMNS", "").isdigit():
        return None
    return max(20, shutil.get_terminal_size().columns)


def colour_allowed() -> bool:
    """Whether stdout may have styles: a terminal, and neither NO_COLOR nor a dumb one."""
    return is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

"""Tables for people: records as they come, and small tables whose text wraps."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING, Any, Final

from moveworks.cli.extra import needs_rich
from moveworks.cli.formats import json_text
from moveworks.cli.terminal import is_terminal, visible, visible_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console

    from moveworks.cli.flat import Column

WIDEST: Final = 60
"""Most cells of a column that a table takes."""
NARROWEST: Final = 12
"""A column is not squeezed below this, and one of ids not at all; those that do not fit are left out, and named."""
GAP: Final = 2


class RecordTable:
    """A table whose widths follow from the first records, so that the rest can follow page by page.

    Args:
        write: Takes the bytes.
        columns: The columns, the most important first.
        width: Cells of a line; by default those of the terminal, and without one as many as needed.
    """

    def __init__(self, write: Callable[[bytes], Any], columns: Sequence[Column], *, width: int | None = None) -> None:
        self._write = write
        self._columns = columns
        self._width = width if width is not None else line_width()
        self._widths: dict[Column, int] = {}
        self._planned = False
        self.notes: list[str] = []

    def begin(self, *, resumed: bool = False, empty: bool = True) -> None:
        """Nothing can be written before the first records are known."""

    def go_on(self, head: str) -> bool:
        """Take over the columns and widths of a table that was begun; whether it is one of these columns."""
        names, _, rest = head.partition("\n")
        widths = [len(rule) for rule in rest.partition("\n")[0].split(" " * GAP)]
        cells = [names[sum(widths[:at]) + GAP * at :][:width].rstrip() for at, width in enumerate(widths)]
        known = {_fitted(column.name, width).rstrip(): column for column in self._columns for width in widths}
        self._planned = set(cells) <= set(known)
        self._widths = {known[cell]: width for cell, width in zip(cells, widths, strict=True) if self._planned}
        return self._planned

    def page(self, records: list[dict[str, Any]]) -> None:
        """Write some records, cut to the widths of the columns."""
        if not records:
            return
        rows = [{column: shown(column.value(record)) for column in self._columns} for record in records]
        if not self._planned:
            self._plan(rows)
        for row in rows:
            self._line([row[column] for column in self._widths])

    def end(self) -> None:
        """Nothing stands behind the records."""

    def _plan(self, rows: list[dict[Column, str]]) -> None:
        cell_len = _cells().cell_len
        self._planned = True
        natural = {
            column: min(WIDEST, max(cell_len(column.name), *(cell_len(row[column]) for row in rows)))
            for column in self._columns
        }
        room = self._width if self._width is not None else sys.maxsize
        # Columns without a value go first when the room is short.
        filled = [column for column in self._columns if any(row[column] for row in rows)]
        for column in [*filled, *(column for column in self._columns if column not in filled)]:
            # Half an id is of no use.
            least = (
                natural[column]
                if column.path[-1] == "id" or column.name.endswith("_id")
                else min(natural[column], NARROWEST)
            )
            if sum(self._widths.values()) + GAP * len(self._widths) + least <= room or not self._widths:
                self._widths[column] = min(least, room)
        self._widths = {column: self._widths[column] for column in self._columns if column in self._widths}
        spare = room - sum(self._widths.values()) - GAP * (len(self._widths) - 1)
        for column in self._widths:
            more = min(spare, natural[column] - self._widths[column])
            self._widths[column] += more
            spare -= more
        if left_out := [column.name for column in self._columns if column not in self._widths]:
            self.notes.append(
                f"not shown for want of room: {', '.join(left_out)}; choose with --select, or use --format jsonl"
            )
        self._line([column.name for column in self._widths], style="1")
        self._line(["─" * width for width in self._widths.values()])

    def _line(self, cells: list[str], *, style: str = "") -> None:
        fitted = [_fitted(cell, width) for cell, width in zip(cells, self._widths.values(), strict=True)]
        text = (" " * GAP).join(fitted).rstrip()
        if style and self._width is not None and colour_allowed():
            text = f"\x1b[{style}m{text}\x1b[0m"
        self._write((text + "\n").encode("utf-8", "backslashreplace"))


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
    needs_rich()
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for index, name in enumerate(title):
        table.add_column(name, overflow="fold", no_wrap=index == 0)
    for row in rows:
        table.add_row(*(Text(visible_lines(cell), style=(styles or {}).get(cell, "")) for cell in row))
    stdout_console().print(table)


def stdout_console() -> Console:
    """A rich console on stdout, as wide as the terminal and otherwise 120 cells."""
    needs_rich()
    from rich.console import Console

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


def _fitted(text: str, width: int) -> str:
    cells = _cells()
    if cells.cell_len(text) > width:
        text = cells.set_cell_size(text, width - 1).rstrip() + "…"
    padded: str = cells.set_cell_size(text, width)
    return padded


def _cells() -> Any:
    needs_rich()
    from rich import cells

    return cells

"""A page about what a loaded file says: who uses the assistant, for what, and how complete the data is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from moveworks.report.figures import read_figures
from moveworks.report.page import to_html

if TYPE_CHECKING:
    from datetime import date, datetime

__all__ = ["make_report"]


def make_report(
    source: str | os.PathLike[str],
    *,
    start: date | None = None,
    end: date | None = None,
    now: datetime | None = None,
) -> str:
    """A self-contained HTML page about a DuckDB or SQLite file that `moveworks sync` loaded.

    It holds counts and names (routes, domains, topics, plugins), and no text of a record. It needs no other file and no
    network.

    Args:
        source: The file.
        start: The first day (UTC); by default that of the oldest record.
        end: The last day (UTC), which is included; by default that of the newest record.
        now: The present, in UTC, which decides which days are still open; by default that of this machine, or of the
            last run if that is later.

    Raises:
        ConfigurationError: if there is no such file, it holds no export, or the range is empty.
        MissingExtraError: without Jinja2, of the extra `report`, or without DuckDB for a DuckDB file.
    """
    return to_html(read_figures(os.fspath(source), start=start, end=end, now=now))

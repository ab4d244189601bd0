"""Notes and progress, on stderr."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from moveworks.cli.terminal import is_terminal, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from moveworks.transport.events import RetryEvent


class Notes:
    """Says things on stderr, unless it is to be quiet.

    Args:
        quiet: Say nothing but errors.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet
        self._bar: Any = None
        self._began = time.monotonic()

    def say(self, text: str) -> None:
        """Write one line, above a progress bar if there is one."""
        if self.quiet:
            return
        if self._bar is not None:
            self._bar.console.print(visible(text), markup=False, highlight=False, soft_wrap=True)
        else:
            click.echo(visible(text), err=True)

    def retry(self, event: RetryEvent) -> None:
        """Say that a request is sent again after a wait; short waits are not worth a line."""
        if event.wait >= 1:
            self.say(f"{event.operation}: {event.reason}; attempt {event.attempt + 1} follows in {event.wait:.0f} s")

    def done(self, records: int, where: str) -> None:
        """Say how much was read, if somebody is watching or it went to a file."""
        if where or is_terminal(sys.stderr):
            seconds = time.monotonic() - self._began
            target = f" to {where}" if where else ""
            self.say(f"{records:,} record{'' if records == 1 else 's'}{target} in {seconds:.1f} s")

    @property
    def can_show_progress(self) -> bool:
        """Whether stderr is a terminal that can move its cursor."""
        return not self.quiet and is_terminal(sys.stderr) and os.environ.get("TERM") != "dumb"

    @contextmanager
    def bars(self) -> Iterator[Any]:
        """Several progress bars at once, with notes above them."""
        from moveworks.cli.bar import make_bar

        self._bar = make_bar()
        try:
            with self._bar:
                yield self._bar
        finally:
            self._bar = None

    @contextmanager
    def progress(self, what: str, *, shown: bool) -> Iterator[Progress]:
        """A progress bar with rate and total, if it is to be shown; either way an object to count with."""
        if not shown:
            yield Progress(None)
            return
        with self.bars() as bar:
            yield Progress(bar, bar.add_task(what, total=None))


class Progress:
    """Counts records, on a bar if there is one."""

    def __init__(self, bar: Any, task: Any = None) -> None:
        self._bar = bar
        self._task = task

    def advance(self, records: int, total: int | None) -> None:
        """So many more records were written; `total` is how many there will be, if that is known."""
        if self._bar is not None:
            self._bar.update(self._task, advance=records, total=total)

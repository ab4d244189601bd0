"""The present, as the commands see it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    Clock = Callable[[], datetime]


def current_time() -> datetime:
    """The present in UTC.

    A program that runs a command in its own process, such as a test, may hand in a clock:
    `moveworks.main(…, obj=clock)`.
    """
    context = click.get_current_context(silent=True)
    clock: Clock | None = context.find_root().obj if context is not None else None
    return clock() if clock is not None else datetime.now(UTC)

"""What a process holds must not be used by its children: connections, locks, waits for other threads."""

from __future__ import annotations

import os
from typing import Protocol
from weakref import WeakSet


class Restartable(Protocol):
    """Something that starts afresh in a child process."""

    def restart(self) -> None:
        """Drop what belongs to the parent. Called in the child, where no other thread runs."""


_HELD: WeakSet[Restartable] = WeakSet()


def restart_after_fork(held: Restartable) -> None:
    """Have an object restarted in every child process, for as long as it lives."""
    _HELD.add(held)


def _restart() -> None:
    for held in list(_HELD):
        held.restart()


if hasattr(os, "register_at_fork"):  # not on Windows, which has no fork
    os.register_at_fork(after_in_child=_restart)

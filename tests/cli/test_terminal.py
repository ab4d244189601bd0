"""When there is a progress bar, and what of it."""

from __future__ import annotations

import sys

import pytest
from rich.progress import BarColumn

from moveworks.cli.bar import make_bar
from moveworks.cli.notes import Notes


@pytest.mark.parametrize(("width", "expected"), [("40", False), ("80", True)])
def test_where_there_is_little_room_the_numbers_are_alone(monkeypatch, width, expected):
    """Rather than over three lines."""
    monkeypatch.setenv("COLUMNS", width)
    assert any(isinstance(column, BarColumn) for column in make_bar().columns) == expected


@pytest.mark.parametrize(("kind", "expected"), [("dumb", False), ("xterm", True)])
def test_a_terminal_that_cannot_move_its_cursor_gets_none(monkeypatch, kind, expected):
    """TERM=dumb."""
    monkeypatch.setenv("TERM", kind)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert Notes().can_show_progress == expected
    assert not Notes(quiet=True).can_show_progress

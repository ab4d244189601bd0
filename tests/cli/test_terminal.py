"""On a terminal: a table that fits, a progress bar where there is room, nothing that steers it."""

from __future__ import annotations

import os
import pty
import subprocess
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


@pytest.fixture
def in_terminal(run):
    """Runs a command on a terminal of 90 columns, and gives what it shows."""

    def call(*arguments, stdout_too=True, **more):
        ours, theirs = pty.openpty()
        process = run.start(
            *arguments,
            env={**run.environment, "COLUMNS": "90", "TERM": "xterm", **more},
            stdin=theirs,
            stdout=theirs if stdout_too else subprocess.DEVNULL,
            stderr=theirs,
            text=False,
        )
        os.close(theirs)
        read = b""
        try:
            while data := os.read(ours, 65536):
                read += data
        except OSError:  # the other end was closed
            pass
        os.close(ours)
        assert process.wait() == 0, read
        return read.decode()

    return call


def test_records_are_a_table_with_a_head_in_bold(in_terminal):
    """NO_COLOR is respected."""
    bold, plain = (in_terminal("records", "list", "users", "--limit", "5", **more) for more in ({}, {"NO_COLOR": "1"}))
    assert "\x1b[1m" in bold
    assert "\x1b[1m" not in plain
    lines = plain.replace("\r", "").splitlines()
    assert "email_addr" in lines[0]
    assert all(len(line) <= 90 for line in lines[:7])


def test_a_bar_is_shown_while_records_go_to_a_file(in_terminal, tmp_path):
    """With the number of all records, and what was written at the end."""
    shown = in_terminal("records", "list", "interactions", "-o", "out.csv", stdout_too=False)
    assert "1,200" in shown
    assert "1,200 records to out.csv" in shown


def test_a_terminal_by_any_name_is_not_steered(in_terminal, http_server):
    """Also with `-o /dev/stdout`."""
    body = b'{"value": [{"id": "\\u202eevil\\u001b[2J"}]}'
    with http_server(lambda handler: handler.reply(body)) as (origin, _):
        for arguments in ((), ("-o", "/dev/stdout")):
            command = ("records", "list", "users", "--format", "jsonl", *arguments)
            shown = in_terminal(*command, MOVEWORKS_BASE_URL=origin)
            assert "evil" in shown
            assert "\u202e" not in shown
            assert "\x1b[2J" not in shown

"""Where output goes, when that place is full, closed, narrow or no file, and how doctor words its findings."""

from __future__ import annotations

import csv
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from moveworks.cli.flat import columns
from moveworks.cli.formats import Csv, JsonArray, JsonLines
from moveworks.cli.table import RecordTable
from moveworks.records import Interaction, User
from moveworks.sandbox import Sandbox

FULL = Path("/dev/full")
PROGRAM = [sys.executable, "-m", "moveworks.cli"]


@pytest.fixture
def run(environment, tmp_path):
    def call(*arguments, **more):
        settings = {"capture_output": True, "env": environment, **more}
        return subprocess.run(
            [*PROGRAM, *arguments], check=False, text=True, encoding="utf-8", timeout=60, cwd=tmp_path, **settings
        )

    return call


def test_a_dash_is_stdout(run, tmp_path):
    """As for other programs."""
    done = run("records", "list", "users", "--limit", "2", "-o", "-")
    assert len(done.stdout.splitlines()) == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not FULL.exists(), reason="there is no device that is always full")
@pytest.mark.parametrize(
    "arguments",
    [
        ["records", "list", "users", "--limit", "1"],
        ["records", "count", "users"],
        ["records", "fields", "users"],
        ["records", "--help"],
        ["--help"],
        ["--version"],
    ],
)
def test_a_full_disk_behind_stdout_is_an_error(run, arguments):
    """Said in words, with exit code 1 and no second complaint from Python."""
    with FULL.open("wb") as full:
        done = run(*arguments, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 1
    assert done.stderr.startswith("error: the output cannot be written: ")
    assert "Exception ignored" not in done.stderr


def test_a_closed_stdout_is_an_error_only_for_what_writes_to_it(environment, tmp_path):
    """A file is written nevertheless."""
    line = f'"{sys.executable}" -m moveworks.cli records list users --limit 1'
    for arguments, code in (("", 1), ("-o x.csv", 0)):
        done = subprocess.run(
            f"{line} {arguments} >&-",
            shell=True,
            check=False,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env=environment,
            timeout=60,
        )
        assert done.returncode == code, done.stderr
        assert "Exception" not in done.stderr
    assert (tmp_path / "x.csv").exists()


def test_a_full_disk_behind_a_file_leaves_a_part_to_go_on_with(run, tmp_path):
    """The printed command, with room again, makes the same file."""
    import resource

    def little_room():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))

    assert run("records", "list", "interactions", "-o", "whole.jsonl").returncode == 0
    done = run("records", "list", "interactions", "-o", "x.jsonl", preexec_fn=little_room)
    assert done.returncode == 1
    assert "the output cannot be written" in done.stderr
    command = shlex.split(done.stderr.partition("to go on: ")[2])[1:]
    assert run(*command).returncode == 0
    assert (tmp_path / "x.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


def test_a_resumed_run_that_is_killed_can_be_run_again(run, sandbox, environment, tmp_path):
    """Nothing that the link leaves out is lost with it, and nothing is in the way of the same command."""
    assert run("records", "list", "interactions", "-o", "whole.jsonl").returncode == 0
    sandbox.add_fault("400:route=interactions,page=2,times=1")
    done = run("records", "list", "interactions", "-o", "x.jsonl")
    command = shlex.split(done.stderr.partition("to go on: ")[2])[1:]
    sandbox.add_fault("latency:route=interactions,page=2,delay=20,times=1")
    asked = len(sandbox.requests)
    killed = subprocess.Popen([sys.executable, "-m", "moveworks.cli", *command], cwd=tmp_path, env=environment)
    wait_until = time.monotonic() + 30
    while len(sandbox.requests) == asked and time.monotonic() < wait_until:
        time.sleep(0.05)
    killed.kill()
    killed.wait(timeout=30)
    sandbox.clear_faults()
    assert run(*command).returncode == 0
    assert (tmp_path / "x.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()
    assert not list(tmp_path.glob("*.part"))


def test_a_resumed_run_without_a_part_never_replaces_a_whole_file(run, sandbox, tmp_path):
    """The printed command, given once more after it was done, would leave the last pages only."""
    sandbox.add_fault("400:route=interactions,page=2,times=1")
    done = run("records", "list", "interactions", "-o", "x.jsonl")
    command = shlex.split(done.stderr.partition("to go on: ")[2])[1:]
    assert run(*command).returncode == 0
    whole = (tmp_path / "x.jsonl").read_bytes()
    done = run(*command)
    assert (done.returncode, "x.jsonl is there already" in done.stderr) == (2, True)
    assert (tmp_path / "x.jsonl").read_bytes() == whole
    (tmp_path / "x.jsonl").unlink()
    done = run(*command)
    assert done.returncode == 0
    assert "begins at the link" in done.stderr


def test_a_part_is_only_gone_on_with_from_its_own_link(run, sandbox, tmp_path):
    """The command of an earlier interruption would write pages a second time."""
    sandbox.add_fault("400:route=interactions,page=2,times=1")
    first = run("records", "list", "interactions", "-o", "x.jsonl")
    sandbox.add_fault("400:route=interactions,page=3,times=1")
    older = shlex.split(first.stderr.partition("to go on: ")[2])[1:]
    second = shlex.split(run(*older).stderr.partition("to go on: ")[2])[1:]
    done = run(*older)
    assert (done.returncode, "the last run printed" in done.stderr) == (2, True), done.stderr
    assert run(*second).returncode == 0
    assert run("records", "list", "interactions", "-o", "whole.jsonl").returncode == 0
    assert (tmp_path / "x.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


def test_a_table_in_a_file_goes_on_as_it_began(run, sandbox, tmp_path):
    """One header, the same widths."""
    assert run("records", "list", "interactions", "-o", "whole.txt").returncode == 0
    sandbox.add_fault("400:route=interactions,page=2,times=1")
    done = run("records", "list", "interactions", "-o", "x.txt")
    sandbox.clear_faults()
    assert run(*shlex.split(done.stderr.partition("to go on: ")[2])[1:]).returncode == 0
    assert (tmp_path / "x.txt").read_text() == (tmp_path / "whole.txt").read_text()


def test_a_part_with_other_columns_is_not_gone_on_with(run, sandbox, tmp_path):
    """In a table as in CSV."""
    for name in ("x.txt", "x.csv"):
        sandbox.add_fault("400:route=interactions,page=2,times=1")
        done = run("records", "list", "interactions", "-o", name, "--select", "id,actor")
        sandbox.clear_faults()
        command = shlex.split(done.stderr.partition("to go on: ")[2])[1:]
        at = command.index("--select")
        done = run(*command[:at], "--select", "id,platform", *command[at + 2 :])
        assert (done.returncode, "other columns" in done.stderr) == (2, True), done.stderr
        for part in tmp_path.glob(f"{name}.*.part"):
            part.unlink()


def test_half_an_emoji_in_a_record_ends_no_listing():
    """Text that was cut within one: JSON gives it back as it is, and everything is UTF-8."""
    half = "a \ud83d b"
    users = [
        {"id": "1", "first_name": half, "external_ids": [{"source": half}], half: [half, "\U0001f600"]},
        {"id": "2"},
    ]
    written = {}
    shown = columns(User.fields())
    for form in (JsonArray, JsonLines, Csv, RecordTable):
        parts = []
        writer = form(parts.append) if form in {JsonArray, JsonLines} else form(parts.append, shown)
        writer.begin()
        writer.page(users)
        writer.end()
        written[form] = b"".join(parts).decode()
    assert json.loads(written[JsonArray]) == users
    assert [json.loads(line) for line in written[JsonLines].splitlines()] == users
    rows = list(csv.DictReader(written[Csv].splitlines()))
    assert rows[0]["first_name"] == r"a \ud83d b"
    assert json.loads(rows[0]["external_ids"]) == [{"source": half}]
    assert json.loads(rows[0]["_additional"]) == {half: [half, "\U0001f600"]}
    assert r"a \ud83d b" in written[RecordTable]


@pytest.mark.parametrize("width", [20, 40, 80, 120])
def test_ids_in_a_table_are_whole(width):
    """Half an id is of no use; columns that do not fit are named."""
    written = []
    table = RecordTable(written.append, columns(Interaction.fields()), width=width)
    record = {"id": "a" * 12, "conversation_id": "b" * 12, "user_id": "1" * 20, "actor": "user"}
    table.page([record])
    text = b"".join(written).decode()
    for name in ("id", "conversation_id", "user_id"):
        assert (record[name] in text) != any(
            name in note.split(";")[0].split(": ")[1].split(", ") for note in table.notes
        )
    assert all(len(line) <= width for line in text.splitlines())


def test_the_id_of_a_user_is_whole_on_a_usual_terminal():
    """20 digits, beside other columns."""
    written = []
    table = RecordTable(written.append, columns(User.fields()), width=80)
    table.page([{"id": "1" * 20, "email_addr": "somebody.with.a.name@example.com", "access_to_bot": True}])
    assert "1" * 20 in b"".join(written).decode()


def test_doctor_puts_advice_on_a_line_of_its_own(run):
    """What was found, then what to do."""
    with Sandbox(rows=10, scopes=["users"]) as narrow:
        done = run("doctor", env={**os.environ, **narrow.environment()})
    assert done.returncode == 4
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert sum(line.startswith("-> Have the administrator add") for line in lines) == 4
    assert any("records/users" in line and " ok " in line for line in lines)


def test_doctor_repeats_what_the_service_says_of_a_wrong_assistant(run, sandbox):
    """Only its words tell a wrong name from a conversation that does not exist."""
    found = json.loads(
        run(
            "doctor", "--format", "json", env={**os.environ, **sandbox.environment(), "MOVEWORKS_ASSISTANT": "x"}
        ).stdout
    )
    assert "no such assistant" in next(each["detail"] for each in found if each["check"] == "assistant")


def test_doctor_does_not_take_any_404_for_the_beta_api(run, http_server):
    """A web server at a wrong address has not accepted a token."""
    with http_server(lambda handler: handler.reply(b"<h1>Not here</h1>", 404, kind="text/html")) as (origin, _):
        done = run(
            "doctor",
            "--format",
            "json",
            env={
                **os.environ,
                "MOVEWORKS_ASSISTANT_TOKEN": "t",
                "MOVEWORKS_ASSISTANT": "a",
                "MOVEWORKS_API_KEY": "k",
                "MOVEWORKS_BASE_URL": origin,
            },
        )
    assert done.returncode == 5
    states = {each["check"]: each["state"] for each in json.loads(done.stdout)}
    assert states["assistant"] == "failed"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--fault", "nope"], "nope"),
        (["--fault", "503:route=user"], "no route"),
        (["--scope", "user"], "did you mean users"),
        (["--load", "."], "<entity>.json"),
    ],
)
def test_a_sandbox_that_cannot_be_made_is_wrong_use(run, arguments, said):
    """Exit code 2, as for every wrong option."""
    done = run("sandbox", "--port", "0", *arguments)
    assert (done.returncode, said in done.stderr, done.stdout) == (2, True, "")


def test_the_help_of_the_sandbox_names_every_fault(run):
    """From where they are defined."""
    from moveworks.sandbox import KINDS

    text = run("sandbox", "--help").stdout
    assert all(kind in text for kind in KINDS)


def test_every_option_is_on_the_page_of_the_command_line(root):
    """docs/cli.md and docs/sandbox.md against the options themselves."""
    import click

    from moveworks.cli.app import moveworks

    pages = "".join((root / "docs" / name).read_text(encoding="utf-8") for name in ("cli.md", "sandbox.md"))

    def options(command, context):
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                yield from (name for name in parameter.opts if name.startswith("--"))
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                yield from options(command.get_command(context, name), context)

    with click.Context(moveworks) as context:
        missing = {name for name in options(moveworks, context) if f"`{name}" not in pages and f" {name}" not in pages}
    assert missing == set()

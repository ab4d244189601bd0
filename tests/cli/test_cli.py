"""The command line, as a user meets it: output, notes, exit codes, interruptions."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moveworks.cli.flat import columns
from moveworks.cli.formats import FORMULA, Csv
from moveworks.cli.since import moment, since_field
from moveworks.cli.terminal import json_visible, visible
from moveworks.odata import EntityType, ObjectField, TimestampField
from moveworks.records import Interaction, PluginCall
from moveworks.sandbox import Sandbox

PROGRAM = [sys.executable, "-m", "moveworks.cli"]


@pytest.fixture
def run(environment, tmp_path):
    def call(*arguments, **more):
        return subprocess.run(
            [*PROGRAM, *arguments],
            check=False,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            cwd=tmp_path,
            env={**environment, **more},
        )

    return call


def test_json_lines_are_the_records(run, sandbox):
    """Data on stdout, nothing else; nothing on stderr when nobody watches."""
    done = run("records", "list", "interactions")
    assert [json.loads(line) for line in done.stdout.splitlines()] == sandbox.rows("interactions")
    assert (done.returncode, done.stderr) == (0, "")


def test_json_and_csv_and_table(run, sandbox):
    """Each format holds every record."""
    everyone = sorted(sandbox.rows("users"), key=lambda row: row["id"])
    assert json.loads(run("records", "list", "users", "--format", "json").stdout) == everyone
    assert json.loads(run("records", "list", "users", "--format", "json", "--limit", "0").stdout) == []
    rows = list(
        csv.DictReader(io.StringIO(run("records", "list", "plugin-calls", "--format", "csv", "--csv-raw").stdout))
    )
    assert sorted(row["id"] for row in rows) == sorted(row["id"] for row in sandbox.rows("plugin-calls"))
    table = run("records", "list", "users", "--format", "table", "--limit", "3").stdout
    assert "\x1b" not in table
    assert len(table.splitlines()) == 5


def test_count_with_filter_and_since(run, sandbox):
    """Conditions are joined."""
    wanted = sum(row["actor"] == "user" for row in sandbox.rows("interactions"))
    assert int(run("records", "count", "interactions", "--filter", "actor eq 'user'").stdout) == wanted
    assert int(run("records", "count", "interactions", "--since", "4w").stdout) > 0
    assert int(run("records", "count", "interactions", "--filter", "actor eq 'user'", "--since", "1s").stdout) == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["records", "list", "interaction"], 2, "interactions"),
        (["records", "lst"], 2, "list"),
        (["records", "list", "users", "--filter", "emial eq 'x'"], 2, "did you mean"),
        (["records", "list", "users", "--filter", "id eq 'x"], 2, "character"),
        (["records", "list", "users", "--filter", " "], 2, "empty"),
        (["records", "list", "users", "--select", "nope"], 2, "nope"),
        (["records", "list", "users", "--order-by", "nope"], 2, "nope"),
        (["records", "list", "users", "--since", "soon"], 2, "24h"),
        (["records", "list", "users", "--since", "3y"], 2, "unit"),
        (["records", "list", "users", "--since-field", "id"], 2, "--since"),
        (["records", "list", "users", "--since", "1h", "--since-field", "id"], 2, "time"),
        (["records", "list", "users", "--limit", "-1"], 2, "limit"),
        (["records", "list", "users", "--resume-from", "http://evil.example/x"], 2, "evil.example"),
        (["records", "list", "users", "--resume-from", "x", "--since", "1h"], 2, "--since"),
        (["records", "list", "users", "-o", "."], 2, "folder"),
        (["records", "list", "users", "-o", "/"], 2, "folder"),
        (["records", "list", "users", "-o", "no/such/x.csv"], 2, "no/such"),
        (["records", "list", "users", "--region", "us", "--base-url", "https://x.example"], 2, "one of them"),
        (["records", "list", "users", "--region", "mars"], 3, "mars"),
        (["conversations", "get", ""], 2, "empty"),
        (["conversations", "get", "-qvh12345678"], 5, "conversations/-qvh12345678"),
        (["conversations", "get", "--", "-h"], 5, "conversations/-h"),
    ],
)
def test_wrong_use_ends_with_its_code_and_a_hint(run, arguments, code, said):
    """And with no traceback."""
    done = run(*arguments)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_where_nothing_was_read_there_is_nothing_to_go_on_with(run):
    """The same command with the same mistake would be no help."""
    done = run("records", "list", "users", "--filter", "foo", "--no-check")
    assert (done.returncode, done.stdout) == (2, "")
    assert "400" in done.stderr
    assert "to go on" not in done.stderr


def test_credentials_missing_or_wrong(run, sandbox):
    """Exit code 3, and what to set; the key is never shown."""
    done = run("records", "list", "users", MOVEWORKS_API_KEY="", MOVEWORKS_ASSISTANT_TOKEN="")
    assert (done.returncode, "MOVEWORKS_API_KEY" in done.stderr) == (3, True)
    done = run("records", "list", "users", "-v", MOVEWORKS_API_KEY="wrong-canary")
    assert done.returncode == 3
    assert "wrong-canary" not in done.stderr + done.stdout


def test_doctor_finds_what_is_wrong(run, sandbox):
    """All well; a wrong key; nobody there."""
    done = run("doctor", "--format", "json")
    assert done.returncode == 0
    assert {f["check"] for f in json.loads(done.stdout)} >= {"address", "clock", "assistant", "records/users"}
    assert run("doctor", MOVEWORKS_API_KEY="wrong").returncode == 3
    done = run("doctor", MOVEWORKS_BASE_URL="http://127.0.0.1:9")
    assert done.returncode == 7
    assert "address" in done.stdout


@pytest.mark.parametrize(("options", "sent"), [([], 2), (["--attempts", "1"], 1), (["--attempts", "3"], 3)])
def test_doctor_asks_as_often_as_it_is_told_to(run, options, sent):
    """Twice, if nothing is said."""
    with Sandbox(rows=10, faults=["500:route=conversations"]) as broken:
        assert run("doctor", *options, **broken.environment()).returncode == 7
        assert [request["route"] for request in broken.requests].count("conversations") == sent


def test_a_conversation_is_json(run, sandbox):
    """`conversations get`."""
    identity = sandbox.conversation_ids[0]
    assert json.loads(run("conversations", "get", identity).stdout)["conversation_id"] == identity
    assert "attempt 1" in run("conversations", "get", "-qv", identity).stderr


def test_a_file_is_complete_or_not_there_and_resumes(run, sandbox, tmp_path):
    """After an error the printed command reads the rest, and the file is the same as in one go."""
    for name in ("x.csv", "x.json", "x.jsonl"):
        assert run("records", "list", "interactions", "-o", f"whole-{name}").returncode == 0
        sandbox.add_fault("400:route=interactions,page=3,times=1")
        done = run("records", "list", "interactions", "-o", name)
        assert done.returncode == 2
        assert not (tmp_path / name).exists()
        assert len(list(tmp_path.glob(f"{name}.*.part"))) == 1
        command = done.stderr.partition("to go on: ")[2].strip()
        assert "--resume-from" in command
        import shlex

        assert run(*shlex.split(command)[1:]).returncode == 0
        assert (tmp_path / name).read_bytes() == (tmp_path / f"whole-{name}").read_bytes()
        assert not list(tmp_path.glob("*.part"))
    sandbox.clear_faults()
    assert not [p for p in tmp_path.iterdir() if p.suffix == ".tmp"]


def test_a_reader_that_goes_away_ends_it_quietly(environment, tmp_path):
    """`| head -1`."""
    done = subprocess.run(
        f'"{sys.executable}" -m moveworks.cli records list interactions | head -1; echo "${{PIPESTATUS[0]}}"',
        shell=True,
        executable="/bin/bash",
        check=False,
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] in {"141", "0"}


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interruption_leaves_a_part_and_says_how_to_go_on(sandbox, environment, tmp_path, number, code):
    """Ctrl-C and kill, in the middle of a listing."""
    sandbox.add_fault("latency:route=interactions,page=3,delay=20")
    process = subprocess.Popen(
        [*PROGRAM, "records", "list", "interactions", "-o", "x.jsonl"],
        cwd=tmp_path,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        # A test run in the background inherits a SIGINT that is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509 - no lock is held
    )
    wait_until = time.monotonic() + 30
    while time.monotonic() < wait_until and not any(p.stat().st_size for p in tmp_path.iterdir()):
        time.sleep(0.05)
    time.sleep(0.3)
    process.send_signal(number)
    _, told = process.communicate(timeout=30)
    sandbox.clear_faults()
    assert process.returncode == code, told
    assert "Traceback" not in told
    assert "--resume-from" in told
    [part] = tmp_path.iterdir()
    assert re.fullmatch(r"x\.jsonl\.[0-9a-f]{8}\.part", part.name)


def test_on_a_terminal_there_is_a_table_and_a_bar(environment, tmp_path):
    """A table that fits, and a progress bar on stderr when stdout is a file; NO_COLOR is respected."""

    def in_terminal(arguments, **more):
        ours, theirs = pty.openpty()
        size = {"COLUMNS": "90", "TERM": "xterm", **more}
        out = subprocess.PIPE if "-o" in arguments else theirs
        process = subprocess.Popen(
            [*PROGRAM, *arguments], cwd=tmp_path, env={**environment, **size}, stdin=theirs, stdout=out, stderr=theirs
        )
        os.close(theirs)
        read = b""
        while select.select([ours], [], [], 20)[0]:
            try:
                data = os.read(ours, 65536)
            except OSError:
                break
            if not data:
                break
            read += data
        process.wait(timeout=30)
        if process.stdout:
            process.stdout.close()
        os.close(ours)
        return read.decode("utf-8", "replace")

    text = in_terminal(["records", "list", "users", "--limit", "5"], NO_COLOR="1")
    lines = [line for line in text.replace("\r", "").split("\n") if line]
    assert "email_addr" in lines[0]
    assert "\x1b[1m" not in text
    bar = in_terminal(["records", "list", "interactions", "-o", "out.csv"])
    assert "1,200" in bar


def test_help_is_quick_and_imports_nothing_heavy(environment):
    """What costs time is imported by the commands that need it."""
    code = """
import runpy, sys
sys.argv = ["moveworks", "--help"]
try:
    runpy.run_module("moveworks.cli", run_name="__main__")
except SystemExit:
    print(sorted({"httpx", "rich", "starlette", "msgspec", "moveworks.client"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment)
    assert done.stdout.splitlines()[-1] == "[]"


def test_fields_are_those_of_the_catalogue(run):
    """Nested ones with their path."""
    rows = json.loads(run("records", "fields", "interactions", "--format", "json").stdout)
    assert "detail/domain" in {row["field"] for row in rows}
    assert "plugin-calls" in run("records", "fields").stdout


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["=1+1", "-x", "'=x", "''-", "@a", "\uff1dx"]
)


@given(st.lists(TEXT, min_size=1, max_size=5), st.booleans())
def test_csv_cells_come_back(values, raw):
    """RFC 4180; neutralised cells lose their apostrophe again, and no cell begins a formula."""
    written = []
    writer = Csv(written.append, columns(PluginCall.fields()), raw=raw)
    writer.begin()
    writer.page([{"id": value} for value in values])
    rows = list(csv.DictReader(io.StringIO(b"".join(written).decode(), newline="")))
    for value, row in zip(values, rows, strict=True):
        cell = row["id"]
        if not raw:
            assert not re.match("[=+\\-@\t\r\n]", cell)
            cell = cell[1:] if FORMULA.match(cell) else cell
        assert cell == value


@given(st.dictionaries(st.text(max_size=5), st.none() | st.integers() | TEXT | st.dictionaries(TEXT, TEXT), max_size=4))
def test_nothing_of_a_record_is_lost_in_csv(extra):
    """What has no column is JSON in the last one."""
    record = {"id": "1", "detail": {"domain": "HR", "odd": 1}, **{f"_{k}": v for k, v in extra.items()}}
    written = []
    writer = Csv(written.append, columns(Interaction.fields()))
    writer.begin()
    writer.page([record])
    row = next(csv.DictReader(io.StringIO(b"".join(written).decode(), newline="")))
    assert row["detail.domain"] == "HR"
    assert json.loads(row["_additional"]) == {"detail": {"odd": 1}, **{f"_{k}": v for k, v in extra.items()}}


@given(st.text())
def test_nothing_steers_a_terminal(text):
    """Control characters are written out; JSON keeps its meaning."""
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202e]", visible(text))
    encoded = json.dumps(text, ensure_ascii=False)
    assert json.loads(json_visible(encoded)) == text


def test_since_is_also_about_times_in_objects():
    """By their names on the wire."""

    class Detail(ObjectField):
        from_ = TimestampField("from")

    class Ticket(EntityType):
        detail = Detail("detail")

    assert since_field(Ticket, "detail/from").path == "detail/from"


@given(st.text(max_size=10))
def test_since_takes_any_text(text):
    """A moment in UTC, or a ValueError."""
    try:
        assert moment(text).tzinfo is not None
    except ValueError:
        return

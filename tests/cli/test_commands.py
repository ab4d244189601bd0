"""The command line, as a user meets it: output, notes, exit codes."""

from __future__ import annotations

import csv
import io
import json
import logging
import re
import subprocess
import sys

import pytest
from commands import clean_environment
from published import order_of

from moveworks.sandbox import Sandbox


def in_order(rows):
    """As the list command reads them, without ties."""
    return sorted(rows, key=lambda row: (row.get("created_time", ""), row["id"]))


def test_json_lines_are_the_records(run, sandbox):
    """Data on stdout, nothing else; nothing on stderr when nobody watches."""
    done = run("records", "list", "interactions")
    assert [json.loads(line) for line in done.stdout.splitlines()] == in_order(sandbox.rows("interactions"))
    assert (done.returncode, done.stderr) == (0, "")


def test_as_a_program_it_does_the_same(run):
    """In a process of its own."""
    command = ("records", "list", "users", "--limit", "3")
    done = run.process(*command)
    assert (done.returncode, done.stdout, done.stderr) == (0, run(*command).stdout, "")


def test_json_and_csv_and_table(run, sandbox):
    """Each format holds every record."""
    users = in_order(sandbox.rows("users"))
    assert json.loads(run("records", "list", "users", "--format", "json").stdout) == users
    assert json.loads(run("records", "list", "users", "--format", "json", "--limit", "0").stdout) == []
    text = run("records", "list", "plugin-calls", "--format", "csv", "--csv-raw").stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["id"] for row in rows] == [row["id"] for row in in_order(sandbox.rows("plugin-calls"))]
    table = run("records", "list", "users", "--format", "table", "--limit", "3").stdout
    assert "\x1b" not in table
    assert len(table.splitlines()) == 5


def test_without_an_order_a_list_has_one_without_ties(run, sandbox):
    """Records are written again while pages are read, and in another order some would be missed."""
    run("records", "list", "interactions", "--limit", "1")
    run("records", "list", "users", "--limit", "1", "--no-check", "--filter", "id ne 'x'")
    run("records", "list", "interactions", "--limit", "1", "--order-by", "none")
    run("records", "list", "interactions", "--limit", "1", "--order-by", "id desc")
    orders = [re.findall(r"\$orderby=([^&]*)", request["query"]) for request in sandbox.requests]
    assert orders == [["created_time,id"], [order_of("users")], [], ["id%20desc"]]


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
        (["records", "list", "users", "--order-by", ""], 2, "--order-by none"),
        (["records", "list", "users", "--since", "soon"], 2, "24h"),
        (["records", "list", "users", "--since", "3y"], 2, "unit"),
        (["records", "list", "users", "--since", "1h", "--until", "2h"], 2, "window is empty"),
        (["records", "list", "users", "--since-field", "id"], 2, "--since"),
        (["records", "list", "users", "--since", "1h", "--since-field", "id"], 2, "time"),
        (["records", "list", "users", "--limit", "-1"], 2, "limit"),
        (["records", "list", "users", "--resume-from", "http://evil.example/x"], 2, "evil.example"),
        (["records", "list", "users", "--resume-from", "x", "--until", "1h"], 2, "--until"),
        (["records", "list", "users", "--csv-raw"], 2, "--format csv"),
        (["records", "list", "users", "--option", "nope"], 2, "NAME=VALUE"),
        (["records", "list", "users", "--option", "$filter=x"], 2, "an argument of its own"),
        (["records", "list", "users", "--option", "$unheard=x"], 2, "no query option $unheard"),
        (["records", "list", "users", "--option", "$a=1", "--option", "$a=2"], 2, "twice"),
        (["records", "list", "users", "--resume-from", "x", "--option", "$a=1"], 2, "--option"),
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


def test_credentials_missing_or_wrong(run):
    """Exit code 3, and what to set; the key is never shown."""
    done = run("records", "list", "users", MOVEWORKS_API_KEY="", MOVEWORKS_ASSISTANT_TOKEN="")
    assert (done.returncode, "MOVEWORKS_API_KEY" in done.stderr) == (3, True)
    done = run("records", "list", "users", "-v", MOVEWORKS_API_KEY="wrong-canary")
    assert done.returncode == 3
    assert "wrong-canary" not in done.stderr + done.stdout


@pytest.mark.parametrize("form", ["Bearer {}", "bearer {}", '"{}"', "'{}'", "{}"])
def test_a_key_that_was_copied_with_what_stands_around_it_is_read(run, sandbox, form):
    """Vendor pages show it behind its scheme, and files of variables in quotes."""
    done = run("records", "count", "users", MOVEWORKS_API_KEY=form.format(sandbox.api_key))
    assert (done.returncode, int(done.stdout)) == (0, 60), done.stderr


def test_a_service_on_this_machine_is_asked_directly(run):
    """A proxy would get the key, and cannot reach it anyway."""
    proxies = {
        name: "http://127.0.0.1:9"
        for each in ("HTTP", "HTTPS", "ALL")
        for name in (f"{each}_PROXY", f"{each}_proxy".lower())
    }
    done = run("records", "count", "users", "--attempts", "1", **proxies, NO_PROXY="", no_proxy="")
    assert (done.returncode, done.stdout) == (0, "60\n"), done.stderr


@pytest.mark.parametrize("key", ["canary\n", "c\u00e4nary"])
def test_a_key_that_cannot_be_one_is_said_to_be_none_and_not_shown(run, key):
    """Before anything is sent."""
    done = run("records", "count", "users", MOVEWORKS_API_KEY=key)
    assert done.returncode == 3
    assert "API key" in done.stderr
    assert key.strip() not in done.stderr


@pytest.mark.parametrize("name", ["EU", " eu ", "Eu"])
def test_a_region_may_be_written_in_any_case(run, name):
    """Nothing is asked for here: the settings are shown before the service is reached."""
    done = run(
        "doctor",
        "--format",
        "json",
        "--attempts",
        "1",
        MOVEWORKS_REGION=name,
        MOVEWORKS_BASE_URL="",
        HTTPS_PROXY="http://127.0.0.1:9",
    )
    assert ", eu)" in json.loads(done.stdout)[0]["detail"]


def test_stamps_of_the_log_are_in_utc(run, monkeypatch):
    """And say so, whatever the zone of the machine."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setattr(logging.time, "time", lambda: 0.0)
    monkeypatch.setattr(logging.time, "time_ns", lambda: 500_000_000)
    lines = run("records", "count", "users", "-v").stderr.splitlines()
    assert lines
    assert all(re.match(r"1970-01-01T00:00:00\.\d{3}Z ", line) for line in lines)


def test_a_conversation_is_json(run, sandbox):
    """`conversations get`."""
    identity = sandbox.conversation_ids[0]
    assert json.loads(run("conversations", "get", identity).stdout)["conversation_id"] == identity
    assert "attempt 1" in run("conversations", "get", "-qv", identity).stderr


@pytest.mark.parametrize("optimised", [False, True])
def test_help_is_quick_and_imports_nothing_heavy(optimised):
    """What costs time is imported by the commands that need it; without docstrings it is the same."""
    code = """
import runpy, sys
sys.argv = ["moveworks", "--help"]
try:
    runpy.run_module("moveworks.cli", run_name="__main__")
except SystemExit:
    print(sorted({"httpx", "rich", "starlette", "msgspec", "moveworks.client"} & set(sys.modules)))
"""
    options = ["-OO"] if optimised else []
    done = subprocess.run(
        [sys.executable, *options, "-c", code], check=True, capture_output=True, text=True, env=clean_environment()
    )
    assert done.stdout.splitlines()[-1] == "[]"
    assert "Read what the Moveworks export API holds" in done.stdout


def test_no_help_is_made_of_docstrings():
    """`python -OO` has none."""
    from commands import moveworks

    from moveworks.cli.app import LazyGroup

    def texts(command, name):
        yield name, command.help, command.callback.__doc__
        if isinstance(command, LazyGroup):
            for inner in command.list_commands(None):
                yield from texts(command.get_command(None, inner), f"{name} {inner}")

    found = list(texts(moveworks, "moveworks"))
    assert len(found) > 8
    assert [name for name, text, docstring in found if not text or text == docstring] == []


def test_fields_are_those_of_the_catalogue(run):
    """Nested ones with their path."""
    rows = json.loads(run("records", "fields", "interactions", "--format", "json").stdout)
    assert "detail/domain" in {row["field"] for row in rows}
    assert "plugin-calls" in run("records", "fields").stdout


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
    from commands import moveworks

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


def test_what_is_missing_is_named_with_what_can_be_installed(monkeypatch):
    """There is no release yet, so the advice names the packages themselves."""
    from moveworks import MissingExtraError
    from moveworks.cli import extra

    monkeypatch.setattr(extra, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match="pip install rich"):
        extra.needs_rich()


def test_a_missing_scope_is_an_exit_code_of_its_own(run):
    """403 on one entity set."""
    with Sandbox(rows=10, scopes=["users"]) as narrow:
        assert run("records", "list", "conversations", **narrow.environment()).returncode == 4
        assert run("records", "list", "users", **narrow.environment()).returncode == 0


@pytest.mark.parametrize(
    "option", [["--from", "2026-11-01"], ["--to", "2026-11-01"], ["--again"], ["--keep-pages", "x"], ["--dry-run"]]
)
def test_options_that_mean_nothing_with_pages_are_refused(run, tmp_path, option):
    """Rather than to load what was not asked for."""
    (tmp_path / "kept").mkdir()
    done = run("sync", "x.sqlite", "--from-pages", "kept", *option)
    assert (done.returncode, option[0] in done.stderr) == (2, True)
    assert not (tmp_path / "x.sqlite").exists()

"""`moveworks doctor`: what it finds, and how it words it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from commands import Commands
from moments import NOW

from moveworks.sandbox import Sandbox
from moveworks_export.entities import ENTITY_SETS


def findings(done):
    return {finding["check"]: finding for finding in json.loads(done.stdout)}


def test_all_is_well(tmp_path):
    """Every check, in one run; against a sandbox of its own, since the clock of the shared one has gone on."""
    with Sandbox(rows=20, now=NOW) as fresh:
        done = Commands(tmp_path, fresh.environment())("doctor", "--format", "json")
    assert done.returncode == 0, done.stdout
    found = findings(done)
    assert set(found) >= {"settings", "address", "clock", "assistant", "records/users", "records/plugin-calls"}
    assert {finding["state"] for finding in found.values()} == {"ok"}


def test_a_wrong_key_is_named(run):
    """Exit code 3."""
    done = run("doctor", "--format", "json", MOVEWORKS_API_KEY="wrong")
    assert done.returncode == 3
    assert "401" in findings(done)["records/conversations"]["detail"]


def test_nobody_there_is_named(run):
    """Exit code 7, and what to look at."""
    done = run("doctor", "--format", "json", "--attempts", "1", MOVEWORKS_BASE_URL="http://127.0.0.1:9")
    assert done.returncode == 7
    assert findings(done)["address"]["state"] == "failed"


@pytest.mark.parametrize(("seconds", "words"), [(3600, "3600 s ahead of"), (-3600, "3600 s behind")])
def test_a_clock_that_is_wrong_is_said_to_be_ahead_or_behind(run, sandbox, seconds, words):
    """Tokens and `--since` depend on it."""
    done = run("doctor", "--format", "json", now=sandbox.now() + timedelta(seconds=seconds))
    assert done.returncode == 3
    detail = findings(done)["clock"]["detail"]
    assert detail.endswith("the service's clock")
    number, _, rest = detail.partition(" ")
    assert abs(int(number) - 3600) <= 60
    assert rest.startswith(words.partition(" ")[2])


@pytest.mark.parametrize(("options", "sent"), [([], 2), (["--attempts", "1"], 1)])
def test_it_asks_as_often_as_it_is_told_to(run, options, sent):
    """Twice, if nothing is said."""
    with Sandbox(rows=10, now=NOW, faults=["500:route=conversations"]) as broken:
        assert run("doctor", *options, **broken.environment()).returncode == 7
        assert [request["route"] for request in broken.requests].count("conversations") == sent


def test_advice_stands_on_a_line_of_its_own(run):
    """What was found, then what to do."""
    with Sandbox(rows=10, now=NOW, scopes=["users"]) as narrow:
        done = run("doctor", **narrow.environment())
    assert done.returncode == 4
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert sum(line.startswith("-> Have the administrator add") for line in lines) == len(ENTITY_SETS) - 1
    assert any("records/users" in line and " ok " in line for line in lines)


def test_what_the_service_says_of_a_wrong_assistant_is_repeated(run):
    """Only its words tell a wrong name from a conversation that does not exist."""
    found = findings(run("doctor", "--format", "json", MOVEWORKS_ASSISTANT="x"))
    assert "no such assistant" in found["assistant"]["detail"]


def test_a_404_of_any_web_server_is_not_taken_for_the_beta_api(run, http_server):
    """A web server at a wrong address has not accepted a token."""
    with http_server(lambda handler: handler.reply(b"<h1>Not here</h1>", 404, kind="text/html")) as (origin, _):
        done = run("doctor", "--format", "json", now=datetime.now(UTC), MOVEWORKS_BASE_URL=origin)
    assert done.returncode == 5
    assert findings(done)["assistant"]["state"] == "failed"

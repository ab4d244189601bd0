"""What the sandbox refuses, and what stands on every answer."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import datetime

import httpx
import pytest
from attrs import evolve
from published import ASSISTANT_PATH, RECORDS_PATH

from moveworks import ConfigurationError
from moveworks.sandbox import KINDS, Fault, Sandbox, listing
from moveworks_export.entities import ENTITY_SETS
from moveworks_export.operations import OPERATIONS

PATH = RECORDS_PATH
TRACE = "x-moveworks-root-uuid"


@pytest.mark.parametrize(
    "path",
    [
        f"{PATH}/users",
        f"{PATH}/users/$count",
        f"{PATH}/users?$nope=1",
        f"{PATH}/nothing",
        "/nowhere",
        f"{ASSISTANT_PATH}/conversations/x",
        "/_sandbox/requests",
    ],
)
def test_every_answer_has_one_trace_id(get, path):
    """Whatever it says."""
    assert len(get(path).headers.get_list(TRACE)) == 1


@pytest.mark.parametrize(
    "kind", ["503", "429", "html", "bad-json", "expired-token", "latency:delay=0", "dribble:delay=0"]
)
@pytest.mark.parametrize("route", ["users", "assistant"])
def test_a_fault_has_the_trace_id_and_the_shape_of_its_api(fresh, get, kind, route):
    """The beta API nests its errors; what is only late or slow is the right answer."""
    path = f"{ASSISTANT_PATH}/conversations/{fresh.conversation_ids[0]}" if route == "assistant" else f"{PATH}/users"
    right = get(path)
    fresh.add_fault(f"{kind}{',' if ':' in kind else ':'}route={route}")
    answer = get(path)
    assert answer.headers[TRACE]
    if answer.status_code >= 400:
        assert ("error" in answer.json()) == (route == "assistant")
    elif "delay" in kind:
        assert answer.content == right.content


def test_raw_answers_have_the_trace_id_too(fresh, get):
    """Those that are cut."""
    fresh.add_fault("truncate")
    with httpx.stream(
        "GET", f"{fresh.base_url}{PATH}/users", headers={"Authorization": f"Bearer {fresh.api_key}"}
    ) as cut:
        assert cut.headers[TRACE]


def test_a_reset_is_a_reset(fresh, get):
    """Not an orderly end."""
    fresh.add_fault("reset")
    with pytest.raises(httpx.ReadError):
        get(f"{PATH}/users")


def test_faults_of_links_leave_other_answers_alone(fresh, get):
    """And are not used up by them."""
    fresh.add_fault("foreign-link:times=1")
    assert get(f"{PATH}/users/$count").status_code == 200
    assert get(f"{ASSISTANT_PATH}/conversations/{fresh.conversation_ids[0]}").status_code == 200
    assert "attacker.example" in get(f"{PATH}/interactions").text


@pytest.mark.parametrize(
    "query",
    [
        "$filter=created_time ge 2026-11-01T00:00:00Z",
        "$filter=created_time ge '2026-11-01T00:00:00.000%2B01:00'",
        "$top=1",
        "$skiptoken=x",
    ],
)
def test_counts_are_as_strict_as_lists(fresh, get, query):
    """Quoted times, and no other option than `$filter`."""
    assert get(f"{PATH}/interactions/$count?{query}").status_code == 400
    assert len(fresh.violations) == 1


def test_an_option_that_the_spec_requires_has_to_be_there(fresh, get, monkeypatch):
    """As the service would answer; a next link carries it, and a count needs it only if it takes it."""
    operation = OPERATIONS[ENTITY_SETS["interactions"].operation]
    required = tuple(evolve(each, required=each.wire_name in {"$filter", "$select"}) for each in operation.parameters)
    monkeypatch.setattr(listing, "OPERATIONS", {**OPERATIONS, operation.id: evolve(operation, parameters=required)})
    path = f"{PATH}/interactions"
    answer = get(f"{path}?$select=id")
    assert (answer.status_code, answer.json()["message"]) == (400, "missing query option $filter")
    assert len(fresh.violations) == 1
    page = get(f"{path}?$select=id&$filter=id%20ne%20'x'")
    assert page.status_code == 200
    assert get(page.json()["@odata.nextLink"].removeprefix(fresh.base_url)).status_code == 200
    assert get(f"{path}/$count").status_code == 400
    assert get(f"{path}/$count?$filter=id%20ne%20'x'").status_code == 200


@pytest.mark.parametrize("option", ["$top", "$skip"])
def test_a_number_beyond_all_records_is_no_failure_of_the_sandbox(get, option):
    """Python reads no number of 5,000 digits."""
    assert get(f"{PATH}/users?{option}={'9' * 18}").status_code == 200
    assert get(f"{PATH}/users?{option}={'9' * 5000}").status_code == 400


def test_a_nested_field_that_is_none_is_refused(fresh, get):
    """In `$select` as in filters."""
    assert get(f"{PATH}/interactions?$select=detail/nope").status_code == 400
    assert get(f"{PATH}/interactions?$select=id/nope").status_code == 400
    assert get(f"{PATH}/interactions?$select=id,detail/domain").json()["value"][0].keys() == {"id", "detail"}


def test_a_next_link_is_good_for_its_own_list_only(fresh, get):
    """Not for another entity set or filter, nor with a letter more."""
    link = get(f"{PATH}/interactions").json()["@odata.nextLink"].removeprefix(fresh.base_url)
    assert get(link).status_code == 200
    changed = [
        link.replace("interactions", "users"),
        f"{link}&$filter=id eq 'x'",
        f"{link}%20",
        link[:-1],
        link.replace("$skiptoken=", "$skiptoken=A"),
    ]
    assert [get(each).status_code for each in changed] == [400] * 5
    assert len(fresh.violations) == 5


@pytest.mark.parametrize(
    "path", [f"{ASSISTANT_PATH}/conversations/x?token=SECRET", "/x/SECRET", "/oauth/v1/token?s=SECRET"]
)
def test_a_secret_in_any_address_is_refused_and_not_written_down(fresh, get, path):
    """Not only where records are."""
    secret = fresh.assistant_token
    assert get(path.replace("SECRET", secret)).status_code == 400
    assert [each["reason"] for each in fresh.violations] == ["a credential in the address"]
    assert secret not in f"{fresh.requests}{fresh.violations}"


@pytest.mark.parametrize("path", [f"{PATH}/users", f"{ASSISTANT_PATH}/conversations/x"])
def test_an_early_retry_is_told_how_long_it_still_has_to_wait(fresh, get, path):
    """In both APIs."""
    fresh.add_fault("429:times=1,retry_after=30")
    assert get(path).headers["retry-after"] == "30"
    fresh.advance(10)
    early = get(path)
    assert (early.status_code, early.headers["retry-after"]) == (429, "20")
    assert len(fresh.violations) == 1
    fresh.advance(21)
    assert get(path).status_code != 429


def test_a_filter_that_is_too_much_for_the_sandbox_is_said_to_be(fresh, get):
    """Not a server error that a client would retry; what SQLite can take depends on how it was built."""
    fresh.store._tables["users"]._connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 5)
    path = f"{PATH}/users?$filter=id%20in%20('1','2','3','4','5','6')"
    for answer in (get(path), get(path.replace("users", "users/$count"))):
        assert answer.status_code == 400
        assert answer.json()["message"].startswith("more than the sandbox can evaluate")


@pytest.mark.parametrize(
    "rule",
    ["503:route=interaction", "503:nth=0", "503:page=0", "503:times=-1", "dribble:delay=-1", "503:probability=nan"],
)
def test_a_rule_that_could_never_strike_is_refused(rule):
    """A typo in a route must not look like a service without faults."""
    name = rule.partition(":")[2].partition("=")[0]
    with pytest.raises(ConfigurationError, match="no route is 'interaction'" if name == "route" else f"{name} is a"):
        Fault.parse(rule)


@pytest.mark.parametrize("rule", [{"status": 500.5}, {"page": 1.5}, {"nth": "1"}, {"route": 5}])
def test_a_rule_over_http_is_as_strict(fresh, rule):
    """It would end the connection of a later call, or never strike."""
    answer = httpx.post(f"{fresh.base_url}/_sandbox/faults", json={"kind": "status", **rule})
    assert answer.status_code == 400
    assert next(iter(rule)) in answer.json()["message"]


def test_scopes_have_to_exist():
    """By either name."""
    with pytest.raises(ConfigurationError, match="did you mean users"):
        Sandbox(scopes=["user"])
    with Sandbox(rows=10, scopes=["plugin_calls"]) as sandbox, sandbox.client() as mw:
        assert sandbox.access.scopes == {"plugin-calls"}
        assert sandbox.rows("plugin_calls") == sandbox.rows("plugin-calls")
        assert "plugin_calls" in mw.records
        assert "plugin-calls" in mw.records
        assert "plugin" not in mw.records


@pytest.mark.parametrize("given", [{"faults": "503"}, {"scopes": "users"}, {"now": datetime(2026, 1, 1)}])  # noqa: DTZ001
def test_settings_that_would_fail_later_are_refused_at_once(given):
    """A text would be taken for a list of its letters, and a time without a zone cannot be compared."""
    with pytest.raises(ConfigurationError, match=r"takes a list|no time zone"):
        Sandbox(**given)


def test_stopping_twice_and_starting_again():
    """Stopping is always safe; a stopped sandbox says that it is used up."""
    sandbox = Sandbox(rows=10).start()
    assert sandbox.rows("users")
    sandbox.stop()
    sandbox.stop()
    with pytest.raises(ConfigurationError, match="new one"):
        sandbox.start()
    Sandbox().stop()


def test_a_small_answer_does_not_wait_for_an_acknowledgement(fresh):
    """TCP_NODELAY is set, which asyncio does only for sockets that were made as TCP."""
    import socket

    assert fresh._socket.proto == socket.IPPROTO_TCP


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "::1"])
def test_wherever_it_listens_its_clients_reach_it_on_loopback(host):
    """Credentials go over http nowhere else."""
    with Sandbox(rows=10, host=host) as running, running.client() as mw:
        assert mw.records.users.count() == len(running.rows("users"))


def test_kinds_of_faults_are_known_by_name():
    """Each can be written on a command line."""
    assert {Fault.parse(kind).kind for kind in KINDS} == set(KINDS)


def test_the_plugin_costs_projects_without_a_sandbox_nothing():
    """Pytest imports it at its start, in every project of an environment."""
    code = "import sys, moveworks.sandbox.pytest_plugin; print({'httpx', 'starlette', 'msgspec'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "set()"

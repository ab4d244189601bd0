"""Web pages elsewhere, oversized requests and connections that keep it waiting are kept away."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
from contextlib import suppress

import httpx
import pytest
from commands import Commands
from moments import NOW
from published import ASSISTANT_PATH, RECORDS_PATH

from moveworks.sandbox import Sandbox, serving

USERS = f"{RECORDS_PATH}/users?$top=1"
CONTROL = "/_sandbox/requests"


@pytest.mark.parametrize("path", [USERS, CONTROL, "/", "/oauth/v1/token", f"{ASSISTANT_PATH}/conversations/x"])
@pytest.mark.parametrize(
    "host",
    [
        "attacker.example",
        "attacker.example:8080",
        "127.0.0.1.attacker.example",
        "localhost.attacker.example",
        "8.8.8.8",
    ],
)
def test_a_name_that_is_made_to_lead_here_is_refused(get, path, host):
    """DNS rebinding: the page's own name, which now resolves to this machine."""
    answer = get(path, headers={"Host": host})
    assert (answer.status_code, answer.json()["code"]) == (421, "WRONG_HOST")
    assert "--allow-host" in answer.json()["message"]


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LocalHost:1234",
        "localhost.",
        "127.0.0.1",
        "127.1.2.3:80",
        "[::1]",
        "[::1]:99",
        "[::ffff:127.0.0.1]",
    ],
)
def test_names_of_this_machine_are_answered(get, host):
    """With any port: it may be forwarded; links lead there again."""
    answer = get(f"{RECORDS_PATH}/interactions", headers={"Host": host})
    assert answer.status_code == 200
    assert answer.json()["@odata.nextLink"].startswith(f"http://{host}/export/")


@pytest.mark.parametrize(
    "head", ["", "Host: a\r\nHost: localhost\r\n", "Host: \r\n", "Host: localhost@evil\r\n", "Host: [::1\r\n"]
)
def test_a_host_that_is_missing_twice_or_none_is_refused(fresh, head):
    """Nobody can say what the client meant."""
    with socket.create_connection(("127.0.0.1", fresh._port)) as connection:
        connection.sendall(f"GET {CONTROL} HTTP/1.1\r\n{head}\r\n".encode())
        assert connection.recv(4096).startswith((b"HTTP/1.1 421 ", b"HTTP/1.1 400 "))


def test_other_names_can_be_allowed():
    """Such as that of a container."""
    with Sandbox(rows=10, now=NOW, allowed_hosts=["Sandbox.test"]) as running:
        asked = {
            host: httpx.get(running.base_url + CONTROL, headers={"Host": host}).status_code
            for host in ("sandbox.test", "sandbox.test:8080", "other.test")
        }
    assert asked == {"sandbox.test": 200, "sandbox.test:8080": 200, "other.test": 421}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://attacker.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:3000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_page_of_another_origin_neither_reads_nor_changes_anything(fresh, headers):
    """Also where it needs no answer, as with a form."""
    url = fresh.base_url
    assert httpx.get(url + CONTROL, headers=headers).status_code == 403
    assert httpx.post(f"{url}/_sandbox/faults", json="503", headers=headers).status_code == 403
    assert httpx.delete(f"{url}/_sandbox/faults", headers=headers).status_code == 403
    assert httpx.post(f"{url}/_sandbox/clock", json={"days": 1}, headers=headers).status_code == 403
    assert fresh.faults.strike("users") is None
    assert (fresh.now() - NOW).days == 0


def test_a_page_of_the_sandbox_itself_may_control_it(fresh):
    """Its own origin."""
    headers = {"Origin": fresh.base_url, "Sec-Fetch-Site": "same-origin"}
    assert httpx.get(fresh.base_url + CONTROL, headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/oauth/v1/token", "/_sandbox/faults"])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_refused(path, chunked):
    """Whether it says so before or only as it comes; what is not too large is read."""
    with Sandbox(rows=10, now=NOW, max_body=10_000) as running:
        for size, expected in ((9_000, {400, 401}), (10_001, {413})):
            body = json.dumps("x" * (size - 2)).encode()
            content = iter([body[:5000], body[5000:]]) if chunked else body
            answer = httpx.post(running.base_url + path, content=content)
            assert answer.status_code in expected
            if size > 10_000:
                assert "10000 bytes" in answer.json()["message"]


def test_by_default_a_body_has_at_most_a_megabyte(fresh):
    """300 MB were taken before."""
    with socket.create_connection(("127.0.0.1", fresh._port)) as connection:
        head = "POST /_sandbox/faults HTTP/1.1\r\nHost: localhost\r\nContent-Length: 300000000\r\n\r\n"
        connection.sendall(head.encode())
        assert connection.recv(4096).startswith(b"HTTP/1.1 413 ")


def test_idle_connections_do_not_keep_others_out(fresh, get, monkeypatch):
    """The oldest idle ones are ended when there are too many."""
    monkeypatch.setattr(serving, "MAX_CONNECTIONS", 20)
    idle = [socket.create_connection(("127.0.0.1", fresh._port)) for _ in range(100)]
    assert get(USERS).status_code == 200
    with suppress(ConnectionResetError):  # ended just as well
        assert idle[0].recv(1) == b""
    for connection in idle:
        connection.close()


@pytest.mark.slow
@pytest.mark.parametrize("limit", [256, 1024])
def test_a_process_that_may_open_few_files_answers_beside_1500_idle_connections(tmp_path, limit):
    """As on most machines; those that are accepted at once are not more than there is room for."""
    import resource

    run = Commands(tmp_path, {})
    process = run.start(
        *("sandbox", "--port", "0"),
        stdout=subprocess.PIPE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit)),
    )
    url = next(line for line in process.stdout if "BASE_URL" in line).partition("'")[2].rstrip("'\n")
    port = int(url.rpartition(":")[2])
    idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(1500)]
    for connection in idle[1400:]:
        connection.sendall(b"GET / HT")
    assert httpx.get(url + CONTROL, timeout=None).status_code == 200
    for connection in idle:
        connection.close()
    process.terminate()
    _, errors = process.communicate()
    assert "Too many open files" not in errors


def test_a_busy_connection_is_not_ended_for_a_new_one(fresh, get, monkeypatch):
    """Only idle ones are."""
    monkeypatch.setattr(serving, "MAX_CONNECTIONS", 3)
    fresh.add_fault("latency:route=users,times=1,delay=0.3")
    with httpx.Client() as client:
        answers = []
        headers = {"Authorization": f"Bearer {fresh.api_key}"}
        busy = threading.Thread(target=lambda: answers.append(client.get(fresh.base_url + USERS, headers=headers)))
        busy.start()
        while not fresh.requests:
            threading.Event().wait(0.01)
        idle = [socket.create_connection(("127.0.0.1", fresh._port)) for _ in range(10)]
        busy.join()
        for connection in idle:
            connection.close()
    assert [answer.status_code for answer in answers] == [200]


@pytest.mark.parametrize(
    "begun", [b"", b"GET / HT", b"POST /oauth/v1/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nab"]
)
def test_a_request_that_does_not_arrive_ends_its_connection(fresh, monkeypatch, begun):
    """Nothing, half a head, half a body."""
    monkeypatch.setattr(serving, "ARRIVAL", 0.05)
    with socket.create_connection(("127.0.0.1", fresh._port)) as connection:
        connection.sendall(begun)
        with suppress(ConnectionResetError):
            assert connection.recv(4096) == b""


def test_a_head_without_end_is_refused(fresh):
    """Not read until the memory is full."""
    with socket.create_connection(("127.0.0.1", fresh._port)) as connection:
        received = b""
        try:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
            for _ in range(50):
                connection.sendall(b"x" * 10_000)
            received = connection.recv(4096)
        except (ConnectionResetError, BrokenPipeError):
            return
    assert received.startswith(b"HTTP/1.1 400 ")


def test_entries_of_the_journal_are_bounded(fresh, get, monkeypatch):
    """A sandbox may run for weeks."""
    from moveworks.sandbox import journal

    monkeypatch.setattr(journal, "MAX_ENTRIES", 20)
    for number in range(30):
        get(f"/nowhere/{number}")
    assert len(fresh.requests) <= 20
    assert fresh.requests[-1]["path"] == "/nowhere/29"

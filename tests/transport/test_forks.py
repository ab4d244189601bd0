"""After a fork a client starts afresh, whatever it held."""

from __future__ import annotations

import os
import threading

import httpx
import pytest
from sockets import PAGE, http, socket_server

from moveworks import ApiKey, ClientCredentials, ConfigurationError, Moveworks
from moveworks.lazy import Part

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")


def in_child(function):
    """What a function gives in a child process: its result as text, or the name of its exception."""
    start, end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            said = str(function())
        except BaseException as error:  # noqa: BLE001 - told to the parent
            said = type(error).__name__
        os.write(end, said.encode())
        os._exit(0)
    os.close(end)
    with os.fdopen(start) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return said


def test_parent_and_child_share_no_connection():
    """Else each could read the other's answers."""
    with socket_server(lambda *_: http(PAGE)) as (origin, seen):
        with Moveworks(records_auth=ApiKey("k"), base_url=origin) as mw:
            users = mw.records.users
            assert len(list(users.list())) == 1
            assert in_child(lambda: len(list(users.list()))) == "1"
            assert len(list(users.list())) == 1
        ports = [request.port for request in seen]
    assert ports[0] == ports[2] != ports[1]


def test_a_lock_that_was_held_and_a_request_that_was_under_way_are_not_waited_for():
    """Their owner is a thread that the child does not have."""
    go, begun = threading.Event(), threading.Event()

    def answer(request, number):
        if b"/oauth/" in request:
            if not begun.is_set():
                begun.set()
                go.wait(20)
            return http({"access_token": f"token-{number}", "expires_in": 3600})
        return http(PAGE)

    auth = ClientCredentials("id", "secret")
    with socket_server(answer) as (origin, _):
        with Moveworks(records_auth=auth, base_url=origin, total_timeout=20) as mw:
            users = mw.records.users
            waiting = threading.Thread(target=lambda: list(users.list()))
            waiting.start()
            assert begun.wait(10)
            with auth._lock:
                assert in_child(lambda: len(list(users.list()))) == "1"
            go.set()
            waiting.join()


def test_an_httpx_client_from_before_the_fork_is_refused():
    """Its connections cannot be made anew here."""
    answers = httpx.MockTransport(lambda request: httpx.Response(200, content=PAGE))
    with httpx.Client(transport=answers) as own, Moveworks(records_auth=ApiKey("k"), http_client=own) as mw:
        users = mw.records.users
        assert in_child(lambda: len(list(users.list()))) == "ConfigurationError"
        assert len(list(users.list())) == 1
        with pytest.raises(ConfigurationError, match="after the fork"):
            raise_in_child_state(mw)


def raise_in_child_state(mw):
    mw._connections.restart()
    list(mw.records.users.list())


def test_a_part_that_another_thread_makes_during_the_fork_is_made_by_the_child():
    """The lock of whoever makes it is held by a thread that the child does not have."""
    held, done = threading.Event(), threading.Event()

    def make(_):
        held.set()
        done.wait(20)
        return 1

    class Owner:
        part = Part(int, make, "")

    class Other:
        part = Part(int, lambda _: 2, "")

    maker = threading.Thread(target=lambda: Owner().part)
    maker.start()
    try:
        assert held.wait(20)
        assert in_child(lambda: in_time(lambda: Other().part)) == "2"
    finally:
        done.set()
        maker.join()


def in_time(function):
    """What a function gives, in a thread that is not waited for without end."""
    given = []
    thread = threading.Thread(target=lambda: given.append(function()), daemon=True)
    thread.start()
    thread.join(20)
    return given[0]

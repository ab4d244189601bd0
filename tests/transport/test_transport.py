"""Retries, deadlines, redirects, typed errors, and where a credential goes."""

from __future__ import annotations

import asyncio
import json
import logging
import pickle
import socket
import threading
import time
import traceback
from email.utils import formatdate

import httpx
import pytest
from published import RECORDS_PATH
from sockets import http, socket_server

from moveworks import (
    ApiKey,
    AuthenticationError,
    BadRequestError,
    BearerToken,
    ClientCredentials,
    ConfigurationError,
    DeadlineError,
    Moveworks,
    MoveworksError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ResponseError,
    ServerError,
    TransportError,
    UntrustedLinkError,
)
from moveworks.assistant.calls import find_operation
from moveworks.links import parse_link
from moveworks.transport import Request
from moveworks.transport.http import Transport
from moveworks_beta.service import BASE_PATH

KEY = "canary-key-5f1e"
TEXT = "canary-record-9ab0"
PAGE = json.dumps({"value": [{"id": TEXT}]}).encode()


def client(origin, **settings):
    return Moveworks(records_auth=ApiKey(KEY), base_url=origin, **settings)


def script(*answers):
    """Answers in turn; the last one again and again."""
    queue = list(answers)

    def answer(handler):
        status, body, headers = queue.pop(0) if len(queue) > 1 else queue[0]
        handler.reply(body, status=status, **headers)

    return answer


@pytest.mark.parametrize(
    ("first", "wait"),
    [
        ((429, b"{}", {}), 60),
        ((429, b"{}", {"Retry_After": "3"}), 3),
        ((429, b"{}", {"retry_after_ms": "1500"}), 1.5),
        ((503, b"x", {"Retry_After": "2"}), 2),
        ((500, b"", {}), None),
        ((502, b"<html>", {}), None),
        ((504, b"", {}), None),
        ((200, b"<html>login</html>", {}), None),
    ],
)
def test_what_may_pass_is_tried_again(http_server, no_waiting, first, wait):
    """Each condition with its own wait."""
    with http_server(script(first, (200, PAGE, {}))) as (origin, seen), client(origin) as mw:
        assert len(list(mw.records.conversations.list())) == 1
        assert len(seen) == 2
    assert len(no_waiting) == 1
    assert no_waiting[0] == pytest.approx(wait) if wait else 0 < no_waiting[0] <= 30


def test_users_wait_longer_and_dates_are_understood(http_server, no_waiting):
    """90 s on users without Retry-After; a date says until when."""
    later = formatdate(time.time() + 20, usegmt=True)
    answers = script((429, b"", {}), (429, b"", {"Retry_After": later}), (200, PAGE, {}))
    with http_server(answers) as (origin, _), client(origin) as mw:
        list(mw.records.users.list())
    assert no_waiting[0] == 90
    assert 15 < no_waiting[1] <= 20


@pytest.mark.parametrize(
    ("status", "error", "times"),
    [
        (400, BadRequestError, 1),
        (401, AuthenticationError, 1),
        (403, PermissionDeniedError, 1),
        (404, NotFoundError, 1),
        (429, RateLimitError, 3),
        (500, ServerError, 3),
        (501, ServerError, 1),
        (520, ServerError, 3),
        (302, MoveworksError, 1),
    ],
)
@pytest.mark.parametrize("nested", [False, True])
def test_errors_are_typed_and_say_everything_but_secrets(http_server, no_waiting, status, error, times, nested):
    """Kind, code, trace id, attempts; neither credential nor record text anywhere."""
    body = {"code": "E_X", "message": f"said {KEY}"}
    body = json.dumps({"error": body} if nested else body).encode()
    headers = {"x_moveworks_root_uuid": "trace-1"}
    with http_server(script((status, body, headers))) as (origin, seen), client(origin, attempts=3) as mw:
        with pytest.raises(error) as caught:
            mw.records.conversations.list(filter=f"id eq '{TEXT}'").first()
    found = caught.value
    assert len(seen) == times
    assert (found.status, found.code, found.request_id) == (status, "E_X", "trace-1")
    told = (
        str(found) + repr(found) + "".join(traceback.format_exception(found)) + str(pickle.loads(pickle.dumps(found)))
    )
    assert KEY not in told
    assert TEXT not in told.replace(f"id eq '{TEXT}'", "")
    assert "trace-1" in str(found)


@pytest.mark.parametrize(
    ("first", "times"),
    [(http({}, "429 x"), 2), (http({}, "503 x"), 1), (http({}, "500 x"), 1), (http(b"<html>"), 1), (b"cut", 1)],
)
def test_a_post_is_sent_again_only_if_nothing_was_done(no_waiting, first, times):
    """There is no idempotency key."""
    first = first if first.startswith(b"HTTP") else iter([first])
    answers = lambda request, number: first if number == 1 else http(PAGE)  # noqa: E731
    with socket_server(answers) as (origin, seen), Transport(origin=origin) as transport:
        request = Request(method="POST", link=parse_link(f"{origin}/x"), content=b"{}")
        if times == 1:
            with pytest.raises(MoveworksError):
                transport.send(request)
        else:
            transport.send(request)
        assert len(seen) == times


def raw_server(data, *, pause=0.0, reset=False):
    """A socket that answers with these bytes and hangs up; byte by byte if there is a pause."""
    listener = socket.create_server(("127.0.0.1", 0))
    requests = []

    def run():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                requests.append(connection.recv(65536))
                try:
                    if pause:
                        for byte in data:
                            connection.sendall(bytes([byte]))
                            time.sleep(pause)
                    else:
                        connection.sendall(data)
                    if reset:
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                except OSError:
                    continue

    threading.Thread(target=run, daemon=True).start()
    return listener, requests


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + PAGE,
        b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"val\r\n',
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nabcde",
        b"not http at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n" + PAGE[:-4],
    ],
)
def test_a_cut_answer_is_tried_again_and_then_an_error(no_waiting, data):
    """Both kinds of truncated body, and worse."""
    listener, requests = raw_server(data)
    with listener, client(f"http://127.0.0.1:{listener.getsockname()[1]}", attempts=2) as mw:
        with pytest.raises(MoveworksError):
            list(mw.records.users.list())
    assert len(requests) == 2


@pytest.mark.slow
def test_a_dribbling_body_ends_at_the_deadline():
    """Each read succeeds, and the whole still ends in time."""
    listener, _ = raw_server(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000, pause=0.02)
    began = time.monotonic()
    with listener, client(f"http://127.0.0.1:{listener.getsockname()[1]}", total_timeout=2.5, attempts=1) as mw:
        with pytest.raises(DeadlineError):
            list(mw.records.users.list())
    assert time.monotonic() - began < 8


def test_nobody_listening_is_a_transport_error(no_waiting):
    """With the address, and after all attempts."""
    with client("http://127.0.0.1:9", attempts=3) as mw, pytest.raises(TransportError) as caught:
        list(mw.records.users.list())
    assert caught.value.attempts == 3
    assert len(no_waiting) == 2


def test_the_credential_does_not_follow_a_redirect_elsewhere(http_server):
    """A foreign origin gets nothing at all; the same origin is followed."""
    with http_server(lambda h: h.reply(PAGE)) as (other, foreign):
        answers = script((302, b"", {"Location": f"{other}/x"}))
        with http_server(answers) as (origin, _), client(origin, attempts=1) as mw, pytest.raises(UntrustedLinkError):
            list(mw.records.users.list())
        assert foreign == []

    def own(handler):
        if "?" in handler.path:
            handler.reply(b"", status=307, Location=f"{RECORDS_PATH}/users/")
        else:
            handler.reply(PAGE)

    with http_server(own) as (origin, seen), client(origin) as mw:
        assert len(list(mw.records.users.list())) == 1
        assert seen[1][2]["Authorization"] == f"Bearer {KEY}"


def test_a_redirect_loop_ends(http_server, no_waiting):
    """Redirects are counted."""
    with http_server(script((302, b"", {"Location": "?again"}))) as (origin, seen), client(origin) as mw:
        with pytest.raises(MoveworksError, match="redirect"):
            list(mw.records.users.list())
        assert len(seen) < 25


def test_trusted_hosts_may_be_led_to(http_server):
    """Only by name, and only when asked for."""
    with http_server(lambda h: h.reply(PAGE)) as (other, foreign):
        link = json.dumps({"value": [], "@odata.nextLink": f"{other}{RECORDS_PATH}/users?x"}).encode()
        with http_server(script((200, link, {}))) as (origin, _), client(origin, trusted_hosts=[other]) as mw:
            assert len(list(mw.records.users.list())) == 1
        assert foreign[0][2]["Authorization"] == f"Bearer {KEY}"


def test_logs_hold_neither_secret_nor_filter_values(http_server, caplog):
    """The moveworks logger says what happened, from an allow-list."""
    with caplog.at_level(logging.DEBUG, logger="moveworks"):
        with http_server(script((200, PAGE, {}))) as (origin, _), client(origin) as mw:
            list(mw.records.users.list(filter=f"id eq '{TEXT}'"))
    told = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("moveworks"))
    assert "/users" in told
    assert KEY not in told
    assert TEXT not in told


def test_hooks_see_every_attempt(http_server, no_waiting):
    """on_request, on_response, on_retry, in order, for tracing."""
    events = []
    hooks = {
        name: lambda e, n=name: events.append((n, e.attempt)) for name in ("on_request", "on_response", "on_retry")
    }
    with http_server(script((503, b"", {}), (200, PAGE, {}))) as (origin, _), client(origin, **hooks) as mw:
        list(mw.records.users.list())
    names = ["on_request", "on_response", "on_retry", "on_request", "on_response"]
    assert events == list(zip(names, [1, 1, 1, 2, 2], strict=True))


def token_server(life=3600, *, nested=False, check=None):
    """Token endpoint and pages; every token is a new one."""
    state = {"asked": 0}

    def answer(handler):
        if "token" in handler.path:
            state["asked"] += 1
            time.sleep(0.05)
            body = {"access_token": f"token-{state['asked']}-canary", "expires_in": life, "token_type": "Bearer"}
            handler.reply(json.dumps({"data": body} if nested else body).encode())
        elif check and not check(handler, state):
            handler.reply(b"{}", status=401)
        else:
            handler.reply(PAGE)

    return answer, state


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("body", ["json", "form"])
def test_one_token_request_for_fifty_threads(http_server, nested, body):
    """Single flight; both bodies, both shapes of the answer."""
    answer, state = token_server(nested=nested)
    with http_server(answer) as (origin, seen):
        with Moveworks(records_auth=ClientCredentials("id", "s3cret-canary", body=body), base_url=origin) as mw:
            assert "s3cret" not in repr(mw)
            results = []
            threads = [
                threading.Thread(target=lambda: results.append(len(list(mw.records.users.list())))) for _ in range(50)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert results == [1] * 50
        assert state["asked"] == 1
        asked = next(request for request in seen if "token" in request[1])
        assert b"grant_type" in asked[3]
        assert asked[3].startswith(b"{") == (body == "json")
        assert "Authorization" not in asked[2]


@pytest.mark.slow
def test_one_token_request_for_many_tasks(http_server):
    """The same under 500 tasks."""
    from moveworks import AsyncMoveworks

    answer, state = token_server()

    async def run(origin):
        async with AsyncMoveworks(records_auth=ClientCredentials("id", "secret"), base_url=origin) as mw:
            return await asyncio.gather(*(mw.records.users.list().first() for _ in range(500)))

    with http_server(answer) as (origin, _):
        assert len(asyncio.run(run(origin))) == 500
    assert state["asked"] == 1


def test_a_refused_token_is_renewed_once(http_server):
    """After a 401 one new token, and no more than one."""
    answer, state = token_server(check=lambda h, s: "token-2" in h.headers["Authorization"])
    with http_server(answer) as (origin, _):
        with Moveworks(records_auth=ClientCredentials("id", "secret"), base_url=origin) as mw:
            assert len(list(mw.records.users.list())) == 1
        assert state["asked"] == 2
    answer, state = token_server(check=lambda h, s: False)
    with http_server(answer) as (origin, _):
        with Moveworks(records_auth=ClientCredentials("id", "secret"), base_url=origin) as mw:
            with pytest.raises(AuthenticationError):
                list(mw.records.users.list())
        assert state["asked"] == 2


def test_a_bearer_token_may_be_a_function(http_server):
    """Called for every request; its failure reaches the caller."""
    calls = []

    def token():
        calls.append(1)
        return "user-token-canary"

    body = b'{"conversation_id": "conv_1"}'
    with http_server(lambda h: h.reply(body)) as (origin, seen):
        with Moveworks(assistant_auth=BearerToken(token), assistant="acme", base_url=origin) as mw:
            assert mw.assistant.conversations.get("conv/ä 1").conversation_id == "conv_1"
        assert seen[0][1].endswith(f"{BASE_PATH}/conversations/conv%2F%C3%A4%201")
        assert seen[0][2]["Assistant-Name"] == "acme"
        assert calls


def test_credentials_hide_themselves():
    """repr, str and pickle."""
    for auth in (ApiKey(KEY), BearerToken(KEY), ClientCredentials("id", KEY)):
        assert KEY not in repr(auth) + str(auth) + repr(Moveworks(records_auth=auth))
        with pytest.raises(TypeError):
            pickle.dumps(auth)


@pytest.mark.parametrize(
    "settings",
    [
        {"region": "mars"},
        {"region": "us", "base_url": "https://x.example"},
        {"base_url": "ftp://x"},
        {"base_url": "http://x.example"},
        {"base_url": "https://x.example/export"},
        {"base_url": "https://u:p@x.example"},
        {"timeout": 0},
        {"attempts": float("nan")},
        {"user_agent": "a\nb"},
        {"trusted_hosts": "x"},
        {"records_auth": "key"},
    ],
)
def test_settings_that_make_no_sense_are_refused(settings):
    """At once, naming what is wrong."""
    with pytest.raises((ConfigurationError, TypeError, ValueError)):
        Moveworks(**{"records_auth": ApiKey("k"), **settings})


@pytest.mark.parametrize("key", ["", " ", "a\nb", "ä", None, 5])
def test_a_key_that_cannot_be_one_is_refused_without_being_shown(key):
    """A stray line feed is the usual accident."""
    with pytest.raises((ConfigurationError, TypeError)):
        ApiKey(key)


def test_missing_halves_are_named():
    """Both halves work alone."""
    with Moveworks(records_auth=ApiKey("k")) as mw, pytest.raises(ConfigurationError, match="assistant_auth"):
        _ = mw.assistant
    with Moveworks(assistant_auth=BearerToken("t"), assistant="a") as mw:
        with pytest.raises(ConfigurationError, match="records_auth"):
            _ = mw.records
        with pytest.raises(ValueError, match="empty"):
            mw.assistant.conversations.get(" ")
    with Moveworks(assistant_auth=BearerToken("t")) as mw, pytest.raises(ConfigurationError, match="assistant="):
        _ = mw.assistant


def test_a_client_of_yours_is_used_and_not_closed(http_server):
    """Its own headers and cookies add nothing that changes the request's credential."""
    with http_server(lambda h: h.reply(PAGE)) as (origin, seen), httpx.Client(headers={"X-Mine": "1"}) as own:
        with client(origin, http_client=own) as mw:
            list(mw.records.users.list())
        assert not own.is_closed
        assert seen[0][2]["Authorization"] == f"Bearer {KEY}"


def test_a_closed_client_says_so(http_server):
    """Also when it was used before."""
    with http_server(lambda h: h.reply(PAGE)) as (origin, _):
        mw = client(origin)
        users = mw.records.users
        mw.close()
        mw.close()
        with pytest.raises(ConfigurationError, match="closed"):
            list(users.list())


def test_settings_come_from_the_environment(monkeypatch):
    """And contradictions are named, without values."""
    for name in ("API_KEY", "CLIENT_ID", "CLIENT_SECRET", "ASSISTANT_TOKEN", "ASSISTANT", "REGION", "BASE_URL"):
        monkeypatch.delenv(f"MOVEWORKS_{name}", raising=False)
    with pytest.raises(ConfigurationError, match="MOVEWORKS_API_KEY"):
        Moveworks.from_env()
    monkeypatch.setenv("MOVEWORKS_API_KEY", KEY)
    monkeypatch.setenv("MOVEWORKS_REGION", "eu")
    with Moveworks.from_env() as mw:
        assert "eu" in repr(mw)
    monkeypatch.setenv("MOVEWORKS_CLIENT_ID", "x")
    with pytest.raises(ConfigurationError) as caught:
        Moveworks.from_env()
    assert KEY not in str(caught.value)


def test_an_export_id_in_the_beta_api_is_explained(sandbox):
    """The two APIs have different ids."""
    with sandbox.client() as mw, pytest.raises(NotFoundError, match="export API"):
        mw.assistant.conversations.get("OhgRNKkgV-rZ")


@pytest.mark.parametrize("body", [[], "x", {"error": {"code": "NO"}}])
def test_what_is_no_conversation_is_an_error(body):
    """Although the status says success."""
    with socket_server(lambda *_: http(body)) as (origin, _):
        with Moveworks(assistant_auth=BearerToken("t"), assistant="acme", base_url=origin) as mw:
            with pytest.raises(ResponseError, match=f"is not what {find_operation('get-conversation').id} gives"):
                mw.assistant.conversations.get("conv_1")
            assert "acme" in repr(mw.assistant)

"""The async client does what the blocking one does."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from published import RECORDS_PATH
from sockets import PAGE, http, socket_server

from moveworks import (
    ApiKey,
    AsyncMoveworks,
    AuthenticationError,
    BearerToken,
    ClientCredentials,
    ConfigurationError,
    DeadlineError,
    MoveworksError,
    ResponseError,
    ServerError,
    UntrustedLinkError,
)
from moveworks.links import parse_link
from moveworks.transport import Request, TransportOptions
from moveworks.transport.aio import AsyncTransport


def read(answer, auth=None, **settings):
    """The first record that a server gives, and the requests it saw."""

    async def first(origin):
        async with AsyncMoveworks(records_auth=auth or ApiKey("k"), base_url=origin, **settings) as mw:
            return await mw.records.users.list().first()

    with socket_server(answer) as (origin, seen):
        try:
            return asyncio.run(first(origin)), seen
        except MoveworksError as error:
            return error, seen


def test_failures_are_tried_again(no_waiting):
    """With the same waits, and hooks that may be async."""
    events = []

    async def hook(event):
        events.append(event.attempt)

    answers = [http({}, "429 x", Retry_After="3"), http({}, "500 x"), http(PAGE)]
    found, _ = read(lambda _, number: answers[number - 1], on_retry=hook, on_request=events.append)
    assert found.id == "1"
    assert no_waiting[0] == 3
    assert events[1] == 1
    assert len(events) == 5


def test_the_last_error_is_raised(no_waiting):
    """After all attempts."""
    found, seen = read(lambda *_: http({}, "502 x"), attempts=3)
    assert isinstance(found, ServerError)
    assert found.attempts == len(seen) == 3


def test_a_refused_token_is_renewed_once():
    """And a second refusal stands."""
    tokens = iter(range(1, 9))

    def answer(request, number):
        if b"/oauth/" in request:
            return http({"access_token": f"token-{next(tokens)}", "expires_in": 3600})
        return http(PAGE) if b"token-2" in request else http({}, "401 x")

    found, _ = read(answer, ClientCredentials("id", "secret"))
    assert found.id == "1"
    found, seen = read(answer, ClientCredentials("id", "secret"))
    assert isinstance(found, AuthenticationError)
    assert len(seen) == 4


def test_redirects_are_counted_and_stay_at_home():
    """Followed where they may be."""
    moved = f"/export/v9/{RECORDS_PATH.rpartition('/')[2]}/users?x"
    found, seen = read(lambda _, n: http(b"", "302 x", Location=moved) if n == 1 else http(PAGE))
    assert found.id == "1"
    assert f"GET {moved}".encode() in seen[1]
    found, seen = read(lambda *_: http(b"", "302 x", Location="?again"))
    assert isinstance(found, UntrustedLinkError)
    assert len(seen) == 6
    found, _ = read(lambda *_: http(b"", "302 x", Location="http://evil.example/"))
    assert isinstance(found, UntrustedLinkError)


def test_a_token_function_may_be_async_and_has_no_more_time_than_the_request():
    """What it raises itself is raised."""

    async def token():
        return "mine"

    async def forever():
        await asyncio.Event().wait()

    def failing():
        raise TimeoutError("the identity provider")

    found, seen = read(lambda *_: http(PAGE), BearerToken(token))
    assert found.id == "1"
    assert b"Authorization: Bearer mine" in seen[0]
    found, seen = read(lambda *_: http(PAGE), BearerToken(forever), total_timeout=0.2)
    assert isinstance(found, DeadlineError)
    assert seen == []
    with pytest.raises(TimeoutError, match="identity provider"):
        read(lambda *_: http(PAGE), BearerToken(failing))


def test_a_body_beyond_the_limit_is_an_error_at_once():
    """Fetching it again would not make it smaller."""

    async def send(origin):
        async with AsyncTransport(origin=origin, options=TransportOptions(max_response_bytes=10)) as transport:
            await transport.send(Request(method="GET", link=parse_link(f"{origin}/x")))

    with socket_server(lambda *_: http(PAGE)) as (origin, seen):
        with pytest.raises(ResponseError, match="larger than 10 bytes"):
            asyncio.run(send(origin))
        assert len(seen) == 1


@pytest.mark.parametrize("settings", [{"http_client": httpx.Client()}, {"proxy": "ftp://x"}])
def test_settings_of_the_wrong_kind_are_refused(settings):
    """A blocking httpx client cannot serve here."""
    mw = AsyncMoveworks(records_auth=ApiKey("k"), **settings)
    with pytest.raises(ConfigurationError):
        _ = mw.records


def test_a_client_of_yours_stays_open():
    """It is yours to close."""

    async def use(origin):
        async with httpx.AsyncClient() as own:
            mw = AsyncMoveworks(records_auth=ApiKey("k"), base_url=origin, http_client=own)
            found = await mw.records.users.list().first()
            await mw.close()
            assert not own.is_closed
            return found

    with socket_server(lambda *_: http(PAGE)) as (origin, _):
        assert asyncio.run(use(origin)).id == "1"

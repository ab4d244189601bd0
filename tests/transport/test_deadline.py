"""A request ends in time, whatever the other side does. Without a deadline these tests would not end at all."""

from __future__ import annotations

import asyncio
import gzip
import itertools

import httpx
import pytest
from published import RECORDS_PATH, order_of
from sockets import PAGE, http, socket_server

from moveworks import ApiKey, AsyncMoveworks, BearerToken, ClientCredentials, DeadlineError, Moveworks

HEAD = b"HTTP/1.1 200 OK\r\n"
PACKED = gzip.compress(PAGE)
EMPTY_BLOCK = b"\x00\x00\x00\xff\xff"  # of deflate: unpacked it is nothing at all


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


ENDLESS = {
    "headers": (HEAD, b"X-A: b\r\n"),
    "one header": (HEAD + b"X-A: ", b"a"),
    "interim answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body": (HEAD + b"Content-Length: 99999\r\n\r\n", b" "),
    "body that unpacks to nothing": (
        HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(PACKED[:10]),
        chunk(EMPTY_BLOCK),
    ),
    "silence": (b"", b""),
    "silence in the body": (HEAD + b"Content-Length: 99\r\n\r\n{", b""),
}


def endless(name):
    first, again = ENDLESS[name]
    return lambda request, number: itertools.chain([first], itertools.repeat(again))


@pytest.mark.parametrize("name", ENDLESS)
def test_nothing_endless_outlasts_the_deadline(name):
    """Each read succeeds, or none does: the time for the whole is what counts."""
    with socket_server(endless(name)) as (origin, _):
        with Moveworks(records_auth=ApiKey("k"), base_url=origin, total_timeout=0.4) as mw:
            with pytest.raises(DeadlineError) as caught:
                list(mw.records.users.list())
    assert "Raise total_timeout" in str(caught.value)
    assert caught.value.resume_from == f"{origin}{RECORDS_PATH}/users?$orderby={order_of('users')}"


def test_advice_names_the_limit_that_was_met():
    """What is asked of the assistant has a time limit of its own, and raising another one would not help."""
    with socket_server(endless("silence")) as (origin, _):
        with Moveworks(assistant_auth=BearerToken("t"), assistant="acme", base_url=origin) as mw:
            with pytest.raises(DeadlineError, match="Raise timeout"):
                mw.assistant.ask("Hi", timeout=0.4)


def test_advice_for_a_token_names_the_limit_of_what_needs_it():
    """A token is asked for in what is left of the time for the request."""
    given = {"records_auth": ClientCredentials("i", "s"), "total_timeout": 0.4}

    async def read(origin):
        async with AsyncMoveworks(base_url=origin, **given) as mw:
            await mw.records.users.list().first()

    with socket_server(endless("silence")) as (origin, _):
        with pytest.raises(DeadlineError, match=r"token.*Raise total_timeout"):
            with Moveworks(base_url=origin, **given) as mw:
                mw.records.users.list().first()
        with pytest.raises(DeadlineError, match="Raise total_timeout"):
            asyncio.run(read(origin))


@pytest.mark.parametrize("name", ENDLESS)
def test_nothing_endless_outlasts_the_deadline_async(name):
    """The same on asyncio."""

    async def read(origin):
        async with AsyncMoveworks(records_auth=ApiKey("k"), base_url=origin, total_timeout=0.4) as mw:
            await mw.records.users.list().first()

    with socket_server(endless(name)) as (origin, _), pytest.raises(DeadlineError):
        asyncio.run(read(origin))


def test_a_body_that_drips_ends_in_time_with_a_client_of_yours():
    """What httpx reads then knows no deadline, so it is looked at between the reads."""
    with socket_server(endless("body")) as (origin, _), httpx.Client() as own:
        with Moveworks(records_auth=ApiKey("k"), base_url=origin, total_timeout=0.4, http_client=own) as mw:
            with pytest.raises(DeadlineError):
                list(mw.records.users.list())


def test_waiting_for_a_token_counts():
    """The token request has no time of its own besides that of the request it is for."""
    with socket_server(endless("silence")) as (origin, seen):
        auth = ClientCredentials("id", "secret")
        with Moveworks(records_auth=auth, base_url=origin, total_timeout=0.4) as mw:
            with pytest.raises(DeadlineError):
                list(mw.records.users.list())
        assert b"/oauth/" in seen[0]


def test_a_connection_closed_between_pages_is_not_noticed():
    """Servers close idle connections; the next page is asked for on a new one."""

    def answer(request, number):
        more = {"@odata.nextLink": f"?$skiptoken={number}"} if number < 4 else {}
        return iter([http({"value": [{"id": str(number)}], **more})])

    with socket_server(answer) as (origin, _):
        with Moveworks(records_auth=ApiKey("k"), base_url=origin) as mw:
            assert [user["id"] for user in mw.records.users.list(raw=True)] == ["1", "2", "3", "4"]

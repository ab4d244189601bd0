"""An httpx client of the user's keeps to the deadline as well, and stays the user's."""

from __future__ import annotations

import asyncio
import itertools
import threading

import httpx
import pytest
from sockets import PAGE, socket_server

from moveworks import ApiKey, AsyncMoveworks, DeadlineError, Moveworks, MoveworksError, TransportError

HEAD = b"HTTP/1.1 200 OK\r\n"
ENDLESS = {
    "interim answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "headers": (HEAD, b"X-A: b\r\n"),
    "body": (HEAD + b"Content-Length: 99999\r\n\r\n", b" "),
    "trailers": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-A: b\r\n"),
    "silence": (b"", b""),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_nothing_endless_outlasts_the_deadline(name):
    """Although httpx limits each read alone."""
    first, again = ENDLESS[name]
    with (
        socket_server(lambda *_: itertools.chain([first], itertools.repeat(again))) as (origin, _),
        httpx.Client() as own,
    ):
        with Moveworks(records_auth=ApiKey("k"), base_url=origin, total_timeout=0.4, http_client=own) as mw:
            with pytest.raises(DeadlineError):
                list(mw.records.users.list())


def test_what_comes_after_the_deadline_is_closed():
    """Nobody else would."""
    from moveworks.transport.deadline import call_within

    closed, go, done = [], threading.Event(), threading.Event()

    def late():
        go.wait(10)
        return "late"

    def abandoned(result):
        closed.append(result)
        done.set()

    with pytest.raises(Exception, match="deadline"):
        call_within(0.01, late, abandoned)
    go.set()
    assert done.wait(10)
    assert closed == ["late"]
    assert call_within(10, lambda: 5, closed.append) == 5
    with pytest.raises(KeyError):
        call_within(10, lambda: {}["x"], closed.append)
    assert closed == ["late"]


def answers(*, stream=False):
    def answer(request):
        content = iter([PAGE]) if stream else PAGE
        return httpx.Response(200, content=content, headers={"Content-Type": "application/json"})

    return httpx.MockTransport(answer)


@pytest.mark.parametrize("stream", [False, True])
def test_a_transport_that_answers_from_memory_works(stream):
    """As tests of other projects have it."""
    with httpx.Client(transport=answers(stream=stream)) as own:
        with Moveworks(records_auth=ApiKey("k"), http_client=own) as mw:
            assert len(list(mw.records.users.list())) == 1


def test_a_transport_that_answers_from_memory_works_async():
    """The same on asyncio, compressed."""
    import gzip

    def answer(request):
        return httpx.Response(200, content=gzip.compress(PAGE), headers={"Content-Encoding": "gzip"})

    async def read():
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as own:
            async with AsyncMoveworks(records_auth=ApiKey("k"), http_client=own) as mw:
                return await mw.records.users.list().first()

    assert asyncio.run(read()).id == "1"


@pytest.mark.parametrize(
    ("error", "attempts"),
    [
        (httpx.ConnectError("refused"), 2),
        (httpx.ReadTimeout("x"), 2),
        (httpx.RemoteProtocolError("x"), 2),
        (httpx.InvalidURL("x"), 1),
    ],
)
def test_errors_of_httpx_are_those_of_the_table(error, attempts, no_waiting):
    """Also without waiting for the second attempt."""

    def answer(request):
        raise error

    with httpx.Client(transport=httpx.MockTransport(answer)) as own:
        with (
            Moveworks(records_auth=ApiKey("k"), http_client=own, attempts=2) as mw,
            pytest.raises(TransportError) as caught,
        ):
            list(mw.records.users.list())
    assert caught.value.attempts == attempts
    assert caught.value.__context__ is None
    assert "Bearer" not in repr(caught.value)


def test_errors_of_httpx_are_those_of_the_table_async():
    """Whether the answer fails, or its body; nothing of httpx is in them."""

    class Cut(httpx.AsyncByteStream):
        async def __aiter__(self):
            yield b'{"value": ['
            raise httpx.ReadError("cut")

    def answer(request):
        if "users" in request.url.path:
            raise httpx.ConnectError("refused")
        return httpx.Response(200, stream=Cut())

    async def read(name):
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as own:
            async with AsyncMoveworks(records_auth=ApiKey("k"), http_client=own, attempts=1) as mw:
                await mw.records[name].list().first()

    for name in ("users", "conversations"):
        with pytest.raises(TransportError) as caught:
            asyncio.run(read(name))
        assert caught.value.__context__ is None


def test_an_interrupted_call_is_not_used():
    """Ctrl-C in the waiting thread ends the wait."""

    def answer(request):
        raise MoveworksError("mine")

    with httpx.Client(transport=httpx.MockTransport(answer)) as own:
        with Moveworks(records_auth=ApiKey("k"), http_client=own) as mw, pytest.raises(MoveworksError, match="mine"):
            list(mw.records.users.list())


@pytest.mark.parametrize("client", [httpx.AsyncClient(), object(), "x"])
def test_what_is_no_blocking_client_is_refused(client):
    """At once."""
    from moveworks import ConfigurationError

    with (
        Moveworks(records_auth=ApiKey("k"), http_client=client) as mw,
        pytest.raises(ConfigurationError, match=r"httpx\.Client"),
    ):
        _ = mw.records

"""Some hundred streams as the service may send them, each cut in five ways: each comes to what it must."""

from __future__ import annotations

import asyncio
import itertools
import random
import re

import httpx
import pytest
from assistants import CONVERSATION
from recorded_parts import PLACE, QUESTION
from recorded_streams import RECORDED

from moveworks import AsyncMoveworks, BearerToken, Moveworks, MoveworksError, StreamError
from moveworks.assistant import effects
from moveworks.transport import aio, given, http

pytestmark = pytest.mark.slow


def at(data, places):
    """The data, cut at these places."""
    edges = sorted({0, len(data), *places})
    return [data[start:end] for start, end in itertools.pairwise(edges)]


def awkward(data):
    """Inside of each character of several bytes, between CR and LF, and in the middle of each line."""
    inside = [place for place, byte in enumerate(data) if byte & 0xC0 == 0x80]
    pairs = [found.start() + 1 for found in re.finditer(rb"\r\n", data)]
    middles = [sum(found.span()) // 2 for found in re.finditer(rb"[^\r\n]+", data)]
    return at(data, [*inside, *pairs, *middles])


CUTS = {
    "whole": lambda events: at(b"".join(events), []),
    "events": list,
    "bytes": lambda events: at(b"".join(events), range(sum(map(len, events)))),
    "awkward": lambda events: awkward(b"".join(events)),
    "random": lambda events: at(
        b"".join(events), random.Random(len(events)).sample(range(sum(map(len, events)) + 1), len(events))
    ),
}


class Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The parts of a stream, and what the connection ends in."""

    def __init__(self, parts, end):
        self.parts, self.end, self.closed = parts, end, False

    def __iter__(self):
        yield from self.parts
        if self.end is not None:
            raise self.end

    async def __aiter__(self):
        for part in self:
            yield part

    def close(self):
        self.closed = True

    async def aclose(self):
        self.closed = True


class Service:
    """Answers as a recorded stream says, and notes what it is asked."""

    def __init__(self, recorded, cut):
        events = [part for part in recorded.stream if isinstance(part, bytes)]
        end = next((part for part in recorded.stream if not isinstance(part, bytes)), None)
        self.body = Body(CUTS[cut](events), end)
        self.polls, self.history, self.requests = list(recorded.polls), list(recorded.history), ""

    def __call__(self, request):
        path = request.url.path
        if path.endswith("/responses/stream"):
            self.requests += "s"
            return httpx.Response(200, headers={"Content-Type": "text/event-stream"}, stream=self.body)
        if path.endswith("/messages"):
            self.requests += "h"
            return httpx.Response(200, json={"messages": self.history, "metadata": {}})
        if path.endswith("/conversations"):
            self.requests += "c"
            return httpx.Response(201, json=PLACE)
        self.requests += "p"
        said = self.polls.pop(0)
        return httpx.Response(said) if isinstance(said, int) else httpx.Response(200, json=said)


def settings(client):
    return {
        "assistant_auth": BearerToken("t"),
        "assistant": "acme",
        "base_url": "http://127.0.0.1:9",
        "http_client": client,
    }


def streamed(service, seen):
    with httpx.Client(transport=httpx.MockTransport(service)) as client, Moveworks(**settings(client)) as mw:
        stream = mw.assistant.responses.stream(CONVERSATION, QUESTION)
        with stream:
            try:
                seen.extend((update.event, update.text) for update in stream)
            finally:
                assert service.body.closed
        return stream


def asked(service, seen):
    def see(update):
        seen.append((update.event, update.text))

    with httpx.Client(transport=httpx.MockTransport(service)) as client, Moveworks(**settings(client)) as mw:
        return mw.assistant.ask(QUESTION, on_update=see)


async def streamed_async(service, seen):
    transport = httpx.MockTransport(service)
    async with httpx.AsyncClient(transport=transport) as client, AsyncMoveworks(**settings(client)) as mw:
        stream = mw.assistant.responses.stream(CONVERSATION, QUESTION)
        async with stream:
            try:
                async for update in stream:
                    seen.append((update.event, update.text))
            finally:
                assert service.body.closed
        return stream


async def asked_async(service, seen):
    def see(update):
        seen.append((update.event, update.text))

    transport = httpx.MockTransport(service)
    async with httpx.AsyncClient(transport=transport) as client, AsyncMoveworks(**settings(client)) as mw:
        return await mw.assistant.ask(QUESTION, on_update=see)


WAYS = {
    "stream": streamed,
    "ask": asked,
    "async stream": lambda *given: asyncio.run(streamed_async(*given)),
    "async ask": lambda *given: asyncio.run(asked_async(*given)),
}


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    """Nothing is waited for, and no thread begun for each part: neither is what is looked at here."""

    async def at_once(seconds):
        del seconds

    for module in (effects, http):
        monkeypatch.setattr(module, "pause", lambda seconds: None)
    monkeypatch.setattr(aio, "pause", at_once)
    monkeypatch.setattr(asyncio, "sleep", at_once)
    monkeypatch.setattr(given, "call_within", lambda seconds, function, abandoned: function())


@pytest.mark.parametrize("name", RECORDED)
def test_a_stream_comes_to_what_it_must(name):
    """However it is cut and read: text, footnotes, sources, reasoning or error, the same updates, no request more."""
    recorded, shown = RECORDED[name], []
    for way, run in WAYS.items():
        expected = recorded._replace(**recorded.ask) if "ask" in way else recorded
        requests = "c" * ("ask" in way) + expected.requests
        for cut in CUTS:
            where = f"{way}, {cut}"
            service, seen, error, result = Service(recorded, cut), [], None, None
            try:
                result = run(service, seen)
            except MoveworksError as raised:
                error = raised
            assert service.requests == requests, where
            assert service.body.closed, where
            shown.append(seen[: len(shown[0])] if shown else seen)  # `ask` may find more
            assert shown[-1] == shown[0], where
            if expected.error is not None:
                assert isinstance(error, expected.error), (where, error)
                assert not isinstance(error, StreamError) or error.partial == expected.text, where
                continue
            if error is not None:
                raise error
            assert result.text == expected.text, where
            assert [citation.url for citation in result.citations] == list(expected.citations), where
            assert result.reasoning == list(expected.reasoning), where
            assert result.recovered == ("p" in requests), where
            if "ask" in way:
                markdown = expected.text if expected.markdown is None else expected.markdown
                assert result.markdown == markdown, where

"""What goes wrong with any request, at each request of a question: the answer, or the error of the fault."""

from __future__ import annotations

import asyncio
import time

import pytest
from moments import NOW
from questions import ask

from moveworks import (
    AuthenticationError,
    NotFoundError,
    RateLimitError,
    ResponseError,
    ServerError,
    TransportError,
)
from moveworks.sandbox import Sandbox
from moveworks.sandbox.faults import KINDS, LINK_KINDS, STREAM_KINDS

pytestmark = pytest.mark.slow

TEXT = "Open the portal and reset it there, then wait for a moment."
ERRORS = {
    "reset": TransportError,
    "truncate": TransportError,
    "truncate-chunked": TransportError,
    "html": ResponseError,
    "bad-json": ResponseError,
    "expired-token": AuthenticationError,
    "404": NotFoundError,
    "429": RateLimitError,
    "500": ServerError,
    "503": ServerError,
    "dribble": None,
    "latency": None,
}
"""The error of each fault; None for those that only take time."""
STAYS = {"expired-token", "404"}
"""Faults of which another attempt makes nothing better."""
PLACES = {
    "create-conversation": None,
    "create-response-stream": None,
    "get-response": "early-end",
    "list-conversation-messages": "lost-answer",
}
"""The requests of a question, and the fault of its stream that makes one of them necessary."""


def passes(fault, place):
    """Whether the request is sent again: only a GET may be, where the service may have done something already."""
    return fault == "429" if place.startswith("create") else ERRORS[fault] is not None and fault not in STAYS


CASES = [
    (fault, place, lasting)
    for fault in ERRORS
    for place in PLACES
    for lasting in ([False, True] if passes(fault, place) else [False])
]


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch):
    """No wait is long, and none so short that the service complains."""

    async def short_sleep(seconds):
        await asyncio.sleep(min(seconds, 0.11))

    monkeypatch.setattr("moveworks.transport.http.pause", lambda seconds: time.sleep(min(seconds, 0.11)))
    monkeypatch.setattr("moveworks.transport.aio.pause", short_sleep)
    monkeypatch.setattr("moveworks.assistant.exchange.POLL_FIRST", 0.11)
    monkeypatch.setattr("moveworks.assistant.ask.LOOK_PAUSE", 0.01)


@pytest.fixture(scope="module")
def asked():
    """A sandbox for all questions of this module."""
    with Sandbox(rows=5, now=NOW) as running:
        running.answers([{"text": TEXT}])
        yield running


def test_every_fault_is_here():
    """But for those of links, and those of streams, which have tests of their own."""
    kinds = {"rate-limit" if name == "429" else "status" if name.isdigit() else name for name in ERRORS}
    assert kinds == set(KINDS) - STREAM_KINDS - LINK_KINDS


@pytest.mark.parametrize("mode", ["blocking", "async"])
@pytest.mark.parametrize(("fault", "place", "lasting"), CASES)
def test_a_fault_at_any_request_ends_well_or_in_its_error(asked, fault, place, lasting, mode):
    """One message at most; nothing stays open, and no rule of the service is broken."""
    asked.clear_faults()
    asked.add_fault(f"{fault}:route={place},delay=0.01{'' if lasting else ',times=1'}")
    if PLACES[place]:
        asked.add_fault(f"{PLACES[place]}:times=1")
    messages, violations = len(asked.talk.messages), len(asked.violations)
    result, _ = ask(asked, mode, client={"attempts": 2})
    # What a stream loses is in the response, which is asked for.
    cut = place == "create-response-stream" and fault.startswith("truncate")
    expected = None if cut or (passes(fault, place) and not lasting) else ERRORS[fault]
    if expected is None:
        assert result.text == TEXT
        assert result.recovered is (cut or PLACES[place] is not None)
    else:
        assert type(result) is expected
        assert TEXT not in str(result)
    new = [each for each in asked.talk.messages[messages:] if each["actor"] == "USER"]
    assert len(new) == (1 if expected is None or PLACES[place] else 0)
    assert asked.violations[violations:] == []

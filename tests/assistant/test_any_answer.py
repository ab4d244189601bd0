"""What the service sends may be of any type: it ends in an answer or in an error of ours, never in another one."""

from __future__ import annotations

import copy
import json
from types import SimpleNamespace

import pytest
from assistants import CONVERSATION, event, message, reasoning, response
from hypothesis import given, settings
from hypothesis import strategies as st

from moveworks import BearerToken, Moveworks, MoveworksError
from moveworks.assistant.ask import Answer, ask_steps
from moveworks.assistant.effects import Read, Send, Update
from moveworks.assistant.exchange import Patience

CITED = message(
    "Reset it. ä👋",
    citations=[{"citation_id": "c1", "url": "https://kb/1", "display": {"title": {"type": "PLAIN_TEXT"}}}],
    content_references=[{"citation_id": "c1", "offset": 3}],
    feedback={"helpful": {"callback_id": "a"}, "unhelpful": {"callback_id": "b"}},
)
QUESTION = {**message("Hi")["message"], "actor": "USER"}
ANSWERS = {
    "conversation": {"conversation_id": CONVERSATION, "created_at": "2026-11-01T10:00:00Z"},
    "response": response("COMPLETED", reasoning("so"), CITED),
    "messages": {"messages": [CITED["message"], QUESTION], "metadata": {}},
    "events": [
        ["RESPONSE_CREATED", {"sequence_number": 1, "response": response("CREATED")}],
        ["RESPONSE_OUTPUT_DELTA", {"sequence_number": 2, "output": reasoning("so")}],
        ["RESPONSE_OUTPUT_DELTA", {"sequence_number": 3, "output": CITED}],
        ["RESPONSE_COMPLETED", {"sequence_number": 4, "response": response("COMPLETED", reasoning("so"), CITED)}],
    ],
}
ODD = st.sampled_from(
    [None, 5, 1.5, True, "x", "", " ", "..", [], {}, [1], [[]], {"a": 1}, 10**30, -1, "\ud83d", {"text": 5}, [{}]]
)


def places(value, path=()):
    """Where something stands in an answer."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from places(each, (*path, key))


@st.composite
def changed(draw):
    """All answers of the service, with one to three values replaced or left out."""
    answers = copy.deepcopy(ANSWERS)
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from([path for path in places(answers) if len(path) > 1]))
        where = answers
        for key in way:
            where = where[key]
        if draw(st.integers(0, 4)):
            where[last] = draw(ODD)
        else:
            del where[last]
    return answers


class Script:
    """Does what the generators ask for, out of prepared answers and without I/O."""

    def __init__(self, answers, events):
        self.answers, self.sent = answers, 0
        pairs = [each for each in answers["events"] if isinstance(each, list) and len(each) == 2]
        self.parts = iter([event(name if isinstance(name, str) else "", json.dumps(data)) for name, data in pairs])
        self.left = events

    def perform(self, effect):
        if isinstance(effect, Update):
            assert repr(effect.output) is not None
            assert repr(effect.response) is not None
            return None
        if isinstance(effect, Read):
            self.left -= 1
            return next(self.parts, b"") if self.left >= 0 else b""
        if not isinstance(effect, Send):
            return None
        self.sent += 1
        if self.sent > 8:  # it goes on asking for a response that is never finished
            raise TimeoutError
        target = effect.request.link.target
        name = "messages" if "/messages" in target else "response" if "/responses/" in target else "conversation"
        data = copy.deepcopy(self.answers[name])
        opened = object() if effect.opens else None
        return SimpleNamespace(opened=opened, data=data, request_id="t", secrets=frozenset(), status=200)


@pytest.fixture(scope="module")
def caller():
    with Moveworks(assistant_auth=BearerToken("t"), assistant="acme", base_url="http://127.0.0.1:9") as mw:
        yield mw.assistant


def ask(caller, script):
    """What an answer is made of."""
    steps, result = ask_steps(caller, "Hi", Patience()), None
    try:
        while True:
            result = script.perform(steps.send(result))
    except StopIteration as finished:
        return Answer(**finished.value)


@settings(max_examples=300)
@given(answers=changed(), events=st.integers(0, 5))
@pytest.mark.slow
def test_whatever_the_service_sends_ends_in_an_answer_or_an_error_of_ours(caller, answers, events):
    """Also where the stream is cut, and the response and the messages are asked for."""
    try:
        answer = ask(caller, Script(answers, events))
    except (MoveworksError, TimeoutError):
        return
    assert isinstance(answer.text, str)
    assert isinstance(answer.markdown, str)
    assert isinstance(answer.citations, list)


def test_without_a_change_it_is_the_answer(caller):
    """So the script above does lead to one."""
    script = Script(ANSWERS, 5)
    assert ask(caller, script).text == "Reset it. ä👋"
    assert script.sent == 2

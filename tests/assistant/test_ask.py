"""Ask: the whole answer, also where its stream was lost, with footnotes, ratings and follow-ups."""

from __future__ import annotations

import asyncio

import pytest
from assistants import (
    CONVERSATION,
    HEAD,
    RESPONSE,
    Service,
    assistant,
    completed,
    created,
    delta,
    message,
    reasoning,
    response,
)
from sockets import http, socket_server

from moveworks import (
    AsyncMoveworks,
    AuthenticationError,
    BearerToken,
    Moveworks,
    MoveworksError,
    ResponseTimeoutError,
    ServerError,
    StreamError,
    TransportError,
)
from moveworks.assistant.ask import ask_steps
from moveworks.assistant.calls import find_operation
from moveworks.assistant.exchange import Patience
from moveworks.assistant.markdown import Cited, Source, to_markdown
from moveworks.transport.flow import Reply

TITLE = {"title": {"type": "PLAIN_TEXT", "plain_text": {"text": "VPN"}}}
CITED = message(
    "Reset it in the portal. Or call us.",
    citations=[
        {
            "citation_id": "c1",
            "url": "https://kb/1",
            "display": {"title": {"type": "PLAIN_TEXT", "plain_text": {"text": "VPN"}}},
        },
        {
            "citation_id": "c2",
            "url": "https://kb/1",
            "display": {"title": {"type": "PLAIN_TEXT", "plain_text": {"text": "VPN"}}},
        },
        {"citation_id": "c3", "url": "https://kb/2"},
    ],
    content_references=[
        {"citation_id": "c1", "offset": 23},
        {"citation_id": "c2", "offset": 35},
        {"citation_id": "c3", "offset": 35},
    ],
    feedback={"helpful": {"callback_id": "cb+/=1"}, "unhelpful": {"callback_id": "cb2"}},
)
MARKDOWN = """Reset it in the portal.[^1] Or call us.[^1][^2]

[^1]: [VPN](https://kb/1)
[^2]: [https://kb/2](https://kb/2)"""


def user(text, response_id=RESPONSE):
    return {**message(text)["message"], "actor": "USER", "message_id": f"msg_{text}", "response_id": response_id}


def test_an_answer_holds_everything():
    """Text, Markdown with footnotes, sources, ids."""
    updates = []
    with assistant(Service([created(), completed(2, CITED)])) as mine:
        answer = mine.ask("How?", on_update=updates.append)
    assert answer.text == "Reset it in the portal. Or call us."
    assert answer.markdown == MARKDOWN
    assert [citation.url for citation in answer.citations] == ["https://kb/1", "https://kb/1", "https://kb/2"]
    assert (answer.conversation.conversation_id, answer.response_id) == (CONVERSATION, RESPONSE)
    assert answer.request_id == "trace-1"
    assert [update.event for update in updates] == ["RESPONSE_CREATED", "RESPONSE_COMPLETED"]
    assert "portal" not in repr(answer)


def test_ratings_send_the_callback_back_unchanged():
    """A note only if it is not blank; the response is asked for where the streamed message has no callback."""
    bodies = []

    class Noting(Service):
        def __call__(self, request, number):
            if b"/feedback" in request:
                bodies.append(request.partition(b"\r\n\r\n")[2])
            return super().__call__(request, number)

    service = Noting([created(), completed(2, CITED)])
    with assistant(service) as mine:
        answer = mine.ask("How?")
        answer.helpful()
        answer.unhelpful("wrong link")
        answer.unhelpful("  ")
    assert bodies == [
        b'{"callback_id":"cb+/=1"}',
        b'{"callback_id":"cb2","additional_feedback":"wrong link"}',
        b'{"callback_id":"cb2"}',
    ]
    service = Noting([created(), completed(2, message("bare"))], polls=[response("COMPLETED", CITED)])
    with assistant(service) as mine:
        mine.ask("How?").helpful()
    assert bodies[-1] == b'{"callback_id":"cb+/=1"}'


def test_follow_ups_stay_in_the_conversation():
    """And begin no new one."""
    service = Service([created(), completed(2, message("Hello"))])
    with assistant(service) as mine:
        answer = mine.ask("Hi")
        service.stream = [created(), completed(2, message("Bye", 2))]
        assert answer.follow_up("And?").text == "Bye"
        service.stream = [created(), completed(2, message("Again", 3))]
        service.messages = [message("Bye", 2)["message"]]
        assert mine.ask("More?", conversation_id=CONVERSATION).text == "Again"
    assert service.asked.count("POST /conversations") == 1


LOST = [b"", http({}, "503 x"), http({}, "500 x"), HEAD]


@pytest.mark.parametrize("stream", LOST)
def test_a_lost_answer_is_looked_up_and_the_question_not_sent_again(stream):
    """A message of the user carries the id of the response that it caused."""
    stream = iter([stream]) if not stream.startswith(b"HTTP/1.1 5") else stream
    service = Service(polls=[response("IN_PROGRESS"), response("COMPLETED", message("found"))], messages=[user("How?")])
    service.stream = stream
    if not isinstance(stream, bytes):
        service.__class__ = Raw
    with assistant(service) as mine:
        answer = mine.ask("How?")
    assert (answer.text, answer.recovered) == ("found", True)
    assert sum("stream" in call for call in service.asked) == 1


class Raw(Service):
    """The stream's answer is bytes as they are."""

    def __call__(self, request, number):
        if b"/responses/stream" in request.partition(b"\r\n")[0]:
            self.asked.append("POST stream")
            return self.stream
        return super().__call__(request, number)


def test_a_question_that_the_service_did_not_take_is_an_error():
    """Nothing is sent twice, and an older message of the same text is no proof."""
    service = Service(http({}, "503 x"), messages=[user("Hi", "resp_0")])
    with assistant(service) as mine:
        with pytest.raises(ServerError):
            mine.ask("Hi", conversation_id=CONVERSATION)
    assert sum("stream" in call for call in service.asked) == 1
    service = Service(iter([]), messages=[user("other")])
    with assistant(service) as mine, pytest.raises(StreamError):
        mine.ask("Hi")


def test_an_answer_that_comes_a_moment_late():
    """A response may finish without a word; the answer sits in the history, newer than the question."""
    late = message("from a person", 7)["message"] | {"actor": "LIVE_AGENT"}
    service = Service([created(), completed(2)], messages=[late, user("Hi"), message("older", 0)["message"]])
    with assistant(service) as mine:
        assert mine.ask("Hi").text == "from a person"
    service = Service([created(), completed(2)], messages=[user("Hi")])
    with assistant(service) as mine:
        answer = mine.ask("Hi")
    assert (answer.text, answer.markdown) == ("", "")
    assert sum(call.endswith("/messages") for call in service.asked) == 2


def test_the_same_on_asyncio():
    """With an async `on_update`, a rating and a follow-up."""
    service, updates = Service([created(), delta(message("He"), 2), completed(3, CITED)]), []

    async def heard(update):
        updates.append(update.text)

    async def use(origin):
        async with AsyncMoveworks(assistant_auth=BearerToken("t"), assistant="acme", base_url=origin) as mw:
            answer = await mw.assistant.ask("How?", on_update=heard)
            await answer.helpful()
            await answer.unhelpful("no")
            service.stream = [created(), completed(2, message("Bye"))]
            again = await answer.follow_up("And?")
            async with mw.assistant.responses.stream(CONVERSATION, "x") as stream:
                deltas = [text async for text in stream.text_deltas()]
            return answer.markdown, again.text, deltas

    with socket_server(service) as (origin, _):
        assert asyncio.run(use(origin)) == (MARKDOWN, "Bye", ["Bye"])
    assert updates[1] == "He"


def test_acting_as_another_user_mixes_no_tokens():
    """Over the same connections."""
    tokens = []

    class Noting(Service):
        def __call__(self, request, number):
            tokens.append(request.partition(b"Bearer ")[2].partition(b"\r\n")[0])
            return super().__call__(request, number)

    with assistant(Noting(polls=[response()])) as mine:
        other = mine.acting_as(BearerToken("other"), "bot-2")
        mine.responses.get(CONVERSATION, RESPONSE)
        other.responses.get(CONVERSATION, RESPONSE)
        mine.responses.get(CONVERSATION, RESPONSE)
        assert other.name == "bot-2"
    assert tokens == [b"token", b"other", b"token"]


SOURCES = {
    "a": Source("A [x]", "https://a/(1)"),
    "b": Source("B", "https://b"),
    "c": Source("A [x]", "https://a/(1)"),
    "d": Source("", ""),
}


@pytest.mark.parametrize(
    ("text", "references", "body"),
    [
        ("Hello", [("a", 5)], "Hello[^1]"),
        ("Hello", [("a", 0)], "[^1]Hello"),
        ("Hello", [("a", 2), ("b", 2)], "He[^1][^2]llo"),
        ("Hello", [("a", 2), ("c", 2)], "He[^1]llo"),
        ("Hello", [("b", 5), ("a", 2)], "He[^2]llo[^1]"),
        ("Hello", [("a", 99)], "Hello[^1]"),
        ("Hello", [("a", -1)], "Hello[^1]"),
        ("Hello", [("a", None)], "Hello[^1]"),
        ("Hello", [("a", "2")], "Hello[^1]"),
        ("Hello", [("nope", 2)], "Hello"),
        ("👋 Hello", [("a", 1)], "👋[^1] Hello"),
        ("see [it](https://x/y) now", [("a", 10)], "see [it](https://x/y)[^1] now"),
        ("run `ls -l` now", [("a", 7)], "run `ls -l`[^1] now"),
        ("```\ncode :x:\n```\nend", [("a", 6)], "```\ncode :x:\n```\n[^1]\nend"),
        ("- x\n  ~~~sh\n  ls\n  ~~~", [("a", 12)], "- x\n  ~~~sh\n  ls\n  ~~~\n[^1]"),
        ("Run:\n```\nls\n```", [("a", 5)], "Run:[^1]\n```\nls\n```"),
        ("Do:\n\n- one\n- two", [("a", 5), ("b", 11)], "Do:[^1]\n\n- one[^2]\n- two"),
        ("Run:\n```", [("a", 8)], "Run:\n```\n```\n[^1]"),
        ("see <https://x/y|the page> now", [("a", 8)], "see [the page](https://x/y)[^1] now"),
        ("**<https://x|label>** ok", [], "**[label](https://x)** ok"),
        ("see https://x/y now", [("a", 12)], "see https://x/y[^1] now"),
        ("done :white_check_mark: :nope:", [], "done ✅ :nope:"),
        ("at 10:30:45", [], "at 10:30:45"),
        ("`:x:` :x:", [], "`:x:` ❌"),
        ("text\n\n", [("a", 6)], "text[^1]"),
    ],
)
def test_references_are_footnotes(text, references, body):
    """Never inside a link or code; offsets are code points, wrong ones go to the end."""
    assert to_markdown([Cited(text, references, SOURCES)]).partition("\n\n[^1]: ")[0] == body


def test_footnotes_name_each_source_once():
    """With what Markdown would misread escaped."""
    text = to_markdown([Cited("x", [("a", 1), ("c", 1), ("d", 1)], SOURCES)])
    assert text == "x[^1][^2]\n\n[^1]: [A \\[x\\]](https://a/%281%29)\n[^2]: (without a title)"


def late(stream, *messages):
    """The answer to a question whose response says less than the messages that came after it."""
    service = Service([created(), *stream], messages=[*messages, user("How?")])
    with assistant(service) as mine:
        return mine.ask("How?"), sum(call.startswith("GET") and "messages" in call for call in service.asked)


def test_a_late_message_brings_its_sources_and_its_ratings():
    """As one that came in the stream does."""
    answer, _ = late([completed(2)], CITED["message"])
    assert answer.markdown == MARKDOWN
    assert [citation.url for citation in answer.citations] == ["https://kb/1", "https://kb/1", "https://kb/2"]
    assert len(answer.outputs) == 1


def test_a_live_agent_belongs_to_no_response():
    """Its message is an answer all the same."""
    agent = message("Hello, I am Ann", 7, actor="LIVE_AGENT")["message"]
    del agent["response_id"]
    assert late([completed(2)], agent)[0].text == "Hello, I am Ann"
    assert late([completed(2)], {**agent, "response_id": None})[0].text == "Hello, I am Ann"


def test_an_answer_without_text_may_be_a_button():
    """Then there is nothing to look for; of reasoning alone there is."""
    button = message("", content={"type": "CALLBACK_ACTION_CONTENT"})
    answer, looks = late([completed(2, button)], message("other", 9)["message"])
    assert (answer.text, looks) == ("", 0)
    answer, looks = late([completed(2, reasoning("so"))], message("here", 9)["message"])
    assert (answer.text, looks, answer.reasoning) == ("here", 1, ["so"])


def _end(caller, answers, **options):
    """The error in which a question ends that gets these answers, one after the other."""
    steps = ask_steps(caller, "Hi", Patience(), **options)
    next(steps)
    for each in answers[:-1]:
        steps.send(each)
    with pytest.raises(MoveworksError) as raised:
        steps.send(answers[-1])
    return raised.value


def test_every_error_behind_a_conversation_has_its_id():
    """Whatever failed: the question, the look for a lost response, or its poll. So it can be asked for later."""
    made = Reply(status=201, data={"conversation_id": CONVERSATION}, request_id=None, attempts=1)
    taken = {"messages": [{**message("Hi", 1, actor="USER")["message"], "response_id": "resp_7"}]}
    found = Reply(status=200, data=taken, request_id=None, attempts=1)
    neither = Reply(status=200, data={"x": 1}, request_id="r", attempts=1)
    failed, lost = ServerError("no"), TransportError("lost")
    with Moveworks(assistant_auth=BearerToken("t"), assistant="acme", base_url="http://127.0.0.1:9") as mw:
        for answers, response_id in (
            ([made, AuthenticationError("no")], None),
            ([made, lost, failed], None),
            ([made, lost, found, None, failed], "resp_7"),
        ):
            error = _end(mw.assistant, answers)
            assert error is answers[-1]
            assert (error.conversation_id, error.response_id) == (CONVERSATION, response_id)
        for answers in ([made, neither, failed], [made, neither, neither], [made, lost, neither]):
            assert _end(mw.assistant, answers).conversation_id == CONVERSATION
        for answer in (failed, neither):
            assert _end(mw.assistant, [answer], conversation=CONVERSATION).conversation_id == CONVERSATION


def test_one_time_limit_covers_the_conversation_and_its_response():
    """Making a conversation takes of it; where nothing is left, the question is not sent."""
    made = Reply(status=201, data={"conversation_id": CONVERSATION}, request_id=None, attempts=1)
    with Moveworks(assistant_auth=BearerToken("t"), assistant="acme", base_url="http://127.0.0.1:9") as mw:
        for taken in (40.0, 100.0):
            now = 0.0
            steps = ask_steps(mw.assistant, "Hi", Patience(timeout=100.0), clock=lambda: now)  # noqa: B023 - used here
            assert next(steps).seconds == 100
            now = taken
            if taken < 100:
                assert steps.send(made).seconds == 60
                steps.close()
            else:
                with pytest.raises(ResponseTimeoutError, match="it was not sent") as raised:
                    steps.send(made)
                assert (raised.value.conversation_id, raised.value.response_id) == (CONVERSATION, None)


@pytest.mark.parametrize(("taken", "seconds"), [(40.0, 60.0), (97.0, 5.0), (100.0, 5.0)])
def test_looking_for_a_lost_response_takes_what_is_left_of_its_time(taken, seconds):
    """Not the whole of it once more; but a moment in any case, for the id of the response."""
    now = 0.0
    with Moveworks(assistant_auth=BearerToken("t"), assistant="acme", base_url="http://127.0.0.1:9") as mw:
        steps = ask_steps(mw.assistant, "Hi", Patience(timeout=100.0), clock=lambda: now)
        assert next(steps).seconds == 100
        made = Reply(status=201, data={"conversation_id": CONVERSATION}, request_id=None, attempts=1)
        assert steps.send(made).seconds == 100
        now = taken
        look = steps.send(TransportError("lost"))
        assert (look.request.operation, look.seconds) == (find_operation("list-conversation-messages").id, seconds)
        steps.close()

"""Streams: what they come to, however they are written, cut, or end."""

from __future__ import annotations

import itertools

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
    event,
    message,
    reasoning,
    response,
)
from sockets import http

from moveworks import (
    BearerToken,
    DeadlineError,
    MoveworksError,
    RateLimitError,
    ResponseFailedError,
    ResponseTimeoutError,
    ServerError,
    StreamError,
)

HELLO = [created(), delta(message("Hel"), 2), delta(message("Hello"), 3), completed(4, message("Hello!"))]


def read(service, **settings):
    """Texts of all updates, and the stream."""
    with assistant(service) as mine, mine.responses.stream(CONVERSATION, "Hi", **settings) as stream:
        return [(update.event, update.text) for update in stream], stream


def test_updates_hold_the_whole_text_so_far():
    """And end with the final event, not with the connection."""
    endless = itertools.chain(HELLO, itertools.repeat(b": still here\n\n"))
    updates, stream = read(Service(endless))
    assert updates == [
        ("RESPONSE_CREATED", ""),
        ("RESPONSE_OUTPUT_DELTA", "Hel"),
        ("RESPONSE_OUTPUT_DELTA", "Hello"),
        ("RESPONSE_COMPLETED", "Hello!"),
    ]
    assert (stream.text, stream.response_id, stream.request_id) == ("Hello!", RESPONSE, "trace-1")
    assert not stream.recovered


@pytest.mark.slow
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("size", [1, 5, 64])
def test_a_stream_may_be_cut_anywhere(end, size):
    """With every line end."""
    data = b"".join([created(end=end), delta(message("ä👋"), 2, end=end), completed(3, end=end)])
    parts = [data[start : start + size] for start in range(0, len(data), size)]
    assert read(Service(parts))[1].text == "ä👋"


def test_snapshots_replace_and_never_go_back():
    """A later number wins; a snapshot may shrink."""
    stream = [created(), delta(message("longer text"), 5), delta(message("old"), 3), delta(message("short"), 6)]
    updates, _ = read(Service([*stream, completed(7)]))
    assert [text for _, text in updates] == ["", "longer text", "longer text", "short", "short"]


def test_the_outputs_of_the_final_event_win_if_it_has_any():
    """Their ids may be others than those that were shown."""
    shown = [created(), delta(message("draft", 1), 2), delta(message("more", 2), 3)]
    assert read(Service([*shown, completed(4, message("final", 9))]))[1].text == "final"
    assert read(Service([*shown, completed(4)]))[1].text == "draft\n\nmore"


def test_reasoning_is_no_text():
    """It has a place of its own."""
    stream = [created(), delta(reasoning("thinking"), 2), delta(message("done"), 3), completed(4)]
    _, stream = read(Service(stream))
    assert (stream.text, stream.reasoning) == ("done", ["thinking"])


def test_what_nobody_foresaw_is_handed_over():
    """Events, outputs and content types that the spec does not know; data that cannot be read."""
    odd = {"type": "CARD", "card": {"x": 1}}
    button = message("x")
    button["message"]["content"] = {"type": "CONTENT_OF_NO_SPEC"}
    stream = [event("NEW_EVENT", {"a": 1}), delta(odd, 2), delta(button, 3), event("RESPONSE_OUTPUT_DELTA", "{cut")]
    with assistant(Service([created(), *stream, completed(5, message("end"))])) as mine:
        with mine.responses.stream(CONVERSATION, "Hi") as stream:
            updates = list(stream)
    assert updates[1].data == {"a": 1}
    assert updates[2].output == odd
    assert updates[3].output.message.content["type"] == "CONTENT_OF_NO_SPEC"
    assert updates[4].data == "{cut"
    assert stream.text == "end"


def test_the_name_of_an_event_decides_and_without_one_its_type():
    """As the service may leave out either."""
    unnamed = event("", {"event_type": "RESPONSE_COMPLETED", "response": response("COMPLETED", message("a"))})
    assert read(Service([created(), unnamed]))[1].text == "a"
    odd = event("RESPONSE_COMPLETED", {"event_type": "NEW", "response": response("COMPLETED", message("b"))})
    assert read(Service([created(), odd]))[1].text == "b"


@pytest.mark.parametrize(
    "stream",
    [
        [created(), delta(message("Hel"), 2)],
        [created(), delta(message("Hel"), 2), b"event: RESPONSE_COMPLETED\ndata: {cut"],
        [created(), delta(message("Hel"), 2), event("RESPONSE_COMPLETED", "not json")],
        [delta(message("Hel"), 2)],
    ],
)
def test_a_stream_that_ends_early_is_polled_to_its_end(stream):
    """And says so."""
    service = Service(stream, polls=[response("IN_PROGRESS"), response("COMPLETED", message("Hello!"))])
    updates, stream = read(service)
    assert updates[-1] == ("RESPONSE_COMPLETED", "Hello!")
    assert stream.recovered
    assert service.asked.count(f"GET /conversations/{CONVERSATION}/responses/{RESPONSE}") == 2
    assert sum(call.startswith("POST") for call in service.asked) == 1


def test_silence_and_heartbeats_are_no_events():
    """A connection that is kept alive is not a response that goes on."""
    for rest in (itertools.repeat(b""), itertools.repeat(b": heartbeat\n\n")):
        service = Service(itertools.chain([created()], rest), polls=[response("COMPLETED", message("x"))])
        _, stream = read(service, idle_timeout=0.3)
        assert (stream.text, stream.recovered) == ("x", True)


def test_without_a_poll_an_early_end_is_an_error():
    """With the text so far, which is in no message."""
    with pytest.raises(StreamError) as caught:
        read(Service([created(), delta(message("partial-canary"), 2)]), poll=False)
    assert caught.value.partial == "partial-canary"
    assert (caught.value.conversation_id, caught.value.response_id) == (CONVERSATION, RESPONSE)
    assert caught.value.request_id == "trace-1"
    assert "canary" not in str(caught.value) + repr(caught.value)


def test_a_response_that_never_ends_is_an_error_in_time():
    """Which knows both ids."""
    service = Service([created()], polls=[response("IN_PROGRESS")])
    with pytest.raises(ResponseTimeoutError) as caught:
        read(service, timeout=1.0)
    assert isinstance(caught.value, DeadlineError)
    assert (caught.value.conversation_id, caught.value.response_id) == (CONVERSATION, RESPONSE)


@pytest.mark.parametrize(
    ("last", "error", "kind"),
    [
        (
            event("RESPONSE_FAILED", {"response": response("FAILED", message("so far"))}),
            ResponseFailedError,
            StreamError,
        ),
        (event("ERROR", {"error": {"code": "RATE_LIMIT_EXCEEDED", "message": "slow"}}), StreamError, RateLimitError),
        (event("ERROR", {"error": {"code": "INTERNAL_ERROR", "message": "oops"}}), StreamError, ServerError),
        (event("ERROR", {"error": {"code": "NEW_CODE"}}), StreamError, StreamError),
        (event("ERROR", {"code": "INTERNAL_ERROR", "message": "flat"}), StreamError, ServerError),
    ],
)
def test_failures_are_handed_over_and_then_raised(last, error, kind):
    """With a class for the code, where it has one."""
    seen = []
    with assistant(Service([created(), delta(message("so far"), 2), last])) as mine:
        with mine.responses.stream(CONVERSATION, "Hi") as stream, pytest.raises(error) as caught:
            seen.extend(update.event for update in stream)
    assert seen[-1] in {"RESPONSE_FAILED", "ERROR"}
    assert isinstance(caught.value, kind)
    assert caught.value.partial == "so far"
    assert "so far" not in str(caught.value)


def test_the_question_is_in_no_error():
    """Although the service may repeat it."""
    said = event("ERROR", {"error": {"code": "X", "message": "cannot answer question-canary today"}})
    with assistant(Service([created(), said])) as mine, pytest.raises(StreamError) as caught:
        with mine.responses.stream(CONVERSATION, "question-canary") as stream:
            stream.until_done()
    assert "canary" not in str(caught.value)


def test_an_error_status_is_an_error_before_the_first_update():
    """Of its own kind, with nothing left open."""
    service = Service(http({"error": {"code": "RATE_LIMIT_EXCEEDED", "message": "no"}}, "429 x", Retry_After="500"))
    with assistant(service) as mine, pytest.raises(RateLimitError):
        mine.responses.stream(CONVERSATION, "Hi").__enter__()


def test_a_question_is_sent_again_only_if_it_cannot_have_been_processed():
    """A 429 is safe; a failure is not."""
    answers = iter([http({}, "429 x", Retry_After="0.6"), iter([HEAD, *HELLO])])

    class Once(Service):
        def __call__(self, request, number):
            self.asked.append(request[:4])
            return next(answers)

    with assistant(Once()) as mine, mine.responses.stream(CONVERSATION, "Hi") as stream:
        assert stream.until_done().text == "Hello!"
    service = Service(http({}, "503 x"))
    with assistant(service) as mine, pytest.raises(ServerError):
        mine.responses.stream(CONVERSATION, "Hi").__enter__()
    assert len(service.asked) == 1


def test_leaving_early_closes_the_connection():
    """At once: the service need not write on."""
    import threading

    gone = threading.Event()

    def endless():
        yield from HELLO[:2]
        try:
            while True:
                yield b": more\n\n" * 1000
        finally:
            gone.set()

    service = Service(endless())
    with assistant(service) as mine:
        with mine.responses.stream(CONVERSATION, "Hi") as stream:
            for _ in stream:
                break
        assert mine.responses.create(CONVERSATION, "x").response_id == RESPONSE


def test_deltas_for_places_that_can_only_append():
    """With a mark where the text was written anew."""
    stream = [created(), delta(message("Hel"), 2), delta(message("Hello"), 3), delta(message("Bye"), 4), completed(5)]
    with assistant(Service(stream)) as mine, mine.responses.stream(CONVERSATION, "Hi") as stream:
        assert list(stream.text_deltas()) == ["Hel", "lo", "\n\n[rewritten]\n\nBye"]


@pytest.mark.parametrize("text", ["", "  ", None, 5])
def test_what_is_no_question_is_refused(text):
    """Before anything is sent."""
    service = Service()
    with assistant(service) as mine, pytest.raises((ValueError, TypeError)):
        mine.responses.stream(CONVERSATION, text)
    assert service.asked == []


@pytest.mark.parametrize(
    "settings", [{"timeout": 0}, {"idle_timeout": -1}, {"timeout": float("nan")}, {"timeout": True}]
)
def test_times_that_make_no_sense_are_refused(settings):
    """At once."""
    with assistant(Service()) as mine, pytest.raises(MoveworksError, match="seconds"):
        mine.responses.stream(CONVERSATION, "Hi", **settings)


def test_a_stream_without_its_block_says_what_to_do():
    """And one is opened once."""
    with assistant(Service(HELLO)) as mine:
        stream = mine.responses.stream(CONVERSATION, "Hi")
        with pytest.raises(MoveworksError, match="with block") as caught:
            list(stream)
        assert caught.value.advice
        with stream:
            stream.until_done()
        with pytest.raises(MoveworksError, match="once"):
            stream.__enter__()
        assert "Hello" not in repr(stream)


def test_a_cut_connection_without_a_response_id_cannot_be_recovered_here():
    """`ask` finds it by the history."""
    with assistant(Service([b": nothing\n\n"])) as mine, pytest.raises(StreamError):
        with mine.responses.stream(CONVERSATION, "Hi") as stream:
            stream.until_done()


def test_waiting_for_a_response():
    """At growing intervals, until it is finished."""
    service = Service(polls=[response("IN_PROGRESS"), response("IN_PROGRESS"), response("COMPLETED", message("x"))])
    with assistant(service) as mine:
        begun = mine.responses.create(CONVERSATION, "Hi")
        assert mine.responses.wait(CONVERSATION, begun.response_id).status == "COMPLETED"
        service.polls = [response("FAILED")]
        with pytest.raises(ResponseFailedError):
            mine.responses.wait(CONVERSATION, begun.response_id)
        service.polls = [response("IN_PROGRESS")]
        with pytest.raises(ResponseTimeoutError):
            mine.responses.wait(CONVERSATION, begun.response_id, timeout=0.5)


def test_a_credential_that_the_stream_repeats_is_not_shown():
    """An error in the middle of a stream is the service's text, as any other is."""
    said = event("ERROR", {"error": {"code": "bad token-canary", "message": "token-canary may not do this"}})
    service = Service([created(), said])
    with (
        assistant(service, assistant_auth=BearerToken("token-canary")) as mw,
        pytest.raises(StreamError) as caught,
        mw.responses.stream(CONVERSATION, "Hi") as stream,
    ):
        stream.until_done()
    assert "*** may not do this" in str(caught.value)
    assert "canary" not in repr(caught.value)


@pytest.mark.parametrize("endless", [b"data: " + b"x" * 300, b"data: x\n" * 300], ids=["a line", "many lines"])
def test_an_event_without_an_end_is_not_kept(endless):
    """It would fill the memory until the time is over; the response is asked for instead."""
    service = Service([created(), *[endless] * 4, b"\n", completed(2)], polls=[response("COMPLETED", message("asked"))])
    with assistant(service, max_response_bytes=1000) as mine:
        with mine.responses.stream(CONVERSATION, "Hi") as stream:
            assert stream.until_done().recovered
            assert stream.text == "asked"

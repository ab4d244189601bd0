"""The sandbox's assistant: every operation of the spec, over a socket, through the library."""

from __future__ import annotations

import asyncio
import json
import re

import httpx
import pytest
from moments import NOW

from moveworks import (
    AuthenticationError,
    BadRequestError,
    BearerToken,
    ConfigurationError,
    NotFoundError,
    ResponseFailedError,
    StreamError,
)
from moveworks.assistant.calls import KNOWN_OPERATIONS, find_operation
from moveworks.assistant.state import content_text
from moveworks.auth import TOKEN_PATH
from moveworks.sandbox import Sandbox
from moveworks_beta.operations import OPERATIONS
from moveworks_beta.service import BASE_PATH
from moveworks_export.service import BASE_PATH as RECORDS_PATH


@pytest.fixture(scope="module")
def running():
    with Sandbox(rows=10, now=NOW) as made:
        made.answers(
            [
                {"match": "broken", "text": "So far", "fails": True},
                {
                    "match": "vpn",
                    "text": "Open *Settings*, then choose the network that you want.",
                    "citations": [{"title": "VPN", "url": "https://wiki.example/vpn", "offset": 15}],
                    "reasoning": ["Looking for the page"],
                    "follow_up": "A ticket was made",
                },
            ]
        )
        yield made


@pytest.fixture
def mw(running):
    with running.client() as client:
        yield client
    running.clear_faults()
    assert running.violations == []
    running.violations.clear()


def test_every_operation_that_is_known_is_served(running):
    """Where the spec has it; what a newer spec adds is refused as not made yet."""
    headers = {"Authorization": f"Bearer {running.assistant_token}", "Assistant-Name": running.assistant}
    for name in KNOWN_OPERATIONS:
        operation = find_operation(name)
        path = re.sub(r"\{\w+\}", "none", operation.path)
        answer = httpx.request(operation.method, f"{running.base_url}{BASE_PATH}{path}", headers=headers, json={})
        assert answer.status_code != 501, name
    assert httpx.post(f"{running.base_url}{BASE_PATH}/unheard-of", headers=headers).status_code == 501


def test_an_answer_with_all_its_parts(mw, running):
    """Text, footnotes, reasoning, a follow-up that comes as an event, and a rating."""
    seen = []
    answer = mw.assistant.ask("My VPN is slow", on_update=lambda update: seen.append(update.text))
    assert answer.text == "Open *Settings*, then choose the network that you want."
    assert "https://wiki.example/vpn" in answer.markdown
    assert answer.reasoning == ["Looking for the page"]
    assert not answer.recovered
    assert len(set(seen)) > 2
    assert all(answer.text.startswith(text) for text in seen)
    answer.unhelpful("too short")
    assert running.talk.feedback[-1]["additional_feedback"] == "too short"
    events = mw.assistant.events.list(answer.conversation_id)
    assert [content_text(event.to_dict()["event_payload"]["message"]["content"]) for event in events] == [
        "My VPN is slow",
        answer.text,
        "A ticket was made",
    ]


def test_conversations_are_made_changed_listed_and_archived(mw):
    """As the service does it: the latest first, archived ones on request, in pages."""
    made = mw.assistant.conversations.create("Laptops")
    assert mw.assistant.conversations.get(made.conversation_id).title == "Laptops"
    assert mw.assistant.conversations.update(made.conversation_id, title="Phones").title == "Phones"
    listed = list(mw.assistant.conversations.list(page_size=3))
    assert [each.updated_at for each in listed] == sorted((each.updated_at for each in listed), reverse=True)
    assert made.conversation_id in {each.conversation_id for each in listed}
    mw.assistant.conversations.archive(made.conversation_id)
    assert made.conversation_id not in {each.conversation_id for each in mw.assistant.conversations.list()}
    assert made.conversation_id in {each.conversation_id for each in mw.assistant.conversations.list(archived=True)}
    assert mw.assistant.conversations.unarchive(made.conversation_id).archived is False


def test_responses_without_a_stream(mw):
    """It is in progress at first, and then has its messages."""
    made = mw.assistant.conversations.create()
    begun = mw.assistant.responses.create(made.conversation_id, "vpn?")
    done = mw.assistant.responses.wait(made.conversation_id, begun.response_id)
    assert (str(begun.status), str(done.status)) == ("CREATED", "COMPLETED")
    messages = mw.assistant.messages.of_response(made.conversation_id, begun.response_id)
    assert [message.actor for message in messages][:2] == ["USER", "ASSISTANT"]


@pytest.mark.parametrize("fault", ["early-end", "stream-reset", "silence:delay=0.4"])
def test_an_answer_whose_stream_is_lost_is_recovered(mw, running, fault):
    """The question is not sent again."""
    running.clear_faults()
    running.add_fault(f"{fault}{',' if ':' in fault else ':'}route=assistant,nth=2")
    running.requests.clear()
    answer = mw.assistant.ask("vpn", idle_timeout=0.2)
    assert answer.text.endswith("that you want.")
    assert answer.recovered
    assert len([each for each in running.requests if "stream" in each["path"]]) == 1


def test_a_stream_gives_the_whole_answer_too(mw, running):
    """Also after some of it was read; and it can be rated and gone on with."""
    made = mw.assistant.conversations.create()
    with mw.assistant.responses.stream(made.conversation_id, "vpn") as stream:
        next(iter(stream))
        answer = stream.answer()
    assert "[^1]: " in answer.markdown
    assert (answer.conversation_id, answer.response_id) == (made.conversation_id, stream.response_id)
    answer.helpful()
    assert running.talk.feedback[-1]["callback_id"].startswith("helpful:")
    assert answer.follow_up("vpn again").conversation_id == made.conversation_id


async def _async_answer(running):
    async with running.async_client() as mw:
        made = await mw.assistant.conversations.create()
        async with mw.assistant.responses.stream(made.conversation_id, "vpn") as stream:
            answer = await stream.answer()
        return answer.markdown, (await answer.follow_up("vpn")).text


def test_an_async_stream_does_the_same(running):
    """With its answer."""
    markdown, text = asyncio.run(_async_answer(running))
    assert "[^1]: " in markdown
    assert text.startswith("Open")


def test_a_response_that_fails(mw, running):
    """By its own words, or with an event in the middle."""
    with pytest.raises(ResponseFailedError):
        mw.assistant.ask("It is broken")
    running.add_fault("stream-error:route=assistant,nth=2")
    with pytest.raises(StreamError, match="INTERNAL_ERROR"):
        list(_stream(mw))


def _stream(mw):
    made = mw.assistant.conversations.create()
    with mw.assistant.responses.stream(made.conversation_id, "vpn", poll=False) as stream:
        yield from stream


def test_what_is_not_there_or_not_understood(mw, running):
    """With the statuses and bodies of the service."""
    with pytest.raises(NotFoundError):
        mw.assistant.messages.list("conv_no").first()
    headers = {"Authorization": f"Bearer {running.assistant_token}", "Assistant-Name": running.assistant}
    path = find_operation("create-conversation").path
    url = f"{running.base_url}{BASE_PATH}{path}"
    for body in ("[]", "{", json.dumps({"title": "x" * 300}), json.dumps({"title": 1})):
        refused = httpx.post(url, headers=headers, content=body)
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "INVALID_INPUT")
    for query in ({"limit": "x"}, {"limit": "1.5"}, {"limit": "9" * 5000}, {"archived": "null"}):
        refused = httpx.get(url, headers=headers, params=query)
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "INVALID_CURSOR"), query
    running.violations.clear()
    assert httpx.get(url, headers=headers, params={"cursor": ""}).status_code == 200
    for cursor in ("events:1", "events:1:0", "conversations:1:x", "conversations:1:0", "conversations"):
        assert httpx.get(url, headers=headers, params={"cursor": cursor}).status_code == 400
    assert httpx.get(url).status_code == 401


@pytest.mark.parametrize(("limit", "number"), [("0", 1), ("-7", 1), ("7", 7), ("1000", 16), ("9" * 4000, 16)])
def test_a_limit_beyond_the_limits_is_a_violation(limit, number):
    """The document has no limits in its schema, so it is answered as the nearest one is."""
    with Sandbox(rows=10, now=NOW) as sandbox:
        headers = {"Authorization": f"Bearer {sandbox.assistant_token}", "Assistant-Name": sandbox.assistant}
        url = f"{sandbox.base_url}{BASE_PATH}{find_operation('list-conversations').path}"
        answer = httpx.get(url, headers={**headers, "Accept": "application/json"}, params={"limit": limit})
        assert len(answer.json()["conversations"]) == number
        messages = [each["reason"] for each in sandbox.violations]
    assert messages == ([] if limit == "7" else ["limit is not a number from 1 to 100"])


def test_an_error_has_a_code_that_the_document_lists(running):
    """One body that is no object, at each operation that takes one; and a request that does not name the assistant."""
    headers = {"Authorization": f"Bearer {running.assistant_token}", "Assistant-Name": running.assistant}
    with_body = [each for each in OPERATIONS.values() if each.body]
    assert len(with_body) > 3
    for operation in with_body:
        url = f"{running.base_url}{BASE_PATH}{re.sub('{[a-z_]+}', 'none', operation.path)}"
        nameless = {"Authorization": headers["Authorization"]}
        for given, content in ((headers, b"[]"), (headers, b'{"callback_id": [{}], "title": []}'), (nameless, b"{}")):
            answer = httpx.request(operation.method, url, headers=given, content=content)
            if answer.status_code == 400:
                model = operation.read(400, answer.json())
                assert model.codec().fits(answer.json())
                assert model.error.codec().fits(answer.json()["error"]), (operation.id, answer.text)
            else:
                assert answer.status_code in {404, 501}, (operation.id, answer.text)
    running.violations.clear()


def test_a_change_that_is_refused_changes_nothing():
    """Not even the half of it that is right."""
    with Sandbox(rows=10, now=NOW) as sandbox, sandbox.client() as mw:
        before = mw.assistant.conversations.list().first()
        headers = {"Authorization": f"Bearer {sandbox.assistant_token}", "Assistant-Name": sandbox.assistant}
        path = find_operation("update-conversation").path.replace("{conversation_id}", before.conversation_id)
        body = {"title": "another", "archived": "yes"}
        assert httpx.patch(f"{sandbox.base_url}{BASE_PATH}{path}", headers=headers, json=body).status_code == 400
        assert mw.assistant.conversations.get(before.conversation_id) == before


@pytest.mark.parametrize(
    ("api", "path", "allowed"),
    [
        ("beta", "list-conversations", "GET, HEAD, POST"),
        ("beta", "create-response-stream", "POST"),
        ("records", "/users", "GET, HEAD"),
        ("token", TOKEN_PATH, "POST"),
    ],
)
def test_another_method_is_told_which_are_allowed(running, api, path, allowed):
    """By 405, and a header that names them all."""
    place = {"beta": lambda: BASE_PATH + find_operation(path).path, "records": lambda: RECORDS_PATH + path}
    url = running.base_url + place.get(api, lambda: path)().replace("{conversation_id}", "none")
    for method in ("DELETE", "TRACE", "OPTIONS"):
        answer = httpx.request(method, url)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


def test_a_cursor_expires_after_an_hour():
    """A list that goes on later than that is refused, and never taken for a list that is at its end."""
    with Sandbox(rows=10, now=NOW) as sandbox, sandbox.client() as mw:
        pages = iter(mw.assistant.conversations.list(page_size=5).pages())
        first = [each.conversation_id for each in next(pages)]
        sandbox.advance(hours=1)
        second = [each.conversation_id for each in next(pages)]
        assert len({*first, *second}) == 10
        sandbox.advance(hours=1.1)
        with pytest.raises(BadRequestError, match="INVALID_CURSOR"):
            next(pages)


def test_another_token_is_refused(mw):
    """A client for another user has the token of that user only."""
    with pytest.raises(AuthenticationError):
        mw.assistant.acting_as(BearerToken("another")).ask("vpn")


@pytest.mark.parametrize("content", ["{}", "[1]", "not json", '[{"text": 1}]'])
def test_rules_that_are_none_are_refused(content, tmp_path):
    """Before anything is asked."""
    file = tmp_path / "answers.json"
    file.write_text(content, encoding="utf-8")
    with Sandbox(rows=10, now=NOW) as sandbox, pytest.raises(ConfigurationError, match="answers"):
        sandbox.answers(file)

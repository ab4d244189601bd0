"""What goes wrong with the assistant on request: each fault ends in the right answer, or in an error that says so."""

from __future__ import annotations

import httpx
import pytest
from moments import NOW
from questions import ask

from moveworks import MoveworksError, RateLimitError, ResponseTimeoutError, StreamError
from moveworks.assistant.calls import find_operation
from moveworks.sandbox import Sandbox
from moveworks.sandbox.faults import STREAM_KINDS
from moveworks_beta.service import BASE_PATH

pytestmark = pytest.mark.slow

TEXT = "Open the portal and reset it there, then wait for a moment."
ENDS = {
    "stream-error": StreamError,
    "never-ends": ResponseTimeoutError,
    "429:route=create-response-stream,retry_after=0,times=2": None,
    "503:route=create-conversation,times=1": MoveworksError,
    "503:route=create-response-stream,times=1": MoveworksError,
}
"""Faults that do not end in the answer alone; None means that they do after all."""
FAULTS = sorted(STREAM_KINDS | set(ENDS))


@pytest.mark.parametrize("mode", ["blocking", "async"])
@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_ends_well_or_in_a_typed_error(fault, mode):
    """The message is sent once, no text is doubled, no stream stays open, and no rule of the service is broken."""
    with Sandbox(rows=5, now=NOW) as sandbox:
        sandbox.answers([{"text": TEXT}])
        sandbox.add_fault(f"{fault},delay=0.3" if ":" in fault else f"{fault}:delay=0.3")
        expected = ENDS.get(fault)
        result, seen = ask(sandbox, mode, timeout=4.0 if fault == "never-ends" else 60.0)
        if expected is None:
            assert result.text == TEXT
            assert all(TEXT.startswith(update.text) for update in seen)
        else:
            assert isinstance(result, expected)
            assert TEXT not in str(result)
        users = [message for message in sandbox.talk.messages if message["actor"] == "USER"]
        assert len(users) == (0 if isinstance(expected, type) and "503" in fault else 1)
        assert [each["reason"] for each in sandbox.violations] == []


@pytest.mark.parametrize("mode", ["blocking", "async"])
@pytest.mark.parametrize("fault", ["silence", "heartbeats", "dribble:route=create-response-stream"])
def test_a_stream_that_is_given_up_is_closed_at_once(fault, mode):
    """Long before the service would have said more: nothing is left open while its response is asked for."""
    with Sandbox(rows=5, now=NOW, faults=[f"{fault}{',' if ':' in fault else ':'}delay=3600"]) as sandbox:
        sandbox.answers([{"text": TEXT}])
        answer, _ = ask(sandbox, mode, idle_timeout=0.3)
        assert (answer.text, answer.recovered) == (TEXT, True)
        assert sandbox.violations == []


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["blocking", "async"])
def test_a_stream_that_does_not_begin_in_time_is_closed(mode):
    """The error has the id of its response, which the service is at work on."""
    with Sandbox(rows=5, now=NOW, faults=["latency:route=create-response-stream,delay=3600"]) as sandbox:
        error, _ = ask(sandbox, mode, timeout=2.0)
        assert type(error) is ResponseTimeoutError
        assert error.response_id == sandbox.talk.messages[-1]["response_id"]
        assert sandbox.violations == []


def test_a_429_is_the_error_of_every_429():
    """When it does not pass."""
    with Sandbox(rows=5, now=NOW, faults=["429:route=create-conversation,retry_after=0"]) as sandbox:
        with sandbox.client(attempts=2) as mw, pytest.raises(RateLimitError):
            mw.assistant.ask("vpn")


def test_what_a_client_must_not_do_is_written_down():
    """A message again while its response is in progress, polls without a pause, headers that are missing."""
    with Sandbox(rows=5, now=NOW) as sandbox:
        headers = {"Authorization": f"Bearer {sandbox.assistant_token}", "Assistant-Name": sandbox.assistant}
        conversation = sandbox.conversation_ids[0]
        root = f"{sandbox.base_url}{BASE_PATH}"

        def place(operation, *values):
            path = find_operation(operation).path
            for value in values:
                path = path[: path.index("{")] + value + path[path.index("}") + 1 :]
            return root + path

        with httpx.Client(headers=headers) as client:
            url = place("create-response", conversation)
            body = {"input": {"text": "vpn"}}
            identity = client.post(url, json=body).json()["response_id"]
            client.post(url, json=body)
            for _ in range(2):
                client.get(place("get-response", conversation, identity))
            client.get(place("list-conversations"), headers={"Accept": "text/html"})
            del client.headers["Assistant-Name"]
            client.get(place("list-conversations"))
        assert [each["reason"] for each in sandbox.violations] == [
            "a message was sent again while its response was in progress",
            "a response was asked for again within 0.1 s",
            "Accept does not name application/json",
            "there is no Assistant-Name",
        ]

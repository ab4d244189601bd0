"""A later generation of the beta API: what users do works with the code made from its document, and nothing by hand."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import changes
import pytest

from moveworks.sandbox.assistant import CANNED
from scripts.regenerate import build

QUESTION = "How do I reset my VPN password?"
TEXT = CANNED["text"]
PROGRAM = """
import asyncio, contextlib, json, os, subprocess, sys
from moveworks import MoveworksError
from moveworks.sandbox import Sandbox
from moveworks_beta.models import CallbackAction, Event, Message

QUESTION = sys.argv[1]

async def asked(sandbox):
    async with sandbox.async_client() as mw:
        conversation = await mw.assistant.conversations.create()
        async with mw.assistant.responses.stream(conversation.conversation_id, QUESTION) as stream:
            names = [update.event async for update in stream]
        return names, stream.text, (await mw.assistant.ask(QUESTION)).text

with Sandbox(rows=20) as sandbox, sandbox.client() as mw:
    found = {"ask": mw.assistant.ask(QUESTION).markdown}
    identity = mw.assistant.conversations.create().conversation_id
    with mw.assistant.responses.stream(identity, QUESTION) as stream:
        found["stream"], found["text"] = [update.event for update in stream], stream.text
    found["async"] = asyncio.run(asked(sandbox))
    found["events"] = [type(event.created_at).__name__ for event in mw.assistant.events.list(identity)]
    with contextlib.suppress(MoveworksError):
        mw.assistant.call("cancel-response", identity, stream.response_id)
    found["new"] = [sandbox.requests[-1][key] for key in ("method", "path")]
    with contextlib.suppress(MoveworksError):
        mw.assistant.call("create-response", identity, body={"input": {"callback_id": "cb_1"}})
    found["pressed"] = sandbox.requests[-1]["path"]
    command = [sys.executable, "-m", "moveworks.cli", "ask", QUESTION]
    environment = {**os.environ, **sandbox.environment()}
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment)
    found["command"] = [done.returncode, done.stdout, done.stderr]
    found["paths"] = sorted({each["path"] for each in sandbox.requests})
    found["violations"] = sandbox.violations
    button = {"type": "CALLBACK_ACTION_CONTENT", "callback_action_content": {"callback_id": "cb_1", "title": "Yes"}}
    message = Message.from_dict({"message_id": "msg_1", "content": button, "actions": [{"callback_id": "cb_2"}]})
    found["models"] = [type(message.content).__name__, type(message.actions[0]) is CallbackAction, message.to_dict()]
    json.dump(found, sys.stdout)
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What a program of a user finds, with the code made from the changed document and the library as it is."""
    folder = tmp_path_factory.mktemp("later")
    shutil.copytree(changes.ROOT / "specs" / "beta", folder / "specs" / "beta")
    shutil.copytree(changes.ROOT / "generated", folder / "generated", ignore=shutil.ignore_patterns("__pycache__"))
    changes.take(changes.folder_of(changes.later_generation, folder / "new"), folder / "specs")
    build(folder / "specs" / "beta", folder / "generated" / "moveworks_beta")
    settings = {name: value for name, value in os.environ.items() if not name.startswith("MOVEWORKS_")}
    settings["PYTHONPATH"] = os.pathsep.join(str(path) for path in (changes.ROOT / "overlay", folder / "generated"))
    command = [sys.executable, "-c", PROGRAM, QUESTION]
    done = subprocess.run(
        command, env=settings, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_ask_gives_the_answer_with_its_source(found):
    """Blocking and async."""
    assert found["ask"].startswith(TEXT[:43] + "[^1]")
    assert found["ask"].endswith("[^1]: [Self-service portal](https://help.example.com/portal)")
    assert found["async"][2] == TEXT


def test_a_stream_grows_to_the_same_answer(found):
    """Blocking and async, event by event."""
    names, text, _ = found["async"]
    assert found["stream"] == names
    assert (names[0], names[-1]) == ("RESPONSE_CREATED", "RESPONSE_COMPLETED")
    assert names.count("RESPONSE_OUTPUT_DELTA") > 3
    assert found["text"] == text == TEXT


def test_the_command_answers(found):
    """`moveworks ask`, as a process of its own."""
    code, out, _ = found["command"]
    assert (code, out.strip()) == (0, found["ask"])


def test_requests_go_to_the_new_base_path(found):
    """All of them, and the sandbox has nothing to say against them."""
    assert {"/".join(path.split("/")[:3]) for path in found["paths"]} == {"/assistant/v1"}
    assert found["violations"] == []


def test_a_new_operation_and_the_new_body_are_reached(found):
    """By the operation's id, on the day it is published."""
    method, path = found["new"]
    assert method == "POST"
    assert path.startswith("/assistant/v1/conversations/conv_")
    assert path.endswith("/cancel")
    assert found["pressed"].endswith("/responses")


def test_what_is_new_on_messages_and_events_is_a_model(found):
    """The content, the actions, and when an event was."""
    content, action, written = found["models"]
    assert (content, action) == ("ContentCallbackActionContent", True)
    assert (written["content"]["type"], written["actions"]) == ("CALLBACK_ACTION_CONTENT", [{"callback_id": "cb_2"}])
    assert found["events"] == ["datetime", "datetime"]

"""The commands for the assistant, against the sandbox."""

from __future__ import annotations

import json
import signal

import pytest
from commands import Commands
from moments import NOW

from moveworks import ConfigurationError
from moveworks.sandbox import Sandbox


def test_a_question_gets_its_answer(run):
    """Markdown on stdout, how to go on with it on stderr where somebody sees it."""
    done = run("ask", "How do I reset my VPN password?")
    assert done.returncode == 0, done.stderr
    assert "[^1]" in done.stdout


def test_a_question_on_stdin(run):
    """As with any filter."""
    done = run.shell("echo 'How do I reset my VPN password?' | moveworks ask")
    assert done.returncode == 0, done.stderr
    assert "[^1]" in done.stdout


def test_events_of_an_answer_as_json(run, sandbox):
    """One a line, and going on in a conversation."""
    identity = sandbox.conversation_ids[0]
    done = run("ask", "Hello", "--json", "-c", identity)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines[0]["event"] == "RESPONSE_CREATED"
    assert lines[-1]["event"] == "RESPONSE_COMPLETED"
    assert {line["data"].get("response", {}).get("conversation_id", identity) for line in lines} == {identity}
    shown = run("conversations", "show", identity)
    assert shown.stdout.startswith("**USER**")
    assert "Hello" in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["ask", " "], 2),
        (["ask", "x", "-c", "conv_no"], 5),
        (["ask", "x", "--wait", "0"], 2),
        (["conversations", "show", ""], 2),
        (["conversations", "archive", "conv_no"], 5),
    ],
)
def test_wrong_use(run, arguments, code):
    """Nothing on stdout, and the exit code of its kind."""
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr


def test_conversations_are_listed_and_archived(run):
    """One JSON object a line."""
    listed = [json.loads(line) for line in run("conversations", "list").stdout.splitlines()]
    assert len(listed) > 10
    identity = listed[-1]["conversation_id"]
    assert json.loads(run("conversations", "archive", identity).stdout)["archived"] is True
    archived = run("conversations", "list", "--archived").stdout
    assert identity in archived
    assert json.loads(run("conversations", "archive", "--undo", identity).stdout)["archived"] is False
    assert len(run("conversations", "list", "--limit", "2").stdout.splitlines()) == 2


def test_events_are_followed_until_ctrl_c(run, sandbox):
    """What comes after its beginning."""
    first = run("ask", "Hello")
    assert first.returncode == 0
    with sandbox.client() as mw:
        events = [event.event_id for event in mw.assistant.events.list()]
    process = run.start("events", "follow", "--checkpoint", events[0], stdout=-1)
    line = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert json.loads(line)["event_id"] == events[1]
    assert process.returncode == 130
    assert "Traceback" not in errors


def test_a_stream_is_recorded_and_served_again(run, sandbox, tmp_path):
    """Byte for byte, in the same parts; the file says what it holds, and a file that is there is left alone."""
    file = tmp_path / "stream.jsonl"
    asked = run("ask", "How do I reset my VPN password?", "--record", str(file))
    assert asked.returncode == 0, asked.stderr
    first, *lines = map(json.loads, file.read_text().splitlines())
    assert "holds a conversation" in first["note"]
    assert len(lines) > 3
    assert file.stat().st_mode & 0o077 == 0
    with Sandbox(rows=5, now=NOW) as other:
        other.answers([{"text": "Something else."}])
        other.replay(file)
        again = Commands(tmp_path, other.environment())("ask", "Hello")
    assert again.stdout == asked.stdout
    refused = run("ask", "Hello", "--record", str(file))
    assert refused.returncode == 3
    assert "is there already" in refused.stderr


@pytest.mark.parametrize(
    "content", ["", "{}", '{"recording": 2}', '{"recording": 1}\n{"base64": "%"}', "[]", "no JSON"]
)
def test_what_is_no_recording_is_refused(content, tmp_path):
    """Before anything is served."""
    (tmp_path / "x").write_text(content)
    with Sandbox(rows=5, now=NOW) as sandbox, pytest.raises(ConfigurationError, match="replay"):
        sandbox.replay(tmp_path / "x")

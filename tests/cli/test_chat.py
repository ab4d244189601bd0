"""`moveworks chat` in a real terminal."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import time
import uuid

import pytest
from commands import PROGRAM, clean_environment
from moments import NOW

from moveworks.sandbox import Sandbox

ANSWERS = [
    {
        "match": "VPN",
        "text": "Open the portal and reset it there.",
        "citations": [{"title": "VPN guide", "url": "https://help.example.com/vpn", "offset": 15}],
    },
    {"match": "laptop", "text": "Ordered.", "follow_up": "Your ticket 4711 was opened."},
    {"match": "slow", "text": "This will never be read to its end, whatever you do."},
]


class Terminal:
    """A terminal of 80 by 40 characters, with a command in it."""

    def __init__(self, command, environment):
        self._name = f"moveworks-{uuid.uuid4().hex[:8]}"
        variables = " ".join(f"{name}={shlex.quote(value)}" for name, value in environment.items())
        self._tmux(
            "new-session", "-d", "-x", "80", "-y", "40", f"env {variables} {shlex.join(command)}; echo left; cat"
        )

    def _tmux(self, *arguments):
        return subprocess.run(
            ["tmux", "-L", self._name, "-f", "/dev/null", *arguments], check=True, capture_output=True, text=True
        ).stdout

    def screen(self):
        return self._tmux("capture-pane", "-p", "-S", "-200")

    def type(self, text, *keys):
        if text:
            self._tmux("send-keys", "-l", text)
        for key in keys or ("Enter",):
            self._tmux("send-keys", key)

    def shows(self, text, count=1):
        """Wait until a text is on the screen so often; everything on it."""
        limit = time.monotonic() + 60
        while (screen := self.screen()).count(text) < count:
            assert time.monotonic() < limit, f"{text!r} is not on the screen:\n{screen}"
            time.sleep(0.1)
        return screen

    def close(self):
        subprocess.run(["tmux", "-L", self._name, "kill-server"], check=False, capture_output=True)


@pytest.fixture
def talk():
    """A sandbox, and a chat with it."""
    if shutil.which("tmux") is None:
        pytest.skip("there is no tmux on this machine")
    with Sandbox(rows=10, now=NOW) as sandbox:
        sandbox.answers(ANSWERS)
        terminal = Terminal([*PROGRAM, "chat"], clean_environment(**sandbox.environment(), TERM="xterm-256color"))
        try:
            terminal.shows("\n>")
            yield sandbox, terminal
        finally:
            terminal.close()


def test_a_conversation_in_a_terminal(talk):
    """An answer with its source, a rating, an event that comes by itself, and earlier conversations."""
    sandbox, terminal = talk
    terminal.type("How do I reset my VPN password?")
    screen = terminal.shows("[^1]: VPN guide")
    assert "Open the portal" in screen
    terminal.type("/helpful")
    terminal.shows("rated as helpful")
    assert len(sandbox.talk.feedback) == 1
    terminal.type("I need a laptop")
    terminal.shows("Ordered.")
    terminal.shows("Your ticket 4711 was opened.")
    assert terminal.screen().count("Open the portal") == 1
    assert terminal.screen().count("Ordered.") == 1
    terminal.type("/nwe")
    terminal.shows("did you mean /new?")
    terminal.type("/new")
    terminal.shows("a new conversation")
    terminal.type("/open")
    terminal.shows("/open NUMBER goes on")
    terminal.type("/open 1")
    terminal.shows("Your ticket 4711 was opened.", 2)
    terminal.type("/quit")
    terminal.shows("left")


def test_ctrl_c_stops_the_answer_and_not_the_program(talk):
    """Nor at the prompt; what comes of the stopped answer is not shown, and the next question works."""
    sandbox, terminal = talk
    sandbox.add_fault("silence:route=assistant,delay=600")
    terminal.type("a slow one")
    terminal.shows("This will")
    terminal.type("", "C-c")
    terminal.shows("stopped")
    sandbox.clear_faults()
    terminal.type("I need a laptop")
    terminal.shows("Your ticket 4711 was opened.")
    assert "to its end, whatever" not in terminal.screen()
    terminal.type("half a ques", "C-c")
    terminal.shows("/quit or Ctrl-D leaves.")
    terminal.type("", "C-d")
    terminal.shows("left")
    conversations = {message["conversation_id"] for message in sandbox.talk.messages}
    assert len(conversations) == 1


def test_several_lines_are_one_question(talk):
    """Alt-Enter begins another line, and Enter sends all."""
    sandbox, terminal = talk
    terminal.type("My VPN", "M-Enter")
    terminal.type("does not work")
    terminal.shows("[^1]: VPN guide")
    asked = [message["content"] for message in sandbox.talk.messages if message["actor"] == "USER"]
    assert "My VPN\ndoes not work" in str(asked).replace("\\n", "\n")


def test_a_chat_needs_a_terminal(run):
    """In a pipe there is `ask`."""
    done = run("chat")
    assert (done.returncode, done.stdout) == (2, "")
    assert "moveworks ask" in done.stderr

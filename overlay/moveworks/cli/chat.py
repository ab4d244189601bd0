"""`moveworks chat`: a conversation with the assistant in a terminal."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any, Final

import click

from moveworks.cli.connection import connection_options
from moveworks.cli.terminal import is_terminal, visible, visible_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from moveworks import Moveworks
    from moveworks.assistant import Answer, Update
    from moveworks.cli.connection import Connection

HELP: Final = """Talk with the assistant.

Enter sends; Alt-Enter begins another line; arrow up brings back what you wrote.

\b
  /new               begin another conversation
  /open [ID|NUMBER]  go on in an earlier one; without ID, list them
  /helpful           rate the last answer
  /unhelpful [NOTE]  the same, and say why
  /quit, or Ctrl-D   leave

Ctrl-C stops the answer, and not the program. What the assistant writes by itself appears when it comes."""
LISTED: Final = 10
"""Conversations that /open lists."""
COMMANDS: Final = ("/new", "/open", "/helpful", "/unhelpful", "/help", "/quit")


@click.command(help=HELP)
@click.option("-c", "--conversation", metavar="ID", help="Go on in this conversation.")
@connection_options
def chat(conversation: str | None, connection: Connection) -> None:
    """Run until the user leaves."""
    from moveworks.errors import MissingExtraError

    if not (is_terminal() and is_terminal(sys.stdin)):
        raise click.UsageError("chat needs a terminal; in a pipe, use: moveworks ask")
    try:
        import prompt_toolkit  # noqa: F401 - only to say that it is missing
    except ImportError:
        raise MissingExtraError(
            "chat needs prompt_toolkit, of the extra cli", advice="Install it: pip install prompt_toolkit"
        ) from None
    with connection.client() as mw:
        Chat(mw, conversation).run()


class Chat:
    """One user at one terminal.

    Args:
        mw: The client.
        conversation_id: Where to go on; None for a new conversation with the first question.
    """

    def __init__(self, mw: Moveworks, conversation_id: str | None) -> None:
        from rich.console import Console

        self._mw, self._conversation_id = mw, conversation_id
        self._answer: Answer | None = None
        self._listed: list[str] = []
        self._console = Console()
        self._lock = threading.Lock()
        self._reading = False
        self._waiting: list[dict[str, Any]] = []
        # Messages that were shown, and responses that the user stopped: their events say nothing new.
        self._shown: set[str] = set()
        self._stopped: set[str] = set()

    def run(self) -> None:
        """Ask until the end.

        Raises:
            MoveworksError: if the service refuses the credential. Other errors are shown, and the chat goes on.
        """
        from prompt_toolkit import PromptSession
        from prompt_toolkit.key_binding import KeyBindings
        from prompt_toolkit.patch_stdout import patch_stdout

        keys = KeyBindings()
        keys.add("enter")(lambda event: event.current_buffer.validate_and_handle())
        keys.add("escape", "enter")(lambda event: event.current_buffer.insert_text("\n"))
        # What was written is kept in memory only: it is a conversation.
        session: PromptSession[str] = PromptSession(multiline=True, key_bindings=keys, prompt_continuation="  ")
        self._say("Ask anything, or /help. /quit leaves.")
        threading.Thread(target=self._follow, name="moveworks-chat", daemon=True).start()
        while True:
            self._show_waiting()
            try:
                with patch_stdout(raw=True):
                    with self._lock:
                        self._reading = True
                    text = session.prompt("> ").strip()
            except KeyboardInterrupt:
                self._say("/quit or Ctrl-D leaves.")
                continue
            except EOFError:
                return
            finally:
                with self._lock:
                    self._reading = False
            if text in {"/quit", "/exit"}:
                return
            self._do(text)

    def _do(self, text: str) -> None:
        from moveworks.errors import AuthenticationError, ConfigurationError, MoveworksError

        try:
            if not text.startswith("/"):
                if text:
                    self._ask(text)
                return
            name, _, rest = text.partition(" ")
            action = self._actions().get(name)
            if action is None:
                from moveworks.cli.app import nearest

                self._say(f"there is no command {visible(name)}{nearest(name, list(COMMANDS))}")
            else:
                action(rest.strip())
        except KeyboardInterrupt:
            self._say("stopped")
        except (AuthenticationError, ConfigurationError):
            raise
        except (MoveworksError, ValueError) as error:
            self._say(f"error: {visible(str(error))}", "red")

    def _actions(self) -> dict[str, Callable[[str], None]]:
        return {
            "/new": lambda _: self._begin(None),
            "/open": self._open,
            "/helpful": lambda _: self._rate(None),
            "/unhelpful": self._rate,
            "/help": lambda _: self._say(HELP.replace("\b\n", "")),
        }

    # what the commands do

    def _begin(self, conversation_id: str | None) -> None:
        self._conversation_id, self._answer = conversation_id, None
        self._say("a new conversation" if conversation_id is None else f"conversation {conversation_id}")

    def _open(self, which: str) -> None:
        if not which:
            found = list(self._mw.assistant.conversations.list(limit=LISTED))
            self._listed = [each.conversation_id for each in found]
            for number, each in enumerate(found, 1):
                self._say(f"{number:3}  {each.conversation_id}  {visible(str(each.title or ''))}")
            self._say("/open NUMBER goes on in one of them.")
            return
        if which.isdecimal() and 1 <= int(which) <= len(self._listed):
            which = self._listed[int(which) - 1]
        opened = self._mw.assistant.conversations.get(which)
        self._begin(opened.conversation_id)
        for message in reversed(list(self._mw.assistant.messages.list(opened.conversation_id, limit=LISTED))):
            self._show_message(message.to_dict())

    def _rate(self, note: str | None) -> None:
        if self._answer is None:
            self._say("there is no answer to rate yet")
            return
        if note is None:
            self._answer.helpful()
        else:
            self._answer.unhelpful(note or None)
        self._say("rated as helpful" if note is None else "rated as not helpful")

    def _ask(self, text: str) -> None:
        """Put a question, and show the answer while it is written; Ctrl-C stops it."""
        from rich.live import Live
        from rich.markdown import Markdown

        if self._conversation_id is None:
            # Made first, so that an answer that is stopped leaves a place to go on in.
            self._conversation_id = self._mw.assistant.conversations.create().conversation_id
        responses: set[str] = set()

        def update(change: Update) -> None:
            if change.response is not None:
                responses.add(str(change.response.response_id))
            shown.update(Markdown(visible_lines(change.text)))

        try:
            with Live(console=self._console, refresh_per_second=12, vertical_overflow="visible") as shown:
                if self._answer is not None:
                    answer = self._answer.follow_up(text, on_update=update)
                else:
                    answer = self._mw.assistant.ask(text, conversation_id=self._conversation_id, on_update=update)
                shown.update(Markdown(visible_lines(answer.markdown or "*(no answer)*")))
        except KeyboardInterrupt:
            self._answer = None
            self._stopped |= responses
            raise
        self._answer = answer
        self._shown |= {str(message.get("message_id")) for message in map(_message, answer.outputs)}

    # what comes by itself

    def _follow(self) -> None:
        """Take events as they come, on a thread that ends with the program."""
        from moveworks.errors import MoveworksError

        try:
            for event in self._mw.assistant.events.follow():
                payload = event.to_dict().get("event_payload")
                message = payload.get("message") if isinstance(payload, dict) else None
                if isinstance(message, dict):
                    with self._lock:
                        self._waiting.append(message)
                        reading = self._reading
                    if reading:
                        self._show_waiting()
        except MoveworksError as error:
            self._say(f"what the assistant writes by itself is not shown any more: {visible(str(error))}", "red")

    def _show_waiting(self) -> None:
        with self._lock:
            messages, self._waiting = self._waiting, []
        for message in messages:
            known = str(message.get("message_id")) in self._shown or str(message.get("response_id")) in self._stopped
            if message.get("conversation_id") == self._conversation_id and message.get("actor") != "USER" and not known:
                self._show_message(message)

    def _show_message(self, message: dict[str, Any]) -> None:
        from rich.console import Console
        from rich.markdown import Markdown

        from moveworks.assistant.markdown import plain
        from moveworks.assistant.state import content_text

        self._shown.add(str(message.get("message_id")))
        text = visible_lines(plain(content_text(message.get("content"))))
        # A console of its own: at the prompt stdout is one that writes above it.
        console = Console(force_terminal=True, width=self._console.width)
        console.print(f"[dim]{'you' if message.get('actor') == 'USER' else 'assistant'}[/dim]")
        console.print(Markdown(text))

    def _say(self, text: str, style: str = "dim") -> None:
        from rich.console import Console
        from rich.text import Text

        Console(force_terminal=True, width=self._console.width).print(Text(text, style))


def _message(output: dict[str, Any]) -> dict[str, Any]:
    from moveworks.assistant.state import inner_of

    return inner_of(output)

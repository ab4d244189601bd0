"""`moveworks ask`: an answer of the assistant, growing on a terminal, and whole into a pipe."""

from __future__ import annotations

import base64
import json
import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from moveworks.cli.connection import connection_options
from moveworks.cli.terminal import is_terminal, json_visible, visible_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from moveworks.assistant import Answer, Update
    from moveworks.assistant.facade import Assistant
    from moveworks.cli.connection import Connection


@click.command(
    help="Ask the assistant QUESTION, or what stdin holds, and print the answer as Markdown with footnotes.\n\nOn a "
    "terminal it is shown while it is written."
)
@click.argument("question", required=False)
@click.option("-c", "--conversation", metavar="ID", help="Go on in this conversation; a new one is begun without it.")
@click.option("--json", "as_json", is_flag=True, help="Print each event of the answer as a line of JSON.")
@click.option(
    "--wait",
    "patience",
    type=click.FloatRange(min=0, min_open=True),
    default=150.0,
    show_default=True,
    metavar="SECONDS",
    help="How long the assistant may take.",
)
@click.option(
    "--record",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Keep the stream in a new FILE, byte for byte, for a bug report; it holds the conversation.",
)
@connection_options
def ask(
    question: str | None,
    conversation: str | None,
    *,
    as_json: bool,
    patience: float,
    record: str | None,
    connection: Connection,
) -> None:
    """Put the question, and show what comes."""
    text = sys.stdin.read() if question in {None, "-"} else question
    if not text or not text.strip():
        raise click.UsageError("there is no question: give it as an argument or on stdin")
    with connection.client() as mw, _recording(record) as on_bytes:
        settings: dict[str, Any] = {"conversation_id": conversation, "timeout": patience, "on_bytes": on_bytes}
        try:
            if as_json:
                mw.assistant.ask(text, on_update=_as_line, **settings)
                return
            answer = _growing(mw.assistant, text, settings) if is_terminal() else mw.assistant.ask(text, **settings)
        except ValueError as error:
            raise click.UsageError(str(error)) from None
        if not is_terminal():
            click.echo(answer.markdown)
    connection.notes.say(
        f"conversation {answer.conversation_id}; go on with: moveworks ask -c {answer.conversation_id}"
    )


@contextmanager
def _recording(path: str | None) -> Iterator[Callable[[bytes], object] | None]:
    """What takes the parts of a stream, and writes each at once: also a stream that hangs leaves its beginning."""
    from moveworks.errors import ConfigurationError

    if path is None:
        yield None
        return
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        raise ConfigurationError(f"{path} is there already; it was left as it is", advice="Give a new name") from None
    began = time.monotonic()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(
            json.dumps({"recording": 1, "note": "This file holds a conversation. Look at it before you send it."})
        )
        file.write("\n")

        def keep(part: bytes) -> None:
            line = {"at": round(time.monotonic() - began, 3), "base64": base64.b64encode(part).decode("ascii")}
            file.write(json.dumps(line) + "\n")
            file.flush()

        yield keep


def _as_line(update: Update) -> None:
    line = {"event": update.event, "text": update.text, "data": update.data}
    text = json.dumps(line, ensure_ascii=False)
    click.echo(json_visible(text) if is_terminal() else text)


def _growing(assistant: Assistant, text: str, settings: dict[str, Any]) -> Answer:
    """Show the answer as Markdown while it is written; what stays is the whole, with its footnotes."""
    from rich.console import Console
    from rich.live import Live
    from rich.markdown import Markdown

    with Live(console=Console(), refresh_per_second=12, vertical_overflow="visible") as shown:
        answer = assistant.ask(
            text, on_update=lambda update: shown.update(Markdown(visible_lines(update.text))), **settings
        )
        shown.update(Markdown(visible_lines(answer.markdown)))
    return answer

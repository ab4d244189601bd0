"""`moveworks conversations`: conversations of the beta API."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from moveworks.cli.app import LazyGroup
from moveworks.cli.connection import connection_options
from moveworks.cli.terminal import is_terminal, json_visible, visible_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from moveworks.cli.connection import Connection


@click.command(
    cls=LazyGroup,
    lazy={
        "list": ("moveworks.cli.conversations:list_conversations", "List conversations, the latest first."),
        "get": ("moveworks.cli.conversations:get_conversation", "Show one conversation as JSON."),
        "show": ("moveworks.cli.conversations:show_conversation", "Show the messages of a conversation."),
        "archive": ("moveworks.cli.conversations:archive_conversation", "Archive a conversation, or take it back."),
    },
    help="Conversations of the beta API, as the user of MOVEWORKS_ASSISTANT_TOKEN.",
)
def conversations() -> None:
    """Only a group."""


class IdCommand(click.Command):
    """A command whose argument is an id, which may begin with a dash: what is no option, nor several, is the id."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ids behind `--`, where click takes them as they are."""
        options = {name: option for option in self.get_params(ctx) for name in option.opts}
        values = {name for name, option in options.items() if isinstance(option, click.Option) and not option.is_flag}
        ids = [
            word
            for before, word in zip(["", *args], args, strict=False)
            if word[:1] == "-"
            and word[:2] != "--"
            and any(f"-{letter}" not in options for letter in word[1:])
            and before not in values
        ]
        if "--" not in args and ids:
            args = [*(word for word in args if word not in ids), "--", *ids]
        return super().parse_args(ctx, args)


@click.command("get", cls=IdCommand, help="Show the conversation ID as JSON.")
@click.argument("conversation_id", metavar="ID")
@connection_options
def get_conversation(conversation_id: str, connection: Connection) -> None:
    """Print it with its steering characters escaped."""
    with connection.client() as mw, _usage():
        found = mw.assistant.conversations.get(conversation_id)
    _print(found.to_dict(), indent=2)


@click.command("list", help="List conversations as lines of JSON, the one that changed last first.")
@click.option("--archived", is_flag=True, help="Archived ones instead of the others.")
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="Stop after N.")
@connection_options
def list_conversations(*, archived: bool, limit: int | None, connection: Connection) -> None:
    """Print one a line."""
    with connection.client() as mw:
        for found in mw.assistant.conversations.list(archived=archived, limit=limit):
            _print(found.to_dict())


@click.command("show", cls=IdCommand, help="Show the messages of the conversation ID as Markdown, the oldest first.")
@click.argument("conversation_id", metavar="ID")
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="Only the last N messages.")
@connection_options
def show_conversation(conversation_id: str, limit: int | None, connection: Connection) -> None:
    """Print who said what."""
    from moveworks.assistant.markdown import plain
    from moveworks.assistant.state import content_text

    with connection.client() as mw, _usage():
        messages = list(mw.assistant.messages.list(conversation_id, limit=limit))
    for message in reversed(messages):
        sent = message.to_dict()
        text = f"**{sent.get('actor')}** {sent.get('created_at')}\n\n{plain(content_text(sent.get('content')))}\n"
        click.echo(visible_lines(text) if is_terminal() else text)


@click.command("archive", cls=IdCommand, help="Archive the conversation ID. There is no way to delete one.")
@click.argument("conversation_id", metavar="ID")
@click.option("--undo", is_flag=True, help="Take it back from the archive.")
@connection_options
def archive_conversation(conversation_id: str, *, undo: bool, connection: Connection) -> None:
    """Change it, and print it."""
    with connection.client() as mw, _usage():
        changed = mw.assistant.conversations.update(conversation_id, archived=not undo)
    _print(changed.to_dict(), indent=2)


@click.command(
    cls=LazyGroup,
    lazy={"follow": ("moveworks.cli.conversations:follow_events", "Print events as they come, until Ctrl-C.")},
    help="What happens in conversations of the beta API, also without a question.",
)
def events() -> None:
    """Only a group."""


@click.command("follow", help="Print events as lines of JSON as they come, each message once, until Ctrl-C.")
@click.option("-c", "--conversation", metavar="ID", help="Only those of this conversation.")
@click.option("--checkpoint", metavar="ID", help="Begin behind this event; without it, with what comes from now on.")
@connection_options
def follow_events(conversation: str | None, checkpoint: str | None, connection: Connection) -> None:
    """Print one a line."""
    with connection.client() as mw, _usage():
        for event in mw.assistant.events.follow(conversation, checkpoint):
            _print(event.to_dict())


@contextmanager
def _usage() -> Iterator[None]:
    """An id that cannot be one is wrong use of the command."""
    try:
        yield
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _print(found: dict[str, Any], indent: int | None = None) -> None:
    text = json.dumps(found, ensure_ascii=False, indent=indent)
    click.echo(json_visible(text) if is_terminal() else text)

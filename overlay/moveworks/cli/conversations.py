"""`moveworks conversations`: conversations of the beta API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from moveworks.cli.app import LazyGroup
from moveworks.cli.connection import connection_options

if TYPE_CHECKING:
    from moveworks.cli.connection import Connection


@click.command(
    cls=LazyGroup,
    lazy={"get": ("moveworks.cli.conversations:get_conversation", "Show one conversation as JSON.")},
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
    import json

    from moveworks.cli.terminal import is_terminal, json_visible

    with connection.client() as mw:
        try:
            found = mw.assistant.conversations.get(conversation_id)
        except ValueError as error:
            raise click.UsageError(str(error)) from None
    text = json.dumps(found.to_dict(), ensure_ascii=False, indent=2)
    click.echo(json_visible(text) if is_terminal() else text)

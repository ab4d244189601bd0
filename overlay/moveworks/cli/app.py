"""The tree of commands. Nothing but click is imported before a command is chosen."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from moveworks.cli.exits import ExitCode, exit_code, report

if TYPE_CHECKING:
    from collections.abc import Mapping


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is chosen.

    Args:
        lazy: For each command, where it is (`module:attribute`) and what it does, in the order of the help.
    """

    def __init__(self, *args: Any, lazy: Mapping[str, tuple[str, str]], **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands."""
        del ctx
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, imported now."""
        del ctx
        if cmd_name not in self._lazy:
            return None
        module, _, attribute = self._lazy[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant, or an error with the nearest one."""
        name = args[0]
        if name not in self._lazy and not name.startswith("-") and not ctx.resilient_parsing:
            ctx.fail(f"there is no command {name!r}{nearest(name, list(self._lazy))}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in self._lazy.items()])


class Root(LazyGroup):
    """The outermost command: the one place where errors become messages and exit codes."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; `--help` and `--version` write already here.

        Raises:
            click.exceptions.Exit: if that cannot be written.
        """
        try:
            return super().parse_args(ctx, args)
        except BrokenPipeError:
            raise
        except OSError as error:
            report(error)
            _forget_output()
            ctx.exit(exit_code(error))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the chosen command.

        Raises:
            click.exceptions.Exit: with the exit code, after an error was reported.
        """
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except (click.exceptions.Exit, click.ClickException, click.Abort, SystemExit):
            raise
        except BrokenPipeError:
            _forget_output()
            ctx.exit(ExitCode.BROKEN_PIPE)
        except KeyboardInterrupt:
            click.echo("\ninterrupted", err=True)
            ctx.exit(ExitCode.INTERRUPTED)
        except Exception as error:  # noqa: BLE001 - everything that goes wrong is told in words
            if ctx.meta.get("moveworks.traceback"):
                import traceback

                traceback.print_exc()
            report(error)
            if isinstance(error, OSError):
                _forget_output()
            ctx.exit(exit_code(error))
        return result


def nearest(name: str, known: list[str]) -> str:
    """`; did you mean …?`, or what there is."""
    import difflib

    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"; did you mean {near[0]}?" if near else f" (known: {', '.join(known)})"


def _forget_output() -> None:
    """Point stdout at nothing, so that Python's own flush at exit does not fail again."""
    with suppress(OSError, ValueError):  # a stream without a descriptor is not flushed at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


EPILOG = """\b
Settings come from the environment:
  MOVEWORKS_API_KEY                       API key of the export API, or
  MOVEWORKS_CLIENT_ID and _CLIENT_SECRET  client credentials
  MOVEWORKS_ASSISTANT_TOKEN, _ASSISTANT   a user's token and the assistant's name, for the beta API
  MOVEWORKS_REGION or MOVEWORKS_BASE_URL  where the service is (default: region us)

\b
Exit codes:
  0 done             4 not permitted      130 Ctrl-C
  1 unexpected       5 not found          129 hung up, 143 terminated
  2 usage, filter    6 rate limit         141 the reader of the output went away
  3 configuration,   7 server, network,    8 sync: not everything is verified
    credential         incomplete answer   9 sync --strict: unexpected fields or values

Data goes to stdout; progress, notes and errors go to stderr.
"""


@click.command(
    cls=Root,
    lazy={
        "records": ("moveworks.cli.records:records", "List, count and describe records of the export API."),
        "sync": ("moveworks.cli.sync:sync", "Load records into DuckDB, SQLite or Parquet, completely."),
        "mcp": ("moveworks.cli.mcp:mcp", "Let an assistant ask a file that sync loaded."),
        "report": ("moveworks.cli.report:report", "Make a page about what a loaded file says."),
        "ask": ("moveworks.cli.ask:ask", "Ask the assistant, and print its answer."),
        "chat": ("moveworks.cli.chat:chat", "Talk with the assistant in this terminal."),
        "conversations": ("moveworks.cli.conversations:conversations", "Conversations of the beta API."),
        "events": ("moveworks.cli.conversations:events", "What happens in conversations."),
        "doctor": ("moveworks.cli.doctor:doctor", "Check address, credentials, scopes and clock."),
        "sandbox": ("moveworks.cli.sandbox:sandbox", "Run a local server that behaves like both APIs."),
    },
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    help="Read what the Moveworks export API holds, and talk to the assistant of the beta API.\n\n"
    "This client is unofficial.",
)
@click.version_option(package_name="moveworks-client", message="%(package)s %(version)s")
def moveworks() -> None:
    """Only a group."""

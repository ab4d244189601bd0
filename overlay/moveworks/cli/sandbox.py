"""`moveworks sandbox`: a local server of both APIs, until Ctrl-C."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click


class SandboxCommand(click.Command):
    """A command whose help ends with the kinds of faults."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The kinds, from where they are defined."""
        del ctx
        from moveworks.sandbox.faults import KINDS, ROUTES

        with formatter.section("Faults"):
            formatter.write_text(
                "A RULE is a kind, or a kind and when it strikes, such as 429:route=users,nth=2,retry_after=3. It may "
                "have route, page, nth, times, probability, seed, status, retry_after and delay. "
                f"Routes are {', '.join(ROUTES)}, or a pattern such as plugin-*. Kinds:"
            )
            formatter.write_paragraph()
            formatter.write_dl(list(KINDS.items()))


@click.command(
    cls=SandboxCommand,
    help="Run a local server that behaves like both APIs, until Ctrl-C.\n\nPrints the environment variables that make "
    "this library and its command line use it.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--rows", default=1000, show_default=True, type=click.IntRange(min=0), help="Number of interactions.")
@click.option("--seed", default=0, show_default=True, type=int, help="Same seed, same records.")
@click.option(
    "--load",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Serve the <entity>.json files of this folder instead.",
)
@click.option("--living", is_flag=True, help="Let a batch of records arrive every day, some late, some again.")
@click.option(
    "--allow-host",
    "allowed_hosts",
    multiple=True,
    metavar="NAME",
    help="Name under which it may be reached besides localhost; again for more.",
)
@click.option(
    "--max-body",
    type=click.IntRange(min=0),
    default=1_000_000,
    show_default=True,
    metavar="BYTES",
    help="How large a request may be.",
)
@click.option(
    "--answers",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="What the assistant answers: a JSON list of objects with match and text.",
)
@click.option(
    "--replay",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Serve the stream that `ask --record` kept, part by part, to every question.",
)
@click.option("--fault", "faults", multiple=True, metavar="RULE", help="What goes wrong, see below; again for more.")
@click.option(
    "--token-lifetime",
    type=click.FloatRange(min=0, min_open=True),
    default=3600.0,
    show_default=True,
    metavar="SECONDS",
    help="How long access tokens last.",
)
@click.option("--scope", "scopes", multiple=True, metavar="ENTITY", help="Readable entity set; again for more. [all]")
@click.option("--nested-errors", is_flag=True, help='Give errors of the export API as {"error": {…}}.')
@click.option("--standard-times", is_flag=True, help="Accept times without quotes in filters.")
def sandbox(scopes: tuple[str, ...], answers: Path | None, replay: Path | None, **given: Any) -> None:
    """Serve until the process ends."""
    import threading

    from moveworks.errors import ConfigurationError
    from moveworks.sandbox import Sandbox

    try:
        made = Sandbox(**given, scopes=scopes or None)
        if answers is not None:
            made.answers(answers)
        if replay is not None:
            made.replay(replay)
    except ConfigurationError as error:
        raise click.UsageError(str(error)) from None
    with made as running:
        for name, value in running.environment().items():
            click.echo(f"export {name}='{value}'")
        click.echo(f"# or: MOVEWORKS_CLIENT_ID={running.client_id} MOVEWORKS_CLIENT_SECRET={running.client_secret}")
        click.echo(f"# a conversation of the beta API: {running.conversation_ids[0]}")
        if given["living"]:
            click.echo(f"# a day passes: curl -d '{{\"days\": 1}}' {running.base_url}/_sandbox/clock")
        sys.stdout.flush()
        click.echo(f"listening on {running.base_url}; Ctrl-C ends it", err=True)
        threading.Event().wait()

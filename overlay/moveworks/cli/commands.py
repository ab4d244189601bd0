"""The command tree. Modules that cost time are imported inside the commands, so that `--help` is quick."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from moveworks.cli import codes as exits

if TYPE_CHECKING:
    from moveworks.client import Moveworks
    from moveworks.odata import Condition, EntitySetInfo

CODES = "\b\nExit codes:\n" + "\n".join(f"  {code:3}  {meaning}" for code, meaning in exits.MEANINGS.items())
CONNECTION = [
    click.option("--region", metavar="NAME", help="Region, such as us or eu (MOVEWORKS_REGION)."),
    click.option("--base-url", metavar="ORIGIN", help="Any other origin (MOVEWORKS_BASE_URL)."),
]


def run() -> None:
    """Run the command line and exit; errors become one line on stderr and an exit code."""
    from moveworks.errors import MoveworksError

    try:
        code = cli.main(standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Abort:
        code = _interrupted()
    except KeyboardInterrupt:
        code = _interrupted()
    except click.exceptions.Exit as error:
        code = error.exit_code
    except click.ClickException as error:
        error.show()
        code = exits.USAGE
    except MoveworksError as error:
        print(f"moveworks: {error}", file=sys.stderr)
        if error.resume_from:
            print(f"to go on from there: --resume-from '{error.resume_from}'", file=sys.stderr)
        code = exits.exit_code(error)
    except BrokenPipeError:
        # Whoever read our output has enough. Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = exits.OK
    except OSError as error:
        print(f"moveworks: {error.strerror or error}: {error.filename or ''}".rstrip(": "), file=sys.stderr)
        code = exits.USAGE
    sys.exit(code if isinstance(code, int) else exits.OK)


def _interrupted() -> int:
    print("moveworks: interrupted", file=sys.stderr)
    return exits.INTERRUPTED


def _version(context: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's
    if value:
        import moveworks

        click.echo(f"moveworks-client {moveworks.__version__}")
        context.exit()


def _connected(command: Any) -> Any:
    for option in reversed(CONNECTION):
        command = option(command)
    return command


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog=CODES)
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Show the version.")
def cli() -> None:
    """Read the export API and the beta API of Moveworks. Unofficial.

    Credentials come from the environment: MOVEWORKS_API_KEY, or MOVEWORKS_CLIENT_ID and MOVEWORKS_CLIENT_SECRET;
    MOVEWORKS_ASSISTANT_TOKEN and MOVEWORKS_ASSISTANT. Data goes to stdout, everything else to stderr.
    """


@cli.group()
def records() -> None:
    """Records of the export API."""


@records.command("list")
@click.argument("entity")
@click.option("--filter", "filter_text", metavar="ODATA", help="Condition; checked before it is sent.")
@click.option("--no-check", is_flag=True, help="Send --filter, --select and --order-by as they are.")
@click.option("--select", metavar="FIELDS", help="Fields to return, separated by commas.")
@click.option("--order-by", metavar="KEYS", help="Sort keys, such as 'created_time desc,id'.")
@click.option("--since", metavar="WHEN", help="24h, 7d, 2026-11-01 or a time (UTC unless it says otherwise).")
@click.option("--since-field", metavar="FIELD", help="Time that --since is about; created_time, or last_updated_time.")
@click.option("--limit", type=click.IntRange(min=0), help="Stop after this many records.")
@click.option("--resume-from", metavar="LINK", help="Go on from a next link.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["table", "json", "jsonl", "csv"]),
    help="Default: table on a terminal, else jsonl.",
)
@click.option("--csv-raw", is_flag=True, help="Leave CSV cells that look like formulas as they are.")
@click.option("-o", "--output", metavar="FILE", help="Write to a file; it appears when it is complete.")
@click.option("-q", "--quiet", is_flag=True, help="No progress and no notes.")
@_connected
def list_records(entity: str, **given: Any) -> None:
    """List the records of ENTITY, such as conversations or plugin-calls."""
    from moveworks.cli.listing import write_records

    info = _entity(entity)
    if given["resume_from"] and any(given[name] for name in ("filter_text", "select", "order_by", "since")):
        raise click.UsageError(
            "--resume-from carries the whole query; leave out --filter, --select, --order-by, --since"
        )
    condition = _condition(info, given)
    with _client(given) as mw:
        write_records(mw, info, condition, given)


@records.command("count")
@click.argument("entity")
@click.option("--filter", "filter_text", metavar="ODATA", help="Condition; checked before it is sent.")
@click.option("--no-check", is_flag=True, help="Send --filter as it is.")
@click.option("--since", metavar="WHEN", help="24h, 7d, 2026-11-01 or a time (UTC unless it says otherwise).")
@click.option("--since-field", metavar="FIELD", help="Time that --since is about.")
@_connected
def count_records(entity: str, **given: Any) -> None:
    """Count the records of ENTITY."""
    info = _entity(entity)
    condition = _condition(info, given)
    with _client(given) as mw:
        click.echo(mw.records[info.name].count(filter=condition))


@records.command("fields")
@click.argument("entity", required=False)
@click.option("--format", "kind", type=click.Choice(["table", "json"]), default="table", show_default=True)
def fields(entity: str | None, kind: str) -> None:
    """List the fields of ENTITY; without it, the entity sets."""
    import json

    from moveworks_export.entities import ENTITY_SETS

    if entity is None:
        rows = [{"name": info.name, "about": info.doc} for info in ENTITY_SETS.values()]
    else:
        rows = list(_described(_entity(entity).entity.fields()))
    if kind == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    widths = [max(len(row[name]) for row in rows) for name in rows[0]]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row.values(), widths, strict=True)).rstrip())


def _described(declared: Any, prefix: str = "") -> Any:
    for name, field in declared.items():
        yield {"name": prefix + name, "kind": field.kind, "about": field.doc}
        if field.kind == "object":
            yield from _described(field.fields(), f"{prefix}{name}/")


@cli.group()
def conversations() -> None:
    """Conversations of the beta API."""


@conversations.command("get", context_settings={"ignore_unknown_options": True})
@click.argument("conversation_id")
@_connected
def get_conversation(conversation_id: str, **given: Any) -> None:
    """Show one conversation as JSON."""
    import json

    with _client(given) as mw:
        try:
            found = mw.assistant.conversations.get(conversation_id)
        except ValueError as error:
            raise click.UsageError(str(error)) from None
    click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=2))


@cli.command()
@click.option("--format", "kind", type=click.Choice(["table", "json"]), default="table", show_default=True)
@_connected
def doctor(kind: str, **given: Any) -> None:
    """Check address, credentials, scopes and clock, and say what to do."""
    from moveworks.cli.doctor import examine, show

    with _client(given, may_lack=True) as mw:
        findings = examine(mw)
    show(findings, kind)
    if any(finding.state == "failed" for finding in findings):
        raise click.exceptions.Exit(exits.CONFIGURATION)


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Loopback address to listen on.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--rows", default=1000, show_default=True, type=click.IntRange(min=0), help="Number of interactions.")
@click.option("--seed", default=0, show_default=True, type=int, help="Same seed, same records.")
@click.option("--load", metavar="DIR", help="Serve <entity>.json files of this folder instead.")
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="RULE",
    help="Such as 429:route=users,nth=2,retry_after=3; again for more.",
)
@click.option("--token-lifetime", default=3600.0, show_default=True, help="Seconds that access tokens last.")
def sandbox(**given: Any) -> None:
    """Run a local server that behaves like both APIs, until Ctrl-C."""
    import threading

    from moveworks.sandbox import Sandbox

    with Sandbox(**given) as running:
        for name, value in running.environment().items():
            click.echo(f"export {name}='{value}'")
        click.echo(f"# or: MOVEWORKS_CLIENT_ID={running.client_id} MOVEWORKS_CLIENT_SECRET={running.client_secret}")
        click.echo(f"# a conversation of the beta API: {running.conversation_ids[0]}")
        click.echo(f"listening on {running.base_url}; Ctrl-C ends it", err=True)
        sys.stdout.flush()
        threading.Event().wait()


def _entity(name: str) -> EntitySetInfo:
    from moveworks.records.namespace import find_entity_set

    try:
        return find_entity_set(name)
    except KeyError as error:
        raise click.UsageError(error.args[0]) from None


def _condition(info: EntitySetInfo, given: dict[str, Any]) -> Condition | str | None:
    """The filter out of --filter and --since, checked unless --no-check says otherwise."""
    from moveworks import odata
    from moveworks.cli.times import parse_since

    text = given["filter_text"]
    try:
        condition: Condition | None = None
        if text is not None:
            if not text.strip():
                raise click.UsageError("--filter is empty; leave it out to read all records")
            condition = (
                odata.raw(text.replace("{", "{{").replace("}", "}}"))
                if given["no_check"]
                else odata.parse(text, info.entity)
            )
        if given["since"]:
            declared: dict[str, Any] = dict(info.entity.fields())
            name = given["since_field"] or ("created_time" if "created_time" in declared else "last_updated_time")
            if getattr(declared.get(name), "kind", None) != "timestamp":
                times = [n for n, field in declared.items() if field.kind == "timestamp"]
                raise click.UsageError(f"{info.name} has no time {name}; it has {', '.join(times)}")
            since = declared[name].ge(parse_since(given["since"]))
            condition = since if condition is None else condition & since
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    return condition


def _client(given: dict[str, Any], *, may_lack: bool = False) -> Moveworks:
    from moveworks.client import Moveworks
    from moveworks.config import settings_from_env

    overrides = {name: given[name] for name in ("region", "base_url") if given.get(name)}
    if may_lack:
        settings = settings_from_env(os.environ)
        if overrides:
            settings.update(region=None, base_url=None)
        return Moveworks(**{**settings, **overrides, "attempts": 2, "total_timeout": 30.0, "timeout": 10.0})
    return Moveworks.from_env(**overrides)

"""`moveworks records`: list, count and describe records of the export API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from moveworks.cli.app import LazyGroup
from moveworks.cli.connection import connection_options
from moveworks.cli.query import condition_options, entity_set_argument

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from moveworks.cli.connection import Connection
    from moveworks.cli.query import Conditions
    from moveworks.odata import EntitySetInfo, Field

FORMATS = ("table", "json", "jsonl", "csv")


@click.command(
    cls=LazyGroup,
    lazy={
        "list": ("moveworks.cli.records:list_records", "List records."),
        "count": ("moveworks.cli.records:count_records", "Count records."),
        "fields": ("moveworks.cli.records:show_fields", "Show the fields of an entity set, or all entity sets."),
    },
    help="Records of the export API: conversations, interactions, plugin-calls, … (`moveworks records fields`).",
)
def records() -> None:
    """Only a group."""


@click.command(
    "list",
    help="List the records of ENTITY, over all pages.\n\nThe filter is checked before anything is sent. Times are UTC. "
    "Data goes to stdout or to the file, everything else to stderr. An interrupted run says how to go on.",
)
@entity_set_argument()
@condition_options
@click.option("--select", metavar="FIELDS", help="Fields to return, separated by commas.")
@click.option(
    "--order-by",
    metavar="KEYS",
    help='Sort keys, such as "created_time desc,id"; `none` for the service\'s own order, in which pages may miss '
    "records that are written meanwhile. [default: created_time,id as far as there are such fields]",
)
@click.option(
    "--option",
    "options",
    multiple=True,
    metavar="NAME=VALUE",
    help="Another query option that the service has, such as '$search=vpn'; again for more.",
)
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="Stop after N records.")
@click.option("--resume-from", metavar="LINK", help="Go on from a next link, as an interrupted run prints it.")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="[default: what the extension of the file says, else table on a terminal and jsonl elsewhere]",
)
@click.option("--csv-raw", is_flag=True, help="Leave CSV cells that a spreadsheet takes for formulas as they are.")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Write to a file, which is complete or not there; .gz compresses. - is stdout.",
)
@connection_options
def list_records(info: EntitySetInfo, conditions: Conditions, connection: Connection, **given: Any) -> None:
    """Hand everything over to `Listing`."""
    from moveworks.cli.listing import Listing

    Listing(info=info, conditions=conditions, connection=connection, **given).run()


@click.command("count", help="Count the records of ENTITY, by the service's own count.")
@entity_set_argument()
@condition_options
@connection_options
def count_records(info: EntitySetInfo, conditions: Conditions, connection: Connection) -> None:
    """Print one number."""
    condition = conditions.condition(info)
    for warning in conditions.warnings(info):
        connection.notes.say(f"note: {warning}")
    with connection.client() as mw:
        click.echo(mw.records[info.name].count(filter=condition))


@click.command("fields", help="Show the fields of ENTITY with their kinds; without it, all entity sets. Sends nothing.")
@entity_set_argument(required=False)
@click.option("--format", "form", type=click.Choice(("table", "json")), help="[default: table]")
def show_fields(info: EntitySetInfo | None, form: str | None) -> None:
    """Print the catalogue."""
    import json

    from moveworks_export.entities import ENTITY_SETS

    title: tuple[str, ...]
    rows: list[tuple[str, ...]]
    if info is None:
        title = ("entity set", "what it holds")
        rows = [(each.name, each.doc) for each in ENTITY_SETS.values()]
    else:
        title = ("field", "kind", "meaning")
        rows = list(_described(info.entity.fields()))
    if form == "json":
        click.echo(json.dumps([dict(zip(title, row, strict=True)) for row in rows], ensure_ascii=False, indent=2))
        return
    from moveworks.cli.table import print_table

    print_table(title, rows)


def _described(fields: Mapping[str, Field], prefix: str = "") -> Iterator[tuple[str, ...]]:
    from moveworks.odata import CollectionField, ObjectField

    for name, field in fields.items():
        kind = str(field.kind)
        if isinstance(field, CollectionField):
            kind = f"collection of {field.item.kind}"
        known = f"Known values: {', '.join(map(str, field.values))}." if field.values else ""
        yield prefix + name, kind, " ".join(filter(None, (field.doc, known)))
        inner = field.item if isinstance(field, CollectionField) else field
        if isinstance(inner, ObjectField):
            yield from _described(inner.fields(), f"{prefix}{name}/")

"""Which records are meant: an entity set, conditions, and how the options become a query."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

import click
from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.shell_completion import CompletionItem

    from moveworks.odata import Condition, EntitySetInfo


def entity_set_argument(*, required: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the argument ENTITY, such as `plugin-calls`; the command gets its entry of the catalogue as `info`."""
    return click.argument(
        "info",
        metavar="ENTITY" if required else "[ENTITY]",
        required=required,
        callback=_entity_set,
        shell_complete=_names,
    )


def _entity_set(ctx: click.Context, param: click.Parameter, value: str | None) -> EntitySetInfo | None:
    from moveworks.records.namespace import find_entity_set

    if value is None:
        return None
    try:
        return find_entity_set(value)
    except KeyError as error:
        raise click.BadParameter(error.args[0], ctx=ctx, param=param) from None


def _names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names that begin so, for the shell."""
    del ctx, param
    from click.shell_completion import CompletionItem

    from moveworks_export.entities import ENTITY_SETS

    return [CompletionItem(name, help=info.doc) for name, info in ENTITY_SETS.items() if name.startswith(incomplete)]


@frozen(kw_only=True)
class Conditions:
    """`--filter` and `--since`, as they were given."""

    filter: str | None
    since: str | None
    since_field: str | None
    unchecked: bool

    @property
    def given(self) -> list[str]:
        """The options that say which records are meant."""
        return [name for name, value in {"--filter": self.filter, "--since": self.since}.items() if value is not None]

    def condition(self, info: EntitySetInfo) -> Condition | None:
        """Both as one condition.

        Raises:
            click.UsageError: if one of them cannot be read; nothing was sent then.
        """
        from moveworks.cli.since import moment, since_condition

        if self.since_field is not None and self.since is None:
            raise click.UsageError("--since-field says nothing without --since")
        try:
            filtered = self._filtered(info)
            if self.since is None:
                return filtered
            recent = since_condition(info.entity, moment(self.since), self.since_field)
            return recent if filtered is None else filtered & recent
        except (TypeError, ValueError) as error:
            raise click.UsageError(str(error)) from None

    def _filtered(self, info: EntitySetInfo) -> Condition | None:
        from moveworks import odata
        from moveworks.odata.nodes import Raw

        if self.filter is None:
            return None
        if not self.filter.strip():
            raise click.UsageError("--filter is empty; leave it out to read all records")
        if self.unchecked:
            return odata.Predicate(Raw((self.filter,)))
        return odata.parse(self.filter, info.entity)


def condition_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say which records are meant; the command gets `Conditions`."""

    @click.option("--filter", "filter_text", metavar="ODATA", help="Condition, such as \"actor eq 'user'\".")
    @click.option("--since", metavar="WHEN", help="From then on: 24h, 7d, 2026-11-01, or a time (UTC).")
    @click.option("--since-field", metavar="FIELD", help="The time that --since is about. [default: created_time]")
    @click.option("--no-check", is_flag=True, help="Send OData text as it is, though it is not understood here.")
    @wraps(command)
    def wrapped(
        *, filter_text: str | None, since: str | None, since_field: str | None, no_check: bool, **options: Any
    ) -> Any:
        conditions = Conditions(filter=filter_text, since=since, since_field=since_field, unchecked=no_check)
        return command(conditions=conditions, **options)

    return wrapped

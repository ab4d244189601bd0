"""Which records are meant: an entity set, conditions, and how the options become a query."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

import click
from attrs import frozen

from moveworks.cli.clock import current_time

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from click.shell_completion import CompletionItem

    from moveworks.cli.since import Window
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
    """`--filter`, `--since` and `--until`, as they were given.

    Attributes:
        now: The present, which they may count from.
    """

    filter: str | None
    since: str | None
    until: str | None
    since_field: str | None
    unchecked: bool
    now: datetime

    @property
    def given(self) -> list[str]:
        """The options that say which records are meant."""
        options = {"--filter": self.filter, "--since": self.since, "--until": self.until}
        return [name for name, value in options.items() if value is not None]

    def condition(self, info: EntitySetInfo) -> Condition | None:
        """All of them as one condition.

        Raises:
            click.UsageError: if one of them cannot be read; nothing was sent then.
        """
        try:
            filtered, window = self._filtered(info), self._window(info)
            if window is None:
                return filtered
            return window.condition if filtered is None else filtered & window.condition
        except (TypeError, ValueError) as error:
            raise click.UsageError(str(error)) from None

    def warnings(self, info: EntitySetInfo) -> list[str]:
        """What the window of time cannot see."""
        window = self._window(info)
        return [] if window is None else list(window.warnings())

    def _window(self, info: EntitySetInfo) -> Window | None:
        from moveworks.cli.since import Window, moment, time_field

        if self.since is None and self.until is None:
            if self.since_field is not None:
                raise click.UsageError("--since-field says nothing without --since or --until")
            return None
        return Window(
            field=time_field(info.entity, self.since_field),
            since=None if self.since is None else moment(self.since, self.now),
            until=None if self.until is None else moment(self.until, self.now),
            now=self.now,
        )

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
    @click.option("--since", metavar="WHEN", help="From then on: 3d, 36h, yesterday, 2026-11-01, or a time (UTC).")
    @click.option("--until", metavar="WHEN", help="Before then, as --since: today, 2026-12-01, or a time (UTC).")
    @click.option(
        "--since-field",
        metavar="FIELD",
        help="The time that both are about. Records arrive 6 to 42 hours after created_time, so a window of that "
        "misses what is late. [default: last_updated_time, when a record was written]",
    )
    @click.option("--no-check", is_flag=True, help="Send --filter and --order-by as they are, though not understood.")
    @wraps(command)
    def wrapped(
        *,
        filter_text: str | None,
        since: str | None,
        until: str | None,
        since_field: str | None,
        no_check: bool,
        **options: Any,
    ) -> Any:
        conditions = Conditions(
            filter=filter_text,
            since=since,
            until=until,
            since_field=since_field,
            unchecked=no_check,
            now=current_time(),
        )
        return command(conditions=conditions, **options)

    return wrapped

"""Options that every command with a connection has, and the client they make."""

from __future__ import annotations

import time
from functools import wraps
from typing import TYPE_CHECKING, Any

import click
from attrs import frozen

from moveworks.cli.notes import Notes

if TYPE_CHECKING:
    from collections.abc import Callable

    from moveworks import Moveworks


@frozen(kw_only=True)
class Connection:
    """Where the service is and how patient to be; credentials come from the environment alone."""

    region: str | None
    base_url: str | None
    timeout: float | None
    attempts: int | None
    notes: Notes

    def client(self, **settings: Any) -> Moveworks:
        """A client of the service; the options that are given win over these settings.

        Raises:
            ConfigurationError: if a setting or a credential is missing or contradictory.
        """
        from moveworks import Moveworks

        options = {
            "region": self.region,
            "base_url": self.base_url,
            "timeout": self.timeout,
            "attempts": self.attempts,
        }
        given = {name: value for name, value in options.items() if value is not None}
        return Moveworks.from_env(**{"on_retry": self.notes.retry, **settings, **given})

    def arguments(self) -> list[str]:
        """The options that say where the service is, as they are written on a command line."""
        given = {"--region": self.region, "--base-url": self.base_url}
        return [word for name, value in given.items() if value is not None for word in (name, value)]


def connection_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options to a command, which gets a `Connection` for them."""

    @click.option("--region", metavar="NAME", help="Region of the service, such as us or eu. [MOVEWORKS_REGION]")
    @click.option("--base-url", metavar="ORIGIN", help="Any other address: https://host. [MOVEWORKS_BASE_URL]")
    @click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        metavar="SECONDS",
        help="For connecting and for each read. [default: 60]",
    )
    @click.option(
        "--attempts",
        type=click.IntRange(min=1),
        metavar="N",
        help="How often a request is sent at most. [default: 6]",
    )
    @click.option("-q", "--quiet", is_flag=True, help="No progress and no notes on stderr, only errors.")
    @click.option("-v", "--verbose", is_flag=True, help="Log requests to stderr; show where an error came from.")
    @wraps(command)
    def wrapped(
        *,
        region: str | None,
        base_url: str | None,
        timeout: float | None,
        attempts: int | None,
        quiet: bool,
        verbose: bool,
        **options: Any,
    ) -> Any:
        if region is not None and base_url is not None:
            raise click.UsageError("--region and --base-url are both given; give one of them")
        if verbose:
            _log_to_stderr(click.get_current_context())
        connection = Connection(
            region=region, base_url=base_url, timeout=timeout, attempts=attempts, notes=Notes(quiet=quiet)
        )
        return command(connection=connection, **options)

    return wrapped


def _log_to_stderr(ctx: click.Context) -> None:
    import logging

    ctx.meta["moveworks.traceback"] = True
    log = logging.getLogger("moveworks")
    handler = logging.StreamHandler()
    stamps = logging.Formatter("%(asctime)s.%(msecs)03dZ %(message)s", "%Y-%m-%dT%H:%M:%S")
    stamps.converter = time.gmtime
    handler.setFormatter(stamps)
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)

    def restore() -> None:
        log.removeHandler(handler)
        log.setLevel(level)

    ctx.call_on_close(restore)

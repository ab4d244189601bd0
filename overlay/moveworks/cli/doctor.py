"""`moveworks doctor`: what works, what does not, and what to do about it."""

from __future__ import annotations

import json
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import click
from attrs import asdict, frozen

from moveworks.cli.clock import current_time
from moveworks.cli.connection import connection_options
from moveworks.cli.exits import ExitCode, exit_code
from moveworks.errors import (
    AuthenticationError,
    ConfigurationError,
    MoveworksError,
    NotFoundError,
    PermissionDeniedError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from moveworks import Moveworks
    from moveworks.cli.connection import Connection
    from moveworks.transport.events import ResponseEvent

MAX_SKEW: Final = 30.0
"""Seconds that clocks may differ before tokens and time filters suffer."""
STYLES: Final = {"ok": "green", "failed": "bold red", "skipped": "yellow"}


@frozen(kw_only=True)
class Finding:
    """One check.

    Attributes:
        check: What was checked.
        state: `ok`, `failed` or `skipped`.
        detail: What was found.
        advice: What to do.
        code: Exit code that a failure stands for.
    """

    check: str
    state: str
    detail: str
    advice: str = ""
    code: ExitCode = ExitCode.DONE


@click.command(
    help="Check address, clock, each credential and the scope of each entity set, and say what to do.\n\nChanges "
    "nothing. The exit code is that of the first failure. Without --attempts, a request is sent twice at most."
)
@click.option("--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True)
@connection_options
def doctor(form: str, connection: Connection) -> None:
    """Print the findings."""
    findings = examine(connection)
    if form == "json":
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        from moveworks.cli.table import print_table

        rows = [(f.check, f.state, f.detail + (f"\n-> {f.advice}" if f.advice else "")) for f in findings]
        print_table(("check", "state", "what was found, and what to do"), rows, styles=STYLES)
    raise click.exceptions.Exit(next((f.code for f in findings if f.state == "failed"), ExitCode.DONE))


def examine(connection: Connection) -> list[Finding]:
    """Run all checks; the ones that others depend on stand first."""
    heard: list[tuple[float, ResponseEvent]] = []

    def hear(event: ResponseEvent) -> None:
        heard.append((current_time().timestamp(), event))

    try:
        mw = connection.client(attempts=2, total_timeout=30.0, on_retry=None, on_response=hear)
    except ConfigurationError as error:
        return [_failed("settings", error)]
    with mw:
        found = [*_records(mw), _assistant(mw)]
        settings = Finding(check="settings", state="ok", detail=repr(mw))
    return [settings, _address(heard), _clock(heard), *found]


def _address(heard: list[tuple[float, ResponseEvent]]) -> Finding:
    if not heard:
        advice = "See the failures below; check name, network and proxy"
        detail = "nothing answered"
        return Finding(check="address", state="failed", detail=detail, advice=advice, code=ExitCode.UNAVAILABLE)
    event = heard[0][1]
    url = urlsplit(event.url)
    return Finding(check="address", state="ok", detail=f"{url.scheme}://{url.netloc} answered in {event.elapsed:.2f} s")


def _records(mw: Moveworks) -> Iterator[Finding]:
    try:
        namespace = mw.records
    except ConfigurationError as error:
        yield Finding(check="records", state="skipped", detail=error.message, advice=error.advice)
        return
    for name in namespace.names():
        finding = _check(f"records/{name}", namespace[name].list(top=1, raw=True).first)
        yield finding
        if finding.code not in {ExitCode.DONE, ExitCode.PERMISSION, ExitCode.NOT_FOUND}:
            # Network and credential are the same for all of them.
            return


def _check(check: str, call: Callable[[], Any]) -> Finding:
    try:
        call()
    except PermissionDeniedError as error:
        return _failed(check, error, "no scope (403)", "Have the administrator add this entity set to the credential")
    except AuthenticationError as error:
        return _failed(
            check, error, "the credential is refused (401)", "Check the key or client secret, and the region"
        )
    except MoveworksError as error:
        return _failed(check, error)
    return Finding(check=check, state="ok", detail="readable")


def _assistant(mw: Moveworks) -> Finding:
    check = "assistant"
    try:
        mw.assistant.conversations.get("conv_doctor")
    except ConfigurationError as error:
        return Finding(check=check, state="skipped", detail=error.message, advice=error.advice)
    except NotFoundError as error:
        if not error.code:
            return _failed(check, error, "404, and not in the words of this API", "Check the region or the base URL")
        # There is no such conversation. What a wrong name of the assistant looks like, nobody documents.
        detail = (
            f"the token is accepted; asked for a conversation that does not exist, the service says {error.message!r}. "
            "If that is about the assistant, its name is wrong"
        )
        return Finding(check=check, state="ok", detail=detail)
    except AuthenticationError as error:
        return _failed(check, error, "the token is refused (401)", "Get a new token for this user")
    except MoveworksError as error:
        return _failed(check, error)
    return Finding(check=check, state="ok", detail="the token is accepted")


def _clock(heard: list[tuple[float, ResponseEvent]]) -> Finding:
    for moment, event in heard:
        try:
            skew = moment - parsedate_to_datetime(event.date or "").timestamp()
        except (TypeError, ValueError):
            continue
        if abs(skew) <= MAX_SKEW:
            return Finding(check="clock", state="ok", detail=f"within {max(1, abs(skew)):.0f} s of the service's")
        detail = f"{abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} the service's clock"
        advice = "Set this machine's clock: tokens and --since depend on it"
        return Finding(check="clock", state="failed", detail=detail, advice=advice, code=ExitCode.CREDENTIAL)
    return Finding(check="clock", state="skipped", detail="no answer told the service's time")


def _failed(check: str, error: MoveworksError, detail: str = "", advice: str = "") -> Finding:
    detail = detail or error.message
    if error.request_id:
        detail += f" [trace id {error.request_id}]"
    return Finding(check=check, state="failed", detail=detail, advice=advice or error.advice, code=exit_code(error))

"""`moveworks doctor`: what works, what does not, and what to do about it."""

from __future__ import annotations

import json
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

import click
from attrs import asdict, frozen

from moveworks.errors import (
    AuthenticationError,
    ConfigurationError,
    MoveworksError,
    NotFoundError,
    PermissionDeniedError,
)
from moveworks.regions import resolve_origin

if TYPE_CHECKING:
    from moveworks.client import Moveworks

MOST_SKEW: Final = 30.0
"""Seconds that clocks may differ before tokens and time filters suffer."""


@frozen
class Finding:
    """One check: `ok`, `failed` or `skipped`, and what to do."""

    check: str
    state: str
    detail: str
    advice: str = ""


def examine(mw: Moveworks) -> list[Finding]:
    """Run all checks; none of them changes anything, and none raises."""
    return [_address(mw), *_records(mw), _assistant(mw)]


def show(findings: list[Finding], kind: str) -> None:
    """Print findings on stdout."""
    if kind == "json":
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
        return
    marks = {"ok": ("ok", "green"), "failed": ("FAILED", "red"), "skipped": ("skipped", "yellow")}
    width = max(len(finding.check) for finding in findings)
    for finding in findings:
        text, colour = marks[finding.state]
        click.echo(f"{click.style(text.ljust(8), fg=colour)} {finding.check.ljust(width)}  {finding.detail}")
        if finding.advice:
            click.echo(f"{'':8} {'':{width}}  -> {finding.advice}")


def _address(mw: Moveworks) -> Finding:
    """Whether the host answers at all, and what its clock says."""
    import httpx

    origin = resolve_origin("records", mw._region, mw._base_url)  # noqa: SLF001 - of this package
    try:
        with httpx.Client(timeout=10.0, follow_redirects=False) as client:
            answer = client.get(origin)
    except httpx.HTTPError as error:
        return Finding(
            "address", "failed", f"{origin}: {type(error).__name__}", "Check the network, the proxy and the name"
        )
    skew = _skew(answer.headers.get("date"))
    if skew is not None and abs(skew) > MOST_SKEW:
        return Finding("address", "failed", f"{origin}: this clock is {skew:+.0f} s off", "Set this machine's clock")
    return Finding("address", "ok", origin + ("" if skew is None else f", clocks differ by {abs(skew):.0f} s"))


def _records(mw: Moveworks) -> list[Finding]:
    findings: list[Finding] = []
    try:
        namespace: Any = mw.records
    except ConfigurationError as error:
        return [Finding("records", "skipped", error.message, error.advice)]
    for name in namespace.names():
        check = f"records/{name}"
        try:
            namespace[name].list(top=1, raw=True).first()
            findings.append(Finding(check, "ok", "readable"))
        except PermissionDeniedError:
            findings.append(
                Finding(check, "failed", "no scope (403)", "Ask the administrator for this entity set's scope")
            )
        except AuthenticationError:
            detail = "the credential is refused (401)"
            return [*findings, Finding(check, "failed", detail, "Check key or client secret, and the region")]
        except MoveworksError as error:
            findings.append(Finding(check, "failed", error.message, error.advice))
    return findings


def _assistant(mw: Moveworks) -> Finding:
    try:
        mw.assistant.conversations.get("conv_doctor")
    except ConfigurationError as error:
        return Finding("assistant", "skipped", error.message, error.advice)
    except NotFoundError:
        # There is no such conversation; a wrong assistant name looks the same to a client.
        return Finding(
            "assistant", "ok", "the token is accepted; the assistant's name cannot be told from a missing id"
        )
    except AuthenticationError:
        return Finding("assistant", "failed", "the token is refused (401)", "Get a new token for this user")
    except MoveworksError as error:
        return Finding("assistant", "failed", error.message, error.advice)
    return Finding("assistant", "ok", "the token is accepted")


def _skew(date: str | None) -> float | None:
    try:
        return time.time() - parsedate_to_datetime(date).timestamp() if date else None
    except (TypeError, ValueError):
        return None

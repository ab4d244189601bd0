"""Exit codes, and errors in a few lines: what happened, which request, what to do, trace id."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

import click

from moveworks.cli.terminal import visible
from moveworks.errors import (
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
    MoveworksError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
)


class ExitCode(IntEnum):
    """What the command's exit code means; also listed in `moveworks --help` and docs/cli.md."""

    DONE = 0
    UNEXPECTED = 1
    USAGE = 2
    CREDENTIAL = 3
    PERMISSION = 4
    NOT_FOUND = 5
    RATE_LIMIT = 6
    UNAVAILABLE = 7
    NOT_VERIFIED = 8
    DRIFT = 9
    HUNG_UP = 129
    INTERRUPTED = 130
    BROKEN_PIPE = 141
    TERMINATED = 143


# Subclasses stand before their parents.
CODES: Final[tuple[tuple[type[Exception], ExitCode], ...]] = (
    (BadRequestError, ExitCode.USAGE),
    (AuthenticationError, ExitCode.CREDENTIAL),
    (ConfigurationError, ExitCode.CREDENTIAL),
    (PermissionDeniedError, ExitCode.PERMISSION),
    (NotFoundError, ExitCode.NOT_FOUND),
    (RateLimitError, ExitCode.RATE_LIMIT),
    (MoveworksError, ExitCode.UNAVAILABLE),
)


def exit_code(error: Exception) -> ExitCode:
    """The exit code of an error."""
    return next((code for kind, code in CODES if isinstance(error, kind)), ExitCode.UNEXPECTED)


def report(error: Exception) -> None:
    """Write an error to stderr in a few lines, without a traceback and without record text."""
    for line in lines(error):
        click.echo(visible(line), err=True)


def lines(error: Exception) -> list[str]:
    """The lines of `report`."""
    if isinstance(error, MoveworksError):
        found = [f"error: {error.message}"]
        if error.code:
            found[0] += f" ({error.code})"
        if error.url:
            tried = f", tried {error.attempts} times" if error.attempts and error.attempts > 1 else ""
            found.append(f"  request:    {error.method} {error.url}{tried}")
        if error.advice:
            found.append(f"  what to do: {error.advice}")
        if error.request_id:
            found.append(f"  trace id:   {error.request_id}")
        return found
    if isinstance(error, OSError) and error.strerror:
        # Requests have errors of their own, so this is about a file, or about stdout if it has no name.
        return [f"error: {error.filename or 'the output cannot be written'}: {error.strerror}"]
    # Its text may hold what a record says, so only its kind is shown.
    return [f"error: unexpected {type(error).__name__}", "  what to do: run it again with --verbose, and report it"]

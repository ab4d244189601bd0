"""Exit codes, and how an error becomes one."""

from __future__ import annotations

from typing import Final

from moveworks import errors

OK, UNEXPECTED, USAGE, CONFIGURATION, DENIED, NOT_FOUND, RATE_LIMIT, INCOMPLETE, INTERRUPTED = (
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    130,
)

MEANINGS: Final[dict[int, str]] = {
    OK: "everything was done",
    UNEXPECTED: "an error of this program; please report it",
    USAGE: "wrong option, unknown entity set, or a filter that cannot be read",
    CONFIGURATION: "no or contradictory settings, or a credential that is refused (401)",
    DENIED: "the credential has no scope for this (403)",
    NOT_FOUND: "nothing with this id or at this address (404)",
    RATE_LIMIT: "rate limit, after all attempts (429)",
    INCOMPLETE: "the service or the network failed, or its answer cannot be used; what was written is not complete",
    INTERRUPTED: "interrupted with Ctrl-C",
}


def exit_code(error: errors.MoveworksError) -> int:
    """The exit code for an error."""
    match error:
        case errors.ConfigurationError() | errors.AuthenticationError():
            return CONFIGURATION
        case errors.PermissionDeniedError():
            return DENIED
        case errors.NotFoundError():
            return NOT_FOUND
        case errors.RateLimitError():
            return RATE_LIMIT
        case errors.BadRequestError():
            return USAGE
        case _:
            return INCOMPLETE

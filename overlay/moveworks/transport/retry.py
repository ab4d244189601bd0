"""When a request is sent again, and after how long: one table."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

BACKOFF_FIRST: Final = 0.5
BACKOFF_MAX: Final = 20.0

# Condition -> what is done. What Retry-After says comes first; else `wait` is `backoff` (exponential,
# with jitter) or `rate limit` (the request's own). A request that is not repeatable is sent again only
# where nothing can have been processed. What is not in the table cannot change by itself.
#
#   condition                          wait          also if not repeatable
RETRIES: Final[Mapping[str, tuple[str, bool]]] = {
    "408": ("backoff", False),  # the service waited in vain for the request
    "425": ("backoff", True),  # refused before it was processed (RFC 8470, section 5.2)
    "429": ("rate limit", True),
    "5xx": ("backoff", False),  # with Retry-After where it is given; but for those below
    "connection refused or never made": ("backoff", True),
    "connection lost": ("backoff", False),
    "answer cut short": ("backoff", False),
    "success that cannot be read": ("backoff", False),
}
LASTING: Final = frozenset({501, 505, 506, 508, 510, 511})
"""Failures of the service that another attempt does not change (RFC 9110, 2295, 5842, 2774, 6585)."""


@frozen
class Failure:
    """No complete answer came.

    Attributes:
        condition: One of the table, or one that lasts.
        reason: What happened, safe to show.
        advice: What to do about it.
    """

    condition: str
    reason: str
    advice: str = "Check the base URL, the network and any proxy"


OVERDUE: Final = Failure("overdue", "")
"""The deadline came first."""
UNSENDABLE: Final = Failure(
    "request that cannot be sent",
    "the URL or a header is not valid",
    "Shorten the query; odata.split_in() makes several out of one with a long in_([...])",
)

CERTIFICATE_ADVICE: Final = (
    "Where a company's proxy or server has a certificate of its own, set SSL_CERT_FILE to the file of "
    "its authority, or give verify=ssl.create_default_context(cafile=...)"
)
NOT_CONNECTED: Final = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError"})
CUT_SHORT: Final = frozenset({"RemoteProtocolError", "UnreadableError", "DecodingError"})
NOT_SENT: Final = frozenset({"InvalidURL", "UnsupportedProtocol", "LocalProtocolError"})


def failure(error: Exception) -> Failure:
    """What an error of httpcore, httpx or the operating system means.

    Of its own text only why no connection was made is kept, since others may hold a query.
    """
    kinds = {kind.__name__ for kind in type(error).__mro__}
    text = str(error)
    if "TimeoutError" in kinds and "OSError" in kinds and not text:
        return OVERDUE
    if "[SSL" in text and "EOF" not in text:
        # The text is OpenSSL's own. Nothing of it changes by itself.
        return Failure("no secure connection", text[:200], CERTIFICATE_ADVICE)
    if "ProxyError" in kinds and text[:1] == "4":
        advice = "Check user name and password in the URL of the proxy, and whether it lets this host through"
        return Failure("the proxy refuses", text[:100], advice)
    if kinds & NOT_CONNECTED:
        reason = text if "ConnectError" in kinds else type(error).__name__
        return Failure("connection refused or never made", reason[:200] or type(error).__name__)
    if kinds & CUT_SHORT:
        reason = "the body ended early or is not what its headers say"
        return Failure("answer cut short", reason)
    if kinds & NOT_SENT:
        return UNSENDABLE
    return Failure("connection lost", type(error).__name__)


def rule(condition: str | int) -> tuple[str, bool] | None:
    """The row of the table for a condition or a status; None if another attempt would change nothing."""
    if isinstance(condition, int):
        if condition >= 500 and condition not in LASTING:
            return RETRIES["5xx"]
        return RETRIES.get(str(condition))
    return RETRIES.get(condition)


def wait_before(attempt: int, said: float | None, otherwise: float | None, uniform: float) -> float:
    """Seconds to wait before another attempt.

    Args:
        attempt: Number of attempts so far, from 1.
        said: What the service asks for, if it does. Less than half a second is no pace: then the
            backoff counts as well.
        otherwise: What is waited where nothing is said; None for the backoff.
        uniform: A random number from 0 to 1.
    """
    if said is None and otherwise is not None:
        return otherwise
    if said is not None and said >= BACKOFF_FIRST:
        return said
    return max(said or 0.0, backoff(attempt, uniform))


def backoff(attempt: int, uniform: float) -> float:
    """Seconds to wait after the attempt of this number: twice as long each time, at most 20.

    Args:
        attempt: Number of attempts so far, from 1.
        uniform: A random number from 0 to 1, which spreads those who wait.
    """
    longest: float = min(BACKOFF_MAX, BACKOFF_FIRST * 2 ** min(attempt - 1, 10))
    return longest / 4 + uniform * (longest - longest / 4)


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds to wait: `retry-after-ms`, or `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3).

    A date is compared with the answer's own `Date`, since the clocks of two machines differ. None if
    nothing usable is said, and 0 for a date that has passed.
    """
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    said = headers.get("retry-after")
    if said is None or (seconds := _number(said)) is not None:
        return None if said is None else seconds
    until = _moment(said)
    if until is None:
        return None
    sent = _moment(headers.get("date"))
    return max(0.0, until - (now if sent is None else sent))


def _moment(text: str | None) -> float | None:
    """Seconds since 1970 of an HTTP date; one without a zone is in UTC, as all are (section 5.6.7)."""
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(text) if text else None
    except (TypeError, ValueError, OverflowError):
        return None
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _number(text: str | None) -> float | None:
    try:
        value = float(text) if text is not None else None
    except ValueError:
        return None
    return value if value is not None and 0 <= value < float("inf") else None

"""One request with its retries, without any I/O: what to do after each attempt."""

from __future__ import annotations

import random
import re
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import msgspec
from attrs import field, frozen

from moveworks.errors import DeadlineError, MoveworksError, RateLimitError, ResponseError, TransportError, error_class

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TRACE_HEADER: Final = "x-moveworks-root-uuid"
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
BACKOFF_FIRST: Final = 0.5
BACKOFF_MOST: Final = 20.0


@frozen(kw_only=True)
class Request:
    """What to send.

    Attributes:
        method: HTTP method.
        url: Finished absolute address, sent byte for byte.
        operation: operationId, for logs and errors.
        headers: Further headers.
        content: Body.
        idempotent: Whether it may be sent again after it may have been processed; by default, whether it is a GET.
        rate_limit_wait: Seconds to wait after a 429 that does not say how long.
        advice: Added to the advice of errors by status, where more is known than the status.
        authenticated: Whether the credential goes with it.
    """

    method: str
    url: str = field(repr=False)
    operation: str = ""
    headers: Mapping[str, str] = field(factory=dict, repr=False)
    content: bytes | None = field(default=None, repr=False)
    idempotent: bool | None = None
    rate_limit_wait: float = 60.0
    advice: Mapping[int, str] = field(factory=dict, repr=False)
    authenticated: bool = True

    @property
    def repeatable(self) -> bool:
        """Whether it may be sent again although the service may have processed it."""
        return self.method in {"GET", "HEAD"} if self.idempotent is None else self.idempotent


@frozen(kw_only=True)
class Reply:
    """A complete answer with a success status.

    Attributes:
        status: HTTP status.
        url: Address that was asked.
        headers: Names in lower case.
        content: The body.
        data: The body decoded from JSON; None if it is empty.
        request_id: The trace id.
        attempts: How often the request was sent.
    """

    status: int
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    data: Any = field(repr=False)
    request_id: str | None
    attempts: int


@frozen(kw_only=True)
class Answer:
    """What came over the wire, whatever its status."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)


@frozen(kw_only=True)
class Retry:
    """Wait this many seconds, then send again."""

    wait: float
    reason: str


class IncompleteError(Exception):
    """The answer broke off, or grew beyond the limit; the text is safe to show."""


# Condition -> what is done. `wait` is `backoff` (exponential, with jitter), or `rate limit` (what Retry-After says,
# else the request's own). A request that is not repeatable is sent again only where nothing can have been processed.
#
#   condition                                     wait          also if not repeatable
RETRIES: Final[Mapping[str, tuple[str, bool]]] = {
    "429": ("rate limit", True),
    "500": ("backoff", False),
    "502": ("backoff", False),
    "503": ("rate limit or backoff", False),
    "504": ("backoff", False),
    "connection refused or never made": ("backoff", True),
    "connection lost": ("backoff", False),
    "answer cut short": ("backoff", False),
    "success that is not JSON": ("backoff", False),
}


class Exchange:
    """Decides after every attempt: done, again after a wait, or an error."""

    def __init__(
        self,
        request: Request,
        *,
        attempts: int,
        total_timeout: float,
        longest_wait: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.request = request
        self.sent = 0
        self.request_id: str | None = None
        self.secret: str | None = None
        self._attempts = attempts
        self._longest_wait = longest_wait
        self._clock = clock
        self._total = total_timeout
        self._deadline = clock() + total_timeout

    def remaining(self) -> float:
        """Seconds that are left for everything.

        Raises:
            DeadlineError: if none is.
        """
        left = self._deadline - self._clock()
        if left <= 0:
            raise self.error(
                DeadlineError, f"no complete answer within {self._total:g} s", advice="Raise total_timeout"
            )
        return left

    def heard(self, answer: Answer) -> None:
        """Keep the trace id of an answer, so that whatever is told of this exchange has it."""
        self.request_id = _header(answer.headers, TRACE_HEADER) or self.request_id

    def answered(self, answer: Answer) -> Reply | Retry:
        """What an answer means.

        Raises:
            MoveworksError: if it is an error that no further attempt will change.
        """
        if 200 <= answer.status < 300:
            try:
                content = answer.content.removeprefix(BYTE_ORDER_MARK)
                data = msgspec.json.decode(content) if content.strip() else None
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                error = self.error(
                    ResponseError,
                    f"the answer with status {answer.status} is not JSON ({_kind(answer)})",
                    status=answer.status,
                    advice="A proxy or a login page between you and the service is the usual reason",
                )
                return self._again("success that is not JSON", error)
            return Reply(
                status=answer.status,
                url=self.request.url,
                headers=answer.headers,
                content=answer.content,
                data=data,
                request_id=self.request_id,
                attempts=self.sent,
            )
        error = self._status_error(answer)
        if str(answer.status) not in RETRIES:
            raise error
        wait = retry_after(answer.headers)
        if isinstance(error, RateLimitError):
            error.retry_after = wait
        return self._again(str(answer.status), error, wait)

    def failed(self, condition: str, reason: str) -> Retry:
        """What a failure without an answer means.

        Raises:
            TransportError: if it is not tried again.
        """
        error = self.error(
            TransportError, f"{condition}: {reason}", advice="Check the address, the network and any proxy"
        )
        return self._again(condition, error)

    def error(self, kind: type[MoveworksError], message: str, **facts: Any) -> MoveworksError:
        """An error that carries what is known of this exchange."""
        return kind(
            message,
            **{
                "method": self.request.method,
                "url": shown_url(self.request.url),
                "request_id": self.request_id,
                "attempts": self.sent,
                **facts,
            },
        )

    def _again(self, condition: str, error: MoveworksError, wait: float | None = None) -> Retry:
        rule, always = RETRIES[condition]
        if not (self.request.repeatable or always) or self.sent >= self._attempts:
            raise error
        if rule == "backoff" or (wait is None and rule != "rate limit"):
            most = min(BACKOFF_MOST, BACKOFF_FIRST * 2 ** min(self.sent - 1, 10))
            wait = random.uniform(most / 4, most)  # noqa: S311 - spreads load, keeps no secret
        elif wait is None:
            wait = self.request.rate_limit_wait
        if wait > self._longest_wait or self._clock() + wait >= self._deadline:
            raise error
        return Retry(wait=wait, reason=condition)

    def _status_error(self, answer: Answer) -> MoveworksError:
        kind = error_class(answer.status)
        code, message = (self._without_secret(text) for text in error_body(answer.content))
        advice = " ".join(filter(None, (self.request.advice.get(answer.status), ADVICE.get(answer.status))))
        text = f"{answer.status} {message or kind.__doc__.partition(': ')[2].rstrip('.') if kind.__doc__ else ''}"
        if 300 <= answer.status < 400:
            text = f"{answer.status} the service answered with a redirect that is not followed"
        return self.error(kind, text.strip(), status=answer.status, code=code, advice=advice)

    def _without_secret(self, text: str | None) -> str | None:
        """A service that echoes the credential must not put it into our errors."""
        for part in (self.secret or "").split():
            if text and len(part) > 6:
                text = text.replace(part, "***")
        return text


ADVICE: Final[Mapping[int, str]] = {
    400: "Check the filter; the service documents quoted UTC times and the operators gt ge lt le and",
    401: "Check the credential: it may be expired, revoked, or one of another API or region",
    403: "Scopes are given per entity set; ask the administrator for this one",
    404: "Check the region or base_url, and the names and ids in the request",
    429: "Send fewer requests, or wait",
}


def error_body(content: bytes) -> tuple[str | None, str | None]:
    """Code and message of an error answer: `{code, message}`, the same under `error`, or neither.

    Nothing else of a body is shown: it may be a page of a proxy, or hold what somebody wrote.
    """
    try:
        data = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None, None
    if isinstance(data, dict) and isinstance(data.get("error"), dict):
        data = data["error"]
    if not isinstance(data, dict):
        return None, None
    code, message = data.get("code"), data.get("message")
    return (
        _printable(str(code))[:80] if isinstance(code, str | int) and not isinstance(code, bool) else None,
        _printable(message)[:300] if isinstance(message, str) and message.strip() else None,
    )


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait: `retry-after-ms`, or `Retry-After` as seconds or as a date; None if it says nothing usable."""
    milliseconds = _number(_header(headers, "retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    given = _header(headers, "retry-after")
    seconds = _number(given)
    if seconds is not None or given is None:
        return seconds
    try:
        moment = parsedate_to_datetime(given).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None
    return max(0.0, moment - time.time())


def shown_url(url: str) -> str:
    """An address with the names of its query options but without their values: those may hold what somebody wrote."""
    parts = urlsplit(url)
    names = [re.sub(r"[^\w$.%-]", "", option.partition("=")[0])[:40] for option in parts.query.split("&") if option]
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}" + (f"?{'&'.join(f'{name}=…' for name in names)}" if names else "")


def _number(text: str | None) -> float | None:
    try:
        value = float(text) if text is not None else None
    except ValueError:
        return None
    return value if value is not None and 0 <= value < float("inf") else None


def _header(headers: Mapping[str, str], name: str) -> str | None:
    return headers.get(name)


def _kind(answer: Answer) -> str:
    kind = (_header(answer.headers, "content-type") or "no content type").partition(";")[0]
    return f"{_printable(kind)[:60]}, {len(answer.content)} bytes"


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)

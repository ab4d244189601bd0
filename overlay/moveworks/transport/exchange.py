"""One request with its retries, without any I/O: what to do after each attempt."""

from __future__ import annotations

import json
import random
import re
import time
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, Never
from urllib.parse import unquote_plus, urlsplit

import msgspec
from attrs import field, frozen

from moveworks.errors import DeadlineError, MoveworksError, RateLimitError, ResponseError, TransportError, error_class

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TRACE_HEADER: Final = "x-moveworks-root-uuid"
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
        secrets: What must not be shown although the service may echo it.
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
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @property
    def repeatable(self) -> bool:
        """Whether it may be sent again although the service may have processed it."""
        return self.method in {"GET", "HEAD"} if self.idempotent is None else self.idempotent


@frozen(kw_only=True)
class Reply:
    """A complete answer with a success status.

    Attributes:
        status: HTTP status.
        data: The body decoded from JSON; None if it is empty.
        request_id: The trace id.
        attempts: How often the request was sent.
    """

    status: int
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


@frozen
class Failure:
    """No complete answer came: one of the conditions below, and a reason that is safe to show."""

    condition: str
    reason: str


OVERDUE: Final = Failure("overdue", "")
"""The deadline came first."""


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
        self._secrets = [*request.secrets]
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
            raise self.overdue()
        return left

    def overdue(self) -> MoveworksError:
        """The error for a deadline that is over."""
        total = f"{self._total:.3g}"
        return self.error(DeadlineError, f"no complete answer within {total} s", advice="Raise total_timeout")

    def authorized(self, authorization: str) -> str:
        """Note what goes into the `Authorization` header, so that no error shows it."""
        self._secrets.append(authorization.removeprefix("Bearer "))
        return authorization

    def heard(self, answer: Answer) -> None:
        """Keep the trace id of an answer, so that whatever is told of this exchange has it."""
        self.request_id = self._told(answer.headers.get(TRACE_HEADER), 200) or self.request_id

    def outcome(self, result: Answer | Failure) -> Reply | Retry:
        """What an attempt comes to: the reply, or another attempt.

        Raises:
            MoveworksError: if no further attempt is made, or would change anything.
        """
        return self._answered(result) if isinstance(result, Answer) else self._failed(result)

    def _answered(self, answer: Answer) -> Reply | Retry:
        if answer.status == 206:
            raise self.error(ResponseError, "the answer is partial, and nobody asked for a part", status=206)
        if 200 <= answer.status < 300:
            data = None if answer.status in {204, 205} else decoded(answer.content)
            if data is UNREADABLE:
                error = self.error(
                    ResponseError,
                    f"the answer with status {answer.status} is not JSON ({self._kind(answer)})",
                    status=answer.status,
                    advice="A proxy or a login page between you and the service is the usual reason",
                )
                return self._again("success that is not JSON", error)
            return Reply(status=answer.status, data=data, request_id=self.request_id, attempts=self.sent)
        error = self._status_error(answer)
        if str(answer.status) not in RETRIES:
            raise error
        wait = retry_after(answer.headers)
        if isinstance(error, RateLimitError):
            error.retry_after = wait
        return self._again(str(answer.status), error, wait)

    def _failed(self, failure: Failure) -> Retry:
        if failure is OVERDUE or self._clock() >= self._deadline:
            raise self.overdue()
        error = self.error(
            TransportError,
            f"{failure.condition}: {failure.reason}",
            advice="Check the address, the network and any proxy",
        )
        return self._again(failure.condition, error)

    def error(self, kind: type[MoveworksError], message: str, **facts: Any) -> MoveworksError:
        """An error that carries what is known of this exchange, and nothing that is secret."""
        return kind(
            self._without_secret(message),
            **{
                "method": self.request.method,
                "url": shown_url(self.request.url),
                "request_id": self.request_id,
                "attempts": self.sent,
                **facts,
            },
        )

    def _again(self, condition: str, error: MoveworksError, wait: float | None = None) -> Retry:
        rule, always = RETRIES.get(condition, ("", False))
        if not rule or not (self.request.repeatable or always) or self.sent >= self._attempts:
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
        code, message = error_body(answer.content)
        code, message = self._told(code, 80), self._told(message, 300)
        if 300 <= answer.status < 400:
            message = "the service answered with a redirect that is not followed"
        meaning = (kind.__doc__ or "").partition("\n")[0].partition(": ")[2].rstrip(".")
        general = ADVICE.get(answer.status) if self.request.authenticated else None
        advice = " ".join(filter(None, (self.request.advice.get(answer.status), general)))
        text = f"{answer.status} {message or meaning or 'the service answered with an error'}"
        return self.error(kind, text, status=answer.status, code=code, advice=advice)

    def _kind(self, answer: Answer) -> str:
        kind = answer.headers.get("content-type", "").partition(";")[0]
        return f"{self._told(kind, 60) or 'no content type'}, {len(answer.content)} bytes"

    def _told(self, text: str | None, most: int) -> str | None:
        """What the service says, fit for an error: cut last, since half a secret is one that nobody recognises."""
        return _printable(self._without_secret(text))[:most] if text and text.strip() else None

    def _without_secret(self, text: str) -> str:
        """A service that echoes the credential, or a value of the query, must not put it into our errors."""
        literals = re.findall(r"'((?:[^']|'')+)'", unquote_plus(urlsplit(self.request.url).query))
        values = [literal.replace("''", "'") for literal in literals]
        for secret in sorted({*self._secrets, *literals, *values}, key=len, reverse=True):
            text = text.replace(secret, "***") if len(secret) > 3 else text
        return text


ADVICE: Final[Mapping[int, str]] = {
    400: "Check the filter; the service documents quoted UTC times and the operators gt ge lt le and",
    401: "Check the credential: it may be expired, revoked, or one of another API or region",
    403: "Scopes are given per entity set; ask the administrator for this one",
    404: "Check the region or base_url, and the names and ids in the request",
    429: "Send fewer requests, or wait",
}


UNREADABLE: Final = object()


def decoded(content: bytes) -> Any:
    """JSON as Python values; UNREADABLE if it is none."""
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    # msgspec is stricter than JSON: text cut within an emoji holds half of one (a lone surrogate), and must not make a
    # whole page unreadable. A byte order mark is read as well.
    try:
        return json.loads(content, parse_constant=_not_json)
    except (ValueError, RecursionError):
        return UNREADABLE


def error_body(content: bytes) -> tuple[str | None, str | None]:
    """Code and message of an error answer: `{code, message}`, the same under `error`, OAuth's own form, or neither.

    Nothing else of a body is shown: it may be a page of a proxy, or hold what somebody wrote.
    """
    data = decoded(content)
    if isinstance(data, dict) and isinstance(data.get("error"), dict):
        data = data["error"]
    if not isinstance(data, dict):
        return None, None
    # RFC 6749, section 5.2: a token endpoint answers {"error": "invalid_client", "error_description": "…"}.
    code, message = data.get("code", data.get("error")), data.get("message", data.get("error_description"))
    return (
        str(code) if isinstance(code, str | int) and not isinstance(code, bool) else None,
        message if isinstance(message, str) else None,
    )


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait: `retry-after-ms`, or `Retry-After` as seconds or as a date; None if it says nothing usable."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    given = headers.get("retry-after")
    seconds = _number(given)
    if seconds is not None or given is None:
        return seconds
    try:
        moment = parsedate_to_datetime(given)
        # A date without a zone is in UTC, as all dates of HTTP are (RFC 9110, section 5.6.7).
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, moment.timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return None


def shown_url(url: str) -> str:
    """An address with the names of its query options but without their values: those may hold what somebody wrote."""
    parts = urlsplit(url)
    options = [option.partition("=") for option in parts.query.split("&") if option]
    names = [re.sub(r"[^\w$.%-]", "", name)[:40] + "=" if equals else "" for name, equals, _ in options]
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}" + (f"?{'&'.join(f'{name}…' for name in names)}" if names else "")


def _number(text: str | None) -> float | None:
    try:
        value = float(text) if text is not None else None
    except ValueError:
        return None
    return value if value is not None and 0 <= value < float("inf") else None


def _not_json(constant: str) -> Never:
    raise ValueError(f"{constant} is not JSON")


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)

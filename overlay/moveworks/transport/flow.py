"""One exchange as a generator: it decides, and asks a driver for what is done outside of it.

It yields an effect and is sent what came of it: attempts, waits and calls of hooks. The two drivers,
blocking and async, are in `http`.
"""

from __future__ import annotations

import logging
import random
import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from attrs import field, frozen

from moveworks.errors import (
    ConfigurationError,
    DeadlineError,
    MoveworksError,
    RateLimitError,
    ResponseError,
    TransportError,
    UntrustedLinkError,
    error_class,
    meaning,
)
from moveworks.links import MAX_URL, Scope
from moveworks.transport.decoding import (
    CodingError,
    TooLargeError,
    UnexpectedBodyError,
    UnreadableError,
    read_json,
)
from moveworks.transport.events import RequestEvent, ResponseEvent, RetryEvent
from moveworks.transport.redact import error_text, redacted, shown_url
from moveworks.transport.retry import OVERDUE, UNSENDABLE, Failure, failure, retry_after, rule, wait_before

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from moveworks.links import Link
    from moveworks.transport.messages import Request
    from moveworks.transport.options import TransportOptions

log = logging.getLogger("moveworks")
TRACE_HEADERS: Final = ("x-moveworks-root-uuid", "x-trace-id")
"""Headers that hold the trace id, in the beta API and in its later generations."""
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
MAX_REDIRECTS: Final = 5
ADVICE: Final[Mapping[int, str]] = {
    400: "Check the filter; the service documents quoted UTC times and the operators gt ge lt le and",
    401: "Check the credential: it may be expired, revoked, or one of another API or region",
    403: "Scopes are given per entity set; ask the administrator for this one",
    404: "Check the region or base_url, and the names and ids in the request",
    429: "Send fewer requests, or wait",
}


@frozen(kw_only=True)
class Reply:
    """A complete answer with a success status.

    Attributes:
        status: HTTP status.
        data: What the request's `read` made of the body; None if there is none.
        request_id: The trace id.
        attempts: How often the request was sent.
    """

    status: int
    data: Any = field(repr=False)
    request_id: str | None
    attempts: int


class Answer(NamedTuple):
    """What came over the wire, whatever its status; `authorization` is what was sent for it."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    authorization: str | None

    def __repr__(self) -> str:
        return f"Answer({self.status}, {len(self.content)} bytes)"


class Attempt(NamedTuple):
    """Effect: send the request to a link, with another authorization than the rejected one.

    The driver answers with an `Answer`, with the error that it met, or with None if the credential
    has no other authorization. It notes the headers of an answer before it reads the body.
    """

    exchange: Exchange
    link: Link
    rejected: str | None

    def __repr__(self) -> str:
        return f"Attempt({self.link!r})"


class Pause(NamedTuple):
    """Effect: wait."""

    seconds: float


class Call(NamedTuple):
    """Effect: call a hook with an event."""

    hook: Callable[[Any], Any]
    event: Any


Effect = Attempt | Pause | Call
Result = Answer | Exception | None


def exchange(
    request: Request,
    options: TransportOptions,
    origin: str,
    *,
    limit: float | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Generator[Effect, Result, Reply]:
    """Send a request with its renewed token, its redirects and its retries; the value is the reply.

    Args:
        request: What to send.
        options: How often and how long.
        origin: The configured origin.
        limit: Seconds for everything, if it is less than `total_timeout`.
        clock: Seconds that never go back.

    Raises:
        MoveworksError: of the kind that fits what happened at the last attempt.
    """
    return (yield from Exchange(request, options, origin, limit, clock).run())


class Exchange:
    """What is known of a request while it is sent."""

    def __init__(
        self,
        request: Request,
        options: TransportOptions,
        origin: str,
        limit: float | None,
        clock: Callable[[], float],
    ) -> None:
        self.request = request
        self.options = options
        self.link = request.link
        self.sent = 0  # over the wire: also with a renewed token, and over redirects
        self._attempts = 0
        self.headers: Mapping[str, str] = {}  # of the last answer, known before its body
        self._origin = origin
        self._seconds = options.total_timeout if limit is None else min(limit, options.total_timeout)
        self._clock = clock
        self.deadline = clock() + self._seconds
        self._secrets = {*request.secrets}
        self._trace: str | None = None

    def remaining(self) -> float:
        """Seconds that are left for everything.

        Raises:
            DeadlineError: if none is.
        """
        left = self.deadline - self._clock()
        if left <= 0:
            raise self.overdue()
        return left

    def run(self) -> Generator[Effect, Result, Reply]:
        """The whole exchange."""
        request = self.request
        while True:
            result = yield from self._attempt()
            error: MoveworksError
            said: float | None = None
            condition: str | int
            if isinstance(result, Failure):
                condition, error = result.condition, self._failed(result)
            elif 200 <= result.status < 300:
                try:
                    data = self._read(result)
                except UnreadableError:
                    condition, error = "success that cannot be read", self._unreadable(result)
                else:
                    return Reply(status=result.status, data=data, request_id=self.trace_id, attempts=self.sent)
            else:
                condition, error = result.status, self._refused(result)
                said = retry_after(result.headers, time.time())
                if isinstance(error, RateLimitError):
                    error.retry_after = said
            pause = self._pause(condition, error, said)
            if self.options.on_retry is not None:
                yield Call(self.options.on_retry, self._retry_event(pause, str(condition)))
            log.info(
                "%s %s: %s, attempt %d, next in %.1f s, trace id %s",
                *(request.method, self.shown, condition, self.sent, pause, self.trace_id),
            )
            yield Pause(pause)

    def _attempt(self) -> Generator[Effect, Result, Answer | Failure]:
        """One attempt: over redirects, and once more with a new token after a 401."""
        options = self.options
        self._attempts += 1
        self.link, rejected, redirects = self.request.link, None, 0
        refused: Answer | None = None
        if len(self.link.url) > MAX_URL:
            self.sent += 1
            return UNSENDABLE
        while True:
            self.sent += 1
            if options.on_request is not None:
                yield Call(options.on_request, self._request_event())
            began = self._clock()
            result = yield Attempt(self, self.link, rejected)
            if result is None:
                assert refused is not None
                self.sent -= 1
                return refused
            if isinstance(result, Exception):
                return self._met(result)
            if result.authorization is not None:
                self._secrets.add(result.authorization.removeprefix("Bearer "))
            if options.on_response is not None:
                yield Call(options.on_response, self._response_event(result, began))
            if log.isEnabledFor(logging.DEBUG):
                self._log(result, began)
            if result.status == 401 and rejected is None and result.authorization is not None:
                refused, rejected = result, result.authorization
            elif (target := self._redirected(result)) is not None:
                redirects += 1
                if redirects > MAX_REDIRECTS:
                    message = f"more than {MAX_REDIRECTS} redirects"
                    raise self.error(UntrustedLinkError, message, status=result.status)
                self.link = target
            else:
                return result

    def _met(self, error: Exception) -> Failure:
        """The failure that an error means, if it is none that another attempt would meet as well."""
        if isinstance(error, TooLargeError):
            most = self.options.max_response_bytes
            raise self.error(
                ResponseError,
                f"the body is larger than {most} bytes",
                advice="Give a larger max_response_bytes, or select fewer fields",
            )
        if isinstance(error, CodingError):
            raise self.error(
                ResponseError,
                "the body has a Content-Encoding that was not asked for: only gzip and deflate, once, are",
                advice="A proxy between you and the service is the usual reason",
            )
        return failure(error)

    def _read(self, answer: Answer) -> Any:
        if answer.status == 206:
            message = "the answer is partial, and nobody asked for a part"
            raise self.error(ResponseError, message, status=206)
        if answer.status in {204, 205}:
            return None
        try:
            return self.request.read(answer.content)
        except UnexpectedBodyError as unexpected:
            message = str(unexpected)
        raise self.error(
            ResponseError,
            message,
            status=answer.status,
            advice="Nothing of this answer was used, so that no result is shorter than it seems",
        )

    def _redirected(self, answer: Answer) -> Link | None:
        """Where a redirect leads, if it is one that may be followed."""
        location = answer.headers.get("location")
        if answer.status not in REDIRECTS or not location:
            return None
        if self.request.method not in {"GET", "HEAD"}:
            return None
        scope = self.request.scope or Scope(self._origin)
        try:
            return scope.redirect(self.link, location)
        except UntrustedLinkError as error:
            refused = error
        raise self.error(UntrustedLinkError, refused.message, advice=refused.advice, status=answer.status)

    def _pause(self, condition: str | int, error: MoveworksError, said: float | None) -> float:
        """Seconds to wait before another attempt.

        Raises:
            MoveworksError: the error, if there is none.
        """
        row = rule(condition)
        if row is None or self._attempts >= self.options.attempts:
            raise error
        wait, always = row
        if not (self.request.repeatable or always):
            raise error
        otherwise = self.request.rate_limit_wait if wait == "rate limit" else None
        seconds = wait_before(self._attempts, said, otherwise, random.random())  # noqa: S311 - spreads load
        if seconds > self.options.longest_wait:
            error.advice = f"The service asks to wait {seconds:.0f} s, more than longest_wait. {error.advice}"
            raise error
        if self._clock() + seconds >= self.deadline:
            raise error
        return seconds

    # what is said of an exchange

    @property
    def trace_id(self) -> str | None:
        """The trace id of the last answer that had one. It is the service's text, so it is redacted."""
        for name in TRACE_HEADERS:
            said = self.headers.get(name)
            if said and said.strip():
                self._trace = self._redacted(said, 200)
                break
        return self._trace

    @property
    def shown(self) -> str:
        """The URL without what may be secret or personal."""
        return shown_url(self.link, self._secrets)

    def overdue(self) -> MoveworksError:
        """The error for a deadline that is over."""
        message = f"no complete answer within {self._seconds:.3g} s"
        return self.error(DeadlineError, message, advice="Raise total_timeout")

    def closed(self) -> MoveworksError:
        """The error for a client that is closed."""
        return self.error(
            ConfigurationError,
            "this client is closed",
            advice="Make a new one, or use it inside its with block",
        )

    def error(self, kind: type[MoveworksError], message: str, **facts: Any) -> MoveworksError:
        """An error that carries what is known of this exchange, and nothing that is secret."""
        known = {
            "method": self.request.method,
            "url": self.shown,
            "request_id": self.trace_id,
            "attempts": self.sent,
        }
        return kind(self._redacted(message, 600), **{**known, **facts})

    def _failed(self, failed: Failure) -> MoveworksError:
        if failed is OVERDUE or self._clock() >= self.deadline:
            raise self.overdue()
        message = f"{failed.condition}: {failed.reason}"
        return self.error(TransportError, message, advice=failed.advice)

    def _unreadable(self, answer: Answer) -> MoveworksError:
        kind = self._redacted(answer.headers.get("content-type", "").partition(";")[0], 60)
        what = f"{kind or 'no content type'}, {len(answer.content)} bytes"
        return self.error(
            ResponseError,
            f"the answer with status {answer.status} is not JSON ({what})",
            status=answer.status,
            advice="A proxy or a login page between you and the service is the usual reason",
        )

    def _refused(self, answer: Answer) -> MoveworksError:
        status = answer.status
        try:
            code, message = error_text(read_json(answer.content))
        except UnreadableError:
            code, message = None, None
        if 300 <= status < 400:
            message = "the service answered with a redirect that is not followed"
        text = f"{status} {message or meaning(status)}"
        advice = self.request.advice.get(status)
        if advice is None and self.request.authenticated:
            advice = ADVICE.get(status)
        return self.error(
            error_class(status),
            self._redacted(text, 304),
            status=status,
            code=self._redacted(code or "", 80) or None,
            advice=advice or "",
        )

    def _redacted(self, text: str, limit: int) -> str:
        """A text without secrets and without the values of the query."""
        return redacted(text, self._secrets, self.request.link, limit=limit)

    # events

    def _request_event(self) -> RequestEvent:
        request = self.request
        return RequestEvent(operation=request.operation, method=request.method, url=self.shown, attempt=self.sent)

    def _response_event(self, answer: Answer, began: float) -> ResponseEvent:
        return ResponseEvent(
            operation=self.request.operation,
            method=self.request.method,
            url=self.shown,
            attempt=self.sent,
            status=answer.status,
            elapsed=self._clock() - began,
            size=len(answer.content),
            request_id=self.trace_id,
            date=self._redacted(answer.headers.get("date", ""), 60) or None,
        )

    def _retry_event(self, wait: float, reason: str) -> RetryEvent:
        return RetryEvent(
            operation=self.request.operation,
            method=self.request.method,
            url=self.shown,
            attempt=self.sent,
            wait=wait,
            reason=reason,
            request_id=self.trace_id,
        )

    def _log(self, answer: Answer, began: float) -> None:
        size, elapsed = len(answer.content), self._clock() - began
        log.debug(
            "%s %s -> %d in %.3f s, %d bytes, attempt %d, trace id %s",
            *(self.request.method, self.shown, answer.status, elapsed, size, self.sent, self.trace_id),
        )

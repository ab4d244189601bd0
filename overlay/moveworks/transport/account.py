"""What is known of a request while it is sent, and what is said of it: errors, events, log lines."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from moveworks.errors import (
    ConfigurationError,
    DeadlineError,
    MoveworksError,
    ResponseError,
    TransportError,
    error_class,
    meaning,
)
from moveworks.transport.decoding import CodingError, TooLargeError, UnreadableError, read_json
from moveworks.transport.events import RequestEvent, ResponseEvent, RetryEvent
from moveworks.transport.redact import error_text, redacted, shown_url
from moveworks.transport.retry import OVERDUE, Failure, failure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from moveworks.links import Link
    from moveworks.transport.messages import Request
    from moveworks.transport.options import TransportOptions

log = logging.getLogger("moveworks")
TRACE_HEADERS: Final = ("x-moveworks-root-uuid", "x-trace-id")
"""Headers that hold the trace id, in the beta API and in its later generations."""
ADVICE: Final[Mapping[int, str]] = {
    400: "Check the filter; the service documents quoted UTC times and the operators gt ge lt le and",
    401: "Check the credential: it may be expired, revoked, or one of another API or region",
    403: "Scopes are given per entity set; ask the administrator for this one",
    404: "Check the region or base_url, and the names and ids in the request",
    429: "Send fewer requests, or wait",
}


class Answer(NamedTuple):
    """What came over the wire, whatever its status; `authorization` is what was sent for it."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    authorization: str | None

    def __repr__(self) -> str:
        return f"Answer({self.status}, {len(self.content)} bytes)"


class Account:
    """What is known of a request while it is sent. Nothing secret leaves it, and no value of the query."""

    request: Request
    options: TransportOptions
    link: Link
    """Where the request is just now: redirects change it."""
    sent: int
    """How often it went over the wire: also with a renewed token, and over redirects."""
    headers: Mapping[str, str]
    """Those of the last answer, known before its body."""
    opened: Any
    """The response whose body was left to be read, if the request asks for that."""
    deadline: float
    setting: str
    """What users set to move that deadline."""
    secrets: set[str]
    """What the service may echo and nobody may see: the authorization, as soon as it is known, and more."""
    _seconds: float
    _trace: str | None
    _clock: Callable[[], float]

    def remaining(self) -> float:
        """Seconds that are left for everything.

        Raises:
            DeadlineError: if none is.
        """
        left = self.deadline - self._clock()
        if left <= 0:
            raise self.overdue()
        return left

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
        return shown_url(self.link, self.secrets)

    def overdue(self) -> MoveworksError:
        """The error for a deadline that is over."""
        message = f"no complete answer within {self._seconds:.3g} s"
        return self.error(DeadlineError, message, advice=f"Raise {self.setting}")

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
        return redacted(text, self.secrets, self.request.link, limit=limit)

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

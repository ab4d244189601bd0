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

from moveworks.errors import MoveworksError, RateLimitError, ResponseError, UntrustedLinkError
from moveworks.links import MAX_URL, Scope
from moveworks.transport.account import Account, Answer, log
from moveworks.transport.decoding import UnexpectedBodyError, UnreadableError
from moveworks.transport.retry import UNSENDABLE, Failure, retry_after, rule, wait_before

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from moveworks.links import Link
    from moveworks.transport.messages import Request
    from moveworks.transport.options import TransportOptions

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
MAX_REDIRECTS: Final = 5


@frozen(kw_only=True)
class Reply:
    """An answer with a success status.

    Attributes:
        status: HTTP status.
        data: What the request's `read` made of the body; None if there is none.
        request_id: The trace id.
        attempts: How often the request was sent.
        opened: The response whose body is still to be read, for a request that asks for that.
        secrets: What must not be shown of that body.
    """

    status: int
    data: Any = field(repr=False)
    request_id: str | None
    attempts: int
    opened: Any = field(default=None, repr=False)
    secrets: frozenset[str] = field(default=frozenset(), repr=False)


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
    """Effect: wait; `limited` says that the service wants fewer requests."""

    seconds: float
    limited: bool = False


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
    setting: str = "timeout",
    clock: Callable[[], float] = time.monotonic,
) -> Generator[Effect, Result, Reply]:
    """Send a request with its renewed token, its redirects and its retries; the value is the reply.

    Args:
        request: What to send.
        options: How often and how long.
        origin: The configured origin.
        limit: Seconds for everything, if it is less than `total_timeout`.
        setting: What users set to raise that limit.
        clock: Seconds that never go back.

    Raises:
        MoveworksError: of the kind that fits what happened at the last attempt.
    """
    return (yield from Exchange(request, options, origin, limit, setting=setting, clock=clock).run())


class Exchange(Account):
    """What is done with a request."""

    def __init__(
        self,
        request: Request,
        options: TransportOptions,
        origin: str,
        limit: float | None,
        *,
        setting: str,
        clock: Callable[[], float],
    ) -> None:
        self.request = request
        self.options = options
        self.link = request.link
        self.sent = 0  # over the wire: also with a renewed token, and over redirects
        self._attempts = 0
        self.opened = None
        self.headers = {}  # of the last answer, known before its body
        self._origin = origin
        self._seconds, self.setting = options.total_timeout, "total_timeout"
        if limit is not None and limit < options.total_timeout:
            self._seconds, self.setting = limit, setting
        self._clock = clock
        self.deadline = clock() + self._seconds
        self.secrets = {*request.secrets}
        self._trace: str | None = None

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
                    return Reply(
                        status=result.status,
                        data=data,
                        request_id=self.trace_id,
                        attempts=self.sent,
                        opened=self.opened,
                        secrets=frozenset(self.secrets),
                    )
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
            yield Pause(pause, limited=condition == 429)

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

    def _read(self, answer: Answer) -> Any:
        if answer.status == 206:
            message = "the answer is partial, and nobody asked for a part"
            raise self.error(ResponseError, message, status=206)
        if answer.status in {204, 205} or self.opened is not None:
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

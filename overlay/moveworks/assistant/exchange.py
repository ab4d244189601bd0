"""One response of the assistant, from the question to the end: opened, read, polled, done. Does no I/O."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from moveworks.assistant.calls import id_from_service, read_output, text_body
from moveworks.assistant.effects import Close, Pause, Read, Send
from moveworks.assistant.reader import EventReader
from moveworks.assistant.state import FINISHED, StreamState, inner_of
from moveworks.errors import (
    ConfigurationError,
    MoveworksError,
    ResponseError,
    ResponseFailedError,
    ResponseTimeoutError,
    StreamError,
    stream_error_class,
)
from moveworks.transport.redact import redacted

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from moveworks.assistant.calls import Caller
    from moveworks.assistant.effects import Effect
    from moveworks.transport import Request

TIMEOUT: Final = 150.0
"""Seconds for a response: the vendor's own demo waits so long, its document says up to 120."""
IDLE_TIMEOUT: Final = 60.0
"""Seconds without an event, after which a stream is taken for lost."""
POLL_FIRST: Final = 0.25
POLL_MAX: Final = 5.0


@frozen(kw_only=True)
class Patience:
    """How long a response is waited for.

    Attributes:
        timeout: Seconds for everything.
        idle_timeout: Seconds without an event; comments that keep a connection alive are none.
        poll: Whether a response whose stream did not end well is asked for.
    """

    timeout: float = TIMEOUT
    idle_timeout: float = IDLE_TIMEOUT
    poll: bool = True

    def __attrs_post_init__(self) -> None:
        for name in ("timeout", "idle_timeout"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < float("inf"):
                raise ConfigurationError(f"{name} must be a number of seconds above 0, not {value!r}")


class ResponseExchange:
    """A question on its way, and what came of it.

    Attributes:
        state: What its events came to.
        patience: How long it is waited for.
        recovered: Whether the stream did not end well, and the response was asked for.
        request_id: The trace id.
    """

    def __init__(
        self,
        caller: Caller,
        conversation_id: str,
        text: str,
        patience: Patience,
        clock: Callable[[], float] = time.monotonic,
        *,
        deadline: float | None = None,
    ) -> None:
        self.caller, self.conversation_id = caller, conversation_id
        self.state = StreamState(conversation_id)
        self.recovered = False
        self.request_id: str | None = None
        self.patience, self._clock = patience, clock
        self._deadline = clock() + patience.timeout if deadline is None else deadline
        self.request = question(caller, "create-response-stream", conversation_id, text, stream=True)
        self._secrets = frozenset(self.request.secrets)

    def open(self) -> Generator[Effect, Any, None]:
        """Send the question, once: a POST is not sent again when the first may have been processed."""
        reply = yield Send(self.request, self._left(), opens=True)
        if isinstance(reply, MoveworksError):
            raise self.with_ids(reply)
        self.request_id = reply.request_id
        self._secrets |= reply.secrets
        if reply.opened is None:  # a service that does not stream answers with the response
            response_id = id_from_service(reply.data.get("response_id")) if isinstance(reply.data, dict) else None
            if response_id is None:
                message = "the answer is neither a stream of events nor a response"
                raise self.with_ids(ResponseError(message, status=reply.status, request_id=reply.request_id))
            self.state.response_id = response_id
        self._streams = reply.opened is not None

    def read(self) -> Generator[Effect, Any, None]:
        """Hand over updates until the response has ended, whatever becomes of its stream.

        Raises:
            StreamError: if the response failed, or if the stream ended without it and it cannot be asked for.
            ResponseTimeoutError: if it takes too long.
        """
        reason = "the service did not stream"
        if self._streams:
            reason = yield from self._events()
            yield Close()
        if self.state.final is None:
            yield from self._recover(reason)
        if error := self._error():
            raise error

    def _events(self) -> Generator[Effect, Any, str]:
        """Read the stream; why it ended without a final event, if it did."""
        clock, deadline, idle = self._clock, self._deadline, self.patience.idle_timeout
        reader, state, now = EventReader(), self.state, clock()
        quiet = now + idle
        limit = self.caller.transport.options.max_response_bytes
        while True:
            left = min(deadline, quiet) - now
            if left <= 0:
                return "no event came in time"
            part = yield Read(left)
            if isinstance(part, Exception):
                return f"the connection failed ({type(part).__name__})"
            for event in reader.feed(part) if part else reader.close():
                quiet = clock() + idle
                yield state.feed(event)
                if state.final is not None:
                    return ""
            if not part:
                return "the stream ended early"
            if reader.pending > limit:
                return f"an event of the stream is larger than {limit} bytes"
            now = clock()

    def _recover(self, reason: str) -> Generator[Effect, Any, None]:
        response_id = self.state.response_id
        if response_id is None or not self.patience.poll:
            raise self.with_ids(StreamError(f"{reason}, and the response was not finished", request_id=self.request_id))
        self.recovered = True
        try:
            response = yield from poll(self.caller, self.conversation_id, response_id, self._deadline, self._clock)
        except MoveworksError as error:
            self.with_ids(error)
            raise
        yield self.state.settle(response)

    def resume(self, response_id: str) -> Generator[Effect, Any, None]:
        """Go on with a response that the service has begun although its stream was lost."""
        self.state.response_id = response_id
        yield from self._recover("the stream was lost")
        if error := self._error():
            raise error

    @property
    def left(self) -> float:
        """Seconds that are left for the response; below 0 if none are."""
        return self._deadline - self._clock()

    def _left(self) -> float:
        left = self.left
        if left <= 0:
            raise self.with_ids(timed_out(self.conversation_id, self.state.response_id or ""))
        return left

    def _error(self) -> MoveworksError | None:
        state = self.state
        if state.final == "RESPONSE_FAILED":
            return self.with_ids(ResponseFailedError("the assistant failed to respond", request_id=self.request_id))
        if state.final == "ERROR":
            code, message = state.error or (None, None)
            said = redacted(message or "the service ended the stream with an error", self._secrets)
            shown = redacted(code, self._secrets, limit=80) if code else None
            return self.with_ids(stream_error_class(code)(said, code=shown, request_id=self.request_id))
        return None

    def with_ids(self, error: MoveworksError) -> MoveworksError:
        """An error that knows what it is about; the text so far is an attribute, and in no message."""
        if isinstance(error, StreamError):
            error.partial = self.state.text
        error.conversation_id, error.response_id = self.conversation_id, self.state.response_id
        return error

    # what came of it

    @property
    def citations(self) -> list[Any]:
        """The sources of all messages, in order, each once; two messages may give one id to different sources."""
        found: dict[object, Any] = {}
        for output in self.state.outputs:
            message = getattr(read_output(output), "message", None)
            citations = getattr(message, "citations", None)
            for place, citation in enumerate(citations if isinstance(citations, list) else ()):
                identity = getattr(citation, "citation_id", None)
                url = str(getattr(citation, "url", None))
                found.setdefault((str(identity), url) if identity else (id(output), place), citation)
        return list(found.values())

    @property
    def reasoning(self) -> list[str]:
        """What the assistant says of its way to the answer, one text a step."""
        from moveworks.assistant.state import content_text

        steps = [inner_of(output) for output in self.state.outputs if "REASONING" in str(output.get("type"))]
        return [text for step in steps if (text := content_text(step.get("content")))]


def question(caller: Caller, operation_id: str, conversation_id: str, text: str, *, stream: bool = False) -> Request:
    """The request that puts a text to the assistant.

    Raises:
        TypeError, ValueError: for a text that is none.
    """
    if not isinstance(text, str):
        raise TypeError(f"the message is text, not {type(text).__name__}")
    if not text.strip():
        raise ValueError("the message is empty")
    request = caller.request(
        operation_id, conversation_id, body=text_body(operation_id, text), more={"stream": stream, "secrets": (text,)}
    )
    if not stream:
        return request
    from attrs import evolve

    # Some proxies hold back what they compress.
    headers = {**request.headers, "Accept": "text/event-stream", "Accept-Encoding": "identity"}
    return evolve(request, headers=headers)


def poll(
    caller: Caller, conversation_id: str, response_id: str, deadline: float, clock: Callable[[], float]
) -> Generator[Effect, Any, dict[str, Any]]:
    """Ask for a response until it is finished, at growing intervals.

    Raises:
        ResponseTimeoutError: if it does not in time.
    """
    request = caller.request("get-response", conversation_id, response_id)
    interval = POLL_FIRST
    while True:
        left = deadline - clock()
        if left <= interval:
            raise timed_out(conversation_id, response_id)
        yield Pause(interval)
        interval = min(POLL_MAX, interval * 1.6)
        reply = yield Send(request, max(0.1, deadline - clock()))
        if isinstance(reply, MoveworksError):
            raise reply
        if not isinstance(reply.data, dict):
            raise ResponseError("the answer is not a response", status=reply.status, request_id=reply.request_id)
        if str(reply.data.get("status")) in FINISHED:
            data: dict[str, Any] = reply.data
            return data


def timed_out(conversation_id: str, response_id: str) -> ResponseTimeoutError:
    """The error for a response that takes too long."""
    error = ResponseTimeoutError(
        "the assistant did not finish its response in time",
        advice="Give a larger timeout, or ask for it later with responses.get",
    )
    error.conversation_id, error.response_id = conversation_id, response_id or None
    return error

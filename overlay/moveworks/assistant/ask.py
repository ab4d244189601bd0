"""Ask the assistant, and get an answer: also one whose stream was lost, or that came a moment later."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from moveworks.assistant.calls import id_from_service, read_output, read_reply
from moveworks.assistant.effects import AsyncDriver, Driver, Pause, Send
from moveworks.assistant.exchange import Patience, ResponseExchange
from moveworks.assistant.markdown import Cited, source_of, to_markdown
from moveworks.assistant.state import content_text, inner_of, is_message
from moveworks.errors import (
    MoveworksError,
    ResponseError,
    ResponseFailedError,
    ResponseTimeoutError,
    ServerError,
    StreamError,
    TransportError,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator

    from moveworks.assistant.calls import Caller
    from moveworks.assistant.effects import Effect
    from moveworks.assistant.state import Update
    from moveworks_beta.models import Citation, Conversation

LOOKS: Final = 2
LOOK_PAUSE: Final = 1.5
"""Seconds between two looks into a conversation, as the vendor's own demo waits for a late answer."""

LOOK_LEAST: Final = 5.0
"""Seconds that a look may take in any case."""


@frozen(kw_only=True)
class _Answer:
    """What both kinds of answer hold.

    Attributes:
        text: As the assistant wrote it; empty if it finished without a word.
        markdown: The same as plain Markdown, with footnotes for its sources.
        citations: Its sources.
        reasoning: What it says of its way to the answer, one text a step.
        conversation: The conversation that it belongs to.
        response_id: Id of the response.
        request_id: The trace id.
        recovered: Whether its stream did not end well, and the response was asked for.
    """

    text: str = field(repr=False)
    markdown: str = field(repr=False)
    citations: list[Citation] = field(repr=False)
    reasoning: list[str] = field(repr=False)
    conversation: Conversation = field(repr=False)
    response_id: str | None
    request_id: str | None
    recovered: bool
    outputs: list[dict[str, Any]] = field(repr=False)
    _caller: Caller = field(repr=False)
    _patience: Patience = field(repr=False)
    _known: frozenset[str] = field(repr=False)

    @property
    def conversation_id(self) -> str:
        """Id of the conversation."""
        return self.conversation.conversation_id

    def __str__(self) -> str:
        return self.text

    def _following(self, text: str) -> Generator[Effect, Any, dict[str, Any]]:
        return ask_steps(self._caller, text, self._patience, conversation=self.conversation, known=self._known)

    def _rating(self, rating: str, note: str | None) -> Generator[Effect, Any, None]:
        """Send the callback of a rating; if the message came without one, the response is asked for it."""
        found = _callback(self.outputs, rating)
        if found is None and self.response_id:
            request = self._caller.request("get-response", self.conversation_id, self.response_id)
            reply = yield Send(request, self._patience.timeout)
            if isinstance(reply, MoveworksError):
                raise reply
            outputs = reply.data.get("outputs") if isinstance(reply.data, dict) else None
            found = _callback(outputs if isinstance(outputs, list) else [], rating)
        if found is None:
            message = f"the service offers no way to rate this answer as {rating}"
            raise ResponseError(message, request_id=self.request_id)
        reply = yield Send(
            feedback_request(self._caller, *found[:3], callback_id=found[3], note=note), self._patience.timeout
        )
        if isinstance(reply, MoveworksError):
            raise reply


class Answer(_Answer):
    """An answer of the assistant."""

    def follow_up(self, text: str, *, on_update: Callable[[Update], object] | None = None) -> Answer:
        """Ask again in the same conversation; as `ask`."""
        driver = Driver(self._caller.transport)  # type: ignore[arg-type]  # a blocking one made this
        return Answer(**driver.run(self._following(text), on_update))

    def helpful(self) -> None:
        """Rate the answer as helpful.

        Raises:
            ResponseError: if the service does not offer it.
        """
        Driver(self._caller.transport).run(self._rating("helpful", None))  # type: ignore[arg-type]

    def unhelpful(self, note: str | None = None) -> None:
        """Rate the answer as not helpful, and say why; a blank note is not sent."""
        Driver(self._caller.transport).run(self._rating("unhelpful", note))  # type: ignore[arg-type]


class AsyncAnswer(_Answer):
    """As `Answer`, async."""

    async def follow_up(
        self, text: str, *, on_update: Callable[[Update], Awaitable[object] | object] | None = None
    ) -> AsyncAnswer:
        """As `Answer.follow_up`."""
        driver = AsyncDriver(self._caller.transport)  # type: ignore[arg-type]
        return AsyncAnswer(**await driver.run(self._following(text), on_update))

    async def helpful(self) -> None:
        """As `Answer.helpful`."""
        await AsyncDriver(self._caller.transport).run(self._rating("helpful", None))  # type: ignore[arg-type]

    async def unhelpful(self, note: str | None = None) -> None:
        """As `Answer.unhelpful`."""
        await AsyncDriver(self._caller.transport).run(self._rating("unhelpful", note))  # type: ignore[arg-type]


def ask_steps(
    caller: Caller,
    text: str,
    patience: Patience,
    *,
    conversation: Conversation | str | None = None,
    known: frozenset[str] = frozenset(),
    clock: Callable[[], float] = time.monotonic,
) -> Generator[Effect, Any, dict[str, Any]]:
    """Put a question, and see it through; the value is what an `Answer` is made of.

    Args:
        caller: Makes requests.
        text: The question.
        patience: How long it is waited for.
        conversation: Where it is asked; a new conversation is made without one.
        known: Ids of the responses of this conversation that are known, so that the one to this question is found.
        clock: Seconds that never go back.
    """
    from moveworks_beta.models import Conversation, CreateConversationRequest

    deadline = clock() + patience.timeout
    if isinstance(conversation, str):
        # Whatever is there already is no answer to this question.
        messages = yield from _history(caller, conversation, patience.timeout)
        known = frozenset(filter(None, map(_response_of, messages)))
        place = Conversation.from_dict({"conversation_id": conversation})
    elif conversation is not None:
        place = conversation
    else:
        request = caller.request("create-conversation", body=CreateConversationRequest())
        reply = yield Send(request, patience.timeout)
        if isinstance(reply, MoveworksError):
            raise reply
        place = read_reply("create-conversation", reply)
        if id_from_service(getattr(place, "conversation_id", None)) is None:
            message = "the answer is no conversation: it has no id that can be used"
            raise ResponseError(message, status=reply.status, request_id=reply.request_id)
    exchange = ResponseExchange(caller, place.conversation_id, text, patience, clock, deadline=deadline)
    if exchange.left <= 0:
        message = "no time was left for the question, so it was not sent: making the conversation took it"
        late = ResponseTimeoutError(message, advice="Ask again, or give a larger timeout")
        late.conversation_id = place.conversation_id
        raise late
    lost: MoveworksError | None = None
    try:
        yield from exchange.open()
        yield from exchange.read()
    except (TransportError, ServerError, ResponseError, StreamError) as error:
        lost = error
    if lost is not None:
        response_id = None
        settled = isinstance(lost, ResponseFailedError) or exchange.state.final is not None
        if not settled and exchange.state.response_id is None and patience.poll:
            response_id = yield from _begun(exchange, text, known)
        if response_id is None:
            raise lost
        yield from exchange.resume(response_id)
    return (yield from answer_steps(caller, exchange, place, patience, known=known))


def answer_steps(
    caller: Caller,
    exchange: ResponseExchange,
    place: Conversation,
    patience: Patience,
    *,
    known: frozenset[str] = frozenset(),
) -> Generator[Effect, Any, dict[str, Any]]:
    """What an `Answer` is made of, of a response that is done."""
    state = exchange.state
    messages = [inner_of(output) for output in state.outputs if is_message(output)]
    if not any(map(_says_something, messages)):
        messages = yield from _late(exchange, known)
        state.late(messages)
    return {
        "text": state.text,
        "markdown": to_markdown(map(_cited, messages)),
        "citations": exchange.citations,
        "reasoning": exchange.reasoning,
        "conversation": place,
        "response_id": state.response_id,
        "request_id": exchange.request_id,
        "recovered": exchange.recovered,
        "outputs": state.outputs,
        "caller": caller,
        "patience": patience,
        "known": known | ({state.response_id} if state.response_id else set()),
    }


def _history(caller: Caller, conversation_id: str, seconds: float) -> Generator[Effect, Any, list[dict[str, Any]]]:
    """The newest messages of a conversation, newest first, as they came."""
    reply = yield Send(caller.request("list-conversation-messages", conversation_id, limit=20), seconds)
    if isinstance(reply, MoveworksError):
        error = reply
    else:
        messages = reply.data.get("messages") if isinstance(reply.data, dict) else None
        if isinstance(messages, list):
            return [message for message in messages if isinstance(message, dict)]
        message = "the answer has no list of messages"
        error = ResponseError(message, status=reply.status, request_id=reply.request_id)
    error.conversation_id = conversation_id
    raise error


def _look(exchange: ResponseExchange) -> Generator[Effect, Any, list[dict[str, Any]]]:
    """The newest messages, within what is left of the time for the response."""
    # It is worth a moment also behind that time: an error that knows the response lets it be asked for later.
    seconds = min(exchange.patience.timeout, max(exchange.left, LOOK_LEAST))
    try:
        return (yield from _history(exchange.caller, exchange.conversation_id, seconds))
    except MoveworksError as error:
        exchange.with_ids(error)
        raise


def _response_of(message: dict[str, Any]) -> str | None:
    """Id of the response that a message belongs to; those of a live agent may have none."""
    return id_from_service(message.get("response_id"))


def _says_something(message: dict[str, Any]) -> bool:
    """Whether a message is an answer: it has a text, or a content of another kind, such as a button."""
    content = message.get("content")
    return bool(content_text(content)) or (
        isinstance(content, dict) and not str(content.get("type", "TEXT")).endswith("TEXT")
    )


def _begun(exchange: ResponseExchange, text: str, known: frozenset[str]) -> Generator[Effect, Any, str | None]:
    """Id of the response that the service has begun for a question whose stream was lost; None if it has not.

    A message of the user carries the id of the response that it caused.
    """
    for look in range(LOOKS):
        if look:
            yield Pause(LOOK_PAUSE)
        for message in (yield from _look(exchange)):
            response_id = _response_of(message) if message.get("actor") == "USER" else None
            mine = response_id is not None and response_id not in known
            if mine and content_text(message.get("content")).strip() == text.strip():
                return response_id
    return None


def _late(exchange: ResponseExchange, known: frozenset[str]) -> Generator[Effect, Any, list[dict[str, Any]]]:
    """Messages that came after the question although the response finished without one, oldest first."""
    for look in range(LOOKS):
        if look:
            yield Pause(LOOK_PAUSE)
        newer: list[dict[str, Any]] = []
        for message in (yield from _look(exchange)):
            if message.get("actor") == "USER" or _response_of(message) in known - {exchange.state.response_id}:
                break
            newer.insert(0, message)
        if newer:
            return newer
    return []


def _cited(message: dict[str, Any]) -> Cited:
    references = message.get("content_references")
    citations = message.get("citations")
    return Cited(
        content_text(message.get("content")),
        [
            (each.get("citation_id"), each.get("offset"))
            for each in (references if isinstance(references, list) else ())
            if isinstance(each, dict)
        ],
        {
            str(each.get("citation_id")): source_of(each, content_text)
            for each in (citations if isinstance(citations, list) else ())
            if isinstance(each, dict)
        },
    )


def _callback(outputs: list[Any], rating: str) -> tuple[str, str, str, str] | None:
    """Ids of conversation, response and message, and the callback of a rating, of the last message that has one."""
    for output in reversed(outputs):
        message = getattr(read_output(output), "message", None)
        option = getattr(getattr(message, "feedback", None), rating, None)
        if message is not None and option is not None and getattr(option, "callback_id", None):
            return message.conversation_id, message.response_id, message.message_id, option.callback_id
    return None


def feedback_request(
    caller: Caller, conversation_id: str, response_id: str, message_id: str, *, callback_id: str, note: str | None
) -> Any:
    """The request that rates a message; the callback goes back unchanged, and a blank note is not sent."""
    from moveworks_beta.models import SubmitFeedbackRequest

    body = SubmitFeedbackRequest(callback_id=callback_id)
    if note is not None and note.strip():
        body.additional_feedback = note
    more = {"secrets": (callback_id, note or "")}
    return caller.request("submit-feedback", conversation_id, response_id, message_id, body=body, more=more)

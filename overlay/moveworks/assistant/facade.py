"""`mw.assistant`: everything that the beta API offers, as one user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from moveworks.assistant.ask import Answer, ask_steps, feedback_request
from moveworks.assistant.calls import Caller, read_reply
from moveworks.assistant.effects import Driver
from moveworks.assistant.exchange import IDLE_TIMEOUT, TIMEOUT, Patience, question
from moveworks.assistant.follow import EventFollower
from moveworks.assistant.lists import list_cursor
from moveworks.assistant.shared import as_another, changes, rating_of, refuse_stream, titled, wait_steps
from moveworks.assistant.stream import ResponseStream
from moveworks.lazy import Part
from moveworks.paging import Pager
from moveworks.unset import UNSET, Unset

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from moveworks.assistant.state import Update
    from moveworks.auth import Credential
    from moveworks.transport.http import Transport
    from moveworks_beta.models import (
        AssistantResponse,
        Conversation,
        Event,
        Message,
        SubmitFeedbackResponse,
    )
    from moveworks_beta.operations import (
        ListConversationMessagesFilters,
        ListConversationsFilters,
        ListEventsFilters,
    )


class _Room(Caller):
    """A part of the facade, blocking."""

    transport: Transport

    def _call(self, operation_id: str, *values: Any, **options: Any) -> Any:
        return read_reply(operation_id, self.transport.send(self.request(operation_id, *values, **options)))

    def _list(self, operation_id: str, *values: str, limit: int | None, **options: Any) -> Pager[Any]:
        cursor = list_cursor(self, operation_id, *values, **options)
        return Pager(cursor, self.transport, limit=limit, shown=operation_id)


class Conversations(_Room):
    """Conversations of the user that the token stands for."""

    def create(self, title: str | None = None) -> Conversation:
        """Begin a conversation; without a title the service finds one. A title has at most 256 characters."""
        made: Conversation = self._call("create-conversation", body=titled(title))
        return made

    def list(
        self,
        *,
        limit: int | None = None,
        page_size: int | None = None,
        resume_from: str | None = None,
        **options: Unpack[ListConversationsFilters],
    ) -> Pager[Conversation]:
        """The conversations, the one that changed last first; archived ones only with `archived=True`.

        Args:
            limit: Stop after this many.
            page_size: How many the service sends at once, 1 to 100.
            resume_from: URL of a page to go on from; it carries the query.
            options: Further query options of the spec.
        """
        options_ = dict(options)
        return self._list("list-conversations", limit=limit, page_size=page_size, resume_from=resume_from, **options_)

    def get(self, conversation_id: str) -> Conversation:
        """One conversation.

        Args:
            conversation_id: Its id in this API (`conv_…`); ids of the export API are of another kind.

        Raises:
            ValueError: for an empty id.
            NotFoundError: if there is none with this id for this user and assistant.
        """
        found: Conversation = self._call("get-conversation", conversation_id)
        return found

    def update(
        self, conversation_id: str, *, title: str | Unset = UNSET, archived: bool | Unset = UNSET
    ) -> Conversation:
        """Change the title, or archive the conversation or take it back."""
        changed: Conversation = self._call("update-conversation", conversation_id, body=changes(title, archived))
        return changed

    def archive(self, conversation_id: str) -> Conversation:
        """Archive a conversation; there is no way to delete one."""
        return self.update(conversation_id, archived=True)

    def unarchive(self, conversation_id: str) -> Conversation:
        """Take a conversation back from the archive."""
        return self.update(conversation_id, archived=False)


class Responses(_Room):
    """Responses of the assistant to what the user writes."""

    def create(self, conversation_id: str, text: str) -> AssistantResponse:
        """Put a question, and get the response as it begins; `wait` waits for its end.

        Sent once: a POST is not sent again when the first may have been processed.
        """
        reply = self.transport.send(question(self, "create-response", conversation_id, text))
        made: AssistantResponse = read_reply("create-response", reply)
        return made

    def get(self, conversation_id: str, response_id: str) -> AssistantResponse:
        """A response as it is now, with what the assistant has put out so far."""
        found: AssistantResponse = self._call("get-response", conversation_id, response_id)
        return found

    def wait(self, conversation_id: str, response_id: str, *, timeout: float = TIMEOUT) -> AssistantResponse:
        """A response when it is finished, asked for at growing intervals.

        Raises:
            ResponseFailedError: if the assistant failed.
            ResponseTimeoutError: if it takes longer than `timeout` seconds; it has both ids.
        """
        return Driver(self.transport).run(wait_steps(self, conversation_id, response_id, timeout))

    def stream(
        self,
        conversation_id: str,
        text: str,
        *,
        timeout: float = TIMEOUT,
        idle_timeout: float = IDLE_TIMEOUT,
        poll: bool = True,
    ) -> ResponseStream:
        """Put a question, and read the response while it is written, in a `with` block.

        Args:
            conversation_id: Where.
            text: The question.
            timeout: Seconds for everything.
            idle_timeout: Seconds without an event, after which the stream is taken for lost.
            poll: Whether a response whose stream did not end well is asked for until it is finished.

        Raises:
            StreamError: while reading, if the response failed, or if its stream ended and it cannot be asked for.
            ResponseTimeoutError: while reading, if it takes too long.
        """
        patience = Patience(timeout=timeout, idle_timeout=idle_timeout, poll=poll)
        return ResponseStream(self, conversation_id, text, patience)


class Messages(_Room):
    """Messages of conversations and of responses."""

    def list(
        self,
        conversation_id: str,
        *,
        limit: int | None = None,
        page_size: int | None = None,
        resume_from: str | None = None,
        **options: Unpack[ListConversationMessagesFilters],
    ) -> Pager[Message]:
        """The messages of a conversation, newest first; as `conversations.list`."""
        given: dict[str, Any] = {**options, "page_size": page_size, "resume_from": resume_from}
        return self._list("list-conversation-messages", conversation_id, limit=limit, **given)

    def of_response(self, conversation_id: str, response_id: str) -> Sequence[Message]:
        """The messages of a response, the user's own included."""
        return self._call("list-response-messages", conversation_id, response_id).messages or []


class Events(_Room):
    """What happens in conversations, also without a question."""

    def list(
        self,
        conversation_id: str = "-",
        *,
        limit: int | None = None,
        page_size: int | None = None,
        resume_from: str | None = None,
        **options: Unpack[ListEventsFilters],
    ) -> Pager[Event]:
        """The events of a conversation, oldest first; `-` means all. As `conversations.list`."""
        given: dict[str, Any] = {**options, "page_size": page_size, "resume_from": resume_from}
        return self._list("list-events", conversation_id, limit=limit, **given)

    def follow(
        self, conversation_id: str | None = None, checkpoint: str | None = None, *, start: str = "now"
    ) -> EventFollower:
        """Events without end, as they come; each message once.

        Args:
            conversation_id: Of this conversation; of all without one.
            checkpoint: The `checkpoint` of an earlier one, to go on from.
            start: Without a checkpoint: `now`, or `beginning` for the user's first event ever.
        """
        return EventFollower(self, conversation_id, checkpoint, start)


class Feedback(_Room):
    """Ratings of messages."""

    def helpful(self, message: Message) -> SubmitFeedbackResponse:
        """Rate a message as helpful.

        Raises:
            ValueError: if it cannot be rated.
        """
        return self.submit(*rating_of(message, "helpful"))

    def unhelpful(self, message: Message, note: str | None = None) -> SubmitFeedbackResponse:
        """Rate a message as not helpful, and say why; a blank note is not sent."""
        return self.submit(*rating_of(message, "unhelpful"), note=note)

    def submit(
        self, conversation_id: str, response_id: str, message_id: str, callback_id: str, *, note: str | None = None
    ) -> SubmitFeedbackResponse:
        """Send the callback of a rating, unchanged."""
        request = feedback_request(self, conversation_id, response_id, message_id, callback_id=callback_id, note=note)
        sent: SubmitFeedbackResponse = read_reply("submit-feedback", self.transport.send(request))
        return sent


class Assistant(_Room):
    """`mw.assistant`: the assistant, as the user of one token."""

    conversations = Part(
        Conversations,
        lambda own: Conversations(own.transport, own.name),
        "Conversations of the user that the token stands for.",
    )
    responses = Part(
        Responses, lambda own: Responses(own.transport, own.name), "Responses of the assistant to what the user writes."
    )
    messages = Part(
        Messages, lambda own: Messages(own.transport, own.name), "Messages of conversations and of responses."
    )
    events = Part(
        Events, lambda own: Events(own.transport, own.name), "What happens in conversations, also without a question."
    )
    feedback = Part(Feedback, lambda own: Feedback(own.transport, own.name), "Ratings of messages.")

    def ask(
        self,
        text: str,
        *,
        conversation_id: str | None = None,
        timeout: float = TIMEOUT,
        idle_timeout: float = IDLE_TIMEOUT,
        on_update: Callable[[Update], object] | None = None,
        on_bytes: Callable[[bytes], object] | None = None,
    ) -> Answer:
        """Ask, and get the whole answer.

        A new conversation is begun unless one is given. An answer whose stream was lost is looked up, and the question
        is not sent again.

        Args:
            text: The question.
            conversation_id: Where to ask it.
            timeout: Seconds for everything, a new conversation included.
            idle_timeout: Seconds without an event, after which the stream is taken for lost.
            on_update: Called with each `Update`, for those who want to see the answer grow.
            on_bytes: Called with each part of the stream as it came, for recordings.

        Raises:
            StreamError: if the assistant failed; it has the text so far.
            ResponseTimeoutError: if it takes too long.
        """
        patience = Patience(timeout=timeout, idle_timeout=idle_timeout)
        steps = ask_steps(self, text, patience, conversation=conversation_id)
        return Answer(**Driver(self.transport, on_bytes).run(steps, on_update))

    def call(self, operation_id: str, *values: Any, **parameters: Any) -> Any:
        """Any operation of the spec by its id, also one that has no method here; the model of its answer.

        Raises:
            LookupError: for one that the spec does not have.
            TypeError: for parameters that it does not have.
            ConfigurationError: for one that answers with a stream of events.
        """
        refuse_stream(operation_id)
        return self._call(operation_id, *values, **parameters)

    def acting_as(self, credential: Credential, assistant: str | None = None) -> Assistant:
        """The same as another user: over the same connections, with the same settings, and tokens that never mix.

        Cheap enough for one for each request of a web server.
        """
        return Assistant(as_another(self.transport, credential), assistant or self.name)

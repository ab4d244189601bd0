"""As `facade`, async."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from moveworks.assistant.ask import AsyncAnswer, ask_steps, feedback_request
from moveworks.assistant.calls import Caller, read_reply
from moveworks.assistant.effects import AsyncDriver
from moveworks.assistant.exchange import IDLE_TIMEOUT, TIMEOUT, Patience, question
from moveworks.assistant.follow import AsyncEventFollower
from moveworks.assistant.lists import list_cursor
from moveworks.assistant.shared import as_another, changes, rating_of, refuse_stream, titled, wait_steps
from moveworks.assistant.stream import AsyncResponseStream
from moveworks.lazy import Part
from moveworks.paging import AsyncPager
from moveworks.unset import UNSET, Unset

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from moveworks.assistant.state import Update
    from moveworks.auth import Credential
    from moveworks.transport.aio import AsyncTransport
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


class _AsyncRoom(Caller):
    """A part of the facade, async."""

    transport: AsyncTransport

    async def _call(self, operation_id: str, *values: Any, **options: Any) -> Any:
        return read_reply(operation_id, await self.transport.send(self.request(operation_id, *values, **options)))

    def _list(self, operation_id: str, *values: str, limit: int | None, **options: Any) -> AsyncPager[Any]:
        cursor = list_cursor(self, operation_id, *values, **options)
        return AsyncPager(cursor, self.transport, limit=limit, shown=operation_id)


class AsyncConversations(_AsyncRoom):
    """As `Conversations`, async."""

    async def create(self, title: str | None = None) -> Conversation:
        """As `Conversations.create`."""
        made: Conversation = await self._call("create-conversation", body=titled(title))
        return made

    def list(
        self,
        *,
        limit: int | None = None,
        page_size: int | None = None,
        resume_from: str | None = None,
        **options: Unpack[ListConversationsFilters],
    ) -> AsyncPager[Conversation]:
        """As `Conversations.list`."""
        given: dict[str, Any] = {**options, "page_size": page_size, "resume_from": resume_from}
        return self._list("list-conversations", limit=limit, **given)

    async def get(self, conversation_id: str) -> Conversation:
        """As `Conversations.get`."""
        found: Conversation = await self._call("get-conversation", conversation_id)
        return found

    async def update(
        self, conversation_id: str, *, title: str | Unset = UNSET, archived: bool | Unset = UNSET
    ) -> Conversation:
        """As `Conversations.update`."""
        changed: Conversation = await self._call("update-conversation", conversation_id, body=changes(title, archived))
        return changed

    async def archive(self, conversation_id: str) -> Conversation:
        """As `Conversations.archive`."""
        return await self.update(conversation_id, archived=True)

    async def unarchive(self, conversation_id: str) -> Conversation:
        """As `Conversations.unarchive`."""
        return await self.update(conversation_id, archived=False)


class AsyncResponses(_AsyncRoom):
    """As `Responses`, async."""

    async def create(self, conversation_id: str, text: str) -> AssistantResponse:
        """As `Responses.create`."""
        reply = await self.transport.send(question(self, "create-response", conversation_id, text))
        made: AssistantResponse = read_reply("create-response", reply)
        return made

    async def get(self, conversation_id: str, response_id: str) -> AssistantResponse:
        """As `Responses.get`."""
        found: AssistantResponse = await self._call("get-response", conversation_id, response_id)
        return found

    async def wait(self, conversation_id: str, response_id: str, *, timeout: float = TIMEOUT) -> AssistantResponse:  # noqa: ASYNC109 - of the response, over many requests
        """As `Responses.wait`."""
        return await AsyncDriver(self.transport).run(wait_steps(self, conversation_id, response_id, timeout))

    def stream(
        self,
        conversation_id: str,
        text: str,
        *,
        timeout: float = TIMEOUT,
        idle_timeout: float = IDLE_TIMEOUT,
        poll: bool = True,
    ) -> AsyncResponseStream:
        """As `Responses.stream`, in an `async with` block."""
        patience = Patience(timeout=timeout, idle_timeout=idle_timeout, poll=poll)
        return AsyncResponseStream(self, conversation_id, text, patience)


class AsyncMessages(_AsyncRoom):
    """As `Messages`, async."""

    def list(
        self,
        conversation_id: str,
        *,
        limit: int | None = None,
        page_size: int | None = None,
        resume_from: str | None = None,
        **options: Unpack[ListConversationMessagesFilters],
    ) -> AsyncPager[Message]:
        """As `Messages.list`."""
        given: dict[str, Any] = {**options, "page_size": page_size, "resume_from": resume_from}
        return self._list("list-conversation-messages", conversation_id, limit=limit, **given)

    async def of_response(self, conversation_id: str, response_id: str) -> Sequence[Message]:
        """As `Messages.of_response`."""
        return (await self._call("list-response-messages", conversation_id, response_id)).messages or []


class AsyncEvents(_AsyncRoom):
    """As `Events`, async."""

    def list(
        self,
        conversation_id: str = "-",
        *,
        limit: int | None = None,
        page_size: int | None = None,
        resume_from: str | None = None,
        **options: Unpack[ListEventsFilters],
    ) -> AsyncPager[Event]:
        """As `Events.list`."""
        given: dict[str, Any] = {**options, "page_size": page_size, "resume_from": resume_from}
        return self._list("list-events", conversation_id, limit=limit, **given)

    def follow(
        self, conversation_id: str | None = None, checkpoint: str | None = None, *, start: str = "now"
    ) -> AsyncEventFollower:
        """As `Events.follow`, for `async for`."""
        return AsyncEventFollower(self, conversation_id, checkpoint, start)


class AsyncFeedback(_AsyncRoom):
    """As `Feedback`, async."""

    async def helpful(self, message: Message) -> SubmitFeedbackResponse:
        """As `Feedback.helpful`."""
        return await self.submit(*rating_of(message, "helpful"))

    async def unhelpful(self, message: Message, note: str | None = None) -> SubmitFeedbackResponse:
        """As `Feedback.unhelpful`."""
        return await self.submit(*rating_of(message, "unhelpful"), note=note)

    async def submit(
        self, conversation_id: str, response_id: str, message_id: str, callback_id: str, *, note: str | None = None
    ) -> SubmitFeedbackResponse:
        """As `Feedback.submit`."""
        request = feedback_request(self, conversation_id, response_id, message_id, callback_id=callback_id, note=note)
        sent: SubmitFeedbackResponse = read_reply("submit-feedback", await self.transport.send(request))
        return sent


class AsyncAssistant(_AsyncRoom):
    """As `Assistant`, async."""

    conversations = Part(
        AsyncConversations, lambda own: AsyncConversations(own.transport, own.name), "As `Assistant.conversations`."
    )
    responses = Part(AsyncResponses, lambda own: AsyncResponses(own.transport, own.name), "As `Assistant.responses`.")
    messages = Part(AsyncMessages, lambda own: AsyncMessages(own.transport, own.name), "As `Assistant.messages`.")
    events = Part(AsyncEvents, lambda own: AsyncEvents(own.transport, own.name), "As `Assistant.events`.")
    feedback = Part(AsyncFeedback, lambda own: AsyncFeedback(own.transport, own.name), "As `Assistant.feedback`.")

    async def ask(
        self,
        text: str,
        *,
        conversation_id: str | None = None,
        timeout: float = TIMEOUT,  # noqa: ASYNC109 - of the response, over many requests
        idle_timeout: float = IDLE_TIMEOUT,
        on_update: Callable[[Update], Awaitable[object] | object] | None = None,
        on_bytes: Callable[[bytes], object] | None = None,
    ) -> AsyncAnswer:
        """As `Assistant.ask`; `on_update` may be async."""
        patience = Patience(timeout=timeout, idle_timeout=idle_timeout)
        steps = ask_steps(self, text, patience, conversation=conversation_id)
        return AsyncAnswer(**await AsyncDriver(self.transport, on_bytes).run(steps, on_update))

    async def call(self, operation_id: str, *values: Any, **parameters: Any) -> Any:
        """As `Assistant.call`."""
        refuse_stream(operation_id)
        return await self._call(operation_id, *values, **parameters)

    def acting_as(self, credential: Credential, assistant: str | None = None) -> AsyncAssistant:
        """As `Assistant.acting_as`."""
        return AsyncAssistant(as_another(self.transport, credential), assistant or self.name)

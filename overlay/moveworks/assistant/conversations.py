"""Conversations of the user that the token stands for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from moveworks.errors import ResponseError
from moveworks.transport import Request

if TYPE_CHECKING:
    from moveworks.transport import AsyncTransport, Reply, Transport
    from moveworks_beta.models import Conversation

EXPORT_ID: Final = re.compile(r"[A-Za-z0-9_-]{12}")


class _Conversations:
    def __init__(self, transport: Any, assistant: str) -> None:
        self._transport = transport
        self._assistant = assistant

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._assistant}>"

    def _get(self, conversation_id: str) -> Request:
        from moveworks_beta.api.beta import get_conversation

        path_id = checked_id("conversation", conversation_id)
        hint = f"The assistant name is {self._assistant!r}: it must be exact, and enabled in this region."
        if EXPORT_ID.fullmatch(path_id):
            hint = (
                "This looks like an id of the export API; the two APIs have different ids, and those of the beta API "
                f"begin with conv_. {hint}"
            )
        parts = get_conversation.request(path_id, assistant_name=self._assistant)
        return Request(
            method=parts.method,
            url=self._transport.origin + parts.path,
            operation="get-conversation",
            headers=parts.headers,
            advice={404: hint},
        )

    @staticmethod
    def _conversation(reply: Reply) -> Conversation:
        from moveworks_beta.models import Conversation

        if not isinstance(reply.data, dict) or ("error" in reply.data and "conversation_id" not in reply.data):
            raise ResponseError(
                "the answer is not a conversation", status=reply.status, request_id=reply.request_id, method="GET"
            )
        return Conversation.from_dict(reply.data)


class Conversations(_Conversations):
    """Conversations with the assistant."""

    _transport: Transport

    def get(self, conversation_id: str) -> Conversation:
        """One conversation.

        Args:
            conversation_id: Its id in this API (`conv_…`); ids of the export API are of another kind.

        Raises:
            ValueError: for an empty id.
            NotFoundError: if there is none with this id for this user and assistant.
        """
        return self._conversation(self._transport.send(self._get(conversation_id)))


class AsyncConversations(_Conversations):
    """As `Conversations`, async."""

    _transport: AsyncTransport

    async def get(self, conversation_id: str) -> Conversation:
        """As `Conversations.get`."""
        return self._conversation(await self._transport.send(self._get(conversation_id)))


class _Assistant:
    conversations: Any

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.conversations._assistant}>"  # noqa: SLF001 - of this module


class Assistant(_Assistant):
    """`mw.assistant`."""

    def __init__(self, transport: Transport, assistant: str) -> None:
        self.conversations = Conversations(transport, assistant)


class AsyncAssistant(_Assistant):
    """As `Assistant`, async."""

    def __init__(self, transport: AsyncTransport, assistant: str) -> None:
        self.conversations = AsyncConversations(transport, assistant)


def checked_id(what: str, value: object) -> str:
    """An id that can stand in a path; its format is the service's own affair and has changed before."""
    if not isinstance(value, str):
        raise TypeError(f"a {what} id is text, not {type(value).__name__}")
    if not value.strip():
        raise ValueError(f"the {what} id is empty")
    if value in {".", ".."}:
        raise ValueError(f"{value!r} is no {what} id: in a path it would name something else")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(f"the {what} id holds a lone surrogate; it is not valid Unicode") from None
    return value

"""Conversations of the user that the token stands for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from moveworks.errors import ResponseError
from moveworks.lazy import Part
from moveworks.operations import operation_request
from moveworks_beta.operations import OPERATIONS

if TYPE_CHECKING:
    from moveworks.transport import Reply, Request
    from moveworks.transport.aio import AsyncTransport
    from moveworks.transport.http import Transport
    from moveworks_beta.models import Conversation

EXPORT_ID: Final = re.compile(r"[A-Za-z0-9_-]{12}")


class _Conversations:
    """What both kinds share: requests, and what answers are."""

    def __init__(self, transport: Any, assistant: str) -> None:
        self._transport = transport
        self.assistant = assistant

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.assistant}>"

    def _get(self, conversation_id: str) -> Request:
        operation = OPERATIONS["get-conversation"]
        path_id = checked_id("conversation", conversation_id)
        hint = f"The assistant name is {self.assistant!r}: it must be exact, and enabled in this region."
        if EXPORT_ID.fullmatch(path_id):
            hint = (
                "This looks like an id of the export API; the two APIs have different ids, and those of the beta API "
                f"begin with conv_. {hint}"
            )
        parts = operation.request(path_id, assistant_name=self.assistant)
        return operation_request(operation, parts, self._transport, advice={404: hint})

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


class Assistant:
    """`mw.assistant`."""

    conversations = Part(
        Conversations,
        lambda owner: Conversations(owner.transport, owner.name),
        "Conversations of the user that the token stands for.",
    )

    def __init__(self, transport: Transport, name: str) -> None:
        self.transport, self.name = transport, name

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


class AsyncAssistant:
    """As `Assistant`, async."""

    conversations = Part(
        AsyncConversations,
        lambda owner: AsyncConversations(owner.transport, owner.name),
        "Conversations of the user that the token stands for.",
    )

    def __init__(self, transport: AsyncTransport, name: str) -> None:
        self.transport, self.name = transport, name

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


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

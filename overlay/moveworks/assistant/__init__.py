"""The beta API: the assistant, as one user."""

from moveworks.assistant.ask import Answer, AsyncAnswer
from moveworks.assistant.async_facade import AsyncAssistant, AsyncConversations
from moveworks.assistant.facade import Assistant, Conversations
from moveworks.assistant.state import Update
from moveworks.assistant.stream import AsyncResponseStream, ResponseStream

__all__ = [
    "Answer",
    "Assistant",
    "AsyncAnswer",
    "AsyncAssistant",
    "AsyncConversations",
    "AsyncResponseStream",
    "Conversations",
    "ResponseStream",
    "Update",
]

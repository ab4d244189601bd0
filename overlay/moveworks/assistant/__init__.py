"""The beta API: the assistant, as one user."""

from moveworks.assistant.conversations import Assistant, AsyncAssistant, AsyncConversations, Conversations

__all__ = ["Assistant", "AsyncAssistant", "AsyncConversations", "Conversations"]

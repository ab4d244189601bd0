# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
"""The operations of the service, and the options of those that take some in the query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypedDict

from moveworks_runtime.operations import Operation, Parameter, RequestBody


class ListConversationsOptions(TypedDict, total=False):
    """Query options of `list-conversations`."""

    cursor: str
    """Opaque cursor from the previous page."""
    limit: int
    """Largest number of items in a page (1-100)."""
    archived: bool
    """Whether to list archived conversations instead of current ones."""


class ListConversationsFilters(TypedDict, total=False):
    """Query filters of `list-conversations`."""

    archived: bool
    """Whether to list archived conversations instead of current ones."""


class ListEventsOptions(TypedDict, total=False):
    """Query options of `list-events`."""

    starting_after: str
    """Exclusive lower bound: an event id."""
    ending_at: str
    """Inclusive upper bound: an event id."""
    cursor: str
    """Opaque cursor from the previous page."""
    limit: int
    """Largest number of items in a page (1-100)."""


class ListEventsFilters(TypedDict, total=False):
    """Query filters of `list-events`."""

    starting_after: str
    """Exclusive lower bound: an event id."""
    ending_at: str
    """Inclusive upper bound: an event id."""


class ListConversationMessagesOptions(TypedDict, total=False):
    """Query options of `list-conversation-messages`."""

    cursor: str
    """Opaque cursor from the previous page."""
    limit: int
    """Largest number of items in a page (1-100)."""


class ListConversationMessagesFilters(TypedDict, total=False):
    """Query filters of `list-conversation-messages`."""


OPERATIONS: Final[Mapping[str, Operation]] = {
    "get-conversation": Operation(
        id="get-conversation",
        name="get_conversation",
        tag="beta",
        module="moveworks_beta.api.beta.get_conversation",
        method="GET",
        path="/conversations/{conversation_id}",
        parameters=(
            Parameter(
                "conversation_id", "conversation_id", "path", required=True, doc="Conversation id (prefix `conv_`)."
            ),
            Parameter(
                "assistant_name",
                "Assistant-Name",
                "header",
                required=True,
                doc="Name of the assistant that is configured for the organization.",
            ),
        ),
        success=("200",),
        media_types=("application/json",),
        doc="Get conversation",
    ),
    "update-conversation": Operation(
        id="update-conversation",
        name="update_conversation",
        tag="beta",
        module="moveworks_beta.api.beta.update_conversation",
        method="PATCH",
        path="/conversations/{conversation_id}",
        parameters=(
            Parameter(
                "conversation_id", "conversation_id", "path", required=True, doc="Conversation id (prefix `conv_`)."
            ),
            Parameter(
                "assistant_name",
                "Assistant-Name",
                "header",
                required=True,
                doc="Name of the assistant that is configured for the organization.",
            ),
        ),
        body=RequestBody(False, ("application/json",), ("UpdateConversationRequest",)),
        success=("200",),
        media_types=("application/json",),
        doc="Changes the title, or archives the conversation.",
    ),
    "list-conversations": Operation(
        id="list-conversations",
        name="list_conversations",
        tag="beta",
        module="moveworks_beta.api.beta.list_conversations",
        method="GET",
        path="/conversations",
        parameters=(
            Parameter("cursor", "cursor", "query", doc="Opaque cursor from the previous page."),
            Parameter("limit", "limit", "query", doc="Largest number of items in a page (1-100)."),
            Parameter(
                "archived", "archived", "query", doc="Whether to list archived conversations instead of current ones."
            ),
            Parameter(
                "assistant_name",
                "Assistant-Name",
                "header",
                required=True,
                doc="Name of the assistant that is configured for the organization.",
            ),
        ),
        success=("200",),
        media_types=("application/json",),
        doc="Conversations, most recently updated first; archived ones only on request.",
    ),
    "create-conversation": Operation(
        id="create-conversation",
        name="create_conversation",
        tag="beta",
        module="moveworks_beta.api.beta.create_conversation",
        method="POST",
        path="/conversations",
        parameters=(
            Parameter(
                "assistant_name",
                "Assistant-Name",
                "header",
                required=True,
                doc="Name of the assistant that is configured for the organization.",
            ),
        ),
        body=RequestBody(False, ("application/json",), ("CreateConversationRequest",)),
        success=("201",),
        media_types=("application/json",),
        doc="Starts a conversation; without a title the service makes one from the first response.",
    ),
    "list-events": Operation(
        id="list-events",
        name="list_events",
        tag="beta",
        module="moveworks_beta.api.beta.list_events",
        method="GET",
        path="/conversations/{conversation_id}/events",
        parameters=(
            Parameter(
                "conversation_id", "conversation_id", "path", required=True, doc="Conversation id (prefix `conv_`)."
            ),
            Parameter("starting_after", "starting_after", "query", doc="Exclusive lower bound: an event id."),
            Parameter("ending_at", "ending_at", "query", doc="Inclusive upper bound: an event id."),
            Parameter("cursor", "cursor", "query", doc="Opaque cursor from the previous page."),
            Parameter("limit", "limit", "query", doc="Largest number of items in a page (1-100)."),
            Parameter(
                "assistant_name",
                "Assistant-Name",
                "header",
                required=True,
                doc="Name of the assistant that is configured for the organization.",
            ),
        ),
        success=("200",),
        media_types=("application/json",),
        doc="System-initiated final messages in chronological order; conversation id `-` reads all conversations.",
    ),
    "create-response": Operation(
        id="create-response",
        name="create_response",
        tag="beta",
        module="moveworks_beta.api.beta.create_response",
        method="POST",
        path="/conversations/{conversation_id}/responses",
        parameters=(
            Parameter(
                "conversation_id", "conversation_id", "path", required=True, doc="Conversation id (prefix `conv_`)."
            ),
            Parameter(
                "assistant_name",
                "Assistant-Name",
                "header",
                required=True,
                doc="Name of the assistant that is configured for the organization.",
            ),
        ),
        body=RequestBody(False, ("application/json",), ("CreateResponseRequest",)),
        success=("202",),
        media_types=("application/json",),
        doc="Accepts a user message and returns at once; poll Get response for the result.",
    ),
    "create-response-stream": Operation(
        id="create-response-stream",
        name="create_response_stream",
        tag="beta",
        module="moveworks_beta.api.beta.create_response_stream",
        method="POST",
        path="/conversations/{conversation_id}/responses/stream",
        parameters=(
            Parameter(
                "conversation_id", "conversation_id", "path", required=True, doc="Conversation id (prefix `conv_`)."
            ),
            Parameter(
                "assistant_name",
                "Assistant-Name",
                "header",
                required=True,
                doc="Name of the assistant that is configured for the organization.",
            ),
        ),
        body=RequestBody(False, ("application/json",), ("CreateResponseStreamRequest",)),
        success=("200",),
        media_types=("text/event-stream",),
        doc="Accepts a user message and streams its processing as server-sent events.",
    ),
    "get-response": Operation(
        id="get-response",
        name="get_response",
        tag="beta",
        module="moveworks_beta.api.beta.get_response",
        method="GET",
        path="/conversations/{conversation_id}/responses/{response_id}",
        parameters=(
            Parameter(
                "conversation_id", "conversation_id", "path", required=True, doc="Conversation id (prefix `conv_`)."
            ),
            Parameter("response_id", "response_id", "path", required=True, doc="Response id (prefix `resp_`)."),
            Parameter(
                "assistant_name",
                "Assistant-Name",
                "header",
                required=True,
                doc="Name of the assistant that is configured for the organization.",
            ),
        ),
        success=("200",),
        media_types=("application/json",),
        doc="State and assistant outputs of a response; it ends as COMPLETED or FAILED within 120 seconds.",
    ),
    "list-conversation-messages": Operation(
        id="list-conversation-messages",
        name="list_conversation_messages",
        tag="beta",
        module="moveworks_beta.api.beta.list_conversation_messages",
        method="GET",
        path="/conversations/{conversation_id}/messages",
        parameters=(
            Parameter(
                "conversation_id", "conversation_id", "path", required=True, doc="Conversation id (prefix `conv_`)."
            ),
            Parameter("cursor", "cursor", "query", doc="Opaque cursor from the previous page."),
            Parameter("limit", "limit", "query", doc="Largest number of items in a page (1-100)."),
            Parameter(
                "assistant_name",
                "Assistant-Name",
                "header",
                required=True,
                doc="Name of the assistant that is configured for the organization.",
            ),
        ),
        success=("200",),
        media_types=("application/json",),
        doc="Messages of both sides, newest first.",
    ),
    "list-response-messages": Operation(
        id="list-response-messages",
        name="list_response_messages",
        tag="beta",
        module="moveworks_beta.api.beta.list_response_messages",
        method="GET",
        path="/conversations/{conversation_id}/responses/{response_id}/messages",
        parameters=(
            Parameter(
                "conversation_id", "conversation_id", "path", required=True, doc="Conversation id (prefix `conv_`)."
            ),
            Parameter("response_id", "response_id", "path", required=True, doc="Response id (prefix `resp_`)."),
            Parameter(
                "assistant_name",
                "Assistant-Name",
                "header",
                required=True,
                doc="Name of the assistant that is configured for the organization.",
            ),
        ),
        success=("200",),
        media_types=("application/json",),
        doc="The user's message and the assistant's replies of one response.",
    ),
    "submit-feedback": Operation(
        id="submit-feedback",
        name="submit_feedback",
        tag="beta",
        module="moveworks_beta.api.beta.submit_feedback",
        method="POST",
        path="/conversations/{conversation_id}/responses/{response_id}/messages/{message_id}/feedback",
        parameters=(
            Parameter(
                "conversation_id", "conversation_id", "path", required=True, doc="Conversation id (prefix `conv_`)."
            ),
            Parameter("response_id", "response_id", "path", required=True, doc="Response id (prefix `resp_`)."),
            Parameter("message_id", "message_id", "path", required=True, doc="Message id (prefix `msg_`)."),
            Parameter(
                "assistant_name",
                "Assistant-Name",
                "header",
                required=True,
                doc="Name of the assistant that is configured for the organization.",
            ),
        ),
        body=RequestBody(False, ("application/json",), ("SubmitFeedbackRequest",)),
        success=("200",),
        media_types=("application/json",),
        doc="Rates an assistant message as helpful or unhelpful.",
    ),
}
"""Every operation, by its operationId."""

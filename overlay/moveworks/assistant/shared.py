"""What both facades of the assistant have in common: bodies, ratings, and waiting for a response."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from moveworks.assistant.calls import Caller, find_operation, read_reply, read_response
from moveworks.assistant.effects import Send
from moveworks.assistant.exchange import Patience, poll
from moveworks.auth import Credential
from moveworks.errors import ConfigurationError, MoveworksError, ResponseFailedError
from moveworks.unset import UNSET, Unset

if TYPE_CHECKING:
    from collections.abc import Generator

    from moveworks_beta.models import AssistantResponse, Message


def changes(title: str | Unset, archived: bool | Unset) -> Any:  # noqa: FBT001 - both are keywords of `update`
    """The body that changes a conversation."""
    from moveworks_beta.models import UpdateConversationRequest

    if title is UNSET and archived is UNSET:
        raise TypeError("update() changes something: give title or archived")
    return UpdateConversationRequest(title=title, archived=archived)


def titled(title: str | None) -> Any:
    """The body that begins a conversation."""
    from moveworks_beta.models import CreateConversationRequest

    return CreateConversationRequest() if title is None else CreateConversationRequest(title=title)


def refuse_stream(operation_id: str) -> None:
    """Refuse a call that would send its request and then have no model to give.

    Raises:
        ConfigurationError: for an operation that answers with nothing but a stream of events.
    """
    if find_operation(operation_id).media_types == ("text/event-stream",):
        raise ConfigurationError(
            f"{operation_id} answers with a stream of events, and call gives one model",
            advice="Use responses.stream() or ask(); for any other stream, the low-level client in moveworks_beta",
        )


def wait_steps(
    caller: Caller, conversation_id: str, response_id: str, timeout: float
) -> Generator[Any, Any, AssistantResponse]:
    """Ask for a response until it is finished: at once, and then at growing intervals."""
    Patience(timeout=timeout)
    deadline = time.monotonic() + timeout
    reply = yield Send(caller.request("get-response", conversation_id, response_id), timeout)
    if isinstance(reply, MoveworksError):
        raise reply
    response = read_reply("get-response", reply)
    if response.status not in {"COMPLETED", "FAILED"}:
        data = yield from poll(caller, conversation_id, response_id, deadline, time.monotonic)
        response = read_response(data)
    if response.status == "FAILED":
        error = ResponseFailedError("the assistant failed to respond", request_id=reply.request_id)
        error.conversation_id, error.response_id = conversation_id, response_id
        raise error
    finished: AssistantResponse = response
    return finished


def rating_of(message: Message, rating: str) -> tuple[str, str, str, str]:
    """Ids and callback of a rating.

    Raises:
        ValueError: if the message cannot be rated.
    """
    option = getattr(message.feedback, rating, None)
    callback = getattr(option, "callback_id", None)
    if not callback:
        raise ValueError(f"the service offers no way to rate this message as {rating}")
    return message.conversation_id, message.response_id, message.message_id, callback


def as_another(transport: Any, credential: Credential) -> Any:
    """A transport over the same connections, with another credential."""
    if not isinstance(credential, Credential):
        raise ConfigurationError(
            f"acting_as takes a credential, not {type(credential).__name__}", advice="Use BearerToken(token)"
        )
    return transport.acting_as(credential)

# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
"""GET /conversations/{conversation_id}/messages"""

from __future__ import annotations

from typing import Any, TypeAlias

from moveworks.unset import UNSET, Unset
from moveworks_runtime import answers as _answers
from moveworks_runtime import models as _models
from moveworks_runtime import requests as _requests
from moveworks_runtime.answers import Response

from ...client import Client
from ...models.forbidden_error_response import ForbiddenErrorResponse
from ...models.internal_error_response import InternalErrorResponse
from ...models.invalid_cursor_error_response import InvalidCursorErrorResponse
from ...models.list_conversation_messages_response import ListConversationMessagesResponse
from ...models.not_found_error_response import NotFoundErrorResponse
from ...models.rate_limit_exceeded_error_response import RateLimitExceededErrorResponse
from ...models.unauthorized_error_response import UnauthorizedErrorResponse
from ...service import BASE_PATH as _BASE_PATH

_Answer: TypeAlias = (
    ForbiddenErrorResponse
    | InternalErrorResponse
    | InvalidCursorErrorResponse
    | ListConversationMessagesResponse
    | NotFoundErrorResponse
    | RateLimitExceededErrorResponse
    | UnauthorizedErrorResponse
)
_ANSWERS: _answers.Answers[_Answer] = _answers.Answers(
    _answers.Answer(200, 200, "json", _models.read_model(ListConversationMessagesResponse)),
    _answers.Answer(400, 400, "json", _models.read_model(InvalidCursorErrorResponse)),
    _answers.Answer(401, 401, "json", _models.read_model(UnauthorizedErrorResponse)),
    _answers.Answer(403, 403, "json", _models.read_model(ForbiddenErrorResponse)),
    _answers.Answer(404, 404, "json", _models.read_model(NotFoundErrorResponse)),
    _answers.Answer(429, 429, "json", _models.read_model(RateLimitExceededErrorResponse)),
    _answers.Answer(500, 500, "json", _models.read_model(InternalErrorResponse)),
)


def request(
    conversation_id: str,
    *,
    assistant_name: str,
    cursor: str | Unset = UNSET,
    limit: int | Unset = UNSET,
) -> _requests.RequestParts:
    """List conversation messages. Messages of both sides, newest first.

    Args:
        conversation_id: Conversation id (prefix `conv_`).
        assistant_name: Name of the assistant that is configured for the organization.
        cursor: Opaque cursor from the previous page.
        limit: Largest number of items in a page (1-100).
    """
    return _requests.build_request(
        "GET",
        _BASE_PATH + "/conversations/{}/messages",
        values=(("conversation_id", conversation_id),),
        query=(
            ("cursor", cursor, ""),
            ("limit", limit, ""),
        ),
        headers=(("Assistant-Name", assistant_name),),
    )


def read(status: int, data: Any) -> _Answer | None:
    """The model of decoded JSON, which becomes the model's own; None for a status that is not declared."""
    return _ANSWERS.read(status, data)


def answer(status: int, content: bytes, content_type: str | None = None) -> _Answer | None:
    """The model of a body; None for a status that is not declared, and for a body that is not as declared."""
    return _ANSWERS.answer(status, content, content_type)


def sync_detailed(
    conversation_id: str,
    *,
    client: Client,
    assistant_name: str,
    cursor: str | Unset = UNSET,
    limit: int | Unset = UNSET,
) -> Response[_Answer]:
    """Send the request and read the answer."""
    return client.send(
        request(
            conversation_id,
            assistant_name=assistant_name,
            cursor=cursor,
            limit=limit,
        ),
        _ANSWERS,
    )


def sync(
    conversation_id: str,
    *,
    client: Client,
    assistant_name: str,
    cursor: str | Unset = UNSET,
    limit: int | Unset = UNSET,
) -> _Answer | None:
    """As `sync_detailed`, but only the model of the answer."""
    return sync_detailed(
        conversation_id,
        client=client,
        assistant_name=assistant_name,
        cursor=cursor,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    conversation_id: str,
    *,
    client: Client,
    assistant_name: str,
    cursor: str | Unset = UNSET,
    limit: int | Unset = UNSET,
) -> Response[_Answer]:
    """As `sync_detailed`, in async code."""
    return await client.send_async(
        request(
            conversation_id,
            assistant_name=assistant_name,
            cursor=cursor,
            limit=limit,
        ),
        _ANSWERS,
    )


async def asyncio(
    conversation_id: str,
    *,
    client: Client,
    assistant_name: str,
    cursor: str | Unset = UNSET,
    limit: int | Unset = UNSET,
) -> _Answer | None:
    """As `sync`, in async code."""
    return (
        await asyncio_detailed(
            conversation_id,
            client=client,
            assistant_name=assistant_name,
            cursor=cursor,
            limit=limit,
        )
    ).parsed

# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
"""GET /conversations"""

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
from ...models.list_conversations_response import ListConversationsResponse
from ...models.rate_limit_exceeded_error_response import RateLimitExceededErrorResponse
from ...models.unauthorized_error_response import UnauthorizedErrorResponse
from ...service import BASE_PATH as _BASE_PATH

_Answer: TypeAlias = (
    ForbiddenErrorResponse
    | InternalErrorResponse
    | InvalidCursorErrorResponse
    | ListConversationsResponse
    | RateLimitExceededErrorResponse
    | UnauthorizedErrorResponse
)
_ANSWERS: _answers.Answers[_Answer] = _answers.Answers(
    _answers.Answer(200, 200, "json", _models.read_model(ListConversationsResponse)),
    _answers.Answer(400, 400, "json", _models.read_model(InvalidCursorErrorResponse)),
    _answers.Answer(401, 401, "json", _models.read_model(UnauthorizedErrorResponse)),
    _answers.Answer(403, 403, "json", _models.read_model(ForbiddenErrorResponse)),
    _answers.Answer(429, 429, "json", _models.read_model(RateLimitExceededErrorResponse)),
    _answers.Answer(500, 500, "json", _models.read_model(InternalErrorResponse)),
)


def request(
    *,
    assistant_name: str,
    cursor: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    archived: bool | Unset = UNSET,
) -> _requests.RequestParts:
    """List conversations. Conversations, most recently updated first; archived ones only on request.

    Args:
        assistant_name: Name of the assistant that is configured for the organization.
        cursor: Opaque cursor from the previous page.
        limit: Largest number of items in a page (1-100).
        archived: Whether to list archived conversations instead of current ones.
    """
    return _requests.build_request(
        "GET",
        _BASE_PATH + "/conversations",
        query=(
            ("cursor", cursor, ""),
            ("limit", limit, ""),
            ("archived", archived, ""),
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
    *,
    client: Client,
    assistant_name: str,
    cursor: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    archived: bool | Unset = UNSET,
) -> Response[_Answer]:
    """Send the request and read the answer."""
    return client.send(
        request(
            assistant_name=assistant_name,
            cursor=cursor,
            limit=limit,
            archived=archived,
        ),
        _ANSWERS,
    )


def sync(
    *,
    client: Client,
    assistant_name: str,
    cursor: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    archived: bool | Unset = UNSET,
) -> _Answer | None:
    """As `sync_detailed`, but only the model of the answer."""
    return sync_detailed(
        client=client,
        assistant_name=assistant_name,
        cursor=cursor,
        limit=limit,
        archived=archived,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    assistant_name: str,
    cursor: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    archived: bool | Unset = UNSET,
) -> Response[_Answer]:
    """As `sync_detailed`, in async code."""
    return await client.send_async(
        request(
            assistant_name=assistant_name,
            cursor=cursor,
            limit=limit,
            archived=archived,
        ),
        _ANSWERS,
    )


async def asyncio(
    *,
    client: Client,
    assistant_name: str,
    cursor: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    archived: bool | Unset = UNSET,
) -> _Answer | None:
    """As `sync`, in async code."""
    return (
        await asyncio_detailed(
            client=client,
            assistant_name=assistant_name,
            cursor=cursor,
            limit=limit,
            archived=archived,
        )
    ).parsed

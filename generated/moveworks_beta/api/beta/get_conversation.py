# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
"""GET /conversations/{conversation_id}"""

from __future__ import annotations

from typing import Any, TypeAlias

from moveworks_runtime import answers as _answers
from moveworks_runtime import models as _models
from moveworks_runtime import requests as _requests
from moveworks_runtime.answers import Response

from ...client import Client
from ...models.conversation import Conversation
from ...models.forbidden_error_response import ForbiddenErrorResponse
from ...models.internal_error_response import InternalErrorResponse
from ...models.not_found_error_response import NotFoundErrorResponse
from ...models.rate_limit_exceeded_error_response import RateLimitExceededErrorResponse
from ...models.unauthorized_error_response import UnauthorizedErrorResponse
from ...service import BASE_PATH as _BASE_PATH

_Answer: TypeAlias = (
    Conversation
    | ForbiddenErrorResponse
    | InternalErrorResponse
    | NotFoundErrorResponse
    | RateLimitExceededErrorResponse
    | UnauthorizedErrorResponse
)
_ANSWERS: _answers.Answers[_Answer] = _answers.Answers(
    _answers.Answer(200, 200, "json", _models.read_model(Conversation)),
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
) -> _requests.RequestParts:
    """Get conversation.

    Args:
        conversation_id: Conversation id (prefix `conv_`).
        assistant_name: Name of the assistant that is configured for the organization.
    """
    return _requests.build_request(
        "GET",
        _BASE_PATH + "/conversations/{}",
        values=(("conversation_id", conversation_id),),
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
) -> Response[_Answer]:
    """Send the request and read the answer."""
    return client.send(
        request(
            conversation_id,
            assistant_name=assistant_name,
        ),
        _ANSWERS,
    )


def sync(
    conversation_id: str,
    *,
    client: Client,
    assistant_name: str,
) -> _Answer | None:
    """As `sync_detailed`, but only the model of the answer."""
    return sync_detailed(
        conversation_id,
        client=client,
        assistant_name=assistant_name,
    ).parsed


async def asyncio_detailed(
    conversation_id: str,
    *,
    client: Client,
    assistant_name: str,
) -> Response[_Answer]:
    """As `sync_detailed`, in async code."""
    return await client.send_async(
        request(
            conversation_id,
            assistant_name=assistant_name,
        ),
        _ANSWERS,
    )


async def asyncio(
    conversation_id: str,
    *,
    client: Client,
    assistant_name: str,
) -> _Answer | None:
    """As `sync`, in async code."""
    return (
        await asyncio_detailed(
            conversation_id,
            client=client,
            assistant_name=assistant_name,
        )
    ).parsed

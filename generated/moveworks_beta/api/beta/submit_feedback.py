# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
"""POST /conversations/{conversation_id}/responses/{response_id}/messages/{message_id}/feedback"""

from __future__ import annotations

from typing import Any, TypeAlias

from moveworks.unset import UNSET, Unset
from moveworks_runtime import answers as _answers
from moveworks_runtime import models as _models
from moveworks_runtime import requests as _requests
from moveworks_runtime.answers import Response

from ...client import Client
from ...models.internal_error_response import InternalErrorResponse
from ...models.invalid_feedback_error_response import InvalidFeedbackErrorResponse
from ...models.not_found_error_response import NotFoundErrorResponse
from ...models.rate_limit_exceeded_error_response import RateLimitExceededErrorResponse
from ...models.submit_feedback_request import SubmitFeedbackRequest
from ...models.submit_feedback_response import SubmitFeedbackResponse
from ...service import BASE_PATH as _BASE_PATH

_Answer: TypeAlias = (
    InternalErrorResponse
    | InvalidFeedbackErrorResponse
    | NotFoundErrorResponse
    | RateLimitExceededErrorResponse
    | SubmitFeedbackResponse
)
_ANSWERS: _answers.Answers[_Answer] = _answers.Answers(
    _answers.Answer(200, 200, "json", _models.read_model(SubmitFeedbackResponse)),
    _answers.Answer(400, 400, "json", _models.read_model(InvalidFeedbackErrorResponse)),
    _answers.Answer(404, 404, "json", _models.read_model(NotFoundErrorResponse)),
    _answers.Answer(429, 429, "json", _models.read_model(RateLimitExceededErrorResponse)),
    _answers.Answer(500, 500, "json", _models.read_model(InternalErrorResponse)),
)


def request(
    conversation_id: str,
    response_id: str,
    message_id: str,
    *,
    assistant_name: str,
    body: SubmitFeedbackRequest | Unset = UNSET,
) -> _requests.RequestParts:
    """Submit feedback. Rates an assistant message as helpful or unhelpful.

    Args:
        conversation_id: Conversation id (prefix `conv_`).
        response_id: Response id (prefix `resp_`).
        message_id: Message id (prefix `msg_`).
        assistant_name: Name of the assistant that is configured for the organization.
    """
    return _requests.build_request(
        "POST",
        _BASE_PATH + "/conversations/{}/responses/{}/messages/{}/feedback",
        values=(
            ("conversation_id", conversation_id),
            ("response_id", response_id),
            ("message_id", message_id),
        ),
        headers=(("Assistant-Name", assistant_name),),
        body=body,
        media_type="application/json",
    )


def read(status: int, data: Any) -> _Answer | None:
    """The model of decoded JSON, which becomes the model's own; None for a status that is not declared."""
    return _ANSWERS.read(status, data)


def answer(status: int, content: bytes, content_type: str | None = None) -> _Answer | None:
    """The model of a body; None for a status that is not declared, and for a body that is not as declared."""
    return _ANSWERS.answer(status, content, content_type)


def sync_detailed(
    conversation_id: str,
    response_id: str,
    message_id: str,
    *,
    client: Client,
    assistant_name: str,
    body: SubmitFeedbackRequest | Unset = UNSET,
) -> Response[_Answer]:
    """Send the request and read the answer."""
    return client.send(
        request(
            conversation_id,
            response_id,
            message_id,
            assistant_name=assistant_name,
            body=body,
        ),
        _ANSWERS,
    )


def sync(
    conversation_id: str,
    response_id: str,
    message_id: str,
    *,
    client: Client,
    assistant_name: str,
    body: SubmitFeedbackRequest | Unset = UNSET,
) -> _Answer | None:
    """As `sync_detailed`, but only the model of the answer."""
    return sync_detailed(
        conversation_id,
        response_id,
        message_id,
        client=client,
        assistant_name=assistant_name,
        body=body,
    ).parsed


async def asyncio_detailed(
    conversation_id: str,
    response_id: str,
    message_id: str,
    *,
    client: Client,
    assistant_name: str,
    body: SubmitFeedbackRequest | Unset = UNSET,
) -> Response[_Answer]:
    """As `sync_detailed`, in async code."""
    return await client.send_async(
        request(
            conversation_id,
            response_id,
            message_id,
            assistant_name=assistant_name,
            body=body,
        ),
        _ANSWERS,
    )


async def asyncio(
    conversation_id: str,
    response_id: str,
    message_id: str,
    *,
    client: Client,
    assistant_name: str,
    body: SubmitFeedbackRequest | Unset = UNSET,
) -> _Answer | None:
    """As `sync`, in async code."""
    return (
        await asyncio_detailed(
            conversation_id,
            response_id,
            message_id,
            client=client,
            assistant_name=assistant_name,
            body=body,
        )
    ).parsed

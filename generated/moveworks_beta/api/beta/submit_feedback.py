# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.internal_error_response import InternalErrorResponse
from ...models.invalid_feedback_error_response import InvalidFeedbackErrorResponse
from ...models.not_found_error_response import NotFoundErrorResponse
from ...models.rate_limit_exceeded_error_response import RateLimitExceededErrorResponse
from ...models.submit_feedback_request import SubmitFeedbackRequest
from ...models.submit_feedback_response import SubmitFeedbackResponse
from ...types import UNSET, Response, Unset, as_status


def _get_kwargs(
    conversation_id: str,
    response_id: str,
    message_id: str,
    *,
    body: SubmitFeedbackRequest | Unset = UNSET,
    assistant_name: str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["Assistant-Name"] = assistant_name

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/conversations/{conversation_id}/responses/{response_id}/messages/{message_id}/feedback".format(
            conversation_id=quote(str(conversation_id), safe=""),
            response_id=quote(str(response_id), safe=""),
            message_id=quote(str(message_id), safe=""),
        ),
    }

    if not isinstance(body, Unset):
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> (
    InternalErrorResponse
    | InvalidFeedbackErrorResponse
    | NotFoundErrorResponse
    | RateLimitExceededErrorResponse
    | SubmitFeedbackResponse
    | None
):
    if response.status_code == 200:
        response_200 = SubmitFeedbackResponse.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = InvalidFeedbackErrorResponse.from_dict(response.json())

        return response_400

    if response.status_code == 404:
        response_404 = NotFoundErrorResponse.from_dict(response.json())

        return response_404

    if response.status_code == 429:
        response_429 = RateLimitExceededErrorResponse.from_dict(response.json())

        return response_429

    if response.status_code == 500:
        response_500 = InternalErrorResponse.from_dict(response.json())

        return response_500

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[
    InternalErrorResponse
    | InvalidFeedbackErrorResponse
    | NotFoundErrorResponse
    | RateLimitExceededErrorResponse
    | SubmitFeedbackResponse
]:
    return Response(
        status_code=as_status(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    conversation_id: str,
    response_id: str,
    message_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: SubmitFeedbackRequest | Unset = UNSET,
    assistant_name: str,
) -> Response[
    InternalErrorResponse
    | InvalidFeedbackErrorResponse
    | NotFoundErrorResponse
    | RateLimitExceededErrorResponse
    | SubmitFeedbackResponse
]:
    """Submit feedback

     Rates an assistant message as helpful or unhelpful.

    Args:
        conversation_id (str):
        response_id (str):
        message_id (str):
        assistant_name (str):
        body (SubmitFeedbackRequest | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[InternalErrorResponse | InvalidFeedbackErrorResponse | NotFoundErrorResponse | RateLimitExceededErrorResponse | SubmitFeedbackResponse]
    """

    kwargs = _get_kwargs(
        conversation_id=conversation_id,
        response_id=response_id,
        message_id=message_id,
        body=body,
        assistant_name=assistant_name,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    conversation_id: str,
    response_id: str,
    message_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: SubmitFeedbackRequest | Unset = UNSET,
    assistant_name: str,
) -> (
    InternalErrorResponse
    | InvalidFeedbackErrorResponse
    | NotFoundErrorResponse
    | RateLimitExceededErrorResponse
    | SubmitFeedbackResponse
    | None
):
    """Submit feedback

     Rates an assistant message as helpful or unhelpful.

    Args:
        conversation_id (str):
        response_id (str):
        message_id (str):
        assistant_name (str):
        body (SubmitFeedbackRequest | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        InternalErrorResponse | InvalidFeedbackErrorResponse | NotFoundErrorResponse | RateLimitExceededErrorResponse | SubmitFeedbackResponse
    """

    return sync_detailed(
        conversation_id=conversation_id,
        response_id=response_id,
        message_id=message_id,
        client=client,
        body=body,
        assistant_name=assistant_name,
    ).parsed


async def asyncio_detailed(
    conversation_id: str,
    response_id: str,
    message_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: SubmitFeedbackRequest | Unset = UNSET,
    assistant_name: str,
) -> Response[
    InternalErrorResponse
    | InvalidFeedbackErrorResponse
    | NotFoundErrorResponse
    | RateLimitExceededErrorResponse
    | SubmitFeedbackResponse
]:
    """Submit feedback

     Rates an assistant message as helpful or unhelpful.

    Args:
        conversation_id (str):
        response_id (str):
        message_id (str):
        assistant_name (str):
        body (SubmitFeedbackRequest | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[InternalErrorResponse | InvalidFeedbackErrorResponse | NotFoundErrorResponse | RateLimitExceededErrorResponse | SubmitFeedbackResponse]
    """

    kwargs = _get_kwargs(
        conversation_id=conversation_id,
        response_id=response_id,
        message_id=message_id,
        body=body,
        assistant_name=assistant_name,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    conversation_id: str,
    response_id: str,
    message_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: SubmitFeedbackRequest | Unset = UNSET,
    assistant_name: str,
) -> (
    InternalErrorResponse
    | InvalidFeedbackErrorResponse
    | NotFoundErrorResponse
    | RateLimitExceededErrorResponse
    | SubmitFeedbackResponse
    | None
):
    """Submit feedback

     Rates an assistant message as helpful or unhelpful.

    Args:
        conversation_id (str):
        response_id (str):
        message_id (str):
        assistant_name (str):
        body (SubmitFeedbackRequest | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        InternalErrorResponse | InvalidFeedbackErrorResponse | NotFoundErrorResponse | RateLimitExceededErrorResponse | SubmitFeedbackResponse
    """

    return (
        await asyncio_detailed(
            conversation_id=conversation_id,
            response_id=response_id,
            message_id=message_id,
            client=client,
            body=body,
            assistant_name=assistant_name,
        )
    ).parsed

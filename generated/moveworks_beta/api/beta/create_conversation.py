# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.conversation import Conversation
from ...models.create_conversation_request import CreateConversationRequest
from ...models.forbidden_error_response import ForbiddenErrorResponse
from ...models.internal_error_response import InternalErrorResponse
from ...models.invalid_title_error_response import InvalidTitleErrorResponse
from ...models.rate_limit_exceeded_error_response import RateLimitExceededErrorResponse
from ...models.unauthorized_error_response import UnauthorizedErrorResponse
from ...types import UNSET, Response, Unset, as_status


def _get_kwargs(
    *,
    body: CreateConversationRequest | Unset = UNSET,
    assistant_name: str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["Assistant-Name"] = assistant_name

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/conversations",
    }

    if not isinstance(body, Unset):
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> (
    Conversation
    | ForbiddenErrorResponse
    | InternalErrorResponse
    | InvalidTitleErrorResponse
    | RateLimitExceededErrorResponse
    | UnauthorizedErrorResponse
    | None
):
    if response.status_code == 201:
        response_201 = Conversation.from_dict(response.json())

        return response_201

    if response.status_code == 400:
        response_400 = InvalidTitleErrorResponse.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = UnauthorizedErrorResponse.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = ForbiddenErrorResponse.from_dict(response.json())

        return response_403

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
    Conversation
    | ForbiddenErrorResponse
    | InternalErrorResponse
    | InvalidTitleErrorResponse
    | RateLimitExceededErrorResponse
    | UnauthorizedErrorResponse
]:
    return Response(
        status_code=as_status(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: CreateConversationRequest | Unset = UNSET,
    assistant_name: str,
) -> Response[
    Conversation
    | ForbiddenErrorResponse
    | InternalErrorResponse
    | InvalidTitleErrorResponse
    | RateLimitExceededErrorResponse
    | UnauthorizedErrorResponse
]:
    """Create conversation

     Starts a conversation; without a title the service makes one from the first response.

    Args:
        assistant_name (str):
        body (CreateConversationRequest | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Conversation | ForbiddenErrorResponse | InternalErrorResponse | InvalidTitleErrorResponse | RateLimitExceededErrorResponse | UnauthorizedErrorResponse]
    """

    kwargs = _get_kwargs(
        body=body,
        assistant_name=assistant_name,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: CreateConversationRequest | Unset = UNSET,
    assistant_name: str,
) -> (
    Conversation
    | ForbiddenErrorResponse
    | InternalErrorResponse
    | InvalidTitleErrorResponse
    | RateLimitExceededErrorResponse
    | UnauthorizedErrorResponse
    | None
):
    """Create conversation

     Starts a conversation; without a title the service makes one from the first response.

    Args:
        assistant_name (str):
        body (CreateConversationRequest | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Conversation | ForbiddenErrorResponse | InternalErrorResponse | InvalidTitleErrorResponse | RateLimitExceededErrorResponse | UnauthorizedErrorResponse
    """

    return sync_detailed(
        client=client,
        body=body,
        assistant_name=assistant_name,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: CreateConversationRequest | Unset = UNSET,
    assistant_name: str,
) -> Response[
    Conversation
    | ForbiddenErrorResponse
    | InternalErrorResponse
    | InvalidTitleErrorResponse
    | RateLimitExceededErrorResponse
    | UnauthorizedErrorResponse
]:
    """Create conversation

     Starts a conversation; without a title the service makes one from the first response.

    Args:
        assistant_name (str):
        body (CreateConversationRequest | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Conversation | ForbiddenErrorResponse | InternalErrorResponse | InvalidTitleErrorResponse | RateLimitExceededErrorResponse | UnauthorizedErrorResponse]
    """

    kwargs = _get_kwargs(
        body=body,
        assistant_name=assistant_name,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: CreateConversationRequest | Unset = UNSET,
    assistant_name: str,
) -> (
    Conversation
    | ForbiddenErrorResponse
    | InternalErrorResponse
    | InvalidTitleErrorResponse
    | RateLimitExceededErrorResponse
    | UnauthorizedErrorResponse
    | None
):
    """Create conversation

     Starts a conversation; without a title the service makes one from the first response.

    Args:
        assistant_name (str):
        body (CreateConversationRequest | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Conversation | ForbiddenErrorResponse | InternalErrorResponse | InvalidTitleErrorResponse | RateLimitExceededErrorResponse | UnauthorizedErrorResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            assistant_name=assistant_name,
        )
    ).parsed

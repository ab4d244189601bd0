# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.forbidden_error_response import ForbiddenErrorResponse
from ...models.internal_error_response import InternalErrorResponse
from ...models.list_response_messages_response import ListResponseMessagesResponse
from ...models.not_found_error_response import NotFoundErrorResponse
from ...models.rate_limit_exceeded_error_response import RateLimitExceededErrorResponse
from ...models.unauthorized_error_response import UnauthorizedErrorResponse
from ...types import Response, as_status


def _get_kwargs(
    conversation_id: str,
    response_id: str,
    *,
    assistant_name: str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["Assistant-Name"] = assistant_name

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/conversations/{conversation_id}/responses/{response_id}/messages".format(
            conversation_id=quote(str(conversation_id), safe=""),
            response_id=quote(str(response_id), safe=""),
        ),
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> (
    ForbiddenErrorResponse
    | InternalErrorResponse
    | ListResponseMessagesResponse
    | NotFoundErrorResponse
    | RateLimitExceededErrorResponse
    | UnauthorizedErrorResponse
    | None
):
    if response.status_code == 200:
        response_200 = ListResponseMessagesResponse.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = UnauthorizedErrorResponse.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = ForbiddenErrorResponse.from_dict(response.json())

        return response_403

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
    ForbiddenErrorResponse
    | InternalErrorResponse
    | ListResponseMessagesResponse
    | NotFoundErrorResponse
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
    conversation_id: str,
    response_id: str,
    *,
    client: AuthenticatedClient | Client,
    assistant_name: str,
) -> Response[
    ForbiddenErrorResponse
    | InternalErrorResponse
    | ListResponseMessagesResponse
    | NotFoundErrorResponse
    | RateLimitExceededErrorResponse
    | UnauthorizedErrorResponse
]:
    """List response messages

     The user's message and the assistant's replies of one response.

    Args:
        conversation_id (str):
        response_id (str):
        assistant_name (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ForbiddenErrorResponse | InternalErrorResponse | ListResponseMessagesResponse | NotFoundErrorResponse | RateLimitExceededErrorResponse | UnauthorizedErrorResponse]
    """

    kwargs = _get_kwargs(
        conversation_id=conversation_id,
        response_id=response_id,
        assistant_name=assistant_name,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    conversation_id: str,
    response_id: str,
    *,
    client: AuthenticatedClient | Client,
    assistant_name: str,
) -> (
    ForbiddenErrorResponse
    | InternalErrorResponse
    | ListResponseMessagesResponse
    | NotFoundErrorResponse
    | RateLimitExceededErrorResponse
    | UnauthorizedErrorResponse
    | None
):
    """List response messages

     The user's message and the assistant's replies of one response.

    Args:
        conversation_id (str):
        response_id (str):
        assistant_name (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ForbiddenErrorResponse | InternalErrorResponse | ListResponseMessagesResponse | NotFoundErrorResponse | RateLimitExceededErrorResponse | UnauthorizedErrorResponse
    """

    return sync_detailed(
        conversation_id=conversation_id,
        response_id=response_id,
        client=client,
        assistant_name=assistant_name,
    ).parsed


async def asyncio_detailed(
    conversation_id: str,
    response_id: str,
    *,
    client: AuthenticatedClient | Client,
    assistant_name: str,
) -> Response[
    ForbiddenErrorResponse
    | InternalErrorResponse
    | ListResponseMessagesResponse
    | NotFoundErrorResponse
    | RateLimitExceededErrorResponse
    | UnauthorizedErrorResponse
]:
    """List response messages

     The user's message and the assistant's replies of one response.

    Args:
        conversation_id (str):
        response_id (str):
        assistant_name (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ForbiddenErrorResponse | InternalErrorResponse | ListResponseMessagesResponse | NotFoundErrorResponse | RateLimitExceededErrorResponse | UnauthorizedErrorResponse]
    """

    kwargs = _get_kwargs(
        conversation_id=conversation_id,
        response_id=response_id,
        assistant_name=assistant_name,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    conversation_id: str,
    response_id: str,
    *,
    client: AuthenticatedClient | Client,
    assistant_name: str,
) -> (
    ForbiddenErrorResponse
    | InternalErrorResponse
    | ListResponseMessagesResponse
    | NotFoundErrorResponse
    | RateLimitExceededErrorResponse
    | UnauthorizedErrorResponse
    | None
):
    """List response messages

     The user's message and the assistant's replies of one response.

    Args:
        conversation_id (str):
        response_id (str):
        assistant_name (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ForbiddenErrorResponse | InternalErrorResponse | ListResponseMessagesResponse | NotFoundErrorResponse | RateLimitExceededErrorResponse | UnauthorizedErrorResponse
    """

    return (
        await asyncio_detailed(
            conversation_id=conversation_id,
            response_id=response_id,
            client=client,
            assistant_name=assistant_name,
        )
    ).parsed

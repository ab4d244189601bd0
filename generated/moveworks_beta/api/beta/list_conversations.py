# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.forbidden_error_response import ForbiddenErrorResponse
from ...models.internal_error_response import InternalErrorResponse
from ...models.invalid_cursor_error_response import InvalidCursorErrorResponse
from ...models.list_conversations_response import ListConversationsResponse
from ...models.rate_limit_exceeded_error_response import RateLimitExceededErrorResponse
from ...models.unauthorized_error_response import UnauthorizedErrorResponse
from ...types import UNSET, Response, Unset, as_status


def _get_kwargs(
    *,
    cursor: str | Unset = UNSET,
    limit: int | Unset = 20,
    archived: bool | Unset = False,
    assistant_name: str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["Assistant-Name"] = assistant_name

    params: dict[str, Any] = {}

    params["cursor"] = cursor

    params["limit"] = limit

    params["archived"] = archived

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/conversations",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> (
    ForbiddenErrorResponse
    | InternalErrorResponse
    | InvalidCursorErrorResponse
    | ListConversationsResponse
    | RateLimitExceededErrorResponse
    | UnauthorizedErrorResponse
    | None
):
    if response.status_code == 200:
        response_200 = ListConversationsResponse.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = InvalidCursorErrorResponse.from_dict(response.json())

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
    ForbiddenErrorResponse
    | InternalErrorResponse
    | InvalidCursorErrorResponse
    | ListConversationsResponse
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
    cursor: str | Unset = UNSET,
    limit: int | Unset = 20,
    archived: bool | Unset = False,
    assistant_name: str,
) -> Response[
    ForbiddenErrorResponse
    | InternalErrorResponse
    | InvalidCursorErrorResponse
    | ListConversationsResponse
    | RateLimitExceededErrorResponse
    | UnauthorizedErrorResponse
]:
    """List conversations

     Conversations, most recently updated first; archived ones only on request.

    Args:
        cursor (str | Unset):
        limit (int | Unset):  Default: 20.
        archived (bool | Unset):  Default: False.
        assistant_name (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ForbiddenErrorResponse | InternalErrorResponse | InvalidCursorErrorResponse | ListConversationsResponse | RateLimitExceededErrorResponse | UnauthorizedErrorResponse]
    """

    kwargs = _get_kwargs(
        cursor=cursor,
        limit=limit,
        archived=archived,
        assistant_name=assistant_name,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    cursor: str | Unset = UNSET,
    limit: int | Unset = 20,
    archived: bool | Unset = False,
    assistant_name: str,
) -> (
    ForbiddenErrorResponse
    | InternalErrorResponse
    | InvalidCursorErrorResponse
    | ListConversationsResponse
    | RateLimitExceededErrorResponse
    | UnauthorizedErrorResponse
    | None
):
    """List conversations

     Conversations, most recently updated first; archived ones only on request.

    Args:
        cursor (str | Unset):
        limit (int | Unset):  Default: 20.
        archived (bool | Unset):  Default: False.
        assistant_name (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ForbiddenErrorResponse | InternalErrorResponse | InvalidCursorErrorResponse | ListConversationsResponse | RateLimitExceededErrorResponse | UnauthorizedErrorResponse
    """

    return sync_detailed(
        client=client,
        cursor=cursor,
        limit=limit,
        archived=archived,
        assistant_name=assistant_name,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    cursor: str | Unset = UNSET,
    limit: int | Unset = 20,
    archived: bool | Unset = False,
    assistant_name: str,
) -> Response[
    ForbiddenErrorResponse
    | InternalErrorResponse
    | InvalidCursorErrorResponse
    | ListConversationsResponse
    | RateLimitExceededErrorResponse
    | UnauthorizedErrorResponse
]:
    """List conversations

     Conversations, most recently updated first; archived ones only on request.

    Args:
        cursor (str | Unset):
        limit (int | Unset):  Default: 20.
        archived (bool | Unset):  Default: False.
        assistant_name (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ForbiddenErrorResponse | InternalErrorResponse | InvalidCursorErrorResponse | ListConversationsResponse | RateLimitExceededErrorResponse | UnauthorizedErrorResponse]
    """

    kwargs = _get_kwargs(
        cursor=cursor,
        limit=limit,
        archived=archived,
        assistant_name=assistant_name,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    cursor: str | Unset = UNSET,
    limit: int | Unset = 20,
    archived: bool | Unset = False,
    assistant_name: str,
) -> (
    ForbiddenErrorResponse
    | InternalErrorResponse
    | InvalidCursorErrorResponse
    | ListConversationsResponse
    | RateLimitExceededErrorResponse
    | UnauthorizedErrorResponse
    | None
):
    """List conversations

     Conversations, most recently updated first; archived ones only on request.

    Args:
        cursor (str | Unset):
        limit (int | Unset):  Default: 20.
        archived (bool | Unset):  Default: False.
        assistant_name (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ForbiddenErrorResponse | InternalErrorResponse | InvalidCursorErrorResponse | ListConversationsResponse | RateLimitExceededErrorResponse | UnauthorizedErrorResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            cursor=cursor,
            limit=limit,
            archived=archived,
            assistant_name=assistant_name,
        )
    ).parsed

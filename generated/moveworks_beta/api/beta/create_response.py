# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.assistant_response import AssistantResponse
from ...models.create_response_request import CreateResponseRequest
from ...models.forbidden_error_response import ForbiddenErrorResponse
from ...models.input_required_error_response import InputRequiredErrorResponse
from ...models.internal_error_response import InternalErrorResponse
from ...models.not_found_error_response import NotFoundErrorResponse
from ...models.rate_limit_exceeded_error_response import RateLimitExceededErrorResponse
from ...models.unauthorized_error_response import UnauthorizedErrorResponse
from ...types import UNSET, Response, Unset, as_status


def _get_kwargs(
    conversation_id: str,
    *,
    body: CreateResponseRequest | Unset = UNSET,
    assistant_name: str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["Assistant-Name"] = assistant_name

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/conversations/{conversation_id}/responses".format(
            conversation_id=quote(str(conversation_id), safe=""),
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
    AssistantResponse
    | ForbiddenErrorResponse
    | InputRequiredErrorResponse
    | InternalErrorResponse
    | NotFoundErrorResponse
    | RateLimitExceededErrorResponse
    | UnauthorizedErrorResponse
    | None
):
    if response.status_code == 202:
        response_202 = AssistantResponse.from_dict(response.json())

        return response_202

    if response.status_code == 400:
        response_400 = InputRequiredErrorResponse.from_dict(response.json())

        return response_400

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
    AssistantResponse
    | ForbiddenErrorResponse
    | InputRequiredErrorResponse
    | InternalErrorResponse
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
    *,
    client: AuthenticatedClient | Client,
    body: CreateResponseRequest | Unset = UNSET,
    assistant_name: str,
) -> Response[
    AssistantResponse
    | ForbiddenErrorResponse
    | InputRequiredErrorResponse
    | InternalErrorResponse
    | NotFoundErrorResponse
    | RateLimitExceededErrorResponse
    | UnauthorizedErrorResponse
]:
    """Create response

     Accepts a user message and returns at once; poll Get response for the result.

    Args:
        conversation_id (str):
        assistant_name (str):
        body (CreateResponseRequest | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AssistantResponse | ForbiddenErrorResponse | InputRequiredErrorResponse | InternalErrorResponse | NotFoundErrorResponse | RateLimitExceededErrorResponse | UnauthorizedErrorResponse]
    """

    kwargs = _get_kwargs(
        conversation_id=conversation_id,
        body=body,
        assistant_name=assistant_name,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    conversation_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: CreateResponseRequest | Unset = UNSET,
    assistant_name: str,
) -> (
    AssistantResponse
    | ForbiddenErrorResponse
    | InputRequiredErrorResponse
    | InternalErrorResponse
    | NotFoundErrorResponse
    | RateLimitExceededErrorResponse
    | UnauthorizedErrorResponse
    | None
):
    """Create response

     Accepts a user message and returns at once; poll Get response for the result.

    Args:
        conversation_id (str):
        assistant_name (str):
        body (CreateResponseRequest | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AssistantResponse | ForbiddenErrorResponse | InputRequiredErrorResponse | InternalErrorResponse | NotFoundErrorResponse | RateLimitExceededErrorResponse | UnauthorizedErrorResponse
    """

    return sync_detailed(
        conversation_id=conversation_id,
        client=client,
        body=body,
        assistant_name=assistant_name,
    ).parsed


async def asyncio_detailed(
    conversation_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: CreateResponseRequest | Unset = UNSET,
    assistant_name: str,
) -> Response[
    AssistantResponse
    | ForbiddenErrorResponse
    | InputRequiredErrorResponse
    | InternalErrorResponse
    | NotFoundErrorResponse
    | RateLimitExceededErrorResponse
    | UnauthorizedErrorResponse
]:
    """Create response

     Accepts a user message and returns at once; poll Get response for the result.

    Args:
        conversation_id (str):
        assistant_name (str):
        body (CreateResponseRequest | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AssistantResponse | ForbiddenErrorResponse | InputRequiredErrorResponse | InternalErrorResponse | NotFoundErrorResponse | RateLimitExceededErrorResponse | UnauthorizedErrorResponse]
    """

    kwargs = _get_kwargs(
        conversation_id=conversation_id,
        body=body,
        assistant_name=assistant_name,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    conversation_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: CreateResponseRequest | Unset = UNSET,
    assistant_name: str,
) -> (
    AssistantResponse
    | ForbiddenErrorResponse
    | InputRequiredErrorResponse
    | InternalErrorResponse
    | NotFoundErrorResponse
    | RateLimitExceededErrorResponse
    | UnauthorizedErrorResponse
    | None
):
    """Create response

     Accepts a user message and returns at once; poll Get response for the result.

    Args:
        conversation_id (str):
        assistant_name (str):
        body (CreateResponseRequest | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AssistantResponse | ForbiddenErrorResponse | InputRequiredErrorResponse | InternalErrorResponse | NotFoundErrorResponse | RateLimitExceededErrorResponse | UnauthorizedErrorResponse
    """

    return (
        await asyncio_detailed(
            conversation_id=conversation_id,
            client=client,
            body=body,
            assistant_name=assistant_name,
        )
    ).parsed

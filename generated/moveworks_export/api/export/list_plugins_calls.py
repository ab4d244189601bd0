# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.export_bad_request_error_response import ExportBadRequestErrorResponse
from ...models.export_forbidden_error_response import ExportForbiddenErrorResponse
from ...models.export_internal_server_error_response import ExportInternalServerErrorResponse
from ...models.export_not_found_error_response import ExportNotFoundErrorResponse
from ...models.export_rate_limit_error_response import ExportRateLimitErrorResponse
from ...models.export_unauthorized_error_response import ExportUnauthorizedErrorResponse
from ...models.plugin_call_page import PluginCallPage
from ...types import UNSET, Response, Unset, as_status


def _get_kwargs(
    *,
    filter_: str | Unset = UNSET,
    select: str | Unset = UNSET,
    orderby: str | Unset = UNSET,
    top: int | Unset = UNSET,
    skip: int | Unset = UNSET,
    count: bool | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["$filter"] = filter_

    params["$select"] = select

    params["$orderby"] = orderby

    params["$top"] = top

    params["$skip"] = skip

    params["$count"] = count

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/plugin-calls",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> (
    ExportBadRequestErrorResponse
    | ExportForbiddenErrorResponse
    | ExportInternalServerErrorResponse
    | ExportNotFoundErrorResponse
    | ExportRateLimitErrorResponse
    | ExportUnauthorizedErrorResponse
    | PluginCallPage
    | None
):
    if response.status_code == 200:
        response_200 = PluginCallPage.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = ExportBadRequestErrorResponse.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = ExportUnauthorizedErrorResponse.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = ExportForbiddenErrorResponse.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = ExportNotFoundErrorResponse.from_dict(response.json())

        return response_404

    if response.status_code == 429:
        response_429 = ExportRateLimitErrorResponse.from_dict(response.json())

        return response_429

    if response.status_code == 500:
        response_500 = ExportInternalServerErrorResponse.from_dict(response.json())

        return response_500

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[
    ExportBadRequestErrorResponse
    | ExportForbiddenErrorResponse
    | ExportInternalServerErrorResponse
    | ExportNotFoundErrorResponse
    | ExportRateLimitErrorResponse
    | ExportUnauthorizedErrorResponse
    | PluginCallPage
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
    filter_: str | Unset = UNSET,
    select: str | Unset = UNSET,
    orderby: str | Unset = UNSET,
    top: int | Unset = UNSET,
    skip: int | Unset = UNSET,
    count: bool | Unset = UNSET,
) -> Response[
    ExportBadRequestErrorResponse
    | ExportForbiddenErrorResponse
    | ExportInternalServerErrorResponse
    | ExportNotFoundErrorResponse
    | ExportRateLimitErrorResponse
    | ExportUnauthorizedErrorResponse
    | PluginCallPage
]:
    """List plugin calls

     Every plugin that the assistant called.

    Args:
        filter_ (str | Unset):
        select (str | Unset):
        orderby (str | Unset):
        top (int | Unset):
        skip (int | Unset):
        count (bool | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ExportBadRequestErrorResponse | ExportForbiddenErrorResponse | ExportInternalServerErrorResponse | ExportNotFoundErrorResponse | ExportRateLimitErrorResponse | ExportUnauthorizedErrorResponse | PluginCallPage]
    """

    kwargs = _get_kwargs(
        filter_=filter_,
        select=select,
        orderby=orderby,
        top=top,
        skip=skip,
        count=count,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    filter_: str | Unset = UNSET,
    select: str | Unset = UNSET,
    orderby: str | Unset = UNSET,
    top: int | Unset = UNSET,
    skip: int | Unset = UNSET,
    count: bool | Unset = UNSET,
) -> (
    ExportBadRequestErrorResponse
    | ExportForbiddenErrorResponse
    | ExportInternalServerErrorResponse
    | ExportNotFoundErrorResponse
    | ExportRateLimitErrorResponse
    | ExportUnauthorizedErrorResponse
    | PluginCallPage
    | None
):
    """List plugin calls

     Every plugin that the assistant called.

    Args:
        filter_ (str | Unset):
        select (str | Unset):
        orderby (str | Unset):
        top (int | Unset):
        skip (int | Unset):
        count (bool | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ExportBadRequestErrorResponse | ExportForbiddenErrorResponse | ExportInternalServerErrorResponse | ExportNotFoundErrorResponse | ExportRateLimitErrorResponse | ExportUnauthorizedErrorResponse | PluginCallPage
    """

    return sync_detailed(
        client=client,
        filter_=filter_,
        select=select,
        orderby=orderby,
        top=top,
        skip=skip,
        count=count,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    filter_: str | Unset = UNSET,
    select: str | Unset = UNSET,
    orderby: str | Unset = UNSET,
    top: int | Unset = UNSET,
    skip: int | Unset = UNSET,
    count: bool | Unset = UNSET,
) -> Response[
    ExportBadRequestErrorResponse
    | ExportForbiddenErrorResponse
    | ExportInternalServerErrorResponse
    | ExportNotFoundErrorResponse
    | ExportRateLimitErrorResponse
    | ExportUnauthorizedErrorResponse
    | PluginCallPage
]:
    """List plugin calls

     Every plugin that the assistant called.

    Args:
        filter_ (str | Unset):
        select (str | Unset):
        orderby (str | Unset):
        top (int | Unset):
        skip (int | Unset):
        count (bool | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ExportBadRequestErrorResponse | ExportForbiddenErrorResponse | ExportInternalServerErrorResponse | ExportNotFoundErrorResponse | ExportRateLimitErrorResponse | ExportUnauthorizedErrorResponse | PluginCallPage]
    """

    kwargs = _get_kwargs(
        filter_=filter_,
        select=select,
        orderby=orderby,
        top=top,
        skip=skip,
        count=count,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    filter_: str | Unset = UNSET,
    select: str | Unset = UNSET,
    orderby: str | Unset = UNSET,
    top: int | Unset = UNSET,
    skip: int | Unset = UNSET,
    count: bool | Unset = UNSET,
) -> (
    ExportBadRequestErrorResponse
    | ExportForbiddenErrorResponse
    | ExportInternalServerErrorResponse
    | ExportNotFoundErrorResponse
    | ExportRateLimitErrorResponse
    | ExportUnauthorizedErrorResponse
    | PluginCallPage
    | None
):
    """List plugin calls

     Every plugin that the assistant called.

    Args:
        filter_ (str | Unset):
        select (str | Unset):
        orderby (str | Unset):
        top (int | Unset):
        skip (int | Unset):
        count (bool | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ExportBadRequestErrorResponse | ExportForbiddenErrorResponse | ExportInternalServerErrorResponse | ExportNotFoundErrorResponse | ExportRateLimitErrorResponse | ExportUnauthorizedErrorResponse | PluginCallPage
    """

    return (
        await asyncio_detailed(
            client=client,
            filter_=filter_,
            select=select,
            orderby=orderby,
            top=top,
            skip=skip,
            count=count,
        )
    ).parsed

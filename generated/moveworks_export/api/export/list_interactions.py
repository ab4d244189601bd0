# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
"""GET /interactions"""

from __future__ import annotations

from typing import Any, TypeAlias

from ... import types as _types
from ...client import Client
from ...models.export_bad_request_error_response import ExportBadRequestErrorResponse
from ...models.export_forbidden_error_response import ExportForbiddenErrorResponse
from ...models.export_internal_server_error_response import ExportInternalServerErrorResponse
from ...models.export_not_found_error_response import ExportNotFoundErrorResponse
from ...models.export_rate_limit_error_response import ExportRateLimitErrorResponse
from ...models.export_unauthorized_error_response import ExportUnauthorizedErrorResponse
from ...models.interaction_page import InteractionPage
from ...service import BASE_PATH as _BASE_PATH
from ...types import UNSET, Response, Unset

_Answer: TypeAlias = (
    ExportBadRequestErrorResponse
    | ExportForbiddenErrorResponse
    | ExportInternalServerErrorResponse
    | ExportNotFoundErrorResponse
    | ExportRateLimitErrorResponse
    | ExportUnauthorizedErrorResponse
    | InteractionPage
)
_ANSWERS: _types.Answers[_Answer] = _types.Answers(
    _types.Answer(200, 200, "json", _types.read_model(InteractionPage)),
    _types.Answer(400, 400, "json", _types.read_model(ExportBadRequestErrorResponse)),
    _types.Answer(401, 401, "json", _types.read_model(ExportUnauthorizedErrorResponse)),
    _types.Answer(403, 403, "json", _types.read_model(ExportForbiddenErrorResponse)),
    _types.Answer(404, 404, "json", _types.read_model(ExportNotFoundErrorResponse)),
    _types.Answer(429, 429, "json", _types.read_model(ExportRateLimitErrorResponse)),
    _types.Answer(500, 500, "json", _types.read_model(ExportInternalServerErrorResponse)),
)


def request(
    *,
    filter: str | Unset = UNSET,
    select: str | Unset = UNSET,
    orderby: str | Unset = UNSET,
    top: int | Unset = UNSET,
    skip: int | Unset = UNSET,
    count: bool | Unset = UNSET,
) -> _types.RequestParts:
    """List interactions. Every input by a user and every answer by the assistant

    Args:
        filter: OData filter expression.
        select: Comma-separated properties to return.
        orderby: Comma-separated properties, each with optional `asc` or `desc`.
        top: Largest number of records to return.
        skip: Number of records to skip.
        count: Whether to return the number of matching records.
    """
    return _types.build_request(
        "GET",
        _BASE_PATH + "/interactions",
        query=(
            ("$filter", filter, ""),
            ("$select", select, ""),
            ("$orderby", orderby, ""),
            ("$top", top, ""),
            ("$skip", skip, ""),
            ("$count", count, ""),
        ),
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
    filter: str | Unset = UNSET,
    select: str | Unset = UNSET,
    orderby: str | Unset = UNSET,
    top: int | Unset = UNSET,
    skip: int | Unset = UNSET,
    count: bool | Unset = UNSET,
) -> Response[_Answer]:
    """Send the request and read the answer."""
    return client.send(
        request(
            filter=filter,
            select=select,
            orderby=orderby,
            top=top,
            skip=skip,
            count=count,
        ),
        _ANSWERS,
    )


def sync(
    *,
    client: Client,
    filter: str | Unset = UNSET,
    select: str | Unset = UNSET,
    orderby: str | Unset = UNSET,
    top: int | Unset = UNSET,
    skip: int | Unset = UNSET,
    count: bool | Unset = UNSET,
) -> _Answer | None:
    """As `sync_detailed`, but only the model of the answer."""
    return sync_detailed(
        client=client,
        filter=filter,
        select=select,
        orderby=orderby,
        top=top,
        skip=skip,
        count=count,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    filter: str | Unset = UNSET,
    select: str | Unset = UNSET,
    orderby: str | Unset = UNSET,
    top: int | Unset = UNSET,
    skip: int | Unset = UNSET,
    count: bool | Unset = UNSET,
) -> Response[_Answer]:
    """As `sync_detailed`, in async code."""
    return await client.send_async(
        request(
            filter=filter,
            select=select,
            orderby=orderby,
            top=top,
            skip=skip,
            count=count,
        ),
        _ANSWERS,
    )


async def asyncio(
    *,
    client: Client,
    filter: str | Unset = UNSET,
    select: str | Unset = UNSET,
    orderby: str | Unset = UNSET,
    top: int | Unset = UNSET,
    skip: int | Unset = UNSET,
    count: bool | Unset = UNSET,
) -> _Answer | None:
    """As `sync`, in async code."""
    return (
        await asyncio_detailed(
            client=client,
            filter=filter,
            select=select,
            orderby=orderby,
            top=top,
            skip=skip,
            count=count,
        )
    ).parsed

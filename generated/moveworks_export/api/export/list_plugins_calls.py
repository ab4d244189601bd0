# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
"""GET /plugin-calls"""

from __future__ import annotations

from typing import Any, TypeAlias

from moveworks.unset import UNSET, Unset
from moveworks_runtime import answers as _answers
from moveworks_runtime import models as _models
from moveworks_runtime import requests as _requests
from moveworks_runtime.answers import Response

from ...client import Client
from ...models.export_bad_request_error_response import ExportBadRequestErrorResponse
from ...models.export_forbidden_error_response import ExportForbiddenErrorResponse
from ...models.export_internal_server_error_response import ExportInternalServerErrorResponse
from ...models.export_not_found_error_response import ExportNotFoundErrorResponse
from ...models.export_rate_limit_error_response import ExportRateLimitErrorResponse
from ...models.export_unauthorized_error_response import ExportUnauthorizedErrorResponse
from ...models.plugin_call_page import PluginCallPage
from ...service import BASE_PATH as _BASE_PATH

_Answer: TypeAlias = (
    ExportBadRequestErrorResponse
    | ExportForbiddenErrorResponse
    | ExportInternalServerErrorResponse
    | ExportNotFoundErrorResponse
    | ExportRateLimitErrorResponse
    | ExportUnauthorizedErrorResponse
    | PluginCallPage
)
_ANSWERS: _answers.Answers[_Answer] = _answers.Answers(
    _answers.Answer(200, 200, "json", _models.read_model(PluginCallPage)),
    _answers.Answer(400, 400, "json", _models.read_model(ExportBadRequestErrorResponse)),
    _answers.Answer(401, 401, "json", _models.read_model(ExportUnauthorizedErrorResponse)),
    _answers.Answer(403, 403, "json", _models.read_model(ExportForbiddenErrorResponse)),
    _answers.Answer(404, 404, "json", _models.read_model(ExportNotFoundErrorResponse)),
    _answers.Answer(429, 429, "json", _models.read_model(ExportRateLimitErrorResponse)),
    _answers.Answer(500, 500, "json", _models.read_model(ExportInternalServerErrorResponse)),
)


def request(
    *,
    filter: str | Unset = UNSET,
    select: str | Unset = UNSET,
    orderby: str | Unset = UNSET,
    top: int | Unset = UNSET,
    skip: int | Unset = UNSET,
    count: bool | Unset = UNSET,
) -> _requests.RequestParts:
    """List plugin calls. Every plugin that the assistant called.

    Args:
        filter: OData filter expression.
        select: Comma-separated properties to return.
        orderby: Comma-separated properties, each with optional `asc` or `desc`.
        top: Largest number of records to return.
        skip: Number of records to skip.
        count: Whether to return the number of matching records.
    """
    return _requests.build_request(
        "GET",
        _BASE_PATH + "/plugin-calls",
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

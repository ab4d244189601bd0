"""Lists of the beta API: a named array, and a cursor to the next page."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlencode

from attrs import evolve, field, frozen

from moveworks.assistant.calls import find_operation
from moveworks.links import Link
from moveworks.paging import Cursor
from moveworks.transport.decoding import UnexpectedBodyError, read_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from moveworks.assistant.calls import Caller
    from moveworks.transport import Request

MAX_PAGE_SIZE = 100


@frozen
class ListContent:
    """What a page of such a list holds."""

    items: list[Any] = field(repr=False)
    link: str | None = field(repr=False)
    count: int | None = None


def list_cursor(
    caller: Caller,
    operation_id: str,
    *values: str,
    page_size: int | None = None,
    resume_from: str | None = None,
    **options: Any,
) -> Cursor[Any]:
    """How a list is read.

    Raises:
        ValueError: for a page size that the service does not take, and for options besides `resume_from`.
    """
    if page_size is not None:
        if type(page_size) is not int or not 1 <= page_size <= MAX_PAGE_SIZE:
            raise ValueError(f"page_size is a number from 1 to {MAX_PAGE_SIZE}, not {page_size!r}")
        options["limit"] = page_size
    array, identity = _shape(operation_id)
    request = caller.request(operation_id, *values, more={"read": _reader(array)}, **options)
    if resume_from is not None:
        if given := [name for name, value in options.items() if value is not None]:
            raise ValueError(f"resume_from carries the whole query; leave out {', '.join(given)}")
        assert request.scope is not None
        request = evolve(request, link=request.scope.redirect(request.link, resume_from))
    return Cursor(first=request, follow=_follow, build=_builder(operation_id, array), identify=identity)


def _shape(operation_id: str) -> tuple[str, Callable[[Any], object] | None]:
    """Name of the array in the answer, and what makes two of its items the same, as the spec has them."""
    from moveworks_beta import models

    model: Any = _answer_model(operation_id)
    for name, annotation in model.__annotations__.items():
        if found := re.match(r"list\[(\w+)\]", str(annotation)):
            item = getattr(models, found[1])
            ids = [each for each in item.__annotations__ if each.endswith("_id")]
            return name, partial(_identity, ids[0]) if ids else None
    raise UnexpectedBodyError(f"{operation_id} answers without a list in this version of the spec")


def _identity(name: str, item: Any) -> object:
    return getattr(item, name, None)


def _answer_model(operation_id: str) -> type[Any]:
    operation = find_operation(operation_id)
    return type(operation.read(int(operation.success[0]), {}))


def _reader(array: str) -> Callable[[bytes], ListContent]:
    def read(content: bytes) -> ListContent:
        body = read_json(content)
        items = body.get(array) if isinstance(body, dict) else None
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise UnexpectedBodyError(f"the answer has no list of {array}")
        metadata = body.get("metadata")
        cursor = metadata.get("next_cursor") if isinstance(metadata, dict) else None
        if cursor is not None and not (isinstance(cursor, str) and cursor):
            raise UnexpectedBodyError("the cursor of the next page is not text")
        return ListContent(items, cursor)

    return read


def _builder(operation_id: str, array: str) -> Callable[[Any], Any]:
    operation = find_operation(operation_id)
    status = int(operation.success[0])

    def build(item: dict[str, Any]) -> Any:
        return getattr(operation.read(status, {array: [item]}), array)[0]

    return build


def _follow(request: Request, cursor: str) -> Request:
    """The request of the next page: the same query with its cursor."""
    path, _, query = request.link.target.partition("?")
    pairs = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] != "cursor"]
    target = f"{path}?{urlencode([*pairs, ('cursor', cursor)], quote_via=quote)}"
    link = Link(request.link.origin + target, request.link.origin, target)
    return evolve(request, link=link, advice={**request.advice, 400: _EXPIRED, 410: _EXPIRED})


_EXPIRED = "The service no longer takes this cursor: read the list again from its beginning"

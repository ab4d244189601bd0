"""Entity sets: listing and counting the records of the export API."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, TypedDict, TypeVar, Unpack, cast, overload

from attrs import evolve

import moveworks_beta.service
from moveworks import odata
from moveworks.auth import TOKEN_PATH
from moveworks.errors import MoveworksError, ResponseError, UntrustedLinkError
from moveworks.links import MAX_URL, Scope
from moveworks.odata.conditions import FALSE
from moveworks.odata.redact import masked
from moveworks.operations import operation_request
from moveworks.paging import Cursor
from moveworks.records.page import read_next_page, read_page, whole_number
from moveworks.records.pager import AsyncRecordPager, RecordPager, TextList
from moveworks.records.texts import read_next_texts, read_texts
from moveworks.transport import Reply, Request
from moveworks.transport.decoding import read_json
from moveworks.unset import UNSET
from moveworks_export.entities import ENTITY_SETS
from moveworks_export.operations import OPERATIONS
from moveworks_export.service import BASE_PATH

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from moveworks.odata import Condition, EntitySetInfo
    from moveworks.odata.query import Order, Selection
    from moveworks.transport.aio import AsyncTransport
    from moveworks.transport.http import Transport

R = TypeVar("R")
Raw = Literal["bytes"] | bool
"""How records are handed out: False for models, True for dictionaries, `"bytes"` for the JSON texts as they came."""

RATE_LIMIT_WAITS: Final[Mapping[str, float]] = {"users": 90.0}
"""Seconds to wait after a 429 without Retry-After, where it is not 60: the vendor's loader waits 90 s on `users`."""
_GONE: Final = "The service no longer takes this next link: read the list again, from its beginning or a watermark"
FOLLOWED: Final[Mapping[int, str]] = {400: _GONE, 404: _GONE, 410: _GONE}
"""What to do where a next link is refused: it is the service's own text, so no filter is wrong."""
COUNT_REFUSED: Final = frozenset({400, 403, 404, 405, 406, 501})
"""What a service without `/$count` may answer to it. A failure (5xx after all attempts, 401, 429) is no refusal."""


class ListOptions(TypedDict, total=False):
    """Arguments of `list` but `raw`, which decides what the records are."""

    filter: Condition | str | None
    select: Selection
    order_by: Order
    limit: int | None
    top: int | None
    skip: int | None
    count: bool | None
    options: Mapping[str, str] | None
    resume_from: str | None


class _EntitySet(Generic[R]):
    """What both kinds of entity set share: requests out of options."""

    def __init__(self, info: EntitySetInfo, transport: Any, dialect: odata.Dialect) -> None:
        self.info = info
        self._transport = transport
        self._dialect = dialect
        self._scope = Scope(
            transport.origin,
            trusted=transport.trusted,
            path=f"/{BASE_PATH.rpartition('/')[2]}{info.path}",
            others=_other_paths(info.name),
            what=info.name,
        )

    @property
    def name(self) -> str:
        """The published name, such as `plugin-calls`."""
        return self.info.name

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}: {self.info.doc}>"

    def _repr_html_(self) -> str:
        import html

        rows = "".join(
            f"<tr><td>{html.escape(name)}</td><td>{field.kind}</td><td>{html.escape(field.doc)}</td></tr>"
            for name, field in self.info.entity.fields().items()
        )
        return f"<p><b>{html.escape(self.name)}</b>: {html.escape(self.info.doc)}</p><table>{rows}</table>"

    def _request(self, query: odata.Query, suffix: str = "", **more: Any) -> Request:
        operation = OPERATIONS[self.info.operation]
        names = {each.wire_name: each.name for each in operation.parameters}
        options = query.parameters(self._dialect)
        # A count takes fewer options and a next link carries its own; a list has been checked for those it needs.
        absent = {each.name: UNSET for each in operation.parameters if each.required}
        parts = operation.request(**absent | {names[name]: text for name, text in options.items()})
        parts = evolve(parts, path=parts.path + suffix)
        scope = evolve(self._scope, path=self._scope.path + suffix) if suffix else self._scope
        given = {
            "scope": scope,
            "read": read_page,
            "rate_limit_wait": RATE_LIMIT_WAITS.get(self.name, 60.0),
            "advice": {403: f"This credential has no scope for {self.name}; ask the administrator for it"},
        }
        request = operation_request(operation, parts, self._transport, **{**given, **more})
        if len(request.link.url) > MAX_URL:
            raise ValueError(
                f"the query makes a URL of {len(request.link.url)} characters, which cannot be sent; odata.split_in() "
                "makes several queries out of one with a long in_([...])"
            )
        return request

    def _follow(self, request: Request, text: str) -> Request:
        """The request of the next page; its link was judged."""
        return evolve(
            request,
            link=self._scope.next_link(request.link, text),
            read=read_next_page,
            advice=FOLLOWED,
        )

    def _follow_texts(self, request: Request, text: str) -> Request:
        return evolve(self._follow(request, text), read=read_next_texts)

    def _cursor(self, resume_from: str | None, *, raw: Raw, **options: Any) -> tuple[Cursor[Any] | None, str]:
        """Where a list begins, None if it is empty anyway; and the list in words, without values."""
        if raw not in {True, False, "bytes"}:
            raise ValueError(f'raw is True, False or "bytes", not {raw!r}')
        texts = raw == "bytes"
        build = None if raw else self.info.load_model().adopt
        follow, read = (self._follow_texts, read_texts) if texts else (self._follow, read_page)
        if resume_from is not None:
            if given := [name for name, value in options.items() if value is not None]:
                raise ValueError(f"resume_from carries the whole query; leave out {', '.join(given)}")
            if not isinstance(resume_from, str):
                raise TypeError(f"resume_from takes a next link, not {type(resume_from).__name__}")
            if "://" not in resume_from:
                raise UntrustedLinkError("resume_from is not a complete URL", advice="Give the next link as it came")
            first = evolve(self._follow(self._request(odata.Query()), resume_from), read=read)
            return Cursor(first=first, follow=follow, build=build), self.name
        if options["order_by"] is None:
            options["order_by"] = self._order
        query = odata.compose(self.info.entity, **options)
        parameters = query.parameters(self._dialect)
        for name in parameters:
            if name not in self.info.options:
                raise ValueError(f"{self.name} has no query option {name}; it has {', '.join(self.info.options)}")
        for each in OPERATIONS[self.info.operation].parameters:
            if each.required and each.wire_name not in parameters:
                raise ValueError(
                    f"{self.name} needs the query option {each.wire_name}; "
                    f"give it with options={{{each.wire_name!r}: ...}}, or --option {each.wire_name}=..."
                )
        shown = " ".join([self.name, *(f"{name}={masked(text)}" for name, text in parameters.items())])[:300]
        if _selects_nothing(query):
            return None, shown
        return Cursor(first=self._request(query, read=read), follow=follow, build=build), shown

    def _texts(self, cursor: Cursor[Any] | None, limit: int | None) -> TextList:
        """The list of a cursor with its records as JSON texts."""
        if cursor is not None:
            cursor = Cursor(first=evolve(cursor.first, read=read_texts), follow=self._follow_texts)
        return TextList(info=self.info, cursor=cursor, limit=limit)

    @property
    def _order(self) -> list[odata.OrderBy]:
        """The keys of an order without ties.

        Records are written again while a list is read, and the service may move one whose place is not certain to a
        page that was read already.
        """
        if "$orderby" not in self.info.options:
            return []
        fields = self.info.entity.fields()
        return [odata.OrderBy(fields[name].node) for name in ("created_time", "id") if name in fields]

    def _counting(self, filter: Condition | str | None) -> Generator[Request, Reply | MoveworksError, int]:  # noqa: A002
        """Asks for requests to be sent until the number is known."""
        query = odata.compose(self.info.entity, filter=filter)
        if _selects_nothing(query):
            return 0
        # A bare number is text, and a strict service refuses to give it as JSON. Cut short it is still a number, and a
        # compressed body that ends early is not always noticed, so it must come as it is.
        plain = {"Accept": "text/plain, application/json", "Accept-Encoding": "identity"}
        reply = yield self._request(query, "/$count", headers=plain, read=read_json)
        if isinstance(reply, Reply):
            number = whole_number(reply.data)
        elif reply.status in COUNT_REFUSED or isinstance(reply, ResponseError):
            number = None
        else:
            raise reply
        if number is not None:
            return number
        reply = yield self._request(odata.compose(self.info.entity, filter=filter, top=1, count=True))
        if isinstance(reply, MoveworksError):
            raise reply
        number = reply.data.count
        if number is None:
            raise ResponseError(
                f"the service gave no number of {self.name}",
                advice="Count by listing: sum(1 for _ in list(filter=...))",
                status=reply.status,
                request_id=reply.request_id,
            )
        return cast("int", number)


def _selects_nothing(query: odata.Query) -> bool:
    """Whether the filter is never true: that needs no request, and as text not every service would understand it."""
    return isinstance(query.filter, odata.Condition) and query.filter.node == FALSE


@cache
def _other_paths(name: str) -> tuple[str, ...]:
    """What is at the same origin and not this entity set."""
    paths = [BASE_PATH + other.path for other in ENTITY_SETS.values() if other.name != name]
    return (*paths, moveworks_beta.service.BASE_PATH, TOKEN_PATH)


class EntitySet(_EntitySet[R]):
    """One entity set, such as `mw.records.conversations`."""

    _transport: Transport

    @overload
    def list(self, *, raw: Literal["bytes"], **options: Unpack[ListOptions]) -> RecordPager[bytes]: ...
    @overload
    def list(self, *, raw: Literal[True], **options: Unpack[ListOptions]) -> RecordPager[dict[str, Any]]: ...
    @overload
    def list(self, *, raw: Literal[False] = False, **options: Unpack[ListOptions]) -> RecordPager[R]: ...
    @overload
    def list(self, *, raw: bool, **options: Unpack[ListOptions]) -> RecordPager[R] | RecordPager[dict[str, Any]]: ...
    def list(
        self,
        *,
        filter: Condition | str | None = None,  # noqa: A002 - the name of the OData option
        select: Selection = None,
        order_by: Order = None,
        limit: int | None = None,
        top: int | None = None,
        skip: int | None = None,
        count: bool | None = None,
        options: Mapping[str, str] | None = None,
        resume_from: str | None = None,
        raw: Raw = False,
    ) -> RecordPager[Any]:
        """The records, over all pages; nothing is sent before they are asked for.

        Records are written again while you read, so the order has no ties by default (`created_time,id`, or `id` where
        there is no `created_time`): else the service may move a record to a page that was read already.

        Args:
            filter: A condition such as `C.route == "DM"`, or OData text that is sent as written.
            select: Fields to return; others are UNSET.
            order_by: Sort keys, the most important first; end with `C.id`, so that there are no ties. `[]` sends none.
            limit: Stop after this many records. Unlike `top` it is ours, and pages are read on until then.
            top: OData's `$top`: caps the whole result on the service's side. It is not a page size.
            skip: OData's `$skip`: leave out this many records.
            count: Ask for the number of all matching records; it is in `pager.count` after the first page.
            options: Further query options that the spec declares, by name.
            resume_from: Next link to go on from; it carries the query. None reads from the beginning.
            raw: Give plain dictionaries and build no models; with `"bytes"`, the JSON text of each record as it came:
                the fastest way, and the one that keeps every digit.

        Raises:
            TypeError, ValueError: for options that make no sense; at once.
            MoveworksError: while reading; it carries `resume_from`.
        """
        cursor, shown = self._cursor(
            resume_from,
            raw=raw,
            filter=filter,
            select=select,
            order_by=order_by,
            top=top,
            skip=skip,
            count=count,
            options=options,
        )
        return RecordPager(cursor, self._transport, limit=limit, shown=shown, texts=self._texts(cursor, limit))

    def count(self, *, filter: Condition | str | None = None) -> int:  # noqa: A002
        """How many records there are, or match a filter. Asks `/$count`, and a list's `$count=true` if that is refused.

        Raises:
            ResponseError: if the service gives no number either way.
        """
        steps = self._counting(filter)
        try:
            request = next(steps)
            while True:
                try:
                    reply: Reply | MoveworksError = self._transport.send(request)
                except MoveworksError as error:
                    reply = error
                request = steps.send(reply)
        except StopIteration as finished:
            return cast("int", finished.value)


class AsyncEntitySet(_EntitySet[R]):
    """As `EntitySet`, async."""

    _transport: AsyncTransport

    @overload
    def list(self, *, raw: Literal["bytes"], **options: Unpack[ListOptions]) -> AsyncRecordPager[bytes]: ...
    @overload
    def list(self, *, raw: Literal[True], **options: Unpack[ListOptions]) -> AsyncRecordPager[dict[str, Any]]: ...
    @overload
    def list(self, *, raw: Literal[False] = False, **options: Unpack[ListOptions]) -> AsyncRecordPager[R]: ...
    @overload
    def list(
        self, *, raw: bool, **options: Unpack[ListOptions]
    ) -> AsyncRecordPager[R] | AsyncRecordPager[dict[str, Any]]: ...
    def list(
        self,
        *,
        filter: Condition | str | None = None,  # noqa: A002 - the name of the OData option
        select: Selection = None,
        order_by: Order = None,
        limit: int | None = None,
        top: int | None = None,
        skip: int | None = None,
        count: bool | None = None,
        options: Mapping[str, str] | None = None,
        resume_from: str | None = None,
        raw: Raw = False,
    ) -> AsyncRecordPager[Any]:
        """As `EntitySet.list`, for `async for`."""
        cursor, shown = self._cursor(
            resume_from,
            raw=raw,
            filter=filter,
            select=select,
            order_by=order_by,
            top=top,
            skip=skip,
            count=count,
            options=options,
        )
        return AsyncRecordPager(cursor, self._transport, limit=limit, shown=shown, texts=self._texts(cursor, limit))

    async def count(self, *, filter: Condition | str | None = None) -> int:  # noqa: A002
        """As `EntitySet.count`."""
        steps = self._counting(filter)
        try:
            request = next(steps)
            while True:
                try:
                    reply: Reply | MoveworksError = await self._transport.send(request)
                except MoveworksError as error:
                    reply = error
                request = steps.send(reply)
        except StopIteration as finished:
            return cast("int", finished.value)

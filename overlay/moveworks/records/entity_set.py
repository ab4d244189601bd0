"""Entity sets: listing and counting the records of the export API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Generic, Literal, TypedDict, TypeVar, Unpack, overload

import moveworks_export.service
from moveworks import odata
from moveworks.errors import BadRequestError, NotFoundError, ResponseError, ServerError
from moveworks.odata.conditions import FALSE
from moveworks.paging import AsyncPager, PageCursor, Pager, below, wrong_entity
from moveworks.transport import Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from moveworks.odata import Condition, EntitySetInfo, Field, OrderBy
    from moveworks.transport import AsyncTransport, Reply, Transport

R = TypeVar("R")

RATE_LIMIT_WAITS: Final[Mapping[str, float]] = {"users": 90.0}
"""Seconds to wait after a 429 without Retry-After, where it is not 60: the vendor's loader waits 90 s on `users`."""
LONGEST_URL: Final = 65_536
"""Characters; httpx refuses more, and most servers much less."""
COUNT_REFUSED: Final = frozenset({400, 404, 405, 501})


class ListOptions(TypedDict, total=False):
    """Arguments of `list` but `raw`, which decides what the records are."""

    filter: Condition | str | None
    select: Iterable[Field | str] | None
    order_by: Iterable[OrderBy | Field | str] | OrderBy | Field | str | None
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

    @property
    def _path(self) -> str:
        return moveworks_export.service.BASE_PATH + self.info.path

    def _request(self, url: str) -> Request:
        return Request(
            method="GET",
            url=url,
            operation=self.info.operation,
            rate_limit_wait=RATE_LIMIT_WAITS.get(self.name, 60.0),
            advice={403: f"This credential has no scope for {self.name}."},
        )

    def _follow(self, url: str) -> Request:
        """The request of a next link, checked: it must stay at the origin and with this entity set."""
        self._transport.check(url)
        if not below(self._transport.origin, self._path, url):
            raise wrong_entity(url, self._path)
        return self._request(url)

    def _pager(
        self, options: dict[str, Any], *, limit: int | None, resume_from: str | None, raw: bool
    ) -> dict[str, Any]:
        """Arguments of a pager."""
        shown = f"{self.name}"
        cursor: PageCursor[Any] | None = None
        build = None if raw else self.info.load_model().adopt
        if resume_from is not None:
            if given := [name for name, value in options.items() if value is not None]:
                raise ValueError(f"resume_from carries the whole query; leave out {', '.join(given)}")
            cursor = PageCursor(self._follow(resume_from), follow=self._follow, build=build)
        else:
            query = odata.compose(self.info.entity, **options)
            self._supported(query)
            options_shown = (f"{name}={text}" for name, text in query.parameters(self._dialect).items())
            shown = " ".join([self.name, *options_shown])[:300]
            # A filter that is never true needs no request; sent as text, not every service would understand it.
            if not (isinstance(query.filter, odata.Condition) and query.filter.node == FALSE):
                cursor = PageCursor(self._request(self._url(query)), follow=self._follow, build=build)
        return {"cursor": cursor, "transport": self._transport, "limit": limit, "shown": shown}

    def _url(self, query: odata.Query, suffix: str = "") -> str:
        text = query.to_query_string(self._dialect)
        url = f"{self._transport.origin}{self._path}{suffix}" + (f"?{text}" if text else "")
        if len(url) > LONGEST_URL:
            raise ValueError(
                f"the query makes an address of {len(url)} characters, which cannot be sent; odata.split_in() makes "
                "several queries out of one with a long in_([...])"
            )
        return url

    def _supported(self, query: odata.Query) -> None:
        for name in query.parameters(self._dialect):
            if name not in self.info.options:
                raise ValueError(f"{self.name} has no query option {name}; it has {', '.join(self.info.options)}")

    def _count_request(self, filter: Condition | str | None, *, fallback: bool) -> Request | None:  # noqa: A002
        if fallback:
            query = odata.compose(self.info.entity, filter=filter, top=1, count=True)
            return self._request(self._url(query))
        query = odata.compose(self.info.entity, filter=filter)
        if isinstance(query.filter, odata.Condition) and query.filter.node == FALSE:
            return None
        return self._request(self._url(query, "/$count"))

    @staticmethod
    def _counted(reply: Reply, *, fallback: bool) -> int | None:
        data = reply.data
        if fallback and isinstance(data, dict):
            named = {key.lower().lstrip("@"): value for key, value in data.items()}
            data = named.get("odata.count")
        if isinstance(data, str) and data.strip().isdigit():
            data = int(data)
        return data if isinstance(data, int) and not isinstance(data, bool) and data >= 0 else None

    def _no_count(self, reply: Reply) -> ResponseError:
        return ResponseError(
            f"the service gave no number of {self.name}",
            advice="Count by listing: sum(1 for _ in list(filter=...))",
            status=reply.status,
            request_id=reply.request_id,
        )


class EntitySet(_EntitySet[R]):
    """One entity set, such as `mw.records.conversations`."""

    _transport: Transport

    @overload
    def list(self, *, raw: Literal[True], **options: Unpack[ListOptions]) -> Pager[dict[str, Any]]: ...
    @overload
    def list(self, *, raw: Literal[False] = False, **options: Unpack[ListOptions]) -> Pager[R]: ...
    def list(
        self,
        *,
        filter: Condition | str | None = None,  # noqa: A002 - the name of the OData option
        select: Iterable[Field | str] | None = None,
        order_by: Iterable[OrderBy | Field | str] | OrderBy | Field | str | None = None,
        limit: int | None = None,
        top: int | None = None,
        skip: int | None = None,
        count: bool | None = None,
        options: Mapping[str, str] | None = None,
        resume_from: str | None = None,
        raw: bool = False,
    ) -> Pager[Any]:
        """The records, over all pages; nothing is sent before they are asked for.

        Records are rewritten while you read. Where that matters, order by keys without ties, `[C.created_time, C.id]`,
        since the service may otherwise move a record from one page to another.

        Args:
            filter: A condition such as `C.route == "DM"`, or OData text that is sent as written.
            select: Fields to return; others are UNSET.
            order_by: Sort keys, the most important first.
            limit: Stop after this many records. Unlike `top` it is ours, and pages are read on until then.
            top: OData's `$top`: caps the whole result on the service's side. It is not a page size.
            skip: OData's `$skip`: leave out this many records.
            count: Ask for the number of all matching records; it is in `pager.count` after the first page.
            options: Further query options that the spec declares, by name.
            resume_from: Next link to go on from; it carries the query.
            raw: Give plain dictionaries and build no models: the faster way for bulk loads.

        Raises:
            TypeError, ValueError: for options that make no sense; at once.
            MoveworksError: while reading; it carries `resume_from`.
        """
        given = {
            "filter": filter,
            "select": select,
            "order_by": order_by,
            "top": top,
            "skip": skip,
            "count": count,
            "options": options,
        }
        return Pager(**self._pager(given, limit=limit, resume_from=resume_from, raw=raw))

    def count(self, *, filter: Condition | str | None = None) -> int:  # noqa: A002
        """How many records there are, or match a filter. Asks `/$count`, and a list's `$count=true` if that is refused.

        Raises:
            ResponseError: if the service gives no number either way.
        """
        request = self._count_request(filter, fallback=False)
        if request is None:
            return 0
        try:
            reply = self._transport.send(request)
        except (BadRequestError, NotFoundError, ServerError, ResponseError) as error:
            if error.status not in COUNT_REFUSED and not isinstance(error, ResponseError):
                raise
        else:
            if (number := self._counted(reply, fallback=False)) is not None:
                return number
        request = self._count_request(filter, fallback=True)
        assert request is not None
        reply = self._transport.send(request)
        if (number := self._counted(reply, fallback=True)) is None:
            raise self._no_count(reply)
        return number


class AsyncEntitySet(_EntitySet[R]):
    """As `EntitySet`, async."""

    _transport: AsyncTransport

    @overload
    def list(self, *, raw: Literal[True], **options: Unpack[ListOptions]) -> AsyncPager[dict[str, Any]]: ...
    @overload
    def list(self, *, raw: Literal[False] = False, **options: Unpack[ListOptions]) -> AsyncPager[R]: ...
    def list(
        self,
        *,
        filter: Condition | str | None = None,  # noqa: A002 - the name of the OData option
        select: Iterable[Field | str] | None = None,
        order_by: Iterable[OrderBy | Field | str] | OrderBy | Field | str | None = None,
        limit: int | None = None,
        top: int | None = None,
        skip: int | None = None,
        count: bool | None = None,
        options: Mapping[str, str] | None = None,
        resume_from: str | None = None,
        raw: bool = False,
    ) -> AsyncPager[Any]:
        """As `EntitySet.list`, for `async for`."""
        given = {
            "filter": filter,
            "select": select,
            "order_by": order_by,
            "top": top,
            "skip": skip,
            "count": count,
            "options": options,
        }
        return AsyncPager(**self._pager(given, limit=limit, resume_from=resume_from, raw=raw))

    async def count(self, *, filter: Condition | str | None = None) -> int:  # noqa: A002
        """As `EntitySet.count`."""
        request = self._count_request(filter, fallback=False)
        if request is None:
            return 0
        try:
            reply = await self._transport.send(request)
        except (BadRequestError, NotFoundError, ServerError, ResponseError) as error:
            if error.status not in COUNT_REFUSED and not isinstance(error, ResponseError):
                raise
        else:
            if (number := self._counted(reply, fallback=False)) is not None:
                return number
        request = self._count_request(filter, fallback=True)
        assert request is not None
        reply = await self._transport.send(request)
        if (number := self._counted(reply, fallback=True)) is None:
            raise self._no_count(reply)
        return number

"""Pages and pagers: following next links to the end, and nowhere else."""

from __future__ import annotations

import hashlib
import html
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any, Generic, Never, Self, TypeVar
from urllib.parse import urljoin, urlsplit

from attrs import field, frozen

from moveworks.errors import MoveworksError, PagingLoopError, ResponseError, UntrustedLinkError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from moveworks.transport import AsyncTransport, Reply, Request, Transport

T = TypeVar("T")


@frozen(kw_only=True)
class Page(Generic[T]):
    """One page of a list.

    Attributes:
        items: The records.
        next_link: Address of the next page; None on the last one. `list(resume_from=page.next_link)` goes on there.
        count: Number of all matching records, if it was asked for and the service said it.
        request_id: The trace id.
    """

    items: list[T] = field(repr=False)
    next_link: str | None = field(repr=False)
    count: int | None
    request_id: str | None

    def __len__(self) -> int:
        return len(self.items)

    def __bool__(self) -> bool:
        """True even without records: an empty page may be followed by others."""
        return True

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __repr__(self) -> str:
        return f"Page({len(self.items)} items, {'more follow' if self.next_link else 'the last one'})"

    def _repr_html_(self) -> str:
        rows = [item.to_dict() if hasattr(item, "to_dict") else item for item in self.items[:20]]
        names = list(dict.fromkeys(name for row in rows if isinstance(row, dict) for name in row))
        head = "".join(f"<th>{html.escape(str(name))}</th>" for name in names)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(str(row.get(name, ''))[:120])}</td>" for name in names) + "</tr>"
            for row in rows
            if isinstance(row, dict)
        )
        return f"<p>{html.escape(repr(self))}</p><table><tr>{head}</tr>{body}</table>"


class PageCursor(Generic[T]):
    """Says which request is next and makes a page of its reply; does no I/O.

    A reply that is not a page is an error and never an empty page, so that a list which ended did reach its end.
    """

    def __init__(
        self, first: Request, *, follow: Callable[[str], Request], build: Callable[[Any], T] | None = None
    ) -> None:
        self._next: Request | None = first
        self._follow = follow
        self._build = build
        self._seen = {_fingerprint(first.url)}

    @property
    def link(self) -> str | None:
        """Address of the page that is next; None behind the last one."""
        return self._next.url if self._next else None

    def next_request(self) -> Request | None:
        """The request of the next page; None behind the last one. Asking again gives the same one until it is fed."""
        return self._next

    def feed(self, reply: Reply) -> Page[T]:
        """Take the reply to the next request.

        Raises:
            ResponseError: if it is not a page.
            PagingLoopError: if its next link was seen before.
            UntrustedLinkError: if its next link leads elsewhere.
        """
        assert self._next is not None
        request = self._next
        body = reply.data
        if not isinstance(body, dict):
            raise _response_error(request, reply, f"a page must be a JSON object, not {_shape(body)}")
        keys = {key.lower(): key for key in body}
        items = body.get("value")
        if items is None:
            # An empty result may lack `value` altogether; anything but OData's own members is no page at all.
            if any(not key.lstrip("@").startswith("odata.") and key != "value" for key in keys):
                raise _response_error(request, reply, "the answer has no `value` and is not an empty page")
            items = []
        if not isinstance(items, list):
            raise _response_error(request, reply, f"`value` must be a list, not {_shape(items)}")
        link = _member(body, keys, "nextlink")
        if link is not None and (not isinstance(link, str) or not link.strip()):
            raise _response_error(request, reply, "the next link is not an address")
        count = _member(body, keys, "count")
        if isinstance(count, str) and count.isdigit():
            count = int(count)
        if not all(type(item) is dict for item in items):
            raise _response_error(request, reply, "a record is not a JSON object")
        built: list[Any] = items if self._build is None else list(map(self._build, items))
        following = self._resolve(request, link, reply)
        self._next = following
        return Page(
            items=built,
            next_link=following.url if following else None,
            count=count if isinstance(count, int) and not isinstance(count, bool) else None,
            request_id=reply.request_id,
        )

    def _resolve(self, request: Request, link: str | None, reply: Reply) -> Request | None:
        if link is None:
            return None
        url = link if "://" in link.partition("?")[0] else urljoin(request.url, link)
        try:
            following = self._follow(url)
        except MoveworksError as error:
            error.request_id = error.request_id or reply.request_id
            raise
        mark = _fingerprint(url)
        if mark in self._seen:
            raise PagingLoopError(
                "the service sent a next link for the second time",
                advice="Following it would never end. Report it to the vendor with the trace id",
                request_id=reply.request_id,
                method=request.method,
            )
        self._seen.add(mark)
        return following


class _Paging(Generic[T]):
    """What a pager keeps between pages, and how it is shown."""

    def __init__(self, cursor: PageCursor[T] | None, transport: Any, *, limit: int | None, shown: str) -> None:
        if limit is not None and (type(limit) is not int or limit < 0):
            raise ValueError(f"limit is a number of records, 0 or more, not {limit!r}")
        self._cursor = cursor
        self._transport = transport
        self._left = limit
        self._shown = shown
        self._current = cursor.link if cursor else None
        self._fetched = 0
        self._cut = False
        self.count: int | None = None

    @property
    def resume_from(self) -> str | None:
        """Address of the page whose records were not all taken yet; None at the end.

        `list(resume_from=...)` from here repeats the records of this page that were already taken, and misses none.
        """
        return self._current

    def _request(self) -> Request | None:
        if self._cursor is None:
            return None
        if self._left == 0:
            self._current = self._current if self._cut else self._cursor.link
            return None
        self._current = self._cursor.link
        return self._cursor.next_request()

    def _took(self, reply: Reply) -> Page[T]:
        assert self._cursor is not None
        page = self._cursor.feed(reply)
        self._fetched += 1
        if page.count is not None:
            self.count = page.count
        if self._left is not None:
            if len(page.items) > self._left:
                # What is cut off is on this page, so going on means reading it again.
                self._cut = True
                page = Page(
                    items=page.items[: self._left],
                    next_link=self._current,
                    count=page.count,
                    request_id=page.request_id,
                )
            self._left -= len(page.items)
        return page

    def _failed(self, error: MoveworksError) -> None:
        error.resume_from = self._current

    def __len__(self) -> Never:
        raise TypeError("a list has no length before it is read; use count(filter=...), or len(list(...))")

    def __bool__(self) -> Never:
        raise TypeError("a list is neither true nor false before it is read; use first() is not None")

    def __repr__(self) -> str:
        state = "at its end" if self._fetched and self._current is None else f"{self._fetched} pages read"
        return f"<{type(self).__name__} {self._shown}, {state}>"

    def _repr_html_(self) -> str:
        return f"<p><code>{html.escape(repr(self))}</code></p><p>Nothing was fetched; iterate over it.</p>"


class Pager(_Paging[T], Iterator[T]):
    """The records of a list, fetched a page at a time while they are taken.

    After an error it can be asked again and goes on where it was: a list ends only at its last page. Not for several
    threads at once.
    """

    _transport: Transport

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._items: Iterator[T] = iter(())

    def pages(self) -> Iterator[Page[T]]:
        """Whole pages. Records that were taken one by one before are not repeated."""
        while (request := self._request()) is not None:
            try:
                page = self._took(self._transport.send(request))
            except MoveworksError as error:
                self._failed(error)
                raise
            yield page
            if not self._cut:
                self._current = self._cursor.link if self._cursor else None

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> T:
        while True:
            for item in self._items:
                return item
            if not self._advance():
                raise StopIteration

    def first(self) -> T | None:
        """The first record that was not taken yet, or None."""
        return next(self, None)

    def _advance(self) -> bool:
        request = self._request()
        if request is None:
            return False
        try:
            self._items = iter(self._took(self._transport.send(request)).items)
        except MoveworksError as error:
            self._failed(error)
            raise
        return True


class AsyncPager(_Paging[T], AsyncIterator[T]):
    """As `Pager`, with `async for`."""

    _transport: AsyncTransport

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._items: Iterator[T] = iter(())

    async def pages(self) -> AsyncGenerator[Page[T]]:
        """Whole pages. Records that were taken one by one before are not repeated."""
        while (request := self._request()) is not None:
            try:
                page = self._took(await self._transport.send(request))
            except MoveworksError as error:
                self._failed(error)
                raise
            yield page
            if not self._cut:
                self._current = self._cursor.link if self._cursor else None

    async def __anext__(self) -> T:
        while True:
            for item in self._items:
                return item
            if not await self._advance():
                raise StopAsyncIteration

    async def first(self) -> T | None:
        """The first record that was not taken yet, or None."""
        return await anext(self, None)

    async def _advance(self) -> bool:
        request = self._request()
        if request is None:
            return False
        try:
            self._items = iter(self._took(await self._transport.send(request)).items)
        except MoveworksError as error:
            self._failed(error)
            raise
        return True


def below(base: str, path: str, url: str) -> bool:
    """Whether an address is that of an entity set, as far as its path goes."""
    return urlsplit(url).path.rstrip("/") == urlsplit(base + path).path.rstrip("/")


def wrong_entity(url: str, expected: str) -> UntrustedLinkError:
    """The error for a link that leads to other records."""
    return UntrustedLinkError(
        f"the link leads to {urlsplit(url).path or '/'}, not to {expected}",
        advice="Its records would be mixed with others; report it to the vendor",
    )


def _member(body: dict[str, Any], keys: dict[str, str], name: str) -> Any:
    for spelling in (f"@odata.{name}", f"odata.{name}"):
        if spelling in keys:
            return body[keys[spelling]]
    return None


def _fingerprint(url: str) -> bytes:
    return hashlib.blake2b(url.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _shape(value: object) -> str:
    return {"NoneType": "nothing", "list": "a list", "str": "text"}.get(type(value).__name__, type(value).__name__)


def _response_error(request: Request, reply: Reply, message: str) -> ResponseError:
    return ResponseError(
        message,
        advice="Nothing of this page was used, so that no result is shorter than it seems",
        status=reply.status,
        method=request.method,
        request_id=reply.request_id,
        attempts=reply.attempts,
    )

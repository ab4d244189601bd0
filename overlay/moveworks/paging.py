"""Pages and pagers: following next links to the end, and nowhere else."""

from __future__ import annotations

import hashlib
import html
from collections.abc import AsyncIterator, Iterator
from operator import length_hint
from typing import TYPE_CHECKING, Any, Final, Generic, Never, TypeVar

from attrs import evolve, field, frozen

from moveworks.errors import MoveworksError, PagingLoopError, ResponseError
from moveworks.regions import origin_of, resolve_link

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from moveworks.transport import AsyncTransport, Reply, Request, Transport

T = TypeVar("T")

MOST_EMPTY_PAGES: Final = 1000
"""Pages without any record, one after the other, that are taken for a list that never ends."""


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
        content = page_content(reply.data)
        if isinstance(content, str):
            raise _response_error(request, reply, content)
        items: list[Any] = content.items
        following = self._resolve(request, content.link, reply)
        self._next = following
        return Page(
            items=items if self._build is None else list(map(self._build, items)),
            next_link=following.url if following else None,
            count=content.count,
            request_id=reply.request_id,
        )

    def _resolve(self, request: Request, link: str | None, reply: Reply) -> Request | None:
        if link is None:
            return None
        url = resolve_link(request.url, link)
        if url is None:
            raise _response_error(request, reply, "the next link is not an address")
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
        self._items: Iterator[T] = iter(())
        self._page: Page[T] | None = None  # without its items, which end with the iterator
        self._link: str | None = None  # where that page is
        self._in_hand = False
        self._cut = False
        self._fetched = 0
        self._empty = 0
        self.count: int | None = None

    @property
    def resume_from(self) -> str | None:
        """Address of the page whose records were not all taken yet; None at the end.

        `list(resume_from=...)` from here repeats the records of this page that were already taken, and misses none.
        """
        if self._in_hand or self._cut or length_hint(self._items):
            return self._link
        return self._cursor.link if self._cursor else None

    def _request(self) -> Request | None:
        self._in_hand = False
        return None if self._cursor is None or self._left == 0 else self._cursor.next_request()

    def _took(self, reply: Reply) -> Page[T]:
        assert self._cursor is not None
        link = self._cursor.link
        page = self._cursor.feed(reply)
        self._link = link
        self._fetched += 1
        self._empty = 0 if page.items else self._empty + 1
        if page.count is not None:
            self.count = page.count
        if self._left is not None:
            if len(page.items) > self._left:
                # What is cut off is on this page, so going on means reading it again.
                self._cut = True
                page = evolve(page, items=page.items[: self._left], next_link=link)
            self._left -= len(page.items)
        self._page = evolve(page, items=[])
        if self._empty >= MOST_EMPTY_PAGES and page.next_link:
            self._empty = 0
            raise PagingLoopError(
                f"the service sent {MOST_EMPTY_PAGES} pages without a record, one after the other",
                advice="Iterate again to read on",
                request_id=page.request_id,
            )
        return page

    def _rest(self) -> Page[T] | None:
        """What is left of a page from which records were taken one by one."""
        rest, self._items = list(self._items), iter(())
        self._in_hand = bool(rest)
        return evolve(self._page, items=rest) if rest and self._page else None

    def _failed(self, error: MoveworksError) -> None:
        error.resume_from = self.resume_from

    def __len__(self) -> Never:
        raise TypeError("a list has no length before it is read; use count(filter=...), or len(list(...))")

    def __bool__(self) -> Never:
        raise TypeError("a list is neither true nor false before it is read; use first() is not None")

    def __repr__(self) -> str:
        state = "at its end" if self._fetched and self.resume_from is None else f"pages read: {self._fetched}"
        return f"<{type(self).__name__} {self._shown}, {state}>"

    def _repr_html_(self) -> str:
        return f"<p><code>{html.escape(repr(self))}</code></p><p>Nothing was fetched; iterate over it.</p>"


class Pager(_Paging[T], Iterator[T]):
    """The records of a list, fetched a page at a time while they are taken.

    After an error it can be asked again and goes on where it was: a list ends only at its last page. Not for several
    threads at once.

    Attributes:
        count: Number of all matching records, after a page that says it (`list(count=True)`).
    """

    _transport: Transport

    def pages(self) -> Iterator[Page[T]]:
        """Whole pages, after what is left of a page from which records were taken one by one."""
        page = self._rest() or self._fetch()
        while page is not None:
            self._in_hand = True
            yield page
            page = self._fetch()

    def __iter__(self) -> Iterator[T]:  # noqa: PYI034 - see below
        # A generator, since that is the fastest way through many records; all share what was taken.
        yield from self._items
        while (page := self._fetch()) is not None:
            self._items = iter(page.items)
            yield from self._items

    def __next__(self) -> T:
        for item in self:
            return item
        raise StopIteration

    def first(self) -> T | None:
        """The first record that was not taken yet, or None."""
        return next(self, None)

    def _fetch(self) -> Page[T] | None:
        request = self._request()
        if request is None:
            return None
        try:
            return self._took(self._transport.send(request))
        except MoveworksError as error:
            self._failed(error)
            raise


class AsyncPager(_Paging[T], AsyncIterator[T]):
    """As `Pager`, with `async for`."""

    _transport: AsyncTransport

    async def pages(self) -> AsyncGenerator[Page[T]]:
        """Whole pages, after what is left of a page from which records were taken one by one."""
        page = self._rest() or await self._fetch()
        while page is not None:
            self._in_hand = True
            yield page
            page = await self._fetch()

    async def __anext__(self) -> T:
        while True:
            for item in self._items:
                return item
            page = await self._fetch()
            if page is None:
                raise StopAsyncIteration
            self._items = iter(page.items)

    async def first(self) -> T | None:
        """The first record that was not taken yet, or None."""
        return await anext(self, None)

    async def _fetch(self) -> Page[T] | None:
        request = self._request()
        if request is None:
            return None
        try:
            return self._took(await self._transport.send(request))
        except MoveworksError as error:
            self._failed(error)
            raise


@frozen
class PageContent:
    """What a page holds on the wire."""

    items: list[dict[str, Any]] = field(repr=False)
    link: str | None = field(repr=False)
    count: int | None


def page_content(body: object) -> PageContent | str:
    """Read the body of a page; for one that is none, say why. Text that the service wrote is in no reason.

    Names are taken in any case, with and without `@` and `odata.`: overlooking a next link would end a list too early.
    """
    if not isinstance(body, dict):
        return f"a page must be a JSON object, not {_shape(body)}"
    members: dict[str, list[Any]] = {}
    for key, value in body.items():
        name = key.lower().removeprefix("@").removeprefix("odata.")
        if name == "error" and value:
            return "the answer holds an error"
        # An empty result may lack `value` altogether; anything but OData's own members is no page at all.
        own = name in {"value", "nextlink"} or key[:1] == "@" or key.lower().startswith("odata.")
        members.setdefault(name if own else "", []).append(value)
    values = [value for value in members.get("value", ()) if value is not None]
    if not values and "" in members:
        return "the answer has no `value` and is not an empty page"
    items = values[0] if values else []
    if len(values) > 1 or not isinstance(items, list):
        return f"`value` must be one list, not {_shape(items) if len(values) < 2 else len(values)}"
    if not {dict}.issuperset(map(type, items)):
        return "a record is not a JSON object"
    links = [link for link in members.get("nextlink", ()) if link is not None]
    if not all(isinstance(link, str) and link.strip() for link in links):
        return "the next link is not an address"
    if len(set(links)) > 1:
        return "there are two different next links"
    counts = [number for number in map(whole_number, members.get("count", ())) if number is not None]
    return PageContent(items, links[0] if links else None, counts[0] if counts else None)


def whole_number(value: object) -> int | None:
    """A count: a number, or a number in quotes; None for anything else."""
    if isinstance(value, str) and value.strip().isdecimal() and value.isascii() and len(value) < 20:
        value = int(value)
    return value if type(value) is int and value >= 0 else None


def _fingerprint(url: str) -> bytes:
    """What makes two links the same request: not their fragment, nor how their origin is written."""
    rest = url.partition("#")[0].partition("://")[2]
    start = min((i for i in (rest.find("/"), rest.find("?")) if i >= 0), default=len(rest))
    sent = f"{origin_of(url)}{rest[start:]}"
    return hashlib.blake2b(sent.encode("utf-8", "surrogatepass"), digest_size=16).digest()


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

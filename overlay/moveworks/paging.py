"""Pages and pagers: following links to the end, and nowhere else. What a page looks like is given to them."""

from __future__ import annotations

import hashlib
import html
from collections.abc import AsyncIterator, Iterator
from copy import copy
from typing import TYPE_CHECKING, Any, Final, Generic, Never, Protocol, TypeVar

from attrs import evolve, field, frozen

from moveworks.errors import (
    ApiError,
    ConfigurationError,
    MoveworksError,
    PagingLoopError,
    UntrustedLinkError,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from moveworks.transport import Reply, Request
    from moveworks.transport.aio import AsyncTransport
    from moveworks.transport.http import Transport

T = TypeVar("T")

MAX_EMPTY_PAGES: Final = 1000
"""Pages without any record, one after the other, that are taken for a list that never ends."""
LASTING: Final = frozenset({400, 404, 410})
"""Statuses with which a service refuses a link that it no longer takes."""


@frozen(kw_only=True)
class Page(Generic[T]):
    """One page of a list.

    Attributes:
        items: The records.
        next_link: URL of the next page; None on the last one. `list(resume_from=page.next_link)` goes
            on there.
        count: Number of all matching records, if it was asked for and the service said it.
        request_id: The trace id.
    """

    items: list[T]
    next_link: str | None
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


class Content(Protocol):
    """What the `read` of a request makes of a page: its items, where the next one is, and a count."""

    @property
    def items(self) -> list[Any]:
        """The items, as they came."""

    @property
    def link(self) -> str | None:
        """What leads to the next page; None on the last one."""

    @property
    def count(self) -> int | None:
        """Number of all matching items, if it was said."""


@frozen(kw_only=True)
class Cursor(Generic[T]):
    """How a list is read: where it begins, and how a page leads to the next. Does no I/O, holds no progress.

    Attributes:
        first: The request of the first page.
        follow: The request of the next page, out of the one before and what that page said.
        build: Makes an item of what came; None leaves it as it is.
        identify: What makes two items the same, for lists that move while they are read: then the second is left out.
    """

    first: Request
    follow: Callable[[Request, str], Request]
    build: Callable[[Any], T] | None = None
    identify: Callable[[T], object] | None = None


@frozen(kw_only=True)
class _Progress(Generic[T]):
    """How far a pager is. It is replaced as a whole, so an interruption finds the one before or the one after.

    Attributes:
        next: The request of the next page; None behind the last one.
        current: The request of the page that was fetched last.
        items: What is left of that page.
        page: That page, without its items.
        in_hand: Whether some of its items may not be worked off yet: until the next page is asked for.
        cut: Whether `limit` cut it, so that going on means reading it again.
        left: Items that `limit` allows.
        number: Pages that were fetched.
        empty: Pages without an item, one after the other.
    """

    next: Request | None
    current: Request | None = None
    items: Iterator[T] = field(factory=lambda: iter(()))
    page: Page[T] | None = None
    in_hand: bool = False
    cut: bool = False
    left: int | None = None
    number: int = 0
    empty: int = 0


class _Paging(Generic[T]):
    """What both pagers decide, and how they are shown."""

    def __init__(self, cursor: Cursor[T] | None, transport: Any, *, limit: int | None, shown: str) -> None:
        if limit is not None and (type(limit) is not int or limit < 0):
            raise ValueError(f"limit is a number of records, 0 or more, not {limit!r}")
        self._cursor = cursor
        self._transport = transport
        self._shown = shown
        self._at: _Progress[T] = _Progress(next=cursor.first if cursor else None, left=limit)
        # Marks of links, and which page each leads to: reading a page again finds its own link no loop.
        self._seen = {_mark(cursor.first): 0} if cursor else {}
        self._ids: dict[object, int] = {}
        self.count: int | None = None

    @property
    def resume_from(self) -> str | None:
        """URL of the page whose records were not all taken yet; None at the end.

        `list(resume_from=...)` from here repeats the records of this page that were already taken, and
        misses none. A page counts as taken when the one behind it is asked for.
        """
        at = self._at
        if at.current is not None and (at.in_hand or at.cut):
            return at.current.url
        return at.next.url if at.next else None

    def _begin(self) -> _Progress[T]:
        """Nothing of the current page is in hand any more, because more is asked for."""
        if self._at.in_hand:
            self._at = evolve(self._at, in_hand=False)
        return self._at

    def _page(self, at: _Progress[T], request: Request, reply: Reply) -> Page[T]:
        """The page of a reply, after all that can go wrong has gone right: then the progress is replaced.

        Raises:
            PagingLoopError: if its link was seen before, or if a thousand pages were empty.
            UntrustedLinkError: if its link leads elsewhere.
            ConfigurationError: if another thread has read on meanwhile.
        """
        cursor, content = self._cursor, reply.data
        assert cursor is not None
        following = self._following(request, content.link, reply)
        items = content.items if cursor.build is None else list(map(cursor.build, content.items))
        if cursor.identify is not None:
            items = self._new(items, cursor.identify, at.number)
        left, cut = at.left, False
        if left is not None:
            cut = len(items) > left
            items = items[:left]
            left -= len(items)
        following_url = following.link.url if following else None
        page: Page[T] = Page(
            items=items,
            next_link=request.link.url if cut else following_url,
            count=content.count,
            request_id=reply.request_id,
        )
        empty = 0 if items else at.empty + 1
        endless = empty >= MAX_EMPTY_PAGES and following is not None
        progress: _Progress[T] = _Progress(
            next=following,
            current=request,
            items=iter(items),
            page=evolve(page, items=[]),
            in_hand=bool(items),
            cut=cut,
            left=left,
            number=at.number + 1,
            empty=0 if endless else empty,
        )
        if self._at is not at:
            raise ConfigurationError(
                "this list is read by several threads or tasks at once",
                advice="Make a list for each, or hand out whole pages from one",
            )
        if content.count is not None:
            self.count = content.count
        self._at = progress
        if endless:
            raise PagingLoopError(
                f"the service sent {MAX_EMPTY_PAGES} pages without a record, one after the other",
                advice="Iterate again to read on",
                request_id=reply.request_id,
            )
        return page

    def _new(self, items: list[T], identify: Callable[[T], object], page: int) -> list[T]:
        """The items that did not come before; a page that is read again has the same ones."""
        fresh: dict[object, T] = {}
        for place, item in enumerate(items):
            identity = identify(item)
            if identity is None:
                fresh[page, place] = item
            elif self._ids.setdefault(identity, page) == page:
                fresh.setdefault(identity, item)
        return list(fresh.values())

    def _following(self, request: Request, link: str | None, reply: Reply) -> Request | None:
        if link is None:
            return None
        assert self._cursor is not None
        try:
            following = self._cursor.follow(request, link)
        except MoveworksError as error:
            error.request_id = error.request_id or reply.request_id
            raise
        number = self._seen[_mark(request)] + 1
        if self._seen.setdefault(_mark(following), number) != number:
            raise PagingLoopError(
                "the service sent a next link for the second time",
                advice="Following it would never end. Report it to the vendor with the trace id",
                request_id=reply.request_id,
                method=request.method,
            )
        return following

    def _rest(self) -> Page[T] | None:
        """What is left of a page from which records were taken one by one; it is not taken by this."""
        at = self._at
        rest = list(copy(at.items))
        return evolve(at.page, items=rest) if rest and at.page else None

    def _taken(self) -> _Progress[T]:
        """The progress after the rest of the page was handed out whole."""
        return evolve(self._at, items=iter(()), in_hand=True)

    def _noted(self, error: MoveworksError) -> None:
        """Say in an error where to go on. A link that fails by itself does not replace the last good one."""
        at = self._at
        refused = isinstance(error, ApiError) and error.status in LASTING
        # A status says that the request itself was redirected; else it is a link on the page.
        if refused or (isinstance(error, UntrustedLinkError) and error.status is not None):
            self._at = evolve(at, in_hand=at.current is not None)
        error.resume_from = self.resume_from

    def __len__(self) -> Never:
        raise TypeError("a list has no length before it is read; use count(filter=...), or len(list(...))")

    def __bool__(self) -> Never:
        raise TypeError("a list is neither true nor false before it is read; use first() is not None")

    def __repr__(self) -> str:
        at = self._at
        state = "at its end" if at.number and self.resume_from is None else f"pages read: {at.number}"
        return f"<{type(self).__name__} {self._shown}, {state}>"

    def _repr_html_(self) -> str:
        return f"<p><code>{html.escape(repr(self))}</code></p><p>Nothing was fetched; iterate over it.</p>"


class Pager(_Paging[T], Iterator[T]):
    """The records of a list, fetched a page at a time while they are taken.

    After an error or an interruption it can be asked again and goes on where it was: a list ends only at
    its last page. Not for several threads at once.

    Attributes:
        count: Number of all matching records, after a page that says it (`list(count=True)`).
    """

    _transport: Transport

    def pages(self) -> Iterator[Page[T]]:
        """Whole pages, after what is left of a page from which records were taken one by one."""
        page = self._rest()
        while page is not None or (page := self._fetch()) is not None:
            taken = self._taken()
            # Nothing can interrupt between these two, so a page is handed out or not taken.
            self._at = taken
            yield page
            page = None

    def __iter__(self) -> Iterator[T]:  # noqa: PYI034 - see below
        # A generator, since that is the fastest way through many records; all share what was taken.
        yield from self._at.items
        while self._fetch() is not None:
            yield from self._at.items

    def __next__(self) -> T:
        for item in self:
            return item
        raise StopIteration

    def first(self) -> T | None:
        """The first record that was not taken yet, or None."""
        # Not next(self, None): a signal may be handled when a call of C code returns, and the record would be lost.
        for item in self:
            return item
        return None

    def _fetch(self) -> Page[T] | None:
        at = self._begin()
        if at.next is None or at.left == 0:
            return None
        try:
            return self._page(at, at.next, self._transport.send(at.next))
        except MoveworksError as error:
            self._noted(error)
            raise


class AsyncPager(_Paging[T], AsyncIterator[T]):
    """As `Pager`, with `async for`."""

    _transport: AsyncTransport

    async def pages(self) -> AsyncGenerator[Page[T]]:
        """Whole pages, after what is left of a page from which records were taken one by one."""
        page = self._rest()
        while page is not None or (page := await self._fetch()) is not None:
            taken = self._taken()
            self._at = taken
            yield page
            page = None

    async def __anext__(self) -> T:
        while True:
            for item in self._at.items:
                return item
            if await self._fetch() is None:
                raise StopAsyncIteration

    async def first(self) -> T | None:
        """The first record that was not taken yet, or None."""
        return await anext(self, None)

    async def _fetch(self) -> Page[T] | None:
        at = self._begin()
        if at.next is None or at.left == 0:
            return None
        try:
            return self._page(at, at.next, await self._transport.send(at.next))
        except MoveworksError as error:
            self._noted(error)
            raise


def _mark(request: Request) -> bytes:
    """What makes two links the same request: not their fragment, nor how their origin is written."""
    link = request.link
    text = f"{link.origin}{link.target}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=16).digest()

"""Pagers over ready-made pages, without a transport."""

from __future__ import annotations

from types import SimpleNamespace

from attrs import evolve

from moveworks import MoveworksError
from moveworks.links import Scope, parse_link
from moveworks.paging import Cursor, Pager
from moveworks.transport import Reply, Request

START = "http://127.0.0.1/x"


class Pages:
    """A transport of ready-made pages; a page that is an error is raised once."""

    def __init__(self, *pages):
        self.pages = dict(enumerate(pages))

    def send(self, request):
        number = int(request.link.query or 0)
        page = self.pages[number]
        if isinstance(page, MoveworksError):
            self.pages[number] = [{"id": f"{number}a"}]
            raise page
        link = f"?{number + 1}" if number + 1 < len(self.pages) else None
        return Reply(status=200, data=SimpleNamespace(items=page, link=link, count=None), request_id=None, attempts=1)


class AsyncPages(Pages):
    async def send(self, request):
        return super().send(request)


def ready_pager(*pages, limit=None, start=START, kind=Pager, transport=Pages, build=None):
    """A pager over these pages."""
    scope = Scope("http://127.0.0.1", path="/x")
    first = Request(method="GET", link=parse_link(start), scope=scope)
    follow = lambda request, text: evolve(request, link=scope.next_link(request.link, text))  # noqa: E731
    cursor = Cursor(first=first, follow=follow, build=build)
    return kind(cursor, transport(*pages), limit=limit, shown="x")

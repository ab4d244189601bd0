"""A local service of ready-made interactions, for loaders: it understands windows, counts and next links."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import re
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote, urlsplit

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.connection import Connection

NOW: Final = datetime(2026, 11, 26, 12, tzinfo=UTC)
FIRST: Final = NOW - timedelta(days=29)
SPAN: Final = timedelta(days=27)
LATE: Final = timedelta(hours=30)
"""How long after a record was created it was written."""
PAGE: Final = 500
CHANGED: Final = 10
"""One record of so many was written again, where `again` says so."""
ID, CREATED, WRITTEN, VERSION = "~ID~", "~CREATED~", "~WRITTEN~", "~VERSION~"
_TERM: Final = re.compile(r"(created_time|last_updated_time) (ge|gt|lt|le) '([^']+)'")


@frozen
class Plan:
    """What a service serves.

    Attributes:
        rows: Number of records, evenly created over `SPAN`.
        base: Records over which `SPAN` goes, so that further ones come behind it.
        again: Whether some records say something else than before.
        delay: Seconds until a page is answered.
    """

    rows: int
    base: int
    again: bool = False
    delay: float = 0.0

    def position(self, moment: datetime, *, behind: bool) -> int:
        """How many records were created before a moment, or not behind it."""
        exact = (moment - FIRST) / SPAN * self.base
        at = int(exact) + (behind or exact != int(exact))
        return max(0, min(self.rows, at))

    def selected(self, text: str) -> tuple[int, int]:
        """The records that a filter selects, which are a range."""
        low, high = 0, self.rows
        if "eq null" in text:
            return 0, 0
        for name, operator, value in _TERM.findall(text):
            moment = datetime.fromisoformat(value) - (LATE if name == "last_updated_time" else timedelta())
            at = self.position(moment, behind=operator in {"gt", "le"})
            low, high = (max(low, at), high) if operator in {"ge", "gt"} else (low, min(high, at))
        return low, max(low, high)


class _Protocol(asyncio.Protocol):
    def __init__(self, plan: Plan, templates: list[list[str]]) -> None:
        self._plan, self._templates = plan, templates
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            head, self._received = self._received[:end].decode("latin-1"), self._received[end + 4 :]
            answer = self._answer(head)
            asyncio.get_running_loop().call_later(self._plan.delay, self._transport.write, answer)

    def _answer(self, head: str) -> bytes:
        lines = head.split("\r\n")
        host = next(line.split(":", 1)[1].strip() for line in lines if line.lower().startswith("host:"))
        target = urlsplit(lines[0].split(" ")[1])
        query = {name: unquote(text) for name, _, text in (part.partition("=") for part in target.query.split("&"))}
        low, high = self._plan.selected(query.get("$filter", ""))
        if target.path.endswith("/$count"):
            return _reply(b"%d" % (high - low), "text/plain")
        start = int(query.get("$skiptoken", low))
        end = min(high, start + PAGE, low + int(query.get("$top", high - low)))
        link = ""
        if end < high and "$top" not in query:
            given = quote(query.get("$filter", ""), safe="")
            link = f',"@odata.nextLink":"http://{host}{target.path}?$filter={given}&$skiptoken={end}"'
        rows = ",".join(map(self._row, range(start, end)))
        return _reply(f'{{"@odata.context":"ctx","value":[{rows}]{link}}}'.encode(), "application/json")

    def _row(self, number: int) -> str:
        created = FIRST + SPAN * (number / self._plan.base)
        version = "Again: " if self._plan.again and number % CHANGED == 0 else "Hello: "
        one, two, three, four, five = self._templates[number % len(self._templates)]
        # Twelve signs in no order, as real ids are.
        identity = f"{number * 0x9E3779B97F4B % 2**48:012x}"
        return f"{one}{identity}{two}{_text(created)}{three}{_text(created + LATE)}{four}{version}{five}"


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def _reply(body: bytes, kind: str) -> bytes:
    date = format_datetime(NOW, usegmt=True)
    head = f"HTTP/1.1 200 OK\r\nDate: {date}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _serve(plan: Plan, templates: list[list[str]], ready: Connection) -> None:
    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(lambda: _Protocol(plan, templates), "127.0.0.1", 0)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


def _template(row: dict[str, Any]) -> list[str]:
    """The text of a record, cut where its id, its times and its version go."""
    detail = {**row["detail"], "content": VERSION + str(row["detail"].get("content") or "")}
    fixed = {"id": ID, "created_time": CREATED, "last_updated_time": WRITTEN}
    others = {name: value for name, value in row.items() if name not in {*fixed, "detail"}}
    text = json.dumps(fixed | {"detail": detail} | others, ensure_ascii=False, separators=(",", ":"))
    return re.split(f"{ID}|{CREATED}|{WRITTEN}|{VERSION}", text)


@contextmanager
def loading_server(rows: Sequence[dict[str, Any]], plan: Plan) -> Iterator[str]:
    """Serve records shaped like these, each with an id of its own, from a process of its own; gives the origin."""
    templates = [_template(row) for row in rows if isinstance(row.get("detail"), dict)]
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(plan, templates, theirs), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join()

"""A local server of ready-made pages, so that a benchmark measures clients and nothing else."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from multiprocessing.connection import Connection


PLACE: Final = "~PAGE~"
"""Stands in the ids of ready-made rows for the number of their page, so that no record comes twice."""


class _Protocol(asyncio.Protocol):
    """Answers `GET …/NAME?$skip=PAGES` and its next links from memory, on connections that stay open."""

    def __init__(self, rows: dict[str, bytes]) -> None:
        self._rows = rows
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            head, self._received = self._received[:end], self._received[end + 4 :]
            self._transport.write(self._answer(head.decode("latin-1")))

    def _answer(self, head: str) -> bytes:
        lines = head.split("\r\n")
        host = next(line.split(":", 1)[1].strip() for line in lines if line.lower().startswith("host:"))
        target = urlsplit(lines[0].split(" ")[1])
        query = parse_qs(target.query)
        page, pages = int(query.get("$skiptoken", ["1"])[0]), int(query.get("$skip", ["1"])[0])
        link = f"http://{host}{target.path}?$skip={pages}&$skiptoken={page + 1}"
        last = b"" if page >= pages else b',"@odata.nextLink":' + json.dumps(link).encode()
        rows = self._rows[target.path.rpartition("/")[2]].replace(PLACE.encode(), b"%06d" % page)
        body = b'{"@odata.context":"ctx","value":' + rows + last + b"}"
        return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def _serve(rows: dict[str, bytes], ready: Connection) -> None:
    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(lambda: _Protocol(rows), "127.0.0.1", 0)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


@contextmanager
def page_server(records: Mapping[str, Sequence[dict[str, Any]]]) -> Iterator[str]:
    """Serve pages that each hold the records of an entity set, from a process of its own; gives the origin.

    The records of each page have ids of their own, where `~PAGE~` stands in them.

    `$skip` in the first request says how many pages there are: a query option that every client under test
    can send.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    rows = {
        name: json.dumps(list(each), ensure_ascii=False, separators=(",", ":")).encode()
        for name, each in records.items()
    }
    process = context.Process(target=_serve, args=(rows, theirs), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join()

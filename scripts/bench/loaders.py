"""The loaders that are measured, each run as a process.

`python -m scripts.bench.loaders NAME ORIGIN TARGET OPTIONS` loads all interactions of a service into a target, and
prints one JSON object: seconds of CPU time and of the clock, peak memory in KiB, and how many records came.
"""

from __future__ import annotations

import json
import resource
import socket
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATH = "/export/v1/records/interactions"


def pages(origin: str, low: int) -> Iterator[bytes]:
    """The bodies of all pages, over one connection, with as little work as can be."""
    server = urlsplit(origin)
    with socket.create_connection((server.hostname, server.port)) as connection:
        target: str | None = f"{PATH}?$skiptoken={low}"
        while target:
            connection.sendall(f"GET {target} HTTP/1.1\r\nHost: {server.netloc}\r\n\r\n".encode())
            received = bytearray()
            while (end := received.find(b"\r\n\r\n")) < 0:
                received += _received(connection, 1 << 20)
            length = int(received[:end].lower().partition(b"content-length:")[2].split(b"\r\n")[0])
            missing = end + 4 + length - len(received)
            while missing > 0:
                part = _received(connection, min(missing, 1 << 20))
                missing -= len(part)
                received += part
            body = bytes(received[end + 4 :])
            yield body
            found = body[-2000:].rpartition(b'"@odata.nextLink":"')
            target = found[2].partition(b'"')[0].decode().removeprefix(origin) if found[1] else None


def _received(connection: socket.socket, most: int) -> bytes:
    part = connection.recv(most)
    if not part:
        raise SystemExit("the service closed the connection")
    return part


def floor(origin: str, target: str, options: dict[str, Any]) -> int:
    """Bytes from a socket, and parsing."""
    import msgspec

    del target
    return sum(len(msgspec.json.decode(body)["value"]) for body in pages(origin, options.get("low", 0)))


def usual(origin: str, target: str, options: dict[str, Any]) -> int:
    """What most people write: a `requests` call for each page, a flat table in memory, one Parquet file."""
    import pandas as pd
    import requests

    del options
    frames = []
    link: str | None = f"{origin}{PATH}"
    while link:
        response = requests.get(link, headers={"Authorization": "Bearer k"}, timeout=60)
        response.raise_for_status()
        body = response.json()
        frames.append(pd.json_normalize(body["value"], sep="_"))
        link = body.get("@odata.nextLink")
    table = pd.concat(frames, ignore_index=True)
    table.to_parquet(target)
    return len(table)


def sync(origin: str, target: str, options: dict[str, Any]) -> int:
    """`mw.records.sync`, with all its guarantees."""
    from moveworks import ApiKey, Moveworks

    given: dict[str, Any] = {"concurrency": options.get("concurrency", 4)}
    if "look_back" in options:
        given["look_back"] = timedelta(hours=options["look_back"])
    with Moveworks(records_auth=ApiKey("k"), base_url=origin) as mw:
        report = mw.records.sync(target, entities=["interactions"], **given)
    return report.entities[0].run.fetched


def lines(origin: str, target: str, options: dict[str, Any]) -> int:
    """JSON lines of `list(raw="bytes")`."""
    from moveworks import ApiKey, Moveworks

    del options
    seen = 0
    with Moveworks(records_auth=ApiKey("k"), base_url=origin) as mw, Path(target).open("wb") as file:
        for page in mw.records.interactions.list(raw="bytes").pages():
            file.write(b"\n".join(page.items) + b"\n")
            seen += len(page.items)
    return seen


LOADERS: dict[str, Callable[[str, str, dict[str, Any]], int]] = {
    function.__name__: function for function in (floor, usual, sync, lines)
}


def main(name: str, origin: str, target: str, options: str) -> None:
    """Run one loader, after its imports."""
    import moveworks.destinations  # noqa: F401 - what is imported anyway is not measured

    given = json.loads(options)
    warm = given.get("warm", "")
    if warm:
        LOADERS[name](warm, f"{Path(target).parent}/warm{Path(target).suffix}", given)
    began, clock = time.process_time(), time.monotonic()
    seen = LOADERS[name](origin, target, given)
    seconds, wall = time.process_time() - began, time.monotonic() - clock
    print(json.dumps({"seconds": seconds, "wall": wall, "peak_kib": peak_kib(), "records": seen}))


def peak_kib() -> int:
    """The most memory that this process had, in KiB."""
    try:
        # What getrusage says begins with what the process had that started this one.
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.partition("VmHWM:")[2].split()[0])
    except (OSError, ValueError, IndexError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4])

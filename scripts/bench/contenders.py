"""The programs that are measured, each run as a process: `python -m scripts.bench.contenders NAME …`.

Each prints one JSON object: seconds of CPU time used, peak memory in KiB, and how many records it saw.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PATH = "/export/v1/records/interactions"


def drain_moveworks(origin: str, pages: int) -> int:
    """Typed records through the facade."""
    from moveworks import ApiKey, Moveworks

    seen = 0
    with Moveworks(records_auth=ApiKey("k"), base_url=origin) as mw:
        for _record in mw.records.interactions.list(skip=pages):
            seen += 1
    return seen


def drain_moveworks_raw(origin: str, pages: int) -> int:
    """Plain dictionaries through the facade: the bulk path."""
    from moveworks import ApiKey, Moveworks

    seen = 0
    with Moveworks(records_auth=ApiKey("k"), base_url=origin) as mw:
        for page in mw.records.interactions.list(skip=pages, raw=True).pages():
            seen += len(page.items)
    return seen


def drain_stock(origin: str, pages: int) -> int:
    """The untouched generated client: its parser for pages, and the loop that its users write."""
    from stock_export import Client  # type: ignore[import-not-found]
    from stock_export.models import InteractionPage  # type: ignore[import-not-found]

    client = Client(base_url=origin, headers={"Authorization": "Bearer k"}).get_httpx_client()
    seen = 0
    link: str | None = f"{PATH}?$skip={pages}"
    while link:
        page = InteractionPage.from_dict(client.get(link).raise_for_status().json())
        for _record in page.value:
            seen += 1
        link = page.odata_next_link or None
    return seen


def drain_requests(origin: str, pages: int) -> int:
    """A `requests` loop that only parses JSON."""
    import requests

    session = requests.Session()
    session.headers["Authorization"] = "Bearer k"
    seen = 0
    link: str | None = f"{origin}{PATH}?$skip={pages}"
    while link:
        response = session.get(link)
        response.raise_for_status()
        body = response.json()
        for _record in body["value"]:
            seen += 1
        link = body.get("@odata.nextLink")
    return seen


def decode_moveworks(file: str, times: int) -> int:
    """Bytes of a page to typed records, as the facade does it."""
    import msgspec

    from moveworks_export.models import InteractionRecord

    body = Path(file).read_bytes()
    return sum(
        len([InteractionRecord.from_dict(row) for row in msgspec.json.decode(body)["value"]]) for _ in range(times)
    )


def decode_stock(file: str, times: int) -> int:
    """Bytes of a page to typed records, as the untouched generated client does it."""
    from stock_export.models import InteractionPage

    body = Path(file).read_bytes()
    return sum(len(InteractionPage.from_dict(json.loads(body)).value) for _ in range(times))


def decode_json(file: str, times: int) -> int:
    """Parsing alone, with the standard library."""
    body = Path(file).read_bytes()
    return sum(len(json.loads(body)["value"]) for _ in range(times))


def decode_msgspec(file: str, times: int) -> int:
    """Parsing alone, with msgspec."""
    import msgspec

    body = Path(file).read_bytes()
    return sum(len(msgspec.json.decode(body)["value"]) for _ in range(times))


CONTENDERS: dict[str, Callable[[str, int], int]] = {
    function.__name__: function
    for function in (
        drain_moveworks,
        drain_moveworks_raw,
        drain_stock,
        drain_requests,
        decode_moveworks,
        decode_stock,
        decode_json,
        decode_msgspec,
    )
}


def main(name: str, target: str, amount: int) -> None:
    """Run one contender once to warm up its imports, then for the record."""
    contender = CONTENDERS[name]
    contender(target, 1)
    began = time.process_time()
    seen = contender(target, amount)
    print(
        json.dumps(
            {
                "seconds": time.process_time() - began,
                "peak_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
                "records": seen,
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))

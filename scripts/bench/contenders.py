"""The programs that are measured, each run as a process.

`python -m scripts.bench.contenders NAME TARGET ENTITY AMOUNT` prints one JSON object: seconds of CPU time used
after one page to warm up, peak memory in KiB, and how many records it saw.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

BASE = "/export/v1/records"


def drain_moveworks(origin: str, entity: str, pages: int) -> int:
    """Typed records through the facade."""
    from moveworks import ApiKey, Moveworks

    seen = 0
    with Moveworks(records_auth=ApiKey("k"), base_url=origin) as mw:
        for _record in mw.records[entity].list(skip=pages):
            seen += 1
    return seen


def drain_moveworks_raw(origin: str, entity: str, pages: int) -> int:
    """Plain dictionaries through the facade."""
    from moveworks import ApiKey, Moveworks

    seen = 0
    with Moveworks(records_auth=ApiKey("k"), base_url=origin) as mw:
        for page in mw.records[entity].list(skip=pages, raw=True).pages():
            seen += len(page.items)
    return seen


def drain_stock(origin: str, entity: str, pages: int) -> int:
    """The untouched generated client: its parser for pages, and the loop that its users write."""
    from stock_export import Client  # type: ignore[import-not-found]

    parse = _stock_page(entity).from_dict
    client = Client(base_url=origin, headers={"Authorization": "Bearer k"}).get_httpx_client()
    seen = 0
    link: str | None = f"{BASE}/{entity}?$skip={pages}"
    while link:
        page = parse(client.get(link).raise_for_status().json())
        for _record in page.value:
            seen += 1
        link = page.odata_next_link or None
    return seen


def drain_requests(origin: str, entity: str, pages: int) -> int:
    """A `requests` loop that only parses JSON."""
    import requests

    session = requests.Session()
    session.headers["Authorization"] = "Bearer k"
    seen = 0
    link: str | None = f"{origin}{BASE}/{entity}?$skip={pages}"
    while link:
        response = session.get(link)
        response.raise_for_status()
        body = response.json()
        for _record in body["value"]:
            seen += 1
        link = body.get("@odata.nextLink")
    return seen


def decode_moveworks(file: str, entity: str, times: int) -> int:
    """Bytes of a page to typed records, as the facade does it."""
    from moveworks.records.page import read_page
    from moveworks_export.entities import ENTITY_SETS

    body, build = Path(file).read_bytes(), ENTITY_SETS[entity].load_model().adopt
    return sum(len(list(map(build, read_page(body).items))) for _ in range(times))


def decode_stock(file: str, entity: str, times: int) -> int:
    """Bytes of a page to typed records, as the untouched generated client does it."""
    body, parse = Path(file).read_bytes(), _stock_page(entity).from_dict
    return sum(len(parse(json.loads(body)).value) for _ in range(times))


def decode_json(file: str, entity: str, times: int) -> int:
    """Parsing alone, with the standard library."""
    del entity
    body = Path(file).read_bytes()
    return sum(len(json.loads(body)["value"]) for _ in range(times))


def _stock_page(entity: str) -> Any:
    from importlib import import_module

    from moveworks_export.entities import ENTITY_SETS

    models = import_module("stock_export.models")
    name: str = ENTITY_SETS[entity].model.rpartition(":")[2].removesuffix("Record") + "Page"
    return getattr(models, name)


CONTENDERS: dict[str, Callable[[str, str, int], int]] = {
    function.__name__: function
    for function in (
        drain_moveworks,
        drain_moveworks_raw,
        drain_stock,
        drain_requests,
        decode_moveworks,
        decode_stock,
        decode_json,
    )
}


def main(name: str, target: str, entity: str, amount: int) -> None:
    """Run one contender once to warm up its imports, then for the record."""
    contender = CONTENDERS[name]
    contender(target, entity, 1)
    began = time.process_time()
    seen = contender(target, entity, amount)
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "peak_kib": peak, "records": seen}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))

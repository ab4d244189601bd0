"""How many interaction rows a second the sandbox serves with one core, so that it is not what a benchmark measures.

The sandbox runs in a process of its own, whose CPU time is the measure; the client only looks for the next link.
The first reading also makes the records, the second finds them made.
"""

from __future__ import annotations

import re
import subprocess
import sys
from typing import IO, Final

import httpx

from moveworks_export.service import BASE_PATH

ROWS: Final = 100_000
TARGET: Final = 100_000
"""Rows a second."""
SERVER: Final = """
import sys, time
from moveworks.sandbox import Sandbox
with Sandbox(rows=int(sys.argv[1])) as sandbox:
    print(sandbox.base_url, sandbox.api_key, flush=True)
    for _ in sys.stdin:
        print(time.process_time(), flush=True)
"""
NEXT_LINK: Final = re.compile(rb'"@odata\.nextLink":"([^"]+)"\}$')


def main() -> int:
    """Print the rates; exit code 1 if the slower one misses the target."""
    command = [sys.executable, "-c", SERVER, str(ROWS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        origin, key = server.stdout.readline().split()
        rates = [_rate(origin, key, server.stdin, server.stdout) for _ in range(2)]
        server.stdin.close()
    for name, rate in zip(("made and served", "served again"), rates, strict=True):
        print(f"sandbox, {ROWS:,} interactions {name:16} {rate:10,.0f} rows a second of CPU time")
    return 0 if min(rates) >= TARGET else 1


def _rate(origin: str, key: str, ask: IO[str], answer: IO[str]) -> float:
    began = _cpu(ask, answer)
    rows = 0
    with httpx.Client(headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:
        link: str | None = f"{origin}{BASE_PATH}/interactions"
        while link is not None:
            body = client.get(link).raise_for_status().content
            rows += body.count(b'"conversation_id":')
            found = NEXT_LINK.search(body, len(body) - 1000 if len(body) > 1000 else 0)
            link = found.group(1).decode() if found else None
    if rows != ROWS:
        raise SystemExit(f"{rows:,} rows came, not {ROWS:,}")
    return rows / (_cpu(ask, answer) - began)


def _cpu(ask: IO[str], answer: IO[str]) -> float:
    ask.write("\n")
    ask.flush()
    return float(answer.readline())


if __name__ == "__main__":
    sys.exit(main())

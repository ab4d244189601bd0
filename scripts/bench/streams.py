"""A thousand streams of answers at one time, on one event loop: all are right, what each takes, and a call beside them.

The sandbox runs in a process of its own. Memory is what the client's process gains between a hundred open streams and
all of them.
"""

from __future__ import annotations

import asyncio
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from moveworks import AsyncMoveworks, BearerToken

if TYPE_CHECKING:
    from moveworks.assistant.stream import AsyncResponseStream

STREAMS: Final = 1000
FIRST: Final = 100
"""Streams that are open before memory is measured the first time: connections of calls are made by then."""
TARGET: Final = 60.0
"""Kilobytes a stream."""
QUESTION: Final = "How do I reset my VPN password?"
SERVER: Final = """
import resource, sys
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
from moveworks.sandbox import Sandbox
with Sandbox(rows=10) as sandbox:
    print(sandbox.base_url, sandbox.assistant_token, sandbox.assistant, flush=True)
    sys.stdin.read()
"""


def main() -> int:
    """Print what was measured; exit code 1 if an answer is wrong or a stream takes more than the target."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        origin, token, assistant = server.stdout.readline().split()
        right, kilobytes, seconds = asyncio.run(_measure(origin, token, assistant))
        server.stdin.close()
    print(f"streams open at one time, answers that are right    {right:>8,} of {STREAMS:,}")
    print(f"memory of one open stream                           {kilobytes:8.1f} kB (at most {TARGET:.0f})")
    print(f"a plain call beside them                            {seconds:8.3f} s")
    return 0 if right == STREAMS and kilobytes <= TARGET else 1


async def _measure(origin: str, token: str, assistant: str) -> tuple[int, float, float]:
    async with AsyncMoveworks(assistant_auth=BearerToken(token), assistant=assistant, base_url=origin) as mw:
        before = await _text(await _open(mw))
        streams = [await _open(mw) for _ in range(FIRST)]
        small = _memory()
        while len(streams) < STREAMS:
            amount = min(50, STREAMS - len(streams))
            streams += await asyncio.gather(*(_open(mw) for _ in range(amount)))
        kilobytes = (_memory() - small) / (STREAMS - FIRST)
        began = time.perf_counter()
        await mw.assistant.conversations.list().first()
        seconds = time.perf_counter() - began
        texts = await asyncio.gather(*map(_text, streams))
    return sum(text == before and bool(text) for text in texts), kilobytes, seconds


async def _open(mw: AsyncMoveworks) -> AsyncResponseStream:
    conversation = await mw.assistant.conversations.create()
    stream = mw.assistant.responses.stream(conversation.conversation_id, QUESTION)
    return await stream.__aenter__()


async def _text(stream: AsyncResponseStream) -> str:
    await stream.until_done()
    await stream.aclose()
    return "" if stream.recovered else stream.text


def _memory() -> float:
    """Kilobytes that this process has in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1000


if __name__ == "__main__":
    sys.exit(main())

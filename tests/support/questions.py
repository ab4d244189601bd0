"""A question to a sandbox, blocking or async, after which no connection of a stream may be left open."""

from __future__ import annotations

import asyncio
import time

from moveworks import MoveworksError

PATIENCE = 60.0
"""Seconds after which a connection that is still open is taken for forgotten; the server sees the end of one later."""


def ask(sandbox, mode, *, client=None, **settings):
    """Ask; the answer or the error, after everything that came of the stream.

    As soon as there is an answer or an error, and the client still open, neither side may be within an answer. When
    the client is closed, no connection may be left.
    """
    seen = []
    settings = {"timeout": 60.0, "on_update": seen.append, **settings}

    async def asked():
        async with sandbox.async_client(**(client or {})) as mw:
            try:
                result = await mw.assistant.ask("vpn", **settings)
            except MoveworksError as error:
                result = error
            assert _in_use(mw) == []
            await _ended(lambda: _answering(sandbox))
        await _ended(lambda: _connections(sandbox))
        return result

    if mode == "async":
        return asyncio.run(asked()), seen
    with sandbox.client(**(client or {})) as mw:
        try:
            result = mw.assistant.ask("vpn", **settings)
        except MoveworksError as error:
            result = error
        assert _in_use(mw) == []
        asyncio.run(_ended(lambda: _answering(sandbox)))
    asyncio.run(_ended(lambda: _connections(sandbox)))
    return result, seen


async def _ended(left):
    """Wait until nothing is left."""
    end = time.monotonic() + PATIENCE
    while left() and time.monotonic() < end:  # noqa: ASYNC110 - a server on another thread sets no event
        await asyncio.sleep(0.002)
    assert left() == []


def _connections(sandbox):
    """The connections that the server has open."""
    return list(sandbox._server.config.http._open.values())


def _answering(sandbox):
    """Those of them whose answer has not ended."""
    return [each for each in _connections(sandbox) if not each.is_idle]


def _in_use(mw):
    """The connections of a client whose answer was neither read to its end nor closed."""
    connections = mw.assistant.transport._connections
    pooled = [each for pool in connections.pools.values() for each in pool.connections]
    return [each for each in [*pooled, *connections.alone] if not each.is_idle() and not each.is_closed()]

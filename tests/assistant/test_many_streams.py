"""Many streams at one time: each is right, and other calls are answered beside them."""

from __future__ import annotations

import asyncio

import pytest

from moveworks.sandbox import Sandbox
from moveworks.transport.connections import MAX_CONNECTIONS

MANY = MAX_CONNECTIONS + 70


@pytest.mark.slow
def test_more_streams_than_connections_of_calls_are_open_at_once():
    """All wait for each other and for a plain call, so each has a connection of its own, which ends with it."""

    async def main(sandbox):
        async with sandbox.async_client() as mw:
            all_open, answered = asyncio.Barrier(MANY + 1), asyncio.Event()

            async def one(number):
                conversation = await mw.assistant.conversations.create()
                question = f"How do I reset my VPN password? {number}"
                async with mw.assistant.responses.stream(conversation.conversation_id, question) as stream:
                    await all_open.wait()
                    await answered.wait()
                    await stream.until_done()
                    return stream.text, stream.recovered

            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(one(number)) for number in range(MANY)]
                await all_open.wait()
                await mw.assistant.conversations.list(limit=1).first()
                # The pool looks at each of its connections for each request, so it must not hold the streams.
                (pool,) = mw.assistant.responses.transport._connections.pools.values()
                held = len(pool.connections)
                alone = list(mw.assistant.responses.transport._connections.alone)
                answered.set()
            return [task.result() for task in tasks], held, alone

    with Sandbox(rows=10) as sandbox:
        answers, held, alone = asyncio.run(main(sandbox))
    assert all(text and not recovered for text, recovered in answers)
    assert len({text for text, _ in answers}) == 1
    assert held <= 2 * MAX_CONNECTIONS
    assert len(alone) >= MANY - MAX_CONNECTIONS
    assert all(connection.is_closed() for connection in alone)


def test_closing_the_client_ends_the_streams_beside_its_pool():
    """A blocking client: nothing of it stays open."""
    with Sandbox(rows=10) as sandbox, sandbox.client() as mw:
        conversation = mw.assistant.conversations.create()
        streams = []
        for _ in range(MAX_CONNECTIONS + 2):
            stream = mw.assistant.responses.stream(conversation.conversation_id, "VPN?", poll=False)
            streams.append(stream.__enter__())
        alone = list(mw.assistant.responses.transport._connections.alone)
        assert alone
        mw.close()
        assert all(connection.is_closed() for connection in alone)
        for stream in streams:
            stream.close()

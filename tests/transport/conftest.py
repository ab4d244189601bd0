from __future__ import annotations

import pytest


@pytest.fixture
def no_waiting(monkeypatch):
    """Waits of both drivers are written down, not waited for."""
    waits = []

    async def sleep(seconds):
        waits.append(seconds)

    monkeypatch.setattr("moveworks.transport.http.pause", waits.append)
    monkeypatch.setattr("moveworks.transport.aio.pause", sleep)
    return waits

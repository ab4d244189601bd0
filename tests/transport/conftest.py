from __future__ import annotations

import time
from types import SimpleNamespace

import pytest


@pytest.fixture
def no_waiting(monkeypatch):
    """Waits of both drivers are written down, not waited for."""
    waits = []

    async def sleep(seconds):
        waits.append(seconds)

    fake = SimpleNamespace(sleep=waits.append, monotonic=time.monotonic)
    monkeypatch.setattr("moveworks.transport.http.time", fake)
    monkeypatch.setattr("moveworks.transport.aio.asyncio.sleep", sleep)
    return waits

from __future__ import annotations

import httpx
import pytest
from moments import NOW
from published import ASSISTANT_PATH

from moveworks.sandbox import Sandbox


@pytest.fixture
def fresh():
    """A sandbox of a test's own; its interactions are two full pages and a short one."""
    with Sandbox(rows=1010, seed=5, now=NOW) as running:
        yield running


@pytest.fixture(scope="session")
def http():
    """A client of any server; making one costs more than asking."""
    with httpx.Client(timeout=None) as client:
        yield client


@pytest.fixture
def get(fresh, http):
    """Asks it with the right credential."""

    def call(path, **more):
        headers = {"Authorization": f"Bearer {fresh.api_key}"}
        if path.startswith(ASSISTANT_PATH):
            headers = {"Authorization": f"Bearer {fresh.assistant_token}", "Assistant-Name": fresh.assistant}
        headers |= more.pop("headers", {})
        return http.get(f"{fresh.base_url}{path}", headers=headers, **more)

    return call

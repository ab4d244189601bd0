from __future__ import annotations

import pytest
from loaded import DESTINATIONS
from moments import NOW

from moveworks.sandbox import Sandbox


@pytest.fixture(params=DESTINATIONS)
def path(request, tmp_path):
    """Each kind of destination that remembers what it holds."""
    return tmp_path / request.param


@pytest.fixture
def living():
    """A small sandbox of one's own, whose days pass."""
    with Sandbox(rows=600, seed=5, living=True, now=NOW) as running:
        yield running

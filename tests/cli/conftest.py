from __future__ import annotations

import pytest
from commands import Commands


@pytest.fixture
def run(sandbox, tmp_path):
    """Runs commands against the shared sandbox, in a folder of their own."""
    sandbox.requests.clear()
    yield Commands(tmp_path, sandbox.environment())
    sandbox.clear_faults()
    sandbox.violations.clear()

from __future__ import annotations

import os

import pytest


@pytest.fixture
def environment(sandbox):
    clean = {k: v for k, v in os.environ.items() if not k.startswith("MOVEWORKS_")}
    return {**clean, **sandbox.environment(), "PYTHONWARNINGS": "error"}

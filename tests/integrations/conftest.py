from __future__ import annotations

import os

import pytest
from moments import VARIABLE


def pytest_collection_modifyitems(items):
    """At other moments there is nothing to see here: dates are the core's business, and engines take their time."""
    if os.environ.get(VARIABLE):
        for item in items:
            if item.path.parent.name == "integrations":
                item.add_marker(pytest.mark.skip(reason="dates are the core's business"))

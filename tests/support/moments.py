"""The present of the tests. Nothing in the suite may depend on when it runs.

Sandboxes and commands of tests are given `NOW`. With MOVEWORKS_TEST_NOW set, `NOW` is that moment, and the clock of the
process goes from there too (see `tests/conftest.py`), so that whatever still looks at the clock is found.
"""

from __future__ import annotations

import os
from datetime import datetime

VARIABLE = "MOVEWORKS_TEST_NOW"
NOW = datetime.fromisoformat(os.environ.get(VARIABLE) or "2026-11-25T12:00:00+00:00")
WITHOUT_CLOCK = {"differ", "odata", "review", "scripts", "typing"}
"""Folders of tests that look at no clock, and need not be run at several moments."""
MOMENTS = [
    "2026-11-24T23:30:00+00:00",  # after the day's batch, before midnight
    "2026-11-25T05:58:00+00:00",  # just before a batch, or just after it
    "2028-02-29T12:00:00+00:00",  # a leap day
    "2026-11-01T00:30:00+09:00",  # the first of a month, where in UTC it is the last of the one before
    "2026-12-31T23:59:59-05:00",  # the end of a year, where in UTC it has begun
]
"""Moments at which days, months and batches change."""

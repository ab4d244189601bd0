"""How windows are cut, whatever the service counts."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from moments import NOW

from moveworks.records.columns import table_of
from moveworks.sync.load import Count, EntityLoad
from moveworks.sync.windows import MAX_WINDOWS, RETENTION, Span
from moveworks_export.entities import ENTITY_SETS


@pytest.mark.parametrize("whole_days", [False, True])
@pytest.mark.parametrize("said", [16_000, 50_000, 10**9, 2**63 - 1])
def test_a_count_that_cannot_be_true_ends(said, whole_days):
    """However many records each window is said to have, there is a last one to be counted."""
    span = Span(start=NOW - RETENTION, end=NOW, whole_days=whole_days)
    load = EntityLoad(table=table_of(ENTITY_SETS["interactions"]), span=span, bound=None)
    jobs, counts = load.begin(), 0
    while counting := [job for job in jobs if isinstance(job, Count)]:
        jobs = [each for job in counting for each in load.counted(job, said)]
        counts += len(counting)
    assert counts < 3 * MAX_WINDOWS
    windows = sorted(
        (state.window for state in load.states.values()), key=lambda each: each.start or NOW - 2 * RETENTION
    )
    assert len(windows) <= 2 * MAX_WINDOWS
    # Nothing is left out, and nothing is twice.
    assert (windows[0].start, windows[-1].end) == (None, None)
    assert all(one.end == other.start for one, other in pairwise(windows))
    assert all(one.end - one.start >= timedelta(seconds=1) for one in windows[1:-1])

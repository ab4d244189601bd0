"""`kill -9` at random moments, in real processes: the next run gives what an undisturbed one gives."""

from __future__ import annotations

import random
import subprocess
import time

import pytest
from commands import PROGRAM, clean_environment
from loaded import DESTINATIONS, records, sent
from moments import NOW

from moveworks.sandbox import Sandbox
from moveworks_export.entities import ENTITY_SETS

SEED = 7


@pytest.mark.parametrize(
    ("kind", "kills"),
    [pytest.param(kind, 2, marks=pytest.mark.slow) for kind in DESTINATIONS[:2]]
    + [pytest.param(kind, 36, marks=pytest.mark.thorough) for kind in DESTINATIONS],
)
def test_kills_at_random_moments_change_nothing(kind, kills, tmp_path):
    """The file holds exactly the rows of the source afterwards, each once, and nothing is left beside it."""
    path, rng, killed = tmp_path / kind, random.Random(SEED), 0
    with Sandbox(rows=1000, seed=5, living=True, now=NOW) as sandbox:
        sandbox.rows("users")
        command = [*PROGRAM, "sync", str(path), "-q"]
        environment = clean_environment(**sandbox.environment())
        began = time.monotonic()
        subprocess.run(command, env=environment, check=True)
        whole = time.monotonic() - began
        held = {entity: sent(sandbox, entity) for entity in ENTITY_SETS}
        while killed < kills:
            sandbox.advance(days=1)
            # Until one run in a row was left alone: what was killed goes on, and does not begin again for ever.
            for _ in range(rng.randrange(1, 4)):
                run = subprocess.Popen(command, env=environment)
                try:
                    run.wait(rng.uniform(0, whole))
                except subprocess.TimeoutExpired:
                    run.kill()
                    killed += 1
                assert run.wait() in {0, -9}
            subprocess.run(command, env=environment, check=True)
            for entity in ENTITY_SETS:
                held[entity] |= sent(sandbox, entity)
                assert records(path, entity) == held[entity]
            assert [each.name for each in tmp_path.iterdir()] == [path.name]

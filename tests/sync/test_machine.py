"""Days, faults and crashes in any order: what was proven to be there is there."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from loaded import DESTINATIONS, records, sent
from moments import NOW

from moveworks import MoveworksError
from moveworks.destinations import open_destination
from moveworks.sandbox import Sandbox
from moveworks.sync import make_sync

ENTITIES = ("interactions", "users")
FAULTS = (
    "503:probability=0.3,seed=4",
    "429:nth=2,times=2,retry_after=0",
    "reset:nth=3,times=4",
    "truncate:page=1,times=2",
    "html:nth=4,times=3",
    "410:page=2,times=2",
    "repeated-link:page=1,times=1",
    "403:route=users",
)


class Days(RuleBasedStateMachine):
    """One sandbox, one destination, and what is known to be in it."""

    kind = "export.sqlite"

    @initialize(seed=st.integers(0, 50))
    def begin(self, seed):
        self.folder = Path(tempfile.mkdtemp(prefix="moveworks-test-"))
        self.path = self.folder / self.kind
        self.sandbox = Sandbox(rows=1300, seed=seed, living=True, now=NOW).start()
        self.client = self.sandbox.client(attempts=2)
        self.proven = {entity: {} for entity in ENTITIES}
        self.seen = {entity: set() for entity in ENTITIES}
        self.runs = 0

    @rule(days=st.sampled_from([1, 1, 1, 2, 5, 12]))
    def days_pass(self, days):
        self.sandbox.advance(days=days)

    @rule(fault=st.sampled_from(FAULTS))
    def run_with_a_fault(self, fault):
        self.sandbox.add_fault(fault)
        self.run()
        self.sandbox.clear_faults()

    @rule(after=st.integers(0, 3), history=st.booleans())
    def run_until_the_disk_is_full(self, after, history):
        destination = open_destination(str(self.path))
        apply, calls = destination.apply, []

        def full(table, windows):
            calls.append(table)
            if len(calls) > after:
                raise OSError(28, "No space left on device")
            return apply(table, windows)

        destination.apply = full
        with suppress(OSError):
            self.run(destination, history=history)

    @rule(concurrency=st.sampled_from([1, 4]), again=st.booleans())
    def run_as_usual(self, concurrency, again):
        assert self.run(concurrency=concurrency, again=again)

    def run(self, destination=None, **options):
        """One run; whether it says that all is there. If so, everything that is served now is."""
        for entity in ENTITIES:
            self.seen[entity] |= sent(self.sandbox, entity).keys()
        destination = destination or open_destination(str(self.path))
        try:
            complete = make_sync(self.client.records, destination, entities=ENTITIES, **options).run().complete
        except MoveworksError:
            complete = False
        self.runs += 1
        if complete:
            for entity in ENTITIES:
                self.proven[entity] |= sent(self.sandbox, entity)
        return complete

    @invariant()
    def what_was_proven_is_there(self):
        if not getattr(self, "runs", 0) or not self.proven["users"]:
            return
        for entity in ENTITIES:
            held = records(self.path, entity)  # fails if an id is there twice
            assert held.keys() >= self.proven[entity].keys()
            assert held.keys() <= self.seen[entity]
            for identity, record in self.proven[entity].items():
                there = held[identity]
                # A run that was interrupted may have brought a newer version.
                assert there == record or there["last_updated_time"] > record["last_updated_time"]

    def teardown(self):
        if hasattr(self, "sandbox"):
            self.client.close()
            self.sandbox.stop()
            shutil.rmtree(self.folder, ignore_errors=True)


@pytest.mark.slow
@pytest.mark.hypothesis
@pytest.mark.parametrize("kind", DESTINATIONS)
def test_whatever_happens_what_was_proven_is_there(kind, monkeypatch):
    """Days that pass, faults, full disks and runs in any order, for each destination."""
    monkeypatch.setattr("moveworks.transport.pace.Pace.wait", lambda self, seconds: None)
    monkeypatch.setattr("moveworks.transport.pace.Pace.slow_down", lambda self, seconds: None)
    machine = type(f"Days of {kind}", (Days,), {"kind": kind})
    # Each example is a whole history: two of them, and many with `make fuzz`.
    examples = settings(max_examples=settings.default.max_examples // 25, stateful_step_count=8)
    run_state_machine_as_test(machine, settings=examples)

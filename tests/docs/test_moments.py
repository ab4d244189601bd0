"""No test depends on when it is run: those that may look at a clock are run at several moments."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from moments import MOMENTS, NOW, VARIABLE, WITHOUT_CLOCK

TESTS = Path(__file__).resolve().parents[1]
LOOKS_AT_A_CLOCK = re.compile(
    r"\b(?:datetime|date|time)\.(?:now|utcnow|today|time|localtime|gmtime|strftime)\b|from moments|--since"
)


def test_what_is_not_run_at_several_moments_looks_at_no_clock():
    """In its own text; the sandboxes there are compared with themselves."""
    found = [
        f"{file.relative_to(TESTS)}: {match.group()}"
        for folder in sorted(WITHOUT_CLOCK)
        for file in (TESTS / folder).rglob("*.py")
        for match in LOOKS_AT_A_CLOCK.finditer(file.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_the_moments_of_the_makefile_are_hard_ones():
    """Before midnight, a leap day, the end of a month in another zone."""
    makefile = (TESTS.parent / "Makefile").read_text(encoding="utf-8")
    moments = re.findall(rf"{VARIABLE}=(\S+) TZ=(\S+)", makefile)
    assert len(moments) == len({zone for _, zone in moments}) == 3
    tried = [datetime.fromisoformat(moment) for moment, _ in moments]
    assert any(moment.astimezone(UTC).hour >= 22 for moment in tried)
    assert any((moment.month, moment.day) == (2, 29) for moment in tried)
    assert any(moment.month != moment.astimezone(UTC).month for moment in tried)
    assert {moment for moment, _ in moments} < set(MOMENTS)


def test_a_run_at_another_moment_is_at_that_moment():
    """The clock of its process, and what tests are given; tests without a clock are left out."""
    code = """
import sys, pytest
from datetime import datetime, UTC
class Look:
    def pytest_collection_finish(self, session):
        print("NOW", datetime.now(UTC).isoformat()[:16], len(session.items) == 0)
arguments = ["-q", "-p", "no:cacheprovider", "--collect-only", "tests/odata/test_grammar.py"]
sys.exit(pytest.main(arguments, plugins=[Look()]))
"""
    environment = {**os.environ, VARIABLE: "2028-02-29T23:30:00+09:00"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=TESTS.parent, env=environment, check=False, capture_output=True, text=True
    )
    assert "NOW 2028-02-29T14:30 True" in done.stdout, done.stdout + done.stderr


@pytest.mark.skipif(not os.environ.get(VARIABLE), reason=f"about runs with {VARIABLE}")
def test_here_and_now_is_the_moment_that_was_asked_for():
    """Give or take what the suite takes."""
    assert 0 <= (datetime.now(UTC) - NOW).total_seconds() < 86400

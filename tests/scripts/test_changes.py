"""What the vendor may publish next: it builds without a hand-written line, and its review says the right thing once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import changes
import pytest

from scripts.regenerate import build
from scripts.review.review import review

# Verdict on what was published, verdict for users, and how many findings say so.
EXPECTED = {
    "other_prose": ("docs", "docs", 3),
    "new_entity_set": ("additive", "additive", 1),
    "moved_base_path": ("breaking", "warning", 2),
    "moved_path": ("breaking", "warning", 1),
    "removed_server": ("warning", "breaking", 2),
    "nullable_type": ("breaking", "none", 1),
    "required_option": ("breaking", "breaking", 1),
    "deprecated_property": ("docs", "docs", 1),
    "renamed_operation": ("additive", "breaking", 1),
    "reordered_union": ("none", "none", 0),
}


@pytest.mark.parametrize("change", changes.CHANGES, ids=lambda change: change.__name__)
def test_a_change_is_reviewed_once_with_both_verdicts(change, tmp_path):
    """For who takes the document at its word, and for users of the library."""
    shutil.copytree(changes.ROOT / "specs", tmp_path / "specs")
    changes.take(changes.folder_of(change, tmp_path / "new"), tmp_path / "specs")
    result = review(str(changes.ROOT / "specs"), str(tmp_path / "specs"))
    assert not result.problems
    if change.__name__ in EXPECTED:
        found = (result.published, result.users, len(result.findings))
        assert found == EXPECTED[change.__name__], [finding.message for finding in result.findings]
    else:
        assert (result.published, result.users) == ("breaking", "breaking")
    for finding in result.findings:
        gone = [each for each in finding.symbols if each["old"] and each["effect"] not in {"additive", "docs"}]
        assert bool(finding.uses) <= bool(gone)


def test_all_changes_together_build_and_pass_the_tests_of_generated_code(tmp_path):
    """The documents of both APIs, with every change at once."""
    shutil.copytree(changes.ROOT / "specs", tmp_path / "specs")
    for room in ("overlay", "runtime", "scripts"):
        (tmp_path / room).symlink_to(changes.ROOT / room)
    shutil.copytree(changes.ROOT / "tests", tmp_path / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(changes.ROOT / "pyproject.toml", tmp_path)
    changes.take(changes.folder_of(changes.everything, tmp_path / "new"), tmp_path / "specs")
    for api in changes.FILES:
        build(tmp_path / "specs" / api, tmp_path / "generated" / f"moveworks_{api}")
    path = os.pathsep.join(str(tmp_path / each) for each in ("overlay", "runtime", "generated", "."))
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/generated"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]

"""`docs/reviews` is what the commands of `docs/api-review.md` print."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from scripts.review.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "api-review.md").read_text(encoding="utf-8")
COMMANDS = [
    shlex.split(command.replace("\\\n", ""))
    for command in re.findall(
        r"^python -m scripts\.review --base (?:[^\n]*\\\n)+[^\n]*-o docs/reviews/[^\n]*", PAGE, re.MULTILINE
    )
]


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: Path(command[-1]).name)
def test_a_review_is_what_its_command_gives(command, tmp_path, monkeypatch):
    """But for what depends on hand-written code, which changes more often: its lines, and what the facade offers."""
    monkeypatch.chdir(ROOT)
    assert main([*command[3:-1], str(tmp_path)]) == 1
    kept = ROOT / command[-1]
    assert sorted(file.name for file in kept.iterdir()) == sorted(file.name for file in tmp_path.iterdir())
    for file in sorted(kept.iterdir()):
        assert without_lines(tmp_path / file.name) == without_lines(file)


def without_lines(file):
    text = file.read_text(encoding="utf-8")
    text = re.sub(r"(<h4>Lines that use it</h4>).*?(?=</li><li><h4>Severity)", r"\1", text, flags=re.DOTALL)
    text = re.sub(r'<section aria-labelledby="uncovered">.*?</section>', "", text, flags=re.DOTALL)
    text = re.sub(r"\n<details><summary>Not offered by the facade.*?</details>\n", "", text, flags=re.DOTALL)
    text = re.sub(r"(?m)^ +- used in .*$", "", text)
    return re.sub(r"(?:<li>|\d+\. )Work through .*", "", text)


def test_both_real_changes_are_there():
    """Of both APIs."""
    assert len(COMMANDS) == 2

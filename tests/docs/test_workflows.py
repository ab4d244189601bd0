"""What CI runs, and with what."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.stem)
def test_actions_are_pinned_by_their_hash(workflow):
    """A tag can be moved to other code; the comment says which version it is."""
    used = re.findall(r"uses: (.*)", workflow.read_text(encoding="utf-8"))
    assert used
    for action in used:
        assert re.fullmatch(r"[\w-]+(/[\w-]+)+@[0-9a-f]{40} # v\d+(\.\d+)*", action), action


def test_the_workflow_runs_the_suite_with_the_lowest_versions():
    """In a job of its own; at several moments it is run by `.ci/run`."""
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))["jobs"]
    commands = [step.get("run", "") for job in jobs.values() for step in job["steps"]]
    assert "make test-lowest PYTHON=python" in commands
    assert ".ci/run" in commands
    assert "test-moments" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_lowest_versions_are_those_of_the_project():
    """Each lower bound of pyproject.toml is what is installed, but for engines, which need newer versions of others."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = [
        *project["dependencies"],
        *(
            each
            for name, extra in project["optional-dependencies"].items()
            for each in extra
            if name not in {"mcp", "dlt", "spark"}
        ),
    ]
    lowest = dict(
        line.split("==")
        for line in (ROOT / "requirements-lowest.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    )
    for requirement in required:
        name, bound = re.match(r"([\w.-]+)>=([\d.]+)", requirement).groups()
        installed = lowest[name].removesuffix(".0").removesuffix(".0")
        assert installed == bound.removesuffix(".0"), requirement

"""The README's snippets run as they stand."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from moveworks.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CLI, SANDBOX = ((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("cli.md", "sandbox.md"))


def blocks(language: str, page: str = README) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page, flags=re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def environment():
    clean = {k: v for k, v in os.environ.items() if not k.startswith("MOVEWORKS_")}
    with Sandbox(rows=400) as sandbox:
        yield {**clean, **sandbox.environment()}


def test_the_python_tour_runs_from_top_to_bottom(tmp_path, environment):
    """All Python blocks, pasted one after the other into one file, run without error or warning."""
    script = tmp_path / "tour.py"
    script.write_text("\n".join(blocks("python")), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script)],
        cwd=tmp_path,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    assert "(actor eq 'user')" not in done.stdout
    assert "actor eq 'user' and" in done.stdout
    assert "more" in done.stdout


@pytest.mark.parametrize(
    "command",
    [
        line
        for block in (*blocks("sh"), *blocks("sh", CLI))
        for line in block.splitlines()
        if line.startswith("moveworks ")
    ],
)
def test_the_commands_run(command, environment, tmp_path):
    """Each command of the README and of the page of the command line succeeds against the sandbox."""
    runnable = command.replace("moveworks ", f'"{sys.executable}" -m moveworks.cli ', 1)
    done = subprocess.run(
        runnable,
        check=False,
        shell=True,
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout or (tmp_path / "calls.csv").exists()


def test_the_settings_table_names_every_variable_that_is_read():
    """The Configuration table and the code agree."""
    config = (ROOT / "overlay" / "moveworks" / "config.py").read_text(encoding="utf-8")
    assert set(re.findall(r"MOVEWORKS_[A-Z_]+[A-Z]", config)) == set(re.findall(r"`(MOVEWORKS_[A-Z_]+[A-Z])`", README))


def test_the_snippets_about_the_sandbox_run(tmp_path):
    """The test in it with pytest and the shipped fixture, the rest as a program."""
    program, test = blocks("python", SANDBOX)
    (tmp_path / "test_users.py").write_text(test, encoding="utf-8")
    for command in (["-W", "error", "-c", program], ["-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider"]):
        done = subprocess.run(
            [sys.executable, *command], cwd=tmp_path, check=False, capture_output=True, text=True, timeout=100
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_links_between_pages_lead_somewhere():
    """Relative ones."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"

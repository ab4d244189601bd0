"""The README's snippets run as they stand, whenever they are run."""

from __future__ import annotations

import gzip
import json
import re
import shlex
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from commands import Commands, clean_environment
from moments import MOMENTS, NOW

from moveworks.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CLI, SANDBOX, ASSISTANT, SYNC = (
    (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("cli.md", "sandbox.md", "assistant.md", "sync.md")
)


def blocks(language: str, page: str = README) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page, flags=re.MULTILINE | re.DOTALL)


COMMANDS = [
    line
    for block in (*blocks("sh"), *blocks("sh", CLI))
    for line in block.splitlines()
    if line.startswith("moveworks ")
]


def test_the_python_tour_runs_from_top_to_bottom(tmp_path):
    """All Python blocks, pasted one after the other into one file, run without error or warning."""
    script = tmp_path / "tour.py"
    script.write_text("\n".join(blocks("python")), encoding="utf-8")
    with Sandbox(rows=400, now=NOW) as sandbox:
        done = subprocess.run(
            [sys.executable, "-W", "error", str(script)],
            cwd=tmp_path,
            env=clean_environment(**sandbox.environment()),
            check=False,
            capture_output=True,
            text=True,
            timeout=300,
        )
    assert done.returncode == 0, done.stderr
    assert "(actor eq 'user')" not in done.stdout
    assert "actor eq 'user' and" in done.stdout
    assert re.search(r"^[1-9]\d* records to merge$", done.stdout, re.MULTILINE)
    assert re.search(r"^[1-9]\d* more$", done.stdout, re.MULTILINE)


@pytest.fixture(scope="module", params=MOMENTS)
def moment(request):
    """A sandbox that runs at one of the moments, and the moment."""
    now = datetime.fromisoformat(request.param)
    with Sandbox(rows=400, now=now) as running:
        yield running, now


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_run(command, moment, tmp_path):
    """Each command of the README and of the page of the command line finds records, at any hour of any day."""
    running, now = moment
    run = Commands(tmp_path, running.environment())
    _, *arguments = shlex.split(command)
    done = run(*arguments, now=now)
    assert done.returncode == 0, done.stderr
    if "-o" not in arguments:
        assert done.stdout.strip() not in {"", "0"}
        return
    file = tmp_path / arguments[arguments.index("-o") + 1]
    content = file.read_bytes()
    assert len((gzip.decompress(content) if file.suffix == ".gz" else content).splitlines()) > 1
    assert done.stdout == ""


def test_there_are_commands_to_run():
    """A page without any would pass."""
    assert len(COMMANDS) >= 8


@pytest.mark.slow
def test_the_daily_load_finds_the_whole_last_batch(moment, tmp_path):
    """The first recipe of the README, against what the sandbox holds."""
    running, now = moment
    [command] = [line for line in COMMANDS if line.endswith("interactions.jsonl.gz")]
    assert Commands(tmp_path, running.environment())(*shlex.split(command)[1:], now=now).returncode == 0
    loaded = gzip.decompress((tmp_path / "interactions.jsonl.gz").read_bytes()).splitlines()
    rows = running.rows("interactions")
    newest = max(row["last_updated_time"] for row in rows)
    assert {json.loads(line)["id"] for line in loaded} >= {
        row["id"] for row in rows if row["last_updated_time"] == newest
    }


def test_the_settings_table_names_every_variable_that_is_read():
    """The Configuration table and the code agree."""
    config = (ROOT / "overlay" / "moveworks" / "config.py").read_text(encoding="utf-8")
    assert set(re.findall(r"MOVEWORKS_[A-Z_]+[A-Z]", config)) == set(re.findall(r"`(MOVEWORKS_[A-Z_]+[A-Z])`", README))


def test_the_snippets_about_the_sandbox_run(tmp_path):
    """The test in it with pytest and the shipped fixture, the rest as a program."""
    snippets = blocks("python", SANDBOX)
    [test] = [snippet for snippet in snippets if "\ndef test_" in f"\n{snippet}"]
    (tmp_path / "test_users.py").write_text(test, encoding="utf-8")
    program = "\n".join(snippet for snippet in snippets if snippet != test)
    for command in (["-W", "error", "-c", program], ["-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider"]):
        done = subprocess.run(
            [sys.executable, *command], cwd=tmp_path, check=False, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("page", "shown"), [(ASSISTANT, "[^1]"), (SYNC, "403")], ids=["assistant", "sync"])
def test_the_snippets_of_a_page_run(page, shown, tmp_path):
    """All of them, one after the other; what they show at the end is there."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "\n".join(blocks("python", page))],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert shown in done.stdout


def test_links_between_pages_lead_somewhere():
    """Relative ones."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("page", [README, CLI, SANDBOX], ids=["README", "cli", "sandbox"])
def test_nothing_is_taught_that_loses_data(page):
    """A window of a day, or one of `created_time`, misses what arrives late."""
    for command in re.findall(r"^moveworks .*--since (\S+)", page, re.MULTILINE):
        assert command not in {"24h", "1d", "12h", "yesterday", "today"}
    assert "--since-field created_time" not in page


def test_no_page_says_to_install_what_there_is_not():
    """There is no release yet."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "overlay").rglob("*.py")]
    name = re.compile(r"pip install ['\"]?moveworks-client")
    found = [page.name for page in pages if name.search(page.read_text(encoding="utf-8"))]
    assert found == []

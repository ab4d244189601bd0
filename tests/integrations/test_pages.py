"""The page about other engines: its snippets run as they stand."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from commands import clean_environment
from moments import NOW

from moveworks.sandbox import Sandbox

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "engines.md").read_text(encoding="utf-8")


def snippets(engine):
    found = re.findall(r"^```python\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
    return [text for text in found if f"moveworks.integrations.{engine}" in text]


def run(snippet, folder, **settings):
    with Sandbox(rows=200, living=True, now=NOW) as sandbox:
        done = subprocess.run(
            [sys.executable, "-c", snippet],
            cwd=folder,
            env=clean_environment(**sandbox.environment(), **settings),
            check=False,
            capture_output=True,
            text=True,
        )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_snippet_about_dlt_runs(tmp_path):
    """Against a sandbox, with settings from the environment."""
    pytest.importorskip("dlt", reason="needs the extra dlt")
    [snippet] = snippets("dlt")
    told = run(snippet, tmp_path, RUNTIME__DLTHUB_TELEMETRY="false", DLT_DATA_DIR=str(tmp_path / "state"))
    assert "1 load package(s) were loaded" in told

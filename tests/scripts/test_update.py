"""`make update`: what changed upstream flows in, or everything stays as it was."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import yaml

from scripts.documents import DocumentError, Source
from scripts.update import MOST_BYTES, _fetch

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = "data-api.openapi.yaml"


@pytest.fixture
def repository(tmp_path):
    target = tmp_path / "repo"
    skip = shutil.ignore_patterns(".venv", ".git", "__pycache__", ".*_cache", "dist", ".hypothesis", "tests", ".cache")
    shutil.copytree(ROOT, target, ignore=skip)
    (target / "tests").mkdir()
    (target / "tests" / "test_ok.py").write_text("def test_ok():\n    assert True\n", encoding="utf-8")
    (target / "tests" / "support").mkdir()
    return target


def state(folder):
    files = (p for room in ("specs", "generated") for p in sorted((folder / room).rglob("*")) if p.is_file())
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in files
        if "pyc" not in p.suffix
    }


def update(folder, *arguments):
    path = os.pathsep.join(str(folder / each) for each in ("overlay", "generated", "."))
    done = subprocess.run(
        [sys.executable, "-m", "scripts.update", *arguments],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        timeout=110,
        env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    return done.returncode, done.stdout + done.stderr


def new_version(folder, target, change):
    document = yaml.safe_load((folder / "specs" / "export" / "upstream" / DOCUMENT).read_text(encoding="utf-8"))
    change(document["components"]["schemas"])
    target.mkdir()
    (target / DOCUMENT).write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")


def test_nothing_new_changes_nothing(repository):
    """A clean tree stays clean."""
    before = state(repository)
    code, told = update(repository, "--from", str(ROOT / "specs" / "export" / "upstream"))
    assert (code, "nothing changed" in told) == (0, True)
    assert state(repository) == before


def test_a_new_version_flows_in(repository, tmp_path):
    """Document, hash, date, review, generated code, tests."""

    def mood(schemas):
        schemas["conversationsobject"]["properties"]["mood"] = {"type": "string"}

    new_version(repository, tmp_path / "new", mood)
    code, told = update(repository, "--from", str(tmp_path / "new"), "-o", str(tmp_path / "review"))
    assert code == 0, told
    assert "mood" in told
    assert "1 passed" in told
    assert (tmp_path / "review" / "review.html").exists()
    assert "mood" in (repository / "generated" / "moveworks_export" / "entities.py").read_text(encoding="utf-8")
    code, told = update(repository, "--from", str(tmp_path / "new"))
    assert "nothing changed" in told


@pytest.mark.parametrize("trouble", ["stale correction", "bad document", "failing test", "no such folder"])
def test_a_step_that_fails_leaves_everything_as_it_was(repository, tmp_path, trouble):
    """Whatever step it is."""
    before = state(repository)

    def fixed(schemas):
        for name in ("created_time", "last_updated_time"):
            schemas["conversationsobject"]["properties"][name]["format"] = "date-time"

    def additive(schemas):
        schemas["conversationsobject"]["properties"]["mood"] = {"type": "string"}

    new_version(repository, tmp_path / "new", fixed if trouble == "stale correction" else additive)
    if trouble == "bad document":
        (tmp_path / "new" / DOCUMENT).write_text("a: [", encoding="utf-8")
    if trouble == "failing test":
        (repository / "tests" / "test_ok.py").write_text("def test_ok():\n    assert False\n", encoding="utf-8")
    folder = tmp_path / ("nowhere" if trouble == "no such folder" else "new")
    code, told = update(repository, "--from", str(folder))
    assert code == 1
    assert "as it was" in told or "nothing was changed" in told
    assert state(repository) == before


@pytest.mark.parametrize(
    ("url", "status", "body", "said"),
    [
        ("http://docs.example/x.yaml", 200, b"", "https"),
        ("https://docs.example/x.yaml", 301, b"", "301"),
        ("https://docs.example/x.yaml", 404, b"", "404"),
        ("https://docs.example/x.yaml", 200, b"x" * (MOST_BYTES + 1), "bytes"),
    ],
)
def test_what_must_not_be_fetched_is_not(monkeypatch, url, status, body, said):
    """Https only, no redirect, a size limit."""
    client = httpx.Client
    transport = httpx.MockTransport(
        lambda _: httpx.Response(status, content=body, headers={"Location": "https://x.example"})
    )
    monkeypatch.setattr("scripts.update.httpx.Client", lambda **kw: client(transport=transport, **kw))
    with pytest.raises(DocumentError, match=said):
        _fetch(Source(file="x.yaml", url=url, date="", sha256=""), {})


def test_requests_are_conditional(monkeypatch):
    """The validator of the last answer is sent, and 304 means nothing new."""
    seen = []

    def answer(request):
        seen.append(request.headers.get("if-none-match"))
        return httpx.Response(304) if seen[-1] else httpx.Response(200, content=b"a: 1", headers={"ETag": '"e"'})

    client = httpx.Client
    monkeypatch.setattr("scripts.update.httpx.Client", lambda **kw: client(transport=httpx.MockTransport(answer), **kw))
    known = {}
    digest = hashlib.sha256(b"a: 1").hexdigest()
    source = Source(file="x.yaml", url="https://docs.example/x.yaml", date="", sha256=digest)
    assert _fetch(source, known) == b"a: 1"
    assert _fetch(source, known) is None
    assert seen == [None, '"e"']

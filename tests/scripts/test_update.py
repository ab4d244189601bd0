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
from changes import record_schema

from scripts import update as updating
from scripts.documents import DocumentError
from scripts.pipeline.sources import Source
from scripts.update import MAX_BYTES, _alone, _bring_back, _fetch, _sign

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
        env={**os.environ, "PYTHONPATH": path},
    )
    return done.returncode, done.stdout + done.stderr


def new_version(folder, target, change):
    document = yaml.safe_load((folder / "specs" / "export" / "upstream" / DOCUMENT).read_text(encoding="utf-8"))
    change(record_schema(document, "/conversations")["properties"])
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

    def mood(properties):
        properties["mood"] = {"type": "string"}

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

    def fixed(properties):
        for name in ("created_time", "last_updated_time"):
            properties[name]["format"] = "date-time"

    def additive(properties):
        properties["mood"] = {"type": "string"}

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
    kept = repository / ".cache" / "update"
    if trouble in {"stale correction", "failing test"}:
        # A person goes on from there.
        assert told.strip().splitlines()[-1].startswith("what came of it is in .cache/update")
        assert (kept / "specs" / "export" / "upstream" / DOCUMENT).read_bytes() == (folder / DOCUMENT).read_bytes()
        assert (kept / "review.md").exists()
        assert (kept / "problem.txt").exists()
        assert (kept / "generated").exists() == (trouble == "failing test")
    else:
        assert not kept.exists()


@pytest.mark.parametrize(
    ("url", "status", "body", "said"),
    [
        ("http://docs.example/x.yaml", 200, b"", "https"),
        ("https://docs.example/x.yaml", 301, b"", "301"),
        ("https://docs.example/x.yaml", 404, b"", "404"),
        ("https://docs.example/x.yaml", 200, b"x" * (MAX_BYTES + 1), "bytes"),
        ("https://docs.example/x", 200, b"<html>Sorry, we moved</html>", "web page"),
    ],
)
def test_what_must_not_be_fetched_is_not(monkeypatch, url, status, body, said):
    """Https only, no redirect, a size limit, no web page that says sorry with a 200."""
    client = httpx.Client
    transport = httpx.MockTransport(
        lambda _: httpx.Response(
            status,
            content=body,
            headers={
                "Location": "https://x.example",
                "Content-Type": "text/html; charset=utf-8" if b"<html" in body else "text/plain",
            },
        )
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


def test_an_answer_that_takes_too_long_is_given_up(monkeypatch):
    """The limit is on the whole answer: one that dribbles never runs into a timeout for a single read."""
    client = httpx.Client
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=iter([b"a", b"b"])))
    monkeypatch.setattr("scripts.update.httpx.Client", lambda **kw: client(transport=transport, **kw))
    monkeypatch.setattr("scripts.update.MAX_SECONDS", -1.0)
    with pytest.raises(DocumentError, match=r" s$"):
        _fetch(Source(file="x.yaml", url="https://docs.example/x.yaml", date="", sha256=""), {})


def test_an_answer_that_breaks_off_changes_nothing(repository, monkeypatch, capsys):
    """Not even what came before it."""
    before = state(repository)

    def breaks_off(request):
        raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")

    client = httpx.Client
    transport = httpx.MockTransport(breaks_off)
    monkeypatch.setattr("scripts.update.httpx.Client", lambda **kw: client(transport=transport, **kw))
    monkeypatch.setattr(updating, "ROOT", repository)
    assert updating.main([]) == 1
    assert "as it was" in capsys.readouterr().err
    assert state(repository) == before


def test_an_interruption_leaves_everything_as_it_was(repository, tmp_path, monkeypatch, capsys):
    """Also what was not committed, and what git does not know."""

    def mood(properties):
        properties["mood"] = {"type": "string"}

    def interrupted(copy):
        assert "mood" in (copy / "generated" / "moveworks_export" / "entities.py").read_text(encoding="utf-8")
        raise KeyboardInterrupt

    new_version(repository, tmp_path / "new", mood)
    (repository / "specs" / "beta" / "notes.txt").write_text("mine", encoding="utf-8")
    with (repository / "specs" / "export" / "fixes.overlay.yaml").open("a", encoding="utf-8") as file:
        file.write("# mine\n")
    before = state(repository)
    monkeypatch.setattr(updating, "ROOT", repository)
    monkeypatch.setattr(updating, "_test", interrupted)
    assert updating.main(["--from", str(tmp_path / "new")]) == 130
    assert "interrupted" in capsys.readouterr().err
    assert state(repository) == before


def test_two_updates_at_once_are_refused(repository, tmp_path, monkeypatch, capsys):
    """They would mix their documents."""
    monkeypatch.setattr(updating, "ROOT", repository)
    with _alone():
        assert updating.main(["--from", str(tmp_path)]) == 1
    assert "another update is running" in capsys.readouterr().err


@pytest.fixture
def here_and_copy(tmp_path, monkeypatch):
    """A tiny repository, its copy in which two files have changed, and what was here before."""
    for root in ("here", "copy"):
        for name in ("specs/a", "specs/b", "generated/c"):
            path = tmp_path / root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"old")
    monkeypatch.setattr(updating, "ROOT", tmp_path / "here")
    before = updating._rooms(tmp_path / "here")
    (tmp_path / "copy" / "specs" / "b").write_bytes(b"new")
    (tmp_path / "copy" / "generated" / "c").unlink()
    return tmp_path / "here", tmp_path / "copy", before


def test_what_somebody_else_does_meanwhile_stays(here_and_copy):
    """In a file that the update does not change; one that it changes is not overwritten."""
    here, copy, before = here_and_copy
    (here / "specs" / "a").write_bytes(b"mine")
    _bring_back(copy, before)
    assert {name.as_posix(): text for name, text in updating._rooms(here).items()} == {
        "specs/a": b"mine",
        "specs/b": b"new",
    }
    (here / "specs" / "b").write_bytes(b"mine as well")
    with pytest.raises(DocumentError, match="specs/b"):
        _bring_back(copy, before)
    assert (here / "specs" / "b").read_bytes() == b"mine as well"


def test_coming_back_half_way_is_undone(here_and_copy, monkeypatch):
    """A full disk, or a Ctrl-C in the last moment."""
    here, copy, before = here_and_copy
    put = updating._put

    def full(path, content):
        if content == b"new":
            raise OSError(28, "No space left on device")
        put(path, content)

    monkeypatch.setattr(updating, "_put", full)
    with pytest.raises(OSError, match="space"):
        _bring_back(copy, before)
    assert updating._rooms(here) == before


@pytest.mark.parametrize("quote", ["", '"', "'"])
def test_a_document_is_signed_in_its_own_entry_only(tmp_path, quote):
    """However its name is written, and beside one whose name begins in the same way."""
    text = (
        "# why\ndocuments:\n"
        f'  - file: {quote}a.yaml{quote} # the whole\n    url: u\n    date: "2026-01-01"\n    sha256: old\n'
        '  - file: a.yaml.md\n    url: u\n    date: "2026-01-01"\n    sha256: other\n'
    )
    (tmp_path / "sources.yaml").write_text(text, encoding="utf-8")
    source = Source(file="a.yaml", url="u", date="", sha256="old")
    _sign(tmp_path, updating.Fetched("x", source, b"content"), "2026-12-01")
    digest = hashlib.sha256(b"content").hexdigest()
    signed = text.replace('"2026-01-01"', '"2026-12-01"', 1).replace("sha256: old", f"sha256: {digest}")
    assert (tmp_path / "sources.yaml").read_text(encoding="utf-8") == signed


def test_sources_that_cannot_be_signed_are_said_so(tmp_path):
    """They are written by people, in more ways than one."""
    (tmp_path / "sources.yaml").write_text(
        'documents: [{file: a.yaml, url: u, date: "2026-01-01", sha256: old}]\n', encoding="utf-8"
    )
    source = Source(file="a.yaml", url="u", date="", sha256="old")
    with pytest.raises(DocumentError, match="by hand"):
        _sign(tmp_path, updating.Fetched("x", source, b"content"), "2026-12-01")

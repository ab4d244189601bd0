"""New versions of the published documents: `make update`.

Fetches every document that `specs/*/sources.yaml` names (or takes files of the same names from a folder), prints the
review, regenerates, and runs the tests. All of it happens in a copy of the repository, and what came of it is kept in
`.cache/update`. Only when the last step has passed do the files that changed come back: where one fails, the work tree
stays as it is, and the last line says where the result and its review are.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx
from attrs import frozen

from scripts.documents import DocumentError, parse_document
from scripts.output import harmless, say
from scripts.pipeline.build import ROOT, build
from scripts.pipeline.lock import files
from scripts.pipeline.sources import Source, read_sources
from scripts.review.reports import FORMATS
from scripts.review.review import review

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES: Final = 20 * 1024 * 1024
MAX_SECONDS: Final = 60.0
MAX_SECONDS_IN_ALL: Final = 900
"""For everything but the tests."""
MAX_SECONDS_OF_TESTS: Final = 3600
CACHE: Final = Path(".cache")
RESULT: Final = CACHE / "update"
"""What came of the last update: `specs` and `generated` where they changed, the review, and how it ended."""
KEPT: Final = CACHE / "update.json"
"""Validators of the last fetch, for conditional requests; not committed."""


class TookTooLongError(Exception):
    """The time of an update is over."""


@frozen
class Fetched:
    """A document as it is published now."""

    api: str
    source: Source
    content: bytes

    @property
    def path(self) -> Path:
        """Where it is kept in the repository."""
        return Path("specs") / self.api / "upstream" / self.source.file

    @property
    def sha256(self) -> str:
        """What `sources.yaml` says of it."""
        return hashlib.sha256(self.content).hexdigest()


def main(arguments: list[str] | None = None) -> int:
    """Update; exit code 0 done or nothing new, 1 a step failed, 130 interrupted, and everything is as it was."""
    parser = argparse.ArgumentParser(prog="python -m scripts.update", description=__doc__)
    parser.add_argument("--from", dest="folder", type=Path, metavar="DIR", help="take files from here, fetch nothing")
    parser.add_argument("-o", "--output", type=Path, metavar="DIR", help="write the reports there as well")
    parser.add_argument("--no-tests", action="store_true", help="leave the tests to the caller")
    given = parser.parse_args(arguments)
    began = False
    try:
        with _alone(), _deadline():
            shutil.rmtree(ROOT / RESULT, ignore_errors=True)
            changed = list(_changed(given.folder))
            for each in changed:
                parse_document(each.source.file, each.content.decode("utf-8-sig"))
                say(f"changed: {each.path}")
            if not changed:
                say("nothing changed upstream")
            else:
                began = True
                with tempfile.TemporaryDirectory(prefix="moveworks-update-") as folder:
                    _take(changed, Path(folder) / "repository", given)
    except subprocess.SubprocessError:
        problem = "the tests fail with the new documents"
    except KeyboardInterrupt:
        say("interrupted: everything is as it was before", sys.stderr)
        return 130
    except (DocumentError, TookTooLongError, OSError, httpx.HTTPError, UnicodeDecodeError) as error:
        problem = str(error)
    else:
        return 0
    say(f"everything is as it was before: {problem}", sys.stderr)
    if began and (ROOT / RESULT).exists():
        (ROOT / RESULT / "problem.txt").write_text(harmless(problem) + "\n", encoding="utf-8")
        say(f"what came of it is in {RESULT}, with its review: go on from there", sys.stderr)
    return 1


@contextlib.contextmanager
def _deadline() -> Iterator[None]:
    """End the update where a document keeps it busy for too long; the tests have a limit of their own.

    Raises:
        TookTooLongError: when the time is over.
    """

    def over(*_: object) -> None:
        raise TookTooLongError(f"it took more than {MAX_SECONDS_IN_ALL} s")

    before = signal.signal(signal.SIGALRM, over)
    signal.alarm(MAX_SECONDS_IN_ALL)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Two updates at once would mix their documents: the second one is refused.

    Raises:
        DocumentError: if another one is running.
    """
    import fcntl

    (ROOT / CACHE).mkdir(exist_ok=True)
    with (ROOT / CACHE / "update.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise DocumentError("another update is running") from None
        yield


def _take(changed: list[Fetched], copy: Path, given: argparse.Namespace) -> None:
    """Write the documents, print the review, regenerate, test; all in a copy, and the result back."""
    before = _rooms(ROOT)
    shutil.copytree(ROOT, copy, symlinks=True, ignore=_not_copied)
    today = datetime.now(UTC).date().isoformat()
    for each in changed:
        (copy / each.path).write_bytes(each.content)
        _sign(copy / "specs" / each.api, each, today)
    _keep(copy, before)
    result = review(str(ROOT / "specs"), str(copy / "specs"))
    result.base, result.head = "published before", f"published until {today}"
    say(FORMATS["markdown"][1](result))
    for folder in (ROOT / RESULT, *([given.output] if given.output else [])):
        folder.mkdir(parents=True, exist_ok=True)
        for name, write in FORMATS.values():
            (folder / name).write_text(write(result), encoding="utf-8", newline="\n")
    for api in sorted({each.api for each in changed}):
        build(copy / "specs" / api, copy / "generated" / f"moveworks_{api}")
        say(f"regenerated: generated/moveworks_{api}")
    _keep(copy, before)
    if not given.no_tests:
        signal.alarm(0)
        _test(copy)
    _bring_back(copy, before)


def _keep(copy: Path, before: dict[Path, bytes]) -> None:
    """Keep what has changed in the copy, whatever becomes of the next step."""
    after = _rooms(copy)
    for name, content in after.items():
        if before.get(name) != content:
            _put(ROOT / RESULT / name, content)
    gone = sorted(str(name) for name in before if name not in after)
    _put(ROOT / RESULT / "gone.txt", "".join(f"{name}\n" for name in gone).encode())


def _not_copied(folder: str, names: list[str]) -> set[str]:
    """Caches, builds and the virtual environment, none of which a test reads."""
    top = {".git", ".venv", CACHE.name, "dist", "build"} if Path(folder) == ROOT else set()
    return {name for name in names if name in top or name == "__pycache__" or name.endswith("_cache")}


def _sign(api: Path, each: Fetched, today: str) -> None:
    """Give `sources.yaml` the new hash and date of one document; all else in it stays, comments as well.

    Raises:
        DocumentError: if it is written in a way that this cannot change.
    """
    path = api / "sources.yaml"
    text = path.read_text(encoding="utf-8")
    entries = re.split(r"(?m)^(?=\s*- )", text)
    named = re.compile(rf"""(?m)^[\s-]*file:\s*["']?{re.escape(each.source.file)}["']?\s*(?:#.*)?$""")
    for index, entry in enumerate(entries):
        if named.search(entry):
            hashed = re.sub(r"(?m)^([\s-]*sha256:).*$", rf"\g<1> {each.sha256}", entry)
            entries[index] = re.sub(r"(?m)^([\s-]*date:).*$", rf'\g<1> "{today}"', hashed)
    path.write_text("".join(entries), encoding="utf-8", newline="\n")
    if (each.source.file, each.sha256) not in {(source.file, source.sha256) for source in read_sources(api)}:
        raise DocumentError(f"specs/{api.name}/sources.yaml: give {each.source.file} the sha256 {each.sha256} by hand")


def _test(copy: Path) -> None:
    """Run the tests of the copy, on the library and the generated code of the copy."""
    path = os.pathsep.join(str(copy / each) for each in ("overlay", "generated", "."))
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-n", "auto"]
    subprocess.run(command, cwd=copy, check=True, env=environment, timeout=MAX_SECONDS_OF_TESTS)


def _rooms(root: Path) -> dict[Path, bytes]:
    """What an update may change."""
    return {file.relative_to(root): file.read_bytes() for room in ("specs", "generated") for file in files(root / room)}


def _bring_back(copy: Path, before: dict[Path, bytes]) -> None:
    """Put what has changed in the copy in its place here; if that fails half-way, undo it.

    Raises:
        DocumentError: if somebody has changed one of these files here in the meantime.
    """
    after, here = _rooms(copy), _rooms(ROOT)
    changed = [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
    if meanwhile := [str(name) for name in changed if here.get(name) != before.get(name)]:
        raise DocumentError(f"somebody else changed {', '.join(meanwhile)} in the meantime; run the update again")
    done: list[Path] = []
    try:
        for name in changed:
            done.append(name)
            _put(ROOT / name, after.get(name))
    except BaseException:
        for name in done:
            _put(ROOT / name, before.get(name))
        raise


def _put(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _changed(folder: Path | None) -> Iterator[Fetched]:
    """Documents that are published in another version now."""
    validators = _validators()
    if folder is not None and not folder.is_dir():
        raise DocumentError(f"{folder} is no folder")
    found = 0
    for sources in sorted(ROOT.glob("specs/*/sources.yaml")):
        for source in read_sources(sources.parent):
            if folder is not None:
                file = folder / source.file
                if not file.is_file():
                    continue
                found += 1
                content: bytes | None = file.read_bytes()
            else:
                content = _fetch(source, validators)
            if content is not None and hashlib.sha256(content).hexdigest() != source.sha256:
                yield Fetched(sources.parent.name, source, content)
    if folder is not None and not found:
        names = [s.file for each in sorted(ROOT.glob("specs/*/sources.yaml")) for s in read_sources(each.parent)]
        raise DocumentError(f"{folder} holds none of {', '.join(names)}")
    if folder is None:
        (ROOT / KEPT).parent.mkdir(exist_ok=True)
        (ROOT / KEPT).write_text(json.dumps(validators, indent=2) + "\n", encoding="utf-8")


def _fetch(source: Source, validators: dict[str, dict[str, str]]) -> bytes | None:
    """A published document; None if the server says that it is the one we have.

    Raises:
        DocumentError: if it is not on https, too large, too slow, or not there.
    """
    url = source.url if source.url.endswith((".yaml", ".json", ".md")) else f"{source.url}.md"
    if not url.startswith("https://"):
        raise DocumentError(f"{url}: only https is fetched")
    kept = validators.get(url, {})
    headers = {"Accept-Encoding": "identity"}
    if kept.get("sha256") == source.sha256:
        names = (("If-None-Match", "etag"), ("If-Modified-Since", "modified"))
        headers |= {header: kept[name] for header, name in names if kept.get(name)}
    began, parts, size = time.monotonic(), [], 0
    with (
        httpx.Client(timeout=20, follow_redirects=False) as client,
        client.stream("GET", url, headers=headers) as response,
    ):
        if response.status_code == httpx.codes.NOT_MODIFIED:
            return None
        if response.status_code != httpx.codes.OK:
            raise DocumentError(f"{url}: the answer is {response.status_code}; if it moved, correct sources.yaml")
        if response.headers.get("content-encoding", "identity") != "identity":
            raise DocumentError(f"{url}: the answer is compressed although it was asked not to be")
        if response.headers.get("content-type", "").startswith("text/html"):
            raise DocumentError(f"{url}: the answer is a web page, not a document; if it moved, correct sources.yaml")
        for part in response.iter_bytes():
            size += len(part)
            if size > MAX_BYTES or time.monotonic() - began > MAX_SECONDS:
                raise DocumentError(f"{url}: more than {MAX_BYTES} bytes or {MAX_SECONDS:.0f} s")
            parts.append(part)
        current = {"etag": response.headers.get("etag", ""), "modified": response.headers.get("last-modified", "")}
    content = b"".join(parts)
    validators[url] = current | {"sha256": hashlib.sha256(content).hexdigest()}
    return content


def _validators() -> dict[str, dict[str, str]]:
    try:
        kept: dict[str, dict[str, str]] = json.loads((ROOT / KEPT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept


if __name__ == "__main__":
    sys.exit(main())

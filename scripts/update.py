"""New versions of the published documents: `make update`.

Fetches every document that `specs/*/sources.yaml` names (or takes files of the same names from a folder), prints the
review, regenerates, and runs the tests. All of it happens in a copy of the repository; only when the last step has
passed do the files that changed come back. So a step that fails, or a Ctrl-C, leaves everything as it was. Nothing that
is fetched is executed.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import re
import shutil
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
from scripts.pipeline.lock import files
from scripts.pipeline.sources import Source, read_sources
from scripts.regenerate import ROOT, build
from scripts.review.differ.references import BadReferenceError
from scripts.review.reports import FORMATS
from scripts.review.review import review

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES: Final = 20 * 1024 * 1024
MOST_SECONDS: Final = 60.0
CACHE: Final = Path(".cache")
KEPT: Final = CACHE / "update.json"
"""Validators of the last fetch, for conditional requests; not committed."""


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
    try:
        with _alone():
            changed = list(_changed(given.folder))
            for each in changed:
                parse_document(each.source.file, each.content.decode("utf-8-sig"))
                print(f"changed: {each.path}")
            if not changed:
                print("nothing changed upstream")
            else:
                with tempfile.TemporaryDirectory(prefix="moveworks-update-") as folder:
                    _take(changed, Path(folder) / "repository", given)
    except subprocess.CalledProcessError:
        print("everything is as it was before: the tests fail with the new documents", file=sys.stderr)
    except (DocumentError, BadReferenceError, OSError, httpx.HTTPError, UnicodeDecodeError) as error:
        print(f"everything is as it was before: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("interrupted: everything is as it was before", file=sys.stderr)
        return 130
    else:
        return 0
    return 1


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
    result = review(str(ROOT / "specs"), str(copy / "specs"))
    result.base, result.head = "published before", f"published until {today}"
    print(FORMATS["markdown"][1](result))
    if given.output is not None:
        given.output.mkdir(parents=True, exist_ok=True)
        for name, write in FORMATS.values():
            (given.output / name).write_text(write(result), encoding="utf-8", newline="\n")
    for api in sorted({each.api for each in changed}):
        build(copy / "specs" / api, copy / "generated" / f"moveworks_{api}")
        print(f"regenerated: generated/moveworks_{api}")
    if not given.no_tests:
        _test(copy)
    _bring_back(copy, before)


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
    subprocess.run([sys.executable, "-m", "pytest", "-q", "-n", "auto"], cwd=copy, check=True, env=environment)


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
        if response.headers.get("content-type", "").startswith("text/html"):
            raise DocumentError(f"{url}: the answer is a web page, not a document; if it moved, correct sources.yaml")
        for part in response.iter_bytes():
            size += len(part)
            if size > MOST_BYTES or time.monotonic() - began > MOST_SECONDS:
                raise DocumentError(f"{url}: more than {MOST_BYTES} bytes or {MOST_SECONDS:.0f} s")
            parts.append(part)
        told = {"etag": response.headers.get("etag", ""), "modified": response.headers.get("last-modified", "")}
    content = b"".join(parts)
    validators[url] = told | {"sha256": hashlib.sha256(content).hexdigest()}
    return content


def _validators() -> dict[str, dict[str, str]]:
    try:
        kept: dict[str, dict[str, str]] = json.loads((ROOT / KEPT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept


if __name__ == "__main__":
    sys.exit(main())

"""New versions of the published documents: `make update`.

Fetches every document that `specs/*/sources.yaml` names (or takes files of the same names from a folder), writes what
changed, prints the review, regenerates, and runs the tests. If any step fails, everything is as it was before. Nothing
that is fetched is executed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
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

from scripts.documents import DocumentError, Source, parse_document, read_sources
from scripts.regenerate import ROOT, build
from scripts.review.references import BadReferenceError
from scripts.review.reports import FORMATS
from scripts.review.review import review

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES: Final = 20 * 1024 * 1024
MOST_SECONDS: Final = 60.0
KEPT: Final = Path(".cache") / "update.json"
"""Validators of the last fetch, for conditional requests; not committed."""


@frozen
class Fetched:
    """A document as it is published now."""

    api: Path
    source: Source
    content: bytes

    @property
    def path(self) -> Path:
        """Where it is kept."""
        return self.api / "upstream" / self.source.file


def main(arguments: list[str] | None = None) -> int:
    """Update; exit code 0 done or nothing new, 1 a step failed and everything is as it was."""
    parser = argparse.ArgumentParser(prog="python -m scripts.update", description=__doc__)
    parser.add_argument("--from", dest="folder", type=Path, metavar="DIR", help="take files from here, fetch nothing")
    parser.add_argument("-o", "--output", type=Path, metavar="DIR", help="write the reports there as well")
    parser.add_argument("--no-tests", action="store_true", help="leave the tests to the caller")
    given = parser.parse_args(arguments)
    try:
        changed = list(_changed(given.folder))
        if not changed:
            print("nothing changed upstream")
            return 0
        for each in changed:
            parse_document(each.source.file, each.content.decode("utf-8"))
            print(f"changed: {each.path.relative_to(ROOT)}")
    except (DocumentError, OSError, httpx.HTTPError, UnicodeDecodeError) as error:
        print(f"nothing was changed here: {error}", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="moveworks-update-") as folder:
        before = Path(folder)
        for room in ("specs", "generated"):
            shutil.copytree(ROOT / room, before / room, ignore=shutil.ignore_patterns("__pycache__"))
        try:
            _take(changed, before, given.output)
            if not given.no_tests:
                _test()
        except BaseException as error:
            for room in ("specs", "generated"):
                shutil.rmtree(ROOT / room)
                shutil.copytree(before / room, ROOT / room)
            if not isinstance(error, DocumentError | BadReferenceError | OSError | subprocess.CalledProcessError):
                raise
            print(f"everything is as it was before: {error}", file=sys.stderr)
            return 1
    return 0


def _take(changed: list[Fetched], before: Path, output: Path | None) -> None:
    """Write the documents, print the review, regenerate."""
    today = datetime.now(UTC).date().isoformat()
    for each in changed:
        each.path.write_bytes(each.content)
        sources = each.api / "sources.yaml"
        sources.write_text(_signed(sources.read_text(encoding="utf-8"), each, today), encoding="utf-8", newline="\n")
    result = review(str(before / "specs"), str(ROOT / "specs"))
    result.base, result.head = "published before", f"published until {today}"
    print(FORMATS["markdown"][1](result))
    if output is not None:
        output.mkdir(parents=True, exist_ok=True)
        for name, write in FORMATS.values():
            (output / name).write_text(write(result), encoding="utf-8", newline="\n")
    for api in sorted({each.api for each in changed}):
        build(api, ROOT / "generated" / f"moveworks_{api.name}")
        print(f"regenerated: generated/moveworks_{api.name}")


def _signed(text: str, each: Fetched, today: str) -> str:
    """`sources.yaml` with the new hash and date of one document; comments stay."""
    digest = hashlib.sha256(each.content).hexdigest()
    start = text.index(f"file: {each.source.file}")
    end = text.find("\n  - file:", start)
    end = len(text) if end < 0 else end
    entry = re.sub(r"(?m)^(\s+sha256:).*$", rf"\g<1> {digest}", text[start:end])
    entry = re.sub(r"(?m)^(\s+date:).*$", rf'\g<1> "{today}"', entry)
    return text[:start] + entry + text[end:]


def _test() -> None:
    subprocess.run([sys.executable, "-m", "pytest", "-q", "-n", "auto"], cwd=ROOT, check=True)


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
                yield Fetched(sources.parent, source, content)
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
    headers = {"If-None-Match": kept["etag"]} if kept.get("etag") and kept.get("sha256") == source.sha256 else {}
    began, parts, size = time.monotonic(), [], 0
    with (
        httpx.Client(timeout=20, follow_redirects=False) as client,
        client.stream("GET", url, headers=headers) as response,
    ):
        if response.status_code == httpx.codes.NOT_MODIFIED:
            return None
        if response.status_code != httpx.codes.OK:
            raise DocumentError(f"{url}: the answer is {response.status_code}; if it moved, correct sources.yaml")
        for part in response.iter_bytes():
            size += len(part)
            if size > MOST_BYTES or time.monotonic() - began > MOST_SECONDS:
                raise DocumentError(f"{url}: more than {MOST_BYTES} bytes or {MOST_SECONDS:.0f} s")
            parts.append(part)
        content = b"".join(parts)
        etag = response.headers.get("etag", "")
    validators[url] = {"etag": etag, "sha256": hashlib.sha256(content).hexdigest()}
    return content


def _validators() -> dict[str, dict[str, str]]:
    try:
        kept: dict[str, dict[str, str]] = json.loads((ROOT / KEPT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept


if __name__ == "__main__":
    sys.exit(main())

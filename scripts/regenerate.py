"""From published documents to generated clients: `make regenerate`, and `make check-generated` for the proof.

`build` works on any folder laid out like `specs/<api>`, so other tools can run the pipeline on other documents.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from attrs import frozen

from scripts.catalogue import write_catalogue
from scripts.documents import DocumentError, dump_yaml, load_yaml, read_document, read_sources, read_text, verify
from scripts.generate import HEADER, finish, generate
from scripts.lint import check
from scripts.lock import files, lock_text
from scripts.merge import merge
from scripts.normalise import normalise
from scripts.overlay_document import apply_overlay

ROOT = Path(__file__).resolve().parent.parent


@frozen
class Built:
    """What became of the documents of one API."""

    document: dict[str, Any]
    overrides: list[str]
    rules: list[str]


def assemble(api: Path, *, verified: bool = True) -> Built:
    """Read, merge, normalise, correct and validate the documents of one API, without generating.

    Raises:
        DocumentError: naming the document or the correction, and what is wrong.
    """
    documents = []
    for source in read_sources(api):
        path = api / "upstream" / source.file
        if verified:
            verify(source, path)
        documents.append(read_document(path))
    document, overrides = merge(documents)
    try:
        rules = normalise(document, api.name)
    except DocumentError as error:
        raise DocumentError(f"{api.name}: {error}") from None
    fixes = api / "fixes.overlay.yaml"
    document = apply_overlay(document, load_yaml(str(fixes), read_text(fixes)), f"{api.name}: {fixes.name}")
    check(document, api.name)
    return Built(document, overrides, rules)


def build(api: Path, output: Path, *, verified: bool = True) -> Built:
    """Build one API: `openapi.yaml` and `build.lock` in its folder, and the package in `output`.

    What was there stays as it is until everything has succeeded.
    """
    built = assemble(api, verified=verified)
    header = f"# Built by `make regenerate` from upstream/ and fixes.overlay.yaml of specs/{api.name}; do not edit.\n"
    with tempfile.TemporaryDirectory(prefix="moveworks-build-") as folder:
        document, package = Path(folder) / "openapi.yaml", Path(folder) / output.name
        document.write_text(dump_yaml(built.document, header), encoding="utf-8", newline="\n")
        generate(api.name, built.document, api / "generator.yaml", package)
        write_catalogue(built.document, package, HEADER.format(api=api.name))
        finish(package)
        lock = lock_text(api, document, package)
        shutil.rmtree(output, ignore_errors=True)
        shutil.copytree(package, output)
        shutil.copyfile(document, api / document.name)
    (api / "build.lock").write_text(lock, encoding="utf-8", newline="\n")
    return built


def differences(root: Path, apis: list[str]) -> list[str]:
    """Build everything elsewhere, and say which files here are not what came out there."""
    found: list[str] = []
    with tempfile.TemporaryDirectory(prefix="moveworks-check-") as folder:
        fresh = Path(folder)
        for api in apis:
            shutil.copytree(root / "specs" / api, fresh / "specs" / api)
            build(fresh / "specs" / api, fresh / "generated" / f"moveworks_{api}")
        names = {f"specs/{api}/{name}" for api in apis for name in ("openapi.yaml", "build.lock")}
        others = {f"moveworks_{api}" for api in all_apis(root)} - {f"moveworks_{api}" for api in apis}
        for base in (root, fresh):
            here = (f.relative_to(base) for f in files(base / "generated"))
            names |= {f.as_posix() for f in here if f.parts[1] not in others}
        for name in sorted(names):
            ours, theirs = root / name, fresh / name
            if not ours.exists():
                found.append(f"missing    {name}")
            elif not theirs.exists():
                found.append(f"left over  {name}")
            elif ours.read_bytes() != theirs.read_bytes():
                found.append(f"differs    {name}")
    return found


def all_apis(root: Path) -> list[str]:
    """The names of the folders under `specs`."""
    return sorted(path.parent.name for path in root.glob("specs/*/sources.yaml"))


def strays(api: Path) -> list[str]:
    """Files under `upstream` that `sources.yaml` does not list, and that are therefore not read."""
    listed = {source.file for source in read_sources(api)}
    return sorted(file.name for file in (api / "upstream").iterdir() if file.name not in listed)


def main(arguments: list[str] | None = None) -> int:
    """Regenerate or check; exit code 1 if a document cannot be used or something is stale."""
    parser = argparse.ArgumentParser(prog="python -m scripts.regenerate", description=__doc__)
    parser.add_argument("--api", choices=all_apis(ROOT))
    parser.add_argument(
        "--check", action="store_true", help="change nothing; fail if anything generated is not current"
    )
    given = parser.parse_args(arguments)
    apis = [given.api] if given.api else all_apis(ROOT)
    try:
        if given.check:
            if stale := differences(ROOT, apis):
                print("\n".join(["Not what `make regenerate` gives (stale, or edited by hand):", *stale]))
                return 1
            print(f"generated code is current: {', '.join(apis)}")
            return 0
        for api in apis:
            built = build(ROOT / "specs" / api, ROOT / "generated" / f"moveworks_{api}")
            print(f"{api}: {', '.join(built.rules)}")
            for line in built.overrides:
                print(f"  {line}")
            for name in strays(ROOT / "specs" / api):
                print(f"  not read: upstream/{name}, which sources.yaml does not list")
    except DocumentError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

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
from scripts.documents import DocumentError, dump_yaml, load_yaml, read_document, read_sources, verify
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
    rules = normalise(document, api.name)
    fixes = api / "fixes.overlay.yaml"
    document = apply_overlay(
        document, load_yaml(str(fixes), fixes.read_text(encoding="utf-8")), f"{api.name}: {fixes.name}"
    )
    check(document, api.name)
    return Built(document, overrides, rules)


def build(api: Path, output: Path, *, verified: bool = True) -> Built:
    """Build one API: `openapi.yaml` and `build.lock` in its folder, and the package in `output`."""
    built = assemble(api, verified=verified)
    header = f"# Built by `make regenerate` from upstream/ and fixes.overlay.yaml of specs/{api.name}; do not edit.\n"
    target = api / "openapi.yaml"
    target.write_text(dump_yaml(built.document, header), encoding="utf-8", newline="\n")
    generate(api.name, target, api / "generator.yaml", output)
    write_catalogue(built.document, output, HEADER.format(api=api.name))
    finish(output)
    (api / "build.lock").write_text(lock_text(api, output), encoding="utf-8", newline="\n")
    return built


def differences(root: Path, apis: list[str]) -> list[str]:
    """Build everything elsewhere, and say which files here are not what came out there."""
    found: list[str] = []
    with tempfile.TemporaryDirectory(prefix="moveworks-check-") as folder:
        fresh = Path(folder)
        for api in apis:
            shutil.copytree(root / "specs" / api, fresh / "specs" / api)
            package = f"generated/moveworks_{api}"
            build(fresh / "specs" / api, fresh / package)
            names = {f"specs/{api}/openapi.yaml", f"specs/{api}/build.lock"}
            for base in (root, fresh):
                names |= {f.relative_to(base).as_posix() for f in files(base / package)}
            for name in sorted(names):
                ours, theirs = root / name, fresh / name
                if not ours.exists():
                    found.append(f"missing    {name}")
                elif not theirs.exists():
                    found.append(f"left over  {name}")
                elif ours.read_bytes() != theirs.read_bytes():
                    found.append(f"differs    {name}")
    return found


def main(arguments: list[str] | None = None) -> int:
    """Regenerate or check; exit code 1 if a document cannot be used or something is stale."""
    parser = argparse.ArgumentParser(prog="python -m scripts.regenerate", description=__doc__)
    parser.add_argument("--api", choices=sorted(p.parent.name for p in ROOT.glob("specs/*/sources.yaml")))
    parser.add_argument(
        "--check", action="store_true", help="change nothing; fail if anything generated is not current"
    )
    given = parser.parse_args(arguments)
    apis = [given.api] if given.api else sorted(p.parent.name for p in ROOT.glob("specs/*/sources.yaml"))
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
            print("\n".join(f"  {line}" for line in built.overrides))
    except DocumentError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

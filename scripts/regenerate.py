"""From published documents to generated clients: `make regenerate`, and `make check-generated` for the proof."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from scripts.documents import DocumentError
from scripts.output import say
from scripts.pipeline.build import ROOT, build
from scripts.pipeline.lock import files
from scripts.pipeline.sources import read_sources

__all__ = ["ROOT", "all_apis", "build", "differences", "main"]


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
                say("\n".join(["Not what `make regenerate` gives (stale, or edited by hand):", *stale]))
                return 1
            say(f"generated code is current: {', '.join(apis)}")
            return 0
        for api in apis:
            built = build(ROOT / "specs" / api, ROOT / "generated" / f"moveworks_{api}")
            say(f"{api}: {', '.join(built.rules)}")
            for line in [*built.overrides, *built.notes]:
                say(f"  {line}")
            for name in strays(ROOT / "specs" / api):
                say(f"  not read: upstream/{name}, which sources.yaml does not list")
    except DocumentError as error:
        say(str(error), sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What every name in hand-written code is, as mypy resolves it: a program of its own, whose memory is given back."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def resolve(root: Path, files: list[Path], packages: list[Path]) -> dict[str, list[list[object]]]:
    """The lines and full names of all names and attributes, by file, as mypy resolves them."""
    from mypy import build, find_sources, options, refinfo

    settings = options.Options()
    settings.python_executable = sys.executable
    homes = [*dict.fromkeys(str(package.parent) for package in packages), str(root / "generated")]
    settings.mypy_path = [*homes, *(str(root / each) for each in ("overlay", ".", "tests/support"))]
    settings.explicit_package_bases = settings.namespace_packages = True
    settings.export_types = settings.preserve_asts = settings.check_untyped_defs = True
    # Other people's packages say nothing about ours, and reading them takes most of the time.
    settings.follow_imports = "skip"
    settings.ignore_missing_imports = settings.ignore_errors = True
    settings.incremental = False
    settings.cache_dir = "/dev/null"
    named = {package.name for package in packages}
    others = [each for each in (root / "generated").iterdir() if each.is_dir() and each.name not in named]
    generated = [f for each in (*packages, *others) for f in sorted(each.rglob("*.py"))]
    try:
        sources = find_sources.create_source_list([str(file) for file in (*files, *generated)], settings)
        made = build.build(sources, settings)
    except Exception as error:  # noqa: BLE001 - mypy's own errors are of several kinds
        sys.exit(f"mypy cannot read the hand-written code: {error}")
    wanted = {str(file): file.relative_to(root).as_posix() for file in files}
    found: dict[str, list[list[object]]] = {}
    for tree in made.files.values():
        place = wanted.get(str(Path(tree.path).resolve())) or wanted.get(tree.path)
        if place is not None:
            references = refinfo.get_undocumented_ref_info_json(tree, made.types)
            found[place] = [[int(str(each["line"])), str(each["target"])] for each in references]
    return found


if __name__ == "__main__":
    given = json.load(sys.stdin)
    files, packages = ([Path(each) for each in given[name]] for name in ("files", "packages"))
    json.dump(resolve(Path(given["root"]), files, packages), sys.stdout)

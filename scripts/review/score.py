"""How many known pairs are judged right: `python -m scripts.review.score DIR` prints recall and false alarms.

DIR holds `cases.json`: a list of `{name, base, head, verdict}`, where verdict is `breaking` or `clean`.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from scripts.differ import Differ, DifferError, worst
from scripts.documents import DocumentError
from scripts.pipeline.plain import load_yaml
from scripts.review.bundle import bundled


def main(arguments: list[str] | None = None) -> int:
    """Score; exit code 1 below the targets."""
    parser = argparse.ArgumentParser(prog="python -m scripts.review.score", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("-v", "--verbose", action="store_true", help="show the findings of every pair that is wrong")
    given = parser.parse_args(arguments)
    cases = json.loads((given.folder / "cases.json").read_text(encoding="utf-8"))
    missed: list[str] = []
    alarms: list[str] = []
    failed: list[str] = []
    for case in cases:
        try:
            base, head = (_load(given.folder / case[side]) for side in ("base", "head"))
            findings = Differ(base, head).findings()
        except (DifferError, DocumentError, OSError, UnicodeDecodeError) as error:
            failed.append(f"{case['name']}: {error}")
            continue
        breaking = worst(findings) == "breaking"
        if breaking != (case["verdict"] == "breaking"):
            (missed if case["verdict"] == "breaking" else alarms).append(case["name"])
            if given.verbose:
                print(case["name"], case.get("oasdiff_ids"), [(f.rule, f.wire, f.python, f.place) for f in findings])
    known = sum(case["verdict"] == "breaking" for case in cases)
    recall = (known - len(missed) - len(failed)) / known if known else 1.0
    print(f"breaking pairs called breaking: {known - len(missed) - len(failed)} of {known}, {recall:.1%}")
    print(f"clean pairs called breaking:    {len(alarms)} of {len(cases) - known}")
    for title, names in (("missed", missed), ("false alarm", alarms), ("could not be compared", failed)):
        for name in names:
            print(f"  {title}: {name}")
    return 0 if recall >= 0.92 and not alarms else 1


def _load(path: Path) -> Any:
    return bundled(load_yaml(path.name, path.read_text(encoding="utf-8-sig")), path)


if __name__ == "__main__":
    sys.exit(main())

"""API version review.

Exit codes: 0 nothing at or above --fail-on, 1 something, an expired waiver or something to decide, 2 the two could not
be compared.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scripts.differ import VERDICTS
from scripts.documents import DocumentError
from scripts.output import harmless, say
from scripts.review.reports import FORMATS
from scripts.review.review import review


def main(arguments: list[str] | None = None) -> int:
    """Compare, report, and judge."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.review", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--base", required=True, help="document, page, specs/<api> folder or git revision")
    parser.add_argument("--head", help="the same; default: the work tree")
    parser.add_argument(
        "--format", default="markdown", help=f"one or several of {', '.join(FORMATS)}, separated by commas"
    )
    parser.add_argument("-o", "--output", type=Path, metavar="DIR", help="write the reports there; else to stdout")
    parser.add_argument("--fail-on", choices=VERDICTS, default="breaking")
    parser.add_argument("--spec-only", action="store_true", help="compare the documents only; generate nothing")
    given = parser.parse_args(arguments)
    forms = [form.strip() for form in given.format.split(",") if form.strip()]
    if unknown := [form for form in forms if form not in FORMATS]:
        parser.error(f"unknown format {', '.join(unknown)}; known are {', '.join(FORMATS)}")
    if not forms:
        parser.error(f"no format is given; known are {', '.join(FORMATS)}")
    if len(forms) > 1 and given.output is None:
        parser.error("several formats need -o DIR")
    try:
        result = review(given.base, given.head, chain=not given.spec_only)
        for form in forms:
            name, write = FORMATS[form]
            if given.output is None:
                text = write(result)
                sys.stdout.write(text if form == "github" else harmless(text))
            else:
                given.output.mkdir(parents=True, exist_ok=True)
                (given.output / name).write_text(write(result), encoding="utf-8", newline="\n")
                print(given.output / name)
    except (DocumentError, OSError) as error:
        say(f"cannot compare: {error}", sys.stderr)
        return 2
    except RecursionError:
        print("cannot compare: one of the documents is nested too deep", file=sys.stderr)
        return 2
    return 1 if result.fails(given.fail_on) else 0


if __name__ == "__main__":
    sys.exit(main())

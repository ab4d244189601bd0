"""What reports say in words: the verdict, what to do next, and text of documents that is safe to show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from scripts.review.findings import Finding
    from scripts.review.review import Review

TITLES: Final = {
    "none": "No change",
    "docs": "Documentation only",
    "additive": "Additions only",
    "warning": "Needs a look",
    "breaking": "Breaking",
}
SECTIONS: Final = (
    ("breaking", "Breaking"),
    ("warning", "Warnings"),
    ("additive", "Additions"),
    ("docs", "Documentation"),
)
BUMPS: Final = {
    "none": "no release needed",
    "patch": "patch version",
    "minor": "minor version",
    "major": "major version",
}
ROOMS: Final = (
    ("overlay/moveworks/cli/", "Command line"),
    ("overlay/moveworks/sandbox/", "Sandbox"),
    ("overlay/", "Library"),
    ("scripts/", "Tools"),
    ("tests/", "Tests"),
)
# Control characters, and those that turn the direction of what follows, which can make one text look like another.
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


def clean(text: str) -> str:
    """Text of a document without characters that nobody sees; lone surrogates, which cannot be written, are replaced."""
    return _UNSEEN.sub(" ", text).encode("utf-8", "replace").decode()


def one_line(text: str, most: int = 400) -> str:
    """Text in one line, shortened in the middle of nowhere if it must be."""
    text = " ".join(clean(text).split())
    return text if len(text) <= most else f"{text[: most - 1]}…"


def sentence(message: str) -> str:
    """A message with a capital letter, unless it begins with a name, which has its own."""
    return f"T{message[1:]}" if message.startswith("the ") else message


def verdict_of(review: Review) -> str:
    """The verdict over all findings that no waiver covers, or `none`."""
    return review.verdict if any(finding.waiver is None for finding in review.findings) else "none"


def headline(review: Review) -> str:
    """The verdict in one line."""
    counts = ", ".join(f"{number} {name}" for name, number in review.counts().items() if number)
    waived = sum(finding.waiver is not None for finding in review.findings)
    told = [counts or "no findings", *([f"{waived} waived"] if waived else [])]
    return " · ".join([TITLES[verdict_of(review)], BUMPS[review.bump], *told])


def next_steps(review: Review) -> list[str]:
    """What to do, in order: Markdown without any word of a document in it."""
    live = [finding for finding in review.findings if finding.waiver is None]
    breaking = [finding for finding in live if finding.verdict == "breaking"]
    hidden = [finding for finding in breaking if finding.neutralised]
    warnings = [finding for finding in live if finding.verdict == "warning"]
    steps: list[str] = []
    if review.problems:
        steps.append("Read the notes below first: this review is not whole without them.")
    if review.expired:
        steps.append(f"Renew or delete {_number(len(review.expired), 'expired waiver')} in `specs/<api>/waivers.yaml`.")
    if review.stale:
        steps.append(
            f"Delete {_number(len(review.stale), 'correction')} from `fixes.overlay.yaml`: the text is at the end of this review. "
            "Upstream caught up; the build fails until they are gone."
        )
    if len(breaking) > len(hidden):
        places = " or ".join(
            f"`specs/{api}/fixes.overlay.yaml`" for api in sorted({finding.api for finding in breaking})
        )
        steps.append(
            "Find out whether the service really does what the document now says. Where it does not, correct the document in "
            f"{places}."
        )
    if live:
        steps.append(
            "Run `make regenerate` and `make test` with the new documents in `specs/<api>/upstream` (`make update` does all "
            "of it)."
        )
    if len(breaking) > len(hidden):
        steps.append(
            _change(breaking, hidden)
            if review.chained
            else "Run this without `--spec-only` to see the Python names and the lines that break."
        )
        steps.append(
            "A finding that nobody has to act on can be waived by its fingerprint, with a reason and until a day: "
            "`docs/api-review.md` shows how. It does not count any more then."
        )
    if hidden:
        steps.append(
            f"{_number(len(hidden), 'breaking finding')} {'is' if len(hidden) == 1 else 'are'} hidden by the corrections of today: what was published "
            "breaks, the client that is built does not change, and no line has to. Make sure that the service still "
            "behaves as the corrections say, keep them, and waive the findings with that reason."
        )
    if warnings:
        steps.append(
            f"Read {_number(len(warnings), 'warning')}: the code goes on running, and may do something else than before."
        )
    if any(finding.verdict == "docs" for finding in live):
        steps.append("Read the documentation cards: they speak of limits, dates, deprecation or retention.")
    if live:
        if breaking and len(hidden) == len(breaking):
            steps.append("While the corrections stay, no release has to be a major one.")
        else:
            steps.append(
                f"Tell users in the changelog, and release a {BUMPS[review.bump]}"
                + (" (before 1.0 that is 0.5.0 after 0.4.2)." if review.bump == "major" else ".")
            )
    return steps or ["Nothing. There is nothing to do."]


def _change(breaking: list[Finding], hidden: list[Finding]) -> str:
    shown = [finding for finding in breaking if finding not in hidden]
    lines = {use for finding in shown for use in finding.uses}
    ours = {line for line in lines if not line.startswith("tests/")}
    first = f"Work through {_number(len(shown), 'breaking finding')} from the top."
    if not lines:
        return f"{first} No line of ours uses what breaks; users' code may."
    files = {line.rpartition(":")[0] for line in ours}
    return (
        f"{first} Look at the lines that use what changes: {_number(len(ours), 'line')} in {_number(len(files), 'file')}, "
        f"and {_number(len(lines) - len(ours), 'line')} of tests."
    )


def _number(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def by_room(uses: list[str]) -> dict[str, dict[str, list[int]]]:
    """Lines by room and file: `Library`, `overlay/moveworks/client.py`, [12, 40]."""
    found: dict[str, dict[str, list[int]]] = {}
    for use in uses:
        file, _, line = use.rpartition(":")
        room = next((name for start, name in ROOMS if file.startswith(start)), "Tools")
        found.setdefault(room, {}).setdefault(file, []).append(int(line))
    return found


def short_symbol(symbol: str) -> str:
    """`ConversationRecord.created_time`, without the module that it is in."""
    parts = symbol.split(".")
    return ".".join(parts[2:]) if parts[0] == "models" and len(parts) > 2 else ".".join(parts[1:])

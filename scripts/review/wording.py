"""What reports say in words: the verdict, what to do next, and text of documents that is safe to show."""

from __future__ import annotations

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


def sentence(message: str) -> str:
    """A message with a capital letter, unless it begins with a name, which has its own."""
    return f"T{message[1:]}" if message.startswith("the ") else message


def verdict_of(review: Review) -> str:
    """The verdict over all findings that no waiver covers, or `none`."""
    return review.verdict if any(finding.waiver is None for finding in review.findings) else "none"


def headline(review: Review) -> str:
    """Both verdicts in one line."""
    counts = ", ".join(f"{number} {name}" for name, number in review.counts().items() if number)
    waived = sum(finding.waiver is not None for finding in review.findings)
    if not review.live:
        return " · ".join([TITLES["none"], *([f"{waived} waived"] if waived else ["no findings"])])
    users = "nothing changes" if review.users == "none" else TITLES[review.users].lower()
    verdicts = [f"published: {TITLES[review.published].lower()}"]
    if review.chained:
        verdicts += [f"for users of the library: {users}", BUMPS[review.bump]]
    return " · ".join([*verdicts, counts, *([f"{waived} waived"] if waived else [])])


def next_steps(review: Review) -> list[str]:
    """What to do, in order: Markdown without any word of a document in it."""
    live = review.live
    published = [finding for finding in live if finding.published == "breaking"]
    breaking = [finding for finding in live if finding.users == "breaking" and review.chained]
    steps: list[str] = []
    if review.problems:
        steps.append("Read the notes below first: this review is not whole without them.")
    if review.decisions:
        steps.append(f"Decide {_number(len(review.decisions), 'name')}: the notes say which, and how.")
    if review.expired:
        steps.append(f"Renew or delete {_number(len(review.expired), 'expired waiver')} in `specs/<api>/waivers.yaml`.")
    if review.stale:
        steps.append(
            f"Delete {_number(len(review.stale), 'correction')} from `fixes.overlay.yaml`: the text is at the end of this "
            "review. Upstream caught up; the build fails until they are gone."
        )
    if published:
        places = " or ".join(f"`specs/{api}/fixes.overlay.yaml`" for api in sorted({f.api for f in published}))
        steps.append(
            f"Ask the service whether it really does what {_number(len(published), 'breaking change')} of the document "
            f"say{'s' if len(published) == 1 else ''}. Where it does not, correct the document in {places}."
        )
    if live:
        steps.append(
            "Run `make regenerate` and `make test` with the new documents in `specs/<api>/upstream` (`make update` does "
            "all of it)."
        )
    if breaking:
        steps.append(_change(breaking))
    elif published and review.chained:
        steps.append("Nothing breaks for users of the library: the names that they use stay as they are.")
    elif not review.chained and published:
        steps.append("Run this without `--spec-only` to see the Python names and the lines that break.")
    if published or breaking:
        steps.append(
            "A finding that nobody has to act on can be waived by its fingerprint, with a reason and until a day: "
            "`docs/api-review.md` shows how."
        )
    if warnings := [finding for finding in live if finding.verdict == "warning"]:
        steps.append(
            f"Read {_number(len(warnings), 'warning')}: the code goes on, and may do something else than before."
        )
    if prose := [finding for finding in live if finding.rule == "description-changed"]:
        steps.append(
            f"Read {_number(len(prose), 'changed sentence')} under Documentation: limits, dates and duties changed in words."
        )
    if live and review.chained:
        steps.append(
            "No release is needed for this: the built client stays as it is."
            if review.bump == "none"
            else f"Tell users in the changelog, and release a {BUMPS[review.bump]}."
        )
    return steps or ["Nothing. There is nothing to do."]


def _change(breaking: list[Finding]) -> str:
    lines = {use for finding in breaking for use in finding.uses}
    ours = {line for line in lines if not line.startswith("tests/")}
    first = (
        f"Work through {_number(len(breaking), 'finding')} that break{'s' if len(breaking) == 1 else ''} users' code."
    )
    if not lines:
        return f"{first} No line of ours uses what breaks; users' code may."
    files = {line.rpartition(":")[0] for line in ours}
    return (
        f"{first} Change the lines that are named there: {_number(len(ours), 'line')} in {_number(len(files), 'file')}, "
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

"""A pull-request comment: the verdict, what to do, what needs a decision, and the rest folded away."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scripts.output import one_line
from scripts.review.wording import SECTIONS, by_room, headline, next_steps, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scripts.review.findings import Finding
    from scripts.review.review import Review

MOST_BYTES: Final = 60_000
"""A comment of GitHub takes 65,536 characters."""
MOST_FOR_FINDINGS: Final = 44_000


def to_markdown(review: Review) -> str:
    """The comment. It fits, whatever was found, and no text of a document becomes markup, a link or a mention in it."""
    lines = [
        f"## API review: {headline(review)}",
        "",
        f"{code(review.base)} → {code(review.head)}",
        "",
        "**What to do next**",
        "",
    ]
    lines += [f"{number}. {step}" for number, step in enumerate(next_steps(review), 1)]
    if notes := [*review.decisions, *review.expired, *review.problems]:
        lines += ["", *_fitting((f"> - {prose(note, 1000)}" for note in notes), 4_000, "> - … and {} more")]
    room = MOST_FOR_FINDINGS
    for verdict, title in SECTIONS:
        found = [f for f in review.findings if f.verdict == verdict and f.waiver is None]
        if found:
            items = _fitting(
                map(_item, found), room, "- … and {} more: `make review` with `--format html` shows them all"
            )
            room = max(0, room - sum(len(item.encode()) for item in items))
            lines += _section(f"{title} ({len(found)})", items, folded=verdict in {"additive", "docs"})
    if waived := [f for f in review.findings if f.waiver is not None]:
        items = _fitting(
            (f"- {prose(sentence(f.message))}: {prose(str(f.waiver))}" for f in waived), 4_000, "- … and {} more"
        )
        lines += _section(f"Waived ({len(waived)})", items, folded=True)
    if review.stale:
        items = _fitting(map(_stale, review.stale), 6_000, "… and {} more")
        lines += _section(
            f"Corrections to delete ({len(review.stale)})",
            ["They no longer match or change anything in the head:", *items],
        )
    return "\n".join(lines) + "\n"


def _fitting(items: Iterable[str], room: int, more: str) -> list[str]:
    """The first items that fit, and how many are left."""
    fitting: list[str] = []
    left = 0
    for item in items:
        room -= len(item.encode()) + 1
        if room < 0 or left:
            left += 1
        else:
            fitting.append(item)
    return [*fitting, more.format(left)] if left else fitting


def _section(title: str, items: list[str], *, folded: bool = False) -> list[str]:
    if folded:
        return ["", f"<details><summary>{title}</summary>", "", *items, "", "</details>"]
    return ["", f"### {title}", "", *items]


def _item(finding: Finding) -> str:
    line = finding.head_line or finding.base_line
    place = code(f"{finding.file}:{line}" if finding.file else finding.place)
    judged = f"wire {finding.wire}, Python {finding.python}"
    lines = [
        f"- **{prose(sentence(finding.message))}** · {prose(finding.api)} · {code(finding.rule)} · {judged} · {place}"
    ]
    if finding.rule == "description-changed":
        lines += [
            f"  - before: {prose(str(finding.old or '(nothing)'))}",
            f"  - now: {prose(str(finding.new or '(nothing)'))}",
        ]
    if finding.python == "none" and finding.published == "breaking":
        lines.append("  - nothing changes for users of the library: no name that they use is another")
    if finding.verdict in {"breaking", "warning"}:
        lines += [
            f"  - {code(each['symbol'])}: {code(each['old'] or '(new)', 300)} → {code(each['new'] or '(gone)', 300)}"
            for each in finding.symbols[:3]
        ]
        if len(finding.symbols) > 3:
            lines.append(f"  - … and {len(finding.symbols) - 3} more symbols")
        if finding.uses:
            lines.append(f"  - used in {_uses(finding.uses)}")
    reached = ", ".join(code(reach) for reach in finding.reaches[:4])
    more = f" and {len(finding.reaches) - 4} more" if len(finding.reaches) > 4 else ""
    reaches = f"reaches {reached}{more} · " if finding.reaches else ""
    return "\n".join([*lines, f"  - {reaches}fingerprint {code(finding.fingerprint)}"])


def _uses(uses: list[str]) -> str:
    files = [(file, lines) for room in by_room(uses).values() for file, lines in room.items()]
    places = [
        code(f"{file}:{','.join(map(str, lines[:6]))}{'…' if len(lines) > 6 else ''}") for file, lines in files[:6]
    ]
    return ", ".join(places) + (f" and {len(files) - 6} more files" if len(files) > 6 else "")


def _stale(each: dict[str, str]) -> str:
    body = each["delete"]
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", body)), default=0))
    place = f"`specs/{each['api']}/fixes.overlay.yaml`, action {each['action']}, {prose(each['reason'])}:"
    return "\n".join(["", place, "", f"{fence}yaml", body, fence])


def prose(text: str, most: int = 400) -> str:
    """Text as text: no markup, no HTML, no link, no mention of a person or an issue."""
    text = re.sub(r"([\\`*<>\[\]|~&$])|(?<!\w)_|_(?!\w)", lambda found: f"\\{found.group()}", one_line(text, most))
    # An invisible blank keeps GitHub from making something of what is left; a backslash does not.
    return re.sub(
        r"[@#](?=\w)|://|www(?=\.)|\bGH(?=-\d)", lambda found: f"{found.group()[:1]}\u200b{found.group()[1:]}", text
    )


def code(text: str, most: int = 400) -> str:
    """Text in a code span, which no text of its own can end."""
    text = one_line(text, most) or " "
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    blank = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{blank}{text}{blank}{fence}"

"""Reports for programs and for pull requests: JSON, Markdown, SARIF 2.1.0, GitHub annotations."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from scripts.review.html import to_html

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.review.findings import Finding
    from scripts.review.review import Review

MOST_CHARACTERS: Final = 60_000
"""A comment of GitHub takes 65,536."""
LEVELS: Final = {"breaking": "error", "warning": "warning", "additive": "note", "docs": "note"}


def to_json(review: Review) -> str:
    """Everything, sorted, without a time stamp; docs/review.schema.json describes it."""
    document = {
        "schema": "moveworks-review/1",
        "base": review.base,
        "head": review.head,
        "verdict": review.verdict,
        "bump": review.bump,
        "counts": review.counts(),
        "findings": [finding.as_json() for finding in review.findings],
        "stale_corrections": review.stale,
        "uncovered": review.uncovered,
        "expired_waivers": review.expired,
        "problems": review.problems,
    }
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False, default=str) + "\n"


def headline(review: Review) -> str:
    """The verdict in one line."""
    counts = ", ".join(f"{number} {name}" for name, number in review.counts().items() if number)
    told = {"none": "no version bump", "patch": "patch version", "minor": "minor version", "major": "major version"}
    return f"{review.verdict if review.findings else 'no change'} · {told[review.bump]} · {counts or 'no findings'}"


def to_markdown(review: Review) -> str:
    """A pull-request comment: the verdict, then what needs a decision, then the rest folded away."""
    lines = [f"## API review: {headline(review)}", "", f"`{review.base}` → `{review.head}`", ""]
    lines += [f"> {problem}" for problem in [*review.problems, *review.expired]]
    for verdict, title in (
        ("breaking", "Breaking"),
        ("warning", "Look at these"),
        ("additive", "Additions"),
        ("docs", "Documentation"),
    ):
        found = [f for f in review.findings if f.verdict == verdict and f.waiver is None]
        if not found:
            continue
        folded = verdict in {"additive", "docs"}
        lines += (
            ["", f"<details><summary>{title} ({len(found)})</summary>", ""]
            if folded
            else ["", f"### {title} ({len(found)})", ""]
        )
        for finding in found:
            lines += _item(finding)
        lines += ["", "</details>"] if folded else []
    waived = [f for f in review.findings if f.waiver is not None]
    if waived:
        lines += ["", f"<details><summary>Waived ({len(waived)})</summary>", ""]
        lines += [f"- {_code(f.message)}: {f.waiver}" for f in waived] + ["", "</details>"]
    if review.stale:
        lines += ["", "### Corrections to delete", "", "They no longer match or change anything in the head:", ""]
        for each in review.stale:
            lines += [
                f"`specs/{each['api']}/fixes.overlay.yaml`, action {each['action']}, {each['reason']}:",
                "",
                "```yaml",
                each["delete"],
                "```",
                "",
            ]
    if review.uncovered:
        lines += ["", "<details><summary>Not offered by the facade</summary>", ""]
        lines += [f"- {api}: {line}" for api, missing in review.uncovered.items() for line in missing] + [
            "",
            "</details>",
        ]
    text = "\n".join(lines) + "\n"
    if len(text) > MOST_CHARACTERS:
        cut = text[:MOST_CHARACTERS].rpartition("\n- ")[0]
        text = f"{cut}\n\n… shortened; `make review` and the HTML report have all {len(review.findings)} findings.\n"
    return text


def _item(finding: Finding) -> list[str]:
    place = f"`{finding.file}:{finding.head_line or finding.base_line}`" if finding.file else f"`{finding.place}`"
    lines = [
        f"- **{_code(finding.message)}** · {finding.api} · `{finding.rule}` · wire {finding.wire}, Python {finding.python} · {place}"
    ]
    if finding.neutralised:
        lines.append("  - the corrections of today hide this from the built client")
    if finding.verdict in {"breaking", "warning"}:
        lines += [
            f"  - `{each['symbol']}`: `{each['old'] or '(new)'}` → `{each['new'] or '(gone)'}`"
            for each in finding.symbols[:3]
        ]
    if finding.uses:
        lines.append(f"  - used in {', '.join(f'`{use}`' if ':' in use else use for use in finding.uses[:6])}")
    if finding.reaches:
        more = f" and {len(finding.reaches) - 4} more" if len(finding.reaches) > 4 else ""
        lines.append(
            f"  - reaches {', '.join(_code(reach) for reach in finding.reaches[:4])}{more} · fingerprint `{finding.fingerprint}`"
        )
    return lines


def _code(text: str) -> str:
    for character in "\\`*_<>[]|":
        text = text.replace(character, f"\\{character}")
    return " ".join(text.split())[:400]


def to_sarif(review: Review) -> str:
    """SARIF 2.1.0, for code scanning."""
    rules = sorted({finding.rule for finding in review.findings})
    results = [
        {
            "ruleId": finding.rule,
            "ruleIndex": rules.index(finding.rule),
            "level": LEVELS[finding.verdict],
            "message": {"text": finding.message},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": finding.file or f"specs/{finding.api}"},
                        "region": {"startLine": finding.head_line or finding.base_line or 1},
                    },
                    "logicalLocations": [{"fullyQualifiedName": finding.place}],
                }
            ],
            "partialFingerprints": {"moveworksReview/v1": finding.fingerprint},
            **({"suppressions": [{"kind": "external", "justification": finding.waiver}]} if finding.waiver else {}),
        }
        for finding in review.findings
    ]
    driver = {
        "name": "moveworks-client API review",
        "informationUri": "https://spec.openapis.org/oas/latest.html",
        "rules": [{"id": rule, "shortDescription": {"text": rule.replace("-", " ")}} for rule in rules],
    }
    document: dict[str, Any] = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def to_github(review: Review) -> str:
    """Workflow commands: annotations at the right line."""
    kinds = {"breaking": "error", "warning": "warning", "additive": "notice", "docs": "notice"}

    def escaped(text: str, *, attribute: bool = False) -> str:
        text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        return text.replace(":", "%3A").replace(",", "%2C") if attribute else text

    lines = [
        f"::{kinds[f.verdict]} file={escaped(f.file, attribute=True)},line={f.head_line or f.base_line or 1},"
        f"title={escaped(f.rule, attribute=True)}::{escaped(f.message)}"
        for f in review.findings
        if f.waiver is None
    ]
    return "\n".join([*lines, f"::notice title=API review::{escaped(headline(review))}"]) + "\n"


FORMATS: Final[dict[str, tuple[str, Callable[[Review], str]]]] = {
    "json": ("review.json", to_json),
    "markdown": ("review.md", to_markdown),
    "html": ("review.html", to_html),
    "sarif": ("review.sarif", to_sarif),
    "github": ("review.github.txt", to_github),
}

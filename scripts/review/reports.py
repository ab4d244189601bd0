"""The formats of a review; JSON, SARIF 2.1.0 and GitHub annotations, which programs read, are written here."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from scripts.output import one_line
from scripts.review.html import to_html
from scripts.review.markdown import to_markdown
from scripts.review.wording import headline

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.review.findings import Finding
    from scripts.review.review import Review

LEVELS: Final = {"breaking": "error", "warning": "warning", "additive": "note", "docs": "note"}
KINDS: Final = {"breaking": "error", "warning": "warning", "additive": "notice", "docs": "notice"}


def to_json(review: Review) -> str:
    """Everything, sorted, without a time stamp; docs/review.schema.json describes it."""
    document = {
        "schema": "moveworks-review/2",
        "base": review.base,
        "head": review.head,
        "verdict": review.verdict,
        "published": review.published,
        "users": review.users if review.chained else None,
        "bump": review.bump,
        "counts": review.counts(),
        "findings": [finding.as_json() for finding in review.findings],
        "stale_corrections": review.stale,
        "expired_waivers": review.expired,
        "decisions": review.decisions,
        "problems": review.problems,
    }
    text = json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False, default=str)
    return text.encode("utf-8", "replace").decode() + "\n"


def to_sarif(review: Review) -> str:
    """SARIF 2.1.0, for code scanning: at the line of the head, with the line of the base beside it."""
    rules = sorted({finding.rule for finding in review.findings})
    driver = {
        "name": "moveworks-client API review",
        "rules": [{"id": rule, "shortDescription": {"text": rule.replace("-", " ")}} for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, rules.index(finding.rule)) for finding in review.findings],
    }
    document = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _result(finding: Finding, index: int) -> dict[str, Any]:
    file, line = _place(finding)
    # Square brackets would make a link of a document's text (SARIF 2.1.0, 3.11.6).
    message = re.sub(r"([\\\[\]])", r"\\\1", one_line(finding.message, 2000))
    message_text = f"{message} (wire: {finding.wire}, Python: {finding.python})"
    result = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": LEVELS[finding.verdict],
        "message": {"text": message_text},
        "locations": [{**_location(file, line), "logicalLocations": [{"fullyQualifiedName": one_line(finding.place)}]}],
        "partialFingerprints": {"moveworksReview/v1": finding.fingerprint},
    }
    if finding.base_line and finding.head_line:
        result["relatedLocations"] = [
            {**_location(finding.base_file, finding.base_line), "message": {"text": "in the base"}}
        ]
    if finding.waiver:
        result["suppressions"] = [{"kind": "external", "justification": finding.waiver}]
    return result


def _place(finding: Finding) -> tuple[str, int]:
    """File and line of the head, or else of the base; a whole API that came or went is its list of sources."""
    return finding.file or f"specs/{finding.api}/sources.yaml", finding.head_line or finding.base_line or 1


def _location(file: str, line: int) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": {"uri": quote(file)}, "region": {"startLine": line}}}


def to_github(review: Review) -> str:
    """Workflow commands: annotations at the right line."""
    lines = [
        f"::{KINDS[finding.verdict]} file={_escaped(file, value=True)},line={line},"
        f"title={_escaped(finding.rule, value=True)}::{_escaped(one_line(finding.message))}"
        for finding in review.findings
        if finding.waiver is None
        for file, line in (_place(finding),)
    ]
    return "\n".join([*lines, f"::notice title=API review::{_escaped(headline(review))}"]) + "\n"


def _escaped(text: str, *, value: bool = False) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if value else text


FORMATS: Final[dict[str, tuple[str, Callable[[Review], str]]]] = {
    "json": ("review.json", to_json),
    "markdown": ("review.md", to_markdown),
    "html": ("review.html", to_html),
    "sarif": ("review.sarif", to_sarif),
    "github": ("review.github.txt", to_github),
}

"""One review: findings of all APIs, and what else a maintainer must know."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from attrs import define, field

from scripts.documents import DocumentError, load_yaml
from scripts.review.chain import attach
from scripts.review.clients import clients
from scripts.review.coverage import uncovered
from scripts.review.differ import Differ
from scripts.review.differ.references import BadReferenceError
from scripts.review.findings import BUMPS, VERDICTS, Finding, sorted_findings, worst
from scripts.review.sources import Side, sides
from scripts.review.uses import attach_uses, usage
from scripts.review.waivers import waive


@define(kw_only=True)
class Review:
    """What a review found.

    Attributes:
        base: What was compared, as given.
        head: With what.
        findings: Worst first.
        stale: Corrections that no longer match or change anything, each with the text to delete.
        uncovered: For each API, operations and parameters that the facade does not offer.
        problems: What is wrong with waivers, or could not be done.
        expired: Waivers whose last day is over.
        chained: Whether both were run through the generator, and uses were looked for.
    """

    base: str
    head: str
    findings: list[Finding] = field(factory=list)
    stale: list[dict[str, Any]] = field(factory=list)
    uncovered: dict[str, list[str]] = field(factory=dict)
    problems: list[str] = field(factory=list)
    expired: list[str] = field(factory=list)
    chained: bool = True

    @property
    def verdict(self) -> str:
        """The worst verdict that no waiver covers."""
        return worst(self.findings)

    @property
    def bump(self) -> str:
        """The version that this asks for."""
        live = [finding for finding in self.findings if finding.waiver is None]
        return BUMPS[self.verdict] if live else "none"

    def counts(self) -> dict[str, int]:
        """Number of findings of each verdict, the worst first."""
        return {v: sum(f.verdict == v and f.waiver is None for f in self.findings) for v in reversed(VERDICTS)}

    def fails(self, fail_on: str) -> bool:
        """Whether there is something at or above a verdict, or a waiver that expired."""
        live = [finding for finding in self.findings if finding.waiver is None]
        return bool(self.expired) or any(VERDICTS.index(f.verdict) >= VERDICTS.index(fail_on) for f in live)


def review(base: str, head: str | None, *, chain: bool = True, today: date | None = None) -> Review:
    """Compare two versions.

    Args:
        base: Document, page, `specs/<api>` folder or git revision.
        head: The same; by default the work tree.
        chain: Whether to run both through the generator and to look for uses.
        today: For sunset dates and waivers.

    Raises:
        DocumentError: if one of them cannot be read.
    """
    today = today or datetime.now(UTC).date()
    result = Review(base=base, head=head or "work tree", chained=chain)
    with tempfile.TemporaryDirectory(prefix="moveworks-review-") as folder:
        scratch = Path(folder)
        used = usage() if chain else None
        for old, new in sides(base, head, scratch):
            if old is None or new is None:
                _whole_api(result, old, new)
                continue
            findings = _compared(old, new, today)
            if chain:
                assert used is not None
                made = clients(old, new, scratch / new.api, published=bool(findings))
                attach(findings, made)
                attach_uses(findings, used)
                result.problems += [
                    f"{new.api}: today's corrections and settings make no client of the {name.partition(' ')[0]}: "
                    f"{client.problem.strip().splitlines()[0]}"
                    for name, client in made.items()
                    if client.problem and name.endswith("built")
                ]
                result.stale += _stale(new, made["base built"], made["head built"])
                if not made["head built"].problem and (
                    missing := uncovered(made["head built"].document, new.api, used)
                ):
                    result.uncovered[new.api] = missing
            expired, unused = waive(findings, new.folder / "waivers.yaml", today)
            result.expired += [f"{new.api}: {line}" for line in expired]
            result.problems += [f"{new.api}: {line}" for line in unused]
            result.findings += findings
    result.findings = sorted_findings(result.findings)
    return result


def _compared(old: Side, new: Side, today: date) -> list[Finding]:
    """What the differ finds, each with its lines in both documents."""
    try:
        findings = Differ(old.document, new.document, today=today).findings()
    except BadReferenceError:
        raise
    except (AttributeError, TypeError, KeyError, ValueError) as error:
        raise DocumentError(
            f"{old.label} or {new.label} is no valid OpenAPI document ({type(error).__name__}: {error}); "
            "openapi-spec-validator says where"
        ) from error
    for finding in findings:
        finding.api = new.api
        before, after = old.line(finding.base), new.line(finding.head)
        finding.base_file, finding.base_line = before or ("", None)
        finding.file, finding.head_line = after or (finding.base_file, None)
    return findings


def _whole_api(result: Review, old: Side | None, new: Side | None) -> None:
    side = new or old
    assert side is not None
    came = new is not None
    result.findings.append(
        Finding(
            rule=f"api-{'added' if came else 'removed'}",
            wire="info" if came else "error",
            python="additive" if came else "breaking-runtime",
            message=f"the API {side.api} was {'added' if came else 'removed'}",
            base=None if came else "#",
            head="#" if came else None,
            api=side.api,
        )
    )


def _stale(side: Side, base: Any, head: Any) -> list[dict[str, Any]]:
    """Corrections that did something in the base and do nothing in the head, with their text."""
    file = side.folder / "fixes.overlay.yaml"
    if not file.exists() or not head.stale:
        return []
    before = {action.index for action in base.stale}
    text = file.read_text(encoding="utf-8")
    actions = load_yaml(str(file), text)["actions"]
    blocks = _blocks(text)
    return [
        {
            "api": side.api,
            "action": action.index + 1,
            "target": action.target,
            "reason": action.reason,
            "new": action.index not in before,
            "delete": blocks[action.index] if len(blocks) == len(actions) else action.target,
        }
        for action in head.stale
    ]


def _blocks(text: str) -> list[str]:
    """The text of each action of an overlay."""
    body = text.partition("\nactions:\n")[2]
    blocks: list[str] = []
    for line in body.splitlines():
        if line.startswith(("  - ", "- ")):
            blocks.append(line)
        elif blocks and line.strip():
            blocks[-1] += f"\n{line}"
    return blocks

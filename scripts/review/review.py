"""One review: findings of all APIs, and what else a maintainer must know."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import asdict, define, field

from scripts.differ import VERDICTS, Differ, DifferError
from scripts.documents import DocumentError, read_text
from scripts.pipeline.plain import load_yaml
from scripts.review.findings import BUMPS, Finding, sorted_findings, worst
from scripts.review.sources import ROOT, Side, sides
from scripts.review.waivers import waive

if TYPE_CHECKING:
    from scripts.review.clients import Client


@define(kw_only=True)
class Review:
    """What a review found.

    Attributes:
        base: What was compared, as given.
        head: With what.
        findings: Worst first.
        stale: Corrections that no longer match or change anything, each with the text to delete.
        problems: What is wrong with waivers, or could not be done.
        decisions: What only a person can decide, and has to before a release.
        expired: Waivers whose last day is over.
        chained: Whether both were run through the generator, and uses were looked for.
    """

    base: str
    head: str
    findings: list[Finding] = field(factory=list)
    stale: list[dict[str, Any]] = field(factory=list)
    problems: list[str] = field(factory=list)
    decisions: list[str] = field(factory=list)
    expired: list[str] = field(factory=list)
    chained: bool = True

    @property
    def verdict(self) -> str:
        """The worst verdict that no waiver covers."""
        return worst(self.findings)

    @property
    def live(self) -> list[Finding]:
        """The findings that no waiver covers."""
        return [finding for finding in self.findings if finding.waiver is None]

    @property
    def published(self) -> str:
        """The verdict on what was published: for programs that take the document at its word."""
        return max((f.published for f in self.live), key=VERDICTS.index, default="none")

    @property
    def users(self) -> str:
        """The verdict for users of the library that is built from it."""
        return max((f.users for f in self.live if f.python != "none"), key=VERDICTS.index, default="none")

    @property
    def bump(self) -> str:
        """The version that this asks for."""
        return BUMPS.get(self.users, "none")

    def counts(self) -> dict[str, int]:
        """Number of findings of each verdict, the worst first."""
        return {v: sum(f.verdict == v and f.waiver is None for f in self.findings) for v in reversed(VERDICTS)}

    def fails(self, fail_on: str) -> bool:
        """Whether there is something at or above a verdict, a waiver that expired, or something to be decided."""
        live = [finding for finding in self.findings if finding.waiver is None]
        return bool(self.expired or self.decisions) or any(
            VERDICTS.index(f.verdict) >= VERDICTS.index(fail_on) for f in live
        )


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
        made: dict[str, tuple[Client, Client]] = {}
        for old, new in sides(base, head, scratch):
            if old is None or new is None:
                _whole_api(result, old, new)
                continue
            findings = _compared(old, new, today)
            if chain and (old.document != new.document or not old.same_settings(new)):
                from scripts.review.clients import client

                made[new.api] = client(old, scratch / "base client"), client(new, scratch / "head client")
                findings += _chained(result, new.api, findings, made[new.api])
                result.stale += _stale(new, *made[new.api])
            expired, unused = waive(findings, new.folder / "waivers.yaml", today)
            result.expired += [f"{new.api}: {line}" for line in expired]
            result.problems += [f"{new.api}: {line}" for line in unused]
            result.findings += findings
        _use(result.findings, {api: pair[0] for api, pair in made.items()})
    result.findings = sorted_findings(result.findings)
    return result


def _compared(old: Side, new: Side, today: date) -> list[Finding]:
    """What the differ finds, each with its lines in both documents."""
    try:
        found = Differ(old.document, new.document, today=today).findings()
    except DifferError as error:
        raise DocumentError(str(error)) from error
    except (AttributeError, TypeError, KeyError, ValueError) as error:
        raise DocumentError(
            f"{old.label} or {new.label} is no valid OpenAPI document ({type(error).__name__}: {error}); "
            "openapi-spec-validator says where"
        ) from error
    findings = [Finding(**asdict(finding, recurse=False), api=new.api) for finding in found]
    for finding in findings:
        before, after = old.line(finding.base), new.line(finding.head)
        finding.base_file, finding.base_line = before or ("", None)
        finding.file, finding.head_line = after or (finding.base_file, None)
    return findings


def _chained(result: Review, api: str, findings: list[Finding], made: tuple[Client, Client]) -> list[Finding]:
    """Give the findings their symbols; what the two clients say that no finding does comes back."""
    from scripts.review.chain import attach
    from scripts.review.clients import same_bytes

    base, head = made
    for name, each in (("base", base), ("head", head)):
        if each.problem:
            lines = each.problem.strip().splitlines()
            message = " ".join(line.strip() for line in lines[: 1 if len(lines) == 1 else 3])
            result.problems.append(f"{api}: no client can be made of the {name}: {message}")
    result.decisions += [f"{api}: {line}" for line in head.collisions if line not in base.collisions]
    if head.problem and not base.problem:
        message = "no client can be made of the new document; the notes say why"
        return [
            Finding(
                rule="no-client", wire="info", python="breaking-runtime", message=message, base="#", head="#", api=api
            )
        ]
    if base.problem or head.problem:
        return []
    more: list[Finding] = []
    if same_bytes(base, head):
        for finding in findings:
            finding.python = "docs" if finding.python == "docs" else "none"
    else:
        more = attach(findings, api, base, head)
    for finding in findings:
        # A name of the document that no request holds and no name in Python depends on is nobody's.
        if finding.python == "none" and finding.rule.startswith(("api-operation-id", "api-schema-renamed")):
            finding.wire = "info"
    return more


def _use(findings: list[Finding], bases: dict[str, Client]) -> None:
    """Give the findings the lines that use what they take away or change; the code is read once for all APIs."""
    from scripts.review.uses import UNUSED, attach_uses, usage

    if any(each["old"] is not None and each["effect"] not in UNUSED for f in findings for each in f.symbols):
        used = usage(ROOT, [each.package for each in bases.values() if each.symbols])
        for api, each in bases.items():
            attach_uses([f for f in findings if f.api == api], each.package.name, used, _sets(each))


def _sets(made: Client) -> dict[str, str]:
    """The attributes of the entity sets, by the name of their entity."""
    prefix = "entities.RecordsAttributes."
    found: dict[str, str] = {}
    for path, symbol in made.symbols.items():
        if path.startswith(prefix):
            record = symbol.annotation.partition("[")[2].removesuffix("]")
            found[record.removesuffix("Record")] = path.removeprefix(prefix)
    return found


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


def _stale(side: Side, base: Client, head: Client) -> list[dict[str, Any]]:
    """Corrections that did something in the base and do nothing in the head, with their text."""
    file = side.folder / "fixes.overlay.yaml"
    if not file.exists() or not head.stale:
        return []
    before = {action.index for action in base.stale}
    text = read_text(file)
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

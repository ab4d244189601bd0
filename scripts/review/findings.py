"""Findings: one per cause, with a judgement for the wire and one for the Python user."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

from attrs import define, field

WIRE: Final = ("info", "warning", "error")
"""Can a call or an answer that was valid now fail: no, perhaps, yes. The levels are oasdiff's."""
PYTHON: Final = ("none", "docs", "additive", "behavioural", "breaking-typing", "breaking-runtime")
"""What a user of the library meets: the worst of the symbols that change, where both clients could be made."""
VERDICTS: Final = ("docs", "additive", "warning", "breaking")
BUMPS: Final = {"docs": "patch", "additive": "minor", "warning": "minor", "breaking": "major"}


@define(kw_only=True)
class Finding:
    """One cause.

    Attributes:
        rule: Its rule, named after oasdiff's where that has it.
        wire: One of `WIRE`.
        python: One of `PYTHON`.
        message: What changed, in a sentence.
        base: JSON pointer in the base document; None if it is new.
        head: JSON pointer in the head document; None if it is gone.
        old: Old value.
        new: New value.
        reaches: Operations it reaches, each as `GET /path request` or `… response`.
        api: Name of the API.
        base_line: Line in the base document.
        head_line: Line in the head document.
        symbols: Public Python symbols that change, with old and new signature.
        uses: Lines of hand-written code that use them.
        waiver: Reason of the waiver that covers it.
        file: Document that the line of the head, or else that of the base, is in.
        base_file: Document that the line of the base is in.
    """

    rule: str
    wire: str
    python: str
    message: str
    base: str | None
    head: str | None
    old: Any = None
    new: Any = None
    reaches: list[str] = field(factory=list)
    api: str = ""
    base_line: int | None = None
    head_line: int | None = None
    symbols: list[dict[str, Any]] = field(factory=list)
    uses: list[str] = field(factory=list)
    waiver: str | None = None
    file: str = ""
    base_file: str = ""

    @property
    def verdict(self) -> str:
        """The worse of the two judgements."""
        return max(self.published, self.users, key=VERDICTS.index)

    @property
    def published(self) -> str:
        """What it is for a program that takes the document at its word."""
        quiet = self.python in {"docs", "none"}
        return {"error": "breaking", "warning": "warning", "info": "docs" if quiet else "additive"}[self.wire]

    @property
    def users(self) -> str:
        """What it is for who uses the library that is built from the document."""
        return {"none": "docs", "docs": "docs", "additive": "additive", "behavioural": "warning"}.get(
            self.python, "breaking"
        )

    @property
    def place(self) -> str:
        """Where it is: in the head, or in the base if it is gone."""
        return self.head or self.base or "#"

    @property
    def fingerprint(self) -> str:
        """Stays the same as long as rule, place and values do; messages and lines do not matter."""
        parts = [self.api, self.rule, self.place, self.old, self.new]
        text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def as_json(self) -> dict[str, Any]:
        """For the JSON report."""
        return {
            "api": self.api,
            "fingerprint": self.fingerprint,
            "rule": self.rule,
            "verdict": self.verdict,
            "published": self.published,
            "users": self.users if self.python != "none" else "none",
            "wire": self.wire,
            "python": self.python,
            "message": self.message,
            "base": {"pointer": self.base, "file": self.base_file if self.base_line else None, "line": self.base_line},
            "head": {"pointer": self.head, "file": self.file if self.head_line else None, "line": self.head_line},
            "old": self.old,
            "new": self.new,
            "file": self.file,
            "reaches": self.reaches,
            "symbols": self.symbols,
            "uses": self.uses,
            "waiver": self.waiver,
        }


def worst(findings: list[Finding]) -> str:
    """The verdict over all findings that no waiver covers."""
    return max((f.verdict for f in findings if f.waiver is None), key=VERDICTS.index, default="docs")


def sorted_findings(findings: list[Finding]) -> list[Finding]:
    """Worst first, then by API and place."""
    return sorted(findings, key=lambda f: (-VERDICTS.index(f.verdict), f.api, f.place, f.rule, f.fingerprint))

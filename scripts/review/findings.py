"""Findings: one per cause, with a judgement for the wire and one for the Python user."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

from attrs import define, field

from scripts import differ
from scripts.differ import VERDICTS

_NAMES: Final = ("python-", "no-client", "api-operation-id", "api-schema-renamed")
BUMPS: Final = {"docs": "patch", "additive": "minor", "warning": "minor", "breaking": "major"}


@define(kw_only=True)
class Finding(differ.Finding):
    """One cause, with what it means to this repository.

    Attributes:
        api: Name of the API.
        base_line: Line in the base document.
        head_line: Line in the head document.
        symbols: Public Python symbols that change, with old and new signature and what that means to users.
        uses: Lines of hand-written code that use them.
        waiver: Reason of the waiver that covers it.
        file: Document that the line of the head, or else that of the base, is in.
        base_file: Document that the line of the base is in.
    """

    api: str = ""
    base_line: int | None = None
    head_line: int | None = None
    symbols: list[dict[str, Any]] = field(factory=list)
    uses: list[str] = field(factory=list)
    waiver: str | None = None
    file: str = ""
    base_file: str = ""

    @property
    def published(self) -> str:
        """What it is for a program that takes the document at its word; names in Python are nothing to it."""
        only_names = self.wire == "info" and self.rule.startswith(_NAMES)
        return "docs" if only_names else super().published

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

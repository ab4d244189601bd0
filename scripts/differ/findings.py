"""Findings: one per cause, with a judgement for the wire and one for users of a client in Python."""

from __future__ import annotations

from typing import Any, Final

from attrs import define, field

WIRE: Final = ("info", "warning", "error")
"""Can a call or an answer that was valid now fail: no, perhaps, yes. The levels are oasdiff's."""
PYTHON: Final = ("none", "docs", "additive", "behavioural", "breaking-typing", "breaking-runtime")
"""What a user of a generated client meets."""
VERDICTS: Final = ("docs", "additive", "warning", "breaking")


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
        """What it is for who uses the client that is built from the document."""
        milder = {"none": "docs", "docs": "docs", "additive": "additive", "behavioural": "warning"}
        return milder.get(self.python, "breaking")

    @property
    def place(self) -> str:
        """Where it is: in the head, or in the base if it is gone."""
        return self.head or self.base or "#"


def worst(findings: list[Finding]) -> str:
    """The worst verdict of all."""
    return max((finding.verdict for finding in findings), key=VERDICTS.index, default="docs")

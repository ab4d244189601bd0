"""Waivers: findings that somebody has accepted, for a reason and until a day."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scripts.documents import DocumentError
from scripts.pipeline.plain import load_yaml

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from scripts.review.findings import Finding

KEYS = ("fingerprint", "owner", "reason", "expires")


def waive(findings: list[Finding], file: Path, today: date) -> tuple[list[str], list[str]]:
    """Mark the findings that are waived; which waivers expired, and which cover nothing.

    Raises:
        DocumentError: if the file is not a list of complete waivers.
    """
    if not file.exists():
        return [], []
    listed = load_yaml(str(file), file.read_text(encoding="utf-8")) or []
    if not isinstance(listed, list):
        raise DocumentError(f"{file.name}: a list of waivers is expected")
    expired: list[str] = []
    unused: list[str] = []
    for index, waiver in enumerate(listed):
        fingerprint, owner, reason, expires = _read(waiver, f"{file.name}: waiver {index + 1}")
        if expires < today:
            expired.append(f"waiver {fingerprint} of {owner} expired on {expires}")
            continue
        covered = [finding for finding in findings if finding.fingerprint == fingerprint]
        for finding in covered:
            finding.waiver = f"{reason} ({owner}, until {expires})"
        if not covered:
            unused.append(
                f"waiver {fingerprint} of {owner} covers no finding of this review; delete it if it is done with"
            )
    return expired, unused


def _read(waiver: object, where: str) -> tuple[str, str, str, date]:
    from datetime import date

    if not isinstance(waiver, dict):
        raise DocumentError(f"{where} must have the keys {', '.join(KEYS)}")
    values = {key: str(value).strip() for key, value in waiver.items() if value is not None}
    if missing := [key for key in KEYS if not values.get(key)]:
        raise DocumentError(f"{where} lacks {', '.join(missing)}")
    if unknown := sorted(map(str, values.keys() - set(KEYS))):
        raise DocumentError(f"{where} has unknown keys: {', '.join(unknown)}; known are {', '.join(KEYS)}")
    if not re.fullmatch(r"[0-9a-f]{16}", values["fingerprint"]):
        raise DocumentError(
            f"{where}: {values['fingerprint']!r} is no fingerprint; the report has it, 16 digits in quotes"
        )
    try:
        expires = date.fromisoformat(values["expires"])
    except ValueError:
        raise DocumentError(f"{where}: {values['expires']!r} is no date; write it as 2027-03-01") from None
    return values["fingerprint"], values["owner"], values["reason"], expires

"""Waivers: findings that somebody has accepted, for a reason and until a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.documents import DocumentError, load_yaml

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from scripts.review.findings import Finding

KEYS = ("fingerprint", "owner", "reason", "expires")


def waive(findings: list[Finding], file: Path, today: date) -> list[str]:
    """Mark the findings that are waived; what is wrong with the waivers themselves.

    Raises:
        DocumentError: if the file is not a list of complete waivers.
    """
    from datetime import date

    if not file.exists():
        return []
    listed = load_yaml(str(file), file.read_text(encoding="utf-8")) or []
    if not isinstance(listed, list):
        raise DocumentError(f"{file.name}: a list of waivers is expected")
    wrong: list[str] = []
    for index, waiver in enumerate(listed):
        missing = [key for key in KEYS if not isinstance(waiver, dict) or not str(waiver.get(key) or "").strip()]
        if missing:
            raise DocumentError(f"{file.name}: waiver {index + 1} lacks {', '.join(missing)}")
        try:
            expires = date.fromisoformat(str(waiver["expires"]))
        except ValueError:
            raise DocumentError(f"{file.name}: waiver {index + 1}: {waiver['expires']!r} is no date") from None
        if expires < today:
            wrong.append(f"waiver {waiver['fingerprint']} of {waiver['owner']} expired on {expires}")
            continue
        for finding in findings:
            if finding.fingerprint == waiver["fingerprint"]:
                finding.waiver = f"{waiver['reason']} ({waiver['owner']}, until {expires})"
    return wrong

"""What is made of measurements."""

from __future__ import annotations

import statistics
from typing import Any


def judge(
    title: str, ratios: list[float], *, at_least: float | None = None, at_most: float | None = None
) -> dict[str, Any]:
    """The median of ratios with its range, and whether it meets its target."""
    ratio = statistics.median(ratios)
    met = (at_least is None or ratio >= at_least) and (at_most is None or ratio <= at_most)
    target = f">= {at_least}" if at_least is not None else f"<= {at_most}" if at_most is not None else "-"
    return {
        "title": title,
        "ratio": round(ratio, 3),
        "lowest": round(min(ratios), 3),
        "highest": round(max(ratios), 3),
        "target": target,
        "met": met,
    }

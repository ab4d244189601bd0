"""Charts as vector graphics, each with a text that says the same."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from moveworks.report.figures import Completeness

WIDTH: Final = 760
HEIGHT: Final = 220
LEFT, RIGHT, TOP, BOTTOM = 46, 8, 10, 26
MAX_LABELS: Final = 7
STATES: Final = ("proven", "open", "lost")


def day_name(day: str) -> str:
    """A day as people write it: `26 Nov 2026`."""
    value = date.fromisoformat(day)
    return f"{value.day} {value:%b %Y}"


def bars(title: str, days: Sequence[str], series: Mapping[str, Mapping[str, int]], unit: str) -> Markup:
    """Bars for each day, one series upon the other."""
    totals = [sum(values.get(day, 0) for values in series.values()) for day in days]
    step = _step(max(totals, default=0))
    top = step * max(1, -(-max(totals, default=0) // step))
    scale = (HEIGHT - TOP - BOTTOM) / top
    width = (WIDTH - LEFT - RIGHT) / max(1, len(days))
    parts = [_axis(step, top, scale), _labels(days, width)]
    for at, day in enumerate(days):
        base = float(HEIGHT - BOTTOM)
        shown = ", ".join(
            f"{values.get(day, 0):,} {name}".strip() for name, values in series.items() if values.get(day)
        )
        rectangles = []
        for number, values in enumerate(series.values()):
            height = values.get(day, 0) * scale
            if height:
                base -= height
                x, wide = LEFT + at * width + width * 0.08, max(width * 0.84, 0.5)
                rectangles.append(
                    f'<rect class="s{number}" x="{x:.2f}" y="{base:.2f}" width="{wide:.2f}" height="{height:.2f}"/>'
                )
        if rectangles:
            parts.append(
                f"<g><title>{escape(day_name(day))}: {escape(shown)} {escape(unit)}</title>{''.join(rectangles)}</g>"
            )
    return _svg(title, _summary(days, totals, unit), "".join(parts), HEIGHT)


def strip(row: Completeness) -> Markup:
    """A cell for each day: proven, open or lost."""
    count = max(1, len(row.days))
    width = WIDTH / count
    cells = "".join(
        f'<rect class="{escape(str(day.state))}" x="{at * width:.2f}" y="0" width="{max(width - 1, 0.6):.2f}" height="18">'
        f"<title>{escape(day_name(str(day.day.date())))}: {escape(str(day.state))}</title></rect>"
        for at, day in enumerate(row.days)
    )
    said = ", ".join(f"{row.count(state)} days {state}" for state in STATES if row.count(state))
    return _svg(f"{row.entity}: what is known of each day", said or "no days", cells, 18)


def _svg(title: str, text: str, content: str, height: int) -> Markup:
    # What is thin may be stretched: it holds no text.
    stretched = ' preserveAspectRatio="none"' if height < HEIGHT else ""
    head = Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}. {}"{}>').format(
        WIDTH,
        height,
        title,
        text,
        Markup(stretched),  # noqa: S704 - ours
    )
    return head + Markup(content) + Markup("</svg>")  # noqa: S704 - names in it are escaped where they are put


def _summary(days: Sequence[str], totals: Sequence[int], unit: str) -> str:
    if not any(totals):
        return f"No {unit} in this time."
    best = max(range(len(days)), key=lambda at: totals[at])
    return f"From {min(totals):,} to {totals[best]:,} {unit} a day; most on {day_name(days[best])}."


def _axis(step: int, top: int, scale: float) -> str:
    lines = []
    for value in range(0, top + 1, step):
        y = HEIGHT - BOTTOM - value * scale
        lines.append(
            f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text class="tick" x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:,}</text>'
        )
    return "".join(lines)


def _labels(days: Sequence[str], width: float) -> str:
    every = max(1, -(-len(days) // MAX_LABELS))
    texts = []
    for at in range(0, len(days), every):
        value = date.fromisoformat(days[at])
        x = LEFT + (at + 0.5) * width
        anchor = "start" if at == 0 and len(days) > 1 else "middle"
        label = f"{value.day} {value:%b}" if len(days) < 200 else f"{value:%b %Y}"
        texts.append(f'<text class="tick" x="{x:.1f}" y="{HEIGHT - 8}" text-anchor="{anchor}">{label}</text>')
    return "".join(texts)


def _step(most: int) -> int:
    """The distance of lines: 1, 2 or 5 times a power of ten, so that there are at most five."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if most <= 5 * step * factor:
                return step * factor
        step *= 10

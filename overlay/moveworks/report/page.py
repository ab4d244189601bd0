"""The page of a report."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from moveworks.errors import MissingExtraError

if TYPE_CHECKING:
    from moveworks.report.figures import Figures

NOTHING: Final = "\N{EN DASH}"
MAX_ROWS: Final = 12
"""Rows of a table; how many more there are is said below it."""


def to_html(figures: Figures) -> str:
    """The page, which needs no other file and no network.

    Raises:
        MissingExtraError: without Jinja2.
    """
    try:
        import jinja2
    except ImportError:
        raise MissingExtraError(
            "a report needs Jinja2, of the extra report", advice="Install it: pip install jinja2"
        ) from None
    from moveworks.report import charts

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_content),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"number": _number, "percent": _percent, "day": charts.day_name, "seconds": _seconds}
    return environment.get_template("page.html.jinja").render(
        figures=figures,
        style=_content("page.css"),
        charts=charts,
        most=MAX_ROWS,
        verdict=_verdict(figures),
        helpful=_helpful(figures),
    )


def _content(name: str) -> str:
    return (files("moveworks.report") / name).read_text(encoding="utf-8")


def _number(value: Any) -> str:
    return NOTHING if value is None else f"{value:,}"


def _percent(part: Any, whole: Any = 1) -> str:
    if part is None or not whole:
        return NOTHING
    return f"{100 * part / whole:.0f} %"


def _seconds(value: float | None) -> str:
    if value is None:
        return NOTHING
    return f"{value:.1f} s" if value < 100 else f"{value / 60:.0f} min" if value < 6000 else f"{value / 3600:.0f} h"


def _helpful(figures: Figures) -> tuple[int, int] | None:
    """Helpful clicks, and all."""
    if figures.feedback is None:
        return None
    good, bad = (sum(figures.feedback[name].values()) for name in ("helpful", "unhelpful"))
    return good, good + bad


def _verdict(figures: Figures) -> tuple[str, str]:
    """How far the figures can be trusted: a state, and a sentence."""
    rows = [row for row in figures.completeness if row.days]
    if not rows:
        return "open", "No run has proven a day of this time yet."
    lost = {day.day.date() for row in rows for day in row.days if day.state == "lost"}
    still = {day.day.date() for row in rows for day in row.days if day.state == "open"}
    days = {day.day.date() for row in rows for day in row.days}
    if lost:
        return "lost", f"Records of {_days(len(lost))} are lost for good: figures of these days are too low."
    if still:
        proven = len(days) - len(still)
        return "open", f"{_days(proven).capitalize()} proven complete; of {_days(len(still))} records may still come."
    return "proven", f"All {_days(len(days))} are proven complete."


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"

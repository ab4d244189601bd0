"""The figures of a report, out of a loaded file. Counts and names only."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from moveworks.errors import ConfigurationError
from moveworks.report.reading import open_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from moveworks.report.reading import LoadedFile
    from moveworks.sync import Day, Ledger

OTHERS = "others"
MAX_SERIES = 5
"""Names that a chart tells apart; what is rarer is `others`."""


@frozen(kw_only=True)
class Completeness:
    """How complete the data of an entity set is.

    Attributes:
        entity: Published name.
        days: What is known of each day of the range; empty for an entity set without `created_time`.
        last_run: When the last complete run began (UTC); None if there was none.
        complete: Whether the last run of all was complete.
    """

    entity: str
    days: Sequence[Day]
    last_run: datetime | None
    complete: bool

    def count(self, state: str) -> int:
        """Number of days in a state: `proven`, `open` or `lost`."""
        return sum(day.state == state for day in self.days)


@frozen(kw_only=True)
class Figures:
    """All figures.

    Attributes:
        source: Name of the file.
        start: The first day (UTC).
        end: The last day, included.
        made_at: When this was read (UTC).
        active_users: By day; None where the tables are missing, as for all below.
        interactions: By day.
        adoption: Users who were active, users with access, and the share of these.
        routes: Conversations by day, for each route.
        domains: Conversations for each domain.
        topics: Interactions and users for each topic.
        plugins: What the views `plugin_use` and `citations` say of each plugin.
        feedback: Helpful and unhelpful clicks, by day.
        completeness: For each entity set.
    """

    source: str
    start: date
    end: date
    made_at: datetime
    active_users: dict[str, int] | None = None
    interactions: dict[str, int] | None = None
    adoption: dict[str, Any] | None = None
    routes: dict[str, dict[str, int]] | None = None
    domains: dict[str, int] | None = None
    topics: list[dict[str, Any]] | None = None
    plugins: list[dict[str, Any]] | None = None
    feedback: dict[str, dict[str, int]] | None = None
    completeness: tuple[Completeness, ...] = field(factory=tuple)

    @property
    def days(self) -> list[str]:
        """All days of the range, as `2026-11-26`."""
        return [str(self.start + timedelta(days=at)) for at in range((self.end - self.start).days + 1)]

    @property
    def conversations(self) -> int | None:
        """Number of conversations."""
        return None if self.domains is None else sum(self.domains.values())


def read_figures(source: str, *, start: date | None, end: date | None, now: datetime | None) -> Figures:
    """Read a file. `make_report` says what the arguments mean, and what is raised."""
    with open_file(source) as (loaded, destination):
        known = loaded.span()
        if "_moveworks_runs" not in loaded.tables:
            raise ConfigurationError(f"{source} holds no export", advice=f"Load it: moveworks sync {source}")
        present = now or datetime.now(UTC)
        first = start or (date.fromisoformat(known[0]) if known else end or present.date())
        last = end or (date.fromisoformat(known[1]) if known else first)
        if start is None and first > last:
            first = last
        if first > last:
            raise ConfigurationError(f"the range is empty: it begins at {first} and ends at {last}")
        figures = _of_views(loaded, first, last)
    ledger = destination.ledger()
    # Runs are noted in the time of the service, which may be ahead of this machine's.
    present = max([present, *(run.finished_at for run in ledger.runs)])
    return Figures(
        source=destination.label,
        start=first,
        end=last,
        made_at=present,
        completeness=_completeness(ledger, present, first, last),
        **figures,
    )


def _of_views(loaded: LoadedFile, start: date, end: date) -> dict[str, Any]:
    def rows(name: str) -> list[dict[str, Any]] | None:
        return loaded.view(name, start, end)

    users, adoption, talks, feedback = map(
        rows, ("active_users_daily", "adoption", "conversations_daily", "feedback_daily")
    )
    topics, plugins, cited = map(rows, ("topics", "plugin_use", "citations"))
    routes: dict[str, dict[str, int]] = {}
    domains: dict[str, int] = {}
    for row in talks or ():
        by_day = routes.setdefault(row["route"] or "unknown", {})
        by_day[str(row["day"])] = by_day.get(str(row["day"]), 0) + row["conversations"]
        domain = row["primary_domain"] or "unknown"
        domains[domain] = domains.get(domain, 0) + row["conversations"]
    citations = {row["plugin_name"]: row for row in cited or ()}
    return {
        "active_users": None if users is None else {str(row["day"]): row["active_users"] for row in users},
        "interactions": None if users is None else {str(row["day"]): row["interactions"] for row in users},
        "adoption": adoption[0] if adoption else None,
        "routes": None if talks is None else _few(routes),
        "domains": None if talks is None else dict(sorted(domains.items(), key=lambda each: (-each[1], each[0]))),
        "topics": None if topics is None else _topics(topics),
        "plugins": None
        if plugins is None
        else sorted(
            ({**row, **citations.get(row["plugin_name"], {})} for row in plugins),
            key=lambda row: (-row["calls"], row["plugin_name"] or ""),
        ),
        "feedback": None
        if feedback is None
        else {name: {str(row["day"]): row[name] for row in feedback} for name in ("helpful", "unhelpful")},
    }


def _topics(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Topics, the most frequent first; one may be in several domains."""
    found: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (-row["interactions"], row["topic"], row["domain"] or "")):
        known = found.setdefault(row["topic"], {"topic": row["topic"], "domains": [], "interactions": 0})
        known["interactions"] += row["interactions"]
        if row["domain"]:
            known["domains"].append(row["domain"])
    return sorted(found.values(), key=lambda row: (-row["interactions"], row["topic"]))


def _few(series: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    """The largest series, and the sum of all others."""
    names = sorted(series, key=lambda name: (-sum(series[name].values()), name))
    if len(names) <= MAX_SERIES:
        return {name: series[name] for name in names}
    kept = {name: series[name] for name in names[: MAX_SERIES - 1]}
    rest: dict[str, int] = {}
    for name in names[MAX_SERIES - 1 :]:
        for day, number in series[name].items():
            rest[day] = rest.get(day, 0) + number
    return {**kept, OTHERS: rest}


def _completeness(ledger: Ledger, now: datetime, start: date, end: date) -> tuple[Completeness, ...]:
    found = []
    for entity in ledger.entities:
        last = ledger.last_complete(entity)
        newest = max((run for run in ledger.runs if run.entity == entity), key=lambda run: run.finished_at)
        days = [day for day in ledger.days(entity, now) if start <= day.day.date() <= end]
        found.append(
            Completeness(entity=entity, days=days, last_run=last.started_at if last else None, complete=newest.complete)
        )
    return tuple(found)

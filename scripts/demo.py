"""`make demo`: the main job on the embedded sandbox, with the troubles of a real run, checked as it goes."""

from __future__ import annotations

import logging
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from moveworks import ClientCredentials
from moveworks.cli.notes import Notes
from moveworks.cli.sync_progress import shown
from moveworks.destinations import read_ledger
from moveworks.records import Conversation as C
from moveworks.records import Interaction as I
from moveworks.report import make_report
from moveworks.sandbox import Sandbox
from moveworks.sync import DayState
from moveworks_export.entities import ENTITY_SETS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from moveworks import Moveworks, RetryEvent

ROWS = 6000
LIVING_ROWS = 28_000
"""Interactions; with those of the other entity sets about 200,000 records."""
TOKEN_LIFETIME = 3600


class Report:
    """Prints each step as it ends, and remembers whether all were right."""

    def __init__(self) -> None:
        self.wrong = 0
        self.steps = 0
        self._console = Console(highlight=False)
        self._began = time.perf_counter()

    def say(self, text: str, style: str = "") -> None:
        """A line of its own."""
        self._console.print(Text(text, style=style))

    def show(self, record: dict[str, Any]) -> None:
        """One record, a line for each property that has a value."""
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(style="dim", no_wrap=True, min_width=max(map(len, record)))
        table.add_column(no_wrap=True, overflow="ellipsis")
        for name, value in record.items():
            if value is not None:
                table.add_row(name, Text(str(value)))
        self._console.print(Padding(table, (0, 0, 0, 7)))

    def rows(self, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """A small table."""
        table = Table(box=None, padding=(0, 3, 0, 0), header_style="dim")
        for at, name in enumerate(names):
            table.add_column(name, justify="right" if at else "left")
        for row in rows:
            table.add_row(*(f"{value:,}" if isinstance(value, int) else str(value) for value in row))
        self._console.print(Padding(table, (0, 0, 0, 7)))

    def step(self, what: str, result: str, *, right: bool, on_the_way: tuple[str, ...] = ()) -> None:
        """A step, its result, and what happened on the way; its time is that since the step before."""
        self.steps += 1
        self.wrong += not right
        row = Table.grid(padding=(0, 2, 0, 0), expand=True)
        row.add_column(width=5)
        row.add_column(ratio=3, overflow="fold")
        row.add_column(ratio=2, overflow="fold")
        row.add_column(width=7, justify="right")
        mark = Text("ok", "bold green") if right else Text("WRONG", "bold red")
        seconds = f"{time.perf_counter() - self._began:.2f} s"
        row.add_row(mark, Text(what), Text(result, "bold"), Text(seconds, "dim"))
        self._console.print(row)
        for happened in on_the_way:
            self._console.print(Padding(Text(f"- {happened}", "yellow"), (0, 0, 0, 7)))
        self._began = time.perf_counter()


def main() -> int:
    """Run everything; exit code 1 if what the client saw is not what the sandbox holds."""
    logging.getLogger("moveworks").setLevel(logging.WARNING)
    report = Report()
    report.say("moveworks-client on its own sandbox: no credentials, no network", "bold")
    report.say("")
    # The third page is refused once.
    with Sandbox(rows=ROWS, seed=1, faults=["429:route=interactions,page=3,times=1,retry_after=1"]) as sandbox:
        report.step("start the sandbox", sandbox.base_url, right=True)
        waits: list[RetryEvent] = []
        credentials = ClientCredentials(sandbox.client_id, sandbox.client_secret)
        with sandbox.client(records_auth=credentials, on_retry=waits.append) as mw:
            _query(report, sandbox, mw)
            _read_everything(report, sandbox, mw, waits)
            identity = sandbox.conversation_ids[0]
            conversation = mw.assistant.conversations.get(identity)
            right = conversation.conversation_id == identity
            report.step("fetch a conversation of the beta API", f"titled {conversation.title!r}", right=right)
        complaints = "none" if not sandbox.violations else str(sandbox.violations)
        report.step("what the sandbox complains about", complaints, right=not sandbox.violations)
    folder = Path.cwd() / ".cache" / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with Sandbox(rows=LIVING_ROWS, seed=1, living=True) as sandbox, sandbox.client() as mw:
        _load_daily(report, sandbox, mw, folder / "export.duckdb")
        _look(report, sandbox, folder / "export.duckdb")
    report.say("")
    if report.wrong:
        report.say(f"{report.wrong} of {report.steps} results are wrong.", "bold red")
        return 1
    report.say("Every result was compared with what the sandbox holds: all agree.", "bold green")
    report.say("Open .cache/demo/report.html in a browser. Next: the tour in README.md, or your own calls against")
    report.say("  .venv/bin/moveworks sandbox")
    return 0


def _query(report: Report, sandbox: Sandbox, mw: Moveworks) -> None:
    """List and count with a filter."""
    direct = C.route == "DM"
    found = mw.records.conversations.list(filter=direct, select=[C.id, C.route], order_by=[C.id])
    ids = [conversation.id for conversation in found]
    expected = sorted(row["id"] for row in sandbox.rows("conversations") if row["route"] == "DM")
    report.step(f"list conversations where {direct}", f"{len(ids):,} records", right=ids == expected)

    asked = (I.actor == "user") & ~I.detail.entity.is_null()
    number = mw.records.interactions.count(filter=asked)
    right = number == sum(map(_has_topic, sandbox.rows("interactions")))
    report.step(f"count interactions where {asked}", f"{number:,} records", right=right)


def _has_topic(row: dict[str, Any]) -> bool:
    return row["actor"] == "user" and (row["detail"] or {}).get("entity") is not None


def _read_everything(report: Report, sandbox: Sandbox, mw: Moveworks, waits: list[RetryEvent]) -> None:
    """Follow all pages over a refused page and the end of a token, then once more from the middle."""
    pages = []
    for page in mw.records.interactions.list(raw=True).pages():
        pages.append(page)
        if len(pages) == 6:
            sandbox.advance(TOKEN_LIFETIME)
    rows = [row for page in pages for row in page.items]
    tokens = sum(request["route"] == "token" for request in sandbox.requests)
    report.step(
        "read all interactions, page by page",
        f"{len(rows):,} records, {len(pages)} pages",
        right=rows == sandbox.rows("interactions") and [event.reason for event in waits] == ["429"] and tokens == 2,
        on_the_way=(
            *(
                f"the service answered {event.reason} to page 3; waited {event.wait:g} s, as it asked"
                for event in waits
            ),
            f"the access token ended after page 6; renewed ({tokens} tokens in all)",
        ),
    )
    report.show(next(row for row in rows if row["type"] == "INTERACTION_TYPE_FREE_TEXT"))
    rest = list(mw.records.interactions.list(resume_from=pages[5].next_link, raw=True))
    right = rest == rows[6 * len(pages[0].items) :]
    report.step("go on from page 6, as after an interruption", f"{len(rest):,} records", right=right)


def _load_daily(report: Report, sandbox: Sandbox, mw: Moveworks, path: Path) -> None:
    """Load everything into a DuckDB file, then let days pass and bring it up to date: records come late, and again."""
    sandbox.add_fault("503:probability=0.02,seed=1")
    for day in range(3):
        what = "a day passes: bring export.duckdb up to date" if day else "load everything into export.duckdb"
        sandbox.advance(days=int(day > 0))
        with shown(Notes(), "export.duckdb") as on_progress:
            done = mw.records.sync(path, on_progress=on_progress)
        runs = [each.run for each in done.entities]
        fetched, windows, retries = (
            sum(getattr(run, name) for run in runs) for name in ("fetched", "windows", "retries")
        )
        report.step(
            what,
            f"{sum(run.new for run in runs):,} new, {sum(run.changed for run in runs):,} written again",
            right=done.complete and _holds(path, sandbox),
            on_the_way=(
                f"{fetched:,} records in {windows} windows, each counted before and after it was read",
                *([f"the service answered 503 {retries} times; asked again"] if retries else []),
            ),
        )
    days = read_ledger(path).days("interactions", sandbox.now())
    states = [day.state for day in days]
    report.step(
        "ask the ledger which days are proven",
        f"{states.count(DayState.PROVEN)} proven, {states.count(DayState.OPEN)} still open",
        right=DayState.LOST not in states and DayState.PROVEN in states,
    )


def _look(report: Report, sandbox: Sandbox, path: Path) -> None:
    """Ask two of the views, and make a page of all of them."""
    with duckdb.connect(str(path), read_only=True) as db:
        users = db.execute("SELECT day, active_users FROM active_users_daily ORDER BY day DESC LIMIT 5").fetchall()
        plugins = db.execute("SELECT plugin_name, calls, served, used FROM plugin_use ORDER BY ALL").fetchall()
    calls = sum(number for _, number, _, _ in plugins)
    report.step("view active_users_daily: the last days", f"{users[0][1]:,} on {users[0][0]}", right=len(users) == 5)
    report.rows(("day", "active users"), users)
    report.step("view plugin_use", f"{calls:,} calls", right=calls >= len(sandbox.rows("plugin-calls")))
    report.rows(("plugin", "calls", "served", "used"), plugins)
    page = path.with_name("report.html")
    page.write_text(make_report(path, now=sandbox.now()), encoding="utf-8")
    report.step("moveworks report export.duckdb", str(page.relative_to(Path.cwd())), right=page.stat().st_size > 10_000)


def _holds(path: Path, sandbox: Sandbox) -> bool:
    """Whether a file holds the records that are served now, each in its newest version."""
    with duckdb.connect(str(path), read_only=True) as db:
        for info in ENTITY_SETS.values():
            times = "strftime(last_updated_time AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ')"
            held = dict(db.execute(f"SELECT id, {times} FROM {info.attribute}").fetchall())  # noqa: S608 - of the catalogue
            if any(held.get(row["id"]) != row["last_updated_time"] for row in sandbox.rows(info.name)):
                return False
    return True


if __name__ == "__main__":
    sys.exit(main())

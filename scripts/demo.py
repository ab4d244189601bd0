"""`make demo`: the main job on the embedded sandbox, with the troubles of a real run, checked as it goes."""

from __future__ import annotations

import logging
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from moveworks import ClientCredentials
from moveworks.destinations import read_ledger
from moveworks.records import Conversation as C
from moveworks.records import Interaction as I
from moveworks.sandbox import Sandbox
from moveworks.sync import DayState
from moveworks_export.entities import ENTITY_SETS

if TYPE_CHECKING:
    from moveworks import Moveworks, RetryEvent

ROWS = 6000
LIVING_ROWS = 2800
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
    with Sandbox(rows=LIVING_ROWS, seed=1, living=True) as sandbox, sandbox.client() as mw:
        _load_daily(report, sandbox, mw)
    report.say("")
    if report.wrong:
        report.say(f"{report.wrong} of {report.steps} results are wrong.", "bold red")
        return 1
    report.say("Every result was compared with what the sandbox holds: all agree.", "bold green")
    report.say("Next: the tour in README.md, or your own calls against")
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


def _load_daily(report: Report, sandbox: Sandbox, mw: Moveworks) -> None:
    """Load everything into a DuckDB file, then let days pass and bring it up to date: records come late, and again."""
    sandbox.add_fault("503:probability=0.05,seed=1")
    with tempfile.TemporaryDirectory(prefix="moveworks-demo-") as folder:
        path = Path(folder) / "export.duckdb"
        for what in ("load everything into export.duckdb", *["a day passes: bring export.duckdb up to date"] * 2):
            done = mw.records.sync(path)
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
            sandbox.advance(days=1)
        days = read_ledger(path).days("interactions", sandbox.now())
        states = [day.state for day in days]
        report.step(
            "ask the ledger which days are proven",
            f"{states.count(DayState.PROVEN)} proven, {states.count(DayState.OPEN)} still open",
            right=DayState.LOST not in states and DayState.PROVEN in states,
        )


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

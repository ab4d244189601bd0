"""`make demo`: the main job on the embedded sandbox, with the troubles of a real run, checked as it goes."""

from __future__ import annotations

import logging
import sys
import time
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from moveworks import BearerToken, ClientCredentials
from moveworks.records import Conversation as C
from moveworks.records import Interaction as I
from moveworks.sandbox import Sandbox

if TYPE_CHECKING:
    from moveworks import RetryEvent

ROWS = 6000


def main() -> int:
    """Run everything; exit code 1 if what the client saw is not what the sandbox holds."""
    logging.getLogger("moveworks").setLevel(logging.WARNING)
    console = Console()
    table = Table(title="moveworks-client on its sandbox", title_justify="left", show_lines=False, pad_edge=False)
    for name in ("", "what", "result", "time"):
        table.add_column(name, overflow="fold", justify="right" if name == "time" else "left")
    failures = 0
    waits: list[RetryEvent] = []

    def report(what: str, result: str, began: float, *, right: bool) -> None:
        nonlocal failures
        failures += not right
        mark = "[green]ok[/]" if right else "[red]WRONG[/]"
        table.add_row(mark, what, result, f"{time.perf_counter() - began:.2f} s")

    began = time.perf_counter()
    # Tokens end quickly here, and the third page is refused once.
    faults = ["429:route=interactions,page=3,times=1,retry_after=1", "expired-token:route=interactions,page=7,times=1"]
    with Sandbox(rows=ROWS, seed=1, faults=faults) as sandbox:
        truth = {name: sandbox.rows(name) for name in ("conversations", "interactions")}
        report("start the sandbox", f"{sandbox.base_url}, {ROWS:,} interactions", began, right=True)
        credentials = ClientCredentials(sandbox.client_id, sandbox.client_secret)
        with sandbox.client(records_auth=credentials, on_retry=waits.append) as mw:
            began = time.perf_counter()
            direct = C.route == "DM"
            found = list(mw.records.conversations.list(filter=direct, select=[C.id, C.route], order_by=[C.id]))
            expected = sorted(row["id"] for row in truth["conversations"] if row["route"] == "DM")
            report(
                f"list conversations where {direct}",
                f"{len(found):,} records",
                began,
                right=[c.id for c in found] == expected,
            )

            began = time.perf_counter()
            asked = (I.actor == "user") & ~I.detail.entity.is_null()
            number = mw.records.interactions.count(filter=asked)
            expected_number = sum(
                row["actor"] == "user" and (row["detail"] or {}).get("entity") is not None
                for row in truth["interactions"]
            )
            report(f"count interactions where {asked}", f"{number:,} records", began, right=number == expected_number)

            began = time.perf_counter()
            pages = list(mw.records.interactions.list(raw=True).pages())
            rows = [row for page in pages for row in page.items]
            complete = rows == truth["interactions"]
            report(
                "read all interactions",
                f"{len(rows):,} records on {len(pages)} pages, unchanged",
                began,
                right=complete,
            )
            waited = ", ".join(f"{event.reason}: waited {event.wait:g} s" for event in waits)
            tokens = sum(request["route"] == "token" for request in sandbox.requests)
            report("  on the way", waited or "no wait", began, right=[event.reason for event in waits] == ["429"])
            report("  on the way", f"the token ended; {tokens} were asked for", began, right=tokens == 2)

            began = time.perf_counter()
            halfway = pages[5].next_link
            rest = sum(1 for _ in mw.records.interactions.list(resume_from=halfway, raw=True))
            report("go on from the sixth page", f"{rest:,} more records", began, right=rest == len(rows) - 3000)

        began = time.perf_counter()
        token = BearerToken(lambda: sandbox.assistant_token)
        with sandbox.client(assistant_auth=token) as mw:
            conversation = mw.assistant.conversations.get(sandbox.conversation_ids[0])
        right = conversation.to_dict()["conversation_id"] == sandbox.conversation_ids[0]
        report("fetch a conversation of the beta API", str(conversation.conversation_id), began, right=right)
        clean = not sandbox.violations
        report(
            "what the server says of this client",
            "no violation" if clean else str(sandbox.violations),
            began,
            right=clean,
        )
    console.print(table)
    console.print(
        "Everything agrees with what the sandbox holds." if not failures else f"{failures} results are wrong."
    )
    console.print("Next: the tour in README.md, or [bold].venv/bin/moveworks sandbox[/] and its printed variables.")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

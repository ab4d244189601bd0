"""How much loading costs: loaders of interactions against the floor, which is bytes from a socket and parsing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from moveworks.destinations import open_destination
from moveworks.sandbox import Sandbox
from scripts.bench.loading_server import Plan, loading_server
from scripts.bench.results import judge
from scripts.bench.rows import real_rows

ROOT: Final = Path(__file__).resolve().parents[2]
ROWS: Final = 200_000
SECOND: Final = 44_000
"""Records that the second run reads: of these are 4,000 new, and of the others a tenth says something else."""
NEW: Final = 4_000
DESTINATIONS: Final = {"Parquet": ("sync", ""), "DuckDB": ("sync", ".duckdb"), "SQLite": ("sync", ".sqlite")}
TARGETS: Final = {"JSON lines": 1.5, "Parquet": 4.0, "DuckDB": 8.0, "SQLite": 8.0}
DAYS: Final = 40
SPAN_HOURS: Final = 27 * 24


class Loading:
    """The measurements.

    Args:
        folder: For what is loaded.
        rounds: How often each is repeated.
    """

    def __init__(self, folder: Path, rounds: int) -> None:
        self._folder, self._rounds = folder, rounds
        self._rows = real_rows()["interactions"]
        self._number = 0

    def measure(self) -> list[dict[str, Any]]:
        """All ratios, as `scripts.bench` prints them."""
        with ExitStack() as stack:
            self._warm = stack.enter_context(loading_server(self._rows, Plan(500, 500)))
            results = self._first_and_second_run(stack)
            results += self._overlap(stack)
            results += self._memory(stack)
        results.append(self._growth())
        return results

    def _first_and_second_run(self, stack: ExitStack) -> list[dict[str, Any]]:
        first = stack.enter_context(loading_server(self._rows, Plan(ROWS, ROWS)))
        second = stack.enter_context(loading_server(self._rows, Plan(ROWS + NEW, ROWS, again=True)))
        back = (SECOND - NEW - 0.5) / ROWS * SPAN_HOURS
        ratios: dict[str, list[float]] = {}
        for _ in range(self._rounds):
            floor = self._run("floor", first)["seconds"]
            few = self._run("floor", second, low=ROWS - SECOND + NEW)["seconds"]
            usual = self._run("usual", first, ".parquet")
            lines = self._run("lines", first, ".jsonl")
            ratios.setdefault("JSON lines", []).append(lines["seconds"] / floor)
            for name, (loader, extension) in DESTINATIONS.items():
                target = self._target(extension)
                loaded = self._run(loader, first, target=target)
                ratios.setdefault(name, []).append(loaded["seconds"] / floor)
                again = self._run(loader, second, target=target, look_back=back, records=SECOND)
                ratios.setdefault(f"{name} again", []).append(again["seconds"] / few)
                if name == "Parquet":
                    ratios.setdefault("usual", []).append(usual["seconds"] / loaded["seconds"])
                    ratios.setdefault("usual memory", []).append(loaded["peak_kib"] / usual["peak_kib"])
        titled = [
            judge(f"load 200,000 interactions: {name} / floor", ratios[name], at_most=at_most)
            for name, at_most in TARGETS.items()
        ]
        titled += [
            judge(f"load 44,000 of 204,000 again: {name} / floor of those", ratios[f"{name} again"], at_most=8.0)
            for name in DESTINATIONS
        ]
        return [
            *titled,
            judge("load into Parquet: requests and pandas / ours", ratios["usual"], at_least=2.7),
            judge("load into Parquet, peak memory: ours / requests and pandas", ratios["usual memory"], at_most=0.34),
        ]

    def _overlap(self, stack: ExitStack) -> list[dict[str, Any]]:
        origin = stack.enter_context(loading_server(self._rows, Plan(100_000, 100_000, delay=0.25)))
        seconds = {
            number: [self._run("sync", origin, concurrency=number, records=100_000)["wall"]] for number in (1, 4, 8)
        }
        return [
            judge(
                f"250 ms a page: one request in flight / {number}",
                [one / more for one, more in zip(seconds[1], seconds[number], strict=True)],
                at_least=at_least,
            )
            for number, at_least in ((4, 3.3), (8, 4.8))
        ]

    def _memory(self, stack: ExitStack) -> list[dict[str, Any]]:
        few = stack.enter_context(loading_server(self._rows, Plan(100_000, 100_000)))
        many = stack.enter_context(loading_server(self._rows, Plan(1_000_000, 1_000_000)))
        results = []
        for name, (loader, extension) in DESTINATIONS.items():
            less = self._run(loader, few, extension, records=100_000)["peak_kib"]
            more = self._run(loader, many, extension, records=1_000_000)["peak_kib"]
            results += [
                judge(f"peak memory, {name}: 1,000,000 rows / 100,000", [more / less], at_most=1.2),
                judge(f"peak memory, {name}: 1,000,000 rows / 400 MB", [more / 400 / 1024], at_most=1.0),
            ]
        return results

    def _growth(self) -> dict[str, Any]:
        """A DuckDB file after forty days, against a fresh copy of it."""
        path = self._target(".duckdb")
        with Sandbox(rows=4000, seed=5, living=True) as sandbox, sandbox.client() as mw:
            for _ in range(DAYS):
                mw.records.sync(path)
                sandbox.advance(days=1)
        grown = path.stat().st_size
        open_destination(str(path)).compact()
        return judge("forty days of merging: the file / a fresh copy", [grown / path.stat().st_size], at_most=2.0)

    def _target(self, extension: str) -> Path:
        self._number += 1
        return self._folder / f"load{self._number}{extension}"

    def _run(
        self, loader: str, origin: str, extension: str = "", *, target: Path | None = None, **options: Any
    ) -> dict[str, Any]:
        """What a loader says of itself; what it loaded is deleted, unless its target was given."""
        records = options.pop("records", SECOND if "low" in options else ROWS)
        path = target or self._target(extension)
        given = json.dumps({**options, "warm": self._warm})
        done = subprocess.run(
            [sys.executable, "-m", "scripts.bench.loaders", loader, origin, str(path), given],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        outcome: dict[str, Any] = json.loads(done.stdout)
        if outcome["records"] != records:
            raise SystemExit(f"{loader} saw {outcome['records']} records, not {records}")
        if target is None:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        return outcome

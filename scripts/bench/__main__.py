"""Run all benchmarks, print a table of ratios and write them as JSON (`bench.json`, or `-o FILE`).

Every ratio compares programs that ran in turn in this very run, each in a process of its own; the median over
the rounds is reported. Absolute times depend on the machine and are not reported as results.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scripts.bench.loading import Loading
from scripts.bench.results import judge
from scripts.bench.rows import ROWS, real_rows
from scripts.bench.server import page_server

ROOT = Path(__file__).resolve().parents[2]
PAGES = 200
PEERS = ("httpx", "requests", "msgspec", "openapi-python-client")


def main() -> int:
    """Measure everything; exit code 1 if a target of the project is missed."""
    parser = argparse.ArgumentParser(prog="python -m scripts.bench", description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=Path("bench.json"), help="where the JSON goes")
    parser.add_argument("--readme", action="store_true", help="write the table into README.md as well")
    parser.add_argument("--rounds", type=int, default=5, help="how often each pair is measured")
    parser.add_argument("--only", choices=["reading", "loading"], help="measure a part")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="moveworks-bench-") as folder:
        results = [] if arguments.only == "loading" else _measure(Path(folder), arguments.rounds)
        if arguments.only != "reading":
            results += Loading(Path(folder), min(arguments.rounds, 3)).measure()
    _print(results)
    context = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        **{p: version(p) for p in PEERS},
    }
    document = {"context": context, "results": results}
    arguments.output.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    print(f"\nwritten to {arguments.output}")
    if arguments.readme:
        _write_readme(results)
    return 0 if all(result["met"] for result in results) else 1


def _measure(folder: Path, rounds: int) -> list[dict[str, Any]]:
    rows = real_rows()
    _generate_stock_client(folder)
    results = []
    imports = _imports(rounds * 3)
    with page_server(rows) as origin:
        for entity, records in rows.items():
            page = folder / f"{entity}.json"
            page.write_text(
                json.dumps({"@odata.context": "ctx", "value": records}, ensure_ascii=False), encoding="utf-8"
            )
            decode = _rounds(
                ("decode_moveworks", "decode_stock", "decode_json"),
                str(page),
                entity,
                amount=80,
                folder=folder,
                rounds=rounds,
            )
            names = ("drain_moveworks", "drain_moveworks_raw", "drain_stock", "drain_requests")
            drain = _rounds(names, origin, entity, amount=PAGES, folder=folder, rounds=rounds)
            ours, peer = "drain_moveworks", "drain_requests"
            results += [
                _result(
                    f"{entity}: decode, untouched client / ours",
                    decode,
                    "decode_stock",
                    "decode_moveworks",
                    at_least=2.3,
                ),
                _result(f"{entity}: drain, ours / untouched client", drain, ours, "drain_stock", at_most=0.62),
                _result(f"{entity}: drain, ours / requests loop", drain, ours, peer, at_most=1.3),
                _result(f"{entity}: the same as whole processes", drain, f"{ours} whole", f"{peer} whole", at_most=1.4),
                _result(f"{entity}: drain, raw=True / requests loop", drain, "drain_moveworks_raw", peer),
            ]
        few = _contender("drain_moveworks", origin, "interactions", 20, folder)
        many = _contender("drain_moveworks", origin, "interactions", 400, folder)
    return [
        *results,
        _result("import moveworks / import httpx", imports, "moveworks", "httpx", at_most=2.0),
        _result("import + first client / import httpx", imports, "facade", "httpx"),
        judge("peak memory: 400 pages / 20 pages", [many["peak_kib"] / few["peak_kib"]], at_most=1.1),
    ]


def _generate_stock_client(folder: Path) -> None:
    """Generate a client with the generator's own templates and settings from the same built document."""
    settings = folder / "stock.yaml"
    settings.write_text("package_name_override: stock_export\npost_hooks: []\n", encoding="utf-8")
    subprocess.run(
        [
            *(sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--overwrite"),
            *("--path", str(ROOT / "specs" / "export" / "openapi.yaml"), "--config", str(settings)),
            *("--output-path", str(folder / "stock_export")),
        ],
        check=True,
        capture_output=True,
    )


def _rounds(
    names: tuple[str, ...], target: str, entity: str, *, amount: int, folder: Path, rounds: int
) -> dict[str, list[float]]:
    """CPU seconds of each contender, one after the other in each round, so that noise hits all alike."""
    seconds: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name in names:
            outcome = _contender(name, target, entity, amount, folder)
            if outcome["records"] != amount * ROWS:
                raise SystemExit(f"{name} saw {outcome['records']} records, not {amount * ROWS}")
            seconds.setdefault(name, []).append(outcome["seconds"])
            seconds.setdefault(f"{name} whole", []).append(outcome["whole"])
    return seconds


def _contender(name: str, target: str, entity: str, amount: int, folder: Path) -> dict[str, Any]:
    """What a contender says of itself, and as `whole` the CPU seconds of its process from start to end."""
    command = [sys.executable, "-m", "scripts.bench.contenders", name, target, entity, str(amount)]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    outcome: dict[str, Any] = json.loads(done.stdout)
    outcome["whole"] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return outcome


def _imports(rounds: int) -> dict[str, list[float]]:
    statements = {
        "httpx": "import httpx",
        "moveworks": "import moveworks",
        "facade": "import moveworks; moveworks.Moveworks(records_auth=moveworks.ApiKey('k')).records",
    }
    seconds: dict[str, list[float]] = {name: [] for name in statements}
    for _ in range(rounds):
        for name, statement in statements.items():
            code = f"import time; t = time.process_time(); {statement}; print(time.process_time() - t)"
            done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
            seconds[name].append(float(done.stdout))
    return seconds


def _result(
    title: str,
    seconds: dict[str, list[float]],
    over: str,
    under: str,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
) -> dict[str, Any]:
    ratios = [a / b for a, b in zip(seconds[over], seconds[under], strict=True)]
    return judge(title, ratios, at_least=at_least, at_most=at_most)


def _write_readme(results: list[dict[str, Any]]) -> None:
    """Put the table between the markers; no other number about speed stands in the README."""
    begin, end = "<!-- bench -->", "<!-- /bench -->"
    lines = ["| ratio within one run | median | range | target |", "|---|---|---|---|"]
    for result in results:
        spread = f"{result['lowest']:.2f} to {result['highest']:.2f}"
        target = result["target"] if result["met"] else f"{result['target']} (missed)"
        lines.append(f"| {result['title']} | {result['ratio']:.2f} | {spread} | {target} |")
    readme = Path(__file__).resolve().parents[2] / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition(begin)
    table = "\n".join(lines)
    text = f"{before}{begin}\n{table}\n{end}{rest.partition(end)[2]}"
    readme.write_text(text, encoding="utf-8", newline="\n")


def _print(results: list[dict[str, Any]]) -> None:
    width = max(len(result["title"]) for result in results)
    print(f"{'ratio within this run':{width}}  median  (range)          target")
    for result in results:
        spread = f"({result['lowest']:.2f} - {result['highest']:.2f})"
        verdict = "" if result["target"] == "-" else "met" if result["met"] else "MISSED"
        print(f"{result['title']:{width}}  {result['ratio']:6.2f}  {spread:15}  {result['target']:7} {verdict}")


if __name__ == "__main__":
    sys.exit(main())

"""How much loading through another engine costs: dlt into DuckDB, against the floor of `scripts.bench.loading`.

Each loader runs in a process of its own, after a small load for its imports.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from scripts.bench import loaders
from scripts.bench.loading_server import Plan, loading_server
from scripts.bench.results import judge
from scripts.bench.rows import real_rows

ROOT: Final = Path(__file__).resolve().parents[2]
ROWS: Final = 200_000
ROUNDS: Final = 3


def main() -> int:
    """Measure; exit code 1 if the target is missed."""
    rows, ratios = real_rows()["interactions"], []
    with (
        tempfile.TemporaryDirectory(prefix="moveworks-bench-") as folder,
        loading_server(rows, Plan(500, 500)) as warm,
        loading_server(rows, Plan(ROWS, ROWS)) as origin,
    ):
        for number in range(ROUNDS):
            floor, loaded = (
                _run(name, origin, Path(folder) / f"{name}{number}.duckdb", warm) for name in ("floor", "dlt")
            )
            ratios.append(loaded["seconds"] / floor["seconds"])
    result = judge(f"load {ROWS:,} interactions: dlt into DuckDB / floor", ratios, at_most=8.0)
    spread = f"({result['lowest']:.2f} - {result['highest']:.2f})"
    verdict = "met" if result["met"] else "MISSED"
    print(f"{result['title']}  {result['ratio']:.2f}  {spread}  {result['target']}  {verdict}")
    return 0 if result["met"] else 1


def load(origin: str, target: str, options: dict[str, Any]) -> int:
    """`moveworks_source`, merged by dlt."""
    import dlt

    from moveworks import ApiKey, Moveworks
    from moveworks.integrations.dlt import moveworks_source

    del options
    pipeline = dlt.pipeline(
        Path(target).stem,
        destination=dlt.destinations.duckdb(target),
        dataset_name="mw",
        pipelines_dir=f"{target}.state",
    )
    with Moveworks(records_auth=ApiKey("k"), base_url=origin) as mw:
        pipeline.run(moveworks_source(mw, entities=["interactions"], concurrency=4))
    with pipeline.sql_client() as client:
        found = client.execute_sql("SELECT count(DISTINCT id) FROM interactions")
    assert found is not None
    return int(found[0][0])


def _run(name: str, origin: str, target: Path, warm: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "scripts.bench.engines", name, origin, str(target), json.dumps({"warm": warm})],
        cwd=ROOT,
        env={**os.environ, "RUNTIME__DLTHUB_TELEMETRY": "false", "DLT_DATA_DIR": str(target.parent)},
        check=True,
        capture_output=True,
        text=True,
    )
    outcome: dict[str, Any] = json.loads(done.stdout)
    if outcome["records"] != ROWS:
        raise SystemExit(f"{name} saw {outcome['records']} records, not {ROWS}")
    return outcome


if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.exit(main())
    loaders.LOADERS["dlt"] = load
    loaders.main(*sys.argv[1:5])

"""Rows that hold what conditions stumble over: nulls, members that are missing, edges of Unicode, ties."""

from __future__ import annotations

import json
import random

import pytest
from conditions import EDGES

from moveworks.sandbox import Sandbox

TIMES = ["2026-01-01T00:00:00.000Z", "2026-02-28T23:59:59.999Z", "2026-12-31T12:30:15.500Z", "2027-01-01T00:00:00.001Z"]


def made_rows():
    rng = random.Random(7)

    def text():
        return rng.choice([*EDGES, "Some longer text, with 'quotes' and 100%", None])

    def thinned(row):
        return {name: value for name, value in row.items() if name == "id" or value is not None or rng.random() < 0.5}

    def detail():
        files = rng.choice([None, [], ["pdf"], ["it's", "png", "日本"], [rng.choice(EDGES), rng.choice(EDGES)]])
        return rng.choice([None, {}, thinned({"domain": text(), "content": text(), "file_types": files})])

    def external_ids():
        ids = [
            thinned({"external_id": text(), "source": rng.choice(["OKTA", "slack", None, text()])}) for _ in range(3)
        ]
        return rng.choice([None, [], ids[:1], ids])

    def time():
        return rng.choice(TIMES)

    def flag():
        return rng.choice([True, False, None])

    return {
        "interactions": [
            {"id": f"{EDGES[n % len(EDGES)]}{n}", "created_time": time(), "last_updated_time": time()}
            | thinned({"actor": text(), "label": text(), "detail": detail()})
            for n in range(150)
        ],
        "users": [
            {"id": f"{10**19 + n}", "last_updated_time": time()}
            | thinned(
                {"first_name": text(), "last_name": text(), "access_to_bot": flag(), "external_ids": external_ids()}
            )
            for n in range(120)
        ],
        "plugin-calls": [
            {"id": f"-{n}", "created_time": time(), "last_updated_time": time()}
            | thinned({"plugin_name": text(), "served": flag(), "used": flag(), "plugin_update_time": time()})
            for n in range(80)
        ],
    }


@pytest.fixture(scope="module")
def odd_rows():
    return made_rows()


@pytest.fixture(scope="module")
def odd_sandbox(odd_rows, tmp_path_factory):
    """A sandbox that serves them."""
    folder = tmp_path_factory.mktemp("odd")
    for name, rows in odd_rows.items():
        (folder / f"{name}.json").write_text(json.dumps({"value": rows}), encoding="utf-8")
    with Sandbox(load=folder) as running:
        yield running

"""What stands in JSON, JSON lines and CSV, and which of them a file gets."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moveworks.cli.flat import columns
from moveworks.cli.formats import FORMULA, Csv, JsonArray, JsonLines
from moveworks.cli.table import RecordTable
from moveworks.records import Interaction, PluginCall, User

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["=1+1", "-x", "'=x", "''-", "@a", "\uff1dx", "\tx", "\rx", "\nx"]
)


@given(st.lists(TEXT, min_size=1, max_size=5), st.booleans())
def test_csv_cells_come_back(values, raw):
    """RFC 4180; neutralised cells lose their apostrophe again, and no cell begins a formula."""
    written = []
    writer = Csv(written.append, columns(PluginCall.fields()), raw=raw)
    writer.begin()
    writer.page([{"id": value} for value in values])
    rows = list(csv.DictReader(io.StringIO(b"".join(written).decode(), newline="")))
    for value, row in zip(values, rows, strict=True):
        cell = row["id"]
        if not raw:
            assert not re.match("[=+\\-@\t\r\n]", cell)
            cell = cell[1:] if FORMULA.match(cell) else cell
        assert cell == value


@given(st.dictionaries(st.text(max_size=5), st.none() | st.integers() | TEXT | st.dictionaries(TEXT, TEXT), max_size=4))
def test_nothing_of_a_record_is_lost_in_csv(extra):
    """What has no column is JSON in the last one."""
    record = {"id": "1", "detail": {"domain": "HR", "odd": 1}, **{f"_{k}": v for k, v in extra.items()}}
    written = []
    writer = Csv(written.append, columns(Interaction.fields()))
    writer.begin()
    writer.page([record])
    row = next(csv.DictReader(io.StringIO(b"".join(written).decode(), newline="")))
    assert row["detail.domain"] == "HR"
    assert json.loads(row["_additional"]) == {"detail": {"odd": 1}, **{f"_{k}": v for k, v in extra.items()}}


def test_half_an_emoji_in_a_record_ends_no_listing():
    """Text that was cut within one: JSON gives it back as it is, and everything is UTF-8."""
    half = "a \ud83d b"
    users = [
        {"id": "1", "first_name": half, "external_ids": [{"source": half}], half: [half, "\U0001f600"]},
        {"id": "2"},
    ]
    written = {}
    shown = columns(User.fields())
    for form in (JsonArray, JsonLines, Csv, RecordTable):
        parts = []
        writer = form(parts.append) if form in {JsonArray, JsonLines} else form(parts.append, shown)
        writer.begin()
        writer.page(users)
        writer.end()
        written[form] = b"".join(parts).decode()
    assert json.loads(written[JsonArray]) == users
    assert [json.loads(line) for line in written[JsonLines].splitlines()] == users
    rows = list(csv.DictReader(written[Csv].splitlines()))
    assert rows[0]["first_name"] == r"a \ud83d b"
    assert json.loads(rows[0]["external_ids"]) == [{"source": half}]
    assert json.loads(rows[0]["_additional"]) == {half: [half, "\U0001f600"]}
    assert r"a \ud83d b" in written[RecordTable]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("x.csv", b"id,"),
        ("x.json", b"[\n{"),
        ("x.jsonl", b'{"id"'),
        ("x.ndjson", b'{"id"'),
        ("x", b'{"id"'),
        ("x.TXT", b"id "),
    ],
)
def test_the_extension_chooses_the_format(run, tmp_path, name, first):
    """And a name without one means JSON lines."""
    assert run("records", "list", "users", "--limit", "2", "-o", name).returncode == 0
    assert (tmp_path / name).read_bytes().startswith(first)


@pytest.mark.parametrize("name", ["x.csv", "x.json", "x.jsonl"])
def test_gz_is_compressed_for_real(run, tmp_path, name):
    """The same bytes inside, and the same file each time."""
    for file in (name, f"{name}.gz", f"again-{name}.gz"):
        assert run("records", "list", "interactions", "-o", file).returncode == 0
    assert gzip.decompress((tmp_path / f"{name}.gz").read_bytes()) == (tmp_path / name).read_bytes()
    assert (tmp_path / f"{name}.gz").read_bytes() == (tmp_path / f"again-{name}.gz").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "x.parquet"], "docs/cli.md"),
        (["-o", "x.parquet", "--format", "jsonl"], "docs/cli.md"),
        (["-o", "x.XLSX"], "text columns"),
        (["-o", "x.jsonl.zst"], "write .gz"),
        (["-o", "x.parquet.gz"], "docs/cli.md"),
        (["-o", "x.data"], "--format"),
        (["-o", "x.data.gz"], "--format"),
    ],
)
def test_an_extension_of_another_format_is_refused(run, sandbox, tmp_path, arguments, said):
    """A file that no program can open is no success; nothing is asked for."""
    done = run("records", "list", "users", *arguments)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    assert list(tmp_path.iterdir()) == []
    assert sandbox.requests == []


def test_a_format_that_is_named_needs_no_extension(run, tmp_path):
    """Compressed or not."""
    assert run("records", "list", "users", "--limit", "1", "-o", "x.data", "--format", "csv").returncode == 0
    assert run("records", "list", "users", "--limit", "1", "-o", "x.gz", "--format", "csv").returncode == 0
    assert gzip.decompress((tmp_path / "x.gz").read_bytes()) == (tmp_path / "x.data").read_bytes()


def test_ids_are_text_in_every_format_that_recipes_read(run, sandbox, tmp_path):
    """All 20 digits, in the columns that docs/cli.md declares as text."""
    for name in ("users.csv", "users.jsonl"):
        assert (
            run("records", "list", "users", "-o", name, "--csv-raw" if name.endswith("csv") else "-q").returncode == 0
        )
    ids = sorted(row["id"] for row in sandbox.rows("users"))
    with (tmp_path / "users.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert sorted(row["id"] for row in rows) == ids
    assert sorted(json.loads(line)["id"] for line in (tmp_path / "users.jsonl").read_text().splitlines()) == ids
    assert min(map(len, ids)) >= 19

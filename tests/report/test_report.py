from __future__ import annotations

import re
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from browser import measured
from commands import Commands
from loaded import load
from moments import NOW

from moveworks import ConfigurationError
from moveworks.report import make_report
from moveworks.report.charts import bars
from moveworks.report.figures import read_figures
from moveworks.sandbox import Sandbox


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A sandbox whose days passed, loaded into both kinds of file."""
    folder = tmp_path_factory.mktemp("report")
    with Sandbox(rows=900, seed=5, living=True, now=NOW) as living, living.client() as mw:
        for name in ("export.duckdb", "export.sqlite"):
            assert load(mw, folder / name).complete
        yield living, folder


class Text(HTMLParser):
    """The text of a page, and what its tags refer to; tags must be closed in order."""

    EMPTY = frozenset({"meta"})

    def __init__(self, page):
        super().__init__()
        self.texts, self.refers, self._open = [], [], []
        self.feed(page)
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.refers += [value for name, value in attrs if name in {"src", "href", "action", "srcset"}]
        if tag not in self.EMPTY:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if self._open[-1:] != ["style"]:
            self.texts.append(data)


@pytest.mark.parametrize("name", ["export.duckdb", "export.sqlite"])
def test_the_figures_are_those_of_the_records(world, name):
    """Users, conversations, topics, plugins and ratings, over some days only, counted from the records themselves."""
    living, folder = world
    start = NOW.date() - timedelta(days=20)
    end = start + timedelta(days=9)
    found = read_figures(str(folder / name), start=start, end=end, now=NOW)

    def inside(entity):
        return [row for row in living.rows(entity) if str(start) <= (row["created_time"] or "")[:10] <= str(end)]

    interactions, conversations, calls = map(inside, ("interactions", "conversations", "plugin-calls"))
    assert found.adoption["active_users"] == len({row["user_id"] for row in interactions} - {None})
    assert found.conversations == len(conversations) == sum(sum(days.values()) for days in found.routes.values())
    assert found.domains == Counter(row["primary_domain"] or "unknown" for row in conversations)
    assert sum(found.interactions.values()) == len(interactions)
    texts = [row for row in interactions if row["type"] == "INTERACTION_TYPE_FREE_TEXT" and row["detail"]["entity"]]
    assert {row["topic"]: row["interactions"] for row in found.topics} == Counter(
        row["detail"]["entity"] for row in texts
    )
    assert {row["plugin_name"]: row["calls"] for row in found.plugins} == Counter(row["plugin_name"] for row in calls)
    clicks = Counter(
        (row["detail"] or {}).get("resource_id") for row in interactions if row["type"] == "INTERACTION_TYPE_LINK_CLICK"
    )
    assert [sum(found.feedback[kind].values()) for kind in ("helpful", "unhelpful")] == [
        clicks["HELPFUL"],
        clicks["UNHELPFUL"],
    ]
    assert len(found.days) == 10
    assert {row.entity for row in found.completeness} == set(living.client().records.names())


def test_both_engines_make_the_same_page(world):
    """But for the name of the file, and when each was loaded."""
    _, folder = world
    pages = [
        re.sub(r"export\.\w+|2\d{3}-\d\d-\d\d \d\d:\d\d", "", make_report(folder / name, now=NOW))
        for name in ("export.duckdb", "export.sqlite")
    ]
    assert pages[0] == pages[1]


def test_the_page_holds_no_text_of_a_record_and_needs_nothing_else(world):
    """No address, no message, no script; each chart says in words what it shows."""
    living, folder = world
    page = make_report(folder / "export.sqlite", now=NOW)
    text = Text(page)
    assert text.refers == []
    assert not re.search(r"url\(|@import|<script|<link|<img|<iframe", page)
    for row in living.rows("users"):
        assert row["id"] not in page
        assert not row["email_addr"] or row["email_addr"] not in page
    for row in living.rows("interactions")[:300]:
        content = (row["detail"] or {}).get("content")
        assert not content or len(content) < 15 or content not in page
    assert page.count('role="img" aria-label="') == page.count("<svg") >= 3


def test_names_cannot_become_markup(world, tmp_path):
    """A plugin, a topic and a route are text, whatever stands in them."""
    _, folder = world
    path = tmp_path / "x.sqlite"
    path.write_bytes((folder / "export.sqlite").read_bytes())
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE plugin_calls SET plugin_name = '<script>alert(1)</script>'")
        db.execute("""UPDATE conversations SET route = '"><img src=x onerror=1>'""")
        db.commit()
    page = make_report(path, now=NOW)
    assert Text(page).refers == []
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page


def test_a_file_with_some_tables_or_no_records(tmp_path):
    """What was not loaded is said, and nothing is invented."""
    with Sandbox(rows=0, seed=5, living=True, now=NOW) as sandbox, sandbox.client() as mw:
        load(mw, tmp_path / "users.sqlite", entities=["users"])
        load(mw, tmp_path / "empty.duckdb")
    page = " ".join(Text(make_report(tmp_path / "users.sqlite", now=NOW)).texts)
    assert "interactions were not loaded" in page
    page = " ".join(Text(make_report(tmp_path / "empty.duckdb", now=NOW)).texts)
    assert "No topics in this time" in page


def test_days_that_are_lost_are_said_first(tmp_path):
    """A reader must not take a gap for a quiet week."""
    path = tmp_path / "x.sqlite"
    with Sandbox(rows=300, seed=5, living=True, now=NOW) as living, living.client() as mw:
        load(mw, path, entities=["interactions"])
        living.advance(days=40)
        load(mw, path, entities=["interactions"])
        now = living.now()
    assert re.search(r"Records of \d+ days are lost for good", make_report(path, now=now))


def test_what_is_no_export_is_refused(tmp_path):
    """With what to do."""
    with pytest.raises(ConfigurationError, match="does not exist"):
        make_report(tmp_path / "x.duckdb")
    with pytest.raises(ConfigurationError, match="no DuckDB or SQLite file"):
        make_report(tmp_path)
    for name in ("bad.duckdb", "bad.sqlite"):
        (tmp_path / name).write_bytes(b"something else, and no database at all")
        with pytest.raises(ConfigurationError, match=r"is not a \w+ file"):
            make_report(tmp_path / name)
    with closing(sqlite3.connect(tmp_path / "other.sqlite")) as db:
        db.execute("CREATE TABLE x (y)")
    with pytest.raises(ConfigurationError, match="holds no export"):
        make_report(tmp_path / "other.sqlite")


def test_an_empty_range_is_refused(world):
    """The last day before the first."""
    _, folder = world
    with pytest.raises(ConfigurationError, match="the range is empty"):
        make_report(folder / "export.sqlite", start=date(2026, 2, 2), end=date(2026, 2, 1))


def test_the_command_line_writes_a_page(world, tmp_path):
    """To a file or to stdout; never over the export itself."""
    _, folder = world
    run = Commands(tmp_path, {})
    done = run("report", str(folder / "export.sqlite"), "-o", "report.html", now=NOW)
    assert done.returncode == 0, done.stderr
    day = str(NOW.date() - timedelta(days=12))
    shown = run("report", str(folder / "export.sqlite"), "-o", "-", "--from", day, "--to", day, now=NOW)
    assert "(1 day)" in shown.stdout
    assert (tmp_path / "report.html").read_text().startswith("<!doctype html>")
    refused = run("report", str(folder / "export.sqlite"), "-o", str(folder / "export.sqlite"))
    assert refused.returncode == 3
    assert "would replace" in refused.stderr


@pytest.mark.parametrize("days", [1, 2, 40, 366])
def test_a_chart_of_any_length(days):
    """Bars stand within the picture, and the highest reaches no further than the highest line."""
    names = [str(date(2026, 1, 1) + timedelta(days=at)) for at in range(days)]
    series = {"a": {name: at for at, name in enumerate(names)}, "b": {names[-1]: 7}}
    picture = str(bars("Title", names, series, "things"))
    boxes = re.findall(r'<rect class="s\d" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/>', picture)
    assert len(boxes) == days
    for x, y, width, height in (map(float, box) for box in boxes):
        assert 0 <= x <= x + width <= 760
        assert 10 <= y <= y + height <= 194.01
    assert f"to {days - 1 + 7:,} things a day" in picture


@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("dark", [False, True])
def test_the_page_in_a_browser(world, tmp_path, width, dark):
    """Wide and narrow, light and dark: nothing stands out to the right, and nothing else is asked for."""
    _, folder = world
    page = make_report(folder / "export.sqlite", now=NOW)
    script = """{
      width: page.document.documentElement.scrollWidth,
      charts: [...page.document.querySelectorAll("svg")].filter(svg => svg.getBoundingClientRect().height > 100).length,
      bars: [...page.document.querySelectorAll("svg rect")].filter(r => r.getBoundingClientRect().height > 0).length,
      ground: page.getComputedStyle(page.document.body).backgroundColor,
      ink: page.getComputedStyle(page.document.body).color,
      errors: page.document.querySelectorAll("parsererror").length,
    }"""
    found, asked = measured(page, script, tmp_path / "profile", width=width, dark=dark)
    assert found["width"] <= width
    assert found["charts"] == 3
    assert found["bars"] > 60
    ground, ink = (sum(map(int, re.findall(r"\d+", found[name])[:3])) for name in ("ground", "ink"))
    dark_one, light_one = (ground, ink) if dark else (ink, ground)
    assert dark_one < 150
    assert light_one > 500
    assert asked == set()

"""The data source for Spark, on what is installed: Sail (all tests), or Spark itself on Java (three of them).

Neither is in the environment of `make test`; `make test-engines` makes one for each.
"""

from __future__ import annotations

import os
import re
import sys
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest
from loaded import load, rows
from moments import NOW
from servers import serve

from moveworks.records.columns import EXTRA, table_of
from moveworks.sandbox import Sandbox
from moveworks_export.entities import ENTITY_SETS

pytest.importorskip("pyspark", reason="needs Spark: make test-engines")
from moveworks.integrations.spark import MoveworksDataSource, register

SAIL = find_spec("pysail") is not None
CANARY = "canary-key-5e1d"
sail_only = pytest.mark.skipif(not SAIL, reason="is tested on Sail, which is faster")
jvm_only = pytest.mark.skipif(SAIL, reason="Sail has no streams of this kind")


@pytest.fixture(scope="module")
def spark():
    """A session that knows the format, in UTC."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    server = None
    if SAIL:
        from pysail.spark import SparkConnectServer

        server = SparkConnectServer()
        server.start(background=True)
        session = SparkSession.builder.remote(f"sc://localhost:{server.listening_address[1]}").getOrCreate()
    else:
        builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        session = builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
    session.conf.set("spark.sql.session.timeZone", "UTC")
    register(session)
    yield session
    session.stop()
    if server is not None:
        server.stop()


@pytest.fixture(scope="module")
def living():
    with Sandbox(rows=1500, seed=5, living=True, now=NOW) as running:
        yield running


def read(spark, sandbox, entity, **options):
    """What a query would begin with."""
    return options_of(spark.read.format("moveworks"), sandbox, entity, **options).load()


def options_of(reader, sandbox, entity, **options):
    given = {"base_url": sandbox.base_url, "api_key": sandbox.api_key, "entity": entity, **options}
    for name, value in given.items():
        reader = reader.option(name, value)
    return reader


def by_id(frame):
    """The rows as plain values, by id; an id that is there twice fails."""
    found = [{name: plain(value) for name, value in row.items()} for row in frame.toArrow().to_pylist()]
    assert len({row["id"] for row in found}) == len(found)
    return {row["id"]: row for row in found}


def plain(value):
    if isinstance(value, datetime):
        value = value.astimezone(UTC)
        return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond:06}Z"
    return value


def names_of(entity):
    return [*(column.name for column in table_of(ENTITY_SETS[entity]).columns), EXTRA]


def test_spark_gives_what_the_core_gives(spark, living, tmp_path):
    """The same ids and values, records without a time among them; types and nullability are as declared."""
    entities = list(ENTITY_SETS) if SAIL else ["interactions", "users"]
    with living.client() as mw:
        assert load(mw, tmp_path / "export.duckdb", entities=entities).complete
    for entity in entities:
        table, frame = table_of(ENTITY_SETS[entity]), read(spark, living, entity)
        there = {
            row["id"]: {name: row[name] for name in names_of(entity)}
            for row in rows(tmp_path / "export.duckdb", table.name)
        }
        assert by_id(frame) == there != {}
        assert [each.name for each in frame.schema if not each.nullable] == ["id"]
        assert {each.name for each in frame.schema if each.dataType.typeName() == "timestamp"} == {
            column.name for column in table.columns if column.kind == "timestamp"
        }
    assert any(row["created_time"] is None for row in by_id(read(spark, living, "interactions")).values())


def test_credentials_appear_nowhere(spark, living, capfd):
    """In no plan, no error and no log, also where the service refuses them."""
    frame = read(spark, living, "users", api_key=CANARY)
    frame.explain(True)
    shown = repr(frame)
    with pytest.raises(Exception, match="401") as caught:
        frame.count()
    told = capfd.readouterr()
    assert CANARY not in shown + str(caught.value) + repr(caught.value) + told.out + told.err


@jvm_only
def test_a_stream_reads_what_is_new(spark, living, tmp_path):
    """Its offset is the watermark: the first batch has everything, and each later one what was written since."""
    seen, sizes = set(), []

    def take(frame, number):
        del number
        ids = [row["id"] for row in frame.select("id").collect()]
        assert len(set(ids)) == len(ids)
        seen.update(ids)
        sizes.append(len(ids))

    for _ in range(2):
        stream = options_of(spark.readStream.format("moveworks"), living, "interactions").load()
        query = stream.writeStream.foreachBatch(take).option("checkpointLocation", str(tmp_path))
        query.trigger(availableNow=True).start().awaitTermination()
        assert seen >= {row["id"] for row in living.rows("interactions")}
        living.advance(days=1)
    assert sizes[1] < sizes[0] / 2


@sail_only
def test_only_the_columns_of_the_option_are_asked_for(spark, living):
    """The API of Spark does not say which columns a query needs."""
    before = len(living.requests)
    frame = read(spark, living, "interactions", select="created_time, actor")
    assert frame.columns == ["created_time", "actor"]
    assert frame.count() == len(living.rows("interactions"))
    lists = [each["query"] for each in living.requests[before:] if "$count" not in each["path"]]
    assert lists
    assert all("$select=id,actor,created_time" in query for query in lists)


@sail_only
def test_filters_go_to_the_service_by_option(spark, living):
    """A filter of one's own, and with `pushdown` those of the query; the answer is the same as without."""
    query = "created_time >= timestamp'2026-11-20 00:00:00' AND actor = 'bot' AND label IS NULL"
    before = len(living.requests)
    pushed = by_id(read(spark, living, "interactions", pushdown="true").where(query))
    asked = "".join(each["query"] for each in living.requests[before:])
    assert "actor%20eq%20'bot'" in asked
    assert "2026-11-20T00:00:00.000Z" in asked
    assert pushed == by_id(read(spark, living, "interactions").where(query)) != {}
    filtered = read(spark, living, "interactions", filter="actor eq 'user'")
    assert {row["actor"] for row in by_id(filtered).values()} == {"user"}


@sail_only
def test_a_range_of_time_is_read_alone(spark, living):
    """Without records that have no time."""
    frame = read(spark, living, "interactions", **{"from": "2026-11-10T00:00:00Z", "to": "2026-11-12T00:00:00Z"})
    there = {
        row["id"]
        for row in living.rows("interactions")
        if row["created_time"] and "2026-11-10" <= row["created_time"] < "2026-11-12"
    }
    assert by_id(frame).keys() == there != set()


@sail_only
def test_large_entity_sets_are_read_in_parts(spark):
    """Several windows, which Spark may read at once; together they have everything."""
    with Sandbox(rows=20_000, seed=5, living=True, now=NOW) as sandbox:
        frame = read(spark, sandbox, "interactions", select="id")
        assert by_id(frame).keys() == {row["id"] for row in sandbox.rows("interactions")}
        firsts = {
            each["query"]
            for each in sandbox.requests
            if "$orderby" in each["query"] and "skiptoken" not in each["query"]
        }
    assert len(firsts) >= 4


@sail_only
def test_a_part_whose_counts_disagree_fails_the_query(spark):
    """No short result without an error."""

    def answer(exchange):
        counted = "/$count" in exchange.path
        exchange.reply(b"3" if counted else b'{"value": [{"id": "a"}, {"id": "b"}]}')

    with serve(answer) as (origin, _):
        reader = (
            spark.read.format("moveworks").option("entity", "users").option("api_key", "k").option("base_url", origin)
        )
        with pytest.raises(Exception, match="counted 3 before and 3 afterwards, received 2"):
            reader.load().count()


@sail_only
@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"entity": "interaction"}, "did you mean interactions"),
        ({"entity": "users", "selct": "id"}, "there is no option 'selct'"),
        ({"entity": "users", "select": "id,nope"}, "users has no field 'nope'"),
        ({"entity": "users", "filter": "nope eq 1"}, "nope"),
        ({"entity": "users", "from": "2026-11-26"}, "has no time zone"),
        ({"entity": "users", "pushdown": "yes"}, "is true or false"),
        ({"entity": "users", "partitions": "0"}, "from 1 to 10,000"),
        ({}, "the option entity is missing"),
    ],
)
def test_options_that_make_no_sense_are_refused(spark, options, problem):
    """Before a request is sent."""
    reader = spark.read.format("moveworks").option("api_key", "k").option("base_url", "http://127.0.0.1:9")
    for name, value in options.items():
        reader = reader.option(name, value)
    with pytest.raises(Exception, match=problem):
        reader.load().count()


@sail_only
def test_credentials_of_the_environment_are_those_of_the_driver(living, monkeypatch):
    """They are sent along, the assistant's are not, and what is shown of them is nothing."""
    for name, value in living.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MOVEWORKS_ASSISTANT_TOKEN", CANARY)
    source = MoveworksDataSource({"entity": "users"})
    request = source.reader(source.schema())._read
    assert CANARY not in str(request.settings)
    assert living.api_key not in repr(request)
    assert request.settings["MOVEWORKS_API_KEY"] == living.api_key


@sail_only
def test_the_snippet_of_the_page_runs(spark, living, monkeypatch, tmp_path):
    """With credentials from the environment of whoever runs it."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "engines.md").read_text(encoding="utf-8")
    found = re.findall(r"^```python\n(.*?)^```", page, flags=re.MULTILINE | re.DOTALL)
    [snippet] = [text for text in found if "moveworks.integrations.spark" in text]
    for name, value in living.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(snippet.replace("SparkSession.builder.getOrCreate()", "session"), {"session": spark}, names)
    assert names["interactions"].count() == len(living.rows("interactions"))
    assert list((tmp_path / "interactions").glob("*.parquet"))

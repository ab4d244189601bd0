from __future__ import annotations

import asyncio
import hashlib
import json
import sys

import duckdb
import pytest
from commands import PROGRAM, clean_environment
from loaded import load, rows
from moments import NOW

from moveworks.integrations.snapshot import QueryError, Snapshot
from moveworks.sandbox import Sandbox
from moveworks_export.entities import ENTITY_SETS

# It cannot be together with the lowest versions of what the sandbox needs.
mcp = pytest.importorskip("mcp", reason="needs the extra mcp")
CANARY = "canary-b7f3"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """A synced file with earlier versions of records."""
    path = tmp_path_factory.mktemp("mcp") / "export.duckdb"
    with Sandbox(rows=400, seed=5, living=True, now=NOW) as sandbox, sandbox.client() as mw:
        assert load(mw, path, history=True).complete
    return path


@pytest.fixture
def planted(loaded, tmp_path):
    """The same file with a canary wherever people's text may be, also where somebody else put it."""
    path = tmp_path / "planted.duckdb"
    path.write_bytes(loaded.read_bytes())
    with duckdb.connect(path) as db:
        for table in ("conversations", "interactions", "plugin_resources"):
            db.execute(f"UPDATE {table} SET detail = json_object('content', '{CANARY}', 'snippet', '{CANARY}')")
        for table in ("conversations", "interactions", "plugin_calls", "plugin_resources", "users"):
            db.execute(f"""UPDATE {table} SET _extra = '{{"said": "{CANARY}"}}'""")
            columns = [row[0] for row in db.execute(f"DESCRIBE {table}").fetchall()]
            shown = ", ".join(f'"{each}"' for each in columns)
            db.execute(f"INSERT INTO {table}_history ({shown}) SELECT {shown} FROM {table} LIMIT 3")
        db.execute("ALTER TABLE interactions ADD COLUMN summary VARCHAR")
        db.execute(f"UPDATE interactions SET summary = '{CANARY}'")
        db.execute(f"CREATE TABLE notes AS SELECT '{CANARY}' AS note")
        db.execute("CREATE VIEW leak AS SELECT detail AS harmless FROM interactions")
        db.execute("CREATE OR REPLACE VIEW topics AS SELECT detail AS topic FROM interactions")
        db.execute("CREATE MACRO said() AS TABLE SELECT detail FROM interactions")
    return path


def ask(path, *calls, options=()):
    """Start the server as an assistant does, and call its tools; the answers."""

    async def session():
        server = mcp.StdioServerParameters(
            command=sys.executable, args=[*PROGRAM[1:], "mcp", str(path), *options], env=clean_environment()
        )
        async with mcp.Client(server) as client:
            return [await client.call_tool(name, arguments) for name, arguments in calls]

    return asyncio.run(session())


def select(sql, **more):
    return ("query", {"sql": sql, **more})


def text_of(answer):
    return answer.content[0].text


def test_an_assistant_learns_what_is_there(loaded):
    """Tables with meanings, how complete they are, and metrics with their definitions; no doubt about the numbers."""
    tables, metrics, topics = ask(
        loaded, ("list_tables", {}), ("list_metrics", {}), select("SELECT topic, domain, interactions FROM topics")
    )
    known = {each["name"]: each for each in tables.structured_content["tables"]}
    assert known["plugin_calls"]["description"] == "Every plugin that the assistant called."
    assert {"name": "actor", "type": "VARCHAR", "description": "Who acted: `user` or `bot`."} in known["interactions"][
        "columns"
    ]
    assert [each["last_run_was_complete"] for each in tables.structured_content["loaded"]] == [True] * len(ENTITY_SETS)
    defined = {each["name"]: each["definition"] for each in metrics.structured_content["metrics"]}
    assert defined["topics"] == "Topics: what free texts of users are about, as the service detected it."
    assert len(defined) == 8
    assert set(defined) <= set(known)
    assert json.loads(text_of(topics)) == topics.structured_content
    there = {(row["topic"], row["domain"], row["interactions"]) for row in rows(loaded, "topics")}
    assert {tuple(row) for row in topics.structured_content["rows"]} == there != set()


def test_every_view_says_what_it_says_in_the_file(loaded):
    """Whether it is a view of the copy or what the file's own view gave."""
    with Snapshot(loaded) as snapshot, duckdb.connect(loaded, read_only=True) as db:
        db.execute("SET TimeZone = 'UTC'")
        for each in snapshot.tables():
            names = [column["name"] for column in each["columns"]]
            listed = ", ".join(f'"{name}"::VARCHAR' for name in names)
            there = sorted(db.execute(f'SELECT {listed} FROM "{each["name"]}"').fetchall(), key=str)
            found = snapshot.query(f'SELECT {listed} FROM "{each["name"]}"', rows=100_000, seconds=100)
            assert sorted(map(tuple, found.rows), key=str) == there


ATTEMPTS = [
    "SELECT detail FROM interactions",
    "SELECT * FROM interactions",
    "SELECT i FROM interactions i",
    "SELECT COLUMNS(*) FROM conversations",
    "SELECT to_json(r) FROM plugin_resources r",
    "SELECT * FROM interactions_history",
    "SELECT * FROM users_history",
    "SELECT _extra FROM users",
    "SELECT summary FROM interactions",
    "SELECT * FROM raw_interactions",
    "SELECT * FROM topics",
    "SELECT * FROM leak",
    "SELECT * FROM notes",
    "SELECT * FROM said()",
    "SELECT * FROM query_table('interactions')",
    "SELECT * FROM query('SELECT detail FROM interactions')",
    "SELECT * FROM source.main.interactions",
    "SELECT * FROM planted.main.interactions",
    "SELECT * FROM duckdb_views()",
    "SELECT * FROM duckdb_functions() WHERE NOT internal",
    "SELECT * FROM duckdb_columns()",
    "SELECT * FROM duckdb_databases()",
    "SELECT * FROM duckdb_constraints()",
    "SELECT * FROM pragma_storage_info('interactions')",
    "SELECT * FROM pragma_table_info('interactions')",
    "SELECT * FROM sql_auto_complete('SELECT detail FROM inter')",
    "SELECT * FROM (DESCRIBE interactions)",
    "SELECT * FROM (SUMMARIZE interactions)",
    "FROM duckdb_logs()",
    "WITH interactions AS (FROM main.interactions) SELECT * FROM interactions",
    "SELECT * FROM '{path}'",
    "SELECT * FROM read_text('{path}')",
    "SELECT * FROM read_blob('{path}')",
    "SELECT * FROM snapshot",
]


def test_what_people_wrote_is_not_readable_whatever_the_sql(planted):
    """Not by name, alias, view, function or file, in no version of a record; with the flag it is."""
    calls = [("list_tables", {}), ("list_metrics", {})]
    calls += [select(sql.replace("{path}", str(planted)), limit=1000) for sql in ATTEMPTS]
    answers = ask(planted, *calls)
    assert [call for call, answer in zip(calls, answers, strict=True) if CANARY in str(answer)] == []
    assert sum(not answer.is_error for answer in answers) > 12
    shown = ask(planted, select("SELECT detail->>'content' FROM interactions LIMIT 1"), options=["--text"])
    assert shown[0].structured_content["rows"] == [[CANARY]]
    assert "--text adds them" in text_of(answers[2])


def test_the_copy_holds_no_byte_of_what_is_left_out(planted, monkeypatch):
    """By construction: it is not in the file that is asked."""
    copies = []
    monkeypatch.setattr("pathlib.Path.unlink", lambda path, **_: copies.append(path))
    with Snapshot(planted) as snapshot:
        assert snapshot.query("SELECT 1", rows=1, seconds=100).rows == [[1]]
        assert [CANARY.encode() in path.read_bytes() for path in copies] == [False]
    assert CANARY.encode() in planted.read_bytes()


@pytest.mark.parametrize(
    "sql",
    [
        "COPY (SELECT 1) TO '{folder}/x.csv'",
        "COPY interactions TO '{folder}/x.parquet'",
        "EXPORT DATABASE '{folder}/x'",
        "ATTACH '{folder}/x.duckdb'",
        "INSERT INTO users (id) VALUES ('x')",
        "DELETE FROM users",
        "DROP TABLE users",
        "CREATE TEMP TABLE x AS SELECT 1",
        "SET enable_external_access = true",
        "RESET lock_configuration",
        "PRAGMA database_list",
        "CALL pragma_version()",
        "INSTALL httpfs",
        "LOAD httpfs",
        "PREPARE x AS SELECT 1",
        "EXPLAIN ANALYZE SELECT 1",
        "SELECT 1; DROP TABLE users",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM 'https://example.org/x.parquet'",
        "",
        "SELEC 1",
    ],
)
def test_only_a_select_of_this_file_is_taken(loaded, tmp_path, sql):
    """Everything else is refused in words, and changes nothing."""
    before = hashlib.sha256(loaded.read_bytes()).digest()
    with Snapshot(loaded) as snapshot:
        with pytest.raises(QueryError):
            snapshot.query(sql.replace("{folder}", str(tmp_path)), rows=10, seconds=100)
        assert snapshot.query("SELECT count(*) > 0 FROM users", rows=1, seconds=100).rows == [[True]]
    assert list(tmp_path.iterdir()) == []
    assert hashlib.sha256(loaded.read_bytes()).digest() == before


def test_a_query_that_takes_too_long_is_interrupted(loaded):
    """The answer says so, and the next one is answered."""
    endless = "SELECT count(*) FROM range(10000000000) a, range(100000) b WHERE a.range + b.range = 7"
    first, second = ask(loaded, select(endless), select("SELECT 1"), options=["--seconds", "0.5"])
    assert first.is_error
    assert "the query took longer than 0.5 s" in text_of(first)
    assert second.structured_content["rows"] == [[1]]


def test_answers_are_bounded(loaded):
    """By rows, which cannot be asked beyond the server's limit, and by the length of a value; and they say so."""
    few, all_of_it, long = ask(
        loaded,
        select("SELECT id FROM interactions ORDER BY id", limit=3),
        select("SELECT id FROM interactions", limit=100_000),
        select("SELECT repeat('x', 10000) AS x, 'y' AS y, 'nan'::DOUBLE AS n, 2::HUGEINT ** 100 AS h"),
        options=["--rows", "20"],
    )
    assert len(few.structured_content["rows"]) == 3
    assert few.structured_content["truncated"] is True
    assert len(all_of_it.structured_content["rows"]) == 20
    [[x, *others]] = long.structured_content["rows"]
    assert (len(x), others[:2], long.structured_content["cut"]) == (4000, ["y", "nan"], ["x"])


def test_errors_show_no_value_of_a_record(loaded):
    """DuckDB quotes the value that did not fit."""
    with Snapshot(loaded) as snapshot:
        for sql in ("SELECT error(email_addr) FROM users", "SELECT email_addr::INTEGER FROM users"):
            with pytest.raises(QueryError) as caught:
                snapshot.query(sql, rows=10, seconds=100)
            assert "@" not in str(caught.value)
            assert caught.value.__cause__ is None


def test_a_load_is_not_kept_waiting_and_its_records_are_seen(loaded, tmp_path):
    """The file is not held open between questions; when it has changed, answers are of the new one."""
    path = tmp_path / "export.duckdb"
    path.write_bytes(loaded.read_bytes())
    count = "SELECT count(*) FROM users"
    with Snapshot(path) as snapshot:
        before = snapshot.query(count, rows=1, seconds=100).rows[0][0]
        with duckdb.connect(path) as db:
            db.execute("INSERT INTO users (id) VALUES ('new')")
        assert snapshot.query(count, rows=1, seconds=100).rows == [[before + 1]]


@pytest.mark.parametrize("name", ["missing.duckdb", "export.sqlite", "folder"])
def test_what_is_no_duckdb_file_is_said(tmp_path, name, monkeypatch, capfd):
    """In one message, with what to do; before the assistant asks."""
    from moveworks.cli.app import moveworks

    (tmp_path / "export.sqlite").write_bytes(b"SQLite format 3\0" + bytes(100))
    (tmp_path / "folder").mkdir()
    with pytest.raises(SystemExit) as caught:
        moveworks(["mcp", str(tmp_path / name)], prog_name="moveworks")
    assert caught.value.code in {2, 3}
    assert name in capfd.readouterr().err

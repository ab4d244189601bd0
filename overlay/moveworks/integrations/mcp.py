"""A server of the Model Context Protocol over a synced DuckDB file: what is in it, and SELECT with limits."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Any, Final

from moveworks.errors import MissingExtraError, MoveworksError
from moveworks.integrations.snapshot import Snapshot

try:
    import anyio
    from anyio import to_thread
    from mcp.server.mcpserver import MCPServer
    from mcp.server.mcpserver.exceptions import ToolError
    from mcp_types import CallToolResult, TextContent, ToolAnnotations
    from pydantic import Field
except ImportError:
    raise MissingExtraError(
        "the MCP server needs the extra mcp", advice="Install it: pip install 'mcp>=2.1' duckdb"
    ) from None

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

ROWS: Final = 1_000
SECONDS: Final = 30.0
GRACE: Final = 2.0
"""Seconds after which a query that cannot be interrupted is no longer waited for."""
INSTRUCTIONS: Final = """\
Records of the Moveworks export API, loaded into a file: who talked with the assistant, which plugins it called, and
what they found. Begin with list_tables and list_metrics. Prefer a metric that is defined to one of your own. The SQL is
DuckDB's. Times are in UTC. One interaction has many plugin calls and resources: count distinct ids after a join."""
WITHOUT_TEXT: Final = " What people wrote is left out (the columns detail, external_ids and _extra)."
READ_ONLY: Final = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)


def make_server(
    path: str | os.PathLike[str], *, text: bool = False, rows: int = ROWS, seconds: float = SECONDS
) -> tuple[MCPServer, Snapshot]:
    """The server, and the copy that it answers from, which is to be closed afterwards.

    Args:
        path: The DuckDB file that `moveworks sync` loads.
        text: Also answer with what people wrote. Without it those columns are not there, whatever the SQL.
        rows: Rows of an answer at most.
        seconds: How long a query may take.

    Raises:
        ConfigurationError: if there is no such file.
    """
    snapshot = Snapshot(path, text=text)
    server = MCPServer(
        "moveworks", instructions=INSTRUCTIONS + ("" if text else WITHOUT_TEXT), version=_version(), log_level="WARNING"
    )

    async def list_tables() -> CallToolResult:
        """Tables and views with their columns, what each means, and how complete and recent the data is."""
        return await _threaded(lambda: {"tables": snapshot.tables(), "loaded": _loaded(snapshot, seconds)}, seconds)

    async def list_metrics() -> CallToolResult:
        """Metrics that are defined: each a view of the same name, with its definition and its SQL."""
        return await _threaded(lambda: {"metrics": _metrics(snapshot)}, seconds)

    async def query(
        sql: Annotated[str, Field(description="One SELECT in the SQL of DuckDB.")],
        limit: Annotated[int, Field(ge=1, description="Rows of the answer at most.")] = 100,
    ) -> CallToolResult:
        """Run one SELECT. The answer says whether it is truncated, and which columns had values that were cut."""

        def run() -> dict[str, Any]:
            found = snapshot.query(sql, rows=min(limit, rows), seconds=seconds)
            return {
                "columns": found.columns,
                "rows": found.rows,
                "truncated": found.truncated,
                **({"cut": found.cut} if found.cut else {}),
            }

        return await _threaded(run, seconds)

    for tool in (list_tables, list_metrics, query):
        server.tool(annotations=READ_ONLY)(tool)
    return server, snapshot


def serve(path: str | os.PathLike[str], **options: Any) -> None:
    """Answer on stdin and stdout until stdin ends. Arguments are those of `make_server`.

    Raises:
        ConfigurationError: if there is no such file.
    """
    server, snapshot = make_server(path, **options)
    with snapshot:
        server.run("stdio")


async def _threaded(work: Callable[[], dict[str, Any]], seconds: float) -> CallToolResult:
    """Do it in a thread; errors are told without what a record says."""
    result: dict[str, Any] | None = None
    try:
        # A query ends itself; only what DuckDB does not interrupt is left behind.
        with anyio.move_on_after(seconds + GRACE):
            result = await to_thread.run_sync(work, abandon_on_cancel=True)
    except MoveworksError as error:
        raise ToolError(str(error)) from None
    except Exception as error:  # noqa: BLE001 - its text may hold what a record says
        raise ToolError(f"unexpected {type(error).__name__}") from None
    if result is None:
        raise ToolError(f"the query took longer than {seconds:g} s. Ask for less: a shorter span, or fewer joins")
    # Without blanks: an assistant pays for each.
    text = json.dumps(result, ensure_ascii=False, separators=(",", ":"))
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=result)


def _metrics(snapshot: Snapshot) -> list[dict[str, str]]:
    there = {each["name"] for each in snapshot.tables()}
    found = []
    folder = files("moveworks.destinations") / "views" / "duckdb"
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        name = path.name.removesuffix(".sql").partition("_")[2]
        if name in there:
            lines = path.read_text(encoding="utf-8").splitlines()
            comments = [line.removeprefix("--").strip() for line in lines if line.startswith("--")]
            definition = " ".join(line for line in comments if not line.startswith("needs:"))
            sql = "\n".join(line for line in lines if not line.startswith("--"))
            found.append({"name": name, "definition": definition, "sql": sql})
    return found


def _loaded(snapshot: Snapshot, seconds: float) -> list[dict[str, Any]]:
    """For each entity set when it was last loaded completely, and whether the last run was complete."""
    found = snapshot.query(
        "SELECT entity, max(started_at) FILTER (WHERE complete), arg_max(complete, finished_at) "
        "FROM _moveworks_runs GROUP BY 1 ORDER BY 1",
        rows=100,
        seconds=seconds,
    )
    return [{"entity": row[0], "last_complete": row[1], "last_run_was_complete": row[2]} for row in found.rows]


def _version() -> str:
    try:
        return version("moveworks-client")
    except PackageNotFoundError:
        return ""

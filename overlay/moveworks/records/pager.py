"""Pagers of records: one by one, page by page, or as columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl

from attrs import evolve, frozen

from moveworks.errors import MissingExtraError
from moveworks.paging import AsyncPager, Pager

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from moveworks.odata import EntitySetInfo
    from moveworks.paging import Cursor
    from moveworks.records.columns import Table

R = TypeVar("R")


@frozen(kw_only=True)
class TextList:
    """The same list with records as JSON texts, which is what columns are made of.

    Attributes:
        info: The catalogue's entry.
        cursor: How the texts are read; None if the list is empty anyway.
        limit: Records after which to stop.
    """

    info: EntitySetInfo
    cursor: Cursor[bytes] | None
    limit: int | None

    def table(self) -> Table:
        """The columns: all fields of the entity set, or those that the query selects."""
        from moveworks.records.columns import table_of

        table = table_of(self.info)
        query = parse_qsl(self.cursor.first.link.query) if self.cursor is not None else []
        # A next link carries the query too, and services do not care about case here.
        selected = ",".join(text for name, text in query if name.lower() == "$select")
        names = {path.strip().partition("/")[0] for path in selected.split(",")} - {""}
        if not names or "*" in names:
            return table
        return evolve(table, columns=tuple(column for column in table.columns if column.name in names))


class RecordPager(Pager[R]):
    """The records of an entity set, fetched a page at a time; `Pager` says how.

    They can also be had as columns, without a model for each record. DuckDB, polars, pandas and others take the pager
    itself (it speaks the Arrow C stream protocol), and then hold few pages at a time: `duckdb.sql("FROM pager")`. Such
    a read is a list of its own from the beginning, whatever was taken from the pager before.

    Ids are texts, times are `timestamp[us, tz=UTC]`, objects and collections are JSON texts as they came. What the
    catalogue does not know and what does not fit its column is in `_extra`, a JSON object. With `select` there are
    columns for the selected fields only. All of this needs pyarrow, of the extra `parquet`.
    """

    def __init__(self, *given: Any, texts: TextList, **further: Any) -> None:
        super().__init__(*given, **further)
        self._texts = texts

    def to_arrow(self) -> pa.Table:
        """All records as a pyarrow table.

        Raises:
            MissingExtraError: without pyarrow.
            MoveworksError: while reading; nothing is handed out then.
        """
        from moveworks.records.arrow import ListBatches  # first: it says that pyarrow is missing

        import pyarrow as pa  # isort: skip

        made = ListBatches(self._texts.table())
        return pa.Table.from_batches(list(self._batches(made)), made.schema)

    def to_polars(self) -> pl.DataFrame:
        """All records as a polars frame. Raises as `to_arrow`, and MissingExtraError without polars."""
        return _polars(self.to_arrow())

    def to_pandas(self) -> pd.DataFrame:
        """All records as a pandas frame. Raises as `to_arrow`, and MissingExtraError without pandas."""
        return _pandas(self.to_arrow())

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The records as an Arrow C stream, fetched while it is read."""
        from moveworks.records.arrow import ListBatches  # first: it says that pyarrow is missing

        import pyarrow as pa  # isort: skip

        made = ListBatches(self._texts.table())
        reader = pa.RecordBatchReader.from_batches(made.schema, self._batches(made))
        return reader.__arrow_c_stream__(requested_schema)

    def _batches(self, made: Any) -> Iterator[pa.RecordBatch]:
        pager = Pager(self._texts.cursor, self._transport, limit=self._texts.limit, shown=self._shown)
        for page in pager.pages():
            yield made.batch(page.items)


class AsyncRecordPager(AsyncPager[R]):
    """As `RecordPager`, with `async for` and `await`. It is no Arrow stream itself, since such a stream blocks."""

    def __init__(self, *given: Any, texts: TextList, **further: Any) -> None:
        super().__init__(*given, **further)
        self._texts = texts

    async def to_arrow(self) -> pa.Table:
        """As `RecordPager.to_arrow`."""
        from moveworks.records.arrow import ListBatches  # first: it says that pyarrow is missing

        import pyarrow as pa  # isort: skip

        made = ListBatches(self._texts.table())
        pager = AsyncPager(self._texts.cursor, self._transport, limit=self._texts.limit, shown=self._shown)
        return pa.Table.from_batches([made.batch(page.items) async for page in pager.pages()], made.schema)

    async def to_polars(self) -> pl.DataFrame:
        """As `RecordPager.to_polars`."""
        return _polars(await self.to_arrow())

    async def to_pandas(self) -> pd.DataFrame:
        """As `RecordPager.to_pandas`."""
        return _pandas(await self.to_arrow())


def _polars(table: pa.Table) -> pl.DataFrame:
    try:
        import polars as pl
    except ImportError:
        raise MissingExtraError("to_polars() needs polars", advice="Install it: pip install polars") from None
    return pl.DataFrame(table)


def _pandas(table: pa.Table) -> pd.DataFrame:
    try:
        import pandas  # noqa: F401, ICN001 - only to say that it is missing
    except ImportError:
        raise MissingExtraError("to_pandas() needs pandas", advice="Install it: pip install pandas") from None
    return table.to_pandas()

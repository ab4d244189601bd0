"""Records as Arrow tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from moveworks.errors import MissingExtraError
from moveworks.odata.kinds import Kind
from moveworks.records.columns import EXTRA, SYNCED
from moveworks.records.rows import RowReader

try:
    import pyarrow as pa
except ImportError:
    raise MissingExtraError(
        "this needs pyarrow, of the extra parquet", advice="Install it: pip install pyarrow"
    ) from None

if TYPE_CHECKING:
    from collections.abc import Sequence

    from moveworks.records.columns import Table

TIME: Final = pa.timestamp("us", tz="UTC")
TYPES: Final = {Kind.TIMESTAMP: TIME, Kind.BOOLEAN: pa.bool_(), Kind.NUMBER: pa.float64()}


def schema_of(table: Table) -> pa.Schema:
    """The types of a table's columns; JSON stays text, as it came."""
    kinds = {column.name: TYPES.get(column.kind, pa.string()) for column in table.columns}
    return pa.schema([(name, TIME if name == SYNCED else kinds.get(name, pa.string())) for name in table.names])


def arrow_table(schema: pa.Schema, columns: Sequence[Sequence[Any]]) -> pa.Table:
    """Columns as a table; times are texts with a zone."""
    return pa.table(
        [
            pa.array(values, pa.string()).cast(kind) if kind == TIME else pa.array(values, kind)
            for values, kind in zip(columns, schema.types, strict=True)
        ],
        schema=schema,
    )


class ListBatches:
    """Makes Arrow batches out of the JSON texts of a list.

    Args:
        table: The columns.
    """

    def __init__(self, table: Table) -> None:
        self._reader = RowReader(table)
        full = schema_of(table)
        self.schema: pa.Schema = pa.schema([full.field(name) for name in (*(c.name for c in table.columns), EXTRA)])

    def batch(self, texts: Sequence[bytes]) -> pa.RecordBatch:
        """The records of a page."""
        table = arrow_table(self.schema, self._reader.read(texts)[: len(self.schema)])
        return pa.RecordBatch.from_arrays([column.combine_chunks() for column in table.columns], schema=self.schema)

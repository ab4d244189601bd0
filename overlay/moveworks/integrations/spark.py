"""A data source for Spark: `spark.read.format("moveworks").option("entity", "interactions").load()`."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from attrs import evolve, field, frozen

from moveworks.config import EXPORT, export_settings, settings_from_env
from moveworks.errors import ConfigurationError, MissingExtraError
from moveworks.odata import parse
from moveworks.odata.conditions import all_of
from moveworks.odata.kinds import Kind
from moveworks.records.columns import EXTRA, ID, WRITTEN, table_of
from moveworks.records.namespace import find_entity_set
from moveworks.sync.clock import ServiceClock
from moveworks.sync.fetch import WindowReader
from moveworks.sync.parts import cut_into_windows, read_verified
from moveworks.sync.spool import WindowFile
from moveworks.sync.windows import LAG, LOOK_BACK, RETENTION, Span
from moveworks.transport.pace import Pace

try:
    from pyspark.sql import datasource as spark
    from pyspark.sql.types import BooleanType, DoubleType, StringType, StructField, StructType, TimestampType
except ImportError:
    raise MissingExtraError(
        "a data source for Spark needs the extra spark", advice="Install it: pip install pyspark pyarrow"
    ) from None

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pyarrow as pa
    from pyspark.sql import SparkSession

    from moveworks import Moveworks
    from moveworks.odata import Condition
    from moveworks.records.columns import Table
    from moveworks.sync.windows import Window

BATCH: Final = 10_000
"""Records of an Arrow batch."""
OPTIONS: Final = {
    *EXPORT.values(),
    *("entity", "select", "filter", "pushdown", "from", "to", "partitions", "look_back_hours"),
}
TYPES: Final = {Kind.TIMESTAMP: TimestampType(), Kind.BOOLEAN: BooleanType(), Kind.NUMBER: DoubleType()}


def register(session: SparkSession) -> None:
    """Make the format `moveworks` known to a session."""
    session.dataSource.register(MoveworksDataSource)


@frozen(kw_only=True)
class Request:
    """What is to be read, checked, and ready to be sent to other machines. It shows no secret.

    Attributes:
        settings: Of the client, under the names of the environment variables.
        entity: Published name of the entity set.
        columns: Names of the columns, in the order of the schema.
        filter: OData text that all records meet.
        start: Only records created then or later.
        end: Only records created before.
        partitions: How many parts to read at once, about.
        look_back: How far a stream reads behind its watermark.
        pushed: Further conditions, as OData text.
    """

    settings: dict[str, str] = field(repr=False)
    entity: str
    columns: tuple[str, ...]
    filter: str = field(default="", repr=False)
    start: datetime | None = None
    end: datetime | None = None
    partitions: int = 4
    look_back: timedelta = LOOK_BACK
    pushed: tuple[str, ...] = field(default=(), repr=False)

    def table(self) -> Table:
        """The columns that are made of records: those of the schema, and the id."""
        table = table_of(find_entity_set(self.entity))
        if EXTRA in self.columns:
            return table
        names = {*self.columns, ID}
        return evolve(table, columns=tuple(column for column in table.columns if column.name in names))

    def client(self) -> Moveworks:
        """What asks the service."""
        from moveworks import Moveworks

        return Moveworks(**settings_from_env(self.settings))

    def reader(self, mw: Moveworks, *, until: datetime | None = None) -> WindowReader:
        """What counts and reads windows; with `until`, only records that were last written then or before."""
        table = self.table()
        conditions: list[Condition] = [parse(text, table.info.entity) for text in (self.filter, *self.pushed) if text]
        if until is not None:
            written: Any = table.info.entity.fields()[WRITTEN]
            conditions.append(written <= until)
        return WindowReader(
            table_of(table.info),
            mw.records[self.entity],
            masks=None,
            stopped=lambda: False,
            on_page=lambda _: None,
            also=all_of(conditions) if conditions else None,
            select=None if EXTRA in self.columns else [column.name for column in table.columns],
        )

    def windows(self, *, bound: datetime | None = None, until: datetime | None = None) -> list[Window]:
        """The parts that can be read apart."""
        table = table_of(find_entity_set(self.entity))
        now = datetime.now(UTC)
        span = None
        if table.dated:
            span = Span(
                start=self.start or min(bound - LAG if bound else now - RETENTION, now - LAG),
                end=self.end or now,
                open_start=self.start is None,
                open_end=self.end is None,
            )
        with self.client() as mw:
            reader = self.reader(mw, until=until)
            return cut_into_windows(table, reader, span, bound, concurrency=self.partitions)

    def read(self, part: Part) -> Iterator[pa.RecordBatch]:
        """The records of a part, after their number was verified."""
        from moveworks.records.arrow import ListBatches

        table = self.table()
        batches = ListBatches(table)
        with self.client() as mw, tempfile.TemporaryDirectory(prefix="moveworks-spark-") as folder:
            file = WindowFile(Path(folder) / "window.jsonl")
            reader = self.reader(mw, until=part.until)
            texts = read_verified(table_of(table.info), reader, part.window, part.bound, file)
            while lines := list(islice(texts, BATCH)):
                yield _as_declared(batches.batch(lines).select(list(self.columns)))


class Part(spark.InputPartition):
    """A window, as Spark sends it to where it is read."""

    def __init__(self, window: Window, bound: datetime | None = None, until: datetime | None = None) -> None:
        super().__init__(str(window))
        self.window, self.bound, self.until = window, bound, until


class MoveworksDataSource(spark.DataSource):
    """The format `moveworks`.

    Options: `entity` (published name); `select` (columns, with commas; all by default); `filter` (OData); `from` and
    `to` (times with a zone; by `created_time`); `pushdown` (`true` hands filters of the query to the service);
    `partitions` (parts to read at once, 4); `look_back_hours` (of a stream, 72); `api_key`, or `client_id` and
    `client_secret`; `region` or `base_url`. What is not given comes from the environment of the driver.
    """

    def __init__(self, options: Mapping[str, str]) -> None:
        super().__init__(dict(options))
        self._options = {name.lower(): value for name, value in options.items()}
        if unknown := sorted(self._options.keys() - OPTIONS - {"path"}):
            raise ConfigurationError(
                f"there is no option {unknown[0]!r}", advice=f"Known: {', '.join(sorted(OPTIONS))}"
            )
        if not self._options.get("entity"):
            raise ConfigurationError("the option entity is missing", advice='Give .option("entity", "interactions")')
        try:
            self._table = table_of(find_entity_set(self._options["entity"]))
        except KeyError as error:
            raise ConfigurationError(str(error.args[0])) from None

    @classmethod
    def name(cls) -> str:
        """The name of the format."""
        return "moveworks"

    def schema(self) -> StructType:
        """The columns: all fields of the entity set and `_extra`, or those of the option `select`.

        Raises:
            ConfigurationError: for a field that there is not.
        """
        known = [*(column.name for column in self._table.columns), EXTRA]
        names = [name.strip() for name in self._options.get("select", "").split(",") if name.strip()] or known
        if unknown := [name for name in names if name not in known]:
            raise ConfigurationError(
                f"{self._table.info.name} has no field {unknown[0]!r}", advice=f"It has {', '.join(known)}"
            )
        kinds = {column.name: TYPES.get(column.kind, StringType()) for column in self._table.columns}
        return StructType([StructField(name, kinds.get(name, StringType()), name != ID) for name in names])

    def reader(self, schema: StructType) -> spark.DataSourceReader:
        """What reads everything once."""
        request = self._request(schema)
        return PushingReader(request) if _is_true("pushdown", self._options.get("pushdown", "")) else Reader(request)

    def streamReader(self, schema: StructType) -> spark.DataSourceStreamReader:  # noqa: N802 - Spark's name
        """What reads what is new, again and again."""
        if not self._table.written:
            raise ConfigurationError(f"{self._table.info.name} does not say when its records were written")
        return StreamReader(self._request(schema))

    def _request(self, schema: StructType) -> Request:
        options = self._options
        given = {name: options[option] for name, option in EXPORT.items() if options.get(option)}
        text = options.get("filter", "")
        if text:
            parse(text, self._table.info.entity)
        return Request(
            settings=export_settings(given, os.environ),
            entity=self._table.info.name,
            columns=tuple(schema.names),
            filter=text,
            start=_moment("from", options.get("from")),
            end=_moment("to", options.get("to")),
            partitions=_whole("partitions", options.get("partitions", "4")),
            look_back=timedelta(hours=_whole("look_back_hours", options.get("look_back_hours", "72"))),
        )


class Reader(spark.DataSourceReader):
    """Reads everything once, part by part."""

    def __init__(self, request: Request) -> None:
        self._read = request

    def partitions(self) -> Sequence[spark.InputPartition]:
        """The parts that are read apart: windows of `created_time`."""
        return [Part(window) for window in self._read.windows()]

    def read(self, partition: spark.InputPartition) -> Iterator[pa.RecordBatch]:
        """The records of a part, once their number is verified."""
        assert isinstance(partition, Part)
        return self._read.read(partition)


class PushingReader(Reader):
    """As `Reader`, with filters handed to the service. Spark's default refuses readers that take filters."""

    def pushFilters(self, filters: list[spark.Filter]) -> Iterable[spark.Filter]:  # noqa: N802 - Spark's name
        """Hand the service what it surely understands; Spark looks at all of them once more."""
        fields = table_of(find_entity_set(self._read.entity)).info.entity.fields()
        pushed = [str(condition) for each in filters if (condition := _condition(each, fields)) is not None]
        self._read = evolve(self._read, pushed=tuple(pushed))
        return filters


class StreamReader(spark.DataSourceStreamReader):
    """Reads what was written since the last batch, and `look_back` before: merge by id, since records come again."""

    def __init__(self, request: Request) -> None:
        self._read = request

    def initialOffset(self) -> dict[str, str]:  # noqa: N802 - Spark's name
        """Where a stream begins: with all that the service has."""
        return {"watermark": ""}

    def latestOffset(self, *_: Any) -> dict[str, str]:  # noqa: N802 - Spark's name
        """The newest `last_updated_time` that the service has, and never one that is still to come."""
        info = find_entity_set(self._read.entity)
        written: Any = info.entity.fields()[WRITTEN]
        clock = ServiceClock(lambda: datetime.now(UTC))
        with self._read.client() as mw:
            asked = mw.records.paced(info.name, Pace(1), on_retry=lambda _: None, on_response=clock.hear)
            newest = asked.list(raw=True, select=[WRITTEN], order_by=[written.desc()], top=1).first()
        text = (newest or {}).get(WRITTEN)
        return {"watermark": min(datetime.fromisoformat(text), clock()).isoformat() if text else ""}

    def partitions(self, start: dict[str, str], end: dict[str, str]) -> Sequence[spark.InputPartition]:
        """The parts of a batch."""
        if not end["watermark"]:
            return []
        until = datetime.fromisoformat(end["watermark"])
        bound = datetime.fromisoformat(start["watermark"]) - self._read.look_back if start["watermark"] else None
        return [Part(window, bound, until) for window in self._read.windows(bound=bound, until=until)]

    def read(self, partition: spark.InputPartition) -> Iterator[pa.RecordBatch]:
        """The records of a part, once their number is verified."""
        assert isinstance(partition, Part)
        return self._read.read(partition)


def _as_declared(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Spark compares schemas, and an id is never null."""
    import pyarrow as pa

    schema = pa.schema([each.with_nullable(each.name != ID) for each in batch.schema])
    return pa.RecordBatch.from_arrays(batch.columns, schema=schema)


def _condition(given: spark.Filter, fields: Mapping[str, Any]) -> Condition | None:
    """A filter as the service understands it, or what holds for all that it selects; None if that is not sure."""
    path: Sequence[str] = getattr(given, "attribute", ())
    value: Any = getattr(given, "value", None)
    found: Any = fields.get(path[0]) if len(path) == 1 else None
    condition: Condition | None = None
    if found is not None and found.kind is Kind.TEXT:
        if isinstance(given, spark.EqualTo) and isinstance(value, str):
            condition = found == value
        elif isinstance(given, spark.In) and all(isinstance(each, str) for each in value):
            condition = found.in_(list(value))
    elif found is not None and found.kind is Kind.TIMESTAMP and (moment := _utc(value)) is not None:
        # The service has milliseconds; what is finer is cut off, and the condition lets one more through.
        moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
        if isinstance(given, spark.GreaterThan | spark.GreaterThanOrEqual):
            condition = found >= moment
        elif isinstance(given, spark.LessThan | spark.LessThanOrEqual):
            condition = found <= moment
    return condition


def _utc(value: Any) -> datetime | None:
    """A time of a filter: engines give one with a zone, or microseconds; without a zone it is not sure."""
    if isinstance(value, int) and not isinstance(value, bool):
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value)
    return value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo is not None else None


def _is_true(name: str, text: str) -> bool:
    if text.lower() not in {"", "true", "false"}:
        raise ConfigurationError(f"the option {name} is true or false, not {text[:40]!r}")
    return text.lower() == "true"


def _whole(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= 10_000:
        raise ConfigurationError(f"the option {name} is a number from 1 to 10,000, not {text[:40]!r}")
    return int(text)


def _moment(name: str, text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(f"the option {name} is no time: {text[:40]!r}") from None
    if value.tzinfo is None:
        raise ConfigurationError(f"the option {name} has no time zone: {text[:40]}", advice="Give it as ...Z")
    return value

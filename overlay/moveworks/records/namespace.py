"""`mw.records`: every entity set of the catalogue, by attribute and by published name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from moveworks.lazy import Part
from moveworks.odata import Dialect
from moveworks.operations import operation_request, read_answer
from moveworks.records.entity_set import AsyncEntitySet, EntitySet
from moveworks.text import did_you_mean
from moveworks_export.entities import ENTITY_SETS, AsyncRecordsAttributes, RecordsAttributes
from moveworks_export.operations import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from datetime import datetime, timedelta
    from os import PathLike

    from moveworks.odata import EntitySetInfo
    from moveworks.sync.report import Progress, SyncReport
    from moveworks.transport import Request
    from moveworks.transport.aio import AsyncTransport
    from moveworks.transport.events import ResponseEvent, RetryEvent
    from moveworks.transport.http import Transport
    from moveworks.transport.pace import Pace
    from moveworks_export.types import Operation


def find_entity_set(name: str) -> EntitySetInfo:
    """The catalogue's entry for a published name or attribute name.

    Raises:
        KeyError: with the nearest name.
    """
    for info in ENTITY_SETS.values():
        if name in {info.name, info.attribute}:
            return info
    hint = did_you_mean(name, ENTITY_SETS)
    raise KeyError(f"there is no entity set {name!r}{hint} (known: {', '.join(ENTITY_SETS)})")


class _Names:
    """What both namespaces share."""

    def __init__(self, transport: Transport | AsyncTransport, *, dialect: Dialect = Dialect.QUOTED_UTC) -> None:
        self._transport = transport
        self._dialect = dialect

    def _call(
        self, operation_id: str, values: tuple[Any, ...], parameters: dict[str, Any]
    ) -> tuple[Operation, Request]:
        """An operation by its id, and its request."""
        operation = OPERATIONS.get(operation_id)
        if operation is None:
            hint = did_you_mean(operation_id, OPERATIONS)
            raise LookupError(f"there is no operation {operation_id!r}{hint} (known: {', '.join(OPERATIONS)})")
        return operation, operation_request(operation, operation.request(*values, **parameters), self._transport)

    def names(self) -> list[str]:
        """Published names of all entity sets."""
        return list(ENTITY_SETS)

    def __iter__(self) -> Iterator[str]:
        return iter(ENTITY_SETS)

    def __contains__(self, name: object) -> bool:
        return any(name in (info.name, info.attribute) for info in ENTITY_SETS.values())  # as `__getitem__` takes it

    if not TYPE_CHECKING:  # type checkers read the generated attributes and overloads of `RecordsAttributes`

        def __getitem__(self, name: str) -> Any:
            return getattr(self, find_entity_set(name).attribute)

        def __getattr__(self, name: str) -> Any:
            if name.startswith("__"):
                raise AttributeError(name)
            try:
                return getattr(self, find_entity_set(name).attribute)
            except KeyError as error:
                raise AttributeError(error.args[0]) from None

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(info.attribute for info in ENTITY_SETS.values())]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {', '.join(ENTITY_SETS)}>"


class Records(_Names, RecordsAttributes):
    """The entity sets of the export API: `mw.records.conversations`, `mw.records["plugin-calls"]`."""

    @property
    def origin(self) -> str:
        """Scheme, host and port of the service."""
        origin: str = self._transport.origin
        return origin

    def paced(
        self,
        name: str,
        pace: Pace,
        *,
        on_retry: Callable[[RetryEvent], Any],
        on_response: Callable[[ResponseEvent], Any],
    ) -> EntitySet[Any]:
        """An entity set whose requests keep a pace; the hooks are called besides the client's own."""
        transport = cast("Transport", self._transport)
        transport = transport.with_options(
            pace=pace,
            on_retry=_both(on_retry, transport.options.on_retry),
            on_response=_both(on_response, transport.options.on_response),
        )
        return EntitySet(find_entity_set(name), transport, self._dialect)

    def call(self, operation_id: str, *values: Any, **parameters: Any) -> Any:
        """Any operation of the spec by its id, also one that has no method here; the model of its answer.

        It is one request, with the same retries, errors and tokens as all others. A page is given as it is: to follow
        its next link is what `list` is for.

        Args:
            operation_id: The id in the spec, such as `list-users`.
            values: Path parameters, in order.
            parameters: Further parameters, by their names in Python.

        Raises:
            LookupError: for one that the spec does not have.
            TypeError: for parameters that it does not have.
            ResponseError: if the answer is something else than the spec says.
        """
        operation, request = self._call(operation_id, values, parameters)
        return read_answer(operation, cast("Transport", self._transport).send(request))

    def sync(
        self,
        destination: str | PathLike[str],
        *,
        entities: Collection[str] | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        again: bool = False,
        look_back: timedelta | None = None,
        concurrency: int = 4,
        history: bool = False,
        mask: Collection[str] = (),
        mask_key: str | None = None,
        keep_pages: str | PathLike[str] | None = None,
        on_progress: Callable[[Progress], Any] | None = None,
    ) -> SyncReport:
        """Load records into a file on this machine, completely; each later call brings it up to date.

        What is written is verified: the service counts each window of time before and after it was read. A call that
        was interrupted, also by `kill -9`, is gone on with by the next one.

        Args:
            destination: A DuckDB file (`export.duckdb`), a SQLite file (`export.sqlite`), a directory for Parquet
                (`export/`), or `-` for JSON lines on stdout.
            entities: Published names of entity sets; all by default.
            start: Only records created at this moment or later, for filling a gap; no watermark is moved then.
            end: Only records created before this moment.
            again: Read everything that the service still has, not only what is new.
            look_back: How far to read behind the watermark; 72 hours by default. Records arrive up to 42 hours late.
            concurrency: Requests in flight.
            history: Keep earlier versions of records that were written again, in `<table>_history`.
            mask: Names of fields whose values are replaced by a keyed hash before anything is written.
            mask_key: The key; by default that of the environment variable `MOVEWORKS_MASK_KEY`.
            keep_pages: Folder to keep all that was received in, compressed.
            on_progress: Called with a `moveworks.sync.Progress` now and then, from several threads.

        Raises:
            IncompleteError: if not everything is there and verified; it has the report.
            ConfigurationError: for options that make no sense, or if another run holds the destination.
            MissingExtraError: if the destination needs a package that is not installed.
            MoveworksError: if the service refuses the credential.
        """
        from moveworks.destinations import sync

        return sync(
            self,
            destination,
            entities=entities,
            start=start,
            end=end,
            again=again,
            look_back=look_back,
            concurrency=concurrency,
            history=history,
            mask=mask,
            mask_key=mask_key,
            keep_pages=keep_pages,
            on_progress=on_progress,
        )


def _both(first: Callable[[Any], Any], second: Callable[[Any], Any] | None) -> Callable[[Any], Any]:
    if second is None:
        return first

    def hook(event: Any) -> None:
        first(event)
        second(event)

    return hook


class AsyncRecords(_Names, AsyncRecordsAttributes):
    """As `Records`, async."""

    async def call(self, operation_id: str, *values: Any, **parameters: Any) -> Any:
        """As `Records.call`."""
        operation, request = self._call(operation_id, values, parameters)
        return read_answer(operation, await cast("AsyncTransport", self._transport).send(request))


def _part(kind: Any, info: EntitySetInfo) -> Part[Any]:
    part = Part(kind, lambda names: kind(info, names._transport, names._dialect), info.doc)  # noqa: SLF001
    part.__set_name__(kind, info.attribute)
    return part


for _info in ENTITY_SETS.values():
    setattr(Records, _info.attribute, _part(EntitySet, _info))
    setattr(AsyncRecords, _info.attribute, _part(AsyncEntitySet, _info))

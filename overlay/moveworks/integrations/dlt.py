"""A source for dlt: the entity sets, verified, into any destination that dlt has."""

from __future__ import annotations

import os
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from attrs import frozen

from moveworks.config import EXPORT, export_settings, settings_from_env
from moveworks.errors import ConfigurationError, MissingExtraError
from moveworks.records.columns import ID, table_of
from moveworks.records.namespace import find_entity_set
from moveworks.sync.ledger import utc_text
from moveworks.sync.masks import Masks
from moveworks.sync.stream import VerifiedStream
from moveworks.sync.windows import LOOK_BACK
from moveworks_export.entities import ENTITY_SETS

try:
    import dlt
except ImportError:
    raise MissingExtraError(
        "a source for dlt needs the extra dlt", advice="Install it: pip install dlt pyarrow"
    ) from None

from moveworks.records.arrow import arrow_table, schema_of  # isort: skip - after the message, if pyarrow is missing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from contextlib import AbstractContextManager

    import pyarrow as pa
    from dlt.extract import DltResource, DltSource

    from moveworks import Moveworks
    from moveworks.records.columns import Table

SECTION = "sources.moveworks"
"""Where dlt keeps settings of this source: `api_key`, or `client_id` and `client_secret`; `region` or `base_url`."""


def moveworks_source(
    client: Moveworks | None = None,
    *,
    entities: Collection[str] | None = None,
    look_back: timedelta = LOOK_BACK,
    concurrency: int = 1,
    mask: Collection[str] = (),
    mask_key: str | None = None,
) -> DltSource:
    """The entity sets as resources of dlt, each merged by `id`.

    The first run reads the 30 days that the service keeps, later ones what was written since, and `look_back` before.
    A run whose counts disagree raises: then dlt loads nothing of it, and the next run reads it again.

    Args:
        client: What asks the service. Without one, settings come from dlt's (`sources.moveworks.api_key` and others) or
            from the environment (`MOVEWORKS_API_KEY` and others).
        entities: Published names of entity sets; all by default.
        look_back: How far to read behind the watermark. Records arrive up to 42 hours late.
        concurrency: Requests in flight for each entity set; dlt reads all of them at once.
        mask: Names of fields whose values are replaced by a keyed hash before dlt sees them.
        mask_key: The key; by default that of the environment variable `MOVEWORKS_MASK_KEY`.

    Raises:
        ConfigurationError: for options that make no sense.
    """
    if isinstance(entities, str):
        raise ConfigurationError("entities takes a list of names, not text")
    try:
        infos = [find_entity_set(name) for name in entities] if entities is not None else list(ENTITY_SETS.values())
    except KeyError as error:
        raise ConfigurationError(str(error.args[0])) from None
    masks = Masks(mask, mask_key, ENTITY_SETS.values()) if mask else None
    reading = _Reading(
        client=client,
        options={"look_back": look_back, "concurrency": concurrency, "mask": mask, "mask_key": mask_key},
        masked=f"{','.join(sorted(masks.names))} {masks.fingerprint}" if masks is not None else "",
    )
    tables = {info.name: table_of(info) for info in infos}

    @dlt.source(name="moveworks")
    def source() -> Iterator[DltResource]:
        for table in tables.values():
            yield dlt.resource(
                reading.batches(table),
                name=table.name,
                write_disposition="merge",
                primary_key=ID,
            )

    return source()


@frozen(kw_only=True)
class _Reading:
    """How entity sets are read.

    Attributes:
        client: What asks the service, if one was given.
        options: Of the run.
        masked: Which fields are masked, and the fingerprint of the key.
    """

    client: Moveworks | None
    options: dict[str, Any]
    masked: str

    def batches(self, table: Table) -> Any:
        """The generator that dlt calls."""

        def records() -> Iterator[pa.Table]:
            # A state of its own and no `dlt.sources.incremental`: that takes any time for a watermark, also one that is
            # still to come, and then drops what is older. It is saved by dlt together with what was loaded.
            state = dlt.current.resource_state()
            schema = schema_of(table)
            schema = schema.set(0, schema.field(ID).with_nullable(False))
            with self._client() as mw:
                origin = mw.records.origin
                if state and state.get("masked", "") != self.masked:
                    raise ConfigurationError(
                        "what was loaded before has other masks, or another key",
                        advice="Give the same, or load everything anew: refresh='drop_resources'",
                    )
                known = state.get("watermark") if state.get("origin") == origin else None
                stream = VerifiedStream(
                    mw.records,
                    table.info.name,
                    watermark=datetime.fromisoformat(known) if known else None,
                    **self.options,
                )
                empty = True
                for columns in stream:
                    yield arrow_table(schema, columns)
                    empty = False
                if empty:
                    yield schema.empty_table()
            state["origin"], state["masked"] = origin, self.masked
            state["watermark"] = utc_text(stream.watermark) if stream.watermark is not None else None

        return records

    def _client(self) -> AbstractContextManager[Moveworks]:
        if self.client is not None:
            return nullcontext(self.client)
        from moveworks import Moveworks

        found: dict[str, Any] = {name: dlt.secrets.get(f"{SECTION}.{option}") for name, option in EXPORT.items()}
        given = {name: str(value) for name, value in found.items() if value is not None}
        return Moveworks(**settings_from_env(export_settings(given, os.environ)))

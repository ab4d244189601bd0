"""`mw.records`: every entity set of the catalogue, by attribute and by published name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moveworks.lazy import Part
from moveworks.odata import Dialect
from moveworks.records.entity_set import AsyncEntitySet, EntitySet
from moveworks.text import did_you_mean
from moveworks_export.entities import ENTITY_SETS, AsyncRecordsAttributes, RecordsAttributes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from moveworks.odata import EntitySetInfo
    from moveworks.transport.aio import AsyncTransport
    from moveworks.transport.http import Transport


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


class AsyncRecords(_Names, AsyncRecordsAttributes):
    """As `Records`, async."""


def _part(kind: Any, info: EntitySetInfo) -> Part[Any]:
    part = Part(kind, lambda names: kind(info, names._transport, names._dialect), info.doc)  # noqa: SLF001
    part.__set_name__(kind, info.attribute)
    return part


for _info in ENTITY_SETS.values():
    setattr(Records, _info.attribute, _part(EntitySet, _info))
    setattr(AsyncRecords, _info.attribute, _part(AsyncEntitySet, _info))

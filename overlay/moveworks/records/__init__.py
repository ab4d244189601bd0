"""The export API: entity sets, and the fields of their records (`Conversation`, `Interaction`, …).

The field classes come from the generated catalogue, so one that a newer spec adds can be imported from here at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moveworks.records.entity_set import AsyncEntitySet, EntitySet
from moveworks.records.namespace import AsyncRecords, Records
from moveworks.records.pager import AsyncRecordPager, RecordPager

__all__ = ["AsyncEntitySet", "AsyncRecordPager", "AsyncRecords", "EntitySet", "RecordPager", "Records"]

if TYPE_CHECKING:  # so that type checkers know the field classes as well; at run time see __getattr__
    import moveworks_export.entities
    from moveworks_export.entities import *  # noqa: F403

    __all__ += moveworks_export.entities.__all__


def __getattr__(name: str) -> Any:
    from moveworks_export.entities import ENTITY_SETS

    for info in ENTITY_SETS.values():
        if info.entity.__name__ == name:
            return info.entity
    known = ", ".join(info.entity.__name__ for info in ENTITY_SETS.values())
    raise AttributeError(f"moveworks.records has no {name}; entity types are {known}")


def __dir__() -> list[str]:
    from moveworks_export.entities import ENTITY_SETS

    return [*__all__, *(info.entity.__name__ for info in ENTITY_SETS.values())]

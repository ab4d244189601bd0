"""Masks: a keyed hash in place of values, before anything is written."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from typing import TYPE_CHECKING, Final

from moveworks.errors import ConfigurationError
from moveworks.odata import CollectionField, ObjectField
from moveworks.records.columns import CREATED, ID, WRITTEN
from moveworks.records.texts import scan_elements, scan_members
from moveworks.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from moveworks.odata import EntitySetInfo
    from moveworks.odata.fields import Field

KEY_VARIABLE: Final = "MOVEWORKS_MASK_KEY"
MIN_KEY: Final = 16
"""Characters of a key that cannot be guessed."""
UNMASKABLE: Final = frozenset({ID, CREATED, WRITTEN})
"""Fields that loading needs as they are."""


class Masks:
    """Hashes the values of fields with a key (HMAC-SHA256). The same value has the same hash, so that joins still work.

    Null stays null. A field is meant wherever it stands, also inside of objects.

    Args:
        names: Names of fields.
        key: The key; by default that of the environment variable `MOVEWORKS_MASK_KEY`.
        entities: The catalogue, so that a name that does not exist is noticed.

    Raises:
        ConfigurationError: for a name that no record has, or a key that is missing or short.
    """

    def __init__(self, names: Collection[str], key: str | None, entities: Iterable[EntitySetInfo]) -> None:
        known = {name for info in entities for name in _names(info.entity.fields())}
        for name in names:
            if name not in known:
                hint = did_you_mean(name, known)
                raise ConfigurationError(f"mask: no record has a field {name!r}{hint}")
            if name in UNMASKABLE:
                raise ConfigurationError(f"mask: {name} cannot be masked, since loading needs it as it is")
        self.names = frozenset(names)
        key = key if key is not None else os.environ.get(KEY_VARIABLE, "")
        if len(key) < MIN_KEY:
            raise ConfigurationError(
                f"masks need a key of at least {MIN_KEY} characters",
                advice=f"Set {KEY_VARIABLE}; keep it, since another key gives other hashes",
            )
        self._key = key.encode()
        self.fingerprint = self._hash(b"moveworks fingerprint")[:16]

    def __call__(self, record: bytes) -> bytes:
        """The record with masks; everything else as it was."""
        return self._object(record).encode("utf-8", "backslashreplace")

    def __repr__(self) -> str:
        return f"Masks({', '.join(sorted(self.names))})"

    def _object(self, text: bytes | str) -> str:
        members = (
            f"{json.dumps(name)}:{self._masked(value) if name in self.names else self._inside(value)}"
            for name, value in scan_members(text)
        )
        return f"{{{','.join(members)}}}"

    def _inside(self, text: str) -> str:
        if text.startswith("{"):
            return self._object(text)
        if text.startswith("["):
            return f"[{','.join(map(self._inside, scan_elements(text)))}]"
        return text

    def _masked(self, text: str) -> str:
        if text == "null":
            return text
        # A text is hashed as the text that it is, however it is written; anything else as its JSON text.
        value = json.loads(text) if text.startswith('"') else text
        return f'"{self._hash(value.encode("utf-8", "surrogatepass"))}"'

    def _hash(self, value: bytes) -> str:
        return hmac.new(self._key, value, hashlib.sha256).hexdigest()[:32]


def _names(fields: Mapping[str, Field]) -> Iterator[str]:
    for name, field in fields.items():
        yield name
        if isinstance(field, ObjectField):
            yield from _names(field.fields())
        elif isinstance(field, CollectionField) and issubclass(field.item, ObjectField):
            yield from _names(field.element("e").fields())

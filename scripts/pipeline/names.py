"""Names on the wire as Python names."""

from __future__ import annotations

import keyword
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from openapi_python_client.strings import snake_case

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

ANNOTATIONS: Final = frozenset({"bool", "bytes", "datetime", "dict", "float", "int", "list", "str"})
"""Names that stand in annotations; a property or parameter of such a name would take their place there."""

MODEL_NAMES: Final = ANNOTATIONS | {"adopt", "additional_properties", "codec", "from_dict", "self", "to_dict"}
"""What every model has."""
RECORD_NAMES: Final = MODEL_NAMES | {
    *("asc", "desc", "doc", "fields", "is_null", "kind", "mro", "node", "path", "values", "wire_name"),
}
"""What models and the fields of a filter have: a record's property has one name in both."""


def python_names(wires: Iterable[str], reserved: Container[str]) -> dict[str, str]:
    """A Python name for each name on the wire: `x_y` for `x-y`, `class_` for `class`; no two alike, none reserved.

    A name that is a Python name already keeps it, whatever else would become the same.
    """
    listed = list(dict.fromkeys(wires))
    names = {wire: wire for wire in listed if plain_name(wire) == wire and _is_free(wire, reserved)}
    taken = set(names.values())
    for wire in listed:
        if wire in names:
            continue
        name = plain_name(wire)
        while name in taken or not _is_free(name, reserved):
            name += "_"
        names[wire] = name
        taken.add(name)
    return names


def plain_name(wire: str) -> str:
    """A name as a Python identifier, in the form that Python itself compares (NFKC)."""
    name = snake_case(re.sub(r"\W+", " ", unicodedata.normalize("NFKC", wire)))
    return name if name.isidentifier() and not wire.startswith("_") else f"field_{name.strip('_')}"


def _is_free(name: str, reserved: Container[str]) -> bool:
    return not keyword.iskeyword(name) and name not in reserved

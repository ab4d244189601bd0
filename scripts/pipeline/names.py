"""Names on the wire as Python names."""

from __future__ import annotations

import keyword
import re
import unicodedata
from itertools import chain, count
from typing import TYPE_CHECKING, Any, Final

from openapi_python_client.strings import snake_case

from scripts.pipeline.plain import DocumentError

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


def given_name(schema: Any) -> str:
    """The Python name that a correction gives a property, in `x-moveworks-name`; empty if none does.

    Raises:
        DocumentError: if it is no identifier.
    """
    name = schema.get("x-moveworks-name", "") if isinstance(schema, dict) else ""
    if name and not (isinstance(name, str) and re.fullmatch(r"[a-z][a-z0-9_]*", name)):
        raise DocumentError(f"x-moveworks-name: {name!r:.60} is not a name in lower case")
    return name


def _is_free(name: str, reserved: Container[str]) -> bool:
    return not keyword.iskeyword(name) and name not in reserved


def camel(text: str) -> str:
    """`external_ids` and `plugin-calls` as `ExternalIds` and `PluginCalls`."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", text) if part)


def singular_name(text: str) -> str:
    """`/ticket-escalations` as `TicketEscalation`."""
    name = camel(text)
    for plural, one in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("uses", "us")):
        if name.endswith(plural) and len(name) > len(plural) + 1:
            return name.removesuffix(plural) + one
    return name if name.endswith(("ss", "us", "is")) else name.removesuffix("s")


def free_name(name: str, taken: Iterable[str]) -> str:
    """The name, or the name with the first number that nothing has yet."""
    used = set(taken)
    numbered = (f"{name}{number}" for number in count(2))
    return next(each for each in chain([name], numbered) if each not in used)

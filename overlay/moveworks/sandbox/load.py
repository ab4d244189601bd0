"""Records from a folder, to be served exactly as they are written there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from moveworks.errors import ConfigurationError
from moveworks.records.namespace import find_entity_set

if TYPE_CHECKING:
    from pathlib import Path

# The text of each record stays as it is: numbers, order of members, members given twice, white space.
Raws = list[msgspec.Raw]


def read_folder(folder: Path) -> dict[str, list[str]]:
    """JSON texts of the records in `<entity>.json` files, by published name.

    A file holds an array, or `{"value": […]}` as the service sends it, which may leave out an empty `value`.

    Raises:
        ConfigurationError: naming the file, and what is wrong with it.
    """
    if not folder.is_dir():
        raise ConfigurationError(f"{folder} is not a folder")
    found: dict[str, list[str]] = {}
    for file in sorted(folder.glob("*.json")):
        try:
            name = find_entity_set(file.stem).name
        except KeyError as error:
            raise ConfigurationError(f"{file}: {error.args[0]}") from None
        if name in found:
            raise ConfigurationError(f"{file}: there is another file for {name}")
        found[name] = _records(file)
    if not found:
        raise ConfigurationError(f"{folder} has no <entity>.json file, such as users.json")
    return found


def _records(file: Path) -> list[str]:
    try:
        text = file.read_bytes().decode("utf-8-sig").strip()
        raws = msgspec.json.decode(_value(text) if text.startswith("{") else text, type=Raws)
    except OSError as error:
        raise ConfigurationError(f"{file}: {error.strerror}") from None
    except msgspec.ValidationError:
        raise ConfigurationError(f'{file}: an array of objects is needed, or {{"value": […]}}') from None
    except (ValueError, msgspec.DecodeError, RecursionError) as error:
        raise ConfigurationError(f"{file}: not valid JSON in UTF-8: {error}") from None
    texts = [bytes(raw).decode() for raw in raws]
    if wrong := next((number for number, record in enumerate(texts, 1) if not record.startswith("{")), None):
        raise ConfigurationError(f"{file}: record {wrong} is no object")
    return texts


def _value(text: str) -> msgspec.Raw:
    """The array of an envelope."""
    envelope = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    if "value" in envelope:
        return envelope["value"]
    if all(name.startswith("@") for name in envelope):
        return msgspec.Raw(b"[]")
    raise msgspec.ValidationError

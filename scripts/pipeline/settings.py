"""`generator.yaml`: names that a document cannot carry. It is read as data and never runs anything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from scripts.documents import DocumentError, read_text
from scripts.pipeline.plain import load_yaml

if TYPE_CHECKING:
    from pathlib import Path

# What the pipeline has decided itself; a file may say so as well.
_DECIDED: Final[dict[str, Any]] = {"literal_enums": True, "post_hooks": [], "generate_all_tags": False}
_KEYS: Final = ("add_servers", "class_overrides", "package_name_override", "regions")


@frozen
class Settings:
    """The settings of one API.

    Attributes:
        classes: Other names for classes, and of their modules, by the name that the generator would choose.
        regions: Short names of servers, by their origin.
        added: Regions whose servers the document misses.
    """

    classes: dict[str, tuple[str, str]]
    regions: dict[str, str]
    added: list[str]


def read_settings(api: Path) -> Settings:
    """The settings in the folder of one API, which may have none.

    Raises:
        DocumentError: for a setting that is not allowed, naming it.
    """
    path = api / "generator.yaml"
    name = f"{api.name}/{path.name}"
    given = load_yaml(name, read_text(path)) or {} if path.exists() else {}
    if not isinstance(given, dict):
        raise DocumentError(f"{name}: settings must be an object")
    for key, value in given.items():
        if key not in _KEYS and (key not in _DECIDED or value != _DECIDED[key]):
            allowed = ", ".join([*_KEYS, *(f"{k}: {str(v).lower()}" for k, v in _DECIDED.items())])
            raise DocumentError(f"{name}: {key}: {value!r:.60} is not allowed; allowed are {allowed}")
    if given.get("package_name_override") not in {None, f"moveworks_{api.name}"}:
        raise DocumentError(f"{name}: package_name_override can only be moveworks_{api.name}")
    overrides = given.get("class_overrides") or {}
    classes: dict[str, tuple[str, str]] = {}
    for known, each in overrides.items() if isinstance(overrides, dict) else [("class_overrides", overrides)]:
        values = [each.get(key) for key in ("class_name", "module_name")] if isinstance(each, dict) else [None]
        if not all(isinstance(value, str) and re.fullmatch(r"[A-Za-z]\w*", value) for value in values):
            raise DocumentError(f"{name}: class_overrides: {known} needs class_name and module_name, both identifiers")
        classes[known] = (str(values[0]), str(values[1]))
    regions, added = given.get("regions") or {}, (given.get("add_servers") or {}).get("regions", [])
    for region, origin in regions.items():
        if not re.fullmatch(r"[a-z0-9-]+", region) or not re.fullmatch(r"https://[\w.-]+", str(origin)):
            raise DocumentError(f"{name}: regions: {region}: {origin!r} is not a short name and the origin of a server")
    if unknown := [each for each in added if each not in regions]:
        raise DocumentError(f"{name}: add_servers: {', '.join(unknown)} is not among the regions")
    return Settings(classes, {origin: region for region, origin in regions.items()}, added)

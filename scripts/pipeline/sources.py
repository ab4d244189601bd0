"""`sources.yaml`: the published documents of one API, where they come from, and which of them wins."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from attrs import fields, frozen

from scripts.documents import DocumentError, read_text
from scripts.pipeline.plain import load_yaml

if TYPE_CHECKING:
    from pathlib import Path


@frozen
class Source:
    """One published document."""

    file: str
    url: str
    date: str
    sha256: str
    note: str = ""


def read_sources(api: Path) -> list[Source]:
    """The documents of one API, the one that wins last.

    Raises:
        DocumentError: if `sources.yaml` cannot be read, or does not say what it must.
    """
    path = api / "sources.yaml"
    name = f"{api.name}/{path.name}"
    content = load_yaml(name, read_text(path))
    listed = content.get("documents") if isinstance(content, dict) else None
    if not isinstance(listed, list) or not listed:
        raise DocumentError(f"{name}: `documents` must list at least one published document")
    known = {attribute.name for attribute in fields(Source)}
    for position, entry in enumerate(listed, 1):
        given = set(entry) if isinstance(entry, dict) else set()
        if not known - {"note"} <= given <= known:
            raise DocumentError(f"{name}: document {position} needs file, url, date and sha256, and may have a note")
    sources = [Source(**{key: str(value) for key, value in entry.items()}) for entry in reversed(listed)]
    files = [source.file for source in sources]
    if outside := [file for file in files if re.search(r"[/\\]|^\.*$", file)]:
        raise DocumentError(f"{name}: {', '.join(outside)} is not the name of a file in upstream/")
    if twice := sorted({file for file in files if files.count(file) > 1}):
        raise DocumentError(f"{name}: {', '.join(twice)} is listed twice")
    return sources


def verify(source: Source, path: Path) -> None:
    """Check that a document is the one that `sources.yaml` speaks of."""
    if not path.is_file():
        raise DocumentError(f"{path.parent.name}/{path.name}: sources.yaml lists it, but there is no such file")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != source.sha256:
        raise DocumentError(
            f"{path.name}: sources.yaml says sha256 {source.sha256}, the file has {found}; "
            "if the new document is meant, set sha256 and date there"
        )

"""Reads published documents: OpenAPI as YAML or JSON, or a documentation page with one fenced OpenAPI block."""

from __future__ import annotations

import hashlib
import re
import textwrap
from typing import TYPE_CHECKING, Final

from attrs import field, fields, frozen

from scripts.plain import DocumentError, Json, dump_yaml, load_yaml
from scripts.shape import misshapen

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "Document",
    "DocumentError",
    "Json",
    "Source",
    "dump_yaml",
    "load_yaml",
    "parse_document",
    "read_document",
    "read_sources",
    "read_text",
    "verify",
]

_FENCE: Final = re.compile(
    r"^(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})[^\n`]*\n(?P<body>.*?)^[ \t]*(?P=fence)[`~]*[ \t]*$",
    re.MULTILINE | re.DOTALL,
)
_OPENAPI: Final = re.compile(r"^[{\s]*[\"']?openapi[\"']?\s*:", re.MULTILINE)


@frozen
class Source:
    """One published document, as `sources.yaml` describes it."""

    file: str
    url: str
    date: str
    sha256: str
    note: str = ""


@frozen
class Document:
    """A document that was read: its name, where in the file its OpenAPI text begins, and its content."""

    name: str
    content: dict[str, Json] = field(repr=False)
    first_line: int = 1


def read_document(path: Path) -> Document:
    """Read one document.

    Raises:
        DocumentError: if it is not UTF-8, holds no or several OpenAPI blocks, or is not valid YAML or JSON.
    """
    return parse_document(path.name, read_text(path))


def read_text(path: Path) -> str:
    """The text of a file, or an error that names it."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise DocumentError(f"{path.parent.name}/{path.name}: there is no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(f"{path.name}: cannot be read as UTF-8 text: {error}") from None


def parse_document(name: str, text: str) -> Document:
    """Read a document from its text; the name decides whether it is a documentation page.

    Raises:
        DocumentError: if it is not one OpenAPI 3 document, or one of its parts is not of the kind it must be.
    """
    text = text.replace("\r\n", "\n").removeprefix("\ufeff")
    first_line = 1
    if name.lower().endswith((".md", ".mdx", ".markdown")):
        blocks = [block for block in _FENCE.finditer(text) if _OPENAPI.search(block["body"])]
        if len(blocks) != 1:
            raise DocumentError(f"{name}: a page must hold exactly one fenced OpenAPI block, not {len(blocks)}")
        first_line = text.count("\n", 0, blocks[0].start("body")) + 1
        text = textwrap.dedent(blocks[0]["body"])
    content = load_yaml(name, text)
    if not isinstance(content, dict) or not str(content.get("openapi", "")).startswith("3."):
        raise DocumentError(f"{name}: this is not an OpenAPI 3 document (there is no `openapi: 3.…` at its top)")
    if problems := misshapen(content):
        raise DocumentError(f"{name}: this is no valid OpenAPI document:\n" + "\n".join(f"  {p}" for p in problems))
    return Document(name, content, first_line)


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

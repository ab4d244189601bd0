"""OpenAPI documents: reading one from a file or a page, and walking through it."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from scripts.pipeline.plain import DocumentError, load_yaml
from scripts.pipeline.shape import METHODS, misshapen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["SCHEMAS", "Document", "DocumentError", "escaped", "parse_document", "read_document", "read_text"]

SCHEMAS: Final = "#/components/schemas/"
MAX_BYTES: Final = 20 * 1024 * 1024
_MAX_WRAPPINGS: Final = 20
_OPENAPI: Final = re.compile(r"""[{\s]*["']?openapi["']?\s*:""")
_FENCE: Final = re.compile(r"[ \t]*(`{3,}|~{3,})([^`]*)$")


@frozen
class Document:
    """An OpenAPI document.

    Attributes:
        name: What it is called in messages.
        content: All that it says.
        first_line: Where in its file the OpenAPI text begins.
    """

    name: str
    content: dict[str, Any] = field(repr=False)
    first_line: int = 1

    @property
    def schemas(self) -> dict[str, Any]:
        """The component schemas; a change of them is one of the document."""
        found: dict[str, Any] = self.content.setdefault("components", {}).setdefault("schemas", {})
        return found

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Path, method and operation, of all operations."""
        for path, item in self.content.get("paths", {}).items():
            for method in () if str(path).startswith("x-") else METHODS:
                if method in item:
                    yield path, method, item[method]

    def parameters(self, path: str, operation: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
        """The parameters of an operation, by location and name; its own replace those of its path."""
        listed = [*self.content["paths"][path].get("parameters", ()), *operation.get("parameters", ())]
        return {(found["in"], found["name"]): found for found in map(self.resolve, listed)}

    def resolve(self, node: Any) -> dict[str, Any]:
        """Follow local references.

        Raises:
            DocumentError: for one that leads out of the document, nowhere, or in a circle.
        """
        seen: set[str] = set()
        while isinstance(node, dict) and isinstance(reference := node.get("$ref"), str):
            if not reference.startswith("#/") or reference in seen:
                raise DocumentError(f"{reference} cannot be resolved inside the document")
            seen.add(reference)
            target: Any = self.content
            for part in reference[2:].split("/"):
                key = part.replace("~1", "/").replace("~0", "~")
                if not isinstance(target, dict) or key not in target:
                    raise DocumentError(f"{reference} cannot be resolved inside the document")
                target = target[key]
            node = target
        return node if isinstance(node, dict) else {}

    def members(self, schema: Any, seen: set[str] | None = None) -> dict[str, Any]:
        """The properties of an object, with those of the schemas that it is composed of; the first of a name counts."""
        # A component that was met before says nothing new, however often it is referred to.
        seen = set() if seen is None else seen
        reference = schema.get("$ref") if isinstance(schema, dict) else None
        if reference in seen:
            return {}
        if reference:
            seen.add(reference)
        schema = self.resolve(schema)
        found = dict(schema.get("properties", {}))
        for key in ("allOf", "oneOf", "anyOf"):
            for part in schema.get(key, ()):
                for name, inner in self.members(part, seen).items():
                    found.setdefault(name, inner)
        return found

    def essence(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The schema behind references and beside the alternative null, where only one is left."""
        schema = self.resolve(schema)
        for _ in range(_MAX_WRAPPINGS):
            options = [o for key in ("allOf", "oneOf", "anyOf") for o in schema.get(key, ()) if o != {"type": "null"}]
            if len(options) != 1 or "properties" in schema:
                return schema
            schema = self.resolve(options[0])
        raise DocumentError(f"a schema is wrapped into others without end: {sorted(schema)}")


def read_document(path: Path) -> Document:
    """Read one document.

    Raises:
        DocumentError: if it is not UTF-8, holds no or several OpenAPI blocks, or is not valid YAML or JSON.
    """
    return parse_document(path.name, read_text(path))


def read_text(path: Path) -> str:
    """The text of a file, or an error that names it.

    Raises:
        DocumentError: if there is none, if it is too large or not UTF-8, or if a link in it leads out of its folder.
    """
    name = f"{path.parent.name}/{path.name}"
    if path.is_symlink():
        raise DocumentError(f"{name}: this is a link to another file; put the file itself there")
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DocumentError(f"{name}: it has more than {MAX_BYTES} bytes")
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise DocumentError(f"{name}: there is no such file") from None
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
        blocks = [(line, body) for line, body in _blocks(text) if any(map(_OPENAPI.match, body[:500]))]
        if len(blocks) != 1:
            raise DocumentError(f"{name}: a page must hold exactly one fenced OpenAPI block, not {len(blocks)}")
        first_line = blocks[0][0]
        text = textwrap.dedent("\n".join(blocks[0][1]))
    content = load_yaml(name, text)
    if not isinstance(content, dict) or not str(content.get("openapi", "")).startswith("3."):
        raise DocumentError(f"{name}: this is not an OpenAPI 3 document (there is no `openapi: 3.…` at its top)")
    if problems := misshapen(content):
        raise DocumentError(f"{name}: this is no valid OpenAPI document:\n" + "\n".join(f"  {p}" for p in problems))
    return Document(name, content, first_line)


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and lines of each fenced block of a page: https://spec.commonmark.org/0.31.2/#fenced-code-blocks."""
    opened, first, body = "", 0, list[str]()
    for number, line in enumerate(text.split("\n"), 1):
        fence = _FENCE.match(line)
        if not opened and fence:
            opened, first, body = fence[1], number + 1, []
        elif opened and fence and fence[1].startswith(opened) and not fence[2].strip():
            yield first, body
            opened = ""
        elif opened:
            body.append(line)


def escaped(key: str) -> str:
    """A key as it stands in a JSON pointer (RFC 6901)."""
    return str(key).replace("~", "~0").replace("/", "~1")

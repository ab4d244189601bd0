"""Reads published documents: OpenAPI as YAML or JSON, or a documentation page with one fenced OpenAPI block."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

import yaml
from attrs import field, frozen

if TYPE_CHECKING:
    from pathlib import Path

Json = Any

_FENCE = re.compile(
    r"^(?P<fence>`{3,}|~{3,})[ \t]*(?:ya?ml|json)[^\n]*\n(?P<body>.*?)^(?P=fence)[ \t]*$", re.MULTILINE | re.DOTALL
)


class DocumentError(Exception):
    """A document that cannot be used; the message names it and says what to do."""


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


class _Loader(yaml.CSafeLoader):
    """YAML 1.2's idea of plain values, and no key twice: the last one would win in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - as in PyYAML  # noqa: FBT001, FBT002 - PyYAML's
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key_node.tag != "tag:yaml.org,2002:merge" and key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} stands twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


# YAML 1.1 reads `no` as false and `2026-01-01` as a date; OpenAPI documents mean text.
_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern) for tag, pattern in rules if tag not in {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool"}
    ]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


def read_document(path: Path) -> Document:
    """Read one document.

    Raises:
        DocumentError: if it is not UTF-8, holds no or several OpenAPI blocks, or is not valid YAML or JSON.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(f"{path.name}: cannot be read as UTF-8 text: {error}") from None
    return parse_document(path.name, text)


def parse_document(name: str, text: str) -> Document:
    """Read a document from its text; the name decides whether it is a documentation page."""
    first_line = 1
    if name.lower().endswith((".md", ".mdx", ".markdown")):
        blocks = [
            block for block in _FENCE.finditer(text) if re.search(r"^[\s{\"']*openapi\b", block["body"], re.MULTILINE)
        ]
        if len(blocks) != 1:
            raise DocumentError(f"{name}: a page must hold exactly one fenced OpenAPI block, not {len(blocks)}")
        first_line = text.count("\n", 0, blocks[0].start("body")) + 1
        text = blocks[0]["body"]
    content = load_yaml(name, text)
    if not isinstance(content, dict) or not str(content.get("openapi", "")).startswith("3."):
        raise DocumentError(f"{name}: this is not an OpenAPI 3 document (there is no `openapi: 3.…` at its top)")
    return Document(name, content, first_line)


def load_yaml(name: str, text: str) -> Json:
    """YAML or JSON text as plain values; a key that stands twice is refused."""
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader, made stricter
    except yaml.YAMLError as error:
        raise DocumentError(f"{name}: not valid YAML or JSON: {error}") from None


def read_sources(api: Path) -> list[Source]:
    """The documents of one API, the one that wins last."""
    path = api / "sources.yaml"
    listed = load_yaml(str(path), path.read_text(encoding="utf-8"))["documents"]
    return [Source(**{key: str(value) for key, value in entry.items()}) for entry in reversed(listed)]


def verify(source: Source, path: Path) -> None:
    """Check that a document is the one that `sources.yaml` speaks of."""
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != source.sha256:
        raise DocumentError(
            f"{path.name}: sources.yaml says sha256 {source.sha256}, the file has {found}; "
            "if the new document is meant, set sha256 and date there"
        )


def dump_yaml(content: Json, header: str = "") -> str:
    """YAML that is the same everywhere and reads well in a diff: keys in their own order, one value a line."""
    body = yaml.dump(content, Dumper=yaml.SafeDumper, sort_keys=False, allow_unicode=True, width=110, indent=2)
    return header + body

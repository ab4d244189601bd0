"""What is compared: a document, a published page, a `specs/<api>` folder, or a git revision."""

from __future__ import annotations

import copy
import io
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any, Final

import yaml
from attrs import define, evolve, field

from scripts.documents import Document, DocumentError, escaped, read_document
from scripts.pipeline.merge import merge
from scripts.pipeline.sources import read_sources
from scripts.review.bundle import bundled

ROOT: Final = Path(__file__).resolve().parents[2]
SPECS: Final = ROOT / "specs"
NAMED: Final = frozenset(
    [
        "callbacks",
        "definitions",
        "$defs",
        "dependentSchemas",
        "examples",
        "headers",
        "links",
        "parameters",
        "pathItems",
        "paths",
        "patternProperties",
        "properties",
        "requestBodies",
        "responses",
        "schemas",
        "securitySchemes",
        "webhooks",
        "content",
        "encoding",
        "variables",
    ]
)
"""Keys of mappings whose own keys are names."""
VALUES: Final = frozenset({"const", "default", "enum", "example", "value"})
"""Keys of values, in which `$ref` is text like any other."""


@define(kw_only=True)
class Side:
    """One version of one API.

    Attributes:
        api: Its name, such as `export`.
        label: What it is called in reports.
        document: Published documents, merged; without our corrections.
        folder: Folder with corrections and generator settings.
        texts: Published documents with their files, the winning one last.
        paths: Where each document is in the repository, or would be, by its name.
    """

    api: str
    label: str
    document: dict[str, Any] = field(repr=False)
    folder: Path
    texts: list[tuple[Document, Path]] = field(repr=False)
    paths: dict[str, str] = field(factory=dict)
    _lines: list[tuple[Document, dict[str, int]]] | None = field(default=None, init=False, repr=False)

    def same_settings(self, other: Side) -> bool:
        """Whether corrections and settings say the same on both sides."""
        names = ("fixes.overlay.yaml", "generator.yaml")
        pairs = [[each.folder / name for each in (self, other)] for name in names]
        return all(len({file.read_bytes() if file.exists() else b"" for file in pair}) == 1 for pair in pairs)

    def line(self, pointer: str | None) -> tuple[str, int] | None:
        """File and line of a pointer, or of the nearest one above it."""
        if pointer is None:
            return None
        if self._lines is None:
            self._lines = [
                (document, _lines(_openapi_text(path, document), document.first_line))
                for document, path in reversed(self.texts)
            ]
        while True:
            for document, lines in self._lines:
                if pointer in lines:
                    return self.paths.get(document.name, document.name), lines[pointer]
            if "/" not in pointer:
                return None
            pointer = pointer.rpartition("/")[0]


def _inside(document: Document) -> Document:
    """The document, if all its references are to itself: nothing that reads it may fetch or open anything else.

    Raises:
        DocumentError: naming the reference that leads out.
    """
    nodes: list[tuple[Any, bool]] = [(document.content, False)]
    while nodes:
        node, named = nodes.pop()
        if isinstance(node, list):
            nodes += [(each, False) for each in node]
        elif isinstance(node, dict):
            reference = node.get("$ref")
            if not named and isinstance(reference, str) and not reference.startswith("#"):
                raise DocumentError(f"{document.name}: {reference!r} leads out of the document; put its target into it")
            # In a mapping of names, `default` is a name; elsewhere it is a value, which may say anything.
            nodes += [(value, key in NAMED and not named) for key, value in node.items() if named or key not in VALUES]
    return document


def sides(base: str, head: str | None, scratch: Path) -> list[tuple[Side | None, Side | None]]:
    """Pairs to compare, one for each API; None on one side if the API is only on the other.

    Args:
        base: Document, page, folder or revision.
        head: The same; by default the work tree.
        scratch: A folder for what git gives.

    Raises:
        DocumentError: if one of them cannot be read, or the two are not of the same kind.
    """
    old, new = _sides(base, scratch / "base"), _sides(head or str(SPECS), scratch / "head")
    if len(old) == len(new) == 1:
        return [_pair(next(iter(old.values())), next(iter(new.values())), base, head or "")]
    for given, some, others in ((base, old, new), (head, new, old)):
        # A document or the folder of one API was given: nothing is said about the others.
        if len(some) == 1 and given is not None and _is_one_api(Path(given)):
            [api] = some
            if api not in others:
                raise DocumentError(f"{given} is of the API {api}, and there is none of that name on the other side")
            return [(old[api], new[api])]
    return [(old.get(api), new.get(api)) for api in sorted({*old, *new})]


def _is_one_api(path: Path) -> bool:
    return path.is_file() or (path / "sources.yaml").is_file()


def _pair(old: Side, new: Side, base: str, head: str) -> tuple[Side, Side]:
    """Two versions of one API, whatever they were called."""
    pair = (old, new)
    kept = [(side.folder / "sources.yaml").exists() and side.folder.parent != SPECS for side in pair]
    named = [
        side.api
        for side, given, home in zip(pair, (base, head), kept, strict=True)
        if home or not Path(given).is_file()
    ]
    api = named[0] if named else _api_of(*(side.document for side in pair))
    for side, home in zip(pair, kept, strict=True):
        side.api = api
        if not home:
            side.folder = SPECS / api
    return pair


def _sides(given: str, scratch: Path) -> dict[str, Side]:
    path = Path(given)
    if path.is_file():
        document = _inside(_document(path))
        home = path.resolve().parent.parent
        published = path.resolve().parent.name == "upstream" and (home / "sources.yaml").is_file()
        api = home.name if published else _api_of(document.content)
        side = Side(
            api=api,
            label=path.name,
            document=copy.deepcopy(document.content),
            folder=home if published else SPECS / api,
            texts=[(document, path)],
            paths={document.name: _shown(path, document.name)},
        )
        return {api: side}
    if _is_one_api(path):
        return {path.resolve().name: _folder(path.resolve(), given)}
    if path.is_dir() and (found := sorted(path.glob("*/sources.yaml"))):
        return {each.parent.name: _folder(each.parent, given) for each in found}
    return _revision(given, scratch)


def _shown(path: Path, otherwise: str) -> str:
    """A path inside of the repository; what is outside is called by its name, wherever it lies."""
    path = path.resolve()
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else otherwise


def _document(path: Path) -> Document:
    """A document with the files beside it."""
    document = read_document(path)
    return evolve(document, content=bundled(document.content, path))


def _folder(folder: Path, label: str) -> Side:
    documents = []
    for source in read_sources(folder):
        path = folder / "upstream" / source.file
        document = _inside(read_document(path))
        documents.append((document, path))
    merged, _ = merge(folder.name, [document for document, _ in documents])
    paths = {
        document.name: _shown(folder / "upstream" / document.name, f"specs/{folder.name}/upstream/{document.name}")
        for document, _ in documents
    }
    return Side(api=folder.name, label=label, document=merged.content, folder=folder, texts=documents, paths=paths)


def _revision(revision: str, scratch: Path) -> dict[str, Side]:
    neither = f"{revision}: neither a document, nor a specs/<api> folder or a folder of them (with sources.yaml)"
    if not re.fullmatch(r"[\w./~^@{}+#-]+", revision) or revision.startswith("-"):
        raise DocumentError(f"{neither}, nor the name of a git revision")
    done = subprocess.run(
        ["git", "-C", str(ROOT), "archive", "--format=zip", revision, "specs"], capture_output=True, check=False
    )
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise DocumentError(
            f"{neither}, nor a git revision with specs ({reason}); a shallow clone lacks old ones: `git fetch --unshallow`"
        )
    with zipfile.ZipFile(io.BytesIO(done.stdout)) as archive:
        archive.extractall(scratch)
    return {each.parent.name: _folder(each.parent, revision) for each in sorted(scratch.glob("specs/*/sources.yaml"))}


def _known() -> list[str]:
    return sorted(each.parent.name for each in SPECS.glob("*/sources.yaml"))


def _api_of(*documents: dict[str, Any]) -> str:
    """The API that documents are of: the one whose addresses and paths they share most of."""

    def marks(content: dict[str, Any]) -> set[str]:
        servers = {server.get("url", "") for server in content.get("servers") or []}
        paths = {re.sub(r"\{[^}]*\}", "{}", path).strip("/") for path in content.get("paths") or {}}
        return servers | paths | set((content.get("components") or {}).get("schemas") or {})

    scores: dict[str, int] = {}
    for api in _known():
        published, _ = merge(api, [read_document(SPECS / api / "upstream" / s.file) for s in read_sources(SPECS / api)])
        scores[api] = sum(len(marks(document) & marks(published.content)) for document in documents)
    best = max(scores, key=lambda api: scores[api], default="")
    # A document that shares nothing with ours is of some other API: none of our corrections is meant for it.
    return best if scores.get(best) else "other"


def _openapi_text(path: Path, document: Document) -> str:
    text = path.read_text(encoding="utf-8-sig")
    if document.first_line == 1:
        return text
    lines = text.split("\n")[document.first_line - 1 :]
    end = next((i for i, line in enumerate(lines) if re.match(r"^(`{3,}|~{3,})\s*$", line)), len(lines))
    return "\n".join(lines[:end])


def _lines(text: str, first: int) -> dict[str, int]:
    """The line of every pointer of a YAML or JSON text."""
    found: dict[str, int] = {}

    def walk(node: yaml.Node, pointer: str) -> None:
        found.setdefault(pointer, node.start_mark.line + first)
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                inner = f"{pointer}/{escaped(key.value)}"
                found[inner] = key.start_mark.line + first
                walk(value, inner)
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                walk(value, f"{pointer}/{index}")

    # JSON writes an emoji as two escapes, which YAML refuses; any one character will do for a line.
    text = re.sub(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}", "?", text) if text.lstrip().startswith("{") else text
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    if root is not None:
        walk(root, "#")
    return found

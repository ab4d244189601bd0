"""From published documents to a generated client, step by step.

`build` works on any folder laid out like `specs/<api>`, so other tools can run the pipeline on other documents.
"""

from __future__ import annotations

import copy
import shutil
import tempfile
from pathlib import Path
from typing import Final

from attrs import evolve, frozen

from scripts.documents import Document, DocumentError, read_document, read_text
from scripts.pipeline.catalogue import write_catalogue
from scripts.pipeline.check import check
from scripts.pipeline.gate import try_out
from scripts.pipeline.generate import HEADER, finish, generate
from scripts.pipeline.lock import lock_text
from scripts.pipeline.merge import merge
from scripts.pipeline.normalise import normalise
from scripts.pipeline.overlay_document import StaleAction, apply_overlay, try_overlay
from scripts.pipeline.plain import dump_yaml, load_yaml
from scripts.pipeline.settings import read_settings
from scripts.pipeline.sources import read_sources, verify

ROOT: Final = Path(__file__).resolve().parents[2]


@frozen
class Built:
    """What became of the documents of one API.

    Attributes:
        document: After normalisation and corrections.
        overrides: What a later document replaced of an earlier one, a line each.
        rules: The normalisations that were applied.
        notes: What is left out of the client because there is another way, and names that were told apart.
        collisions: Properties whose names became one in Python.
        stale: Corrections that match nothing or change nothing, if they were allowed to.
    """

    document: Document
    overrides: list[str]
    rules: list[str]
    notes: list[str]
    collisions: list[str]
    stale: list[StaleAction]


def read_published(api: Path, *, verified: bool = True) -> tuple[Document, list[str]]:
    """The published documents of one API as one, and what the later ones replaced of the earlier.

    Raises:
        DocumentError: if one cannot be read, or is not the one that `sources.yaml` speaks of.
    """
    documents = []
    for source in read_sources(api):
        path = api / "upstream" / source.file
        if verified:
            verify(source, path)
        documents.append(read_document(path))
    return merge(api.name, documents)


def assemble(published: Document, api: Path, *, corrected: bool = True, lenient: bool = False) -> Built:
    """Normalise, correct and validate a document, without generating.

    Args:
        published: It stays as it is.
        api: The folder with the corrections, which may have none.
        corrected: Whether to apply them.
        lenient: Whether corrections may be stale, and servers missing, as in a page about one operation.

    Raises:
        DocumentError: naming the document or the correction, and what is wrong.
    """
    document = evolve(published, content=copy.deepcopy(published.content))
    try:
        rules = normalise(document, api.name)
    except DocumentError as error:
        raise DocumentError(f"{api.name}: {error}") from None
    fixes, stale = api / "fixes.overlay.yaml", list[StaleAction]()
    if corrected and fixes.exists():
        name = f"{api.name}: {fixes.name}"
        overlay = load_yaml(name, read_text(fixes))
        if lenient:
            content, stale = try_overlay(document.content, overlay, name)
        else:
            content = apply_overlay(document.content, overlay, name)
        document = evolve(document, content=content)
    check(document, servers=not lenient)
    return Built(document, [], rules, [], [], stale)


def write_client(built: Built, api: Path, package: Path, *, formatted: bool = True) -> Built:
    """Write the package of a document; what is to be said of it comes back.

    Raises:
        DocumentError: if it cannot be generated, or if it does not hold together.
    """
    settings = read_settings(api)
    prepared = generate(api.name, built.document, settings, package)
    write_catalogue(built.document, package, HEADER.format(api=api.name), settings)
    if formatted:
        finish(package)
    return evolve(built, notes=[*prepared.dropped, *prepared.collisions], collisions=prepared.collisions)


def build(api: Path, output: Path, *, verified: bool = True) -> Built:
    """Build one API: `openapi.yaml` and `build.lock` in its folder, and the package in `output`.

    What was there stays as it is until everything has succeeded.

    Raises:
        DocumentError: naming what cannot be used, and what to do.
    """
    try:
        return _built(api, output, verified=verified)
    except RecursionError:
        raise DocumentError(f"{api.name}: schemas are nested too deep, or one is composed of itself") from None


def _built(api: Path, output: Path, *, verified: bool) -> Built:
    published, overrides = read_published(api, verified=verified)
    built = assemble(published, api)
    header = f"# Built by `make regenerate` from upstream/ and fixes.overlay.yaml of specs/{api.name}; do not edit.\n"
    with tempfile.TemporaryDirectory(prefix="moveworks-build-") as folder:
        document, package = Path(folder) / "openapi.yaml", Path(folder) / output.name
        document.write_text(dump_yaml(built.document.content, header), encoding="utf-8", newline="\n")
        built = write_client(built, api, package)
        try_out(package)
        lock = lock_text(api, document, package)
        shutil.rmtree(output, ignore_errors=True)
        shutil.copytree(package, output)
        shutil.copyfile(document, api / document.name)
    (api / "build.lock").write_text(lock, encoding="utf-8", newline="\n")
    return evolve(built, overrides=overrides)

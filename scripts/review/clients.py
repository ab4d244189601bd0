"""The clients that the real pipeline makes of both documents, with the corrections and settings of their folders."""

from __future__ import annotations

import copy
import shutil
from typing import TYPE_CHECKING, Any

from attrs import define, field

from scripts.documents import Document, DocumentError
from scripts.pipeline.build import assemble, write_client
from scripts.review.symbols import Symbol, symbols

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.pipeline.overlay_document import StaleAction
    from scripts.review.sources import Side


@define(kw_only=True)
class Client:
    """What the pipeline makes of one side.

    Attributes:
        package: Its folder.
        document: What it was made of, after normalisation and corrections.
        names: What normalisation calls the schema components, by their published name.
        classes: Names of classes that the settings change, by the name that the generator would have chosen.
        symbols: Every public symbol, by its dotted path.
        stale: Corrections that match nothing or change nothing.
        collisions: Properties whose names became one in Python.
        problem: Why there is no client, if there is none.
    """

    package: Path
    document: dict[str, Any] = field(factory=dict, repr=False)
    names: dict[str, str] = field(factory=dict, repr=False)
    classes: dict[str, str] = field(factory=dict, repr=False)
    symbols: dict[str, Symbol] = field(factory=dict, repr=False)
    stale: list[StaleAction] = field(factory=list)
    collisions: list[str] = field(factory=list)
    problem: str = ""


def client(side: Side, folder: Path) -> Client:
    """Make a client of one side, or say why none can be made."""
    from scripts.pipeline.settings import read_settings

    made = Client(package=folder / f"moveworks_{side.api}")
    published = Document(side.api, copy.deepcopy(side.document))
    try:
        built = assemble(published, side.folder, lenient=True)
        made.document, made.stale = built.document.content, built.stale
        # Normalisation keeps the order of the components that it renames, and adds others behind them.
        made.names = dict(zip(published.schemas, built.document.schemas, strict=False))
        made.classes = {name: other for name, (other, _) in read_settings(side.folder).classes.items()}
        made.collisions = write_client(built, side.folder, made.package, formatted=False).collisions
        made.symbols = symbols(made.package)
    except (DocumentError, KeyError, TypeError, AttributeError, ValueError, RecursionError, OSError) as error:
        made.problem = str(error) if isinstance(error, DocumentError) else f"{type(error).__name__}: {error}"
        shutil.rmtree(made.package, ignore_errors=True)
    return made


def same_bytes(old: Client, new: Client) -> bool:
    """Whether both sides give the same files."""
    sides = [
        {f.relative_to(each.package).as_posix(): f.read_bytes() for f in each.package.rglob("*.py")}
        for each in (old, new)
    ]
    return sides[0] == sides[1]

"""The clients that the real pipeline makes of both documents, and the signatures of their public symbols."""

from __future__ import annotations

import copy
import re
import shutil
from typing import TYPE_CHECKING, Any, Final

from attrs import define, field

from scripts.catalogue import write_catalogue
from scripts.documents import DocumentError, load_yaml
from scripts.generate import finish, generate
from scripts.lint import check
from scripts.normalise import normalise
from scripts.overlay_document import OverlayError, StaleAction, try_overlay

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.review.sources import Side


DEFAULTS: Final = (
    "literal_enums: true\npost_hooks: []\ngenerate_all_tags: false\npackage_name_override: moveworks_{api}\n"
)
"""Settings of the generator for a document that is of none of our APIs."""


@define(kw_only=True)
class Client:
    """What the pipeline makes of one side.

    Attributes:
        document: After normalisation and corrections.
        names: What normalisation calls the schema components, by their published name.
        classes: Names of classes that the generator's settings override, by the name it would have chosen.
        symbols: Signature of every public symbol, by dotted path without the package.
        stale: Corrections that match nothing or change nothing.
        problem: Why there is no client, if there is none.
    """

    document: dict[str, Any] = field(repr=False)
    names: dict[str, str] = field(factory=dict, repr=False)
    classes: dict[str, str] = field(factory=dict, repr=False)
    symbols: dict[str, str] = field(factory=dict, repr=False)
    stale: list[StaleAction] = field(factory=list)
    problem: str = ""


def clients(base: Side, head: Side, scratch: Path, *, published: bool = True) -> dict[str, Client]:
    """The four clients: `base` and `head`, each `published`, unless nobody asks for that, and `built`."""
    jobs = {
        f"{name} {kind}": (side, kind == "built")
        for name, side in (("base", base), ("head", head))
        for kind in (("published", "built") if published else ("built",))
    }
    folders = {name: scratch / name.replace(" ", "-") for name in jobs}
    made = {name: _client(*job, folders[name]) for name, job in jobs.items()}
    for name, client in made.items():
        if not client.problem:
            client.symbols = symbols(folders[name] / f"moveworks_{base.api}")
        shutil.rmtree(folders[name], ignore_errors=True)
    return made


def _client(side: Side, corrected: bool, folder: Path) -> Client:  # noqa: FBT001 - one of two kinds
    document = copy.deepcopy(side.document)
    client = Client(document=document)
    fixes = side.folder / "fixes.overlay.yaml"
    if "openapi" not in document:
        client.problem = "the pipeline takes OpenAPI 3 only, and this is Swagger 2.0"
        return client
    try:
        normalise(document, side.api)
        # Normalisation keeps the order of the components that it renames, and adds others behind them.
        client.names = dict(zip(_components(side.document), _components(document), strict=False))
        folder.mkdir(parents=True)
        own, settings_file = side.folder / "generator.yaml", folder / "generator.yaml"
        text = own.read_text(encoding="utf-8") if own.exists() else DEFAULTS.format(api=side.api)
        settings_file.write_text(text, encoding="utf-8")
        settings = load_yaml(own.name, text) or {}
        client.classes = {name: each["class_name"] for name, each in (settings.get("class_overrides") or {}).items()}
        if corrected and fixes.exists():
            overlay = load_yaml(str(fixes), fixes.read_text(encoding="utf-8"))
            client.document, client.stale = try_overlay(document, overlay, f"{side.api}: {fixes.name}")
        if corrected:
            check(client.document, side.api)
        package = folder / f"moveworks_{side.api}"
        generate(side.api, client.document, settings_file, package)
        # A page about one endpoint may name no servers; the whole document of an API must.
        placeless = not client.document.get("servers")
        write_catalogue(
            client.document | ({"servers": [{"url": "https://none.invalid"}]} if placeless else {}), package, ""
        )
        if placeless:
            (package / "service.py").unlink()
        if corrected:
            finish(package)
    except (DocumentError, OverlayError, KeyError, TypeError, AttributeError, ValueError, OSError) as error:
        client.problem = f"{type(error).__name__}: {error}"
    return client


def _components(document: dict[str, Any]) -> dict[str, Any]:
    schemas: dict[str, Any] = (document.get("components") or {}).get("schemas") or {}
    return schemas


def symbols(package: Path) -> dict[str, str]:
    """Every public symbol of a generated package with its signature: fields, parameters, return types."""
    import griffe

    loader = griffe.GriffeLoader(search_paths=[str(package.parent)], allow_inspection=False)
    found: dict[str, str] = {}

    def walk(node: Any) -> None:
        for name, member in node.members.items():
            if name.startswith("_") or member.is_alias:
                continue
            path = member.path.partition(".")[2]
            if member.is_class:
                bases = ", ".join(str(each) for each in member.bases)
                found[path] = f"class {name}({bases})"
                walk(member)
            elif member.is_function:
                arguments = ", ".join(_argument(each) for each in member.parameters)
                kind = "async def" if "async" in member.labels else "def"
                found[path] = f"{kind} {name}({arguments}) -> {member.returns}"
            elif member.is_attribute:
                # The catalogue says what a field is by calling its class; the rest of the call is documentation.
                made = re.match(r"([A-Z]\w*)\(", str(member.value)) if path.startswith("entities.") else None
                told = member.annotation if member.annotation is not None else made and made.group(1)
                typed = told is not None and not str(told).startswith("Final")
                found[path] = f"{name}: {told}" if typed else f"{name} = {member.value}"
            elif member.is_module:
                walk(member)

    walk(loader.load(package.name))
    return found


def _argument(parameter: Any) -> str:
    text = parameter.name if parameter.annotation is None else f"{parameter.name}: {parameter.annotation}"
    return text if parameter.default is None else f"{text} = {parameter.default}"


def symbol_changes(old: dict[str, str], new: dict[str, str]) -> dict[str, tuple[str | None, str | None]]:
    """Symbols that came, went, or have another signature."""
    return {path: (old.get(path), new.get(path)) for path in sorted({*old, *new}) if old.get(path) != new.get(path)}


def shorter(old: str | None, new: str | None) -> tuple[str | None, str | None]:
    """Two signatures of a function without the parameters and the return alternatives that they share."""
    if old is None or new is None or "(" not in old or "(" not in new or old.startswith("class "):
        return old, new
    sides = []
    for text in (old, new):
        head, _, rest = text.partition("(")
        arguments, _, returns = rest.rpartition(") -> ")
        alternatives = re.sub(r"^Response\[|\]$", "", returns).split(" | ")
        sides.append((head, _split(arguments), alternatives))
    shown = []
    for (head, mine, returned), (_, others, theirs) in (sides, sides[::-1]):
        kept = [each for each in mine if each not in others]
        told = [each for each in returned if each not in theirs]
        inner = ", ".join([*kept, *(["…"] if len(kept) < len(mine) else [])])
        back = " | ".join([*told, *(["…"] if len(told) < len(returned) else [])])
        shown.append(f"{head}({inner}) -> {back}")
    return shown[0], shown[1]


def _split(arguments: str) -> list[str]:
    """Parameters, at the commas outside brackets."""
    parts, depth = [""], 0
    for character in arguments:
        depth += (character in "[(") - (character in "])")
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts if part.strip()]

"""From a spec change to the Python symbols that change with it, and to the hand-written lines that use them.

Both documents run through the real pipeline: once as they were published, which shows what the change means, and once with
their corrections, which shows what of it reaches a user today.
"""

from __future__ import annotations

import ast
import copy
import re
import shutil
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from attrs import define, field

from scripts.catalogue import write_catalogue
from scripts.documents import DocumentError, dump_yaml, load_yaml
from scripts.generate import finish, generate
from scripts.lint import check
from scripts.normalise import normalise
from scripts.overlay_document import OverlayError, StaleAction, try_overlay

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scripts.review.findings import Finding
    from scripts.review.sources import Side

ROOT: Final = Path(__file__).resolve().parents[2]
ROOMS: Final = ("overlay", "scripts", "tests")
MOST_USES: Final = 12


@define(kw_only=True)
class Client:
    """What the pipeline makes of one side.

    Attributes:
        document: After normalisation and corrections.
        symbols: Signature of every public symbol, by dotted path without the package.
        stale: Corrections that match nothing or change nothing.
        problem: Why there is no client, if there is none.
    """

    document: dict[str, Any] = field(repr=False)
    symbols: dict[str, str] = field(factory=dict, repr=False)
    stale: list[StaleAction] = field(factory=list)
    problem: str = ""


def clients(base: Side, head: Side, scratch: Path) -> dict[str, Client]:
    """The four clients: `base` and `head`, each `published` and `built`."""
    jobs = {
        f"{name} {kind}": (side, kind == "built")
        for name, side in (("base", base), ("head", head))
        for kind in ("published", "built")
    }
    folders = {name: scratch / name.replace(" ", "-") for name in jobs}
    with ThreadPoolExecutor(max_workers=4) as pool:
        made = dict(zip(jobs, pool.map(lambda name: _client(*jobs[name], folders[name]), jobs), strict=True))
    for name, client in made.items():
        # Not in the threads: Python 3.11 cannot parse in two threads at once (python/cpython#106905).
        if not client.problem:
            client.symbols = symbols(folders[name] / f"moveworks_{base.api}")
        shutil.rmtree(folders[name], ignore_errors=True)
    return made


def _client(side: Side, corrected: bool, folder: Path) -> Client:  # noqa: FBT001 - one of two kinds
    document = copy.deepcopy(side.document)
    client = Client(document=document)
    fixes = side.folder / "fixes.overlay.yaml"
    try:
        normalise(document, side.api)
        if corrected and fixes.exists():
            overlay = load_yaml(str(fixes), fixes.read_text(encoding="utf-8"))
            client.document, client.stale = try_overlay(document, overlay, f"{side.api}: {fixes.name}")
        if corrected:
            check(client.document, side.api)
        folder.mkdir(parents=True)
        target = folder / "openapi.yaml"
        target.write_text(dump_yaml(client.document), encoding="utf-8")
        package = folder / f"moveworks_{side.api}"
        generate(side.api, target, side.folder / "generator.yaml", package)
        if corrected:
            try:
                write_catalogue(client.document, package, "")
            except DocumentError:
                # A page about one endpoint names no servers; the whole documents of an API must.
                if len(side.texts) > 1:
                    raise
            finish(package)
    except (DocumentError, OverlayError, KeyError, TypeError, AttributeError) as error:
        client.problem = f"{type(error).__name__}: {error}"
    return client


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
                found[path] = (
                    f"{name}: {member.annotation}" if member.annotation is not None else f"{name} = {member.value}"
                )
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


def attach(findings: list[Finding], made: dict[str, Client]) -> None:
    """Give every finding the symbols that change with it, and say whether the corrections hide it."""
    published = symbol_changes(made["base published"].symbols, made["head published"].symbols)
    built = symbol_changes(made["base built"].symbols, made["head built"].symbols)
    whole = not any(made[name].problem for name in ("base published", "head published"))
    shown = published if whole else built
    operations = {**_operations(made["base built"].document), **_operations(made["head built"].document)}
    for finding in findings:
        paths = list(_paths(finding, shown, operations))
        finding.symbols = [
            dict(zip(("old", "new"), shorter(*shown[path]), strict=True))
            | {"symbol": path, "reaches_users": path in built}
            for path in paths[:8]
        ]
        finding.neutralised = bool(whole and paths and not any(path in built for path in paths))


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


def _paths(
    finding: Finding, changes: dict[str, tuple[str | None, str | None]], operations: dict[str, str]
) -> Iterable[str]:
    """Changed symbols that belong to a finding: by component and property, else by operation."""
    owner, attribute = _owner(finding)
    classes = defaultdict(list)
    for path in changes:
        parts = path.split(".")
        if parts[0] == "models" and len(parts) > 2:
            classes[_plain(parts[2])].append(path)
    if attribute:
        exact = [p for p in classes.get(_plain(owner), []) if p.split(".")[-1].rstrip("_") == _snake(attribute)]
        alike = [
            path
            for paths in classes.values()
            for path in paths
            if len(path.split(".")) > 3 and path.split(".")[-1].rstrip("_") == _snake(attribute)
        ]
        near = [p for p in alike if _related(owner, p.split(".")[2])]
        if exact or near or len({p.split(".")[2] for p in alike}) == 1:
            yield from exact or near or alike
            return
    if owner and classes.get(_plain(owner)):
        yield from [p for p in classes[_plain(owner)] if len(p.split(".")) == 3] or classes[_plain(owner)][:2]
        return
    if finding.rule == "api-schema-renamed":
        yield from [p for name in (finding.old, finding.new) for p in classes.get(_plain(str(name)), [])[:1]]
        return
    for reach in finding.reaches[:3]:
        module = _snake(operations.get(reach.removesuffix(" request").removesuffix(" response"), "-"))
        yield from [
            path for path in changes if path.startswith("api.") and path.split(".")[2:] == [module, "sync_detailed"]
        ]


def _owner(finding: Finding) -> tuple[str, str]:
    """Component and property that a pointer is about."""
    parts = finding.place.split("/")
    owner = parts[3] if parts[1:3] == ["components", "schemas"] and len(parts) > 3 else ""
    names = [after for before, after in pairwise(parts) if before == "properties"]
    return owner, names[-1] if names else ""


def _operations(document: dict[str, Any]) -> dict[str, str]:
    return {
        f"{method.upper()} {path}": str(operation.get("operationId", ""))
        for path, item in (document.get("paths") or {}).items()
        for method, operation in item.items()
        if isinstance(operation, dict) and "responses" in operation
    }


def _related(component: str, name: str) -> bool:
    """`conversationsobject` and `ConversationRecord` are of one entity set."""
    left, right = _plain(component), _plain(name)
    stem = re.sub(r"(record|page|object)$", "", right)
    return bool(stem) and (left.startswith(stem) or stem.startswith(re.sub(r"s?(object)?$", "", left) or "\0"))


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _snake(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()).strip("_")


# hand-written code


@define
class Usage:
    """Where hand-written code names things, by name."""

    attributes: dict[str, list[str]] = field(factory=lambda: defaultdict(list))
    names: dict[str, list[str]] = field(factory=lambda: defaultdict(list))
    texts: dict[str, list[str]] = field(factory=lambda: defaultdict(list))


def usage(root: Path = ROOT) -> Usage:
    """Read all hand-written code once: attribute chains, names that are imported, and field names in strings."""
    found = Usage()
    for room in ROOMS:
        for file in sorted((root / room).rglob("*.py")):
            if "review" in file.parts or "templates" in file.parts:
                continue
            place = file.relative_to(root).as_posix()
            tree = ast.parse(file.read_text(encoding="utf-8"))
            documented = {
                id(node.body[0].value)
                for node in ast.walk(tree)
                if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
                and node.body
                and isinstance(node.body[0], ast.Expr)
            }
            for node in ast.walk(tree):
                if isinstance(node, ast.Attribute) and not _own(node):
                    found.attributes[node.attr].append(f"{place}:{node.end_lineno}")
                elif isinstance(node, ast.alias):
                    found.names[node.name.rpartition(".")[2]].append(f"{place}:{node.lineno}")
                elif isinstance(node, ast.Name):
                    found.names[node.id].append(f"{place}:{node.lineno}")
                elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
                    for word in _field_names(node.value):
                        found.texts[word].append(f"{place}:{node.lineno}")
    return found


def _own(node: ast.Attribute) -> bool:
    """Whether an attribute is one of the object's own, which says nothing of a record."""
    return isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}


def _field_names(text: str) -> set[str]:
    """Names of fields in a string: a name, a path, a list of names, or an OData expression."""
    if re.fullmatch(r"[@A-Za-z_][\w.@-]*(?:[/,] ?[A-Za-z_]\w*)*(?: (?:asc|desc))?", text):
        return set(re.findall(r"[A-Za-z_][\w-]*", text))
    return set(re.findall(r"([A-Za-z_]\w*)(?=\)? (?:eq|ne|lt|le|gt|ge|in) )", text))


def attach_uses(findings: list[Finding], used: Usage) -> None:
    """Give every finding the lines that name what it changes, library first, tests last."""
    for finding in findings:
        if finding.python in {"docs", "additive"}:
            continue
        lines: dict[str, None] = {}
        owner, attribute = _owner(finding)
        names = {each["symbol"].split(".")[2] for each in finding.symbols if each["symbol"].count(".") >= 2}
        for name in sorted(names):
            lines.update(dict.fromkeys(used.names.get(name, [])))
        words = {word for word in (attribute, _snake(attribute)) if word}
        if not attribute and isinstance(finding.old, str) and re.fullmatch(r"[\w-]{3,}", finding.old):
            words |= {finding.old, _snake(finding.old)}
        for word in sorted(words):
            for table in (used.attributes, used.texts):
                lines.update(dict.fromkeys(table.get(word, [])))
        if finding.rule in {"api-base-path-changed", "api-path-prefix-changed"}:
            lines.update(dict.fromkeys(used.attributes.get("BASE_PATH", [])))
        for reach in finding.reaches:
            for segment in re.findall(r"[a-z][\w-]{3,}", reach.partition(" ")[2]):
                if not attribute and not owner:
                    lines.update(dict.fromkeys(used.attributes.get(_snake(segment), [])[:4]))
        order = {room: index for index, room in enumerate(ROOMS)}
        ranked = sorted(lines, key=lambda line: (order[line.partition("/")[0]], _by_line(line)))
        finding.uses = ranked[:MOST_USES] + (
            [f"… and {len(ranked) - MOST_USES} more"] if len(ranked) > MOST_USES else []
        )


def _by_line(place: str) -> tuple[str, int]:
    file, _, line = place.rpartition(":")
    return file, int(line)


# what nothing reaches


def uncovered(head: dict[str, Any], root: Path = ROOT) -> list[str]:
    """Operations of the head that the facade does not offer, and parameters of those that it does."""
    source = "\n".join(
        file.read_text(encoding="utf-8")
        for file in sorted((root / "overlay").rglob("*.py"))
        if "sandbox" not in file.parts
    )
    from scripts.entity_sets import entity_sets

    generic = {operation.get("operationId") for _, operation, _, _ in entity_sets(head)}
    missing: list[str] = []
    for path, item in (head.get("paths") or {}).items():
        for method, operation in item.items():
            if not isinstance(operation, dict) or "operationId" not in operation:
                continue
            name = operation["operationId"]
            # Entity sets are listed by the catalogue, with every query option that the spec declares.
            if name in generic:
                continue
            module = _snake(name)
            call = re.search(rf"\b{module}\._get_kwargs\((.*?)\)", source, re.DOTALL)
            if not re.search(rf"\bimport {module}\b", source) or call is None:
                missing.append(f"{method.upper()} {path} ({name})")
                continue
            for parameter in [*item.get("parameters", []), *operation.get("parameters", [])]:
                told = str(parameter.get("name", ""))
                if parameter.get("in") in {"query", "header"} and f"{_snake(told)}=" not in call.group(1):
                    missing.append(f"{method.upper()} {path}: parameter {told}")
    return missing

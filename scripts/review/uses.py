"""The lines of hand-written code that use what a finding changes.

mypy resolves every name and attribute to what it is an attribute of, so `conversation.route` counts and the `route` of something
else does not. Where it cannot say what an object is, which happens in tests, the names that lead to the object decide. Field
names in strings count where they stand in an OData expression, are too particular to be anything else, or stand in
code that names what they are fields of.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from attrs import define, field, frozen

from scripts.documents import DocumentError
from scripts.openapi import singular_name
from scripts.review.chain import plain, snake
from scripts.review.sources import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scripts.review.findings import Finding

ROOMS: Final = ("overlay", "scripts", "tests")
RANKS: Final = ("overlay/moveworks/cli/", "overlay/moveworks/sandbox/", "overlay/", "scripts/", "tests/")
ORDER: Final = (2, 0, 1, 3, 4)
"""The library first, then the command line, the sandbox, the tools and the tests."""
NOT_READ: Final = ("scripts/review/", "scripts/templates/", "tests/review/")
"""The review itself, which speaks of fields of any document."""


@frozen
class Name:
    """An attribute or string in a line of code, with the names around it that say what it belongs to."""

    place: str
    around: frozenset[str]


@define
class Usage:
    """Where hand-written code names things.

    Attributes:
        names: Places by full name, such as `moveworks_export.entities.Conversation.route`.
        loose: Attributes of objects of unknown type, by their own name, with the names that lead to the object.
        texts: Words in strings that may be names of fields, with the names around them.
        strings: Whole strings.
        keywords: Names of keyword arguments without signs, with the names in the call.
        functions: Functions of the library: full name, with first and last line.
        bases: Names of the classes of the library that inherit from a class, by its full name.
    """

    names: dict[str, set[str]] = field(factory=lambda: defaultdict(set))
    loose: dict[str, set[Name]] = field(factory=lambda: defaultdict(set))
    texts: dict[str, set[Name]] = field(factory=lambda: defaultdict(set))
    strings: dict[str, set[Name]] = field(factory=lambda: defaultdict(set))
    keywords: dict[str, set[Name]] = field(factory=lambda: defaultdict(set))
    functions: list[tuple[str, str, int, int]] = field(factory=list)
    bases: dict[str, set[str]] = field(factory=lambda: defaultdict(set))


def usage(root: Path = ROOT) -> Usage:
    """Read all hand-written code once.

    Raises:
        DocumentError: if a file of it is not valid Python.
    """
    found = Usage()
    files = [
        file
        for room in ROOMS
        for file in sorted((root / room).rglob("*.py"))
        if not file.relative_to(root).as_posix().startswith(NOT_READ)
    ]
    resolved = _resolved(root, files)
    for file in files:
        place = file.relative_to(root).as_posix()
        try:
            tree = ast.parse(file.read_text(encoding="utf-8"))
        except SyntaxError as error:
            raise DocumentError(
                f"{place} is not valid Python, so what uses the specs cannot be said: {error}"
            ) from None
        _Reader(found, place, resolved.get(place, {})).read(tree)
    return found


def _resolved(root: Path, files: list[Path]) -> dict[str, dict[tuple[int, str], set[str]]]:
    """For each file, the full names that mypy gives to a name or attribute in a line."""
    from mypy import build, find_sources, options, refinfo

    settings = options.Options()
    settings.python_executable = sys.executable
    settings.mypy_path = [str(root / each) for each in ("overlay", "generated", ".", "tests/support")]
    settings.explicit_package_bases = settings.namespace_packages = True
    settings.export_types = settings.preserve_asts = settings.check_untyped_defs = True
    # Other people's packages say nothing about ours, and reading them takes most of the time.
    settings.follow_imports = "skip"
    settings.ignore_missing_imports = settings.ignore_errors = True
    settings.incremental = False
    settings.cache_dir = "/dev/null"
    generated = sorted((root / "generated").rglob("*.py"))
    try:
        sources = find_sources.create_source_list([str(file) for file in (*files, *generated)], settings)
        made = build.build(sources, settings)
    except Exception as error:  # noqa: BLE001 - mypy's own errors are of several kinds, and it is one way of two
        raise DocumentError(f"mypy cannot read the hand-written code: {error}") from None
    wanted = {str(file): file.relative_to(root).as_posix() for file in files}
    found: dict[str, dict[tuple[int, str], set[str]]] = {}
    for tree in made.files.values():
        place = wanted.get(str(Path(tree.path).resolve())) or wanted.get(tree.path)
        if place is None:
            continue
        names = found.setdefault(place, defaultdict(set))
        for each in refinfo.get_undocumented_ref_info_json(tree, made.types):
            target = str(each["target"])
            if not target.startswith("*."):
                names[int(str(each["line"])), target.rpartition(".")[2]].add(target)
    return found


@define
class _Reader:
    """Reads one file."""

    found: Usage
    place: str
    resolved: dict[tuple[int, str], set[str]]
    imported: dict[str, str] = field(factory=dict)

    def read(self, tree: ast.Module) -> None:
        module = self.place.removesuffix(".py").removesuffix("/__init__").replace("/", ".").removeprefix("overlay.")
        library = self.place.startswith("overlay/") and not self.place.startswith(RANKS[:2])
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and not node.level:
                for alias in node.names:
                    self.imported[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                    self.found.names[f"{node.module}.{alias.name}"].add(f"{self.place}:{alias.lineno}")
            if library and isinstance(node, ast.ClassDef):
                for base in node.bases:
                    self.found.bases[f"{module}.{ast.unparse(base)}"].add(f"{module}.{node.name}")
        for path, line, end in _functions(tree, module) if library else ():
            self.found.functions.append((path, self.place, line, end))
        self._walk(tree, frozenset())

    def _walk(self, node: ast.AST, around: frozenset[str]) -> None:
        """Go through the code; `around` are the names in the innermost function or statement of a class or module."""
        for child in _children(node):
            names = around
            if isinstance(child, ast.stmt) and isinstance(node, ast.Module | ast.ClassDef):
                names = frozenset() if isinstance(child, ast.ClassDef) else _words(child)
            if isinstance(child, ast.Attribute):
                self._attribute(child)
            elif isinstance(child, ast.Name) and child.id in self.imported:
                self.found.names[self.imported[child.id]].add(f"{self.place}:{child.lineno}")
            elif isinstance(child, ast.Constant) and isinstance(child.value, str):
                self._text(child, names)
            elif isinstance(child, ast.keyword) and child.arg and isinstance(node, ast.Call):
                name = Name(f"{self.place}:{child.lineno}", _words(node.func))
                self.found.keywords[plain(child.arg)].add(name)
            self._walk(child, names)

    def _attribute(self, node: ast.Attribute) -> None:
        # mypy gives the line where an expression begins; a reader looks for the one where the attribute stands.
        place = f"{self.place}:{node.end_lineno}"
        if targets := self.resolved.get((node.lineno, node.attr)):
            for target in targets:
                self.found.names[target].add(place)
            return
        chain = ast.unparse(node.value)
        if isinstance(node.value, ast.Name) and node.value.id in self.imported:
            self.found.names[f"{self.imported[node.value.id]}.{node.attr}"].add(place)
        elif chain not in {"self", "cls"}:
            self.found.loose[node.attr].add(Name(place, frozenset(map(singular, re.findall(r"[A-Za-z_]\w*", chain)))))

    def _text(self, node: ast.Constant, around: frozenset[str]) -> None:
        text = str(node.value)
        name = Name(f"{self.place}:{node.lineno}", around)
        self.found.strings[text].add(name)
        for word, certain in _field_names(text).items():
            self.found.texts[word].add(Name(name.place, frozenset({"*"})) if certain else name)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Without docstrings, which use nothing."""
    documented = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    for child in ast.iter_child_nodes(node):
        if not (documented and isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)):
            yield child


def _words(node: ast.AST) -> frozenset[str]:
    """Every name in a statement, in the singular; those in its strings as well."""
    found = re.findall(r"[A-Za-z_]\w*", " ".join(ast.unparse(child) for child in _children(node)))
    own = [node.name] if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else []
    return frozenset(singular(part) for word in (*found, *own) for part in (word, *snake(word).split("_")))


def _functions(tree: ast.Module, module: str) -> Iterator[tuple[str, int, int]]:
    for node in tree.body:
        for inner in (node, *(node.body if isinstance(node, ast.ClassDef) else ())):
            if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                owner = f"{module}.{node.name}" if isinstance(node, ast.ClassDef) else module
                yield f"{owner}.{inner.name}", inner.lineno, inner.end_lineno or inner.lineno


def _field_names(text: str) -> dict[str, bool]:
    """Words of a string that may be fields, and whether they certainly are: operands of an OData expression."""
    found: dict[str, bool] = {}
    if re.fullmatch(r"[@$A-Za-z_][\w.@-]*(?:[/,] ?[A-Za-z_]\w*)*(?: (?:asc|desc))?", text):
        found = dict.fromkeys(re.findall(r"[@$]?[A-Za-z_][\w.-]*", text), False)
    found |= dict.fromkeys(re.findall(r"(\$[a-z]+)=", text), True)
    found |= dict.fromkeys(re.findall(r"([A-Za-z_]\w*)(?=\)? (?:eq|ne|lt|le|gt|ge|in) )", text), True)
    return found


def attach_uses(findings: Iterable[Finding], used: Usage) -> None:
    """Give every finding the lines that use what it changes: library, command line, sandbox, tools, tests."""
    for finding in findings:
        if finding.python != "docs":
            finding.uses = sorted(_lines(finding, used), key=_rank)


def _rank(place: str) -> tuple[int, str, int]:
    file, _, line = place.rpartition(":")
    room = next((i for i, start in enumerate(RANKS) if file.startswith(start)), len(RANKS) - 1)
    return ORDER.index(room), file, int(line)


def _lines(finding: Finding, used: Usage) -> set[str]:
    package = f"moveworks_{finding.api}"
    lines: set[str] = set()
    for symbol in {each["symbol"] for each in finding.symbols}:
        parts = symbol.split(".")
        if parts[0] == "models" and len(parts) == 4:
            lines |= _field(used, package, parts[1], parts[2], parts[3], finding)
        elif parts[0] == "models" and len(parts) == 3:
            lines |= _class(used, package, parts[1], parts[2])
        elif parts[0] == "entities" and len(parts) == 2:
            lines |= _under(used, {f"{package}.entities.{parts[1]}", f"moveworks.records.{parts[1]}"})
        elif parts[0] == "entities" and parts[1] == "RecordsAttributes":
            lines |= _entity_set(used, parts[2])
        elif parts[0] == "service":
            # Code that serves both APIs holds the module in a variable.
            lines |= used.names.get(f"{package}.{symbol}", set()) | used.names.get(
                f"types.ModuleType.{parts[1]}", set()
            )
            lines |= {each.place for each in used.loose.get(parts[1], ())}
    if not finding.symbols or any(each["symbol"].startswith("api.") for each in finding.symbols):
        for reach in finding.reaches:
            lines |= _operation(used, package, finding, reach)
    return lines | _values(used, finding)


def _field(used: Usage, package: str, module: str, owner: str, attribute: str, finding: Finding) -> set[str]:
    """Lines that name one field, as an attribute of the model or of the catalogue, or in a string."""
    if finding.base is None:
        return _class(used, package, module, owner)
    entity = re.sub("Record$", "", owner)
    nested = {f"{package}.entities.{entity}Fields", f"{package}.entities.{entity}"}
    lines: set[str] = set()
    for name in {f"{package}.models.{module}.{owner}", *nested}:
        lines |= used.names.get(f"{name}.{attribute}", set())
    about = {singular(part) for part in (entity, *snake(owner).split("_"), snake(entity))}
    lines |= {each.place for each in used.loose.get(attribute, ()) if each.around & about}
    wire = re.findall(r"/properties/([^/]+)", finding.base)[-1:] or [attribute]
    particular = "_" in wire[0].strip("_")
    return lines | {
        each.place
        for each in used.texts.get(wire[0], ())
        if particular or "*" in each.around or set(map(singular, snake(entity).split("_"))) <= each.around
    }


def _class(used: Usage, package: str, module: str, name: str) -> set[str]:
    """Lines that name one model, wherever it is imported from, and what is made from it."""
    return _under(
        used,
        {f"{package}.models.{module}.{name}", f"{package}.models.{name}", f"moveworks.models.{name}"},
    )


def _under(used: Usage, names: set[str]) -> set[str]:
    starts = tuple(f"{name}." for name in names)
    return {
        place for name, places in used.names.items() if name in names or name.startswith(starts) for place in places
    }


def _entity_set(used: Usage, attribute: str) -> set[str]:
    """Lines that reach one entity set, as `mw.records.users` or `mw.records["users"]`."""
    owners = ("moveworks.records.namespace.Records", "moveworks.records.namespace.AsyncRecords")
    lines = {place for owner in owners for place in used.names.get(f"{owner}.{attribute}", ())}
    lines |= {each.place for each in used.loose.get(attribute, ()) if "record" in each.around}
    published = {attribute, attribute.replace("_", "-")}
    particular = "_" in attribute
    return lines | {
        each.place
        for text in published
        for each in used.strings.get(text, ())
        if particular or each.around & {"record", "entity", "export"}
    }


def _operation(used: Usage, package: str, finding: Finding, reach: str) -> set[str]:
    """Lines that use the generated function of an operation, and those that call what uses it in the library."""
    path = reach.removesuffix(" request").removesuffix(" response").partition(" ")[2]
    modules = {".".join(each["symbol"].split(".")[:3]) for each in finding.symbols if each["symbol"].startswith("api.")}
    names = {str(value) for value in (finding.old, finding.new) if isinstance(value, str)} & set(used.strings)
    lines: set[str] = {each.place for each in used.strings.get(path, ())}
    if finding.rule.startswith("api-operation-id"):
        lines |= {each.place for name in names for each in used.strings[name]}
    direct = _under(used, {f"{package}.{module}" for module in modules})
    parameter = re.search(r"parameter (\S+)", finding.message) if "parameter" in finding.rule else None
    if parameter and finding.base is not None:
        # Of a parameter that is there already, only lines that give it; of a new one, all that call the operation.
        about = {singular(path.strip("/")), "entity_set"}
        given = used.keywords.get(plain(parameter.group(1)), ())
        return direct | {each.place for each in given if each.around & about or each.place in lines}
    lines |= direct | _callers(used, direct)
    if "{" not in path and package == "moveworks_export":
        lines |= _entity_set(used, snake(path.strip("/")))
    return lines


def _callers(used: Usage, direct: set[str]) -> set[str]:
    """Lines that call a function of the library in which one of these lines is, through any number of its functions."""
    found: set[str] = set()
    seen: set[str] = set()
    lines = direct
    while lines:
        reached = set()
        for path, file, first, last in used.functions:
            if path not in seen and any(
                place.startswith(f"{file}:") and first <= int(place.rpartition(":")[2]) <= last for place in lines
            ):
                seen.add(path)
                owner, _, method = path.rpartition(".")
                reached |= {place for each in _heirs(used, owner) for place in used.names.get(f"{each}.{method}", ())}
                about = singular(snake(owner.rpartition(".")[2].lstrip("_")))
                reached |= {each.place for each in used.loose.get(method, ()) if about in each.around}
        lines = reached - found - direct
        found |= reached
    return found


def _heirs(used: Usage, owner: str) -> set[str]:
    """A class, or a module, and every class of the library that inherits from it."""
    found, new = {owner}, {owner}
    while new:
        new = {heir for each in new for heir in used.bases.get(each, ())} - found
        found |= new
    return found


def _values(used: Usage, finding: Finding) -> set[str]:
    """Lines that name a value that is gone: of an enum, a path, a base path, a parameter."""
    gone: Any = finding.old
    if isinstance(finding.old, list) and isinstance(finding.new, list):
        gone = [value for value in finding.old if value not in finding.new]
    if "enum" in finding.rule or finding.rule in {"api-base-path-changed", "api-path-prefix-changed"}:
        values = [gone] if isinstance(gone, str) else gone if isinstance(gone, list) else []
    elif "parameter" in finding.rule and finding.base is not None:
        values = re.findall(r"parameter (\S+)", finding.message)
    else:
        values = []
    return {
        each.place
        for value in values
        if isinstance(value, str) and len(value) > 3
        for table in (used.strings, used.texts)
        for each in table.get(value, ())
    }


@cache
def singular(word: str) -> str:
    """`conversations`, `Conversation` and `conversation` are about the same."""
    return snake(singular_name(snake(word)))

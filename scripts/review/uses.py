"""The lines of hand-written code that use a symbol: a type checker resolves every name against the base client.

A string counts only where it names a field: in the call of an entity set that has the field, as a region, or as the id
of an operation.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scripts.documents import DocumentError
from scripts.pipeline.names import plain_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scripts.review.findings import Finding

ROOMS: Final = ("overlay", "scripts", "tests")
RANKS: Final = ("overlay/moveworks/cli/", "overlay/moveworks/sandbox/", "overlay/", "scripts/", "tests/")
ORDER: Final = (2, 0, 1, 3, 4)
"""The library first, then the command line, the sandbox, the tools and the tests."""
NOT_READ: Final = ("scripts/pipeline/templates/", "scripts/review/", "tests/review/", "tests/scripts/")
"""The review and the pipeline, which speak of fields of any document."""
_RECORDS: Final = ("moveworks.records.namespace.Records", "moveworks.records.namespace.AsyncRecords")
UNUSED: Final = ("additive", "docs", "none")
"""Effects of which no line that exists needs to know."""
_OPERAND: Final = re.compile(r"([A-Za-z_]\w*)(?:/\w+)*\)? (?:eq|ne|lt|le|gt|ge|in|asc|desc)\b")
_LISTED: Final = re.compile(r"[@$A-Za-z_][\w.@-]*(?:[/,] ?[A-Za-z_]\w*)*(?: (?:asc|desc))?")

Uses = dict[str, set[str]]


def usage(root: Path, packages: Iterable[Path]) -> Uses:
    """Places, as `file:line`, by the full name of what is used there.

    Args:
        root: Of the hand-written code.
        packages: The base clients, which names are resolved against.

    Raises:
        DocumentError: if the code cannot be read.
    """
    files = [
        file
        for room in ROOMS
        for file in sorted((root / room).rglob("*.py"))
        if not file.relative_to(root).as_posix().startswith(NOT_READ)
    ]
    found: Uses = defaultdict(set)
    resolved = _resolved(root, files, list(packages))
    for file in files:
        place = file.relative_to(root).as_posix()
        try:
            tree = ast.parse(file.read_text(encoding="utf-8"))
        except SyntaxError as error:
            raise DocumentError(
                f"{place} is not valid Python, so what uses the specs cannot be said: {error}"
            ) from None
        imported = {
            alias.asname or alias.name: (f"{node.module}.{alias.name}", alias.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and not node.level
            for alias in node.names
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute | ast.Name):
                name = node.attr if isinstance(node, ast.Attribute) else imported.get(node.id, ("", node.id))[1]
                if isinstance(node, ast.Name) and node.id in imported:
                    found[imported[node.id][0]].add(f"{place}:{node.lineno}")
                # mypy gives the line where an expression begins; a reader looks for the one where the name stands.
                for target in resolved.get(place, {}).get((node.lineno, name), ()):
                    found[target].add(f"{place}:{node.end_lineno}")
            elif isinstance(node, ast.ImportFrom) and not node.level:
                for alias in node.names:
                    found[f"{node.module}.{alias.name}"].add(f"{place}:{alias.lineno}")
            elif isinstance(node, ast.Call | ast.Subscript):
                for text, line in _texts(node):
                    found[text].add(f"{place}:{line}")
    return found


def _resolved(root: Path, files: list[Path], packages: list[Path]) -> dict[str, dict[tuple[int, str], set[str]]]:
    """The full names of all names and attributes, by file, line and last part.

    They are asked of a process of its own, which gives the memory back that mypy takes.
    """
    given = {"root": str(root), "files": list(map(str, files)), "packages": list(map(str, packages))}
    done = subprocess.run(
        [sys.executable, "-m", "scripts.review.resolving"],
        cwd=Path(__file__).resolve().parents[2],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise DocumentError(done.stderr.strip()[-500:])
    found: dict[str, dict[tuple[int, str], set[str]]] = {}
    for place, references in json.loads(done.stdout).items():
        names = found.setdefault(place, defaultdict(set))
        for line, target in references:
            names[line, target.rpartition(".")[2]].add(target)
    return found


def _texts(node: ast.Call | ast.Subscript) -> Iterable[tuple[str, int]]:
    """Strings that name something of the spec: `entity:field`, `entity:`, `region:` and `operation:` with their line."""
    owner = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Subscript):
        for text, line in _strings(node.slice):
            if ast.unparse(owner).endswith("records"):
                yield f"entity:{text}".replace("-", "_"), line
            elif ast.unparse(owner).endswith("OPERATIONS"):
                yield f"operation:{plain_name(text)}", line
        return
    chain = [each.attr for each in ast.walk(owner) if isinstance(each, ast.Attribute)]
    keys = [text for each in ast.walk(owner) if isinstance(each, ast.Subscript) for text, _ in _strings(each.slice)]
    for keyword in node.keywords:
        if keyword.arg == "region":
            yield from ((f"region:{text}", line) for text, line in _strings(keyword.value))
    if chain[:1] == ["call"] and node.args:
        yield from ((f"operation:{plain_name(text)}", line) for text, line in _strings(node.args[0]))
    for value in (*node.args, *(keyword.value for keyword in node.keywords)):
        for text, line in _strings(value):
            words = _OPERAND.findall(text) or (re.findall(r"[@A-Za-z_]\w*", text) if _LISTED.fullmatch(text) else [])
            for entity in (*chain[1:], *keys):
                yield from ((f"{entity}:{word}".replace("-", "_"), line) for word in words)


def _strings(node: ast.AST) -> Iterable[tuple[str, int]]:
    """The strings in an expression, with their lines."""
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value, each.lineno


def uses_of(symbol: str, package: str, used: Uses, sets: dict[str, str]) -> set[str]:
    """The places where a symbol of a generated client is used.

    Args:
        symbol: Its dotted path in the package.
        package: The package's name.
        used: All uses.
        sets: The attributes of the entity sets, by the name of their entity.
    """
    parts = symbol.split(".")
    names, below = {f"{package}.{symbol}"}, False
    if parts[0] == "models" and len(parts) == 3:
        names |= {f"{package}.models.{parts[2]}", f"moveworks.models.{parts[2]}"}
        below = True
    elif parts[0] == "entities" and len(parts) == 2:
        names |= {f"moveworks.records.{parts[1]}"}
        below = True
    elif parts[:2] == ["entities", "RecordsAttributes"]:
        owners = (*_RECORDS, f"{package}.entities.RecordsAttributes", f"{package}.entities.AsyncRecordsAttributes")
        names = {f"{owner}.{parts[2]}" for owner in owners} | {f"entity:{parts[2]}"}
    elif parts[0] == "api":
        below = True
    elif parts[:2] == ["service", "SERVERS"]:
        names = {f"region:{parts[2]}"}
    elif parts[0] == "operations":
        names = {f"operation:{symbol.partition('.')[2]}"}
    elif len(parts) > 2:
        entity = parts[-2].removesuffix("Record")
        names |= {f"{sets.get(entity)}:{parts[-1]}"}
    starts = tuple(f"{name}." for name in names) if below else ()
    return {
        place
        for name, places in used.items()
        if name in names or (starts and name.startswith(starts))
        for place in places
    }


def attach_uses(findings: Iterable[Finding], package: str, used: Uses, sets: dict[str, str]) -> None:
    """Give every finding the lines that use what it takes away or changes: library, command line, sandbox, tests."""
    for finding in findings:
        lines: set[str] = set()
        for each in finding.symbols:
            if each["old"] is not None and each["effect"] not in UNUSED:
                lines |= uses_of(each["symbol"], package, used, sets)
        finding.uses = sorted(lines, key=_rank)


def _rank(place: str) -> tuple[int, str, int]:
    file, _, line = place.rpartition(":")
    room = next((i for i, start in enumerate(RANKS) if file.startswith(start)), len(RANKS) - 1)
    return ORDER.index(room), file, int(line)

"""Change the library in small ways and see whether a test notices: `make mutants`.

Mutations are those of cosmic-ray; a seeded sample is tried, each in a copy of the checkout. Survivors that are no fault
are listed with the reason in `tests/mutants.toml`. Exit code 1 if too many survive, or one that is not listed.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from typing import Any, Final

from attrs import frozen
from cosmic_ray.ast import ast_nodes
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names
from parso import parse

ROOT: Final = Path(__file__).resolve().parents[1]
LIBRARY: Final = "overlay/moveworks"
ROOMS: Final = {
    "paging": (["paging.py"], ["tests/records"]),
    "transport": (["transport"], ["tests/transport", "tests/records/test_client.py"]),
    "auth": (["auth.py", "forks.py"], ["tests/transport/test_tokens.py", "tests/transport"]),
    "links": (["links.py"], ["tests/transport/test_links.py", "tests/transport"]),
    "records": (["records", "operations.py", "lazy.py", "client.py"], ["tests/records", "tests/transport"]),
    "odata": (["odata", "text.py"], ["tests/odata", "tests/transport/test_redaction.py"]),
    "regions": (["regions.py", "config.py"], ["tests/transport/test_settings.py", "tests/records/test_client.py"]),
}
"""The parts of the library that are tried, and the tests that should notice."""
LIMIT: Final = 150
"""Seconds of a run of tests; one that does not end has noticed."""
LEAST: Final = 0.9
SILLY: Final = re.compile(
    r"core/ReplaceComparisonOperator_(?!Is)\w+_Is(Not)?|core/ReplaceBinaryOperator_\w+_(?!Add|Sub)\w+"
)
"""Operators that nobody confuses, such as `<` and `is`; of arithmetic, two are enough."""


@frozen
class Mutant:
    """A changed file."""

    room: str
    file: str
    before: str
    after: str

    @property
    def lines(self) -> tuple[str, str]:
        """The changed line as it was and as it is."""
        changes = difflib.ndiff(self.before.splitlines(), self.after.splitlines())
        found = [(line[0], line[2:].strip()) for line in changes if line[0] in "-+"]
        return tuple(" / ".join(text for sign, text in found if sign == wanted) for wanted in "-+")  # type: ignore[return-value]


def places(room: str) -> dict[tuple[str, tuple[int, int]], list[tuple[str, int]]]:
    """All places of a room that can be changed, and the operators that do it."""
    found: dict[tuple[str, tuple[int, int]], list[tuple[str, int]]] = {}
    for path in ROOMS[room][0]:
        whole = ROOT / LIBRARY / path
        for file in sorted(whole.rglob("*.py")) if whole.is_dir() else [whole]:
            tree: Any = parse(file.read_text(encoding="utf-8"))  # type: ignore[no-untyped-call]
            nodes = list(ast_nodes(tree))
            for name in operator_names():
                if name.startswith("core/Variable") or SILLY.fullmatch(name):
                    continue
                operator: Any = get_operator(name)()
                starts = [start for node in nodes for start, _ in operator.mutation_positions(node)]
                for occurrence, start in enumerate(starts):
                    found.setdefault((str(file.relative_to(ROOT)), start), []).append((name, occurrence))
    return found


def mutant(room: str, file: str, name: str, occurrence: int) -> Mutant | None:
    """A change, unless it is none of what runs."""
    before = (ROOT / file).read_text(encoding="utf-8")
    operator: Any = get_operator(name)()
    try:
        after = mutate_code(before, operator, occurrence)
    except AttributeError:  # `except a.b:` is more than the operator for exceptions can change
        return None
    if after is None or _meaning(after) in {None, _meaning(before)}:
        return None
    return Mutant(room, file, before, after)


def _meaning(source: str) -> str | None:
    """What a file does: its syntax tree without annotations, types and messages; None if it is no Python."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return None
    return ast.dump(_Meaning().visit(tree))


class _Meaning(ast.NodeTransformer):
    def visit_If(self, node: ast.If) -> Any:
        # Also turned round it only imports what annotations name.
        test = node.test.operand if isinstance(node.test, ast.UnaryOp) else node.test
        if isinstance(test, ast.Name) and test.id == "TYPE_CHECKING":
            return None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> Any:
        return None if node.arg in {"kw_only", "slots"} else self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> Any:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        node.returns = None
        node.decorator_list = [d for d in node.decorator_list if not (isinstance(d, ast.Name) and d.id == "overload")]
        return self.generic_visit(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> Any:
        node.returns = None
        return self.generic_visit(node)


def sample(rooms: list[str], amount: int, seed: int) -> list[Mutant]:
    """Mutants at places drawn by chance, the same for the same seed; each place counts once."""
    rng = random.Random(seed)  # noqa: S311 - a sample
    everything = [(room, file, each) for room in rooms for (file, _), each in sorted(places(room).items())]
    rng.shuffle(everything)
    drawn: list[Mutant] = []
    for room, file, operators in everything:
        name, occurrence = rng.choice(operators)
        if len(drawn) < amount and (one := mutant(room, file, name, occurrence)) is not None:
            drawn.append(one)
    return drawn


def survives(mutant: Mutant, copy: Path) -> bool:
    """Whether the tests of its room pass with a mutant in place."""
    file = copy / mutant.file
    file.write_text(mutant.after, encoding="utf-8")
    paths = os.pathsep.join(str(copy / name) for name in ("overlay", "generated"))
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "--no-header",
        "-p",
        "no:cacheprovider",
        *ROOMS[mutant.room][1],
    ]
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1", "HYPOTHESIS_PROFILE": "mutants"}
    try:
        done = subprocess.run(command, cwd=copy, env=environment, check=False, capture_output=True, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return False
    finally:
        file.write_text(mutant.before, encoding="utf-8")
    return done.returncode == 0


def _copy(folder: Path) -> Path:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    return folder


def main() -> int:
    """Try a sample, and say what survived."""
    parser = argparse.ArgumentParser(prog="python -m scripts.mutants", description=__doc__)
    parser.add_argument("--room", choices=ROOMS, action="append", help="only this part of the library")
    parser.add_argument("--sample", type=int, default=300, help="how many places are tried")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    tried = sample(given.room or list(ROOMS), given.sample, given.seed)
    listed = {
        (entry["file"], entry["before"], entry["after"])
        for entry in tomllib.loads((ROOT / "tests" / "mutants.toml").read_text(encoding="utf-8")).get("survivor", [])
    }
    with tempfile.TemporaryDirectory(prefix="moveworks-mutants-") as folder:
        copies: Queue[Path] = Queue()
        for number in range(given.workers):
            copies.put(_copy(Path(folder) / str(number)))

        def attempt(mutant: Mutant) -> tuple[Mutant, bool]:
            copy = copies.get()
            try:
                return mutant, survives(mutant, copy)
            finally:
                copies.put(copy)

        survivors, unlisted = 0, 0
        with ThreadPoolExecutor(given.workers) as pool:
            for mutant, alive in pool.map(attempt, tried):
                if not alive:
                    continue
                survivors += 1
                known = (mutant.file, *mutant.lines) in listed
                unlisted += not known
                was, now = mutant.lines
                print(f"{'listed  ' if known else 'SURVIVED'} {mutant.file}\n  - {was}\n  + {now}", flush=True)
    killed = (len(tried) - survivors) / max(1, len(tried))
    print(f"{len(tried)} mutants, {killed:.1%} noticed, {survivors} survived, {unlisted} of them not listed")
    return 0 if killed >= LEAST and not unlisted else 1


if __name__ == "__main__":
    sys.exit(main())

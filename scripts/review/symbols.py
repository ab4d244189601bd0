"""The public symbols of a generated client, and what a change of one means to who uses it."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from attrs import evolve, frozen

from scripts.pipeline.names import plain_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EFFECTS: Final = ("none", "docs", "additive", "behavioural", "breaking-typing", "breaking-runtime")
"""What a user of the library meets, the mildest first."""


@frozen
class Symbol:
    """A class, a field, a function, a value or an operation that users can name.

    Attributes:
        kind: `class`, `values`, `field`, `function`, `entity field`, `constant`, `region` or `operation`.
        text: Its signature, as a report shows it.
        parameters: Of a function: name, type and whether it may be left out.
        annotation: Its type, or that of its answer.
        optional: Whether it may be left out where an object is made.
        sent: Whether users make it for a request.
    """

    kind: str
    text: str
    parameters: tuple[tuple[str, str, bool], ...] = ()
    annotation: str = ""
    optional: bool = True
    sent: bool = False


def symbols(package: Path) -> dict[str, Symbol]:
    """The symbols of a package, by their dotted path in it."""
    found: dict[str, Symbol] = {}
    for file in sorted(package.rglob("*.py")):
        parts = file.relative_to(package).with_suffix("").parts
        tree = ast.parse(file.read_text(encoding="utf-8"))
        if parts[0] == "models" and parts[-1] != "__init__":
            found.update(_models(tree, ".".join(parts)))
        elif parts[0] == "api" and len(parts) == 3 and parts[-1] != "__init__":
            found.update(_operation(tree, ".".join(parts)))
        elif parts[0] in {"entities", "operations", "service"}:
            found.update({"entities": _entities, "operations": _options, "service": _service}[parts[0]](tree))
    return _with_open_values(found)


def _with_open_values(found: dict[str, Symbol]) -> dict[str, Symbol]:
    """The symbols, with the type that a list of values is open to in place of the list's name: to users both are one."""
    kinds = {
        path.rpartition(".")[2]: each.text.rpartition(" | ")[2]
        for path, each in found.items()
        if each.kind == "values" and " | " in each.text.rpartition("]")[2]
    }
    if not kinds:
        return found
    names = re.compile(rf"\b({'|'.join(map(re.escape, kinds))})\b")

    def opened(annotation: str) -> str:
        named = names.sub(lambda match: kinds[match[0]], annotation)
        return " | ".join(dict.fromkeys(named.split(" | "))) if named != annotation else annotation

    return {
        path: evolve(
            each,
            annotation=opened(each.annotation),
            parameters=tuple((name, opened(kind), free) for name, kind, free in each.parameters),
        )
        for path, each in found.items()
    }


def _models(tree: ast.Module, module: str) -> Iterator[tuple[str, Symbol]]:
    sent = any(isinstance(node, ast.keyword) and node.arg == "missing" for node in ast.walk(tree))
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield f"{module}.{node.name}", Symbol("class", f"class {node.name}", sent=sent)
            for inner in node.body:
                if isinstance(inner, ast.AnnAssign):
                    name, kind = ast.unparse(inner.target), ast.unparse(inner.annotation)
                    symbol = Symbol("field", f"{name}: {kind}", (), kind, inner.value is not None, sent)
                    yield f"{module}.{node.name}.{name}", symbol
        elif isinstance(node, ast.Assign) and "Literal" in ast.unparse(node.value):
            name = ast.unparse(node.targets[0])
            yield f"{module}.{name}", Symbol("values", f"{name} = {ast.unparse(node.value)}")


def _operation(tree: ast.Module, module: str) -> Iterator[tuple[str, Symbol]]:
    aliases = {
        ast.unparse(n.target): ast.unparse(n.value) for n in tree.body if isinstance(n, ast.AnnAssign) and n.value
    }
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == "request":
            defaults = [*([None] * len(node.args.args)), *node.args.kw_defaults]
            listed = [*zip([*node.args.args, *node.args.kwonlyargs], defaults, strict=True)]
            parameters = tuple(
                (each.arg, ast.unparse(each.annotation) if each.annotation else "", default is not None)
                for each, default in listed
            )
            answer = aliases.get("_Answer", "Any")
            shown = ", ".join(f"{name}: {kind}" for name, kind, _ in parameters)
            yield module, Symbol("function", f"{module.rpartition('.')[2]}({shown}) -> {answer}", parameters, answer)


def _entities(tree: ast.Module) -> Iterator[tuple[str, Symbol]]:
    for node in tree.body:
        if not isinstance(node, ast.ClassDef) or node.name == "AsyncRecordsAttributes":
            continue
        if node.name != "RecordsAttributes":
            yield f"entities.{node.name}", Symbol("class", f"class {node.name}")
        for inner in node.body:
            if isinstance(inner, ast.AnnAssign):
                name, kind = ast.unparse(inner.target), ast.unparse(inner.annotation)
                yield f"entities.{node.name}.{name}", Symbol("field", f"records.{name}: {kind}", (), kind)
            elif isinstance(inner, ast.Assign) and isinstance(inner.value, ast.Call):
                name, kind = ast.unparse(inner.targets[0]), ast.unparse(inner.value.func)
                elements = [each.id for each in inner.value.args if isinstance(each, ast.Name)]
                annotation = f"{kind}[{', '.join(elements)}]" if elements else kind
                yield f"entities.{node.name}.{name}", Symbol("entity field", f"{name}: {annotation}", (), annotation)


def _options(tree: ast.Module) -> Iterator[tuple[str, Symbol]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Operation":
            values = {each.arg: str(each.value.value) for each in node.keywords if isinstance(each.value, ast.Constant)}
            text = f"{values['method']} {values['path']}"
            # Its module is called after the id, whichever signs that is written with.
            yield f"operations.{plain_name(values['id'])}", Symbol("operation", text, annotation=text)


def _service(tree: ast.Module) -> Iterator[tuple[str, Symbol]]:
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            name, value = ast.unparse(node.target), ast.literal_eval(node.value)
            if name == "BASE_PATH":
                yield "service.BASE_PATH", Symbol("constant", repr(value), annotation=repr(value))
            elif name == "SERVERS":
                for region, url in value.items():
                    origin = "/".join(url.split("/")[:3])
                    yield f"service.SERVERS.{region}", Symbol("region", f"{region}: {origin}", annotation=origin)


def effect(old: Symbol | None, new: Symbol | None) -> str:
    """What a change means to who uses it."""
    if old is None and new is not None:
        return "breaking-runtime" if new.sent and new.kind == "field" and not new.optional else "additive"
    if old is None or new is None or old.kind != new.kind:
        return "breaking-runtime"
    if old.kind == "function":
        return _called(old, new)
    if old.kind in {"operation", "constant", "region"}:
        return "behavioural"
    if old.kind == "values":
        return "additive"  # the list is open: values that it does not name are admitted
    if new.sent and old.optional and not new.optional:
        return "breaking-runtime"
    if old.annotation != new.annotation:
        wider = _wider(old.annotation, new.annotation)
        return "additive" if new.sent and wider else "breaking-typing"
    return "none" if old.optional == new.optional else "additive"


def _called(old: Symbol, new: Symbol) -> str:
    """What a change of a function's signature means."""
    was, now = ({name: (kind, free) for name, kind, free in each.parameters} for each in (old, new))
    found = ["additive"]
    for name, (kind, free) in was.items():
        if name not in now or (free and not now[name][1]):
            return "breaking-runtime"
        if kind != now[name][0] and not _wider(kind, now[name][0]):
            found.append("breaking-typing")
    if any(not free for name, (_, free) in now.items() if name not in was):
        return "breaking-runtime"
    if old.annotation != new.annotation and not _wider(new.annotation, old.annotation):
        # An answer of another status is no other type to who looks at the status that was there.
        gone = set(old.annotation.split(" | ")) - set(new.annotation.split(" | "))
        found.append("breaking-typing" if gone else "additive")
    return max(found, key=EFFECTS.index)


def _wider(old: str, new: str) -> bool:
    """Whether a union admits everything that another one does."""
    return set(old.split(" | ")) <= set(new.split(" | "))


def changes(old: dict[str, Symbol], new: dict[str, Symbol]) -> dict[str, tuple[Symbol | None, Symbol | None]]:
    """Symbols that came, went, or are another one now."""
    return {path: (old.get(path), new.get(path)) for path in sorted({*old, *new}) if old.get(path) != new.get(path)}


def shown(old: Symbol | None, new: Symbol | None) -> tuple[str | None, str | None]:
    """Both signatures as text; of two functions, only the parameters and answers that differ."""
    if old is None or new is None or old.kind != "function" or new.kind != "function":
        return (old.text if old else None), (new.text if new else None)
    sides = []
    for one, other in ((old, new), (new, old)):
        name = one.text.partition("(")[0]
        own = [f"{each}: {kind}" for each, kind, free in one.parameters if (each, kind, free) not in other.parameters]
        answers = [part for part in one.annotation.split(" | ") if part not in other.annotation.split(" | ")]
        more = ["…"] if len(own) < len(one.parameters) else []
        back = " | ".join([*answers, *(["…"] if one.annotation else [])])
        sides.append(f"{name}({', '.join([*own, *more])}) -> {back}")
    return sides[0], sides[1]

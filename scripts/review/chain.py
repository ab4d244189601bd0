"""From a change of the document to the public Python symbols that change with it, in the clients that users get."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from attrs import define

from scripts.documents import escaped
from scripts.pipeline.names import camel, plain_name, singular_name
from scripts.review.findings import Finding
from scripts.review.symbols import EFFECTS, Symbol, changes, effect, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scripts.review.clients import Client

Changes = dict[str, tuple[Symbol | None, Symbol | None]]
QUIET: Final = re.compile("deprecated|reactivated|sunset")
"""Rules of what the documentation of the client says, and which works as before."""
METHODS: Final = re.compile(r"^(get|put|post|delete|options|head|patch|trace)$")


@define
class Subject:
    """What a pointer is about.

    Attributes:
        owners: Names that the class of it may have, the likeliest first.
        attribute: Name of the property as published; empty if it is about the whole class.
        component: Published name of the component it is in, if it is in one.
    """

    owners: list[str]
    attribute: str = ""
    component: str = ""


def attach(findings: list[Finding], api: str, base: Client, head: Client) -> list[Finding]:
    """Give every finding the symbols that change with it; findings of the changes that no other explains come back."""
    changed = changes(base.symbols, head.symbols)
    explained: set[str] = set()
    found: list[dict[str, None]] = []
    for finding in findings:
        paths: dict[str, None] = {}
        for pointer, client in ((finding.base, base), (finding.head, head)):
            if pointer is not None and finding.python != "docs" and not _is_quiet(finding):
                paths.update(dict.fromkeys(_symbols(finding, pointer, client, changed)))
        explained |= paths.keys()
        found.append(paths)
    for finding, paths in zip(findings, found, strict=True):
        _follow(paths, changed, explained)
        _give(finding, paths, changed)
    # A page about one operation names no server, and so says nothing of them.
    silent = not (base.document.get("servers") and head.document.get("servers"))
    left = {p: pair for p, pair in changed.items() if p not in explained and not (silent and p.startswith("service."))}
    return list(_unexplained(api, left, head))


def _is_quiet(finding: Finding) -> bool:
    """Whether all works as before; what is gone does not, whatever was said of its date."""
    return finding.head is not None and bool(QUIET.search(finding.rule))


def _follow(paths: dict[str, None], changed: Changes, explained: set[str]) -> None:
    """Add what went because of the symbols of a finding: members of classes, and classes that only they named."""
    left = [*paths]
    while left:
        path = left.pop()
        old = changed[path][0]
        named = set(re.findall(r"\w+", f"{old.annotation} {old.parameters}")) if old else set()
        for each, (was, now) in changed.items():
            if was is None or now is not None or each in explained:
                continue
            is_named = was.kind in {"class", "values"} and each.rpartition(".")[2] in named
            if is_named or each.startswith(f"{path}."):
                paths[each] = None
                explained.add(each)
                left.append(each)


def _give(finding: Finding, paths: Iterable[str], changed: Changes) -> None:
    finding.symbols = [
        dict(zip(("old", "new"), shown(*changed[path]), strict=True))
        | {"symbol": path, "effect": effect(*changed[path])}
        for path in paths
    ]
    effects = [str(each["effect"]) for each in finding.symbols]
    if finding.python != "docs":
        quiet = "docs" if _is_quiet(finding) else "none"
        finding.python = max(effects, key=EFFECTS.index, default=quiet)


def _unexplained(api: str, left: Changes, head: Client) -> Iterator[Finding]:
    """Symbols that are gone or another although the documents seem to say the same, such as a class with a new title."""
    for path, (old, new) in left.items():
        owner = path.rpartition(".")[0]
        if old is None or effect(old, new) in {"additive", "none"} or (owner in left and left[owner][1] is None):
            continue
        fields = _fields_of(path, left, 0)
        came = [p for p, pair in left.items() if pair[0] is None and pair[1] and pair[1].kind == old.kind == "class"]
        twin = next((p for p in came if fields and _fields_of(p, left, 1) == fields), None)
        name = path.rpartition(".")[2]
        message = f"the {old.kind} {name} of the client " + (
            f"is called {twin.rpartition('.')[2]} now" if twin else "is gone" if new is None else "is another now"
        )
        title = twin.rpartition(".")[2] if twin else name
        named = (
            key
            for key, node in (head.document.get("components") or {}).get("schemas", {}).items()
            if title in (key, node.get("title"))
        )
        pointer = f"#/components/schemas/{escaped(next(named, name))}" if old.kind == "class" else "#"
        finding = Finding(
            rule="python-symbol-renamed"
            if twin
            else "python-symbol-removed"
            if new is None
            else "python-symbol-changed",
            wire="info",
            python="none",
            message=message,
            base=pointer,
            head=pointer,
            old=name,
            new=twin.rpartition(".")[2] if twin else None,
            api=api,
        )
        _give(finding, [path, *([twin] if twin else [])], left)
        yield finding


def _fields_of(path: str, left: Changes, side: int) -> set[str]:
    return {p.rpartition(".")[2] for p, pair in left.items() if p.startswith(f"{path}.") and pair[side] is not None}


def _symbols(finding: Finding, pointer: str, client: Client, changed: Changes) -> Iterator[str]:
    """Changed symbols that a pointer of a finding leads to, in one of the two clients."""
    if pointer.startswith("#/servers") or finding.rule in {"api-base-path-changed", "api-path-prefix-changed"}:
        if not finding.rule.startswith("api-server"):
            yield from (path for path in changed if path == "service.BASE_PATH")
        for path, pair in changed.items():
            origins = [each.annotation for each in pair if each is not None and each.kind == "region"]
            if any(str(finding.old or finding.new).startswith(origin) for origin in origins):
                yield path
        if finding.rule != "api-path-prefix-changed":
            return
    subject = subject_of(pointer, client)
    if finding.rule == "api-schema-renamed":
        subject.attribute = ""
    found = list(_of_subject(subject, changed))
    if not found and subject.component:
        for component, attribute in sorted(
            referrers(client.document, client.names.get(subject.component, subject.component))
        ):
            found += _of_subject(Subject(_classes(client, component), attribute), changed)
    if found or subject.attribute:
        yield from found
        return
    documents = _operations(client.document)
    for reach in finding.reaches:
        named = reach.removesuffix(" request").removesuffix(" response")
        operation = documents.get(named)
        if operation is None and finding.rule.startswith("api-path-"):  # in the base, it is where it was
            operation = documents.get(named.replace(f" {finding.new}", f" {finding.old}", 1))
        if operation is not None:
            path, name = operation
            entity = singular_name(path)
            members = {f"entities.{entity}", f"entities.RecordsAttributes.{plain_name(path.strip('/'))}"}
            members |= {f"operations.{plain_name(name)}"} if not _is_of_answer(pointer) else set()
            pattern = re.compile(rf"api\.\w+\.{re.escape(plain_name(name))}")
            yield from (each for each in changed if each in members or pattern.fullmatch(each))


def _is_of_answer(pointer: str) -> bool:
    """Whether a pointer leads into the answers of an operation; its path may have that word too."""
    return pointer.split("/")[4:5] == ["responses"]


def _of_subject(subject: Subject, changed: Changes) -> Iterable[str]:
    """Changed attributes or classes of the first owner that has any."""
    by_class = defaultdict(list)
    for path in changed:
        parts = path.split(".")
        if parts[0] == "models" and len(parts) > 2:
            by_class[plain(parts[2])].append(path)
        elif parts[0] == "entities" and len(parts) > 1:
            nested = parts[1].endswith("Fields")
            by_class[plain(parts[1].removesuffix("Fields") if nested else f"{parts[1]}Record")].append(path)
    for owner in subject.owners:
        paths = by_class.get(plain(owner), [])
        if subject.attribute:
            wanted = plain_name(subject.attribute)
            found = [p for p in paths if p.count(".") >= 2 and p.rpartition(".")[2].rstrip("_") == wanted.rstrip("_")]
        else:
            # The class itself; of one that stays, nothing changes but its members.
            found = [p for p in paths if p.count(".") == (2 if p.startswith("models.") else 1)]
            found = found or [p for p in paths if p.startswith("models.")]
        if found:
            return sorted(found, key=lambda p: not p.startswith("models."))
    return []


def subject_of(pointer: str, client: Client) -> Subject:
    """What a pointer is about, in the words of the generator."""
    parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    if parts[:2] == ["components", "schemas"] and len(parts) > 2:
        component = parts[2]
        owners, rest = _classes(client, client.names.get(component, component)), parts[3:]
    elif len(parts) > 2 and parts[0] == "paths" and METHODS.match(parts[2]):
        component = ""
        operation = ((client.document.get("paths") or {}).get(parts[1]) or {}).get(parts[2]) or {}
        name = camel(str(operation.get("operationId", "")))
        rest = parts[3:]
        status = rest[1] if rest[:1] == ["responses"] and len(rest) > 1 else ""
        owners = [f"{name}Response{status}"] if status else [f"{name}Body"]
    else:
        return Subject([])
    attribute = ""
    for index, part in enumerate(rest[:-1]):
        if part == "properties" and (index == 0 or rest[index - 1] != "properties"):
            if attribute:
                owners = [f"{o}{camel(attribute)}{suffix}" for o in owners for suffix in ("", "Item", "Items")]
            attribute = rest[index + 1]
    return Subject(owners, attribute, component)


def _classes(client: Client, component: str) -> list[str]:
    """What the class of a component may be called: the generator takes its title, if it has one."""
    schema = ((client.document.get("components") or {}).get("schemas") or {}).get(component)
    title = schema.get("title") if isinstance(schema, dict) else None
    names = [camel(name) for name in (title, component) if isinstance(name, str) and name]
    return [client.classes.get(name, name) for name in names]


def referrers(document: dict[str, Any], component: str) -> set[tuple[str, str]]:
    """Properties that hold a component which is no class of its own, such as a union: component and name of each."""
    schemas: dict[str, Any] = (document.get("components") or {}).get("schemas") or {}
    sought, found = {component}, set()
    while True:
        more = set()
        for name, schema in schemas.items():
            for attribute, held in (schema.get("properties") or {}).items() if isinstance(schema, dict) else ():
                if sought & _references(held):
                    found.add((name, attribute))
            if isinstance(schema, dict) and "properties" not in schema and sought & _references(schema):
                more.add(name)
        if more <= sought:
            return found
        sought |= more


def _references(schema: Any) -> set[str]:
    """Names of components that a schema refers to at its surface: not in properties, which are of another class."""
    if isinstance(schema, list):
        return {name for each in schema for name in _references(each)}
    if not isinstance(schema, dict):
        return set()
    own = {str(schema["$ref"]).rpartition("/")[2]} if "$ref" in schema else set()
    inner = (schema[key] for key in ("items", "oneOf", "anyOf", "allOf", "additionalProperties") if key in schema)
    return own | {name for each in inner for name in _references(each)}


def _operations(document: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Path and operationId of every operation, by method and path."""
    return {
        f"{method.upper()} {path}": (path, str(operation.get("operationId", "")))
        for path, item in (document.get("paths") or {}).items()
        for method, operation in (item.items() if isinstance(item, dict) else ())
        if METHODS.match(method) and isinstance(operation, dict)
    }


def plain(name: str) -> str:
    """A name without case and signs: what the generator makes of one keeps this."""
    return re.sub(r"[^a-z0-9]", "", name.lower())

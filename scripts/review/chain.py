"""From a spec change to the public Python symbols that change with it.

Both documents run through the real pipeline: once as they were published, which shows what the change means, and once with
their corrections, which shows what of it reaches a user today.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from attrs import define

from scripts.openapi import camel, singular_name
from scripts.review.clients import shorter, symbol_changes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scripts.review.clients import Client
    from scripts.review.findings import Finding

Changes = dict[str, tuple[str | None, str | None]]
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


def attach(findings: list[Finding], made: dict[str, Client]) -> None:
    """Give every finding the symbols that change with it, and say whether the corrections hide it."""
    if not findings:
        return
    published = symbol_changes(made["base published"].symbols, made["head published"].symbols)
    built = symbol_changes(made["base built"].symbols, made["head built"].symbols)
    whole = not any(made[name].problem for name in ("base published", "head published"))
    # Signatures as users have them, where a change reaches them.
    shown = {**published, **{path: change for path, change in built.items() if path in published}} if whole else built
    kind = "published" if whole else "built"
    for finding in findings:
        paths: dict[str, None] = {}
        for pointer, client in ((finding.base, made[f"base {kind}"]), (finding.head, made[f"head {kind}"])):
            if pointer is not None:
                paths.update(dict.fromkeys(_symbols(finding, pointer, client, shown)))
        finding.symbols = [
            dict(zip(("old", "new"), shorter(*shown[path]), strict=True))
            | {"symbol": path, "reaches_users": path in built}
            for path in paths
        ]
        finding.neutralised = bool(whole and paths and not any(path in built for path in paths))


def _symbols(finding: Finding, pointer: str, client: Client, changes: Changes) -> Iterator[str]:
    """Changed symbols that a pointer of a finding leads to, in one of the two clients."""
    if pointer.startswith("#/servers") or finding.rule in {"api-base-path-changed", "api-path-prefix-changed"}:
        yield from (path for path in changes if path in {"service.BASE_PATH", "service.SERVERS"})
        return
    subject = subject_of(pointer, client)
    if finding.rule == "api-schema-renamed":
        subject.attribute = ""
    found = list(_of_subject(subject, changes))
    if not found and subject.component:
        for component, attribute in sorted(referrers(client.document, client.names.get(subject.component, ""))):
            found += _of_subject(Subject(_classes(client, component), attribute), changes)
    if found or subject.attribute:
        yield from found
        return
    documents = _operations(client.document)
    for reach in finding.reaches if len(finding.reaches) <= 3 else finding.reaches[:3]:
        operation = documents.get(reach.removesuffix(" request").removesuffix(" response"))
        if operation is None:
            continue
        path, name = operation
        entity = singular_name(path)
        members = {f"entities.{entity}", f"entities.RecordsAttributes.{snake(path.strip('/'))}"}
        yield from (
            changed
            for changed in changes
            if changed in members or re.fullmatch(rf"api\.\w+\.{re.escape(snake(name))}\.sync_detailed", changed)
        )


def _of_subject(subject: Subject, changes: Changes) -> Iterable[str]:
    """Changed attributes or classes of the first owner that has any."""
    by_class = defaultdict(list)
    for path in changes:
        parts = path.split(".")
        if parts[0] == "models" and len(parts) > 2:
            by_class[plain(parts[2])].append(path)
        elif parts[0] == "entities" and len(parts) > 1:
            nested = parts[1].endswith("Fields")
            by_class[plain(parts[1].removesuffix("Fields") if nested else f"{parts[1]}Record")].append(path)
    for owner in subject.owners:
        paths = by_class.get(plain(owner), [])
        if subject.attribute:
            found = [p for p in paths if p.count(".") >= 2 and _member(p) == snake(subject.attribute)]
        else:
            # The class itself; of one whose bases stay the same, nothing changes but its members.
            found = [p for p in paths if p.count(".") == (2 if p.startswith("models.") else 1)]
            found = found or [p for p in paths if p.startswith("models.")]
        if found:
            return sorted(found, key=lambda p: not p.startswith("models."))
    return []


def _member(path: str) -> str:
    return snake(path.rpartition(".")[2].rstrip("_"))


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
        inside = parts[3:]
        status = inside[1] if inside[:1] == ["responses"] and len(inside) > 1 else ""
        owners = [f"{name}Response{status}"] if status else [f"{name}Body"]
        rest = inside
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
    """Names of components that a schema refers to at its surface: not inside of properties, which are of another class."""
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
        for method, operation in item.items()
        if METHODS.match(method) and isinstance(operation, dict)
    }


def plain(name: str) -> str:
    """A name without case and signs: what the generator makes of one keeps this."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def snake(name: str) -> str:
    """`get-conversation` and `nextLink` as `get_conversation` and `next_link`."""
    return re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()).strip("_")

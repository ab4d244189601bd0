"""Writes what the generator does not: `service.py` (base path, servers) and, for OData, `entities.py`."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from openapi_python_client.strings import PythonIdentifier

from scripts.documents import SCHEMAS, DocumentError
from scripts.pipeline.entity_sets import entity_names, entity_sets
from scripts.pipeline.names import RECORD_NAMES, camel, free_name, given_name, python_names, singular_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scripts.documents import Document
    from scripts.pipeline.settings import Settings

_IMPORTED: Final = (
    *("BooleanField", "CollectionField", "EntitySetInfo", "EntityType"),
    *("NumberField", "ObjectField", "TextField", "TimestampField"),
)
MAX_SERVERS: Final = 200
MAX_FIELDS: Final = 5000
_SCALARS: Final = {
    "integer": "NumberField",
    "number": "NumberField",
    "boolean": "BooleanField",
    "date-time": "TimestampField",
}


def write_catalogue(document: Document, output: Path, header: str, settings: Settings) -> None:
    """Write `service.py`, and `entities.py` if the document has entity sets."""
    (output / "service.py").write_text(header + _service(document, settings), encoding="utf-8", newline="\n")
    if any(True for _ in entity_sets(document)):
        (output / "entities.py").write_text(header + _entities(document, output), encoding="utf-8", newline="\n")


def _service(document: Document, settings: Settings) -> str:
    servers = _servers(document, settings)
    paths = {urlsplit(url).path for url in servers.values()}
    if len(paths) > 1:
        raise DocumentError(f"the servers must share one base path, they have {sorted(paths)}")
    base_path = next(iter(paths), "")
    for origin, region in settings.regions.items():
        if region in settings.added and servers:
            servers.setdefault(region, origin + base_path)
    lines = [
        '"""Where the service is."""',
        "from typing import Final",
        "from collections.abc import Mapping",
        f"TITLE: Final = {document.content['info']['title']!r}",
        f"VERSION: Final = {str(document.content['info']['version'])!r}",
        f"BASE_PATH: Final = {base_path!r}",
        f"SERVERS: Final[Mapping[str, str]] = {servers!r}",
        '"""Server addresses by the short name of their region, in the order of the document."""',
    ]
    return "\n".join(lines) + "\n"


def _servers(document: Document, settings: Settings) -> dict[str, str]:
    """Addresses by name; a server that has no name gets one from its host, or its host where that name is taken."""
    listed = document.content.get("servers", [])
    named = [server["x-moveworks-region"] for server in listed if "x-moveworks-region" in server]
    if twice := sorted({name for name in named if named.count(name) > 1}):
        raise DocumentError(f"two servers have the x-moveworks-region {', '.join(twice)}")
    servers: dict[str, str] = {}
    for server in listed:
        for url in _addresses(server):
            parts = urlsplit(url)
            if parts.scheme != "https" or not parts.hostname or "{" in url:
                raise DocumentError(f"the server {url} is not a complete https address")
            if url in servers.values():
                continue
            name = settings.regions.get(f"https://{parts.netloc}") or region_name(url)
            given = server.get("x-moveworks-region", parts.netloc if name in named or name in servers else name)
            servers[free_name(given, servers)] = url
    return servers


def _addresses(server: dict[str, Any]) -> Iterator[str]:
    """The address of a server, for each combination of what its variables may be."""
    variables = server.get("variables", {})
    if prod(len(each.get("enum") or [""]) for each in variables.values()) > MAX_SERVERS:
        raise DocumentError(f"the server {server['url']!r:.80} stands for more than {MAX_SERVERS} addresses")
    for values in product(*(each.get("enum") or [each.get("default", "")] for each in variables.values())):
        url = server["url"]
        for name, value in zip(variables, values, strict=True):
            url = url.replace(f"{{{name}}}", str(value))
        yield url.rstrip("/")


def region_name(url: str) -> str:
    """A short name from a server's host: `api.am-ap-south.moveworks.ai` is `am-ap-south`."""
    labels = (urlsplit(url).hostname or "").split(".")[:-1]
    named = [label for label in labels if label not in {"api", "moveworks"}]
    return "-".join(reversed(named)) or "default"


def _entities(document: Document, output: Path) -> str:
    package = output.name
    schemas = document.schemas
    names = entity_names(document)
    classes: dict[str, str] = {}
    infos: list[str] = []
    annotations: list[tuple[str, str, str]] = []
    modules: list[tuple[str, str]] = []
    attributes = python_names((path.strip("/") for path, *_ in entity_sets(document)), _NAMESPACE)
    for path, operation, _, record in entity_sets(document):
        entity = names[path]
        fields = _fields(document, {"$ref": SCHEMAS + record}, classes, entity)
        classes[entity] = _class(
            entity, "EntityType", schemas[record].get("description") or operation.get("description", ""), fields
        )
        name = path.strip("/")
        attribute = attributes[name]
        module = str(PythonIdentifier(record, "field_"))
        if not (output / "models" / f"{module}.py").exists():
            raise DocumentError(f"{path}: the generator has no model {record}; name its schema in fixes.overlay.yaml")
        options = tuple(name for location, name in document.parameters(path, operation) if location == "query")
        infos.append(
            f"{name!r}: EntitySetInfo(name={name!r}, attribute={attribute!r}, path={path!r}, entity={entity}, "
            f"operation={operation['operationId']!r}, model={f'{package}.models.{module}:{record}'!r}, "
            f"options={options!r}, doc={_text(operation.get('description') or operation.get('summary', ''))!r})"
        )
        annotations.append((name, attribute, record))
        modules.append((module, record))
    return "\n".join(
        [
            '"""The entity sets of the service and the fields of their records."""',
            "from __future__ import annotations",
            "from typing import TYPE_CHECKING, Any, Final, Literal, overload",
            f"from moveworks.odata import {', '.join(_IMPORTED)}",
            "if TYPE_CHECKING:",
            "    from collections.abc import Mapping",
            "    from moveworks.records import AsyncEntitySet, EntitySet",
            *(f"    from {package}.models.{module} import {record}" for module, record in dict.fromkeys(modules)),
            "# What `moveworks.records` hands on.",
            f"__all__ = [{', '.join(map(repr, dict.fromkeys(names.values())))}]",
            *classes.values(),
            f"ENTITY_SETS: Final[Mapping[str, EntitySetInfo]] = {{{', '.join(infos)}}}",
            '"""Every entity set, by its published name."""',
            _attributes("RecordsAttributes", "EntitySet", annotations),
            _attributes("AsyncRecordsAttributes", "AsyncEntitySet", annotations),
        ]
    )


def _attributes(name: str, kind: str, entities: list[tuple[str, str, str]]) -> str:
    """Annotations only: what a type checker knows of `mw.records`, which finds entity sets at run time by name."""
    lines = [f"class {name}:", '    """Entity sets as attributes and by published name, for type checkers."""']
    lines += [f"    {attribute}: {kind}[{record}]" for _, attribute, record in entities]
    lines.append("    if TYPE_CHECKING:")
    for published, _, record in entities:
        lines += [
            "        @overload",
            f"        def __getitem__(self, name: Literal[{published!r}]) -> {kind}[{record}]: ...",
        ]
    lines += ["        @overload", f"        def __getitem__(self, name: str) -> {kind}[Any]: ..."]
    lines.append(f"        def __getitem__(self, name: str) -> {kind}[Any]: ...")
    return "\n".join(lines)


def _fields(
    document: Document,
    schema: dict[str, Any],
    classes: dict[str, str],
    prefix: str,
    above: tuple[Any, ...] = (),
) -> list[tuple[str, str]]:
    """Python name and constructor call of every property; classes of nested objects are added on the way."""
    fields: list[tuple[str, str]] = []
    listed = document.members(schema)
    given = {name: given_name(declared) or name for name, declared in listed.items()}
    chosen = python_names(given.values(), RECORD_NAMES)
    names = {name: chosen[each] for name, each in given.items()}
    if len(classes) * 10 + len(listed) > MAX_FIELDS:
        raise DocumentError(f"the records of {prefix} hold more than {MAX_FIELDS // 10} objects, one in another")
    for name, declared in listed.items():
        inner, kind = _kind(document, declared)
        arguments = [repr(name)]
        constructor = _SCALARS.get(kind, "TextField")
        if kind in {"object", "array"}:
            body, item = (inner, "") if kind == "object" else _kind(document, inner.get("items", {}))
            constructor = "ObjectField" if kind == "object" else "CollectionField"
            target = _SCALARS.get(item, "TextField")
            if "object" in {kind, item} and body not in above:
                within = singular_name(name) if kind == "array" else camel(name)
                target = free_name(f"{prefix}{within or 'Nested'}Fields", classes)
                classes[target] = ""  # the name is taken
                below = _fields(document, body, classes, target.removesuffix("Fields"), (*above, body))
                del classes[target]  # what a class uses must stand above it
                classes[target] = _class(target, "ObjectField", f"Fields of `{name}`.", below)
                constructor = target if kind == "object" else constructor
            elif item == "object":
                target = "ObjectField"
            arguments += [target] if kind == "array" else []
        doc = ("Deprecated. " if declared.get("deprecated") or inner.get("deprecated") else "") + _text(
            declared.get("description") or inner.get("description", "")
        )
        arguments.append(f"doc={doc!r}")
        if values := _values(inner):
            arguments.append(f"values={values!r}")
        fields.append((names[name], f"{constructor}({', '.join(arguments)})"))
    return fields


def _kind(document: Document, schema: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The schema behind references and the alternative null, and its kind; alternatives of several kinds are text."""
    schema = document.essence(schema)
    kinds = schema.get("type", [])
    kinds = [kind for kind in ([kinds] if isinstance(kinds, str) else kinds) if kind != "null"]
    parts = [part for key in ("allOf", "oneOf", "anyOf") for part in schema.get(key, ()) if part != {"type": "null"}]
    if not kinds and parts:
        found = [_kind(document, part) for part in parts]
        kinds = list(dict.fromkeys(kind for part, kind in found if kind != "string" or "allOf" not in schema))
        schema = next((part for part, kind in found if kind == "array"), schema)
    if not kinds and ("properties" in schema or document.members(schema)):
        kinds = ["object"]
    kind = kinds[0] if len(kinds) == 1 else "number" if {*kinds} == {"integer", "number"} else "string"
    return schema, "date-time" if kind == "string" and schema.get("format") == "date-time" else kind


def _values(schema: dict[str, Any]) -> tuple[Any, ...]:
    """What a closed list allows beside null."""
    listed = [schema["const"]] if "const" in schema else schema.get("enum", ())
    return tuple(value for value in dict.fromkeys(listed) if value is not None and not isinstance(value, bool))


def _class(name: str, base: str, doc: str, fields: list[tuple[str, str]]) -> str:
    text = _text(doc).replace("\\", "\\\\").replace('"', '\\"') or name
    return "\n".join(
        [f"class {name}({base}):", f'    """{text}"""', *(f"    {python} = {call}" for python, call in fields)]
    )


def _text(text: str) -> str:
    """One line, without what no source file may hold."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


# What `mw.records` has beside entity sets.
_NAMESPACE: Final = frozenset({"names"})

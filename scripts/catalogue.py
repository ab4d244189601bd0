"""Writes what the generator does not: `service.py` (base path, servers) and, for OData, `entities.py`."""

from __future__ import annotations

import keyword
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scripts.documents import DocumentError
from scripts.normalise import camel, entity_sets, resolve, singular_name

if TYPE_CHECKING:
    from pathlib import Path

_IMPORTED = (
    *("BooleanField", "CollectionField", "EntitySetInfo", "EntityType"),
    *("NumberField", "ObjectField", "TextField", "TimestampField"),
)
SCALARS = {"string": "TextField", "integer": "NumberField", "number": "NumberField", "boolean": "BooleanField"}


def write_catalogue(document: dict[str, Any], output: Path, header: str) -> None:
    """Write `service.py`, and `entities.py` if the document has entity sets."""
    (output / "service.py").write_text(header + _service(document), encoding="utf-8", newline="\n")
    entities = list(entity_sets(document))
    if entities:
        (output / "entities.py").write_text(header + _entities(document, output.name), encoding="utf-8", newline="\n")


def _service(document: dict[str, Any]) -> str:
    servers: dict[str, str] = {}
    paths = set()
    for server in document.get("servers", ()):
        url = server["url"].rstrip("/")
        name = server.get("x-moveworks-region") or region_name(url)
        if name in servers:
            raise DocumentError(f"two servers would both be named {name}; give one an x-moveworks-region")
        servers[name] = url
        paths.add(urlsplit(url).path)
    if len(paths) != 1:
        raise DocumentError(f"the servers must share one base path, they have {sorted(paths)}")
    lines = [
        f'"""Where the service is: {_doc(document["info"]["title"])}."""',
        "from typing import Final",
        "from collections.abc import Mapping",
        f"TITLE: Final = {document['info']['title']!r}",
        f"VERSION: Final = {str(document['info']['version'])!r}",
        f"BASE_PATH: Final = {paths.pop()!r}",
        f"SERVERS: Final[Mapping[str, str]] = {servers!r}",
        '"""Server addresses by the short name of their region, in the order of the document."""',
    ]
    return "\n".join(lines) + "\n"


def region_name(url: str) -> str:
    """A short name from a server's host: `api.am-ap-south.moveworks.ai` is `am-ap-south`."""
    labels = (urlsplit(url).hostname or "").split(".")[:-1]
    named = [label for label in labels if label not in {"api", "moveworks"}]
    return "-".join(reversed(named)) or "default"


def _entities(document: dict[str, Any], package: str) -> str:
    schemas = document["components"]["schemas"]
    classes: dict[str, str] = {}
    infos: list[str] = []
    annotations: list[tuple[str, str, str]] = []
    for path, operation, _, record in entity_sets(document):
        entity = singular_name(path)
        fields = _fields(document, entity, schemas[record], classes, entity)
        classes[entity] = _class(
            entity, "EntityType", schemas[record].get("description") or operation.get("description", ""), fields
        )
        name = path.strip("/")
        attribute = _python(re.sub(r"\W", "_", name))
        model = f"{package}.models.{_snake(record)}:{record}"
        options = tuple(p["name"] for p in _parameters(document, operation) if p.get("in") == "query")
        infos.append(
            f"{name!r}: EntitySetInfo(name={name!r}, attribute={attribute!r}, path={path!r}, entity={entity}, "
            f"operation={operation['operationId']!r}, model={model!r}, options={options!r}, "
            f"doc={_doc(operation.get('description') or operation.get('summary', ''))!r})"
        )
        annotations.append((name, attribute, record))
    return "\n".join(
        [
            '"""The entity sets of the service and the fields of their records."""',
            "from __future__ import annotations",
            "from typing import TYPE_CHECKING, Any, Final, Literal, overload",
            f"from moveworks.odata import {', '.join(_IMPORTED)}",
            "if TYPE_CHECKING:",
            "    from collections.abc import Mapping",
            "    from moveworks.records import AsyncEntitySet, EntitySet",
            *(f"    from {package}.models.{_snake(record)} import {record}" for _, _, record in annotations),
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
    document: dict[str, Any], owner: str, schema: dict[str, Any], classes: dict[str, str], prefix: str
) -> list[tuple[str, str]]:
    """Python name and constructor call of every property; classes of nested objects are added on the way."""
    fields: list[tuple[str, str]] = []
    for name, declared in resolve(document, schema).get("properties", {}).items():
        inner, kind = _kind(document, declared)
        doc = _doc(declared.get("description") or inner.get("description", ""))
        nested = f"{prefix}{singular_name(name) if kind == 'array' else camel(name)}Fields"
        arguments = [repr(name)]
        if kind == "object" or (kind == "array" and _kind(document, inner.get("items", {}))[1] == "object"):
            body = inner if kind == "object" else _kind(document, inner["items"])[0]
            below = _fields(document, nested, body, classes, nested.removesuffix("Fields"))
            classes[nested] = _class(nested, "ObjectField", f"Fields of `{name}`.", below)
            constructor = nested if kind == "object" else "CollectionField"
            arguments += [nested] if kind == "array" else []
        elif kind == "array":
            items, item_kind = _kind(document, inner.get("items", {}))
            constructor = "CollectionField"
            arguments.append(_scalar(items, item_kind))
        else:
            constructor = _scalar(inner, kind)
        fields.append((_python(name), f"{constructor}({', '.join(arguments)}, doc={doc!r})"))
    names = [python for python, _ in fields]
    if clash := next((n for n in names if names.count(n) > 1), None):
        raise DocumentError(f"{owner}: two properties would both be named {clash} in Python")
    return fields


def _kind(document: dict[str, Any], schema: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The schema behind references and the alternative null, and its type."""
    schema = resolve(document, schema)
    for key in ("oneOf", "anyOf", "allOf"):
        rest = [option for option in schema.get(key, ()) if option != {"type": "null"}]
        if len(rest) == 1:
            return _kind(document, rest[0])
    kind = schema.get("type", "object" if "properties" in schema else "string")
    if isinstance(kind, list):
        kind = next((k for k in kind if k != "null"), "string")
    return schema, kind


def _scalar(schema: dict[str, Any], kind: str) -> str:
    return "TimestampField" if schema.get("format") == "date-time" else SCALARS.get(kind, "TextField")


def _class(name: str, base: str, doc: str, fields: list[tuple[str, str]]) -> str:
    body = [f"    {python} = {call}" for python, call in fields]
    return "\n".join([f"class {name}({base}):", f'    """{_doc(doc) or name}"""', *body])


def _parameters(document: dict[str, Any], operation: dict[str, Any]) -> list[dict[str, Any]]:
    return [resolve(document, parameter) for parameter in operation.get("parameters", ())]


def _doc(text: str) -> str:
    return " ".join(str(text).split()).replace("\\", "/").replace('"""', "'''").strip()


def _python(name: str) -> str:
    name = re.sub(r"\W", "_", name)
    name = f"field_{name}" if not name[:1].isidentifier() else name
    return f"{name}_" if keyword.iskeyword(name) or name in _RESERVED else name


# Attributes that the field classes have themselves.
_RESERVED = frozenset({"fields", "node", "path", "wire_name", "doc", "kind", "asc", "desc", "is_null"})


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()

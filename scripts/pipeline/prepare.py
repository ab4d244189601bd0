"""A document as the generator can take it: the same operations and models, in the few constructs that it reads right.

openapi-python-client 0.29.1 refuses or misreads boolean schemas, nested `allOf`, `nullable` beside `allOf`, enums of
fractions, two properties that become one name, two classes of one title, parameters with `content`, and media types
other than JSON, forms and files. All that is said here in other words that mean the same to a client; every object and
every list of values gets a component of its own, so that its class has a name that depends on no position.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from attrs import define, field
from openapi_python_client.strings import ClassName, PythonIdentifier

from scripts.documents import SCHEMAS, DocumentError
from scripts.pipeline.kinds import KINDS, Schema, described, is_class, listed_values, plain_schema
from scripts.pipeline.names import camel, given_name, plain_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scripts.documents import Document

MAX_SCHEMAS: Final = 20_000
_PREFIX: Final = "field_"
_TYPES: Final = {"array", "boolean", "integer", "null", "number", "object", "string"}
_FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")


@define
class Prepared:
    """What the generator is given.

    Attributes:
        content: The document.
        wires: Names of properties on the wire, by those that stand in for them because two would become one name.
        chosen: Names in Python that the document gives in `x-moveworks-name`, by what stands in for the property.
        collisions: Properties whose names became one and were told apart by a trailing underscore; a line each.
        dropped: What no client can be made of and is left out, because there is another way; a line each.
    """

    content: dict[str, Any]
    wires: dict[str, str]
    chosen: dict[str, str]
    collisions: list[str]
    dropped: list[str]


def prepare(document: Document, overrides: dict[str, str]) -> Prepared:
    """Prepare a document for the generator.

    Args:
        document: It stays as it is.
        overrides: Other names for classes, by the names that they would have.

    Raises:
        DocumentError: naming the place of what no client can be made of, and a way around.
    """
    return _Preparer(document, overrides).prepared()


@define
class _Preparer:
    document: Document
    overrides: dict[str, str]
    schemas: dict[str, Schema] = field(factory=dict)
    classes: set[str] = field(factory=set)
    titles: dict[str, str] = field(factory=dict)
    wires: dict[str, str] = field(factory=dict)
    chosen: dict[str, str] = field(factory=dict)
    collisions: list[str] = field(factory=list)
    dropped: list[str] = field(factory=list)
    count: int = 0

    def prepared(self) -> Prepared:
        """The whole document."""
        source = self.document.content
        named = {name: node for name, node in self.document.schemas.items() if isinstance(node, dict)}
        for name, node in named.items():
            if is_class(node, self.document):
                self.titles[name] = self._class_name(str(node.get("title") or name), name)
        for name, node in named.items():
            if name in self.titles:
                self.schemas[name] = self._class(node, self.titles[name], f"{SCHEMAS}{name}")
            else:
                # An alias, a union or a list: not a class itself.
                self.schemas[name] = self._schema(node, str(node.get("title") or name), f"{SCHEMAS}{name}", top=True)
        for name, node in self.document.schemas.items():
            self.schemas.setdefault(name, {} if isinstance(node, bool) else node)
        paths = {
            path: {
                method: self._operation(path, method, operation)
                for each, method, operation in self.document.operations()
                if each == path
            }
            for path in source.get("paths", {})
            if not path.startswith("x-")
        }
        content = {"openapi": "3.1.0", "info": source["info"], "paths": paths, "components": {"schemas": self.schemas}}
        return Prepared(content, self.wires, self.chosen, self.collisions, self.dropped)

    # schemas

    def _schema(self, node: Any, name: str, place: str, *, top: bool = False) -> Schema:
        """A schema in place; an object or enum goes among the components, under a name that nothing has."""
        self.count += 1
        if self.count > MAX_SCHEMAS:
            raise DocumentError(f"{place}: the document has more than {MAX_SCHEMAS} schemas")
        if not isinstance(node, dict):
            return {}
        if isinstance(node.get("$ref"), str):
            reference = {"$ref": node["$ref"]}
            return {**described(node), "allOf": [reference]} if described(node) else reference
        nullable = node.get("nullable") is True or None in (node.get("enum") or ())
        kinds = node.get("type")
        if unknown := {*([kinds] if isinstance(kinds, str) else kinds or ())} - _TYPES:
            raise DocumentError(f"{place}/type: {', '.join(map(repr, unknown))} is no type of JSON Schema")
        if isinstance(kinds, list):
            nullable = nullable or "null" in kinds
            rest = [kind for kind in kinds if kind != "null"]
            if len(rest) > 1 and not ({"enum", "const"} & node.keys()):
                several = [self._schema({**node, "type": kind, "nullable": False}, name, place) for kind in rest]
                return {**described(node), "anyOf": [*several, *([{"type": "null"}] if nullable else [])]}
            node = {**node, "type": rest[0]} if len(rest) == 1 else {k: v for k, v in node.items() if k != "type"}
            if not rest:
                return {**described(node), "type": "null"}
        made = self._essence(node, name, place, top=top)
        if not nullable or made == {}:
            return made
        if isinstance(made.get("type"), str):
            return {**made, "type": [made["type"], "null"]}
        alternatives = made.pop("anyOf") if "anyOf" in made else [made]
        if {"type": "null"} in alternatives:
            return {**described(node), "anyOf": alternatives}
        return {**described(node), "anyOf": [*alternatives, {"type": "null"}]}

    def _essence(self, node: Schema, name: str, place: str, *, top: bool) -> Schema:
        """A schema of one type, which may be null as well or not."""
        parts = node.get("allOf")
        if isinstance(parts, list) and len(parts) == 1 and isinstance(parts[0], dict) and "properties" not in node:
            if "$ref" in parts[0]:
                return {**described(node), "allOf": [{"$ref": parts[0]["$ref"]}]}
            return self._schema({**parts[0], **described(node)}, name, place)
        if is_class(node, self.document):
            return self._lifted(node, name, place)
        for key in ("oneOf", "anyOf"):
            if isinstance(node.get(key), list) and node[key]:
                return {**described(node), "anyOf": list(self._alternatives(node, key, name, place, top=top))}
        if isinstance(parts, list) and parts:
            merged: Schema = {}
            for part in parts:
                merged = {**(self.document.resolve(part) if isinstance(part, dict) else {}), **merged}
            return self._schema({**merged, **{k: v for k, v in node.items() if k != "allOf"}}, name, place)
        kind = node.get("type")
        if kind == "array" or ("items" in node and kind is None):
            inner = node.get("items", {})
            if isinstance(node.get("prefixItems"), list):
                inner = {"anyOf": [*node["prefixItems"], *([inner] if inner else [])]}
            return {
                **described(node),
                "type": "array",
                "items": self._schema(inner, f"{name} item", f"{place}/items"),
            }
        return {**described(node), **plain_schema(node)}

    def _alternatives(self, node: Schema, key: str, name: str, place: str, *, top: bool) -> Iterator[Schema]:
        """The alternatives of a union, each named by its title or by the value that tells it from the others."""
        decides = (node.get("discriminator") or {}).get("propertyName")
        for index, each in enumerate(node[key]):
            title = each.get("title") if isinstance(each, dict) else None
            label = title or self._decisive_value(each, decides) or f"type {index}"
            # As the generator names them: a titled alternative of a component is called by its title alone.
            inner = str(title) if title and top else f"{name} {label}"
            yield self._schema(each, inner, f"{place}/{key}/{index}")

    def _decisive_value(self, node: Any, decides: str | None) -> str:
        """The one value that a property of an alternative may have."""
        for name, inner in (self.document.members(node) if isinstance(node, dict) else {}).items():
            if decides is None or name == decides:
                schema = self.document.resolve(inner) if isinstance(inner, dict) else {}
                values = [schema["const"]] if "const" in schema else schema.get("enum") or []
                if len(values) == 1 and isinstance(values[0], str):
                    return values[0].lower()
        return ""

    def _lifted(self, node: Schema, name: str, place: str) -> Schema:
        chosen = self._class_name(name, "")
        key = chosen
        while key in self.document.schemas or key in self.schemas:
            key += "_"
        self.schemas[key] = {}
        self.schemas[key] = self._class(node, chosen, place)
        reference = {"$ref": SCHEMAS + key}
        return {**described(node), "allOf": [reference]} if node.get("description") else reference

    def _class(self, node: Schema, name: str, place: str) -> Schema:
        """A component that becomes a class or a list of values."""
        annotations = {**described(node), "title": name}
        if (values := listed_values(node)) is not None:
            return {**annotations, "type": KINDS[type(values[0])], "enum": values}
        listed = self._members(node)
        required = [each for each in self._required(node) if each in listed]
        stands_in = self._stand_ins(listed)
        self._collisions(listed, place)
        properties = {
            stands_in[wire]: self._schema(inner, f"{name} {inner.get('title') or wire}", f"{place}/properties/{wire}")
            if isinstance(inner, dict)
            else {}
            for wire, inner in listed.items()
        }
        extra = node.get("additionalProperties")
        more = {"additionalProperties": False} if extra is False else {}
        return {
            **annotations,
            "type": "object",
            "properties": properties,
            "required": [stands_in[each] for each in required],
            **more,
        }

    def _members(self, node: Schema) -> dict[str, Any]:
        """The properties of an object; what stands beside an `allOf` counts before what is in it."""
        own = dict(node.get("properties") or {})
        rest = {key: value for key, value in node.items() if key != "properties"}
        return own | {name: inner for name, inner in self.document.members(rest).items() if name not in own}

    def _required(self, node: Schema, seen: set[str] | None = None) -> list[str]:
        seen = set() if seen is None else seen
        found = [each for each in node.get("required") or () if isinstance(each, str)]
        for part in node.get("allOf") or ():
            if isinstance(part, dict) and part.get("$ref") not in seen:
                seen |= {part["$ref"]} if "$ref" in part else set()
                found += self._required(self.document.resolve(part), seen)
        return list(dict.fromkeys(found))

    def _stand_ins(self, listed: dict[str, Any], taken: Iterable[str] = ()) -> dict[str, str]:
        """A name for each property or parameter that becomes another Python name in the generator than the others."""
        chosen: dict[str, str] = {}
        seen = {str(PythonIdentifier(name, _PREFIX)) for name in taken}
        for key, inner in listed.items():
            name = wire = inner if isinstance(inner, str) else key
            given = given_name(inner)
            if given:
                name = f"{given}_{len(self.wires)}"
                self.wires[name], self.chosen[name] = wire, given
            while not name or str(PythonIdentifier(name, _PREFIX)) in seen:
                name = f"{name}_{len(self.wires)}"
                self.wires[name] = wire
            seen.add(str(PythonIdentifier(name, _PREFIX)))
            chosen[key] = name
        return chosen

    def _collisions(self, listed: dict[str, Any], place: str) -> None:
        by_name: dict[str, list[str]] = {}
        for wire, inner in listed.items():
            by_name.setdefault(given_name(inner) or plain_name(wire), []).append(wire)
        self.collisions += [
            f"{place}: {' and '.join(map(repr, wires))} are one name in Python; give one of them another in "
            "fixes.overlay.yaml (x-moveworks-name)"
            for wires in by_name.values()
            if len(wires) > 1
        ]

    def _class_name(self, wanted: str, otherwise: str) -> str:
        """A class name that no other class has, also after the overrides."""
        for text in (wanted, otherwise, *(f"{wanted} {number}" for number in range(2, 1000))):
            words = "".join(map(camel, text.split()))
            name = str(ClassName(str(ClassName(words or "Schema", _PREFIX)), _PREFIX))
            final = self.overrides.get(name, name)
            if text and final.lower() not in self.classes:
                self.classes.add(final.lower())
                return name
        raise DocumentError(f"more than a thousand schemas are called {wanted}; give them titles in fixes.overlay.yaml")

    # operations

    def _operation(self, path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
        place = f"{method.upper()} {path}"
        name = str(PythonIdentifier(operation["operationId"], _PREFIX))
        made: dict[str, Any] = {
            "operationId": operation["operationId"],
            "tags": operation["tags"],
            "parameters": list(self._parameters(path, operation, name)),
            "responses": {
                status: self._answer(answer, f"{name} response {status}", f"{place}, answer {status}")
                for status, answer in operation["responses"].items()
                if not status.startswith("x-")
            },
        }
        if "requestBody" in operation:
            body = self.document.resolve(operation["requestBody"])
            made["requestBody"] = {
                "required": body.get("required") is True,
                "content": self._body(body, f"{name} body", place),
            }
        return made

    def _parameters(self, path: str, operation: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
        declared = self.document.parameters(path, operation)
        in_path = {wire: wire for location, wire in declared if location == "path"}
        others = {f"{location} {wire}": wire for location, wire in declared if location != "path"}
        chosen = {**{f"path {wire}": wire for wire in in_path}, **self._stand_ins(others, in_path)}
        for (location, wire), parameter in declared.items():
            where = f"{operation['operationId']}, {location} parameter {wire}"
            node = parameter.get("schema", {})
            json = "content" in parameter
            schema = {} if json else self._schema(node, f"{name} {wire}", where)
            if not json and location != "query" and self._is_object(node):
                raise DocumentError(
                    f"{where}: an object cannot be sent there; say in fixes.overlay.yaml what text it is (type: string)"
                )
            if location in {"header", "cookie"} and schema.get("format"):
                # The generator takes no time or day there; as text it is sent as it is given.
                schema = {"type": "string"}
            required = location == "path" or parameter.get("required") is True
            yield {"name": chosen[f"{location} {wire}"], "in": location, "required": required, "schema": schema}

    def _is_object(self, node: Any) -> bool:
        node = self.document.essence(node) if isinstance(node, dict) else {}
        return is_class(node, self.document) and listed_values(node) is None

    def _body(self, body: dict[str, Any], name: str, place: str) -> dict[str, Any]:
        content = body.get("content") or {}
        usable: dict[str, Any] = {}
        refused: list[str] = []
        for kind, media in content.items():
            plain = kind.partition(";")[0].strip().lower()
            node = media.get("schema", {}) if isinstance(media, dict) else {}
            schema = self._schema(node, name if len(content) == 1 else f"{name} {plain}", f"{place}, body {kind}")
            if plain == "application/json" or plain.endswith("+json") or plain in _FORMS:
                usable[kind] = {"schema": schema}
            elif self._is_object(node) and plain not in {"application/octet-stream", "*/*"} and node:
                refused.append(kind)
            elif plain == "application/octet-stream":
                usable[kind] = {"schema": {"type": "string", "format": "binary"}}
            else:
                usable[f"application/json;sent-as={kind}"] = {"schema": schema}
        if refused and not usable:
            raise DocumentError(
                f"{place}: a body of {', '.join(refused)} cannot be made of an object; "
                "say in fixes.overlay.yaml that its schema is text (type: string) or a file (format: binary)"
            )
        self.dropped += [f"{place}: the body is not sent as {kind}, but as {', '.join(usable)}" for kind in refused]
        return usable

    def _answer(self, answer: dict[str, Any], name: str, place: str) -> dict[str, Any]:
        answer = self.document.resolve(answer)
        content = answer.get("content") or {}
        described = {"description": answer.get("description") or ""}
        if not content:
            return described
        kinds = {kind.partition(";")[0].strip().lower(): kind for kind in content}
        json = next(
            (kind for plain, kind in kinds.items() if plain == "application/json" or plain.endswith("+json")), ""
        )
        kind = json or next(
            (kind for plain, kind in kinds.items() if plain.startswith("text/")), next(iter(kinds.values()))
        )
        media = content[kind] if isinstance(content[kind], dict) else {}
        plain = kind.partition(";")[0].strip().lower()
        if json:
            return {
                **described,
                "content": {"application/json": {"schema": self._schema(media.get("schema", {}), name, place)}},
            }
        if plain.startswith("text/"):
            return {**described, "content": {"text/plain": {"schema": {"type": "string"}}}}
        return {
            **described,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }

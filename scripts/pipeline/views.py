"""What the templates write: models, operations and the catalogue of operations, as lines of Python."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen
from openapi_python_client.parser.properties import EnumProperty, LiteralEnumProperty, ModelProperty
from openapi_python_client.parser.properties.const import ConstProperty
from openapi_python_client.parser.properties.date import DateProperty
from openapi_python_client.parser.properties.datetime import DateTimeProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.strings import PythonIdentifier, safe_for_docstring

from scripts.entity_sets import listings
from scripts.openapi import camel, operations, resolve
from scripts.pipeline.names import ANNOTATIONS, MODEL_NAMES, RECORD_NAMES, python_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openapi_python_client.parser import GeneratorData
    from openapi_python_client.parser.openapi import Endpoint
    from openapi_python_client.parser.properties.protocol import PropertyProtocol
    from openapi_python_client.parser.responses import Response

# What an operation's functions take beside parameters.
CALL_NAMES: Final = ANNOTATIONS | {"body", "client"}
_READ_TIME: Final = "_types.decode_time"
_WIDTH: Final = 106


@frozen
class Member:
    """A property of a model, or a parameter of an operation."""

    python: str
    declaration: str
    doc: str
    codec: str = ""


@frozen
class ModelView:
    """A model as the template writes it."""

    name: str
    doc: str
    sent: bool
    fields: list[Member]
    reading: list[str]
    readers: list[str]
    imports: list[str]
    late_imports: list[str]

    @property
    def documented(self) -> list[Member]:
        """The properties of which the document says something."""
        return [field for field in self.fields if field.doc]


@frozen
class OperationView:
    """An operation as the template writes it."""

    title: str
    doc: str
    method: str
    path: str
    positional: list[Member]
    keywords: list[Member]
    parts: list[str]
    answers: list[str]
    returns: str
    imports: list[str]

    @property
    def returned(self) -> str:
        """The name of what an answer is read as."""
        return "Any" if self.returns == "Any" else "_Answer"

    @property
    def documented(self) -> list[Member]:
        """The parameters of which the document says something."""
        return [each for each in [*self.positional, *self.keywords] if each.doc]


class Views:
    """Views of what the generator read in a document."""

    def __init__(self, data: GeneratorData, document: dict[str, Any], package: str) -> None:
        self._data, self._document, self._package = data, document, package
        self._operations = {
            PythonIdentifier(operation["operationId"], "field_"): (path, method, operation)
            for path, method, operation in operations(document)
        }
        self._reserved = RECORD_NAMES if any(True for _ in listings(document)) else MODEL_NAMES
        self._sent = {name for e in self._endpoints() for body in e.bodies for name in _models_within(body.prop)}

    def _endpoints(self) -> Iterator[Endpoint]:
        for collection in self._data.endpoint_collections_by_tag.values():
            yield from collection.endpoints

    def model(self, model: ModelProperty) -> ModelView:
        """A model."""
        name = str(model.class_info.name)
        listed = [*(model.required_properties or ()), *(model.optional_properties or ())]
        sent = name in self._sent
        names = python_names(map(_wire, listed), self._reserved)
        fields = [_field(each, names[_wire(each)], sent=sent) for each in listed]
        used = [each for prop in listed for each in _classes(prop) if not isinstance(each, ModelProperty)]
        late = [each for prop in listed for each in _classes(prop, readable=True) if each.class_info.name != name]
        return ModelView(
            name=name,
            doc=_doc(_raw(model.description) or f"{_raw(model.data.title) or name}.", 4),
            sent=sent,
            fields=fields,
            reading=[
                *(line for each in listed for line in _reading(each, names[_wire(each)])),
                *(["_CODEC.rename(values)"] if any(wire != python for wire, python in names.items()) else []),
            ],
            readers=[
                f"_read_{names[_wire(each)]} = {reader}"
                for each in listed
                if (reader := _reader(each)) not in {"", _READ_TIME}
            ],
            imports=_imports(used, "."),
            late_imports=_imports(late, "."),
        )

    def operation(self, endpoint: Endpoint) -> OperationView:
        """An operation."""
        path, method, operation = self._operations[endpoint.name]
        parameters = list(self._parameters(endpoint))
        positional = [member for _, location, member, _ in parameters if location == "path"]
        keywords = [member for _, location, member, _ in parameters if location != "path"]
        body = self._body(endpoint)
        keywords += [body] if body else []
        keywords.sort(key=lambda each: " = " in each.declaration)
        props = [prop for prop, *_ in parameters] + [body.prop for body in endpoint.bodies]
        props += [response.prop for response in endpoint.responses]
        summary = operation.get("summary") or ""
        described = operation.get("description") or ""
        title = f"{method.upper()} {path}"
        text = summary if described.startswith(summary.rstrip(".")) else f"{summary.rstrip('.')}. {described}"
        text = (described if summary and described.startswith(summary.rstrip(".")) else text).strip(" .") or title
        return OperationView(
            title=safe_for_docstring(title),
            doc=_doc(("Deprecated. " if operation.get("deprecated") else "") + text, 4),
            method=method.upper(),
            path=f"_BASE_PATH + {_template(path, map(_wire, endpoint.path_parameters))!r}",
            positional=positional,
            keywords=keywords,
            parts=[*_parts(parameters), *self._body_parts(endpoint)],
            answers=[_answer(each) for each in endpoint.responses],
            returns=_returned(endpoint),
            imports=[
                "from ...service import BASE_PATH as _BASE_PATH",
                *_imports((each for prop in props for each in _classes(prop)), "...models."),
            ],
        )

    def _parameters(self, endpoint: Endpoint) -> Iterator[tuple[PropertyProtocol, str, Member, str]]:
        """Property, location, member and style of each parameter."""
        path, _, operation = self._operations[endpoint.name]
        listed = [*operation.get("parameters", ()), *self._document["paths"][path].get("parameters", ())]
        declared = {(p["in"], p["name"]): p for p in (resolve(self._document, each) for each in reversed(listed))}
        found = [(location.value, prop) for location, prop in endpoint.iter_all_parameters()]
        unique = {f"{location} {_wire(prop)}": f"{_wire(prop)}" for location, prop in found}
        twice = {name for name in unique.values() if list(unique.values()).count(name) > 1}
        keys = [f"{_wire(p)}_{place}" if _wire(p) in twice else _wire(p) for place, p in found]
        names = python_names(keys, CALL_NAMES)
        for (location, prop), key in zip(found, keys, strict=True):
            given = declared[location, _wire(prop)]
            kind = _annotation(prop)
            if not prop.required:
                kind += " | Unset = UNSET"
            doc = ("Deprecated. " if given.get("deprecated") else "") + _raw(given.get("description"))
            member = Member(names[key], f"{names[key]}: {kind}", _doc(doc, 12))
            yield prop, location, member, _style(given)

    def _body(self, endpoint: Endpoint) -> Member | None:
        if not endpoint.bodies:
            return None
        kinds = dict.fromkeys(_annotation(body.prop) for body in endpoint.bodies)
        optional = "" if all(body.prop.required for body in endpoint.bodies) else " | Unset = UNSET"
        return Member("body", f"body: {' | '.join(kinds)}{optional}", "")

    def _body_parts(self, endpoint: Endpoint) -> Iterator[str]:
        if endpoint.bodies:
            *others, last = endpoint.bodies
            choice = "".join(
                f"{sent_as(body.content_type.get_untrusted_value())!r} if isinstance(body, {_checked(body.prop)}) else "
                for body in others
            )
            yield "body=body"
            yield f"media_type={choice}{sent_as(last.content_type.get_untrusted_value())!r}"

    def catalogue(self) -> str:
        """The source of `operations.py`."""
        options: list[str] = []
        entries: list[str] = []
        imports: set[str] = set()
        for endpoint in self._endpoints():
            path, method, operation = self._operations[endpoint.name]
            parameters = list(self._parameters(endpoint))
            queries = [each for each in parameters if each[1] == "query"]
            if queries:
                options += _options(endpoint, operation, queries)
                imports |= set(_imports((c for prop, *_ in queries for c in _classes(prop)), ".models."))
            entries.append(self._entry(endpoint, path, method, operation, parameters))
        return "\n".join(
            [
                '"""The operations of the service, and the options of those that take some in the query."""',
                "from __future__ import annotations",
                "import datetime",
                "from collections.abc import Mapping",
                "from typing import TYPE_CHECKING, Any, Final, Literal, Required, TypedDict",
                "from .types import File, Operation, Parameter, RequestBody",
                *(["if TYPE_CHECKING:", *(f"    {line}" for line in sorted(imports))] if imports else []),
                *options,
                f"OPERATIONS: Final[Mapping[str, Operation]] = {{{', '.join(entries)}}}",
                '"""Every operation, by its operationId."""',
                "",
            ]
        )

    def _entry(
        self, endpoint: Endpoint, path: str, method: str, operation: dict[str, Any], parameters: list[Any]
    ) -> str:
        answers = {
            status: resolve(self._document, answer)
            for status, answer in operation["responses"].items()
            if not status.startswith("x-")
        }
        success = [status for status in answers if status[0] in "123" or status == "default"]
        media = dict.fromkeys(kind for status in success for kind in answers[status].get("content", ()))
        tag = str(endpoint.tags[0])
        listed = "".join(
            f"Parameter({member.python!r}, {_wire(prop)!r}, {location!r}"
            f"{', required=True' if prop.required else ''}"
            f"{f', doc={_line(member.doc)!r}' if member.doc else ''}"
            f"{', deprecated=True' if member.doc.startswith('Deprecated. ') else ''}), "
            for prop, location, member, _ in parameters
        )
        body = ""
        if endpoint.bodies:
            kinds = tuple(sent_as(each.content_type.get_untrusted_value()) for each in endpoint.bodies)
            models = tuple(
                str(each.prop.class_info.name) if isinstance(each.prop, ModelProperty) else ""
                for each in endpoint.bodies
            )
            body = f"body=RequestBody({endpoint.bodies[0].prop.required}, {kinds!r}, {models!r}), "
        identity = operation["operationId"]
        return (
            f"{identity!r}: Operation(id={identity!r}, name={str(endpoint.name)!r}, tag={tag!r}, "
            f"module={f'{self._package}.api.{tag}.{endpoint.name}'!r}, method={method.upper()!r}, path={path!r}, "
            f"{f'parameters=({listed}), ' if listed else ''}{body}success={tuple(success)!r}, "
            f"media_types={tuple(media)!r}, {'deprecated=True, ' if operation.get('deprecated') else ''}"
            f"doc={_line(operation.get('description') or operation.get('summary') or '')!r})"
        )


def sent_as(media_type: str) -> str:
    """The media type of the document, which the generator may have been given another one for."""
    return media_type.partition(";sent-as=")[2] or media_type


def _options(endpoint: Endpoint, operation: dict[str, Any], queries: list[Any]) -> list[str]:
    lines = [f"class {camel(str(endpoint.name))}Options(TypedDict, total=False):"]
    lines.append(f'    """Query options of `{safe_for_docstring(operation["operationId"])}`."""')
    for prop, _, member, _ in queries:
        kind = _annotation(prop)
        lines.append(f"    {member.python}: {f'Required[{kind}]' if prop.required else kind}")
        if member.doc:
            lines.append(f'    """{member.doc}"""')
    return lines


def _parts(parameters: list[tuple[PropertyProtocol, str, Member, str]]) -> Iterator[str]:
    words = {"path": "values", "query": "query", "header": "headers", "cookie": "cookies"}
    for location, word in words.items():
        pairs = [
            f"({_wire(prop)!r}, {member.python}{f', {style!r}' if location == 'query' else ''})"
            for prop, place, member, style in parameters
            if place == location
        ]
        if pairs:
            yield f"{word}=({', '.join(pairs)},)"


def _style(parameter: dict[str, Any]) -> str:
    """How a query parameter of several values is written; empty for the usual way."""
    if "content" in parameter:
        return "json"
    style = parameter.get("style", "form")
    if style == "form":
        return "" if parameter.get("explode", True) else "list"
    return str(style)


def _template(path: str, names: Iterable[str]) -> str:
    """A path for `str.format` with values by position."""
    escaped = path.replace("{", "{{").replace("}", "}}")
    for name in names:
        escaped = escaped.replace(f"{{{{{name}}}}}", "{}")
    return escaped


def _answer(response: Response) -> str:
    code = response.status_code.range
    first, last = code or (0, 999)
    attribute = response.source["attribute"]
    kind = {"response.json()": "json", "response.content": "file", "response.text": "text"}.get(attribute, "")
    read = _reader(response.prop) if kind == "json" else ""
    return f"_types.Answer({first}, {last}, {kind!r}{f', {read}' if read else ''})"


def _returned(endpoint: Endpoint) -> str:
    kinds: dict[str, None] = {}
    for response in endpoint.responses:
        kind = {"response.content": "File", "response.text": "str", "None": "None"}.get(response.source["attribute"])
        kinds[kind or _annotation(response.prop)] = None
    if "Any" in kinds or not kinds:
        return "Any"
    return " | ".join(sorted(kinds)) if len(kinds) > 1 or "None" not in kinds else "Any"


def _field(prop: PropertyProtocol, name: str, *, sent: bool) -> Member:
    kind, wire = _annotation(prop), _wire(prop)
    if prop.required:
        default = f" = {prop.default.python_code.as_unembedded_code()}" if prop.default else ""
    elif sent:
        kind, default = f"{kind} | Unset", " = UNSET"
    else:
        kind, default = (kind if kind == "Any" or "None" in kind.split(" | ") else f"{kind} | None"), " = MISSING"
    arguments = [repr(wire)]
    if name != wire:
        arguments.append(repr(name))
    if prop.required:
        arguments.append("required=True")
        if values := _values(prop):
            arguments.append(f"values={values!r}")
    doc = _raw(prop.description)
    if prop.default:
        doc = f"{doc} Default: {prop.default.python_code.as_unembedded_code()}.".strip()
    return Member(name, f"{name}: {kind}{default}", _doc(doc, 12), f"_types.Field({', '.join(arguments)})")


def _reading(prop: PropertyProtocol, name: str) -> Iterator[str]:
    """Statements that read one of `values`."""
    wire = _wire(prop)
    if reader := _reader(prop):
        yield f"if (value := values.get({wire!r})) is not None:"
        yield f"    values[{wire!r}] = {_READ_TIME if reader == _READ_TIME else f'_read_{name}'}(value)"


def _annotation(prop: PropertyProtocol) -> str:
    text = prop.get_type_string(no_optional=True).as_unembedded_code()
    return f"{text.removeprefix('None | ')} | None" if text.startswith("None | ") else text


def _values(prop: PropertyProtocol) -> tuple[Any, ...]:
    if isinstance(prop, LiteralEnumProperty):
        return tuple(sorted(prop.values, key=str))
    return (prop.value.raw_value,) if isinstance(prop, ConstProperty) else ()


def _reader(prop: PropertyProtocol) -> str:
    """An expression of what reads a value; empty for plain JSON, which stays as it came."""
    if isinstance(prop, DateTimeProperty):
        return _READ_TIME
    if isinstance(prop, DateProperty):
        return "_types.decode_date"
    if isinstance(prop, ModelProperty):
        return f"_types.read_model({prop.class_info.name})"
    if isinstance(prop, ListProperty):
        inner = _reader(prop.inner_property)
        return f"_types.read_items({inner})" if inner else ""
    if isinstance(prop, UnionProperty):
        models = [str(p.class_info.name) for p in prop.inner_properties if isinstance(p, ModelProperty)]
        others = [r for p in prop.inner_properties if not isinstance(p, ModelProperty) and (r := _reader(p))]
        if len(models) + len(others) == 1:
            return f"_types.read_model({models[0]})" if models else others[0]
        if models or others:
            tail = f"others=({', '.join(others)},)" if others else ""
            return f"_types.read_either({', '.join([*models, tail] if tail else models)})"
    return ""


def _classes(prop: PropertyProtocol, *, readable: bool = False) -> Iterator[Any]:
    """The models and enums that a property speaks of, or only the models."""
    if isinstance(prop, ModelProperty) or (isinstance(prop, LiteralEnumProperty | EnumProperty) and not readable):
        yield prop
    for inner in getattr(prop, "inner_properties", ()):
        yield from _classes(inner, readable=readable)
    if isinstance(prop, ListProperty):
        yield from _classes(prop.inner_property, readable=readable)


def _models_within(prop: PropertyProtocol, seen: set[str] | None = None) -> set[str]:
    """The models that a property speaks of, with all that they are made of."""
    seen = set() if seen is None else seen
    for model in _classes(prop, readable=True):
        if str(model.class_info.name) not in seen:
            seen.add(str(model.class_info.name))
            for inner in [*(model.required_properties or ()), *(model.optional_properties or ())]:
                _models_within(inner, seen)
    return seen


def _imports(classes: Iterable[Any], prefix: str) -> list[str]:
    return sorted({f"from {prefix}{each.class_info.module_name} import {each.class_info.name}" for each in classes})


def _checked(prop: PropertyProtocol) -> str:
    """What `isinstance` takes for a body."""
    if isinstance(prop, ModelProperty):
        return str(prop.class_info.name)
    kind = _annotation(prop).partition("[")[0]
    return {"File": "(File, bytes)"}.get(
        kind, kind if kind in {"str", "list", "int", "float", "bool", "bytes"} else "object"
    )


def _wire(prop: PropertyProtocol) -> str:
    return prop.name.get_untrusted_value()


def _raw(text: Any) -> str:
    return "" if text is None else text if isinstance(text, str) else str(text.get_untrusted_value())


def _line(text: str) -> str:
    """One line, without what no source file may hold."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _doc(text: str, indent: int) -> str:
    """Text for a docstring, wrapped."""
    lines = textwrap.wrap(safe_for_docstring(_line(text)), _WIDTH - indent, break_on_hyphens=False)
    text = ("\n" + " " * indent).join(lines)
    return f"{text} " if text.endswith(('"', "\\")) else text

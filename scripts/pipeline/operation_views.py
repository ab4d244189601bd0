"""Operations and their catalogue as lines of Python, for the templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from attrs import frozen
from openapi_python_client.parser.properties import ModelProperty
from openapi_python_client.strings import PythonIdentifier, safe_for_docstring

from scripts.pipeline.model_views import Member, annotation, classes, doc_text, imports, one_line, reader, wire_name
from scripts.pipeline.names import ANNOTATIONS, camel, python_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openapi_python_client.parser.openapi import Endpoint
    from openapi_python_client.parser.properties.protocol import PropertyProtocol
    from openapi_python_client.parser.responses import Response

    from scripts.documents import Document

# What an operation's functions take beside parameters.
_CALL_NAMES: Final = ANNOTATIONS | {"body", "client"}
_GROUPS: Final = {"path": "values", "query": "query", "header": "headers", "cookie": "cookies"}


@frozen
class Parameter:
    """A parameter of an operation."""

    wire: str
    location: str
    member: Member
    style: str
    prop: PropertyProtocol


@frozen(kw_only=True)
class OperationView:
    """An operation: what its functions take, send and give back."""

    id: str
    name: str
    tag: str
    title: str
    doc: str
    method: str
    path: str
    parameters: list[Parameter]
    positional: list[Member]
    keywords: list[Member]
    parts: list[str]
    answers: list[str]
    returns: str
    imports: list[str]
    entry: str

    @property
    def documented(self) -> list[Member]:
        """The parameters of which the document says something."""
        return [each for each in [*self.positional, *self.keywords] if each.doc]

    @property
    def returned(self) -> str:
        """The name of what an answer is read as."""
        return "Any" if self.returns == "Any" else "_Answer"

    @property
    def options(self) -> list[str]:
        """The class of its query options, if it has any."""
        queries = [each for each in self.parameters if each.location == "query"]
        if not queries:
            return []
        lines = self._options("Options", queries)
        if any(
            each.wire == "cursor" for each in queries
        ):  # of a list that is paged: what its pages are is not asked for
            lines += ["", "", *self._options("Filters", [q for q in queries if q.wire not in {"cursor", "limit"}])]
        return lines

    def _options(self, kind: str, queries: list[Any]) -> list[str]:
        lines = [f"class {camel(self.name)}{kind}(TypedDict, total=False):"]
        lines.append(f'    """Query {kind.lower()} of `{safe_for_docstring(self.id)}`."""')
        for each in queries:
            shown = annotation(each.prop)
            lines.append(f"    {each.member.python}: {f'Required[{shown}]' if each.prop.required else shown}")
            lines += [f'    """{each.member.doc}"""'] if each.member.doc else []
        return lines

    @property
    def option_imports(self) -> list[str]:
        """What the types of the query options need."""
        return imports((c for p in self.parameters if p.location == "query" for c in classes(p.prop)), ".models.")


def operation_views(
    document: Document, endpoints: list[Endpoint], package: str, wires: dict[str, str]
) -> Iterator[OperationView]:
    """The operations of a document, with what the generator read of each."""
    declared = {PythonIdentifier(each["operationId"], "field_"): (p, m, each) for p, m, each in document.operations()}
    for endpoint in endpoints:
        path, method, operation = declared[endpoint.name]
        parameters = list(_parameters(document, path, operation, endpoint, wires))
        body = _body(endpoint, document.resolve(operation.get("requestBody", {})))
        keywords = [each.member for each in parameters if each.location != "path"] + ([body] if body else [])
        props = [
            *(p.prop for p in parameters),
            *(b.prop for b in endpoint.bodies),
            *(r.prop for r in endpoint.responses),
        ]
        yield OperationView(
            id=operation["operationId"],
            name=str(endpoint.name),
            tag=str(endpoint.tags[0]),
            title=safe_for_docstring(one_line(f"{method.upper()} {path}")),
            doc=doc_text(_described(operation, f"{method.upper()} {path}"), 4),
            method=method.upper(),
            path=f"_BASE_PATH + {_template(path, [p.wire for p in parameters if p.location == 'path'])!r}",
            parameters=parameters,
            positional=[each.member for each in parameters if each.location == "path"],
            keywords=sorted(keywords, key=lambda each: " = " in each.declaration),
            parts=[*_parts(parameters), *_body_parts(endpoint)],
            answers=[_answer(each) for each in endpoint.responses],
            returns=_returned(endpoint),
            imports=imports((c for prop in props for c in classes(prop)), "...models."),
            entry=_entry(document, operation, parameters, endpoint, f"{package}.api", path),
        )


def _described(operation: dict[str, Any], otherwise: str) -> str:
    """Summary and description as one text, each once."""
    summary, text = (str(operation.get(key) or "").strip() for key in ("summary", "description"))
    if summary and not text.startswith(summary.rstrip(".")):
        text = f"{summary.rstrip('.')}. {text}".strip()
    return ("Deprecated. " if operation.get("deprecated") else "") + (text or otherwise)


def _parameters(
    document: Document, path: str, operation: dict[str, Any], endpoint: Endpoint, wires: dict[str, str]
) -> Iterator[Parameter]:
    declared = document.parameters(path, operation)
    found = [(place.value, wire_name(prop, wires), prop) for place, prop in endpoint.iter_all_parameters()]
    listed = [wire for _, wire, _ in found]
    keys = [f"{wire}_{place}" if listed.count(wire) > 1 else wire for place, wire, _ in found]
    names = python_names(keys, _CALL_NAMES)
    for (place, wire, prop), key in zip(found, keys, strict=True):
        given = declared[place, wire]
        kind = annotation(prop) + ("" if prop.required else " | Unset = UNSET")
        doc = ("Deprecated. " if given.get("deprecated") else "") + str(given.get("description") or "")
        yield Parameter(
            wire, place, Member(names[key], f"{names[key]}: {kind}", doc_text(doc, 12)), _style(given), prop
        )


def _style(parameter: dict[str, Any]) -> str:
    """How a query parameter of several values is written; empty for the usual way."""
    if "content" in parameter:
        return "json"
    style = str(parameter.get("style", "form"))
    if style == "form":
        return "" if parameter.get("explode", True) else "list"
    return style


def _parts(parameters: list[Parameter]) -> Iterator[str]:
    for location, group in _GROUPS.items():
        pairs = [
            f"({each.wire!r}, {each.member.python}{f', {each.style!r}' if location == 'query' else ''})"
            for each in parameters
            if each.location == location
        ]
        if pairs:
            yield f"{group}=({', '.join(pairs)},)"


def _template(path: str, names: list[str]) -> str:
    """A path for `str.format` with values by position."""
    escaped = path.replace("{", "{{").replace("}", "}}")
    for name in names:
        escaped = escaped.replace(f"{{{{{name}}}}}", "{}")
    return escaped


def sent_as(media_type: str) -> str:
    """The media type of the document, which the generator may have been given another one for."""
    return media_type.partition(";sent-as=")[2] or media_type


def _body(endpoint: Endpoint, body: dict[str, Any]) -> Member | None:
    if not endpoint.bodies:
        return None
    kinds = dict.fromkeys(annotation(each.prop) for each in endpoint.bodies)
    optional = "" if endpoint.bodies[0].prop.required else " | Unset = UNSET"
    return Member("body", f"body: {' | '.join(kinds)}{optional}", doc_text(str(body.get("description") or ""), 12))


def _body_parts(endpoint: Endpoint) -> Iterator[str]:
    if endpoint.bodies:
        # Of two media types for one kind of value, the first is sent.
        by_kind = {
            _checked(each.prop): sent_as(each.content_type.get_untrusted_value()) for each in endpoint.bodies[::-1]
        }
        *others, last = reversed(by_kind.items())
        choice = "".join(f"{kind!r} if isinstance(body, {checked}) else " for checked, kind in others)
        yield "body=body"
        yield f"media_type={choice}{last[1]!r}"


def _checked(prop: PropertyProtocol) -> str:
    """What `isinstance` takes for a body."""
    if isinstance(prop, ModelProperty):
        return str(prop.class_info.name)
    kind = annotation(prop).partition("[")[0]
    return {"File": "(File, bytes)", "float": "(int, float)"}.get(kind, kind if kind in ANNOTATIONS else "object")


def _answer(response: Response) -> str:
    first, last = response.status_code.range or (0, 999)
    kind = _KINDS.get(response.source["attribute"], "")
    read = reader(response.prop) if kind == "json" else ""
    return f"_answers.Answer({first}, {last}, {kind!r}{f', {read}' if read else ''})"


_KINDS: Final = {"response.json()": "json", "response.content": "file", "response.text": "text"}


def _returned(endpoint: Endpoint) -> str:
    """The union of what the declared answers are read as."""
    kinds = {"file": "File", "text": "str"}
    found: set[str] = set()
    for response in endpoint.responses:
        if kind := _KINDS.get(response.source["attribute"], ""):
            found.add(kinds.get(kind) or annotation(response.prop))
    if "Any" in found or not found:
        return "Any"
    parts = {part for kind in found for part in (kind.split(" | ") if "[" not in kind else [kind])} - {"None"}
    return " | ".join(sorted(parts)) or "Any"


def _entry(  # noqa: PLR0917 - what stands in one entry comes from all of them
    document: Document,
    operation: dict[str, Any],
    parameters: list[Parameter],
    endpoint: Endpoint,
    package: str,
    path: str,
) -> str:
    """An entry of the catalogue."""
    answers = {status: document.resolve(each) for status, each in operation["responses"].items() if status[:2] != "x-"}
    success = [status for status in answers if status[0] in "123" or status == "default"]
    media = dict.fromkeys(kind for status in success for kind in answers[status].get("content") or ())
    listed = "".join(
        f"Parameter({each.member.python!r}, {each.wire!r}, {each.location!r}"
        f"{', required=True' if each.prop.required else ''}"
        f"{f', doc={one_line(each.member.doc)!r}' if each.member.doc else ''}"
        f"{', deprecated=True' if each.member.doc.startswith('Deprecated.') else ''}), "
        for each in parameters
    )
    body = ""
    if endpoint.bodies:
        kinds = tuple(sent_as(each.content_type.get_untrusted_value()) for each in endpoint.bodies)
        names = tuple(str(b.prop.class_info.name) if isinstance(b.prop, ModelProperty) else "" for b in endpoint.bodies)
        body = f"body=RequestBody({endpoint.bodies[0].prop.required}, {kinds!r}, {names!r}), "
    identity = operation["operationId"]
    return (
        f"{identity!r}: Operation(id={identity!r}, name={str(endpoint.name)!r}, tag={str(endpoint.tags[0])!r}, "
        f"module={f'{package}.{endpoint.tags[0]}.{endpoint.name}'!r}, method={endpoint.method.upper()!r}, "
        f"path={path!r}, "
        f"{f'parameters=({listed}), ' if listed else ''}{body}success={tuple(success)!r}, "
        f"media_types={tuple(media)!r}, {'deprecated=True, ' if operation.get('deprecated') else ''}"
        f"doc={one_line(operation.get('description') or operation.get('summary') or '')!r})"
    )

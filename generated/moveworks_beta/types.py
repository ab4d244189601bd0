# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
"""What all operations and models of this package share: requests, answers, and how JSON becomes a model and back."""

# The generator's own models raise on everything that a document did not foresee, and building them through their
# constructors costs several times what parsing costs. Models here take over the decoded dictionary, and change only
# what needs reading: times and nested models (`make bench`).

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from types import ModuleType
from typing import IO, TYPE_CHECKING, Any, Final, Generic, Self, TypeVar
from urllib.parse import quote, urlencode

from attrs import define, field, frozen
from moveworks.unset import UNSET, Unset

if TYPE_CHECKING:
    from http import HTTPStatus

    import httpx

T = TypeVar("T")
MISSING: Final[Any] = UNSET
"""UNSET as the default of a property that reads as None while it is missing."""


# --- Requests -------------------------------------------------------------------------------------------------------


@frozen(kw_only=True)
class RequestParts:
    """A request, but for the server it goes to and the credential.

    Attributes:
        method: In upper case.
        path: Base path of the service and path of the operation, with percent-encoded parameters.
        query: Names and values, not encoded, in the order of the document.
        headers: With `Content-Type` if there is a body.
        content: The body.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    headers: dict[str, str] = field(factory=dict, repr=False)
    content: bytes | None = field(default=None, repr=False)


def build_request(
    method: str,
    path: str,
    *,
    values: tuple[tuple[str, Any], ...] = (),
    query: tuple[tuple[str, Any, str], ...] = (),
    headers: tuple[tuple[str, Any], ...] = (),
    cookies: tuple[tuple[str, Any], ...] = (),
    body: Any = UNSET,
    media_type: str = "",
) -> RequestParts:
    """Build a request from the values of its parameters; what is UNSET is left out.

    Raises:
        ValueError: for a path parameter that is empty, `.` or `..`, naming it.
    """
    sent = {name: _plain(value) for name, value in headers if value is not UNSET and value is not None}
    if pairs := [f"{name}={quote(_plain(value), safe='')}" for name, value in cookies if value is not UNSET]:
        sent["Cookie"] = "; ".join(pairs)
    content = None
    if body is not UNSET:
        content, sent["Content-Type"] = _body(body, media_type)
    return RequestParts(
        method=method,
        path=path.format(*(_segment(name, value) for name, value in values)),
        query=tuple(pair for name, value, style in query for pair in _pairs(name, value, style)),
        headers=sent,
        content=content,
    )


def _segment(name: str, value: Any) -> str:
    text = _plain(value)
    if text in {"", ".", ".."} or value is None or value is UNSET:
        raise ValueError(f"{name} is {text!r}: in a path it would name something else")
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        raise ValueError(f"{name} holds a lone surrogate; it is not valid Unicode") from None


def _plain(value: Any) -> str:
    """A value as text, in a path, a header or a query."""
    value = encode(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(map(_plain, value))
    if isinstance(value, dict):
        return ",".join(f"{key},{_plain(inner)}" for key, inner in value.items())
    return "" if value is None else str(value)


_SEPARATORS: Final = {"list": ",", "spaceDelimited": " ", "pipeDelimited": "|"}


def _pairs(name: str, value: Any, style: str) -> Iterable[tuple[str, str]]:
    """The pairs of one query parameter, as its style in the document says."""
    value = encode(value)
    if value is UNSET or value is None:
        return ()
    if style == "json":
        return ((name, json.dumps(value, ensure_ascii=False, separators=(",", ":"))),)
    if isinstance(value, dict) and style != "list":
        deep = style == "deepObject"
        return tuple((f"{name}[{key}]" if deep else key, _plain(inner)) for key, inner in value.items())
    if isinstance(value, list):
        if style in _SEPARATORS:
            return ((name, _SEPARATORS[style].join(map(_plain, value))),)
        return tuple((name, _plain(item)) for item in value)
    return ((name, _plain(value)),)


def _body(body: Any, media_type: str) -> tuple[bytes, str]:
    """The bytes of a body, and its media type."""
    kind = media_type.partition(";")[0].strip().lower()
    if kind == "application/json" or kind.endswith("+json"):
        return json.dumps(encode(body), ensure_ascii=False, separators=(",", ":")).encode(), media_type
    if kind == "application/x-www-form-urlencoded":
        form = encode(body)
        pairs = [pair for name, value in form.items() for pair in _pairs(name, value, "")]
        return urlencode(pairs).encode(), media_type
    if kind == "multipart/form-data":
        return _multipart(encode(body))
    if isinstance(body, File):
        body = body.payload
    if hasattr(body, "read"):
        body = body.read()
    return body if isinstance(body, bytes) else _plain(body).encode(), media_type


def _multipart(form: dict[str, Any]) -> tuple[bytes, str]:
    import httpx

    parts: list[tuple[str, Any]] = []
    for name, value in form.items():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, File):
                parts.append((name, item.to_tuple()))
            elif isinstance(item, dict):
                parts.append((name, (None, json.dumps(item, ensure_ascii=False).encode(), "application/json")))
            else:
                parts.append((name, (None, _plain(item).encode(), "text/plain; charset=utf-8")))
    request = httpx.Request("POST", "https://host.invalid", files=parts)
    return request.read(), request.headers["Content-Type"]


# The types that `httpx.Client(files=)` accepts.
FileContent = IO[bytes] | bytes | str


@define
class File:
    """A file to upload, or one that was answered."""

    payload: FileContent
    file_name: str | None = None
    mime_type: str | None = None

    def to_tuple(self) -> tuple[str | None, FileContent, str | None]:
        """The form that httpx takes."""
        return self.file_name, self.payload, self.mime_type


# --- Answers --------------------------------------------------------------------------------------------------------


@frozen
class Answer:
    """What an operation declares for a status, or a range of them.

    Attributes:
        first: The lowest status that is meant.
        last: The highest one.
        kind: `json`, `text`, `file`, or an empty text where no body is declared.
        read: Makes a model of decoded JSON.
    """

    first: int
    last: int
    kind: str = "json"
    read: Callable[[Any], Any] = lambda value: value


class Answers(Generic[T]):
    """The answers that an operation declares."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = answers

    def _find(self, status: int) -> Answer | None:
        return next((each for each in self._answers if each.first <= status <= each.last), None)

    def declares(self, status: int) -> bool:
        """Whether the document says what an answer of this status holds."""
        return self._find(status) is not None

    def read(self, status: int, data: Any) -> T | None:
        """The model of decoded JSON, which becomes the model's own; None for a status that is not declared."""
        answer = self._find(status)
        model: T | None = None if answer is None or not answer.kind else answer.read(data)
        return model

    def answer(self, status: int, content: bytes, content_type: str | None = None) -> T | None:
        """The model of a body; None for a status that is not declared, and for a body that is not as declared."""
        model: T | None = self._parsed(self._find(status), content, content_type)
        return model

    @staticmethod
    def _parsed(answer: Answer | None, content: bytes, content_type: str | None) -> Any:
        if answer is None or not answer.kind:
            return None
        media = (content_type or "").partition(";")[0].strip().lower()
        if answer.kind == "json" or media == "application/json" or media.endswith("+json"):
            try:
                return answer.read(json.loads(content))
            except (ValueError, RecursionError):
                return None
        if answer.kind == "text":
            return content.decode("utf-8", "replace")
        return File(content, mime_type=content_type)


@define
class Response(Generic[T]):
    """An answer, with its body as a model if the document declares one for its status."""

    status_code: HTTPStatus | int
    content: bytes = field(repr=False)
    headers: MutableMapping[str, str] = field(repr=False)
    parsed: T | None = field(repr=False)


def build_response(answers: Answers[T], response: httpx.Response) -> Response[T]:
    """The answer of an operation."""
    parsed = answers.answer(response.status_code, response.content, response.headers.get("content-type"))
    return Response(as_status(response.status_code), response.content, response.headers, parsed)


def as_status(code: int) -> HTTPStatus | int:
    """A status code; one that `http.HTTPStatus` does not know, such as 520, stays a number."""
    from http import HTTPStatus

    try:
        return HTTPStatus(code)
    except ValueError:
        return code


# --- The catalogue of operations ------------------------------------------------------------------------------------


@frozen
class Parameter:
    """A parameter of an operation.

    Attributes:
        name: In Python.
        wire_name: In the request.
        location: `path`, `query`, `header` or `cookie`.
        required: Whether the service demands it.
        doc: What it is.
        deprecated: Whether the service advises against it.
    """

    name: str
    wire_name: str
    location: str
    required: bool = False
    doc: str = ""
    deprecated: bool = False


@frozen
class RequestBody:
    """The body of an operation.

    Attributes:
        required: Whether the service demands one.
        media_types: What it may be sent as.
        models: Names of the classes in `models`, one for a media type; empty for what is no model.
        name: Of the parameter in Python.
    """

    required: bool
    media_types: tuple[str, ...]
    models: tuple[str, ...]
    name: str = "body"


@frozen(kw_only=True)
class Operation:
    """An operation of the service, as its document describes it.

    Attributes:
        id: Its operationId.
        name: The same as a Python name; its module is called so.
        tag: Of the document; the module's package is called so.
        module: Full name of the module with `request`, `read`, `answer` and the calls of the low-level client.
        method: In upper case.
        path: Template of its path, below the base path.
        parameters: In the order of the document.
        body: What it takes as a body, if it takes one.
        success: The statuses below 400 that are declared, such as `200` or `2XX`.
        media_types: Of what it answers with these.
        deprecated: Whether the service advises against it.
        doc: What it does.
    """

    id: str
    name: str
    tag: str
    module: str
    method: str
    path: str
    parameters: tuple[Parameter, ...] = ()
    body: RequestBody | None = None
    success: tuple[str, ...] = ()
    media_types: tuple[str, ...] = ()
    deprecated: bool = False
    doc: str = ""

    def load(self) -> ModuleType:
        """The operation's module, imported on first use so that the catalogue stays cheap to import."""
        return import_module(self.module)

    def request(self, *values: Any, **options: Any) -> RequestParts:
        """The request of a call with these parameters.

        Raises:
            TypeError: for a parameter that the operation does not have, or one that is missing.
            ValueError: for a path parameter that is empty.
        """
        parts: RequestParts = self.load().request(*values, **options)
        return parts

    def read(self, status: int, data: Any) -> Any:
        """Decoded JSON as the model of the status that it came with; None where none is declared."""
        return self.load().read(status, data)


# --- Times ----------------------------------------------------------------------------------------------------------


class SentTime(datetime):
    """A time that was sent in another form than `to_dict` would write; it keeps that form."""

    sent: str = ""

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return _sent_time, (_bare(self), self.sent)

    def __repr__(self) -> str:
        return repr(_bare(self))


def _bare(time: datetime) -> datetime:
    return datetime.combine(time.date(), time.timetz())


def _sent_time(time: datetime, sent: str) -> SentTime:
    kept = SentTime.combine(time.date(), time.timetz())
    kept.sent = sent
    return kept


_fromisoformat: Final = datetime.fromisoformat
# Second 60 is the one before midnight that is inserted now and then (RFC 3339, 5.7).
_LEAP: Final = re.compile(r"(\d\d:?\d\d:?)60")


def decode_time(value: Any) -> Any:
    """A time as an aware datetime in UTC; a value that is not one stays as it came.

    Digits beyond microseconds are cut, a leap second is the one after it, and a time without a zone is one in UTC.
    """
    try:
        time = _fromisoformat(value)
        if value[19] == "." and value[10] == "T" and value[7] == "-" and value[-1] == "Z" and len(value) == 24:
            return time
    except (TypeError, ValueError, IndexError):
        pass
    return _other_time(value) if isinstance(value, str) else value


def _other_time(value: str) -> Any:
    from dateutil.parser import isoparse

    text, leap = _LEAP.subn(r"\g<1>59", value, count=1) if ":60" in value or len(value) < 20 else (value, 0)
    try:
        time = isoparse(text)
        if leap:
            time += timedelta(seconds=1)
        time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        return value
    if len(value) < 12 or value.isdigit():  # a day, a month or a year alone is no time
        return value
    return time if encode_time(time) == value else _sent_time(time, value)


def encode_time(time: datetime) -> str:
    """A time as the service writes it: UTC, with milliseconds unless there are microseconds."""
    if type(time) is SentTime and time.sent:
        return time.sent
    precision = "microseconds" if time.microsecond % 1000 else "milliseconds"
    # As in reading, a time without a zone is one in UTC, whatever the zone of this machine.
    time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    return time.replace(tzinfo=None).isoformat(timespec=precision) + "Z"


def decode_date(value: Any) -> Any:
    """A calendar day; a value that is not one stays as it came."""
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        return value
    return day if day.isoformat() == value else value


# --- Models ---------------------------------------------------------------------------------------------------------

Reader = Callable[[Any], Any]


def read_items(read: Reader) -> Reader:
    """Reads each item of a list; another value stays as it came."""
    return lambda value: [read(item) for item in value] if isinstance(value, list) else value


def read_model(model: type[Model]) -> Reader:
    """Makes a model of an object; another value stays as it came."""
    adopt = model.adopt
    return lambda value: adopt(value) if isinstance(value, dict) else value


def read_either(*models: type[Model], others: tuple[Reader, ...] = ()) -> Reader:
    """Makes the model that fits an object best; an object that fits none, and another value, goes to the others.

    A model fits an object that has its required properties, with values that the document lists where it lists some.
    The one that knows most of the object's properties fits best.
    """

    def read(value: Any) -> Any:
        if isinstance(value, dict) and models:
            fitting = [model for model in models if model.codec().fits(value)]
            if fitting:
                return max(fitting, key=lambda model: len(model.codec().names & value.keys())).adopt(value)
            return value
        for other in others:
            if (made := other(value)) is not value:
                return made
        return value

    return read


def encode(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, datetime):
        return encode_time(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return {key: encode(item) for key, item in value.items()}
    return value.to_dict() if isinstance(value, Model) else value


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(inner) for key, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list) else value


class Field:
    """One property: its names on the wire and in Python, and the values that a document lists for it."""

    __slots__ = ("python", "required", "values", "wire")

    def __init__(
        self,
        wire: str,
        python: str = "",
        *,
        required: bool = False,
        values: tuple[Any, ...] = (),
    ) -> None:
        self.wire, self.python, self.required, self.values = wire, python or wire, required, values


class Codec:
    """What reading and writing a model need to know of it."""

    __slots__ = ("fields", "names", "pythons", "renamed")

    def __init__(self, *fields: Field) -> None:
        self.fields = fields
        self.names = frozenset(field.wire for field in fields)
        self.renamed = tuple((field.wire, field.python) for field in fields if field.wire != field.python)
        self.pythons = frozenset({"additional_properties", *(field.python for field in fields)})

    def unknown(self, values: dict[str, Any]) -> dict[str, Any]:
        """Take out the properties that the document does not know."""
        return {key: values.pop(key) for key in [*values] if key not in self.names}

    def rename(self, values: dict[str, Any]) -> None:
        """Give the properties of another name in Python that name."""
        found = [(python, values.pop(wire)) for wire, python in self.renamed if wire in values]
        values.update(found)

    def encode(self, model: Any) -> dict[str, Any]:
        """The JSON object of a model: what the server sent, unknown properties included."""
        values = model.__dict__
        written = {f.wire: encode(value) for f in self.fields if (value := values.get(f.python, UNSET)) is not UNSET}
        if additional := values.get("additional_properties"):
            written.update({key: encode(value) for key, value in additional.items()})
        if not self.pythons.issuperset(values):
            # Somebody has set an attribute of another spelling, which must not be dropped in silence.
            for name in values.keys() - self.pythons:
                raise AttributeError(_unknown(type(model), name), name=name)
        return written

    def fits(self, source: Mapping[str, Any]) -> bool:
        """Whether an object has all required properties, with values that the document lists where it lists some."""
        return all(
            field.wire in source and (not field.values or source[field.wire] in field.values)
            for field in self.fields
            if field.required
        )


@define(kw_only=True, slots=False, repr=False)
class Model:
    """What all models can do.

    A property that the server did not send reads as None, or as UNSET in a model that is part of a request; `to_dict`
    leaves it out.
    """

    additional_properties: dict[str, Any] = field(init=False, factory=dict)
    """Properties that the document does not know."""

    def __attrs_post_init__(self) -> None:
        values = self.__dict__
        for name in [name for name, value in values.items() if value is UNSET]:
            del values[name]

    @classmethod
    def codec(cls) -> Codec:
        """What reading and writing need to know of this model."""
        codec: Codec = cls._codec  # type: ignore[attr-defined]
        return codec

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Build a model from a decoded JSON object, which stays as it is.

        Unknown properties are kept in `additional_properties`, and values of an unexpected shape as they came.
        """
        return cls.adopt(_copied(dict(source)))

    @classmethod
    def adopt(cls, values: dict[str, Any]) -> Self:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        raise NotImplementedError

    def to_dict(self) -> dict[str, Any]:
        """The JSON object, as the server sent it."""
        return self.codec().encode(self)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            return getattr(self, _known_name(type(self), name))

    def __repr__(self) -> str:
        # Records hold what people wrote to the assistant; only ids may reach a log or a traceback.
        identity = next((f"{k}={v!r}" for k, v in self.__dict__.items() if k in _IDENTITIES and isinstance(v, str)), "")
        return f"{type(self).__name__}({identity})"

    def _repr_html_(self) -> str:
        """A table of the properties, for notebooks; all text is escaped, long text cut."""
        from html import escape

        rows = "".join(
            f"<tr><th style='text-align:left'>{escape(str(key))}</th>"
            f"<td style='text-align:left'>{escape(str(value)[:300])}</td></tr>"
            for key, value in self.to_dict().items()
        )
        return f"<table><caption>{type(self).__name__}</caption>{rows}</table>"


_IDENTITIES: Final = ("id", "conversation_id", "response_id", "message_id", "event_id", "citation_id")


def _known_name(model: type[Model], name: str) -> str:
    """The property that another spelling means: its name on the wire, or with the underscore that keywords need.

    Raises:
        AttributeError: with what was probably meant.
    """
    if not name.startswith("__"):
        for each in model.codec().fields:
            if name != each.python and name in {each.wire, f"{each.python}_"}:
                return each.python
    raise AttributeError(_unknown(model, name), name=name)


def _unknown(model: type[Model], name: str) -> str:
    import difflib

    close = difflib.get_close_matches(name, [each.python for each in model.codec().fields], n=1)
    return f"{model.__name__} has no property {name!r}" + (f"; did you mean {close[0]!r}?" if close else "")


class _Additional:
    """Makes the dictionary of unknown properties when somebody looks: most records have none."""

    def __get__(self, model: Any, owner: type) -> Any:
        return self if model is None else model.__dict__.setdefault("additional_properties", {})


def complete(cls: type[Model], codec: Codec, missing: Any = None) -> None:
    """Give a class its codec, and what its properties read as while they are missing."""
    for each in codec.fields:
        setattr(cls, each.python, missing)
    cls._codec = codec  # type: ignore[attr-defined]
    cls.additional_properties = _Additional()  # type: ignore[assignment]


__all__ = [
    "MISSING",
    "UNSET",
    "Answer",
    "Answers",
    "Codec",
    "Field",
    "File",
    "Model",
    "Operation",
    "Parameter",
    "RequestBody",
    "RequestParts",
    "Response",
    "SentTime",
    "Unset",
    "as_status",
    "build_request",
    "build_response",
    "complete",
    "decode_date",
    "decode_time",
    "encode",
    "encode_time",
    "read_either",
    "read_items",
    "read_model",
]

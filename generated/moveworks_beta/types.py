# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
"""Types and the codec that all models share."""

# The generator's own from_dict raises on everything that a document did not foresee, its `Unset` does not survive
# pickle or deepcopy (openapi-python-client, discussions of `Unset`), and straight-line code per model costs several
# times as much as one table that works on the decoded dictionary in place. So models here hold a table.

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, MutableMapping
from datetime import UTC, date, datetime
from http import HTTPStatus
from importlib import import_module
from typing import IO, Any, BinaryIO, Final, Generic, Literal, TypeVar

from attrs import define


class Unset:
    """A property that the server did not send; false, and always the same object."""

    _instance: Unset | None = None

    def __new__(cls) -> Unset:
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __copy__(self) -> Unset:
        return self

    def __deepcopy__(self, memo: object) -> Unset:
        return self

    def __reduce__(self) -> str:
        return "UNSET"


UNSET: Final[Unset] = Unset()

Decoder = Callable[[Any], Any]
T = TypeVar("T")
_FRACTION: Final = re.compile(r"[.,](\d+)")


def decode_time(value: Any) -> Any:
    """A time as an aware datetime in UTC; a value that is not one stays as it came."""
    try:
        time = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return value
    if len(value) == 24 and time.tzinfo is UTC:
        return time
    # A day alone is no time, and digits beyond microseconds would be cut: neither could be written back.
    digits = _FRACTION.search(value)
    if len(value) < 19 or (digits and len(digits.group(1)) > 6):
        return value
    try:
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except OverflowError:
        return value


def decode_date(value: Any) -> Any:
    """A calendar day; a value that is not one stays as it came."""
    try:
        return date.fromisoformat(value) if len(value) == 10 else value
    except (TypeError, ValueError):
        return value


def encode(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, datetime):
        precision = "microseconds" if value.microsecond % 1000 else "milliseconds"
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=precision) + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return {key: encode(item) for key, item in value.items()}
    to_dict = getattr(value, "to_dict", None)
    return to_dict() if to_dict is not None else value


class Field:
    """One property: its names on the wire and in Python, and how its value is read.

    `shape` is one of: an empty text (the value as it is), `time`, `date`, the name of a model's module and class
    (`module:Class`), `list` and a shape (`list time`), or alternatives (`one_of` and models, separated by blanks).
    """

    __slots__ = ("python", "required", "shape", "values", "wire")

    def __init__(
        self, wire: str, python: str, shape: str = "", *, required: bool = False, values: tuple[Any, ...] = ()
    ) -> None:
        self.wire, self.python, self.shape, self.required, self.values = wire, python, shape, required, values


class Codec:
    """Reads and writes one model."""

    __slots__ = ("_bound", "_defaults", "_names", "_package", "_renamed", "fields")

    def __init__(self, package: str, *fields: Field) -> None:
        self.fields = fields
        self._package = package
        self._names = dict.fromkeys(field.wire for field in fields).keys()
        self._renamed = tuple((field.wire, field.python) for field in fields if field.wire != field.python)
        self._defaults = {field.wire: UNSET for field in fields}
        self._bound: tuple[tuple[str, Decoder], ...] | None = None

    def decode(self, cls: type[T], source: Mapping[str, Any]) -> T:
        """A model from a decoded JSON object. Never fails on what it does not expect: unknown properties and values
        of another shape are kept as they are."""
        if not isinstance(source, Mapping):
            raise TypeError(f"{cls.__name__}.from_dict() takes a mapping, not {type(source).__name__}")
        model = cls.__new__(cls)
        additional: dict[str, Any] = {}
        if source.keys() == self._names:
            values = dict(source)
        else:
            values = {**self._defaults, **source}
            if len(values) != len(self._names):
                additional = {key: values.pop(key) for key in source if key not in self._names}
        for wire, decoder in self._bound or self._bind():
            value = values[wire]
            if value is not None and value is not UNSET:
                values[wire] = decoder(value)
        for wire, python in self._renamed:
            values[python] = values.pop(wire)
        values["additional_properties"] = additional
        model.__dict__ = values
        return model

    def encode(self, model: Any) -> dict[str, Any]:
        """The JSON object of a model: what the server sent, unknown properties included."""
        values = model.__dict__
        written = {field.wire: encode(value) for field in self.fields if (value := values[field.python]) is not UNSET}
        written.update({key: encode(value) for key, value in model.additional_properties.items()})
        return written

    def fits(self, source: Mapping[str, Any]) -> bool:
        """Whether an object has all required properties, with values that the document lists where it lists some."""
        return all(
            field.wire in source and (not field.values or source[field.wire] in field.values)
            for field in self.fields
            if field.required
        )

    def _bind(self) -> tuple[tuple[str, Decoder], ...]:
        """Look up the classes of nested models, on first use: models may refer to each other."""
        bound = tuple((field.wire, self._decoder(field.shape)) for field in self.fields if field.shape)
        self._bound = bound
        return bound

    def _decoder(self, shape: str) -> Decoder:
        kind, _, rest = shape.partition(" ")
        if kind == "time":
            return decode_time
        if kind == "date":
            return decode_date
        if kind == "list":
            item = self._decoder(rest)
            return lambda value: [item(entry) for entry in value] if isinstance(value, list) else value
        if kind == "one_of":
            return self._alternative(tuple(self._model(name) for name in rest.split()))
        build = self._model(kind).from_dict
        return lambda value: build(value) if isinstance(value, dict) else value

    def _alternative(self, models: tuple[Any, ...]) -> Decoder:
        def decode(value: Any) -> Any:
            if isinstance(value, dict):
                for model in models:
                    if model.codec().fits(value):
                        return model.from_dict(value)
            return value

        return decode

    def _model(self, name: str) -> Any:
        module, _, cls = name.partition(":")
        return getattr(import_module(f"{self._package}.{module}"), cls)


class Model:
    """What all models can do."""

    def __repr__(self) -> str:
        # Records hold what people wrote to the assistant; only ids may reach a log or a traceback.
        identity = next((f"{k}={v!r}" for k, v in self.__dict__.items() if k in _IDENTITIES and isinstance(v, str)), "")
        return f"{type(self).__name__}({identity})"

    def _repr_html_(self) -> str:
        """A table of the properties, for notebooks; all text is escaped, long text cut."""
        written: dict[str, Any] = self.to_dict()  # type: ignore[attr-defined]
        rows = "".join(
            f"<tr><th style='text-align:left'>{html.escape(str(key))}</th>"
            f"<td style='text-align:left'>{html.escape(str(value)[:300])}</td></tr>"
            for key, value in written.items()
        )
        return f"<table><caption>{type(self).__name__}</caption>{rows}</table>"


_IDENTITIES: Final = ("id", "conversation_id", "response_id", "message_id", "event_id", "citation_id")


def as_status(code: int) -> HTTPStatus | int:
    """A status code; one that `http.HTTPStatus` does not know, such as 520, stays a number."""
    try:
        return HTTPStatus(code)
    except ValueError:
        return code


# The types that `httpx.Client(files=)` accepts.
FileContent = IO[bytes] | bytes | str
FileTypes = tuple[str | None, FileContent, str | None] | tuple[str | None, FileContent, str | None, Mapping[str, str]]
RequestFiles = list[tuple[str, FileTypes]]


@define
class File:
    """A file to upload."""

    payload: BinaryIO
    file_name: str | None = None
    mime_type: str | None = None

    def to_tuple(self) -> FileTypes:
        """The form that httpx takes."""
        return self.file_name, self.payload, self.mime_type


@define
class Response(Generic[T]):
    """A response from an endpoint."""

    status_code: HTTPStatus | int
    content: bytes
    headers: MutableMapping[str, str]
    parsed: T | None


__all__ = ["UNSET", "Codec", "Field", "File", "FileTypes", "Model", "RequestFiles", "Response", "Unset", "as_status"]

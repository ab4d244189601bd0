# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
"""Types and the codec that all models share."""

# The generator's own from_dict raises on everything that a document did not foresee, its `Unset` does not survive
# pickle or deepcopy, and building models through their constructors costs several times what parsing costs. So models
# here take over the decoded dictionary, and change only what needs reading: times and nested models (`make bench`).

from __future__ import annotations

import html
import re
from collections.abc import Mapping, MutableMapping
from datetime import UTC, date, datetime
from http import HTTPStatus
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

T = TypeVar("T")
_fromisoformat: Final = datetime.fromisoformat
_FRACTION: Final = re.compile(r"[.,](\d+)")


def decode_time(value: Any) -> Any:
    """A time as an aware datetime in UTC; a value that is not one stays as it came."""
    try:
        time = _fromisoformat(value)
    except (TypeError, ValueError):
        return value
    if time.tzinfo is UTC and len(value) == 24:
        return time
    # A day alone is no time, and digits beyond microseconds would be cut: neither could be written back.
    digits = _FRACTION.search(value)
    if len(value) < 19 or (digits and len(digits.group(1)) > 6):
        return value
    try:
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except OverflowError:
        return value


def decode_one_of(value: Any, *models: Any) -> Any:
    """The first model whose required properties an object has; a value that fits none stays as it came."""
    if isinstance(value, dict):
        for model in models:
            if model.codec().fits(value):
                return model.from_dict(value)
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
        # As in reading, a time without a zone is one in UTC, whatever the zone of this machine.
        value = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return value.replace(tzinfo=None).isoformat(timespec=precision) + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return {key: encode(item) for key, item in value.items()}
    to_dict = getattr(value, "to_dict", None)
    return to_dict() if to_dict is not None else value


class Field:
    """One property: its names on the wire and in Python, and the values that a document lists for it."""

    __slots__ = ("python", "required", "values", "wire")

    def __init__(self, wire: str, python: str, *, required: bool, values: tuple[Any, ...] = ()) -> None:
        self.wire, self.python, self.required, self.values = wire, python, required, values


class Codec:
    """What reading and writing a model need to know of it."""

    __slots__ = ("fields", "names")

    def __init__(self, *fields: Field) -> None:
        self.fields = fields
        self.names = frozenset(field.wire for field in fields)

    def unknown(self, values: dict[str, Any]) -> dict[str, Any]:
        """Take out the properties that the document does not know."""
        return {key: values.pop(key) for key in [*values] if key not in self.names}

    def encode(self, model: Any) -> dict[str, Any]:
        """The JSON object of a model: what the server sent, unknown properties included."""
        values = model.__dict__
        written = {f.wire: encode(value) for f in self.fields if (value := values.get(f.python, UNSET)) is not UNSET}
        if additional := values.get("additional_properties"):
            written.update({key: encode(value) for key, value in additional.items()})
        return written

    def fits(self, source: Mapping[str, Any]) -> bool:
        """Whether an object has all required properties, with values that the document lists where it lists some."""
        return all(
            field.wire in source and (not field.values or source[field.wire] in field.values)
            for field in self.fields
            if field.required
        )

    def default(self, cls: type[T]) -> type[T]:
        """Give a class UNSET for every property, so that a model needs to hold only what was sent."""
        for field in self.fields:
            setattr(cls, field.python, UNSET)
        cls.additional_properties = _Additional()  # type: ignore[attr-defined]
        return cls


class _Additional:
    """Makes the dictionary of unknown properties when somebody looks: most records have none."""

    def __get__(self, model: Any, owner: type) -> Any:
        return self if model is None else model.__dict__.setdefault("additional_properties", {})


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


__all__ = [
    "UNSET",
    "Codec",
    "Field",
    "File",
    "FileTypes",
    "Model",
    "RequestFiles",
    "Response",
    "Unset",
    "as_status",
    "decode_date",
    "decode_one_of",
    "decode_time",
]

"""JSON texts into rows: what fits its column goes there, and everything else is kept in `_extra`."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

import msgspec
from attrs import define, field

from moveworks.errors import ResponseError
from moveworks.odata.kinds import Kind
from moveworks.records.columns import ID, Table
from moveworks.records.texts import scan_members

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Row = tuple[Any, ...]
"""Values in the order of the columns; then `_extra` and `_hash`."""
_TIME: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_ESCAPE: Final = re.compile(
    # A pair, half of one, or any other escape: a backslash may itself be escaped.
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)"
)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_REPLACED: Final = "\ufffd"
MAX_TIMES: Final = 10_000
"""Times that are kept in memory to be understood only once."""


@define
class Drift:
    """How records differ from the catalogue, for one entity set. Holds ids and counts, and no text of a record.

    Attributes:
        unknown: Fields that the catalogue does not know: how often, and the id of the first record.
        misfits: Fields whose values did not fit their column: how often, and the id of the first record.
        missing: Fields that a record did not have.
        values: Fields with a value that the catalogue does not list. The value is in its column.
    """

    unknown: dict[str, tuple[int, str]] = field(factory=dict)
    misfits: dict[str, tuple[int, str]] = field(factory=dict)
    missing: dict[str, tuple[int, str]] = field(factory=dict)
    values: dict[str, tuple[int, str]] = field(factory=dict)

    def __bool__(self) -> bool:
        return bool(self.unknown or self.misfits or self.missing or self.values)

    def note(self, where: dict[str, tuple[int, str]], name: str, record: str) -> None:
        """Count one more."""
        count, first = where.get(name, (0, record))
        where[name] = (count + 1, first)


class RowReader:
    """Makes rows of a table out of JSON texts.

    Args:
        table: The table.
    """

    def __init__(self, table: Table) -> None:
        self.table = table
        self.drift = Drift()
        self._names = [column.name for column in table.columns]
        self._times = [at for at, column in enumerate(table.columns) if column.kind is Kind.TIMESTAMP]
        self._raws = [at for at, column in enumerate(table.columns) if column.is_json or column.kind is Kind.NUMBER]
        self._id = table.position(ID)
        self._known: dict[str, str | None] = {}
        declared = table.info.entity.fields()
        self._listed = [
            (at, frozenset(known)) for at, name in enumerate(self._names) if (known := declared[name].values)
        ]
        kinds: Mapping[Kind, Any] = {
            Kind.TEXT: str | None | msgspec.UnsetType,
            Kind.TIMESTAMP: str | None | msgspec.UnsetType,
            Kind.BOOLEAN: bool | None | msgspec.UnsetType,
        }
        # Exactly these fields, of these types: all else goes the slow way.
        fields = [
            (f"c{at}", kinds.get(column.kind, msgspec.Raw), msgspec.UNSET if column.kind in kinds else msgspec.Raw())
            for at, column in enumerate(table.columns)
        ]
        names = {f"c{at}": column.name for at, column in enumerate(table.columns)}
        struct = msgspec.defstruct("Record", fields, rename=names, forbid_unknown_fields=True, frozen=True)
        self._decode = msgspec.json.Decoder(struct).decode

    def read(self, texts: Iterable[bytes]) -> list[Row]:
        """The rows of JSON texts.

        Raises:
            ResponseError: for a record without an id, if the table has a column for it.
        """
        rows = [self._fast(text) or self._slow(text) for text in texts]
        for at, listed in self._listed:
            for row in rows:
                if row[at] is not None and row[at] not in listed:
                    self.drift.note(self.drift.values, self._names[at], "" if self._id is None else row[self._id])
        return rows

    def _fast(self, text: bytes) -> Row | None:
        try:
            values = list(msgspec.structs.astuple(self._decode(text)))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None
        if msgspec.UNSET in values or b"\\u0000" in text or (self._id is not None and not values[self._id]):
            return None
        names = len(values)
        for at in self._raws:
            raw = bytes(values[at])
            if not raw:
                return None
            names += raw.count(b'":')
            values[at] = None if raw == b"null" else raw.decode()
            if self.table.columns[at].kind is Kind.NUMBER:
                return None
        # A name that stands twice: the decoder keeps the last of two in silence.
        if names != text.count(b'":'):
            return None
        for at in self._times:
            value = values[at]
            if value is not None:
                values[at] = known = self._utc(value)
                if known is None:
                    return None
        values += (None, fingerprint(text))
        return tuple(values)

    def _slow(self, text: bytes) -> Row:
        found: dict[str, list[str]] = {}
        for name, value in scan_members(text):
            found.setdefault(name, []).append(value)
        record = record_id(found.get(ID, ["null"])[-1]) if self._id is not None else ""
        extra: list[tuple[str, str]] = []
        values: list[Any] = []
        for column in self.table.columns:
            texts = found.pop(column.name, [])
            if not texts:
                self.drift.note(self.drift.missing, column.name, record)
                values.append(None)
                continue
            value, fits = self._fitted(column.kind, texts[-1])
            values.append(record if column.name == ID else value)
            if not fits or len(texts) > 1:
                self.drift.note(self.drift.misfits, column.name, record)
                extra += ((column.name, each) for each in texts)
        for name, texts in found.items():
            self.drift.note(self.drift.unknown, name, record)
            extra += ((name, each) for each in texts)
        members = ",".join(f"{json.dumps(name)}:{_escaped(value)}" for name, value in extra)
        return (*values, f"{{{members}}}" if extra else None, fingerprint(text))

    def fitted(self, column: str, text: str) -> Any:
        """The value of a column that is new, out of what was kept of it in `_extra`; None if it does not fit."""
        at = self.table.position(column)
        assert at is not None
        return self._fitted(self.table.columns[at].kind, text)[0]

    def _fitted(self, kind: Kind, text: str) -> tuple[Any, bool]:
        """The value of a column, and whether it says all that the JSON text does."""
        if text == "null":
            return None, True
        if kind in {Kind.OBJECT, Kind.COLLECTION}:
            return _whole(text)
        if kind is Kind.BOOLEAN:
            return (text == "true", True) if text in {"true", "false"} else (None, False)
        if kind is Kind.NUMBER:
            return _number(text)
        if not text.startswith('"'):
            return None, False
        value = json.loads(text)
        if kind is Kind.TIMESTAMP:
            known = self._utc(value)
            return known, known is not None
        # Engines differ in what they do with U+0000; half an emoji is no Unicode text at all.
        shown = _SURROGATE.sub(_REPLACED, value).replace("\0", _REPLACED)
        return shown, shown == value

    def _utc(self, text: str) -> str | None:
        """A time as `2026-11-26T10:00:00.000000Z`; None if it is no time, has no zone or is finer than microseconds."""
        try:
            return self._known[text]
        except KeyError:
            pass
        if len(self._known) > MAX_TIMES:
            self._known.clear()
        self._known[text] = known = utc_text(text)
        return known


def utc_text(text: str) -> str | None:
    """A time in UTC with six digits, so that the order of texts is that of times; None if it is not certain."""
    # As the service writes them: `2026-11-26T10:00:00.000Z`.
    usual = len(text) == 24 and text[4] + text[7] + text[10] + text[19] + text[23] == "--T.Z" and text[11:13] != "24"
    if not usual and not _TIME.fullmatch(text):
        return None
    try:
        value = datetime.fromisoformat(text if usual else text.upper().replace(" ", "T"))
        if usual:
            return f"{text[:23]}000Z" if value.year >= 1000 else None
        value = value.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond:06}Z" if value.year >= 1000 else None


def fingerprint(text: bytes) -> str:
    """What tells whether a record changed."""
    return blake2b(text, digest_size=12).hexdigest()


def record_id(text: str) -> str:
    """The id that a JSON text is. One that is no text keeps its digits.

    Raises:
        ResponseError: if there is none.
    """
    value = json.loads(text) if text.startswith('"') else text
    if value in {"", "null"}:
        raise ResponseError(
            "a record has no id, so it cannot be told from others",
            advice="Report it to the vendor; nothing was skipped",
        )
    return _SURROGATE.sub(_REPLACED, str(value))


def _whole(text: str) -> tuple[str, bool]:
    """A JSON text as it is; with a sign in the place of half an emoji, so that engines can read it."""
    shown = _ESCAPE.sub(lambda found: _REPLACED if found.group(1) else found.group(), text)
    shown = _SURROGATE.sub(_REPLACED, shown)
    return shown, shown == text


def _number(text: str) -> tuple[float | int | None, bool]:
    """A number, and whether it is exactly that."""
    try:
        value = json.loads(text)
    except ValueError:  # an integer of very many digits
        return None, False
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None, False
    if isinstance(value, int):
        return (float(value), True) if abs(value) <= 2**53 else (None, False)
    return value, value == value and repr(value) == text.lower()  # noqa: PLR0124 - not a number is not itself


def _escaped(text: str) -> str:
    """A JSON text in which half an emoji is written as an escape."""
    return text.encode("utf-8", "backslashreplace").decode()

"""JSON texts into columns: what fits its column goes there, and everything else is kept in `_extra`."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec
from attrs import define, field
from msgspec.structs import astuple

from moveworks.errors import ResponseError
from moveworks.odata.kinds import Kind
from moveworks.records.columns import ID, Table
from moveworks.records.texts import scan_members

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

Columns = list[list[Any]]
"""A list of values for each column, in the order of the table; then `_extra`."""
TOGETHER: Final = 500
"""Records that are read at once."""
_TIMES: Final = msgspec.json.Decoder(list[Annotated[datetime, msgspec.Meta(tz=True)]]).decode
_TIME: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6}(\d*))?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII
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
        return bool(self.noted)

    @property
    def noted(self) -> int:
        """How many differences there are."""
        every = (self.unknown, self.misfits, self.missing, self.values)
        return sum(count for each in every for count, _ in each.values())

    def note(self, where: dict[str, tuple[int, str]], name: str, record: str) -> None:
        """Count one more."""
        count, first = where.get(name, (0, record))
        where[name] = (count + 1, first)


class RowReader:
    """Makes columns of values out of JSON texts.

    Args:
        table: The table.

    Attributes:
        drift: How all records that were read differ from the catalogue.
        odd: Positions of those that do, among the records that were read last.
    """

    def __init__(self, table: Table) -> None:
        self.table = table
        self.drift = Drift()
        self.odd: set[int] = set()
        self._names = [column.name for column in table.columns]
        self._id = table.position(ID)
        self._known: dict[str, str | None] = {}
        declared = table.info.entity.fields()
        self._listed = [
            (at, frozenset(known)) for at, name in enumerate(self._names) if (known := declared[name].values)
        ]
        kinds: Mapping[Kind, Any] = {Kind.TEXT: str | None, Kind.TIMESTAMP: str | None, Kind.BOOLEAN: bool | None}
        # Exactly these fields, of these types: all else goes the slow way.
        fields = [(f"c{at}", kinds.get(column.kind, msgspec.Raw)) for at, column in enumerate(table.columns)]
        names = {f"c{at}": column.name for at, column in enumerate(table.columns)}
        struct = msgspec.defstruct("Record", fields, rename=names, forbid_unknown_fields=True, gc=False)
        self._decode = msgspec.json.Decoder(list[struct]).decode  # type: ignore[valid-type]
        self._encode = msgspec.json.Encoder().encode

    def read(self, texts: Sequence[bytes]) -> Columns:
        """The values of JSON texts: a list for each column of the table, then `_extra`.

        Raises:
            ResponseError: for a record without an id, if the table has a column for it.
        """
        found: Columns = [[] for _ in range(len(self._names) + 1)]
        self.odd = set()
        for start in range(0, len(texts), TOGETHER):
            chunk = texts[start : start + TOGETHER]
            columns = self._fast(chunk)
            # One record that is odd: the others need not go the slow way for it.
            for each in [columns] if columns is not None else self._singly(chunk, start):
                for column, values in zip(found, each, strict=True):
                    column.extend(values)
        for at, listed in self._listed:
            if set(found[at]) - listed - {None}:
                for row, value in enumerate(found[at]):
                    if value is not None and value not in listed:
                        record = "" if self._id is None else found[self._id][row]
                        self.drift.note(self.drift.values, self._names[at], record)
                        self.odd.add(row)
        return found

    def _singly(self, texts: Sequence[bytes], start: int) -> Iterator[Columns]:
        for at, text in enumerate(texts, start):
            columns = self._fast([text])
            if columns is None:
                noted = self.drift.noted
                columns = self._slow(text)
                if self.drift.noted > noted:
                    self.odd.add(at)
            yield columns

    def _fast(self, texts: Sequence[bytes]) -> Columns | None:
        """The columns of records that have exactly the known fields, with values that fit; None if one has not."""
        joined = b"[%b]" % b",".join(texts)
        try:
            records = self._decode(joined)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None
        if b"\\" in joined and b"\\u0000" in joined:
            return None
        columns: Columns = list(map(list, zip(*map(astuple, records), strict=True)))
        if (self._id is not None and not all(columns[self._id])) or not self._is_all(joined, records, columns):
            return None
        for at, column in enumerate(self.table.columns):
            fitted: list[Any] | None = columns[at]
            if column.kind is Kind.TIMESTAMP:
                fitted = self._times(columns[at])
            elif column.is_json or column.kind is Kind.NUMBER:
                fitted = [None if text == "null" else text for text in [str(raw, "utf-8") for raw in columns[at]]]
                if column.kind is Kind.NUMBER:
                    fitted = _numbers(fitted)
            if fitted is None:
                return None
            columns[at] = fitted
        return [*columns, [None] * len(texts)]

    def _is_all(self, joined: bytes, records: list[Any], columns: Columns) -> bool:
        """Whether no name stands twice in a record: the decoder keeps the last of two in silence."""
        # There is no shorter way to write the same records, so nothing was left out.
        if len(self._encode(records)) == len(joined):
            return True
        names = len(records) * len(columns)
        for at, column in enumerate(self.table.columns):
            if column.is_json or column.kind is Kind.NUMBER:
                names += sum([bytes(raw).count(b'":') for raw in columns[at]])
        return names == joined.count(b'":')

    def _times(self, texts: list[str | None]) -> list[str | None] | None:
        """The times of a column in UTC; None if one of them is not certain."""
        given = [text for text in texts if text is not None]
        if not given:
            return texts
        usual = _usual(given)
        if usual is not None and min(given) >= "1000":
            try:
                if len(_TIMES(usual)) == len(given):
                    return [None if text is None else f"{text[:23]}000Z" for text in texts]
            except msgspec.MsgspecError:
                return None
        known = [None if text is None else self._utc(text) for text in texts]
        return known if known.count(None) == texts.count(None) else None

    def _slow(self, text: bytes) -> Columns:
        """The columns of one record, whatever it is."""
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
        return [[value] for value in (*values, f"{{{members}}}" if extra else None)]

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
            # Cut to microseconds it can be ordered and counted; `_extra` keeps what it was.
            shown = utc_text(value)
            return shown, shown is not None and not _is_finer(value)
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
        self._known[text] = known = None if _is_finer(text) else utc_text(text)
        return known


def _is_finer(text: str) -> bool:
    """Whether a time says more than microseconds can."""
    found = _TIME.fullmatch(text)
    return found is not None and bool((found.group(1) or "").strip("0"))


def utc_text(text: str) -> str | None:
    """A time in UTC, cut to six digits, so that the order of texts is that of times; None if it is not certain."""
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


def _usual(texts: Collection[str]) -> str | None:
    """Texts as a JSON list, if all are written as the service writes times: `2026-11-26T10:00:00.000Z`.

    Then their order is that of time. It does not say that they are times.
    """
    joined, number = '","'.join(texts), len(texts)
    signs = [joined[at::27] for at in (10, 19, 23, 24, 25, 26)]
    usual = ["T" * number, "." * number, "Z" * number, '"' * (number - 1), "," * (number - 1), '"' * (number - 1)]
    if len(joined) != 27 * number - 3 or signs != usual or "\\" in joined:
        return None
    return f'["{joined}"]'


def newest_time(texts: Collection[str]) -> str | None:
    """The newest of times, as `utc_text` writes it; what is no time does not count."""
    newest = utc_text(max(texts)) if texts and _usual(texts) else None
    return newest or max(filter(None, map(utc_text, texts)), default=None)


def fingerprint(text: bytes) -> str:
    """What tells whether a record changed."""
    # Cut, it is as strong as any of its length; and processors have it built in.
    return sha256(text).hexdigest()[:24]


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


def _numbers(texts: Sequence[str | None]) -> list[Any] | None:
    """Numbers, if each is exactly what its text says."""
    found = [(None, True) if text is None else _number(text) for text in texts]
    return [value for value, _ in found] if all(fits for _, fits in found) else None


def _escaped(text: str) -> str:
    """A JSON text in which half an emoji is written as an escape."""
    return text.encode("utf-8", "backslashreplace").decode()

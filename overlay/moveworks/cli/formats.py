"""Writers of records: JSON, JSON lines and CSV, a page at a time."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, Protocol

import msgspec

from moveworks.cli.flat import ADDITIONAL, leftover, tree

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from moveworks.cli.flat import Column

    Write = Callable[[bytes], Any]

Records = list[dict[str, Any]]


class Writer(Protocol):
    """Writes records to a place; `begin` and `end` once, `page` in between."""

    def begin(self) -> None:
        """Write what stands before the records."""

    def page(self, records: Records) -> None:
        """Write some records."""

    def end(self) -> None:
        """Write what stands behind the last record."""

    @property
    def notes(self) -> list[str]:
        """What the user should know about what was written."""


_ENCODER: Final = msgspec.json.Encoder()
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def json_text(value: Any) -> bytes:
    """A value as JSON in UTF-8. Text cut within an emoji holds half of it, which only an escape can stand for."""
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return _SURROGATE.sub(lambda half: f"\\u{ord(half.group()):04x}", text).encode()


class JsonLines:
    """One JSON object a line, exactly as the service sent it but for white space."""

    notes: Final[list[str]] = []

    def __init__(self, write: Write) -> None:
        self._write = write

    def begin(self) -> None:
        """Nothing stands before the records."""

    def page(self, records: Records) -> None:
        """Write some records."""
        if records:
            self._write(b"".join(json_text(record) + b"\n" for record in records))

    def end(self) -> None:
        """Nothing stands behind the records."""


class JsonArray:
    """One JSON array. Without its end it is not valid JSON, so a cut one is never taken for a whole one."""

    notes: Final[list[str]] = []

    def __init__(self, write: Write) -> None:
        self._write = write
        self._separator = b""

    def begin(self) -> None:
        """Open the array."""
        self._write(b"[")
        self._separator = b"\n"

    def page(self, records: Records) -> None:
        """Write some records."""
        if records:
            self._write(self._separator + b",\n".join(map(json_text, records)))
            self._separator = b",\n"

    def end(self) -> None:
        """Close the array."""
        self._write(b"\n]\n" if self._separator == b",\n" else b"]\n")


# What a spreadsheet takes for the beginning of a formula, also in full width, and what would hide it.
FORMULA: Final = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_QUOTED: Final = re.compile('[",\r\n]|^$|^\\s|\\s$')


class Csv:
    r"""CSV as in RFC 4180, in UTF-8, with line feeds: a header, then one line a record.

    Nothing is cell text, `""` is an empty text; times stand as on the wire; collections are JSON; whatever has no
    column is in `_additional` as JSON. A text that a spreadsheet would take for a formula gets an apostrophe in front,
    and so does one that already has apostrophes before such a character; thus taking one away gives back the text.
    Half a character (a lone surrogate), which UTF-8 cannot hold, is written out: `\ud83d`.

    Args:
        write: Takes the bytes.
        columns: The columns before `_additional`.
        raw: Write texts as they are.
    """

    def __init__(self, write: Write, columns: Sequence[Column], *, raw: bool = False) -> None:
        self._write = write
        self._columns = columns
        self._tree = tree(columns)
        self._raw = raw
        self._neutralised = 0

    @property
    def notes(self) -> list[str]:
        """How many cells were changed."""
        if not self._neutralised:
            return []
        return [
            (
                f"cells that look like formulas and got an apostrophe in front: {self._neutralised}; "
                "--csv-raw writes them as they are"
            )
        ]

    def begin(self) -> None:
        """Write the header."""
        names = [*(_quoted(column.name) for column in self._columns), ADDITIONAL]
        self._write((",".join(names) + "\n").encode())

    def page(self, records: Records) -> None:
        """Write some records."""
        if records:
            self._write("".join(map(self._line, records)).encode("utf-8", "backslashreplace"))

    def end(self) -> None:
        """Nothing stands behind the records."""

    def _line(self, record: dict[str, Any]) -> str:
        cells = [self._cell(column.value(record)) for column in self._columns]
        rest = leftover(record, self._tree)
        cells.append(_quoted(json_text(rest).decode()) if rest else "")
        return ",".join(cells) + "\n"

    def _cell(self, value: Any) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            return _quoted(json_text(value).decode())
        if not self._raw and FORMULA.match(value):
            self._neutralised += 1
            value = f"'{value}"
        return _quoted(value)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text

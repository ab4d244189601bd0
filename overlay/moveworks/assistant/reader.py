"""Server-sent events out of bytes, without any I/O (WHATWG HTML, section 9.2.6)."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

BOM: Final = b"\xef\xbb\xbf"
_LINE_END: Final = re.compile(rb"\r\n|\n|\r")  # no other character ends a line


class ServerEvent(NamedTuple):
    """One event: its name, empty if it has none, and its data. Always UTF-8."""

    name: str
    data: str

    def __repr__(self) -> str:
        return f"ServerEvent({self.name!r}, {len(self.data)} characters)"


class EventReader:
    """Takes the parts of a stream as they come, cut anywhere, and gives the events that are complete."""

    def __init__(self) -> None:
        self._rest = bytearray()  # since it grows in place: a line may come byte by byte
        self._begun = False  # behind a byte order mark
        self._skip_line_feed = False  # a CR has ended a line, and its LF may follow in the next part
        self._name = b""
        self._data: list[bytes] = []

    def feed(self, part: bytes) -> list[ServerEvent]:
        """The events that this part completes. An event is complete with the line end that follows it."""
        if self._skip_line_feed and part:
            part = part.removeprefix(b"\n")
            self._skip_line_feed = False
        if self._begun and not self._rest and not self._data and (event := _whole_event(part)):
            self._name = b""
            return [event]
        if self._begun and b"\n" not in part and b"\r" not in part:
            self._rest += part
            return []
        data = bytes(self._rest) + part if self._rest else part
        if not self._begun:
            if len(data) < len(BOM) and BOM.startswith(data):
                self._rest += part
                return []
            data, self._begun = data.removeprefix(BOM), True
        # Services end lines with LF, and an expression takes longer to find line ends than to read the rest.
        lines = _LINE_END.split(data) if b"\r" in data else data.split(b"\n")
        self._rest = bytearray(lines.pop())
        self._skip_line_feed = not self._rest and data.endswith(b"\r")
        events = []
        for line in lines:
            if not line:
                if self._data:
                    events.append(self._event())
                self._name = b""
            elif line.startswith(b"data: "):  # as nearly all lines begin: read without a call for each
                self._data.append(line[6:])
            elif line.startswith(b"event: "):
                self._name = line[7:]
            else:
                self._field(line)
        return events

    def close(self) -> list[ServerEvent]:
        """What is left at the end: an event without a blank line behind it is handed over as well."""
        rest, self._rest = bytes(self._rest), bytearray()
        self._field(rest)
        return [self._event()] if self._data else []

    @property
    def pending(self) -> int:
        """Bytes of the event that is not complete yet."""
        return len(self._rest) + sum(map(len, self._data)) if self._data else len(self._rest)

    def _event(self) -> ServerEvent:
        name, self._name = self._name, b""
        lines, self._data = self._data, []
        data = lines[0] if len(lines) == 1 else b"\n".join(lines)
        return ServerEvent(name.decode("utf-8", "replace"), data.decode("utf-8", "replace"))

    def _field(self, line: bytes) -> None:
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if field == b"data":
            self._data.append(value)
        elif field == b"event":
            self._name = value
        # Others are a comment, `id`, `retry` or a name that nobody knows.


def _whole_event(part: bytes) -> ServerEvent | None:
    """The event of a part that is just one, written as services write them; None for any other part.

    It finds the same as reading line by line, in half the time.
    """
    if not part.startswith(b"event: ") or not part.endswith(b"\n\n") or b"\r" in part:
        return None
    end = part.find(b"\n")
    if not part.startswith(b"data: ", end + 1) or part.find(b"\n", end + 1) != len(part) - 2:
        return None
    return ServerEvent(part[7:end].decode("utf-8", "replace"), part[end + 7 : -2].decode("utf-8", "replace"))

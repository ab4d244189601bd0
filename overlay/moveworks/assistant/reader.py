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
        self._rest += part
        if self._begun and b"\n" not in part and b"\r" not in part:
            return []
        data = bytes(self._rest)
        if not self._begun:
            if len(data) < len(BOM) and BOM.startswith(data):
                return []
            data, self._begun = data.removeprefix(BOM), True
        lines = _LINE_END.split(data)
        self._rest = bytearray(lines.pop())
        self._skip_line_feed = not self._rest and data.endswith(b"\r")
        return [event for line in lines if (event := self._line(line)) is not None]

    def close(self) -> list[ServerEvent]:
        """What is left at the end: an event without a blank line behind it is handed over as well."""
        rest, self._rest = bytes(self._rest), bytearray()
        events = [self._line(rest), self._line(b"")] if rest else [self._line(b"")]
        return [event for event in events if event is not None]

    @property
    def pending(self) -> int:
        """Bytes of the event that is not complete yet."""
        return len(self._rest) + sum(map(len, self._data))

    def _line(self, line: bytes) -> ServerEvent | None:
        if not line:
            name, self._name = self._name, b""
            lines, self._data = self._data, []
            if not lines:
                return None
            return ServerEvent(name.decode("utf-8", "replace"), b"\n".join(lines).decode("utf-8", "replace"))
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if field == b"data":
            self._data.append(value)
        elif field == b"event":
            self._name = value
        return None  # a comment, `id`, `retry` or a name that nobody knows

"""Bodies: from bytes on the wire to JSON, in bounded steps."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any, Final, Never

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

STEP: Final = 1 << 20
"""Bytes that are inflated at once: what is looked at between two steps is size and deadline."""
CODINGS: Final = {"": None, "identity": None, "gzip": 31, "x-gzip": 31, "deflate": 15}
"""Content codings, and the window bits of zlib (16 more: with a gzip header)."""


class UnreadableError(Exception):
    """A body is not what it should be, and another attempt may give a better one."""


class UnexpectedBodyError(ValueError):
    """A body is JSON, and not what was asked for; the message holds nothing that the service wrote."""


class TooLargeError(Exception):
    """A body grew beyond the limit."""


class CodingError(Exception):
    """A body is encoded in a way that was not asked for."""


class Body:
    """Takes the parts of a body as they come, and keeps them decompressed, up to a limit.

    Args:
        coding: The `Content-Encoding` header.
        limit: Bytes of the largest body, after decompression.
        check: Called between steps; raises if there is no time left.

    Raises:
        CodingError: for a coding that is not known, or for more than one: a body that is compressed
            twice can hold a thousand times more than is seen at first.
    """

    def __init__(self, coding: str | None, *, limit: int, check: Callable[[], object]) -> None:
        name = (coding or "").strip().lower()
        if name not in CODINGS:
            raise CodingError
        self._bits = CODINGS[name]
        self._inflater: Any = None
        self._limit, self._check = limit, check
        self._parts: list[bytes] = []
        self._size = 0

    def take(self, part: bytes) -> None:
        """Keep one more part.

        Raises:
            TooLargeError: if that is too much.
            UnreadableError: if it is not compressed as its header says.
        """
        self._check()
        if self._bits is None:
            self._keep(part)
            return
        try:
            self._inflate(part)
        except zlib.error:
            raise UnreadableError from None

    def content(self) -> bytes:
        """The whole body.

        Raises:
            UnreadableError: if it was cut short.
        """
        if self._inflater is not None and not self._inflater.eof:
            raise UnreadableError
        return self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)

    def _inflate(self, data: bytes) -> None:
        full = False  # more may be ready inside the inflater although all input was taken
        while data or full:
            if self._inflater is None or self._inflater.eof:
                # Another member of gzip (RFC 1952, section 2.2); zeros are padding.
                if self._inflater is not None and not data.strip(b"\0"):
                    return
                self._inflater = self._opened(data)
            part = self._inflater.decompress(data, STEP)
            self._keep(part)
            self._check()
            full = len(part) == STEP and not self._inflater.eof
            data = self._inflater.unconsumed_tail or self._inflater.unused_data

    def _opened(self, data: bytes) -> Any:
        assert self._bits is not None
        # "deflate" is zlib's format (RFC 9110, section 8.4.1.2), and some servers send it without the header.
        bare = self._bits == 15 and (data[0] & 0x0F) != 8
        return zlib.decompressobj(-15 if bare else self._bits)

    def _keep(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._limit:
            raise TooLargeError
        if part:
            self._parts.append(part)


def read_json(content: bytes) -> Any:
    """The value of a JSON text.

    Raises:
        UnreadableError: if it is no JSON.
    """
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    # msgspec is stricter than JSON: text cut within an emoji holds half of one (a lone surrogate),
    # and must not make a whole page unreadable. A byte order mark is read as well.
    try:
        return json.loads(content, parse_constant=_not_json)
    except (ValueError, RecursionError):
        pass
    raise UnreadableError


def _not_json(constant: str) -> Never:
    raise ValueError(f"{constant} is not JSON")

"""A page of OData whose records stay the JSON texts that the service sent."""

from __future__ import annotations

import json
from typing import Any, Final, Never

import msgspec
from attrs import evolve

from moveworks.records.page import PageContent, envelope, next_page_content, page_content
from moveworks.transport.decoding import UnreadableError

_NAMES: Final = {"context": "@odata.context", "count": "@odata.count", "next_link": "@odata.nextLink"}


class _Usual(msgspec.Struct, forbid_unknown_fields=True, rename={**_NAMES}):
    """A page as the service writes it."""

    value: list[msgspec.Raw]
    context: msgspec.Raw = msgspec.Raw()
    count: msgspec.Raw = msgspec.Raw()
    next_link: msgspec.Raw = msgspec.Raw()


_USUAL: Final = msgspec.json.Decoder(_Usual)
_RECORDS: Final = msgspec.json.Decoder(list[msgspec.Raw])
_SPACE: Final = " \t\r\n"
_VALUE: Final = "value"


def read_texts(content: bytes) -> PageContent:
    """As `read_page`, with records as bytes: numbers, blanks and repeated names stay as they were sent.

    Raises:
        UnreadableError: if it is no JSON.
        UnexpectedBodyError: if it is something else than a page.
    """
    return _read(content, following=False)


def read_next_texts(content: bytes) -> PageContent:
    """As `read_next_page`, with records as bytes."""
    return _read(content, following=True)


def _read(content: bytes, *, following: bool) -> PageContent:
    texts: list[Any]
    try:
        members = _usual(content) or [
            (name, _records(raw) if _is_value(name) else raw) for name, raw in envelope(content)
        ]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # Half an emoji, a byte order mark, a name that stands twice: the standard library reads them.
        members = _Scanner(content).members()
    shown = [(name, [{}] * len(value) if isinstance(value, list) else _decoded(value)) for name, value in members]
    page = (next_page_content if following else page_content)(shown)
    texts = next((value for name, value in members if _is_value(name) and isinstance(value, list)), [])
    return evolve(page, items=texts)


def _usual(content: bytes) -> list[tuple[str, Any]] | None:
    """The members of a page that is written as the service does it; None for any other.

    One pass in place of two. The decoder keeps the last of two members of one name in silence, so the length has to be
    that of exactly these members.
    """
    try:
        page = _USUAL.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    records = list(map(bytes, page.value))
    others = [(name, raw) for field, name in _NAMES.items() if (raw := bytes(getattr(page, field)))]
    length = len('{"value":[]}') + sum(map(len, records)) + max(0, len(records) - 1)
    length += sum(len(name) + len(raw) + len('"":,') for name, raw in others)
    if length != len(content) or {each[:1] for each in records} - {b"{"}:
        return None
    return [(_VALUE, records), *((name, msgspec.Raw(raw)) for name, raw in others)]


def _is_value(name: str) -> bool:
    return name.lower().removeprefix("@").removeprefix("odata.") == _VALUE


def _records(raw: msgspec.Raw) -> Any:
    """The texts of a list of objects; anything else is decoded, so that it is judged as a page is."""
    text = bytes(raw)
    if not text.startswith(b"["):
        return raw
    records = list(map(bytes, _RECORDS.decode(text)))
    return raw if {each[:1] for each in records} - {b"{"} else records


def _decoded(value: Any) -> Any:
    if isinstance(value, msgspec.Raw):
        return msgspec.json.decode(value)
    return json.loads(value) if isinstance(value, str) else value


def scan_members(content: bytes | str) -> list[tuple[str, str]]:
    """The members of an object, each as a name and a JSON text, in their order; a name may stand twice.

    Raises:
        UnreadableError: if it is no JSON object.
    """
    return _Scanner(content, split=False).members()


def scan_elements(content: str) -> list[str]:
    """The elements of a list, each as a JSON text.

    Raises:
        UnreadableError: if it is no JSON list.
    """
    return _Scanner(content).elements()


class _Scanner:
    """Finds where the records of a page begin and end, in a text that msgspec does not read."""

    def __init__(self, content: bytes | str, *, split: bool = True) -> None:
        self._split = split
        try:
            self._text = content if isinstance(content, str) else _decoded_text(content)
        except UnicodeDecodeError:
            raise UnreadableError from None
        # As text: what an integer of 5,000 digits is worth does not matter for where it ends.
        self._decode = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_not_json).raw_decode

    def members(self) -> list[tuple[str, Any]]:
        """The members of the object, names that stand twice included.

        Raises:
            UnreadableError: if it is no object.
        """
        try:
            found, at = [], self._after("{", 0)
            while self._text[at] != "}":
                if self._text[at] != '"':
                    raise UnreadableError
                name, at = self._decode(self._text, at)
                at = self._after(":", at)
                records = self._split and _is_value(name) and self._text[at] == "["
                value, at = self._records(at) if records else self._value(at)
                found.append((name, value))
                at = self._blanks(at)
                at = self._blanks(at + 1) if self._text[at] == "," else at
            if self._text[at + 1 :].strip(_SPACE):
                raise UnreadableError
        except (ValueError, IndexError, RecursionError):
            raise UnreadableError from None
        return found

    def elements(self) -> list[str]:
        """The elements of the list.

        Raises:
            UnreadableError: if it is no list.
        """
        try:
            found, at = [], self._after("[", 0)
            while self._text[at] != "]":
                value, at = self._value(at)
                found.append(value)
                at = self._blanks(at)
                at = self._blanks(at + 1) if self._text[at] == "," else at
        except (ValueError, IndexError, RecursionError):
            raise UnreadableError from None
        return found

    def _records(self, at: int) -> tuple[Any, int]:
        texts, start, at = [], at, self._blanks(at + 1)
        objects = True
        while self._text[at] != "]":
            objects = objects and self._text[at] == "{"
            value, at = self._value(at)
            # What is no Unicode text becomes the escape that means the same.
            texts.append(value.encode("utf-8", "backslashreplace"))
            at = self._blanks(at)
            at = self._blanks(at + 1) if self._text[at] == "," else at
        return (texts if objects else self._text[start : at + 1]), at + 1

    def _value(self, at: int) -> tuple[str, int]:
        _, end = self._decode(self._text, at)
        return self._text[at:end], end

    def _after(self, sign: str, at: int) -> int:
        at = self._blanks(at)
        if self._text[at] != sign:
            raise UnreadableError
        return self._blanks(at + 1)

    def _blanks(self, at: int) -> int:
        while self._text[at] in _SPACE:
            at += 1
        return at


def _decoded_text(content: bytes) -> str:
    return content.decode(json.detect_encoding(content), "surrogatepass").removeprefix("\ufeff")


def _not_json(constant: str) -> Never:
    raise ValueError(f"{constant} is not JSON")

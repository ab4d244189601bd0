"""A page of OData on the wire: records, next link and count."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import msgspec
from attrs import field, frozen

from moveworks.transport.decoding import UnexpectedBodyError, UnreadableError, read_json

_ENVELOPE: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_KEY: Final = re.compile(rb'[ \t\r\n]*[,{]?[ \t\r\n]*("(?:[^"\\]|\\.)*")[ \t\r\n]*:[ \t\r\n]*')


@frozen
class PageContent:
    """What a page holds.

    Attributes:
        items: The records, as they came.
        link: The next link; None on the last page.
        count: Number of all matching records, if it was said.
    """

    items: list[Any] = field(repr=False)
    link: str | None = field(repr=False)
    count: int | None


def read_page(content: bytes) -> PageContent:
    """Read the first page of a list. An empty result may lack `value` altogether.

    One that is no page is an error and never an empty page, so that a list which ended is complete.

    Raises:
        UnreadableError: if it is no JSON.
        UnexpectedBodyError: if it is something else than a page.
    """
    return page_content(_members(content))


def read_next_page(content: bytes) -> PageContent:
    """Read a page behind a next link, which has more to say than `{}`.

    Raises:
        UnreadableError: if it is no JSON.
        UnexpectedBodyError: if it is something else than a page.
    """
    return next_page_content(_members(content))


def next_page_content(members: list[tuple[str, Any]]) -> PageContent:
    """As `page_content`, for a page behind a next link.

    Raises:
        UnexpectedBodyError: if it has no `value`.
    """
    values = [value for name, value in members if name.lower() == "value"]
    if not members or values == [None]:
        raise UnexpectedBodyError("the page behind a next link has no `value`")
    return page_content(members)


def page_content(members: list[tuple[str, Any]]) -> PageContent:
    """The page that the members of an object are.

    Names are taken in any case, with and without `@` and `odata.`: overlooking a next link would end a
    list too early. So would taking one of two that differ.

    Raises:
        UnexpectedBodyError: if they are something else.
    """
    found: dict[str, list[Any]] = {}
    for key, value in members:
        name = key.lower().removeprefix("@").removeprefix("odata.")
        if name == "error" and value:
            raise UnexpectedBodyError("the answer holds an error")
        # Anything but OData's own members is no page at all.
        own = name in {"value", "nextlink"} or key[:1] == "@" or key.lower().startswith("odata.")
        found.setdefault(name if own else "", []).append(value)
    values = [value for value in found.get("value", ()) if value is not None]
    if not values and "" in found:
        raise UnexpectedBodyError("the answer has no `value` and is not an empty page")
    if len(values) > 1:
        raise UnexpectedBodyError(f"`value` must be one list, not {len(values)}")
    items = values[0] if values else []
    if not isinstance(items, list):
        raise UnexpectedBodyError(f"`value` must be one list, not {_shape(items)}")
    if not {dict}.issuperset(map(type, items)):
        raise UnexpectedBodyError("a record is not a JSON object")
    links = [link for link in found.get("nextlink", ()) if link is not None]
    if not all(isinstance(link, str) and link.strip() for link in links):
        raise UnexpectedBodyError("the next link is not a URL")
    if len(set(links)) > 1:
        raise UnexpectedBodyError("there are two different next links")
    counts = [number for number in map(whole_number, found.get("count", ())) if number is not None]
    return PageContent(items, links[0] if links else None, counts[0] if counts else None)


def whole_number(value: object) -> int | None:
    """A count: a number, or a number in quotes; None for anything else, and for what no database can hold."""
    if isinstance(value, str) and value.strip().isdecimal() and value.isascii() and len(value) < 20:
        value = int(value)
    return value if type(value) is int and 0 <= value < 2**63 else None


def _members(content: bytes) -> list[tuple[str, Any]]:
    """The members of the object that a text is, names that stand twice included.

    Raises:
        UnreadableError: if it is no JSON.
        UnexpectedBodyError: if it is no object.
    """
    try:
        return [(name, msgspec.json.decode(raw)) for name, raw in envelope(content)]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    # Not an object, or what msgspec does not read: half an emoji, a byte order mark, a name that stands twice.
    body = read_json(content)
    if not isinstance(body, dict):
        raise UnexpectedBodyError(f"a page must be a JSON object, not {_shape(body)}")
    pairs: list[tuple[str, Any]] = []

    def remember(found: list[tuple[str, Any]]) -> dict[str, Any]:
        pairs[:] = found  # the outermost object is the last that is finished
        return dict(found)

    try:
        json.loads(content, object_pairs_hook=remember)
    except (ValueError, RecursionError):
        raise UnreadableError from None
    return pairs


def envelope(content: bytes) -> list[tuple[str, msgspec.Raw]]:
    """The members of the object that a text is, if no name stands twice: a decoder keeps the last of two in silence.

    Raises:
        msgspec.DecodeError: if it is no object, if a name stands twice, or if that cannot be seen.
    """
    found = _ENVELOPE.decode(content)
    position, members = 0, list(found.items())
    for _ in members:
        key = _KEY.match(content, position)
        name = msgspec.json.decode(key.group(1)) if key else None
        if key is None or name not in found:
            raise msgspec.DecodeError
        raw = bytes(found[name])
        if not content.startswith(raw, key.end()):
            raise msgspec.DecodeError
        position = key.end() + len(raw)
    if content[position:].strip() != b"}" and members:
        raise msgspec.DecodeError
    return members


def _shape(value: object) -> str:
    return {"NoneType": "nothing", "list": "a list", "str": "text"}.get(type(value).__name__, type(value).__name__)

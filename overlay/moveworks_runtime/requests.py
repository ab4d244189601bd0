"""Requests: from the values of an operation's parameters to what is sent."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from attrs import define, field, frozen

from moveworks.unset import UNSET
from moveworks_runtime.models import encode

if TYPE_CHECKING:
    from collections.abc import Iterable


@frozen(kw_only=True)
class RequestParts:
    """A request, but for the server it goes to and the credential.

    Attributes:
        method: In upper case.
        path: Base path of the service and path of the operation, with percent-encoded parameters.
        query: Names and values, not encoded, in the order of the document.
        headers: With `Content-Type` if there is a body.
        content: The body.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    headers: dict[str, str] = field(factory=dict, repr=False)
    content: bytes | None = field(default=None, repr=False)


def build_request(
    method: str,
    path: str,
    *,
    values: tuple[tuple[str, Any], ...] = (),
    query: tuple[tuple[str, Any, str], ...] = (),
    headers: tuple[tuple[str, Any], ...] = (),
    cookies: tuple[tuple[str, Any], ...] = (),
    body: Any = UNSET,
    media_type: str = "",
) -> RequestParts:
    """Build a request from the values of its parameters; what is UNSET is left out.

    Raises:
        ValueError: for a path parameter that is empty, `.` or `..`, naming it.
    """
    sent = {name: _plain(value) for name, value in headers if value is not UNSET and value is not None}
    if pairs := [f"{name}={quote(_plain(value), safe='')}" for name, value in cookies if value is not UNSET]:
        sent["Cookie"] = "; ".join(pairs)
    content = None
    if body is not UNSET:
        content, sent["Content-Type"] = _body(body, media_type)
    return RequestParts(
        method=method,
        path=path.format(*(_segment(name, value) for name, value in values)),
        query=tuple(pair for name, value, style in query for pair in _pairs(name, value, style)),
        headers=sent,
        content=content,
    )


def _segment(name: str, value: Any) -> str:
    text = _plain(value)
    if text in {"", ".", ".."} or value is None or value is UNSET:
        raise ValueError(f"{name} is {text!r}: in a path it would name something else")
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        raise ValueError(f"{name} holds a lone surrogate; it is not valid Unicode") from None


def _plain(value: Any) -> str:
    """A value as text, in a path, a header or a query."""
    value = encode(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(map(_plain, value))
    if isinstance(value, dict):
        return ",".join(f"{key},{_plain(inner)}" for key, inner in value.items())
    return "" if value is None else str(value)


_SEPARATORS: Final = {"list": ",", "spaceDelimited": " ", "pipeDelimited": "|"}


def _pairs(name: str, value: Any, style: str) -> Iterable[tuple[str, str]]:
    """The pairs of one query parameter, as its style in the document says."""
    value = encode(value)
    if value is UNSET or value is None:
        return ()
    if style == "json":
        return ((name, json.dumps(value, ensure_ascii=False, separators=(",", ":"))),)
    if isinstance(value, dict) and style != "list":
        deep = style == "deepObject"
        return tuple((f"{name}[{key}]" if deep else key, _plain(inner)) for key, inner in value.items())
    if isinstance(value, list):
        if style in _SEPARATORS:
            return ((name, _SEPARATORS[style].join(map(_plain, value))),)
        return tuple((name, _plain(item)) for item in value)
    return ((name, _plain(value)),)


def _body(body: Any, media_type: str) -> tuple[bytes, str]:
    """The bytes of a body, and its media type."""
    kind = media_type.partition(";")[0].strip().lower()
    if kind == "application/json" or kind.endswith("+json"):
        return json.dumps(encode(body), ensure_ascii=False, separators=(",", ":")).encode(), media_type
    if kind == "application/x-www-form-urlencoded":
        form = encode(body)
        pairs = [pair for name, value in form.items() for pair in _pairs(name, value, "")]
        return urlencode(pairs).encode(), media_type
    if kind == "multipart/form-data":
        return _multipart(encode(body))
    if isinstance(body, File):
        body = body.payload
    if hasattr(body, "read"):
        body = body.read()
    return body if isinstance(body, bytes) else _plain(body).encode(), media_type


def _multipart(form: dict[str, Any]) -> tuple[bytes, str]:
    import httpx

    parts: list[tuple[str, Any]] = []
    for name, value in form.items():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, File):
                parts.append((name, item.to_tuple()))
            elif isinstance(item, dict):
                parts.append((name, (None, json.dumps(item, ensure_ascii=False).encode(), "application/json")))
            else:
                parts.append((name, (None, _plain(item).encode(), "text/plain; charset=utf-8")))
    request = httpx.Request("POST", "https://host.invalid", files=parts)
    return request.read(), request.headers["Content-Type"]


# The types that `httpx.Client(files=)` accepts.
FileContent = IO[bytes] | bytes | str


@define
class File:
    """A file to upload, or one that was answered."""

    payload: FileContent
    file_name: str | None = None
    mime_type: str | None = None

    def to_tuple(self) -> tuple[str | None, FileContent, str | None]:
        """The form that httpx takes."""
        return self.file_name, self.payload, self.mime_type

"""Answers of a list operation: pages with signed next links."""

from __future__ import annotations

import base64
import hmac
import json
import re
import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import msgspec
from attrs import frozen

from moveworks import odata
from moveworks.odata import ObjectField
from moveworks.odata.tokens import tokens
from moveworks_export.operations import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from moveworks.odata import EntitySetInfo, Field, OrderBy, Predicate
    from moveworks.sandbox.store import Store

PAGE_SIZE = 500
OTHER_ZONE = re.compile(r"'\d{4}-\d\d-\d\dT[\d:.]+(?:[+-]\d\d:\d\d)?'")


class RefusedError(Exception):
    """A request that the service would answer with 400; the text says why."""


@frozen(kw_only=True)
class Listing:
    """A list request that was understood."""

    info: EntitySetInfo
    query: str
    filter: Predicate | None
    order: tuple[OrderBy, ...]
    select: tuple[str, ...]
    left: int | None
    count: bool
    after: int
    offset: int
    page: int


class Listings:
    """Reads list requests and writes their pages."""

    def __init__(self, store: Store, *, standard_times: bool) -> None:
        self._store = store
        self._key = secrets.token_bytes(32)
        self._standard_times = standard_times

    def read(self, info: EntitySetInfo, query: str, *, counts: bool) -> Listing:
        """Understand the query string of a list or a count.

        Raises:
            RefusedError: for unknown or missing options, unknown fields, bad syntax, and next links that were made up
                or changed.
        """
        known = ("$filter",) if counts else info.options
        options, kept = _options(query, known)
        if missing := [name for name in _required(info) if name in known and name not in options]:
            raise RefusedError(f"missing query option {', '.join(missing)}")
        token = options.pop("$skiptoken", None)
        place: dict[str, Any] = {"after": 0, "offset": _whole("$skip", options.get("$skip", "0")), "page": 1}
        place["left"] = _whole("$top", options["$top"]) if "$top" in options else None
        if token is not None:
            place = self._opened(token, info.name, kept)
        try:
            condition = odata.parse(options["$filter"], info.entity) if "$filter" in options else None
            order = odata.parse_order_by(options["$orderby"], info.entity) if "$orderby" in options else ()
        except ValueError as error:
            raise RefusedError(str(error)) from None
        if condition is not None and not self._standard_times:
            _quoted_times(options["$filter"])
        select = tuple(part.strip() for part in options.get("$select", "").split(",") if part.strip() not in {"", "*"})
        if unknown := [name for name in select if not _known(name, info.entity.fields())]:
            raise RefusedError(f"unknown field in $select: {', '.join(unknown)}")
        if options.get("$count", "false") not in {"true", "false"}:
            raise RefusedError("$count must be true or false")
        return Listing(
            info=info,
            query=kept,
            filter=condition,
            order=order,
            select=select,
            count=options.get("$count") == "true",
            **place,
        )

    def write(self, listing: Listing, address: str, *, missing_value: bool) -> tuple[bytes, str | None]:
        """The body of a page, and its next link."""
        entity = listing.info.name
        wanted = PAGE_SIZE if listing.left is None else min(PAGE_SIZE, listing.left)
        found = self._store.page(
            entity, listing.filter, listing.order, after=listing.after, offset=listing.offset, limit=wanted + 1
        )
        rows, more = found[:wanted], len(found) > wanted
        left = None if listing.left is None else listing.left - len(rows)
        link = None
        if more and left != 0:
            keyset = self._store.by_position(entity, listing.order)
            place = {
                "after": rows[-1][0] if keyset else 0,
                "offset": 0 if keyset else listing.offset + len(rows),
                "left": left,
                "page": listing.page + 1,
            }
            query = f"{listing.query}&" if listing.query else ""
            link = f"{address}?{query}$skiptoken={self._sealed(place, entity, listing.query)}"
        members = [f'"@odata.context":{json.dumps(address.rpartition("/")[0] + "/$metadata#" + entity)}']
        if listing.count:
            members.append(f'"@odata.count":{self._store.count(entity, listing.filter)}')
        if rows or not missing_value:
            bodies = (_projected(body, listing.select) if listing.select else body for _, body in rows)
            members.append(f'"value":[{",".join(bodies)}]')
        return ("{" + ",".join(members)).encode(), link

    def _sealed(self, place: dict[str, Any], entity: str, query: str) -> str:
        payload = json.dumps(place, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._signature(payload, entity, query) + payload).decode().rstrip("=")

    def _opened(self, token: str, entity: str, query: str) -> dict[str, Any]:
        try:
            sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError:
            sealed = b""
        signature, payload = sealed[:12], sealed[12:]
        # Decoding passes over what is no base 64, so the text is compared as well.
        same = base64.urlsafe_b64encode(sealed).decode().rstrip("=") == token
        if not same or not hmac.compare_digest(signature, self._signature(payload, entity, query)):
            raise RefusedError("invented $skiptoken, or a next link that was changed: follow it as it is")
        place: dict[str, Any] = json.loads(payload)
        return place

    def _signature(self, payload: bytes, entity: str, query: str) -> bytes:
        return hmac.digest(self._key, payload + b"\0" + entity.encode() + b"\0" + query.encode(), "sha256")[:12]


def _required(info: EntitySetInfo) -> list[str]:
    """The query options without which the service answers nothing."""
    parameters = OPERATIONS[info.operation].parameters
    return [each.wire_name for each in parameters if each.location == "query" and each.required]


def _options(query: str, only: Collection[str]) -> tuple[dict[str, str], str]:
    """Query options, and the query string without its `$skiptoken`."""
    options: dict[str, str] = {}
    kept: list[str] = []
    for part in filter(None, query.split("&")):
        name, _, value = part.partition("=")
        # A plus is a plus: RFC 3986 knows no other meaning, and time zones have one.
        name, value = unquote(name), unquote(value, errors="strict")
        if name in options:
            raise RefusedError(f"{name} is given twice")
        if name not in only and (name != "$skiptoken" or "$top" not in only):
            raise RefusedError(f"unknown query option {name}")
        options[name] = value
        if name != "$skiptoken":
            kept.append(part)
    return options, "&".join(kept)


def _quoted_times(text: str) -> None:
    """Refuse times that the service, which compares text with text, would get wrong."""
    for token in tokens(text):
        if token.kind == "time":
            raise RefusedError("times are compared as text here: quote them, '2026-01-01T00:00:00.000Z'")
        if token.kind == "text" and OTHER_ZONE.fullmatch(token.text):
            raise RefusedError(f"times are compared as text here: {token.text} must be in UTC and end with Z")


def _known(name: str, fields: Mapping[str, Field]) -> bool:
    """Whether a path such as `detail/domain` leads to a field."""
    first, _, rest = name.partition("/")
    field = fields.get(first)
    if field is None or not rest:
        return field is not None
    return isinstance(field, ObjectField) and _known(rest, field.fields())


def _projected(body: str, select: tuple[str, ...]) -> str:
    """What is selected of a record or an object in it, each value as it is written there."""
    try:
        members = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    except msgspec.ValidationError:
        return body  # null, or no object though the spec says so
    below: dict[str, list[str]] = {}
    for name in select:
        first, _, rest = name.partition("/")
        below.setdefault(first, []).append(rest)
    parts = []
    for name, rests in below.items():
        if name in members:
            text = bytes(members[name]).decode()
            parts.append(f"{json.dumps(name)}:{text if '' in rests else _projected(text, tuple(rests))}")
    return f"{{{','.join(parts)}}}"


def _whole(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise RefusedError(f"{name} must be a number, 0 or more and below 10^18, not {text[:60]!r}")
    return int(text)

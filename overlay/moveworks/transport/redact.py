"""What may be shown of what the service said: nothing secret, nothing of a query, and not at length."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, unquote_plus

from moveworks.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from moveworks.links import Link

SHOWN: Final = "***"
MAX_MESSAGE: Final = 300
MAX_URL: Final = 300
MAX_READ: Final = 4000
"""Characters that are looked through: a service can send megabytes, and a query can have thousands of values."""
MAX_ESCAPES: Final = 3
"""How often a service may have escaped what it repeats."""
NAMES_ONLY: Final = frozenset({"$select", "$orderby", "$top", "$skip", "$count"})
"""Query options whose values name fields or numbers of records, which are no secret."""
_QUOTED: Final = re.compile(r"'((?:[^']|'')+)'")
_NUMBER: Final = re.compile(r"(?<![\w.])[0-9][\w.:+-]{3,}")


def query_values(link: Link) -> set[str]:
    """The values that a query holds, as a service may repeat them: of a filter its literals, else all."""
    found: set[str] = set()
    for option in filter(None, link.target.partition("?")[2].split("&")):
        name, equals, value = map(unquote_plus, option.partition("="))
        if name in NAMES_ONLY:
            continue
        if name == "$filter":
            literals = _QUOTED.findall(value)
            found.update(literals, (literal.replace("''", "'") for literal in literals))
            found.update(_NUMBER.findall(_QUOTED.sub("", value)))
        else:
            # A next link may be `?` and an opaque token: then the name is the value.
            found.update({value, option} if equals else {name, option})
    return found


def redacted(text: str, secrets: Iterable[str], link: Link | None = None, *, limit: int = MAX_MESSAGE) -> str:
    """A text without secrets and values of a query, in whatever form they are repeated; printable, cut.

    It is cut last, since nobody recognises half a secret.
    """
    values = query_values(link) if link is not None and "?" in link.target else ()
    wanted = sorted({secret for secret in (*secrets, *values) if len(secret) > 3}, key=len, reverse=True)
    cut = len(text) > MAX_READ
    text = text[:MAX_READ]
    if wanted:
        # A blank of a form or a query is a plus.
        either = "|".join(re.escape(secret).replace(r"\ ", "[ +]") for secret in wanted)
        pattern = re.compile(either, re.IGNORECASE)
        text = pattern.sub(SHOWN, text)
        # Percent-encoded, as in HTML, or as in JSON: then the plain text is shown in its place.
        plain = text
        for _ in range(MAX_ESCAPES):
            plain = _unescaped_once(plain)
            if pattern.search(plain):
                text = plain = pattern.sub(SHOWN, plain)
        if cut:  # half a secret may stand at the end, with up to seven characters for one
            text = text[: -7 * len(wanted[0])]
    return (text if text.isprintable() else printable(text))[:limit]


def shown_url(link: Link, secrets: Iterable[str] = ()) -> str:
    """A URL with the names of its query options but without their values: those may be personal."""
    options = [option.partition("=") for option in link.query.split("&") if option]
    names = [re.sub(r"[^\w$.%-]", "", name)[:40] + "=" if equals else "" for name, equals, _ in options]
    query = "?" + "&".join(f"{name}…" for name in names) if names else ""
    return redacted(f"{link.origin}{link.path}{query}", secrets, link, limit=MAX_URL)


def _unescaped_once(text: str) -> str:
    """A text with its escapes resolved once: those of URLs, of HTML and of JSON."""
    plain = html.unescape(unquote(text))
    if "\\" in plain:
        plain = re.sub(r'\\(?:u[0-9a-fA-F]{4}|["\\/])', _unescaped, plain)
    return plain


def _unescaped(found: re.Match[str]) -> str:
    text: str = json.loads(f'"{found.group()}"')
    return text


def error_text(data: object) -> tuple[str | None, str | None]:
    """Code and message of an error body, in the forms that are common.

    `{code, message}`, the same under `error`, OData 2 and 3 (a message as an object), OData 4
    (`details`), OAuth (RFC 6749, section 5.2), problem details (RFC 9457) and lists of errors.
    Nothing else of a body is shown: it may be a page of a proxy, or hold what somebody wrote.
    """
    if isinstance(data, list) and data:
        data = {"errors": data}
    if not isinstance(data, dict):
        return None, None
    members = {str(name).lower().removeprefix("odata."): value for name, value in data.items()}
    inner = members.get("error")
    if isinstance(inner, dict | list):
        return error_text(inner)
    code = _code(members.get("code")) or _code(inner) or _code(members.get("errorcode"))
    texts = [_text(members.get(name)) for name in ("message", "error_description", "title", "detail")]
    for name in ("details", "errors"):
        items = members.get(name)
        for item in items[:5] if isinstance(items, list) else ():
            inner_code, message = error_text(item) if isinstance(item, dict) else (None, _text(item))
            code = code or inner_code
            texts.append(message)
    messages = list(dict.fromkeys(filter(None, texts)))
    if not messages and code is not None and not isinstance(inner, str):
        return code, None
    return code, ": ".join(messages) or None


def _code(value: object) -> str | None:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def _text(value: object) -> str | None:
    if isinstance(value, dict):
        value = value.get("value")
    return value if isinstance(value, str) and value.strip() else None

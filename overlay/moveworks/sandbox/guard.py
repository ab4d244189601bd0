"""What keeps web pages and oversized requests away from the sandbox.

A page in a browser can make requests to any address that its own name resolves to (DNS rebinding), also to this
machine's; what it cannot choose are the headers `Host` and `Origin`.
"""

from __future__ import annotations

import re
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException

from moveworks.sandbox.answers import failed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection
    from ipaddress import IPv4Address

    from starlette.responses import Response

    App = Callable[[Any, Any, Any], Awaitable[None]]

CONTROL: Final = "/_sandbox/"
"""Where the sandbox itself is controlled."""
HOST: Final = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+?)\.?(:[0-9]{1,5})?", re.IGNORECASE)


class Guard:
    """Lets a request pass to the application if it is for this host, from no web page elsewhere, and not too large.

    Args:
        app: The application.
        hosts: Names and addresses, besides loopback ones, under which the sandbox may be reached.
        max_body: Bytes that the body of a request may have.
    """

    def __init__(self, app: App, *, hosts: Collection[str], max_body: int) -> None:
        self._app = app
        self._hosts = {host.lower().strip("[]") for host in hosts}
        self._max_body = max_body
        self._too_large = f"the body of a request has at most {max_body} bytes here"

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer the request, or refuse it."""
        headers = _headers(scope)
        if refusal := self._refused(scope, headers):
            await refusal(scope, receive, send)
            return
        seen = 0

        async def receive_limited() -> Any:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._max_body:
                raise HTTPException(413, self._too_large)
            return message

        await self._app(scope, receive_limited, send)

    def _refused(self, scope: Any, headers: dict[str, list[str]]) -> Response | None:
        host = headers.get("host", [])
        if len(host) != 1 or not self._is_own(host[0], scope):
            return failed(
                421,
                "WRONG_HOST",
                "the sandbox answers only under loopback names and the hosts that it was given; allow others with "
                "allowed_hosts, on the command line --allow-host",
                {"Connection": "close"},
            )
        if scope["path"].startswith(CONTROL):
            foreign = any(origin.lower() != f"http://{host[0].lower()}" for origin in headers.get("origin", []))
            if foreign or not {"same-origin", "none"}.issuperset(headers.get("sec-fetch-site", [])):
                return failed(403, "FOREIGN_ORIGIN", "no web page elsewhere may control the sandbox")
        length = headers.get("content-length", ["0"])[0]
        if length.isdecimal() and int(length[:20]) > self._max_body:
            return too_large(self._too_large)
        return None

    def _is_own(self, host: str, scope: Any) -> bool:
        found = HOST.fullmatch(host)
        if found is None:
            return False
        name = found.group(1).lower().strip("[]")
        if name == "localhost" or name in self._hosts:
            return True
        address = _address(name)
        if address is None:
            return False
        # No name can be made to resolve to a request that spells the address itself.
        return address.is_loopback or address == _address((scope.get("server") or ("",))[0])


def too_large(message: str) -> Response:
    """The answer to a body that is too large; the rest of it is not read."""
    return failed(413, "TOO_LARGE", message, {"Connection": "close"})


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def _headers(scope: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        found.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return found

"""Which proxy a request goes through: the one that is given, or one of the environment."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Final

from moveworks.errors import ConfigurationError
from moveworks.links import is_loopback, split_origin

if TYPE_CHECKING:
    from collections.abc import Iterable

_PROXY: Final = re.compile(
    r"(?:https?|socks5h?)://(?:[!-~]*@)?[\w.-]+(?::[0-9]+)?/?|(?:https?|socks5h?)://(?:[!-~]*@)?\[[0-9a-fA-F:.]+\](?::[0-9]+)?/?",
    re.IGNORECASE,
)


def proxy_for(origin: str, given: str | None) -> str | None:
    """The URL of the proxy for an origin; None for a direct connection.

    What is sent to this machine never goes through a proxy of the environment: over plain HTTP it would
    take the credential off the machine.

    Raises:
        ConfigurationError: for a proxy that is none, or that is on another machine while the origin is
            on this one.
    """
    scheme, host, port = split_origin(origin)
    loopback = is_loopback(host)
    if given is not None:
        proxy_host = _checked(given, "proxy").partition("://")[2].rpartition("@")[2]
        if loopback and not is_loopback(re.sub(r":[0-9]+/?$", "", proxy_host).rstrip("/")):
            raise ConfigurationError(
                "proxy would take a request for this machine, and its credential, to another one",
                advice="Leave proxy out for a loopback base_url",
            )
        return given
    if loopback:
        return None
    from urllib.request import getproxies  # here, since most of what it imports is for nothing but this

    proxies = getproxies()
    for name in (scheme, "all"):
        if url := proxies.get(name):
            url = url if "://" in url else f"http://{url}"
            bypassed = is_bypassed(host, port, proxies.get("no", "").split(","))
            return None if bypassed else _checked(url, f"{name.upper()}_PROXY")
    return None


def is_bypassed(host: str, port: int, entries: Iterable[str]) -> bool:
    """Whether a host is named by NO_PROXY: `*`, a domain, an address or a network, some with a port.

    An entry that is none of these is passed over, as other programs do.
    """
    return any(_names(entry.strip().lower(), host, port) for entry in entries)


def _names(entry: str, host: str, port: int) -> bool:
    if not entry:
        return False
    if entry == "*":
        return True
    entry = entry.partition("://")[2] or entry
    # A colon belongs to a port only if there is one, or behind brackets.
    if found := re.fullmatch(r"(\[[^\]]*\]|[^:]*):([0-9]+)", entry):
        entry = found.group(1)
        if int(found.group(2)) != port:
            return False
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        pass
    domain = entry.removeprefix("*").removeprefix(".")
    return bool(domain) and (host == domain or host.endswith(f".{domain}"))


def _checked(url: object, name: str) -> str:
    """The URL of a proxy; the message does not repeat it, since it may hold a password."""
    found = _PROXY.fullmatch(url) if isinstance(url, str) else None
    if found is None:
        raise ConfigurationError(
            f"{name} is not the URL of a proxy",
            advice="Write it as http://host:port; https:// and socks5:// are possible as well",
        )
    return found.group()

"""Where the service is: the servers of the specs under short names, and any other origin."""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import urljoin, urlsplit

import moveworks_beta.service
import moveworks_export.service
from moveworks.errors import ConfigurationError

SERVICES: Final = {"records": moveworks_export.service, "assistant": moveworks_beta.service}
REGIONS: Final[tuple[str, ...]] = tuple(
    dict.fromkeys(name for service in SERVICES.values() for name in service.SERVERS)
)
"""Short names of all regions, such as `us` and `eu`."""

HOST: Final = re.compile(r"[a-z0-9._-]+")
PORTS: Final = {"https": 443, "http": 80}


def resolve_origin(service: str, region: str | None, base_url: str | None) -> str:
    """The origin (scheme, host and port) of a service: `https://api.moveworks.ai`.

    Args:
        service: `records` or `assistant`.
        region: Short name of a region; `us` if neither it nor an address is given.
        base_url: Any other origin, without a path: the path below it is the spec's.

    Raises:
        ConfigurationError: for an unknown region, a region without this service, or an unusable address.
    """
    if base_url is not None:
        return check_origin(base_url)
    region = "us" if region is None else region
    check_region(region)
    servers = SERVICES[service].SERVERS
    if region not in servers:
        raise ConfigurationError(
            f"region {region!r} has no server for the {service} API",
            advice=f"It is in {', '.join(servers)}; or set base_url",
        )
    parts = urlsplit(servers[region])
    return f"{parts.scheme}://{parts.netloc}"


def check_region(name: str) -> None:
    """Refuse a region that neither API has.

    Raises:
        ConfigurationError: naming those there are.
    """
    if name not in REGIONS:
        raise ConfigurationError(
            f"there is no region {name!r}", advice=f"Known are {', '.join(REGIONS)}; or set base_url"
        )


def check_origin(address: str) -> str:
    """An address as an origin, in lower case and without a default port.

    Raises:
        ConfigurationError: if it has a path, query or user name, or is not https (http is for loopback only).
    """
    if not isinstance(address, str):
        raise ConfigurationError(f"base_url is text such as https://host, not {type(address).__name__}")
    address = address.strip()
    # What follows an @ or stands behind the host may be secret, so only what is in between is shown.
    shown = address.partition("?")[0].rpartition("@")[2]
    if "@" in address:
        raise ConfigurationError("base_url holds a user name or password", advice="Give credentials as records_auth")
    origin = origin_of(address)
    if origin is None or not address.isascii():
        raise ConfigurationError(
            f"base_url {shown!r} is not an origin", advice="Write it as https://host or https://host:port"
        )
    parts = urlsplit(address)
    if parts.path.rstrip("/") or parts.query or parts.fragment:
        raise ConfigurationError(
            f"base_url {shown!r} has a path", advice="Give the origin alone; the path below it comes from the spec"
        )
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ConfigurationError(
            f"base_url {shown!r} is not encrypted", advice="Use https; http is allowed for a loopback address only"
        )
    return origin


def origin_of(url: str) -> str | None:
    """Scheme, host and port of an address, normalised; None if it has none, or is written to mislead."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    host = _host(parts.hostname or "")
    # A user name, a backslash or a control character: what parsers disagree on.
    misleading = "@" in parts.netloc or "\\" in url.partition("?")[0] or not url.isprintable()
    if parts.scheme not in PORTS or not host or misleading:
        return None
    return f"{parts.scheme}://{host}" if port in {None, PORTS[parts.scheme]} else f"{parts.scheme}://{host}:{port}"


def resolve_link(base: str, link: str) -> str | None:
    """The address that a link means where it was found; None if it is malformed. An absolute one stays as it is."""
    # urljoin silently drops line breaks, which makes another link of it.
    if not link.isprintable():
        return None
    try:
        return link if "://" in link.partition("?")[0] else urljoin(base, link)
    except ValueError:
        return None


def _host(name: str) -> str | None:
    """A host as it stands in an address, in one spelling; None if it is none."""
    if ":" not in name:
        return name if HOST.fullmatch(name) else None
    try:
        return f"[{ipaddress.ip_address(name).compressed}]"
    except ValueError:
        return None


def trusted_origin(host: object) -> str:
    """The origin of a host that links may lead to besides the configured one: `api.example.com`, or a whole origin.

    Raises:
        ConfigurationError: if it is no host, or not encrypted (http is for loopback only).
    """
    origin = origin_of(host if "://" in host else f"https://{host}") if isinstance(host, str) else None
    if origin is None or (origin.startswith("http:") and not is_loopback(urlsplit(origin).hostname or "")):
        raise ConfigurationError(f"trusted_hosts: {host!r} is not a host, or is not encrypted")
    return origin


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its name or address alone: nothing is looked up."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

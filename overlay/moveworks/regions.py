"""Where the service is: the servers of the specs under short names, and any other origin."""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import urlsplit

import moveworks_beta.service
import moveworks_export.service
from moveworks.errors import ConfigurationError

SERVICES: Final = {"records": moveworks_export.service, "assistant": moveworks_beta.service}
REGIONS: Final[tuple[str, ...]] = tuple(
    dict.fromkeys(name for service in SERVICES.values() for name in service.SERVERS)
)
"""Short names of all regions, such as `us` and `eu`."""

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
    region = region or "us"
    if region not in REGIONS:
        raise ConfigurationError(
            f"there is no region {region!r}", advice=f"Known are {', '.join(REGIONS)}; or set base_url"
        )
    servers = SERVICES[service].SERVERS
    if region not in servers:
        raise ConfigurationError(
            f"region {region!r} has no server for the {service} API",
            advice=f"It is in {', '.join(servers)}; or set base_url",
        )
    parts = urlsplit(servers[region])
    return f"{parts.scheme}://{parts.netloc}"


def check_origin(address: str) -> str:
    """An address as an origin, in lower case and without a default port.

    Raises:
        ConfigurationError: if it has a path, query or user name, or is not https (http is for loopback only).
    """
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError as error:
        raise ConfigurationError(f"base_url {address!r} is not an address: {error}") from None
    if parts.username is not None or parts.password is not None:
        raise ConfigurationError("base_url holds a user name or password", advice="Give credentials as records_auth")
    host = (parts.hostname or "").lower()
    if parts.scheme not in PORTS or not host:
        raise ConfigurationError(
            f"base_url {address!r} is not an origin", advice="Write it as https://host or https://host:port"
        )
    if parts.path.rstrip("/") or parts.query or parts.fragment:
        raise ConfigurationError(
            f"base_url {address!r} has a path", advice="Give the origin alone; the path below it comes from the spec"
        )
    if parts.scheme == "http" and not is_loopback(host):
        raise ConfigurationError(
            f"base_url {address!r} is not encrypted", advice="Use https; http is allowed for a loopback address only"
        )
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" if port in {None, PORTS[parts.scheme]} else f"{parts.scheme}://{shown}:{port}"


def origin_of(url: str) -> str | None:
    """Scheme, host and port of an address, normalised; None if it has none or carries a user name."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    host = (parts.hostname or "").lower()
    if parts.scheme.lower() not in PORTS or not host or "@" in parts.netloc or "\\" in url:
        return None
    scheme = parts.scheme.lower()
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}" if port in {None, PORTS[scheme]} else f"{scheme}://{shown}:{port}"


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its name or address alone: nothing is looked up."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

"""Where the service is: the servers of the specs under short names, and any other origin."""

from __future__ import annotations

from typing import Final

import moveworks_beta.service
import moveworks_export.service
from moveworks.errors import ConfigurationError
from moveworks.links import is_loopback, parse_link, split_origin
from moveworks.text import did_you_mean

SERVICES: Final = {"records": moveworks_export.service, "assistant": moveworks_beta.service}
REGIONS: Final[tuple[str, ...]] = tuple(
    dict.fromkeys(name for service in SERVICES.values() for name in service.SERVERS)
)
"""Short names of all regions, such as `us` and `eu`."""


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
    region = "us" if region is None else check_region(region)
    servers = SERVICES[service].SERVERS
    if region not in servers:
        raise ConfigurationError(
            f"region {region!r} has no server for the {service} API",
            advice=f"It is in {', '.join(servers)}; or set base_url",
        )
    link = parse_link(servers[region])
    assert link is not None  # the build refuses other servers
    return link.origin


def check_region(name: object) -> str:
    """A region that one of the APIs has, by its short name, in upper or lower case.

    Raises:
        ConfigurationError: naming those there are.
    """
    region = name.strip().lower() if isinstance(name, str) else ""
    if region not in REGIONS:
        raise ConfigurationError(
            f"there is no region {name!r}{did_you_mean(region, REGIONS)}",
            advice=f"Known are {', '.join(REGIONS)}; or set base_url",
        )
    return region


def check_origin(url: str) -> str:
    """A URL as an origin, in lower case and without a default port.

    Raises:
        ConfigurationError: if it has a path, query or user name, or is not https (http is for loopback only).
    """
    if not isinstance(url, str):
        raise ConfigurationError(f"base_url is text such as https://host, not {type(url).__name__}")
    url = url.strip()
    # What follows an @ or stands behind the host may be secret, so only what is in between is shown.
    shown = url.partition("?")[0].rpartition("@")[2]
    if "@" in url:
        raise ConfigurationError("base_url holds a user name or password", advice="Give credentials as records_auth")
    link = parse_link(url)
    if link is None:
        raise ConfigurationError(
            f"base_url {shown!r} is not an origin", advice="Write it as https://host or https://host:port"
        )
    if link.path.rstrip("/") or link.query or "#" in url:
        raise ConfigurationError(
            f"base_url {shown!r} has a path", advice="Give the origin alone; the path below it comes from the spec"
        )
    if not _is_private(link.origin):
        raise ConfigurationError(
            f"base_url {shown!r} is not encrypted", advice="Use https; http is allowed for a loopback address only"
        )
    return link.origin


def trusted_origin(host: object) -> str:
    """The origin of a host that links may lead to besides the configured one: `api.example.com`, or a whole origin.

    Raises:
        ConfigurationError: if it is no host, or not encrypted (http is for loopback only).
    """
    link = parse_link(host if "://" in host else f"https://{host}") if isinstance(host, str) else None
    if link is None:
        raise ConfigurationError(f"trusted_hosts: {host!r} is not a host")
    if not _is_private(link.origin):
        raise ConfigurationError(
            f"trusted_hosts: {host!r} is not encrypted", advice="Use https; http is allowed for a loopback address only"
        )
    return link.origin


def _is_private(origin: str) -> bool:
    """Whether what is sent to an origin cannot be read on the way."""
    scheme, host, _ = split_origin(origin)
    return scheme == "https" or is_loopback(host)

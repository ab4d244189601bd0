"""A link as a value: a URL that is parsed once, and judged once by where it may lead."""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import quote, unquote, unquote_plus, urljoin

from attrs import field, frozen

from moveworks.errors import UntrustedLinkError

MAX_URL: Final = 65_536
"""Characters of the longest URL that is sent; most servers take much less."""

PORTS: Final = {"https": 443, "http": 80}
_URL: Final = re.compile(
    r"(https?)://([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?(?:([/?][^#]*))?(?:#.*)?", re.IGNORECASE | re.ASCII
)
_HIDDEN: Final = re.compile(r"%(?:2[ef5]|5c)", re.IGNORECASE)  # an encoded dot, slash, percent sign or backslash


@frozen(eq=False)
class Link:
    """A complete URL.

    Attributes:
        url: As it was written.
        origin: Scheme, host and port in one spelling: `https://api.moveworks.ai`.
        target: Path and query as they were written, without a fragment.
        sent: The same as bytes on the wire; only what is not allowed there is percent-encoded.
    """

    url: str = field(repr=False)
    origin: str
    target: str = field(repr=False)
    sent: bytes = field(init=False, repr=False)

    @sent.default
    def _sent(self) -> bytes:
        return _UNSENT.sub(_encoded, self.target).encode("ascii")

    @property
    def path(self) -> str:
        """The path alone."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """The query alone, without `?`."""
        return self.target.partition("?")[2]


def parse_link(url: str) -> Link | None:
    """A link from a complete URL; None if it is none, or one that programs read differently."""
    found = _URL.fullmatch(url)
    # A user name, a backslash or a control character is what parsers disagree on (WHATWG URL, RFC 3986).
    if found is None or not url.isprintable() or "\\" in url.partition("?")[0]:
        return None
    scheme, host, port, target = found.groups()
    origin = _origin(scheme.lower(), host.lower(), port)
    if origin is None:
        return None
    target = target or "/"
    return Link(url, origin, target if target[0] == "/" else f"/{target}")


def resolve_link(base: Link, text: str) -> Link | None:
    """The link that a text means where it was found; None if it is malformed. An absolute one stays as it is."""
    # urljoin silently drops line breaks, which makes another link of it.
    if not text.isprintable():
        return None
    try:
        return parse_link(text if "://" in text.partition("?")[0] else urljoin(base.url, text))
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its name or address alone: nothing is looked up."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def split_origin(origin: str) -> tuple[str, str, int]:
    """Scheme, host (an IPv6 address without brackets) and port of an origin."""
    scheme, _, rest = origin.partition("://")
    host, _, port = rest.rpartition(":") if re.search(r":[0-9]+$", rest) else (rest, "", "")
    return scheme, host.strip("[]"), int(port or PORTS[scheme])


@frozen
class Scope:
    """Where the links of one list, or the redirects of one request, may lead with the credential.

    Attributes:
        origin: The configured origin.
        trusted: Other origins that the user named.
        path: Path of the entity set or operation, without the base path: `/records/users`.
        others: Whole paths at the same origin that are something else.
        what: Its name in messages.
    """

    origin: str
    trusted: frozenset[str] = frozenset()
    path: str = ""
    others: tuple[str, ...] = ()
    what: str = "the request"

    def next_link(self, base: Link, text: str) -> Link:
        """The link of the next page: of this list, or of a path that is nothing else that is known.

        Raises:
            UntrustedLinkError: if it leads elsewhere.
        """
        link = self._trusted_link(base, text)
        if self._climbs(link.path) or any(_begins(link.path, other) for other in self.others):
            raise UntrustedLinkError(
                f"the next link leads to something other than {self.what}",
                advice="Its records would be mixed with others; report it to the vendor",
            )
        return link

    def redirect(self, base: Link, text: str) -> Link:
        """The target of a redirect: the same entity set or operation, since any other answer would be taken for its.

        Raises:
            UntrustedLinkError: if it leads elsewhere.
        """
        link = self._trusted_link(base, text)
        path = _plain(link.path)
        same = path == _plain(base.path) or (bool(self.path) and path.endswith(_plain(self.path)))
        if not same or self._climbs(link.path):
            raise UntrustedLinkError(
                f"a redirect leads to something other than {self.what}",
                advice="A maintenance or login page is the usual reason; try again later",
            )
        if not _selecting(base) <= _selecting(link):
            raise UntrustedLinkError(
                f"a redirect of {self.what} leaves out a part of the query",
                advice="What is there would be taken for what was asked; report it to the vendor",
            )
        return link

    def _trusted_link(self, base: Link, text: str) -> Link:
        link = resolve_link(base, text)
        if link is None:
            raise UntrustedLinkError("the link is not a complete URL, or one that programs read differently")
        if link.origin == self.origin or link.origin in self.trusted:
            return link
        if link.origin.startswith("http://") and (upgraded := self._upgraded(link)):
            return upgraded
        advice = "The credential was not sent there; report it to the vendor"
        if link.origin.startswith("https://"):
            advice = "If that host is the service's own, add it to trusted_hosts: the credential will be sent to it"
        raise UntrustedLinkError(f"the link leads to {link.origin[:80]}, not to {self.origin}", advice=advice)

    def _upgraded(self, link: Link) -> Link | None:
        """The link over https, where a service behind a proxy that ends TLS wrote its own host with http."""
        secure = "https" + link.origin.removeprefix("http")
        for origin in (self.origin, *self.trusted):
            if origin == secure:
                return Link(origin + link.target, origin, link.target)
        return None

    @staticmethod
    def _climbs(path: str) -> bool:
        """Whether a path has steps upwards, empty ones, or encoded characters that hide what it leads to."""
        steps = path.split("/")[1:-1]
        return bool(_HIDDEN.search(path)) or "" in steps or not {".", ".."}.isdisjoint(path.split("/"))


def _begins(path: str, other: str) -> bool:
    path, other = _plain(path), _plain(other)
    return path == other or path.startswith(f"{other}/")


def _selecting(link: Link) -> set[str]:
    """The query options that decide which records come, decoded: all but those for order, fields and count."""
    options = map(unquote_plus, link.query.split("&"))
    return {option for option in options if option and option.partition("=")[0] not in _PRESENTING}


def _plain(path: str) -> str:
    """A path for comparing: decoded, in lower case, without a slash at the end."""
    return unquote(path).lower().rstrip("/")


_PRESENTING: Final = frozenset({"$select", "$orderby", "$count"})
_UNSENT: Final = re.compile(r"[^!-~]+")


def _encoded(found: re.Match[str]) -> str:
    return quote(found.group())


def _origin(scheme: str, host: str, port: str | None) -> str | None:
    if host.startswith("["):
        try:
            host = f"[{ipaddress.ip_address(host[1:-1]).compressed}]"
        except ValueError:
            return None
    if port is None:
        return f"{scheme}://{host}"
    number = int(port)
    if number > 65_535:
        return None
    return f"{scheme}://{host}" if number == PORTS[scheme] else f"{scheme}://{host}:{number}"

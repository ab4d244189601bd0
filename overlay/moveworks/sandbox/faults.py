"""Faults by rule: what goes wrong, where, when and how often."""

from __future__ import annotations

import random
import threading
from fnmatch import fnmatchcase
from typing import Any, Final

from attrs import define, field, fields

from moveworks.errors import ConfigurationError

KINDS: Final[dict[str, str]] = {
    "status": "an error status (status=503)",
    "rate-limit": "429; with retry_after=SECONDS or without Retry-After",
    "reset": "the connection is reset before the answer",
    "truncate": "the body ends before its Content-Length",
    "truncate-chunked": "the body ends before its last chunk",
    "html": "a login page with status 200",
    "bad-json": "status 200 and text that is not JSON",
    "dribble": "the body comes a few bytes at a time, delay seconds apart",
    "latency": "the answer comes delay seconds late",
    "expired-token": "401, whatever the token",
    "repeated-link": "the next link is that of the page itself",
    "foreign-link": "the next link leads to another host",
    "http-link": "the next link has no https, or another scheme",
    "relative-link": "the next link is relative",
    "malformed-link": "the next link is not an address",
}


@define(kw_only=True)
class Fault:
    """One rule. It strikes when everything that is given applies.

    Attributes:
        kind: One of `KINDS`.
        route: Entity set, `assistant`, `token`, or a pattern such as `plugin-*`.
        page: Number of the page in its list, from 1.
        nth: Number of the matching call, from 1.
        times: How often it strikes at most.
        probability: Chance that it strikes, drawn from `seed`.
        seed: Makes the draws repeatable.
        status: For `status`.
        retry_after: For `rate-limit`: seconds that Retry-After says.
        delay: Seconds, for `dribble` and `latency`.
    """

    kind: str
    route: str = "*"
    page: int | None = None
    nth: int | None = None
    times: int | None = None
    probability: float = 1.0
    seed: int = 0
    status: int = 503
    retry_after: float | None = None
    delay: float = 0.05
    calls: int = field(default=0, init=False)
    struck: int = field(default=0, init=False)
    _random: random.Random = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        if self.kind.isdigit():
            self.status, self.kind = int(self.kind), "rate-limit" if self.kind == "429" else "status"
        if self.kind not in KINDS:
            raise ConfigurationError(
                f"there is no fault {self.kind!r}", advice=f"Known are {', '.join(KINDS)}, or a status"
            )
        if not 0 <= self.probability <= 1:
            raise ConfigurationError(f"probability is from 0 to 1, not {self.probability}")
        if not 400 <= self.status <= 599:
            raise ConfigurationError(f"an error status is from 400 to 599, not {self.status}")
        self._random = random.Random(self.seed)

    @classmethod
    def parse(cls, text: str) -> Fault:
        """A rule from text: `429:route=interactions,nth=3,retry_after=2`.

        Raises:
            ConfigurationError: naming what is not understood.
        """
        kind, _, rest = text.partition(":")
        types = {f.name: f.type for f in fields(cls) if f.init}
        settings: dict[str, Any] = {}
        for part in filter(None, (p.strip() for p in rest.split(","))):
            name, equals, value = part.partition("=")
            name = name.strip().replace("-", "_")
            if not equals or name not in types or name == "kind":
                raise ConfigurationError(
                    f"fault {text!r}: {part!r} is not understood", advice=f"Known are {', '.join(types)}"
                )
            try:
                settings[name] = value if name == "route" else int(value) if "int" in str(types[name]) else float(value)
            except ValueError:
                raise ConfigurationError(f"fault {text!r}: {name} must be a number, not {value!r}") from None
        return cls(kind=kind.strip(), **settings)

    def strikes(self, route: str, page: int) -> bool:
        """Whether it strikes this call; counts it."""
        if not fnmatchcase(route, self.route) or (self.page is not None and self.page != page):
            return False
        self.calls += 1
        if self.nth is not None and self.calls != self.nth:
            return False
        if self.times is not None and self.struck >= self.times:
            return False
        if self._random.random() >= self.probability:
            return False
        self.struck += 1
        return True


class Faults:
    """The rules in force. Safe to change while the server runs."""

    def __init__(self, rules: list[Fault]) -> None:
        self._rules = list(rules)
        self._lock = threading.Lock()

    def add(self, rule: Fault) -> None:
        """Put a rule in force."""
        with self._lock:
            self._rules.append(rule)

    def clear(self) -> None:
        """Take all rules out of force."""
        with self._lock:
            self._rules.clear()

    def strike(self, route: str, page: int) -> Fault | None:
        """The first rule that strikes this call."""
        with self._lock:
            return next((rule for rule in self._rules if rule.strikes(route, page)), None)

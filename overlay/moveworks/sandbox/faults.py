"""Faults by rule: what goes wrong, where, when and how often."""

from __future__ import annotations

import random
import sys
import threading
from fnmatch import fnmatchcase
from typing import Any, Final

from attrs import define, field, fields

from moveworks.assistant.calls import KNOWN_OPERATIONS
from moveworks.errors import ConfigurationError
from moveworks_export.entities import ENTITY_SETS

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
    "expired-token": "401, and every access token has ended",
    "repeated-link": "the next link is that of the page itself",
    "foreign-link": "the next link leads to another host",
    "http-link": "the next link is plain http, on the port of http",
    "relative-link": "the next link is relative",
    "malformed-link": "the next link is not an address",
    "early-end": "the stream of a response ends before its final event",
    "stream-reset": "the stream of a response is reset in its middle",
    "stream-error": "an ERROR event in the middle of the stream of a response",
    "silence": "the stream of a response says nothing more, for delay seconds",
    "heartbeats": "the stream of a response says nothing but heartbeats, for delay seconds",
    "single-bytes": "the stream of a response comes byte by byte",
    "line-ends": "the lines of a stream end with CR, CRLF and LF by turns",
    "lost-answer": "the service takes a message, and then the connection is reset",
    "late-answer": "a response completes without outputs, and its message comes behind it",
    "never-ends": "a response stays in progress for ever",
}
STREAM_KINDS: Final = frozenset(KINDS) & {
    *("early-end", "stream-reset", "stream-error", "silence", "heartbeats", "single-bytes", "line-ends"),
    *("lost-answer", "late-answer", "never-ends"),
}
"""Faults of responses of the assistant; they strike nothing else."""
LINK_KINDS: Final = frozenset(kind for kind in KINDS if kind.endswith("-link"))
LIMITS: Final[dict[str, tuple[float, float]]] = {
    "page": (1, sys.float_info.max),
    "nth": (1, sys.float_info.max),
    "times": (1, sys.float_info.max),
    "probability": (0, 1),
    "status": (400, 599),
    "retry_after": (0, sys.float_info.max),
    "delay": (0, sys.float_info.max),
}
WHOLE: Final = frozenset({"page", "nth", "times", "seed", "status"})
ROUTES: Final = (*ENTITY_SETS, "assistant", "token", *KNOWN_OPERATIONS)


@define(kw_only=True)
class Fault:
    """One rule. It strikes when everything that is given applies.

    Attributes:
        kind: One of `KINDS`.
        route: Entity set, `assistant`, an operation of it such as `create-conversation`, `token`, or a pattern such as
            `plugin-*`.
        page: Number of the page in its list, from 1.
        nth: Number of the matching call, from 1.
        times: How often it strikes at most.
        probability: Chance that it strikes, drawn from `seed`.
        seed: Makes the draws repeatable.
        status: For `status`.
        retry_after: For `rate-limit`: seconds that Retry-After says.
        delay: Seconds, for `dribble` and `latency`.
    """

    kind: str = field(converter=str)
    route: str = field(default="*", converter=str)
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
        if not any(fnmatchcase(route, self.route) for route in ROUTES):
            raise ConfigurationError(
                f"fault {self.kind}: no route is {self.route!r}", advice=f"Known are {', '.join(ROUTES)}, or a pattern"
            )
        for name, (least, most) in LIMITS.items():
            value = getattr(self, name)
            kind = int if name in WHOLE else int | float
            if value is not None and not (isinstance(value, kind) and least <= value <= most):
                number = "a whole number" if name in WHOLE else "a number"
                allowed = f"from {least} to {most}" if most < sys.float_info.max else f"{least} or more"
                raise ConfigurationError(f"fault {self.kind}: {name} is {number}, {allowed}, not {value!r}")
        self._random = random.Random(self.seed)

    @classmethod
    def parse(cls, text: str) -> Fault:
        """A rule from text: `429:route=interactions,nth=3,retry_after=2`.

        Raises:
            ConfigurationError: naming what is not understood.
        """
        kind, _, rest = text.partition(":")
        known = [f.name for f in fields(cls) if f.init]
        settings: dict[str, Any] = {}
        for part in filter(None, (p.strip() for p in rest.split(","))):
            name, equals, value = part.partition("=")
            name = name.strip().replace("-", "_")
            if not equals or name not in known or name == "kind":
                raise ConfigurationError(
                    f"fault {text!r}: {part!r} is not understood", advice=f"Known are {', '.join(known)}"
                )
            try:
                settings[name] = value if name == "route" else int(value) if name in WHOLE else float(value)
            except ValueError:
                number = "a whole number" if name in WHOLE else "a number"
                raise ConfigurationError(f"fault {text!r}: {name} must be {number}, not {value!r}") from None
        return cls(kind=kind.strip(), **settings)

    def strikes(self, route: str, page: int | None, *, links: bool, operation: str = "") -> bool:
        """Whether it strikes this call; counts it."""
        if not any(fnmatchcase(name, self.route) for name in (route, operation)):
            return False
        if self.page is not None and self.page != page:
            return False
        if self.kind in LINK_KINDS and not links:
            return False
        self.calls += 1
        if self.nth is not None and self.calls != self.nth:
            return False
        if self.kind in STREAM_KINDS and operation not in {"create-response", "create-response-stream"}:
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

    def strike(self, route: str, page: int | None = None, *, links: bool = False, operation: str = "") -> Fault | None:
        """The first rule that strikes this call.

        Args:
            route: Which part of the service is called.
            page: Number of the page of a list.
            links: Whether the answer may have a next link.
            operation: The operation of the assistant.
        """
        with self._lock:
            strikes = (rule for rule in self._rules if rule.strikes(route, page, links=links, operation=operation))
            return next(strikes, None)

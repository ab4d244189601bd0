"""What the sandbox is besides its server: records, credentials, faults, journal and clock."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moveworks.errors import ConfigurationError
from moveworks.records.namespace import find_entity_set
from moveworks.sandbox.access import Access
from moveworks.sandbox.assistant import AssistantState
from moveworks.sandbox.clock import Clock
from moveworks.sandbox.faults import Fault, Faults
from moveworks.sandbox.journal import Journal
from moveworks.sandbox.listing import Listings
from moveworks.sandbox.store import Store

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime


class Service:
    """State and settings of one sandbox; `Sandbox` says what the arguments mean."""

    def __init__(
        self,
        *,
        rows: int,
        seed: int,
        load: Path | str | None,
        living: bool,
        faults: Iterable[Fault | str],
        scopes: Collection[str] | None,
        token_lifetime: float,
        nested_token: bool,
        nested_errors: bool,
        raw_key: bool,
        missing_value: bool,
        standard_times: bool,
        now: datetime | None,
    ) -> None:
        if rows < 0:
            raise ConfigurationError(f"rows is a number, 0 or more, not {rows}")
        if now is not None and now.utcoffset() is None:
            raise ConfigurationError(f"now has no time zone: {now.isoformat()}")
        if living and load is not None:
            raise ConfigurationError("living is about made-up records, and load serves your own; give one of them")
        for name, given in (("faults", faults), ("scopes", scopes)):
            if isinstance(given, str):
                raise ConfigurationError(f"{name} takes a list, not text")
        self.clock = Clock(now)
        self.assistant = "sandbox-bot"
        self.nested_errors, self.missing_value = nested_errors, missing_value
        self.access = Access(
            clock=self.clock.seconds,
            scopes=scopes,
            token_lifetime=token_lifetime,
            nested_token=nested_token,
            raw_key=raw_key,
        )
        self.journal = Journal(self.access.secrets)
        self.store = Store(
            rows=rows, seed=seed, load=Path(load) if load is not None else None, living=living, clock=self.clock
        )
        self.listings = Listings(self.store, standard_times=standard_times)
        self.faults = Faults([Fault.parse(rule) if isinstance(rule, str) else rule for rule in faults])
        self.talk = AssistantState(self.clock, self.store.generator.ids.beta)

    @property
    def requests(self) -> list[dict[str, Any]]:
        """What was asked, without secrets; the oldest entries go when there are very many."""
        return self.journal.requests

    @property
    def violations(self) -> list[dict[str, Any]]:
        """What a client must not do, and did."""
        return self.journal.violations

    def rows(self, entity: str) -> list[dict[str, Any]]:
        """All records of an entity set that are served."""
        return self.store.rows(find_entity_set(entity).name)

    def add_fault(self, fault: Fault | str) -> None:
        """Put a rule in force."""
        self.faults.add(Fault.parse(fault) if isinstance(fault, str) else fault)

    def clear_faults(self) -> None:
        """Take all rules out of force."""
        self.faults.clear()

    def now(self) -> datetime:
        """The sandbox's present."""
        return self.clock.now()

    def advance(self, seconds: float = 0, *, days: float = 0, hours: float = 0) -> None:
        """Let time pass: tokens end, Retry-After passes, records leave the 30 days, and a living sandbox gets batches.

        Raises:
            ConfigurationError: if time would go backwards.
        """
        passed = timedelta(days=days, hours=hours, seconds=seconds)
        if passed < timedelta():
            raise ConfigurationError(f"time goes forwards only, and not by {passed}")
        self.clock.advance(passed.total_seconds())

    @property
    def conversations(self) -> dict[str, dict[str, Any]]:
        """The conversations of the beta API, by id."""
        return self.talk.conversations

    def replay(self, recording: Path | str) -> None:
        """Serve a stream that `moveworks ask --record` kept in place of those of responses, part by part.

        Everything else is answered as usual, so a recording that ends early is looked up in vain.

        Raises:
            ConfigurationError: if the file cannot be read, or is no recording.
        """
        try:
            first, *lines = map(json.loads, Path(recording).read_text(encoding="ascii").splitlines())
            parts = [base64.b64decode(line["base64"], validate=True) for line in lines]
            known = first["recording"] == 1
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ConfigurationError(f"replay: {recording} cannot be read: {error!r}") from None
        if not known:
            raise ConfigurationError(f"replay: {recording} is a recording of another version")
        self.talk.recorded = parts

    def answers(self, rules: Iterable[dict[str, Any]] | Path | str) -> None:
        """Script what the assistant answers, or read that from a JSON file.

        The first rule counts whose `match` is in the question. A rule has `text`, and may have `citations` (each with
        title, url and offset), `reasoning` (texts), `follow_up` (a message that comes after the response), or `fails`.

        Raises:
            ConfigurationError: if the file cannot be read, or the rules are none.
        """
        if isinstance(rules, Path | str):
            try:
                rules = json.loads(Path(rules).read_text(encoding="utf-8"))
            except (OSError, ValueError) as error:
                raise ConfigurationError(f"answers: {rules} cannot be read: {error}") from None
        scripted: list[Any] = list(rules) if isinstance(rules, Iterable) else []
        if not scripted or not all(
            isinstance(rule, dict)
            and all(isinstance(rule.get(name, ""), str) for name in ("match", "text", "follow_up"))
            for rule in scripted
        ):
            raise ConfigurationError("answers are a list of objects with `match` and `text`, which are texts")
        self.talk.answer_with(scripted)

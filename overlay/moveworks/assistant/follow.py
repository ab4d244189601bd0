"""Events as they come: ticket confirmations and live agents write after a response is complete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from moveworks.assistant.calls import find_operation
from moveworks.assistant.effects import AsyncDriver, Driver, Pause, Send
from moveworks.errors import ApiError, DeadlineError, MoveworksError, RateLimitError, ServerError, TransportError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator, Iterator

    from moveworks.assistant.calls import Caller
    from moveworks.transport import Reply
    from moveworks_beta.models import Event

INTERVAL: Final = 6.0
"""Seconds between two looks, as in the vendor's own demo: events share the rate limit with lists."""
RETRY_MAX: Final = 60.0
REMEMBERED: Final = 10_000
"""Ids of events and messages that are known as handed over; older ones do not come again behind the checkpoint."""
ALL: Final = "-"
"""The id that means all conversations."""
_TRANSIENT: Final = (TransportError, DeadlineError, RateLimitError, ServerError)


class _Following:
    """What both kinds decide: which request is next, and which events are new."""

    def __init__(self, caller: Caller, conversation_id: str | None, checkpoint: str | None, start: str) -> None:
        if start not in {"now", "beginning"}:
            raise ValueError(f"start is 'now' or 'beginning', not {start!r}")
        self._caller, self._conversation_id = caller, conversation_id or ALL
        self.checkpoint = checkpoint
        self._start = start
        self._cursor: str | None = None  # of the page that was asked for last
        self._seen: dict[str, None] = {}  # the last one stands last

    def _steps(self) -> Generator[Any, Any, None]:
        """Events one by one, without end."""
        if self.checkpoint is None and self._start == "now":
            # A fresh checkpoint would begin at the user's first event ever.
            for event in (yield from self._look()):
                self._handed(event)
        self._start = "beginning"  # what comes while nobody iterates is new as well
        wait = INTERVAL
        while True:
            try:
                new = yield from self._look()
            except ApiError as error:
                # A cursor that has expired is not needed: the next look begins behind the checkpoint.
                expired = error.status in {400, 410} and self._cursor is not None
                if not isinstance(error, _TRANSIENT) and not expired:
                    raise
                wait = min(RETRY_MAX, wait * 2)
            except TransportError:
                wait = min(RETRY_MAX, wait * 2)
            else:
                wait = INTERVAL
                for event in new:
                    if self._handed(event):
                        yield event
            yield Pause(wait)

    def _look(self) -> Generator[Any, Any, list[dict[str, Any]]]:
        found: list[dict[str, Any]] = []
        for page in self._pages(100):
            reply = yield from page
            found += _events(reply)
        return found

    def _pages(self, size: int) -> Iterator[Generator[Any, Any, Reply]]:
        self._cursor = None
        seen: set[str] = set()
        while True:
            options: dict[str, Any] = {"limit": size}
            if self.checkpoint:
                options["starting_after"] = self.checkpoint
            if self._cursor:
                options["cursor"] = self._cursor
            box: list[Any] = []
            yield self._page(options, box)
            metadata = box[0].data.get("metadata") if box and isinstance(box[0].data, dict) else None
            following = metadata.get("next_cursor") if isinstance(metadata, dict) else None
            if not isinstance(following, str) or not following or following in seen:
                return  # one that comes again would lead round in a circle
            seen.add(following)
            self._cursor = following

    def _page(self, options: dict[str, Any], box: list[Any]) -> Generator[Any, Any, Reply]:
        reply = yield Send(self._caller.request("list-events", self._conversation_id, **options), 60.0)
        if isinstance(reply, MoveworksError):
            raise reply
        box.append(reply)
        kept: Reply = reply
        return kept

    def _handed(self, event: dict[str, Any]) -> bool:
        """Note that an event is handed over, and say whether it, and its message, is new. Each message comes once."""
        payload = event.get("event_payload")
        message = payload.get("message") if isinstance(payload, dict) else None
        message_id = message.get("message_id") if isinstance(message, dict) else None
        event_id = str(event["event_id"])
        keys = {event_id} | ({str(message_id)} if message_id else set())
        new = keys.isdisjoint(self._seen.keys())
        if event_id not in self._seen:  # one that comes again does not take the checkpoint back
            self.checkpoint = event_id
        for key in keys:
            self._seen.pop(key, None)
            self._seen[key] = None
        while len(self._seen) > REMEMBERED:  # a follower may run for months
            del self._seen[next(iter(self._seen))]
        return new


def _events(reply: Reply) -> list[dict[str, Any]]:
    events = reply.data.get("events") if isinstance(reply.data, dict) else None
    return (
        [event for event in events if isinstance(event, dict) and event.get("event_id")]
        if isinstance(events, list)
        else []
    )


def _model(event: dict[str, Any]) -> Event:
    page = find_operation("list-events").read(200, {"events": [event]})
    model: Event = page.events[0]
    return model


class EventFollower(_Following):
    """Events without end, each message once; `checkpoint` is the id to go on from, to be kept by you."""

    def __iter__(self) -> Iterator[Event]:
        driver = Driver(self._caller.transport)  # type: ignore[arg-type]  # a blocking facade made this
        steps, result = self._steps(), None
        while True:
            effect = steps.send(result)
            result = None
            if isinstance(effect, dict):
                yield _model(effect)
            else:
                result = driver.perform(effect)


class AsyncEventFollower(_Following):
    """As `EventFollower`, with `async for`."""

    async def __aiter__(self) -> AsyncIterator[Event]:
        driver = AsyncDriver(self._caller.transport)  # type: ignore[arg-type]  # an async facade made this
        steps, result = self._steps(), None
        while True:
            effect = steps.send(result)
            result = None
            if isinstance(effect, dict):
                yield _model(effect)
            else:
                result = await driver.perform(effect)

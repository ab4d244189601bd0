"""The time of the service: windows and days are about it, and this machine's may differ."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from moveworks.transport.events import ResponseEvent

MAX_SKEW: Final = timedelta(minutes=1)
"""How far this machine's clock may be off before that of the service is taken."""


class ServiceClock:
    """Tells the time of the service, once an answer said it.

    Args:
        local: The present by this machine's clock, in UTC.
    """

    def __init__(self, local: Callable[[], datetime]) -> None:
        self._local = local
        self._ahead: timedelta | None = None

    def __call__(self) -> datetime:
        """The present, in UTC."""
        return self._local() + (self._ahead or timedelta())

    def hear(self, event: ResponseEvent) -> None:
        """An answer says what time it is, to the second; the first one counts."""
        if self._ahead is None:
            with suppress(ValueError, TypeError):
                ahead = parsedate_to_datetime(event.date or "").astimezone(UTC) - self._local()
                self._ahead = ahead if abs(ahead) > MAX_SKEW else timedelta()

"""What the logs of httpx and httpcore say of our requests: nothing that the query or the service put into them."""

from __future__ import annotations

import logging
from contextvars import ContextVar
from typing import Final

OURS: Final = ContextVar("ours", default=False)
"""Whether it is this library that sends."""
HTTPCORE: Final = ("connection", "http11", "http2", "proxy", "socks")


class _NotOurs(logging.Filter):
    """Drops what begins with a text, if it is of our requests."""

    def __init__(self, beginning: str) -> None:
        super().__init__()
        self._beginning = beginning

    def filter(self, record: logging.LogRecord) -> bool:
        return not (OURS.get() and str(record.msg).startswith(self._beginning))


# httpx logs whole URLs, with the values of filters; httpcore logs the headers that came, which may repeat
# the credential. There is no public way to have a pool log elsewhere.
logging.getLogger("httpx").addFilter(_NotOurs(""))
for _name in HTTPCORE:
    logging.getLogger(f"httpcore.{_name}").addFilter(_NotOurs("receive_response_headers."))

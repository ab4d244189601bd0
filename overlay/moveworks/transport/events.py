"""What hooks are told of a request."""

from __future__ import annotations

from attrs import frozen


@frozen(kw_only=True)
class RequestEvent:
    """A request is about to be sent."""

    operation: str
    method: str
    url: str
    attempt: int


@frozen(kw_only=True)
class ResponseEvent:
    """An answer came; `elapsed` in seconds, `size` in bytes after decompression, `date` as the service's clock says."""

    operation: str
    method: str
    url: str
    attempt: int
    status: int
    elapsed: float
    size: int
    request_id: str | None
    date: str | None


@frozen(kw_only=True)
class RetryEvent:
    """The request will be sent again after `wait` seconds."""

    operation: str
    method: str
    url: str
    attempt: int
    wait: float
    reason: str
    request_id: str | None

"""The only place that knows httpx: sends one request, with limits, retries and typed errors."""

from moveworks.transport.exchange import Reply, Request
from moveworks.transport.http import AsyncTransport, Transport
from moveworks.transport.options import RequestEvent, ResponseEvent, RetryEvent, TransportOptions

__all__ = [
    "AsyncTransport",
    "Reply",
    "Request",
    "RequestEvent",
    "ResponseEvent",
    "RetryEvent",
    "Transport",
    "TransportOptions",
]

"""The only place that knows httpcore and httpx: sends one request, with limits, retries and typed errors."""

from moveworks.transport.events import RequestEvent, ResponseEvent, RetryEvent
from moveworks.transport.flow import Reply
from moveworks.transport.http import AsyncTransport, Transport
from moveworks.transport.messages import Request
from moveworks.transport.options import TransportOptions

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

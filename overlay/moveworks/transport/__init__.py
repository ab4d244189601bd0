"""The only place that knows httpcore and httpx: sends one request, with limits, retries and typed errors.

The blocking driver is in `http`, the one on asyncio in `aio`.
"""

from moveworks.transport.flow import Reply
from moveworks.transport.messages import Request
from moveworks.transport.options import TransportOptions

__all__ = ["Reply", "Request", "TransportOptions"]

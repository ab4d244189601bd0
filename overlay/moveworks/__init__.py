"""Unofficial Python client for the Moveworks export and beta APIs.

Everything is imported on first use, so that `import moveworks` costs little.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from moveworks import models, odata, records
    from moveworks.auth import ApiKey, BearerToken, ClientCredentials, Credential
    from moveworks.client import AsyncMoveworks, Moveworks
    from moveworks.errors import (
        ApiError,
        AuthenticationError,
        BadRequestError,
        ConfigurationError,
        DeadlineError,
        MissingExtraError,
        MoveworksError,
        NotFoundError,
        PagingLoopError,
        PermissionDeniedError,
        RateLimitError,
        ResponseError,
        ResponseFailedError,
        ResponseTimeoutError,
        ServerError,
        StreamError,
        TransportError,
        UntrustedLinkError,
    )
    from moveworks.paging import AsyncPager, Page, Pager
    from moveworks.regions import REGIONS
    from moveworks.transport.events import RequestEvent, ResponseEvent, RetryEvent
    from moveworks.transport.pace import Pace, StoppedError
    from moveworks.unset import UNSET

__version__ = "0.1.0"

_HOMES: Final = {
    "moveworks.auth": ("ApiKey", "BearerToken", "ClientCredentials", "Credential"),
    "moveworks.client": ("AsyncMoveworks", "Moveworks"),
    "moveworks.errors": (
        *("ApiError", "AuthenticationError", "BadRequestError", "ConfigurationError", "DeadlineError"),
        *("MissingExtraError", "MoveworksError", "NotFoundError", "PagingLoopError", "PermissionDeniedError"),
        *("RateLimitError", "ResponseError", "ResponseFailedError", "ResponseTimeoutError", "ServerError"),
        *("StreamError", "TransportError", "UntrustedLinkError"),
    ),
    "moveworks.paging": ("AsyncPager", "Page", "Pager"),
    "moveworks.regions": ("REGIONS",),
    "moveworks.transport.events": ("RequestEvent", "ResponseEvent", "RetryEvent"),
    "moveworks.transport.pace": ("Pace", "StoppedError"),
    "moveworks.unset": ("UNSET",),
}
_EXPORTS: Final = {name: module for module, names in _HOMES.items() for name in names}
_MODULES: Final = ("models", "odata", "records")

__all__ = [  # noqa: RUF022 - names are those of _HOMES
    "ApiError",
    "ApiKey",
    "AsyncMoveworks",
    "AsyncPager",
    "AuthenticationError",
    "BadRequestError",
    "BearerToken",
    "ClientCredentials",
    "ConfigurationError",
    "Credential",
    "DeadlineError",
    "MissingExtraError",
    "Moveworks",
    "MoveworksError",
    "NotFoundError",
    "Pace",
    "Page",
    "Pager",
    "PagingLoopError",
    "PermissionDeniedError",
    "REGIONS",
    "RateLimitError",
    "RequestEvent",
    "ResponseError",
    "ResponseEvent",
    "ResponseFailedError",
    "ResponseTimeoutError",
    "RetryEvent",
    "ServerError",
    "StoppedError",
    "StreamError",
    "TransportError",
    "UNSET",
    "UntrustedLinkError",
    "models",
    "odata",
    "records",
]


def __getattr__(name: str) -> Any:
    if name in _EXPORTS:
        value = getattr(import_module(_EXPORTS[name]), name)
    elif name in _MODULES:
        value = import_module(f"moveworks.{name}")
    else:
        raise AttributeError(f"module 'moveworks' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]

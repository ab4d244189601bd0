# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
"""Low-level client of: Data API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .client import Client

__all__ = ("Client",)


def __getattr__(name: str) -> Any:
    # The client imports httpx, which the catalogues beside it do not need.
    if name == "Client":
        from .client import Client

        return Client
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

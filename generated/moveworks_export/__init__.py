# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.

"""A client library for accessing Data API"""

from .client import AuthenticatedClient, Client

__all__ = (
    "AuthenticatedClient",
    "Client",
)

# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.

"""A client library for accessing (Beta) Conversations API"""

from .client import AuthenticatedClient, Client

__all__ = (
    "AuthenticatedClient",
    "Client",
)

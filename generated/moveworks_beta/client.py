# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
"""The low-level client of this service."""

from moveworks_runtime import client as _client

from .service import BASE_PATH


class Client(_client.Client):
    """Where requests go, and with which settings; the base URL is one of `service.SERVERS`."""

    base_path = BASE_PATH

# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
"""Errors of the low-level client."""

from moveworks_runtime.client import UnexpectedStatus

__all__ = ["UnexpectedStatus"]

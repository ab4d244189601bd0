# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
"""The operations, by their tag."""

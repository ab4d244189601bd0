# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
"""Contains methods for accessing the API"""

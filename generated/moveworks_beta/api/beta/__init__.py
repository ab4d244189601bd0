# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
"""Contains endpoint functions for accessing the API"""

"""Unofficial Python client for the Moveworks export and beta APIs."""

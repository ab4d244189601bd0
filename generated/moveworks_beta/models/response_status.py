# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from typing import Literal

ResponseStatus = Literal["COMPLETED", "CREATED", "FAILED", "IN_PROGRESS"] | str
"""Known values; others may come and are kept."""

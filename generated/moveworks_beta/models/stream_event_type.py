# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from typing import Literal

StreamEventType = (
    Literal[
        "ERROR",
        "RESPONSE_COMPLETED",
        "RESPONSE_CREATED",
        "RESPONSE_FAILED",
        "RESPONSE_IN_PROGRESS",
        "RESPONSE_OUTPUT_DELTA",
    ]
    | str
)
"""Known values; others may come and are kept."""

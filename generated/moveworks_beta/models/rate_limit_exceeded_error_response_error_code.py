# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from typing import Literal

RateLimitExceededErrorResponseErrorCode = Literal["RATE_LIMIT_EXCEEDED"] | str
"""Known values; others may come and are kept."""

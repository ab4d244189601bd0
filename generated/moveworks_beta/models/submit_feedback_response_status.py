# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from typing import Literal

SubmitFeedbackResponseStatus = Literal["SUBMITTED"] | str
"""Known values; others may come and are kept."""

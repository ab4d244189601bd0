# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
"""Where the service is."""

from collections.abc import Mapping
from typing import Final

TITLE: Final = "Data API"
VERSION: Final = "1.0.0"
BASE_PATH: Final = "/export/v1/records"
SERVERS: Final[Mapping[str, str]] = {
    "us": "https://api.moveworks.ai/export/v1/records",
    "eu": "https://api.am-eu-central.moveworks.ai/export/v1/records",
    "ca": "https://api.am-ca-central.moveworks.ai/export/v1/records",
    "gov": "https://api.moveworksgov.ai/export/v1/records",
    "jp": "https://api.jp.moveworks.com/export/v1/records",
    "uk": "https://api.uk.moveworks.com/export/v1/records",
    "us-prod4": "https://api.prod4.us.moveworks.com/export/v1/records",
    "us-prod3": "https://api.prod3.us.moveworks.com/export/v1/records",
}
"""Server addresses by the short name of their region, in the order of the document."""

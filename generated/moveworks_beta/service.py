# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
"""Where the service is."""

from collections.abc import Mapping
from typing import Final

TITLE: Final = "(Beta) Conversations API"
VERSION: Final = "1.0.0"
BASE_PATH: Final = "/rest/v1beta1"
SERVERS: Final[Mapping[str, str]] = {
    "us": "https://api.moveworks.ai/rest/v1beta1",
    "jp": "https://api.jp.moveworks.com/rest/v1beta1",
    "uk": "https://api.uk.moveworks.com/rest/v1beta1",
    "us-prod4": "https://api.prod4.us.moveworks.com/rest/v1beta1",
    "us-prod3": "https://api.prod3.us.moveworks.com/rest/v1beta1",
    "eu": "https://api.am-eu-central.moveworks.ai/rest/v1beta1",
    "ca": "https://api.am-ca-central.moveworks.ai/rest/v1beta1",
    "gov": "https://api.moveworksgov.ai/rest/v1beta1",
    "ap-southeast": "https://api.am-ap-southeast.moveworks.ai/rest/v1beta1",
}
"""Server addresses by the short name of their region, in the order of the document."""

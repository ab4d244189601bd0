"""All models of both APIs, generated from the specs.

Where both have one of the same name, the export API's is meant; the beta API's own is in `moveworks_beta.models`.
"""

from moveworks_beta.models import *  # noqa: F403 - the later import wins
from moveworks_export.models import *  # noqa: F403

"""All models of both APIs, generated from the specs.

Where both have one of the same name, the export API's is meant; the beta API's own is in `moveworks_beta.models`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from moveworks_beta.models import *  # noqa: F403
    from moveworks_export.models import *  # noqa: F403


def __getattr__(name: str) -> Any:
    import moveworks_beta.models
    import moveworks_export.models

    if not name.startswith("_"):
        for package in (moveworks_export.models, moveworks_beta.models):
            if name in package.__all__:
                return getattr(package, name)
    raise AttributeError(f"there is no model {name}; see dir(moveworks.models)")


def __dir__() -> list[str]:
    import moveworks_beta.models
    import moveworks_export.models

    return sorted({*moveworks_export.models.__all__, *moveworks_beta.models.__all__})

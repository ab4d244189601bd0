"""What the command line needs beyond the library."""

from __future__ import annotations

from importlib.util import find_spec

from moveworks.errors import MissingExtraError


def needs_rich() -> None:
    """Make sure that rich is there.

    Raises:
        MissingExtraError: naming what to install.
    """
    if find_spec("rich") is None:
        raise MissingExtraError(
            "tables and progress bars need rich, of the extra cli", advice="Install it: pip install rich"
        )

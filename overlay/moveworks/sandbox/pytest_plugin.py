"""The fixture `moveworks_sandbox`, for tests of programs that use this library. Loaded by pytest on its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from moveworks.sandbox import Sandbox


@pytest.fixture
def moveworks_sandbox() -> Iterator[Sandbox]:
    """A running sandbox with some thousand records; `moveworks_sandbox.client()` is a client of it."""
    from moveworks.sandbox import Sandbox

    with Sandbox() as sandbox:
        yield sandbox

"""OData text without its values: what a filter asks for may be personal."""

from __future__ import annotations

import re
from typing import Final

_VALUE: Final = re.compile(r"'[^']*(?:''[^']*)*'?|(?<![\w.])-?[0-9][\w.:+-]*")


def masked(text: str) -> str:
    """The text with `*` for each character of a value, so that places in it stay where they are.

    Numbers of one digit are kept; a quote that is never closed hides all behind it.
    """
    return _VALUE.sub(_stars, text)


def _stars(found: re.Match[str]) -> str:
    value = found.group()
    if not value.startswith("'"):
        return value if len(value) == 1 else "*" * len(value)
    closed = len(value) > 1 and value.endswith("'")
    return "'" + "*" * (len(value) - 1 - closed) + ("'" if closed else "")

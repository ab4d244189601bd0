"""The value of a property that is not sent: `UNSET`."""

from __future__ import annotations

from typing import Final, Literal, Self


class Unset:
    """A property that was not given; false, empty as text, and always the same object.

    Leave an optional property of a request at `UNSET` and it is not sent; `None` is sent as null.
    """

    _instance: Self | None = None

    def __new__(cls) -> Self:
        """Give the one object there is."""
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __str__(self) -> str:
        # An f-string, a CSV file or a page shows nothing, as for any other empty value.
        return ""

    def __copy__(self) -> Unset:
        return self

    def __deepcopy__(self, memo: object) -> Unset:
        return self

    def __reduce__(self) -> str:
        return "UNSET"


UNSET: Final[Unset] = Unset()
"""What an optional property or parameter is until it is given a value."""

"""Where the `moveworks` command begins."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING, Never

if TYPE_CHECKING:
    from types import FrameType


def main() -> None:
    """Run the command line and exit with one of `moveworks.cli.exits`."""
    if sys.stdout is None:  # type: ignore[redundant-expr, unused-ignore]  # closed by whoever started this
        # Writing to it fails, as it should, and a command that writes to a file can do its work.
        sys.stdout = open(os.open(os.devnull, os.O_RDONLY), "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - it is stdout
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character must not end the program.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        signal.signal(signal.SIGTERM, _terminated)
        try:
            from moveworks.cli.app import moveworks
        except ModuleNotFoundError as error:
            if error.name != "click":
                raise
            print(
                'moveworks: the command line needs click; install it: pip install "moveworks-client[cli]"',
                file=sys.stderr,
            )
            sys.exit(3)
        moveworks(prog_name="moveworks")
    except KeyboardInterrupt:
        sys.exit(130)


def _terminated(number: int, frame: FrameType | None) -> Never:
    """End as on Ctrl-C, so that files are left as they should be."""
    del frame
    sys.exit(128 + number)


if __name__ == "__main__":
    main()

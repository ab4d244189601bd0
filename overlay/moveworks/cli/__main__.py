"""Where the `moveworks` command begins."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING, Final, Never

if TYPE_CHECKING:
    from types import FrameType

ENDING: Final = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Signals that end the command as Ctrl-C does, so that files are left as they should be."""


def main() -> None:
    """Run the command line and exit with one of `moveworks.cli.exits`."""
    from moveworks.cli.streams import complete_stdout, note_stderr

    if sys.stdout is None:  # type: ignore[redundant-expr, unused-ignore]  # closed by whoever started this
        # Writing to it fails, as it should, and a command that writes to a file can do its work.
        sys.stdout = open(os.open(os.devnull, os.O_RDONLY), "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - it is stdout
    if sys.stderr is None:  # type: ignore[redundant-expr, unused-ignore]  # closed as well
        # It stays open, so that no file gets its number and with it what libraries write there.
        sys.stderr = open(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - it is stderr
    sys.stdout, sys.stderr = complete_stdout(), note_stderr()
    try:
        for number in ENDING:
            # Who started this may have it ignored, as nohup does.
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, _end)
        try:
            from moveworks.cli.app import moveworks
        except ModuleNotFoundError as error:
            if error.name != "click":
                raise
            print(
                "moveworks: the command line needs click and rich, of the extra cli; install them: "
                "pip install click rich",
                file=sys.stderr,
            )
            sys.exit(3)
        moveworks(prog_name="moveworks")
    except KeyboardInterrupt:
        sys.exit(130)


def _end(number: int, frame: FrameType | None) -> Never:
    del frame
    for other in ENDING:
        # A second one must not end the cleaning up.
        signal.signal(other, signal.SIG_IGN)
    sys.exit(128 + number)


if __name__ == "__main__":
    main()

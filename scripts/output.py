"""Text of documents on its way out: to a terminal, a log of CI, a page. Nothing in it may be obeyed there."""

from __future__ import annotations

import re
import sys
from typing import Final, TextIO

# Control characters, and those that turn the direction of what follows, which can make one text look like another.
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
# Lines that a runner of GitHub takes as commands: https://docs.github.com/actions/reference/workflow-commands
_COMMAND: Final = re.compile(r"^(\s*)::|(?<=#)#\[", re.MULTILINE)


def clean(text: str) -> str:
    """Text without characters that nobody sees; lone surrogates, which cannot be written, are replaced."""
    return _UNSEEN.sub(" ", text).encode("utf-8", "replace").decode()


def one_line(text: str, most: int = 400) -> str:
    """Text in one line, shortened at its end if it must be."""
    text = " ".join(clean(text).split())
    return text if len(text) <= most else f"{text[: most - 1]}…"


def harmless(text: str) -> str:
    """Text in which no line is a command to the runner that shows it."""
    return _COMMAND.sub(lambda found: f"{found[1] or ''}\\::" if "::" in found[0] else "#\\[", clean(text))


def say(text: str, stream: TextIO | None = None) -> None:
    """Print text that may hold words of a document."""
    print(harmless(text), file=stream or sys.stdout, flush=True)

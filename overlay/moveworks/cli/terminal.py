"""Text on a terminal: what a record holds must not be able to steer it."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import io
    from typing import IO, Any

# C0 and C1 control characters, DEL, and the marks that turn the direction of text around or break lines.
STEERING: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
STEERING_BUT_LINES: Final = re.compile(STEERING.pattern.replace("\x00-\x1f", "\x00-\x08\x0b-\x1f"))
_SPACES: Final = str.maketrans("\n\r\t", "   ")


def visible(text: str) -> str:
    r"""Text on one line, with white space as blanks and every other steering character written out (`\\x1b`)."""
    if text.isascii() and text.isprintable():
        return text
    return STEERING.sub(_written_out, text.translate(_SPACES))


def visible_lines(text: str) -> str:
    """As `visible`, with line ends and tabs left as they are."""
    return STEERING_BUT_LINES.sub(_written_out, text)


def json_visible(text: str) -> str:
    r"""JSON text of the same meaning in which steering characters are escaped (`\\u009b`); line ends stay."""
    return STEERING_BUT_LINES.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def is_terminal(stream: IO[Any] | io.BufferedWriter | None = None) -> bool:
    """Whether stdout, or another stream, is a terminal."""
    stream = sys.stdout if stream is None else stream
    try:
        return stream.isatty()
    except ValueError:  # closed
        return False


def _written_out(found: re.Match[str]) -> str:
    code = ord(found.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"

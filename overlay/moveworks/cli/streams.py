"""Streams that write every byte, or fail."""

from __future__ import annotations

import errno
import io
import os
import selectors
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class DescriptorWriter(io.RawIOBase):
    """A file descriptor as a stream that can be written to.

    Args:
        descriptor: The open file descriptor.
        closes: Whether closing this closes the descriptor.
    """

    def __init__(self, descriptor: int, *, closes: bool = False) -> None:
        self._descriptor, self._closes = descriptor, closes

    def fileno(self) -> int:
        """The file descriptor."""
        return self._descriptor

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return os.isatty(self._descriptor)

    def writable(self) -> bool:
        """Always."""
        return True

    def close(self) -> None:
        """Close the descriptor, if it is to be closed."""
        if not self.closed:
            try:
                super().close()
            finally:
                if self._closes:
                    os.close(self._descriptor)


class CompleteWriter(DescriptorWriter):
    """A stream to which every byte is written, or it is an error.

    Python's own raw stream gives back how much was written, which its text layer does not look at:
    with PYTHONUNBUFFERED a full disk would cut the output without an error. When a pipe does not
    block and is full, this waits until the reader makes room.
    """

    def write(self, data: ReadableBuffer) -> int:
        """Write all of it.

        Raises:
            OSError: if that cannot be done.
        """
        with memoryview(data).cast("B") as view:
            done = 0
            while done < len(view):
                try:
                    written = os.write(self._descriptor, view[done:])
                except BlockingIOError:
                    self._wait()
                    continue
                if not written:
                    raise OSError(errno.EIO, "nothing more can be written")
                done += written
            return done

    def _wait(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._descriptor, selectors.EVENT_WRITE)
            selector.select()


class NoteWriter(DescriptorWriter):
    """A stream for notes and errors: what cannot be written is left out, since the exit code says it too."""

    def write(self, data: ReadableBuffer) -> int:
        """Write what can be written."""
        with memoryview(data) as view:
            with suppress(OSError):
                os.write(self._descriptor, view)
            return view.nbytes


def note_stderr() -> TextIO:
    """Standard error through a `NoteWriter`, of the same encoding; a character that it has not is written out."""
    old = sys.stderr
    try:
        descriptor = old.fileno()
    except (OSError, ValueError):
        return old
    writer = io.BufferedWriter(NoteWriter(descriptor))
    return io.TextIOWrapper(writer, encoding=old.encoding, errors="backslashreplace", line_buffering=True)


def complete_stdout() -> TextIO:
    """Standard output through a `CompleteWriter`, of the same encoding.

    A text or byte that cannot be written is an error then, at the latest when it is flushed.
    """
    old = sys.stdout
    try:
        descriptor = old.fileno()
    except (OSError, ValueError):  # a program that runs the command within itself took its place
        return old
    writer = io.BufferedWriter(CompleteWriter(descriptor))
    return io.TextIOWrapper(
        writer, encoding=old.encoding, errors="backslashreplace", line_buffering=bool(old.line_buffering)
    )

"""Where records go: stdout, an open descriptor, a device, or a file that takes its name when it is complete."""

from __future__ import annotations

import errno
import io
import os
import re
import secrets
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, Self

import click
from attrs import frozen

from moveworks.cli.streams import CompleteWriter
from moveworks.cli.terminal import is_terminal, json_visible, visible_lines

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

DESCRIPTOR: Final = re.compile(r"/(?:dev/fd|proc/(self|thread-self|[0-9]+)(?:/task/[0-9]+)?/fd)/([0-9]+)")
"""A path that stands for an open file descriptor. What is behind it is written where it stands, never replaced."""
MAX_LINKS: Final = 40
"""Symbolic links that are followed to find out what a path is; the kernel gives up there as well."""


@frozen
class Mark:
    """How far a run is: everything before was written completely.

    Attributes:
        link: Next link that goes on from here; None at the end.
        records: Number of records that this run has written.
    """

    link: str | None
    records: int = 0


class Place:
    """Takes bytes for a stream. On a terminal, what could steer it is written out (in JSON as an equal escape).

    Args:
        name: How messages call it; empty for stdout.
        form: The format that is written.
        link: Where the run begins.
    """

    keeps_what_was_written = True
    """Whether what was written stays when the run fails."""

    def __init__(self, name: str, form: str, link: str | None) -> None:
        self.name = name
        self.reached = Mark(link)
        self._stream: IO[bytes] | io.BufferedWriter
        # A table is made of visible text already, and has styles of its own.
        kinds: dict[str, Callable[[str], str]] = {"json": json_visible, "jsonl": json_visible, "csv": visible_lines}
        self._safe: Callable[[str], str] | None = kinds.get(form)

    def write(self, data: bytes) -> None:
        """Write; what is buffered goes out with the next mark."""
        if self._safe is not None and is_terminal(self._stream):
            data = self._safe(data.decode("utf-8", "replace")).encode("utf-8", "backslashreplace")
        self._stream.write(data)

    def mark(self, link: str | None, records: int) -> None:
        """Everything so far belongs together: pass it on, so that the next program can begin.

        Raises:
            OSError: if it cannot be written.
        """
        self._stream.flush()
        self.reached = Mark(link, records)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del error, trace
        try:
            self._stream.close()
        except OSError:
            # What is buffered is behind the mark, and the first error says why.
            if kind is None:
                raise


class StdOut(Place):
    """Standard output."""

    def __init__(self, form: str, link: str | None) -> None:
        super().__init__("", form, link)
        self._stream = sys.stdout.buffer

    def __enter__(self) -> Self:
        sys.stdout.flush()
        return self

    def __exit__(self, *_: object) -> None:
        return


class Direct(Place):
    """A file descriptor that is open already, or a pipe or device: it is written to as it is.

    Args:
        path: What the user wrote.
        descriptor: The open descriptor, or None to open the path.
    """

    def __init__(self, path: str, descriptor: int | None, form: str, link: str | None) -> None:
        super().__init__(path, form, link)
        self._path, self._descriptor = path, descriptor

    def __enter__(self) -> Self:
        try:
            if self._descriptor is None:
                opened = os.open(self._path, os.O_WRONLY | os.O_NOCTTY)
            else:
                opened = os.dup(self._descriptor)
                _check_writable(opened)
        except OSError as error:
            raise _refused(f"cannot write to {self.name}: {error.strerror}") from None
        self._stream = io.BufferedWriter(CompleteWriter(opened, closes=True))
        return self


class File(Place):
    """A file that is complete or not there.

    Records go to a temporary file beside it, which takes the name at the end, when everything is on the disk. What was
    there before stays until then; when something goes wrong, the temporary file is removed.
    """

    keeps_what_was_written = False

    def __init__(self, path: str, form: str, link: str | None) -> None:
        super().__init__(path, form, link)
        # A symbolic link stays one: the file that it leads to is replaced.
        self._path = Path(os.path.realpath(path))
        self._temporary = self._path.with_name(f".moveworks-{secrets.token_hex(6)}.tmp")

    def __enter__(self) -> Self:
        try:
            # As every new file, with what the umask leaves of these rights.
            opened = os.open(self._temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
            self._stream = io.BufferedWriter(CompleteWriter(opened, closes=True))
            with suppress(FileNotFoundError):
                _give_rights_of(self._path.stat(), opened)
        except OSError as error:
            raise _refused(f"cannot write to {self._path.parent}, beside {self.name}: {error.strerror}") from None
        except BaseException:
            # A signal: the file may be there already.
            self._temporary.unlink(missing_ok=True)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._stream.flush()
                _to_disk(self._stream.fileno())
                self._stream.close()
                self._temporary.replace(self._path)
                self.keeps_what_was_written = True
                _folder_to_disk(self._path.parent)
        finally:
            self._temporary.unlink(missing_ok=True)
            super().__exit__(OSError, error, trace)


def open_place(path: str | None, form: str, link: str | None) -> Place:
    """The place that a path stands for; nothing is opened yet.

    Raises:
        click.BadParameter: if nothing can be written there, or should not be.
    """
    if path is None or path == "-":
        return StdOut(form, link)
    try:
        descriptor = _descriptor(path)
        found = None if descriptor is not None else _status(path)
    except OSError as error:
        raise _refused(f"cannot write to {path}: {error.strerror}") from None
    if descriptor is not None:
        return Direct(path, descriptor, form, link)
    if path.endswith(("/", os.sep)) or (found is not None and stat.S_ISDIR(found.st_mode)):
        raise _refused(f"{path} is a folder; name a file in it")
    if found is None or stat.S_ISREG(found.st_mode):
        if found is not None and not os.access(path, os.W_OK):
            raise _refused(f"{path} is read-only")
        return File(path, form, link)
    if stat.S_ISBLK(found.st_mode) or stat.S_ISSOCK(found.st_mode):
        raise _refused(f"{path} is neither a file nor a pipe")
    return Direct(path, None, form, link)


def refuse_what_is_there(path: str | None) -> None:
    """A run that begins at a link reads the rest of a list only, which must not replace the whole.

    Raises:
        click.BadParameter: if the path is a file with content.
    """
    if path is None or path == "-" or _descriptor(path) is not None:
        return
    found = _status(path)
    if found is not None and stat.S_ISREG(found.st_mode) and found.st_size:
        raise _refused(
            f"{path} is there already, and --resume-from reads only what comes behind the link; give another name"
        )


def _refused(message: str) -> click.BadParameter:
    return click.BadParameter(message, param_hint="-o")


def _status(path: str) -> os.stat_result | None:
    """What a path leads to; None if nothing is there yet."""
    try:
        return os.stat(path)  # noqa: PTH116 - "" and a slash at the end mean what they say here
    except FileNotFoundError:
        if not path or not os.path.isdir(os.path.dirname(os.path.realpath(path)) or "."):  # noqa: PTH112, PTH120 - as above
            raise
        return None


def _descriptor(path: str) -> int | None:
    """The number of the descriptor that a path such as `/dev/stdout` leads to over symbolic links.

    Raises:
        OSError: if it is one of another process.
    """
    for _ in range(MAX_LINKS):
        # Links among the folders are followed by the system anyway; here it is the last one that counts.
        folder, name = os.path.split(os.path.abspath(path))  # noqa: PTH100 - these do not follow links
        path = os.path.join(os.path.realpath(folder), name)  # noqa: PTH118 - as above
        if found := DESCRIPTOR.fullmatch(path):
            process, number = found.groups()
            if process is not None and process.isdigit() and int(process) != os.getpid():
                raise OSError(errno.EPERM, "it is a file descriptor of another process")
            return int(number)
        try:
            target = os.readlink(path)  # noqa: PTH115 - as above
        except OSError:
            return None
        path = os.path.join(os.path.dirname(path), target)  # noqa: PTH118, PTH120 - as above
    return None


def _check_writable(opened: int) -> None:
    """Fail before anything is asked for, and close the descriptor, if it was opened for reading.

    Raises:
        OSError: if so.
    """
    try:
        import fcntl
    except ImportError:  # not on Windows, which has no such paths either
        return
    if fcntl.fcntl(opened, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
        os.close(opened)
        raise OSError(errno.EBADF, "it is open for reading only")


def _give_rights_of(found: os.stat_result, opened: int) -> None:
    """Give a file the owner and rights of the one that it will replace, as far as this user may."""
    if not hasattr(os, "fchown"):
        return
    with suppress(OSError):
        os.fchown(opened, found.st_uid, found.st_gid)
    with suppress(OSError):
        os.fchmod(opened, stat.S_IMODE(found.st_mode))


def _to_disk(descriptor: int) -> None:
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some file systems cannot do it, which is no reason to throw a complete file away.
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise


def _folder_to_disk(folder: Path) -> None:
    """Keep the new name over a power failure, where that can be asked for."""
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)

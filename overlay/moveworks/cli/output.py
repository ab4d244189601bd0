"""Where records go: stdout, or a file that appears under its name only when it is complete."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

import click
from attrs import frozen

from moveworks.cli.terminal import is_terminal, json_visible, visible_lines

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType


@frozen
class Mark:
    """How far a run is: everything before belongs together, and survives an interruption.

    Attributes:
        link: Next link that goes on from here; None at the end.
        records: Number of records that this run has written.
        size: Bytes in the file.
    """

    link: str | None
    records: int = 0
    size: int = 0


class StdOut:
    """Standard output. On a terminal, what could steer it is written out (in JSON as an escape of the same meaning).

    Args:
        form: The format that is written.
        link: Where the run begins.
    """

    name = ""
    part: Path | None = None
    resumed = False
    empty = True

    def __init__(self, form: str, link: str | None) -> None:
        self.reached = Mark(link)
        self._stream: IO[bytes] = sys.stdout.buffer
        # A table is made of visible text already, and has styles of its own.
        kinds: dict[str, Callable[[str], str]] = {"json": json_visible, "jsonl": json_visible, "csv": visible_lines}
        self._safe: Callable[[str], str] | None = kinds.get(form)
        self._terminal = is_terminal()

    def write(self, data: bytes) -> None:
        """Write and pass on at once, so that the next program can begin."""
        if self._terminal and self._safe is not None:
            data = self._safe(data.decode("utf-8", "replace")).encode("utf-8", "backslashreplace")
        self._stream.write(data)

    def mark(self, link: str | None, records: int) -> None:
        """Everything so far belongs together: pass it on."""
        self._stream.flush()
        self.reached = Mark(link, records)

    def __enter__(self) -> Self:
        sys.stdout.flush()
        return self

    def __exit__(self, *_: object) -> None:
        return


class FileOut:
    """A file that is complete or not there.

    Records go to a temporary file beside it, which takes the name at the end; what was there before stays until then.
    When something goes wrong the temporary file, cut after the last complete page, becomes `FILE.….part`, named after
    the link that goes on behind it, and a run that is resumed at this link goes on with a copy of it. What is no
    regular file, such as `/dev/null` or a pipe, is written to directly.

    Args:
        path: Where the records go.
        link: Where the run begins.
        resume: Whether to go on with the part of this link, if there is one; if not, a complete file is not replaced.

    Raises:
        click.BadParameter: if nothing can be written there, or what is there is not what the link goes on from.
    """

    def __init__(self, path: Path, link: str | None, *, resume: bool = False) -> None:
        # A link stays a link: the file that it leads to is replaced.
        self._path = Path(os.path.realpath(path))
        self.name = str(path)
        if self._path.is_dir():
            raise click.BadParameter(f"{path} is a folder", param_hint="-o")
        self._direct = self._path.exists() and not self._path.is_file()
        self.reached = Mark(link)
        self.resumed = resume and not self._direct and self._part_path.is_file()
        self.begins_late = resume and not self._direct and not self.resumed
        if self.begins_late:
            self._refuse_what_is_there()
        try:
            self._open()
        except OSError as error:
            raise click.BadParameter(f"cannot write to {path}: {error.strerror}", param_hint="-o") from None
        self.empty = self.reached.size <= len(b"[")

    @property
    def part(self) -> Path | None:
        """Where the records of an interrupted run are, if there are any."""
        return self._part_path if self.reached.size and not self._direct else None

    @property
    def _part_path(self) -> Path:
        """The part that goes on at the link that was reached: with one rename, both change together."""
        told = hashlib.blake2s((self.reached.link or "").encode(errors="surrogatepass"), digest_size=4).hexdigest()
        return self._path.with_name(f"{self._path.name}.{told}.part")

    def _parts(self) -> list[Path]:
        """The parts of all interrupted runs."""
        own = re.compile(re.escape(self._path.name) + r"\.[0-9a-f]{8}\.part")
        return sorted(each for each in self._path.parent.iterdir() if own.fullmatch(each.name))

    def _refuse_what_is_there(self) -> None:
        """A run that begins in the middle must not replace a whole file, nor leave out what an earlier one read."""
        if parts := self._parts():
            raise click.BadParameter(
                f"{parts[0].name} goes on from another link; give the command that the last run printed, or remove it "
                f"if {self.name} is to begin at this link",
                param_hint="-o",
            )
        if self._path.exists():
            # Most likely the same command a second time: its few records must not replace the whole file.
            raise click.BadParameter(
                f"{self.name} is there already, and no part of it to go on with; remove it, or give another name, if "
                "it is to begin at the link",
                param_hint="-o",
            )

    def _open(self) -> None:
        self._stream: IO[bytes]
        self._temporary: Path | None = None
        if self._direct:
            self._stream = self._path.open("wb")
            return
        handle, name = tempfile.mkstemp(prefix=f".{self._path.name}.", suffix=".tmp", dir=self._path.parent)
        self._temporary = Path(name)
        self._stream = os.fdopen(handle, "r+b")
        if self.resumed:
            # A copy: if this run is killed, or run twice, the same command still finds what its link continues.
            try:
                with self._part_path.open("rb") as part:
                    shutil.copyfileobj(part, self._stream, 1024 * 1024)
                self._stream.flush()
            except OSError:
                with suppress(OSError):
                    self._stream.close()
                self._temporary.unlink()
                raise
            self.reached = Mark(self.reached.link, size=self._stream.tell())
        with suppress(OSError):
            self._temporary.chmod(self._mode())

    def _mode(self) -> int:
        if self._path.exists():
            return stat.S_IMODE(self._path.stat().st_mode)
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask

    def head(self, size: int) -> bytes:
        """The first bytes of what an earlier run wrote."""
        self._stream.seek(0)
        data = self._stream.read(size)
        self._stream.seek(0, os.SEEK_END)
        return data

    def write(self, data: bytes) -> None:
        """Write."""
        self._stream.write(data)

    def mark(self, link: str | None, records: int) -> None:
        """Everything so far belongs together: this much survives an interruption."""
        self._stream.flush()
        self.reached = Mark(link, records, 0 if self._direct else self._stream.tell())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._temporary is None:
            self._stream.close()
        elif kind is not None:
            self._keep_part(self._temporary)
        else:
            try:
                self._stream.flush()
                os.fsync(self._stream.fileno())
                self._stream.close()
                self._temporary.replace(self._path)
            except OSError:
                self._keep_part(self._temporary)
                raise
            if self.resumed:
                self._remove_parts()

    def _keep_part(self, temporary: Path) -> None:
        with suppress(OSError):  # the disk may be full: what is buffered is behind the mark
            self._stream.close()
        if self.reached.size:
            os.truncate(temporary, self.reached.size)
            temporary.replace(self._part_path)
            self._remove_parts(but=self._part_path)
        else:
            temporary.unlink()

    def _remove_parts(self, but: Path | None = None) -> None:
        """What an earlier run left is of no use any more."""
        for each in self._parts():
            if each != but:
                each.unlink(missing_ok=True)

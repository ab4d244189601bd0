"""The spool: pages on the disk beside the destination, so that a run that was killed goes on where it was."""

from __future__ import annotations

import json
import os
import shutil
import socket
from contextlib import suppress
from datetime import UTC, datetime
from itertools import chain, islice
from typing import IO, TYPE_CHECKING, Any, Final, Self

import msgspec

from moveworks.errors import ConfigurationError
from moveworks.records.columns import ID, WRITTEN
from moveworks.records.rows import newest_time, record_id, utc_text
from moveworks.records.texts import scan_members

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

PAGES_A_CHECKPOINT: Final = 10
BLOCK: Final = 1 << 20
"""Bytes that are read at once."""
LINES: Final = 1000
"""Records that are looked at together."""
PLAN: Final = "plan.json"
MAX_SKEW: Final = 60
"""Seconds by which the service's clock may be behind what it said before: answers may come from several machines."""
MAX_PLAN_AGE: Final = 12 * 3600
"""Seconds after which an interrupted run is not gone on with: too much has changed meanwhile."""


class Key(msgspec.Struct, gc=False):
    """What tells a record and its version."""

    id: str
    last_updated_time: str | None = None


_KEYS: Final = msgspec.json.Decoder(Key).decode_lines


class BusyError(ConfigurationError):
    """Another run holds the destination."""


class Spool:
    """A folder of pages, held by one run at a time.

    Args:
        folder: Where it is; it is made when it is entered.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock: IO[str] | None = None

    def __enter__(self) -> Self:
        # What is in it is what employees wrote: nobody else reads it.
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.folder / "lock"
        lock = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+", encoding="utf-8")
        try:
            _lock(lock)
        except OSError:
            with lock:
                holder = _holder(lock)
            raise BusyError(holder, advice="Wait for it, or end it") from None
        lock.seek(0)
        lock.truncate()
        since = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        json.dump({"pid": os.getpid(), "host": socket.gethostname(), "since": since}, lock)
        lock.flush()
        self._lock = lock
        return self

    def __exit__(self, *_: object) -> None:
        if self._lock is not None:
            self._lock.seek(0)
            self._lock.truncate()
            self._lock.close()
            self._lock = None

    def plan(self, settings: dict[str, Any], now: datetime) -> dict[str, Any] | None:
        """The plan of a run that did not end, if it had the same settings and is not too old to go on with."""
        try:
            plan = json.loads((self.folder / PLAN).read_text(encoding="utf-8"))
            age = (now - datetime.fromisoformat(plan["now"])).total_seconds()
            fits = (
                plan["settings"] == settings and -MAX_SKEW < age < MAX_PLAN_AGE and isinstance(plan["entities"], dict)
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return plan if fits else None

    def save_plan(self, plan: dict[str, Any]) -> None:
        """Keep a plan, as a whole or not at all."""
        write_whole(self.folder / PLAN, json.dumps(plan).encode())

    def clear(self) -> None:
        """Forget everything, but for the lock."""
        for path in self.folder.iterdir():
            if path.name != "lock":
                path.unlink(missing_ok=True)

    @property
    def is_empty(self) -> bool:
        """Whether there are no pages in it."""
        return not any(self.folder.glob("*.jsonl"))

    def remove(self) -> None:
        """Forget everything, and the folder too."""
        with suppress(OSError):
            shutil.rmtree(self.folder)

    def window(self, entity: str, number: int) -> WindowFile:
        """The file of a window."""
        return WindowFile(self.folder / f"{entity}-{number}.jsonl")


class WindowFile:
    """The records of a window: one JSON text a line.

    A checkpoint beside it says how long it is and where to go on; what stands behind that length is cut off.

    Args:
        path: Where it is.

    Attributes:
        link: Where to go on; None at the end, and at the beginning.
        finished: Whether all of the window is there.
        records: Records that are there.
        distinct: Distinct ids among them, after it was closed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.link: str | None = None
        self.finished = False
        self.records = self.distinct = 0
        self._newest: str | None = None
        self._ids: set[str] = set()
        self._checkpoint = path.with_suffix(".checkpoint")
        self._file: IO[bytes] | None = None
        self._pages = 0
        self._purpose = ""

    def open(self, purpose: str) -> None:
        """Go on behind the last checkpoint, if it is of the same purpose: origin, entity set and query.

        Raises:
            OSError: if the disk does not allow it.
        """
        known = self._known(purpose)
        self._purpose = purpose
        file = os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b")
        self._file = file
        length = known["length"] if known else 0
        if known and os.fstat(file.fileno()).st_size < length:
            known, length = None, 0
        file.truncate(length)
        self._ids.clear()
        self._newest = None
        self.records = 0
        self.link, self.finished = (known["link"], known["link"] is None) if known else (None, False)
        if known:
            for lines in iter(lambda: list(islice(file, LINES)), []):
                self._count(keys_of(b"".join(lines)))
        file.seek(length)

    def append(self, records: Sequence[bytes], link: str | None) -> None:
        """Add a page; `link` leads to the next one.

        Raises:
            OSError: if the disk is full.
            ResponseError: for a record without an id.
        """
        assert self._file is not None
        text = b"\n".join(records)
        if text.count(b"\n") != max(0, len(records) - 1) or b"\r" in text:
            # A line break between two members of a record means nothing; within a text it is written as an escape.
            records = [each.replace(b"\r", b" ").replace(b"\n", b" ") for each in records]
            text = b"\n".join(records)
        self._count(keys_of(text))
        if records:
            self._file.write(text)
            self._file.write(b"\n")
        self.link = link
        self._pages += 1
        if link is None or self._pages % PAGES_A_CHECKPOINT == 0:
            self._save(self._purpose)

    def begin_again(self) -> None:
        """Forget what was read."""
        self._checkpoint.unlink(missing_ok=True)
        self.close()
        self.open(self._purpose)

    def lines(self) -> Iterator[bytes]:
        """The records."""
        return chain.from_iterable(self._blocks())

    def _blocks(self) -> Iterator[list[bytes]]:
        rest = b""
        with self.path.open("rb") as file:
            while block := file.read(BLOCK):
                *lines, rest = (rest + block).split(b"\n")
                yield lines

    def close(self) -> None:
        """Close the file, and keep only numbers of what it holds. May be called again."""
        if self._file is not None:
            self._file.close()
            self._file = None
            self.distinct = len(self._ids)
            self._ids.clear()

    def remove(self) -> None:
        """Delete the file and its checkpoint."""
        self.close()
        self._checkpoint.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)

    def versions(self) -> tuple[frozenset[int], datetime | None]:
        """Positions of older versions of records, and when the newest of all was written."""
        newest = self._newest
        older: frozenset[int] = frozenset()
        if self.records > self.distinct:
            keys = (_key_of(line) for line in self.lines())
            older = newest_of_each((key.id, utc_text(key.last_updated_time or "")) for key in keys)
        return older, datetime.fromisoformat(newest) if newest else None

    def _count(self, keys: Sequence[Key]) -> None:
        self._ids.update([key.id for key in keys])
        newest = newest_time({key.last_updated_time for key in keys if key.last_updated_time is not None})
        # As `newest_time` writes them, the order of texts is that of time.
        self._newest = max(filter(None, (self._newest, newest)), default=None)
        if "" in self._ids:
            record_id('""')
        self.records += len(keys)

    def _save(self, purpose: str) -> None:
        assert self._file is not None
        self._file.flush()
        os.fsync(self._file.fileno())
        known = {"purpose": purpose, "link": self.link, "length": self._file.tell()}
        write_whole(self._checkpoint, json.dumps(known).encode())
        self.finished = self.link is None

    def _known(self, purpose: str) -> dict[str, Any] | None:
        try:
            known = json.loads(self._checkpoint.read_bytes())
            fits = known["purpose"] == purpose and type(known["length"]) is int
            return known if fits and isinstance(known["link"], str | None) else None
        except (OSError, ValueError, KeyError, TypeError):
            return None


def keys_of(lines: bytes) -> list[Key]:
    """The keys of records, each a line of JSON, also of those that msgspec cannot read.

    Raises:
        ResponseError: for a record without an id.
    """
    try:
        return _KEYS(lines)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return list(map(_key_of, lines.splitlines()))


def _key_of(record: bytes) -> Key:
    members = dict(scan_members(record))
    written = members.get(WRITTEN, "null")
    return Key(record_id(members.get(ID, "null")), json.loads(written) if written.startswith('"') else None)


def newest_of_each(records: Iterable[tuple[str, str | None]]) -> frozenset[int]:
    """Positions of records that are older versions of others, out of their ids and when they were written."""
    best: dict[str, tuple[str, int]] = {}
    older = set()
    for at, (identity, written) in enumerate(records):
        known = best.get(identity)
        # A time that cannot be read says nothing of age: what came last is taken.
        if known is not None and written and known[0] > written:
            older.add(at)
            continue
        if known is not None:
            older.add(known[1])
        best[identity] = (written or (known[0] if known else ""), at)
    return frozenset(older)


def write_whole(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Write a file that is there as a whole, or as it was before. By default nobody else may read it."""
    temporary = path.with_name(f".{path.name}.tmp")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _lock(file: IO[str]) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        locking: Any = msvcrt
        locking.locking(file.fileno(), locking.LK_NBLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _holder(lock: IO[str]) -> str:
    try:
        lock.seek(0)
        held = json.load(lock)
        return f"process {held['pid']} on {held['host']} is loading into it, since {held['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process is loading into it"

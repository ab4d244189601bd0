"""Pages that are kept: everything that was received, compressed, to be loaded again without the service."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from moveworks.errors import ConfigurationError, MissingExtraError
from moveworks.sync.ledger import WindowRecord
from moveworks.sync.spool import write_whole

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Iterable, Iterator

    from moveworks.sync.destination import WindowSource
    from moveworks.sync.ledger import RunRecord
    from moveworks.sync.masks import Masks
    from moveworks.sync.spool import WindowFile

LEVEL = 3
CHUNK = 1 << 20


class PageKeeper:
    """Keeps the records of each window as JSON lines, compressed with zstd, and what is known of the window beside it.

    Args:
        folder: Where; it is made when it is needed.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)
        self._zstd = _zstd()

    def keep(self, sources: Iterable[WindowSource]) -> None:
        """Keep windows that have records."""
        for source in sources:
            if source.record.received:
                self._keep(source.file, source.record)

    def _keep(self, file: WindowFile, record: WindowRecord) -> None:
        """Keep a window. The description is written last: where it is, the records are whole."""
        folder = self.folder / record.run_id
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = f"{record.entity}-{record.number}"
        temporary = folder / f".{name}.tmp"
        with file.path.open("rb") as read, self._zstd.open(temporary, "wb", level=LEVEL) as packed:
            _copy(read, packed)
        temporary.replace(folder / f"{name}.jsonl.zst")
        write_whole(folder / f"{name}.json", json.dumps(record.to_dict()).encode())

    def end(self, run_id: str, windows: dict[str, dict[int, WindowRecord]], runs: Collection[RunRecord]) -> None:
        """Note which windows with records a run had, so that it is seen later where some are missing.

        For an entity set that was not complete there is null: what is kept of it is no proof of the rest.
        """
        numbers = {
            run.entity: [each.number for each in windows[run.entity].values() if each.received]
            if run.complete
            else None
            for run in runs
        }
        partial = any(run.partial for run in runs)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(self.folder / f"{run_id}.json", json.dumps({"partial": partial, "windows": numbers}).encode())

    def gaps(self, windows: Iterable[WindowRecord]) -> dict[str, str]:
        """Entity sets of which not all is here, and why.

        Raises:
            ConfigurationError: if a file does not describe a run.
        """
        by_run: dict[tuple[str, str], list[WindowRecord]] = {}
        for each in windows:
            by_run.setdefault((each.run_id, each.entity), []).append(each)
        broken, whole = set(by_run), set()
        found: dict[str, str] = {}
        for path in self.folder.glob("*.json"):
            partial, windows_of = _described(path)
            for entity, numbers in windows_of.items():
                key = (path.stem, entity)
                if numbers is None:
                    broken.add(key)
                    continue
                broken.discard(key)
                if not partial:
                    whole.add(key)
                missing = numbers - {each.number for each in by_run.get(key, [])}
                if missing:
                    found[entity] = f"{len(missing)} of the {len(numbers)} windows of run {path.stem} are not here"
        for run_id, entity in broken:
            # It moved no watermark: the next one that was complete has read all again. Ids begin with the time.
            bounds = [
                by_run[key][0].written_from for key in whole & by_run.keys() if key[1] == entity and key[0] > run_id
            ]
            own = [each.written_from for each in by_run.get((run_id, entity), [])]
            if not any(bound is None or all(each is not None and bound <= each for each in own) for bound in bounds):
                found.setdefault(entity, f"run {run_id} was not complete, so not all of its windows are here")
        return found

    def windows(self) -> Iterator[tuple[WindowRecord, Path]]:
        """All windows, in the order in which they were kept.

        Raises:
            ConfigurationError: if there are none, or one cannot be read.
        """
        found = []
        for path in self.folder.glob("*/*.json"):
            try:
                found.append((WindowRecord.from_dict(json.loads(path.read_bytes())), path.with_suffix(".jsonl.zst")))
            except (OSError, ValueError, TypeError) as error:
                raise ConfigurationError(f"{path} does not describe a window: {error}") from None
        if not found:
            raise ConfigurationError(f"{self.folder} holds no pages that were kept")
        yield from sorted(found, key=lambda each: (each[0].read_at, each[0].entity, each[0].number))

    def unpack(self, path: Path, file: WindowFile, masks: Masks | None) -> None:
        """The records of a window, into a file; with masks if there are some to be put on.

        Raises:
            ConfigurationError: if they cannot be read.
        """
        file.open("")
        file.begin_again()
        try:
            with self._zstd.open(path, "rb") as packed:
                lines: list[bytes] = []
                for line in packed:
                    record = line.rstrip(b"\n")
                    lines.append(record if masks is None else masks(record))
                    if len(lines) == 1000:
                        file.append(lines, "")
                        lines = []
                file.append(lines, None)
        except (OSError, EOFError, self._zstd.ZstdError) as error:
            raise ConfigurationError(f"{path} cannot be read: {error}") from None
        finally:
            file.close()


def _described(path: Path) -> tuple[bool, dict[str, set[int] | None]]:
    """Whether a run was asked for a range only, and its windows with records; None where it was not complete."""
    try:
        known = json.loads(path.read_bytes())
        windows = known["windows"].items()
        return bool(known["partial"]), {name: None if numbers is None else set(numbers) for name, numbers in windows}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ConfigurationError(f"{path} does not describe a run: {type(error).__name__}") from None


def _copy(source: IO[bytes], target: Any) -> None:
    while chunk := source.read(CHUNK):
        target.write(chunk)


def _zstd() -> Any:
    try:
        from compression import zstd  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        try:
            from backports import zstd
        except ImportError:
            raise MissingExtraError(
                "pages are kept with zstd, of the extra pages", advice="Install it: pip install backports.zstd"
            ) from None
    return zstd

"""What the name of a file says about the format that is written to it."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

import click

FORMATS: Final = {".csv": "csv", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".txt": "table"}
GZIP: Final = ".gz"
_CONVERT: Final = "write .jsonl and convert it, as docs/cli.md shows"
_PACK: Final = "write .gz, or write without compression and pack the file"
OTHERS: Final[dict[str, str]] = {
    **dict.fromkeys((".parquet", ".feather", ".arrow", ".orc", ".avro"), _CONVERT),
    **dict.fromkeys((".duckdb", ".db", ".sqlite", ".sqlite3"), _CONVERT),
    **dict.fromkeys((".xlsx", ".xls", ".ods"), "write .csv and import it with text columns, as docs/cli.md shows"),
    **dict.fromkeys((".bz2", ".xz", ".zst", ".zip", ".7z", ".tar", ".tgz", ".lz4", ".br"), _PACK),
}
"""Extensions of formats that are not written here, and what to do about it."""


def format_of(path: str, given: str | None) -> tuple[str, bool]:
    """The format of a file, and whether it is compressed with gzip.

    Args:
        path: Its name.
        given: What `--format` says, which wins over the extension.

    Raises:
        click.BadParameter: if the extension is that of another format, or says nothing.
    """
    name = PurePath(path)
    packed = name.suffix.lower() == GZIP
    suffix = (name.with_suffix("") if packed else name).suffix.lower()
    if suffix in OTHERS:
        raise click.BadParameter(f"{suffix} files cannot be written here: {OTHERS[suffix]}", param_hint="-o")
    if given is not None:
        return given, packed
    if not suffix:
        return "jsonl", packed
    if suffix not in FORMATS:
        known = ", ".join([*FORMATS, GZIP])
        raise click.BadParameter(
            f"{suffix} does not say which format to write; give --format, or one of {known}", param_hint="-o"
        )
    return FORMATS[suffix], packed

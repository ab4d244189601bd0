"""Writes records as a table, JSON, JSON lines or CSV, one at a time."""

from __future__ import annotations

import csv
import json
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from moveworks.odata import EntitySetInfo

FORMATS: Final = ("table", "json", "jsonl", "csv")
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
UNKNOWN: Final = "additional_properties"
"""The CSV column for what the spec does not know, as JSON, so that nothing is lost."""


class Writer(Protocol):
    """Takes records one by one."""

    def write(self, record: dict[str, Any]) -> None:
        """Write one record."""

    def close(self) -> None:
        """Write what belongs at the end of a complete result."""


class _JsonLines:
    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, record: dict[str, Any]) -> None:
        self._stream.write(json.dumps(record, ensure_ascii=False) + "\n")

    def close(self) -> None:
        pass


class _Json:
    """An array, one record a line; without its last bracket it is not valid, and so never passes as complete."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream, self._before = stream, "[\n"

    def write(self, record: dict[str, Any]) -> None:
        self._stream.write(self._before + json.dumps(record, ensure_ascii=False))
        self._before = ",\n"

    def close(self) -> None:
        self._stream.write("[]\n" if self._before == "[\n" else "\n]\n")


class _Csv:
    def __init__(self, stream: IO[str], columns: list[str], *, raw: bool) -> None:
        self._columns, self._raw = columns, raw
        self._writer = csv.writer(stream, lineterminator="\n")
        self._writer.writerow([*columns, UNKNOWN])

    def write(self, record: dict[str, Any]) -> None:
        flat = flatten(record, self._columns)
        rest = {name: value for name, value in flat.items() if name not in self._columns}
        cells = [self._cell(flat.get(name)) for name in self._columns]
        self._writer.writerow([*cells, json.dumps(rest, ensure_ascii=False) if rest else ""])

    def close(self) -> None:
        pass

    def _cell(self, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        # A spreadsheet runs what looks like a formula; an apostrophe in front makes it text.
        return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) and not self._raw else text


class _Table:
    """Aligned columns for a terminal; widths come from the first records."""

    def __init__(self, stream: IO[str], columns: list[str], width: int) -> None:
        self._stream, self._columns, self._width = stream, columns, width
        self._waiting: list[list[str]] = []
        self._widths: list[int] | None = None

    def write(self, record: dict[str, Any]) -> None:
        flat = flatten(record, self._columns)
        row = [_shown(flat.get(name)) for name in self._columns]
        if self._widths is None:
            self._waiting.append(row)
            if len(self._waiting) < 50:
                return
            self._flush()
        else:
            self._line(row)

    def close(self) -> None:
        if self._widths is None:
            self._flush()

    def _flush(self) -> None:
        rows, self._waiting = self._waiting, []
        widest = [max(map(len, column)) for column in zip(self._columns, *rows, strict=True)] if self._columns else []
        self._widths = [min(width, 36) for width in widest]
        # Columns that do not fit are left out rather than wrapped; JSON and CSV have them all.
        while len(self._widths) > 1 and sum(self._widths) + 2 * len(self._widths) > self._width:
            self._widths.pop()
        hidden = self._columns[len(self._widths) :]
        self._line(self._columns)
        self._line(["-" * width for width in self._widths])
        for row in rows:
            self._line(row)
        if hidden:
            print(f"not shown: {', '.join(hidden)} (use --format jsonl, or --select)", file=sys.stderr)

    def _line(self, row: list[str]) -> None:
        assert self._widths is not None
        cells = [
            (cell if len(cell) <= width else cell[: width - 1] + "…").ljust(width)
            for cell, width in zip(row, self._widths, strict=False)
        ]
        self._stream.write("  ".join(cells).rstrip() + "\n")


def make_writer(kind: str, stream: IO[str], columns: list[str], *, csv_raw: bool, width: int) -> Writer:
    """A writer of a format."""
    match kind:
        case "json":
            return _Json(stream)
        case "csv":
            return _Csv(stream, columns, raw=csv_raw)
        case "table":
            return _Table(stream, columns, width)
        case _:
            return _JsonLines(stream)


def columns_of(info: EntitySetInfo, select: list[str]) -> list[str]:
    """Column names: the fields of the spec, those of nested objects with a dot, or what was selected of them."""
    names: list[str] = []
    for name, field in info.entity.fields().items():
        if select and not any(chosen in {name, "*"} or chosen.startswith(f"{name}/") for chosen in select):
            continue
        if field.kind == "object":
            inner: Any = field
            names += [f"{name}.{below}" for below in inner.fields()]
        else:
            names.append(name)
    return names


def flatten(record: dict[str, Any], columns: list[str]) -> dict[str, Any]:
    """A record with the properties of nested objects as `outer.inner`, where there are such columns."""
    nested = {column.partition(".")[0] for column in columns if "." in column}
    flat: dict[str, Any] = {}
    for name, value in record.items():
        if name in nested and isinstance(value, dict):
            flat.update({f"{name}.{inner}": below for inner, below in value.items()})
        elif name not in nested or value is not None:
            flat[name] = value
    return flat


@contextmanager
def destination(path: str | None) -> Iterator[IO[str]]:
    """Standard output, or a file that appears under its name only when it is complete; until then it is `NAME.part`."""
    if path is None or path == "-":
        yield sys.stdout
        sys.stdout.flush()
        return
    part = Path(f"{path}.part")
    with part.open("w", encoding="utf-8", newline="") as stream:
        yield stream
    part.replace(path)


def _shown(value: Any) -> str:
    """A cell for a terminal: control characters could move its cursor or change its colours."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return "".join(character if character.isprintable() else " " for character in text)

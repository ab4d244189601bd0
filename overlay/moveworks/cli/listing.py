"""`moveworks records list`: pages into a format and a place, and what to say when it ends early."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, Final

import click
from attrs import field, frozen

from moveworks.cli.flat import columns
from moveworks.cli.formats import Csv, JsonArray, JsonLines
from moveworks.cli.output import FileOut, StdOut
from moveworks.cli.terminal import is_terminal
from moveworks.errors import MoveworksError, UntrustedLinkError

if TYPE_CHECKING:
    from pathlib import Path

    from moveworks.cli.connection import Connection
    from moveworks.cli.formats import Writer
    from moveworks.cli.query import Conditions
    from moveworks.odata import EntitySetInfo
    from moveworks.paging import Pager

EXTENSIONS = {".csv": "csv", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".txt": "table"}
LONGEST: Final = 65536
"""Bytes in which the first two lines of a table end."""


@frozen(kw_only=True)
class Listing:
    """One run of the command."""

    info: EntitySetInfo
    conditions: Conditions
    connection: Connection
    select: str | None
    order_by: str | None
    limit: int | None
    resume_from: str | None
    output: Path | None
    form: str | None
    csv_raw: bool
    selected: list[str] = field(init=False)

    def __attrs_post_init__(self) -> None:
        names = [name.strip() for name in (self.select or "").split(",")]
        object.__setattr__(self, "selected", [name for name in names if name])
        if self.select is not None and not self.selected:
            raise click.UsageError("--select names no field; leave it out for all fields")
        if self.order_by is not None and not self.order_by.strip():
            raise click.UsageError("--order-by names no field; leave it out for the service's own order")
        if self.csv_raw and self.format != "csv":
            raise click.UsageError("--csv-raw is about --format csv")
        if self.resume_from is not None:
            given = [*self.conditions.given, *(["--order-by"] if self.order_by is not None else [])]
            if given:
                raise click.UsageError(f"--resume-from carries the whole query; leave out {', '.join(given)}")

    @property
    def to_stdout(self) -> bool:
        """Whether records go to stdout: no file is named, or `-`."""
        return self.output is None or str(self.output) == "-"

    @property
    def format(self) -> str:
        """The format that is asked for, or the one that suits the place."""
        if self.form:
            return self.form
        if self.output is not None and not self.to_stdout:
            return EXTENSIONS.get(self.output.suffix.lower(), "jsonl")
        return "table" if is_terminal() else "jsonl"

    def run(self) -> None:
        """Write all records that match; an error leaves nothing behind that looks complete."""
        notes = self.connection.notes
        shown = notes.can_show_progress and not (self.to_stdout and is_terminal())
        with self.connection.client() as mw:
            pager = self._pager(mw.records[self.info.name], count=shown)
            place = self._place(pager.resume_from)
            if isinstance(place, FileOut) and place.begins_late:
                notes.say(f"there is no part of {place.name} to go on with: it begins at the link")
            try:
                with place, notes.progress(self.info.name, shown=shown) as progress:
                    writer = self._writer(place)
                    writer.begin(resumed=place.resumed, empty=place.empty)
                    for page in pager.pages():
                        writer.page(page.items)
                        place.mark(page.next_link, place.reached.records + len(page.items))
                        progress.advance(len(page.items), self._total(pager))
                    writer.end()
                    place.mark(None, place.reached.records)
            except BrokenPipeError:
                raise
            except (MoveworksError, OSError, KeyboardInterrupt, SystemExit):
                self._say_how_to_go_on(place)
                raise
        for note in writer.notes:
            notes.say(note)
        notes.done(place.reached.records, place.name)

    def _place(self, link: str | None) -> FileOut | StdOut:
        if self.output is None or self.to_stdout:
            return StdOut(self.format, link)
        return FileOut(self.output, link, resume=self.resume_from is not None)

    def _pager(self, entity_set: Any, *, count: bool) -> Pager[Any]:
        asked: dict[str, Any] = {}
        if self.resume_from is None:
            unchecked = self.conditions.unchecked
            texts = {"$select": ",".join(self.selected), "$orderby": self.order_by or ""}
            asked = {
                "filter": self.conditions.condition(self.info),
                "select": None if unchecked else self.selected or None,
                "order_by": None if unchecked else self.order_by,
                "count": True if count else None,
                "options": {name: text for name, text in texts.items() if text} if unchecked else None,
            }
        try:
            pager: Pager[Any] = entity_set.list(**asked, limit=self.limit, resume_from=self.resume_from, raw=True)
        except (TypeError, ValueError) as error:
            raise click.UsageError(str(error)) from None
        except UntrustedLinkError as error:
            raise click.UsageError(f"--resume-from: {error.message}") from None
        return pager

    def _writer(self, place: FileOut | StdOut) -> Writer:
        selected = [] if self.conditions.unchecked else self.selected
        if self.format == "json":
            return JsonArray(place.write)
        if self.format == "jsonl":
            return JsonLines(place.write)
        shown = columns(self.info.entity.fields(), selected)
        other_columns = "what was read before of {} has other columns; give the same --select, or remove the part"
        if self.format == "csv":
            writer = Csv(place.write, shown, raw=self.csv_raw)
            if isinstance(place, FileOut) and place.resumed and place.head(len(writer.header)) != writer.header:
                raise click.UsageError(other_columns.format(place.name))
            return writer
        from moveworks.cli.table import RecordTable

        table = RecordTable(place.write, shown)
        if (
            isinstance(place, FileOut)
            and place.resumed
            and not table.go_on(place.head(LONGEST).decode(errors="replace"))
        ):
            raise click.UsageError(other_columns.format(place.name))
        return table

    def _total(self, pager: Pager[Any]) -> int | None:
        known = [number for number in (pager.count, self.limit) if number is not None]
        return min(known) if pager.count is not None else None

    def _say_how_to_go_on(self, place: FileOut | StdOut) -> None:
        """The command that reads the rest: it begins with the first page that was not written completely.

        Where nothing was read that command would be the one that was given, and it may well be what is wrong.
        """
        reached = place.reached
        if reached.link is None or (self.resume_from is None and not reached.records):
            return
        told = [self._command(reached.link, reached.records)]
        if place.part is not None:
            told.insert(0, f"{place.part} holds what was read before; it is not complete")
        # Behind the error, which the outermost command reports.
        click.get_current_context().find_root().call_on_close(lambda: click.echo("\n".join(told), err=True))

    def _command(self, link: str, written: int) -> str:
        words = ["moveworks", "records", "list", self.info.name, *self.connection.arguments()]
        words += ["--format", self.format, *(["--csv-raw"] if self.csv_raw else [])]
        if self.format in {"csv", "table"} and self.selected:
            words += ["--select", ",".join(self.selected)]
        if self.limit is not None:
            words += ["--limit", str(self.limit - written)]
        if self.output is not None:
            words += ["-o", str(self.output)]
        return f"to go on: {shlex.join([*words, '--resume-from', link])}"

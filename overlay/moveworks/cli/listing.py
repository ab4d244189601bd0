"""`moveworks records list`: pages into a format and a place, and what to say when it ends early."""

from __future__ import annotations

import shlex
import zlib
from typing import TYPE_CHECKING, Any, Final

import click
from attrs import field, frozen

from moveworks.cli.extensions import format_of
from moveworks.cli.flat import columns
from moveworks.cli.formats import Csv, JsonArray, JsonLines
from moveworks.cli.output import StdOut, open_place, refuse_what_is_there
from moveworks.cli.terminal import is_terminal
from moveworks.errors import MoveworksError, UntrustedLinkError
from moveworks.odata import OrderBy

if TYPE_CHECKING:
    from collections.abc import Callable

    from moveworks.cli.connection import Connection
    from moveworks.cli.formats import Writer
    from moveworks.cli.output import Place
    from moveworks.cli.query import Conditions
    from moveworks.odata import EntitySetInfo
    from moveworks.paging import Pager

WITHOUT_ORDER: Final = "none"
"""What `--order-by` takes for the service's own order."""
GZIP: Final = 31
"""What zlib calls the format of gzip."""


@frozen(kw_only=True)
class Listing:
    """One run of the command."""

    info: EntitySetInfo
    conditions: Conditions
    connection: Connection
    select: str | None
    order_by: str | None
    options: tuple[str, ...]
    limit: int | None
    resume_from: str | None
    output: str | None
    form: str | None
    csv_raw: bool
    selected: list[str] = field(init=False)
    format: str = field(init=False)
    packed: bool = field(init=False)

    def __attrs_post_init__(self) -> None:
        names = [name.strip() for name in (self.select or "").split(",")]
        object.__setattr__(self, "selected", [name for name in names if name])
        if self.select is not None and not self.selected:
            raise click.UsageError("--select names no field; leave it out for all fields")
        if self.order_by is not None and not self.order_by.strip():
            raise click.UsageError("--order-by names no field; for the service's own order it is --order-by none")
        if self.resume_from is not None:
            further = {"--order-by": self.order_by is not None, "--option": bool(self.options)}
            given = [*self.conditions.given, *(name for name, is_given in further.items() if is_given)]
            if given:
                raise click.UsageError(f"--resume-from carries the whole query; leave out {', '.join(given)}")
        form, packed = self._format()
        object.__setattr__(self, "format", form)
        object.__setattr__(self, "packed", packed)
        if self.csv_raw and form != "csv":
            raise click.UsageError("--csv-raw is about --format csv")

    def _format(self) -> tuple[str, bool]:
        """The format that is asked for, or the one that suits the place; and whether it is compressed."""
        if self.output is None or self.output == "-":
            return self.form or ("table" if is_terminal() else "jsonl"), False
        return format_of(self.output, self.form)

    def run(self) -> None:
        """Write all records that match; an error leaves nothing behind that looks complete."""
        notes = self.connection.notes
        to_terminal = (self.output is None or self.output == "-") and is_terminal()
        shown = notes.can_show_progress and not to_terminal
        with self.connection.client() as mw:
            pager = self._pager(mw.records[self.info.name], count=shown)
            if self.resume_from is not None:
                refuse_what_is_there(self.output)
            place = open_place(self.output, self.format, pager.resume_from)
            for warning in self.conditions.warnings(self.info):
                notes.say(f"note: {warning}")
            try:
                with place, notes.progress(self.info.name, shown=shown) as progress:
                    self._write(pager, place, progress)
            except BrokenPipeError:
                raise
            except (MoveworksError, OSError, KeyboardInterrupt, SystemExit):
                self._say_how_to_go_on(place)
                raise
        notes.done(place.reached.records, place.name)

    def _write(self, pager: Pager[Any], place: Place, progress: Any) -> None:
        pack = zlib.compressobj(wbits=GZIP) if self.packed else None
        writer = self._writer(place, place.write if pack is None else lambda data: place.write(pack.compress(data)))
        writer.begin()
        for page in pager.pages():
            writer.page(page.items)
            place.mark(page.next_link, place.reached.records + len(page.items))
            progress.advance(len(page.items), self._total(pager))
        writer.end()
        if pack is not None:
            place.write(pack.flush())
        place.mark(None, place.reached.records)
        for note in writer.notes:
            self.connection.notes.say(note)

    def _pager(self, entity_set: Any, *, count: bool) -> Pager[Any]:
        asked: dict[str, Any] = {}
        if self.resume_from is None:
            asked = {
                "filter": self.conditions.condition(self.info),
                "select": self.selected or None,
                "order_by": self._order(),
                "count": True if count else None,
                "options": self._further() or None,
            }
        try:
            pager: Pager[Any] = entity_set.list(**asked, limit=self.limit, resume_from=self.resume_from, raw=True)
        except (TypeError, ValueError) as error:
            raise click.UsageError(str(error)) from None
        except UntrustedLinkError as error:
            raise click.UsageError(f"--resume-from: {error.message}") from None
        return pager

    def _further(self) -> dict[str, str]:
        """Query options that have none of this command's."""
        found: dict[str, str] = {}
        for given in self.options:
            name, equals, value = given.partition("=")
            if not name or not equals:
                raise click.UsageError(f"--option takes NAME=VALUE, not {given!r}")
            if name in found:
                raise click.UsageError(f"--option {name} is given twice")
            found[name] = value
        return found

    def _order(self) -> str | OrderBy | list[OrderBy] | None:
        """The order that is asked for; None leaves it to the library, which takes one without ties."""
        from moveworks.odata.nodes import Raw

        if self.order_by is None:
            return None
        if self.order_by.strip().lower() == WITHOUT_ORDER:
            return []
        return OrderBy(Raw((self.order_by,))) if self.conditions.unchecked else self.order_by

    def _writer(self, place: Place, write: Callable[[bytes], Any]) -> Writer:
        if self.format == "json":
            return JsonArray(write)
        if self.format == "jsonl":
            return JsonLines(write)
        shown = columns(self.info.entity.fields(), self.selected)
        if self.format == "csv":
            return Csv(write, shown, raw=self.csv_raw)
        from moveworks.cli.table import RecordTable, colour_allowed

        styled = isinstance(place, StdOut) and colour_allowed()
        return RecordTable(write, shown, chosen=bool(self.selected), styled=styled)

    def _total(self, pager: Pager[Any]) -> int | None:
        known = [number for number in (pager.count, self.limit) if number is not None]
        return min(known) if pager.count is not None else None

    def _say_how_to_go_on(self, place: Place) -> None:
        """What was written, and the command that reads the rest; behind the error, which the outermost command reports.

        The rest begins with the first page that was not written completely. Where nothing was read that command would
        be the one that was given, and it may well be what is wrong.
        """
        reached = place.reached
        if not place.keeps_what_was_written:
            message = f"nothing was written to {place.name}; what was there before is unchanged"
        elif reached.link is None or (self.resume_from is None and not reached.records):
            return
        elif self.packed:
            message = f"what was written to {place.name} is not complete, and cannot be unpacked"
        else:
            message = (
                f"{reached.records:,} records were written completely; cut off what stands behind them\n"
                f"to go on: {self._command(reached.link, reached.records)}"
            )
        click.get_current_context().find_root().call_on_close(lambda: click.echo(message, err=True))

    def _command(self, link: str, written: int) -> str:
        words = ["moveworks", "records", "list", self.info.name, *self.connection.arguments()]
        words += ["--format", self.format, *(["--csv-raw"] if self.csv_raw else [])]
        if self.format in {"csv", "table"} and self.selected:
            words += ["--select", ",".join(self.selected)]
        if self.limit is not None:
            words += ["--limit", str(self.limit - written)]
        if self.output is not None:
            words += ["-o", self.output]
        return shlex.join([*words, "--resume-from", link])

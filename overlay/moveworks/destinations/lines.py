"""JSON lines on stdout."""

from __future__ import annotations

import json
import sys
from itertools import islice
from typing import TYPE_CHECKING

from moveworks.sync.destination import MAX_BATCH, Changes, NoLedger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from moveworks.records.columns import Table
    from moveworks.sync.destination import WindowSource


class Lines(NoLedger):
    """Writes each record as one line, as it came, behind the member `_entity` that names its entity set."""

    label = "stdout"

    def prepare(self, tables: Sequence[Table], *, history: bool) -> None:
        """Nothing to do."""
        del tables, history

    def apply(self, table: Table, windows: Sequence[WindowSource]) -> Changes:
        """Write the records of windows."""
        head = b'\n{"_entity":' + json.dumps(table.info.name).encode() + b","
        out, number = sys.stdout.buffer, 0
        for source in windows:
            lines = source.lines()
            while batch := [line[1:] for line in islice(lines, MAX_BATCH)]:
                text = head.join([b"", *batch])
                out.write(text[1:])
                out.write(b"\n")
                number += len(batch)
        out.flush()
        return Changes(new=number)

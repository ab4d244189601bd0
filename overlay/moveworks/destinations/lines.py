"""JSON lines on stdout."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from moveworks.sync.destination import Changes, NoLedger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from moveworks.records.columns import Table
    from moveworks.sync.destination import WindowSource
    from moveworks.sync.ledger import WindowRecord


class Lines(NoLedger):
    """Writes each record as one line, as it came, behind the member `_entity` that names its entity set."""

    label = "stdout"

    def prepare(self, tables: Sequence[Table], *, history: bool) -> None:
        """Nothing to do."""
        del tables, history

    def apply(self, table: Table, source: WindowSource, record: WindowRecord) -> Changes:
        """Write the records of a window."""
        del record
        head = b'{"_entity":' + json.dumps(table.info.name).encode() + b","
        out, number = sys.stdout.buffer, 0
        for line in source.lines():
            out.write(head + line[1:] + b"\n")
            number += 1
        out.flush()
        return Changes(new=number)

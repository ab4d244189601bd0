"""Made-up rows in the shape and length of real ones, with what makes them cheap or dear to read."""

from __future__ import annotations

import random
from itertools import cycle, islice
from typing import Any

from moveworks.sandbox import Sandbox
from moveworks_export.entities import ENTITY_SETS
from scripts.bench.server import PLACE

ROWS = 500
"""Records of a page, as the service has it."""
TEXT = (
    "Hi! My laptop does not connect to the VPN since this morning 😕. I have tried to restart it, and the app says "
    "<https://help.example.com/vpn|error 809>. Could you please open a ticket, or tell me what else I can do? "
)


def real_rows() -> dict[str, list[dict[str, Any]]]:
    """500 rows of every entity set; ids hold the place of the page's number.

    Texts are as long as those people write (a median of about 100 characters, up to 3,000), two fifths of the optional
    members are null, and users have up to five external ids.
    """
    rng = random.Random(7)  # noqa: S311 - made-up data
    with Sandbox(rows=ROWS * 12, seed=1) as sandbox:
        rows = {name: [dict(row) for row in islice(cycle(sandbox.rows(name)), ROWS)] for name in ENTITY_SETS}
    for name, each in rows.items():
        for number, row in enumerate(each):
            row["id"] = f"{PLACE}{number:06d}"
            if name == "interactions" and isinstance(row.get("detail"), dict):
                length = min(3000, int(rng.lognormvariate(4.6, 1.0)))
                row["detail"]["content"] = (TEXT * (length // len(TEXT) + 1))[:length]
    return rows

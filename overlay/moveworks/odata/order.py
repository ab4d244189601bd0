"""Sort keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from moveworks.odata.literals import Dialect
from moveworks.odata.render import render

if TYPE_CHECKING:
    from moveworks.odata.nodes import Node


@frozen
class OrderBy:
    """One key of `$orderby`: a property or a function of one, and the direction."""

    node: Node
    descending: bool = False

    def to_odata(self, dialect: Dialect = Dialect.QUOTED_UTC) -> str:
        """OData text in a dialect; `str()` gives the service's own."""
        text = render(self.node, dialect)
        return f"{text} desc" if self.descending else text

    def __str__(self) -> str:
        return self.to_odata()

    def __repr__(self) -> str:
        return f"<OrderBy {self}>"

"""Sort keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from moveworks.odata.render import render

if TYPE_CHECKING:
    from moveworks.odata.nodes import Node


@frozen
class OrderBy:
    """One key of `$orderby`: a property or a function of one, and the direction."""

    node: Node
    descending: bool = False

    def __str__(self) -> str:
        return f"{render(self.node)} desc" if self.descending else render(self.node)

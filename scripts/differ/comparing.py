"""Which schemas are compared with which: each pair once for each direction, whoever reaches it."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Final

from attrs import evolve, frozen

from scripts.differ.recorder import Compared, Recorder
from scripts.differ.references import BadDocumentError, component_schemas, escaped, references
from scripts.differ.schemas import Several
from scripts.differ.shapes import json_text, same
from scripts.differ.vocabulary import ANNOTATIONS

if TYPE_CHECKING:
    from scripts.differ.schemas import View


_DEEPEST: Final = 20
_MOST: Final = 300_000
_COMPONENTS: Final = ("#/components/schemas/", "#/definitions/")


@frozen
class Spot:
    """Where two schemas that are compared are.

    Attributes:
        base: Pointer in the base.
        head: Pointer in the head.
        where: Kind of place, for the name of a rule: `request-body`, `response-property`.
        what: What people call it.
    """

    base: str
    head: str
    where: str
    what: str

    def below(self, base: str, head: str, what: str) -> Spot:
        """A spot inside this one."""
        return Spot(base, head, f"{self.where.partition('-')[0]}-property", what)

    def of(self, views: tuple[View, View], key: str) -> tuple[str, str]:
        """Pointers of one keyword; for one that is in the other document only, where it would be."""
        old, new = (each.places.get(key) for each in views)
        return old or f"{self.base}/{key}", new or f"{self.head}/{key}"

    def owner(self, place: str) -> str:
        """What the schema that holds a keyword or property is called: an `allOf` may have it from a component."""
        if place.startswith((f"{self.base}/", f"{self.head}/")):
            return self.what
        named = re.match(r"#/(?:components/schemas|definitions)/([^/]+)", place)
        return named[1].replace("~1", "/").replace("~0", "~") if named else self.what


class Comparing(Recorder, ABC):
    """Walks through the schemas of two documents side by side."""

    def _schema(self, old: Any, new: Any, spot: Spot) -> None:
        """Compare two schemas, or references to some."""
        base, old, was_name = self._schema_at(self._base, spot.base, old)
        head, new, now_name = self._schema_at(self._head, spot.head, new)
        named = base.startswith(_COMPONENTS) and head.startswith(_COMPONENTS) and was_name and now_name
        if named and was_name != now_name and was_name not in component_schemas(self._head):
            self._component_renamed(was_name, now_name)
        pair = (_identity(base, old), _identity(head, new), self._direction)
        if self._stack:
            self._stack[-1].children.append(pair)
        else:
            self._roots.setdefault((self._operation, self._direction), []).append(pair)
        if pair in self._compared:
            return
        if len(self._compared) >= _MOST:
            raise BadDocumentError(f"these documents hold more than {_MOST} pairs of schemas to compare")
        compared = self._compared[pair] = Compared()
        if was_name and was_name == now_name and was_name in self._equal:
            return
        if same(old, new) and not references(new):
            return
        # A component is the same wherever it is reached, so it is called by its own name.
        spot = evolve(spot, base=base, head=head, what=now_name or spot.what)
        if self._stack and (was_name or len(self._stack) > _DEEPEST):
            # Components wait for their turn: a long chain of them would be too deep for Python's stack.
            direction = self._direction
            self._pending.append(lambda: self._compare(compared, direction, old, new, spot))
        else:
            self._compare(compared, self._direction, old, new, spot)

    def _compare(self, compared: Compared, direction: int, old: Any, new: Any, spot: Spot) -> None:
        """Compare two schemas in one direction; what is found belongs to `compared`."""
        before_direction, self._direction = self._direction, direction
        self._stack.append(compared)
        try:
            self._compare_schemas(old, new, spot)
        finally:
            self._stack.pop()
            self._direction = before_direction
        if not self._stack and not self._draining:
            self._draining = True
            while self._pending:
                self._pending.pop()()
            self._draining = False

    @abstractmethod
    def _compare_schemas(self, old: Any, new: Any, spot: Spot) -> None:
        """Compare what two schemas say; references in them lead back to `_schema`."""

    def _schema_at(self, document: dict[str, Any], place: str, node: Any) -> tuple[str, Any, str]:
        """Where a schema is, what it is, and its name if it is a component.

        What stands beside a reference restricts it (3.1); such a schema is at its own place.
        """
        if isinstance(node, dict) and isinstance(node.get("$ref"), str):
            beside = {key: value for key, value in node.items() if key != "$ref" and key not in ANNOTATIONS}
            if any(not key.startswith("x-") for key in beside):
                return place, {"allOf": [{"$ref": node["$ref"]}, beside]}, ""
        return self._followed(document, place, node)

    def _base_schema(self, place: str, node: Any) -> tuple[str, Any]:
        return self._schema_at(self._base, place, node)[:2]

    def _head_schema(self, place: str, node: Any) -> tuple[str, Any]:
        return self._schema_at(self._head, place, node)[:2]

    def _component_renamed(self, name: str, other: str) -> None:
        if name in self._renamed:
            return
        self._renamed.add(name)
        self._note(
            "api-schema-renamed",
            f"#/components/schemas/{escaped(name)}",
            f"#/components/schemas/{escaped(other)}",
            name,
            other,
            f"the component {name} is now called {other}",
            wire="info",
            python="breaking-runtime",
        )


def _identity(place: str, schema: Any) -> str:
    """What a schema is known by: its place, or its content if it is made of several and stands nowhere."""
    made = isinstance(schema, dict) and isinstance(schema.get("allOf"), Several)
    return json_text(schema) if made else place


def label(schema: Any) -> str:
    """What people call an alternative or a part."""
    if isinstance(schema, dict):
        kind = schema.get("type")
        inside = schema.get("properties")
        shown = f" with {', '.join(list(map(str, inside))[:3])}" if isinstance(inside, dict) and inside else ""
        return reference_name(schema) or (f"{kind}{shown}" if isinstance(kind, str) else "") or "an inline schema"
    return str(schema)


def reference_name(schema: Any) -> str:
    """The name of the component that a schema refers to, or else its title."""
    if isinstance(schema, dict) and isinstance(schema.get("$ref"), str):
        return str(schema["$ref"]).rpartition("/")[2]
    return str(schema.get("title") or "") if isinstance(schema, dict) else ""

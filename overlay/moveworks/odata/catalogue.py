"""What generated code says about an entity set."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from attrs import frozen

if TYPE_CHECKING:
    from moveworks.odata.fields import EntityType


@frozen(kw_only=True)
class EntitySetInfo:
    """One entity set of the service, as its spec describes it.

    Attributes:
        name: The published name, such as `plugin-calls`.
        attribute: The same as a Python name: `plugin_calls`.
        path: Path below the service's base path.
        entity: The fields of its records.
        operation: operationId of the list operation, for logs and errors.
        model: Where the class of its records is: `package.module:Class`.
        options: The query options that the spec declares, such as `$filter`.
        doc: What the records are.
    """

    name: str
    attribute: str
    path: str
    entity: type[EntityType]
    operation: str
    model: str
    options: tuple[str, ...]
    doc: str = ""

    def load_model(self) -> type[Any]:
        """The class of the records, imported on first use so that the catalogue stays cheap to import."""
        module, _, name = self.model.partition(":")
        model: type[Any] = getattr(import_module(module), name)
        return model

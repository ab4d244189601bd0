"""What a generated catalogue says of an operation."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from attrs import frozen

if TYPE_CHECKING:
    from types import ModuleType

    from moveworks_runtime.requests import RequestParts


@frozen
class Parameter:
    """A parameter of an operation.

    Attributes:
        name: In Python.
        wire_name: In the request.
        location: `path`, `query`, `header` or `cookie`.
        required: Whether the service demands it.
        doc: What it is.
        deprecated: Whether the service advises against it.
    """

    name: str
    wire_name: str
    location: str
    required: bool = False
    doc: str = ""
    deprecated: bool = False


@frozen
class RequestBody:
    """The body of an operation.

    Attributes:
        required: Whether the service demands one.
        media_types: What it may be sent as.
        models: Names of the classes in `models`, one for a media type; empty for what is no model.
        name: Of the parameter in Python.
    """

    required: bool
    media_types: tuple[str, ...]
    models: tuple[str, ...]
    name: str = "body"


@frozen(kw_only=True)
class Operation:
    """An operation of the service, as its document describes it.

    Attributes:
        id: Its operationId.
        name: The same as a Python name; its module is called so.
        tag: Of the document; the module's package is called so.
        module: Full name of the module with `request`, `read`, `answer` and the calls of the low-level client.
        method: In upper case.
        path: Template of its path, below the base path.
        parameters: In the order of the document.
        body: What it takes as a body, if it takes one.
        success: The statuses below 400 that are declared, such as `200` or `2XX`.
        media_types: Of what it answers with these.
        deprecated: Whether the service advises against it.
        doc: What it does.
    """

    id: str
    name: str
    tag: str
    module: str
    method: str
    path: str
    parameters: tuple[Parameter, ...] = ()
    body: RequestBody | None = None
    success: tuple[str, ...] = ()
    media_types: tuple[str, ...] = ()
    deprecated: bool = False
    doc: str = ""

    def load(self) -> ModuleType:
        """The operation's module, imported on first use so that the catalogue stays cheap to import."""
        return import_module(self.module)

    def request(self, /, *values: Any, **options: Any) -> RequestParts:
        """The request of a call with these parameters.

        Raises:
            TypeError: for a parameter that the operation does not have, or one that is missing.
            ValueError: for a path parameter that is empty.
        """
        parts: RequestParts = self.load().request(*values, **options)
        return parts

    def read(self, status: int, data: Any) -> Any:
        """Decoded JSON as the model of the status that it came with; None where none is declared."""
        return self.load().read(status, data)

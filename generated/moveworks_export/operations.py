# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
"""The operations of the service, and the options of those that take some in the query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypedDict

from moveworks_runtime.operations import Operation, Parameter


class ListConversationsOptions(TypedDict, total=False):
    """Query options of `list-conversations`."""

    filter: str
    """OData filter expression."""
    select: str
    """Comma-separated properties to return."""
    orderby: str
    """Comma-separated properties, each with optional `asc` or `desc`."""
    top: int
    """Largest number of records to return."""
    skip: int
    """Number of records to skip."""
    count: bool
    """Whether to return the number of matching records."""


class ListInteractionsOptions(TypedDict, total=False):
    """Query options of `list-interactions`."""

    filter: str
    """OData filter expression."""
    select: str
    """Comma-separated properties to return."""
    orderby: str
    """Comma-separated properties, each with optional `asc` or `desc`."""
    top: int
    """Largest number of records to return."""
    skip: int
    """Number of records to skip."""
    count: bool
    """Whether to return the number of matching records."""


class ListPluginsCallsOptions(TypedDict, total=False):
    """Query options of `list-plugins-calls`."""

    filter: str
    """OData filter expression."""
    select: str
    """Comma-separated properties to return."""
    orderby: str
    """Comma-separated properties, each with optional `asc` or `desc`."""
    top: int
    """Largest number of records to return."""
    skip: int
    """Number of records to skip."""
    count: bool
    """Whether to return the number of matching records."""


class ListPluginResourcesOptions(TypedDict, total=False):
    """Query options of `list-plugin-resources`."""

    filter: str
    """OData filter expression."""
    select: str
    """Comma-separated properties to return."""
    orderby: str
    """Comma-separated properties, each with optional `asc` or `desc`."""
    top: int
    """Largest number of records to return."""
    skip: int
    """Number of records to skip."""
    count: bool
    """Whether to return the number of matching records."""


class ListUsersOptions(TypedDict, total=False):
    """Query options of `list-users`."""

    filter: str
    """OData filter expression."""
    select: str
    """Comma-separated properties to return."""
    orderby: str
    """Comma-separated properties, each with optional `asc` or `desc`."""
    top: int
    """Largest number of records to return."""
    skip: int
    """Number of records to skip."""
    count: bool
    """Whether to return the number of matching records."""


OPERATIONS: Final[Mapping[str, Operation]] = {
    "list-conversations": Operation(
        id="list-conversations",
        name="list_conversations",
        tag="export",
        module="moveworks_export.api.export.list_conversations",
        method="GET",
        path="/conversations",
        parameters=(
            Parameter("filter", "$filter", "query", doc="OData filter expression."),
            Parameter("select", "$select", "query", doc="Comma-separated properties to return."),
            Parameter(
                "orderby", "$orderby", "query", doc="Comma-separated properties, each with optional `asc` or `desc`."
            ),
            Parameter("top", "$top", "query", doc="Largest number of records to return."),
            Parameter("skip", "$skip", "query", doc="Number of records to skip."),
            Parameter("count", "$count", "query", doc="Whether to return the number of matching records."),
        ),
        success=("200",),
        media_types=("application/json",),
        doc="Every conversation with the assistant.",
    ),
    "list-interactions": Operation(
        id="list-interactions",
        name="list_interactions",
        tag="export",
        module="moveworks_export.api.export.list_interactions",
        method="GET",
        path="/interactions",
        parameters=(
            Parameter("filter", "$filter", "query", doc="OData filter expression."),
            Parameter("select", "$select", "query", doc="Comma-separated properties to return."),
            Parameter(
                "orderby", "$orderby", "query", doc="Comma-separated properties, each with optional `asc` or `desc`."
            ),
            Parameter("top", "$top", "query", doc="Largest number of records to return."),
            Parameter("skip", "$skip", "query", doc="Number of records to skip."),
            Parameter("count", "$count", "query", doc="Whether to return the number of matching records."),
        ),
        success=("200",),
        media_types=("application/json",),
        doc="Every input by a user and every answer by the assistant.",
    ),
    "list-plugins-calls": Operation(
        id="list-plugins-calls",
        name="list_plugins_calls",
        tag="export",
        module="moveworks_export.api.export.list_plugins_calls",
        method="GET",
        path="/plugin-calls",
        parameters=(
            Parameter("filter", "$filter", "query", doc="OData filter expression."),
            Parameter("select", "$select", "query", doc="Comma-separated properties to return."),
            Parameter(
                "orderby", "$orderby", "query", doc="Comma-separated properties, each with optional `asc` or `desc`."
            ),
            Parameter("top", "$top", "query", doc="Largest number of records to return."),
            Parameter("skip", "$skip", "query", doc="Number of records to skip."),
            Parameter("count", "$count", "query", doc="Whether to return the number of matching records."),
        ),
        success=("200",),
        media_types=("application/json",),
        doc="Every plugin that the assistant called.",
    ),
    "list-plugin-resources": Operation(
        id="list-plugin-resources",
        name="list_plugin_resources",
        tag="export",
        module="moveworks_export.api.export.list_plugin_resources",
        method="GET",
        path="/plugin-resources",
        parameters=(
            Parameter("filter", "$filter", "query", doc="OData filter expression."),
            Parameter("select", "$select", "query", doc="Comma-separated properties to return."),
            Parameter(
                "orderby", "$orderby", "query", doc="Comma-separated properties, each with optional `asc` or `desc`."
            ),
            Parameter("top", "$top", "query", doc="Largest number of records to return."),
            Parameter("skip", "$skip", "query", doc="Number of records to skip."),
            Parameter("count", "$count", "query", doc="Whether to return the number of matching records."),
        ),
        success=("200",),
        media_types=("application/json",),
        doc="Every resource that a plugin used for an answer.",
    ),
    "list-users": Operation(
        id="list-users",
        name="list_users",
        tag="export",
        module="moveworks_export.api.export.list_users",
        method="GET",
        path="/users",
        parameters=(
            Parameter("filter", "$filter", "query", doc="OData filter expression."),
            Parameter("select", "$select", "query", doc="Comma-separated properties to return."),
            Parameter(
                "orderby", "$orderby", "query", doc="Comma-separated properties, each with optional `asc` or `desc`."
            ),
            Parameter("top", "$top", "query", doc="Largest number of records to return."),
            Parameter("skip", "$skip", "query", doc="Number of records to skip."),
            Parameter("count", "$count", "query", doc="Whether to return the number of matching records."),
        ),
        success=("200",),
        media_types=("application/json",),
        doc="Every user known to the assistant.",
    ),
}
"""Every operation, by its operationId."""

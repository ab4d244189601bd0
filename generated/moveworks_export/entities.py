# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
"""The entity sets of the service and the fields of their records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, overload

from moveworks.odata import (
    BooleanField,
    CollectionField,
    EntitySetInfo,
    EntityType,
    ObjectField,
    TextField,
    TimestampField,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from moveworks.records import AsyncEntitySet, EntitySet

    from moveworks_export.models.conversation_record import ConversationRecord
    from moveworks_export.models.interaction_record import InteractionRecord
    from moveworks_export.models.plugin_call_record import PluginCallRecord
    from moveworks_export.models.plugin_resource_record import PluginResourceRecord
    from moveworks_export.models.user_record import UserRecord
# What `moveworks.records` hands on.
__all__ = ["Conversation", "Interaction", "PluginCall", "PluginResource", "User"]


class ConversationDetailFields(ObjectField):
    """Fields of `detail`."""

    type = TextField("type", doc="")
    source = TextField("source", doc="")
    domain = TextField("domain", doc="")
    usecase_id = TextField("usecase_id", doc="")
    usecase_name = TextField("usecase_name", doc="")
    ticket_id = TextField("ticket_id", doc="")
    campaign_id = TextField("campaign_id", doc="")
    campaign_name = TextField("campaign_name", doc="")
    channel_id = TextField("channel_id", doc="")
    channel_name = TextField("channel_name", doc="")
    content = TextField("content", doc="")


class Conversation(EntityType):
    """Every conversation with the assistant."""

    id = TextField("id", doc="Opaque id of the conversation record.")
    primary_domain = TextField(
        "primary_domain", doc="Business domain that dominates the conversation, as classified by the service."
    )
    route = TextField(
        "route", doc="How the conversation started: a direct message, a notification, a ticket or a channel."
    )
    user_id = TextField("user_id", doc="Opaque id of the user record; joins to users.id.")
    last_updated_time = TimestampField(
        "last_updated_time", doc="When the service last wrote this record (UTC); the cursor for incremental reads."
    )
    created_time = TimestampField("created_time", doc="When the record's event happened (UTC).")
    type = TextField("type", doc="Kind of conversation (a CONVERSATION_TYPE_* value).")
    detail = ConversationDetailFields(
        "detail", doc="Extra fields that depend on `type`; null or absent where the type has none."
    )


class InteractionDetailFields(ObjectField):
    """Fields of `detail`."""

    content = TextField("content", doc="Free text, link or button name, by interaction type.")
    domain = TextField("domain", doc="Domain detected for this one interaction; free text only.")
    entity = TextField("entity", doc="Topic detected for this one interaction; free text only.")
    type = TextField("type", doc="Type of the resource that a clicked link opened.")
    detail = TextField("detail", doc="Name of the submitted form.")
    resource_id = TextField("resource_id", doc="Resource that was opened, or the ticket that was filed.")
    file_types = CollectionField(
        "file_types", TextField, doc="Types of the uploaded files; their names are not recorded."
    )


class Interaction(EntityType):
    """Every input by a user and every answer by the assistant."""

    id = TextField("id", doc="Opaque id of the interaction: one input by a user or one answer by the assistant.")
    conversation_id = TextField("conversation_id", doc="Id of the conversation this record belongs to.")
    user_id = TextField("user_id", doc="Opaque id of the user record; joins to users.id.")
    actor = TextField("actor", doc="Who acted: `user` or `bot`.")
    platform = TextField("platform", doc="Chat platform the interaction took place on, e.g. slack or msteams.")
    type = TextField("type", doc="Kind of interaction (an INTERACTION_TYPE_* value).")
    label = TextField("label", doc="Form label; set for form submissions only.")
    parent_interaction_id = TextField(
        "parent_interaction_id", doc="Interaction that this one answers or acts on; null for a first message."
    )
    detail = InteractionDetailFields("detail", doc="Fields that depend on `type`.")
    created_time = TimestampField("created_time", doc="When the record's event happened (UTC).")
    last_updated_time = TimestampField(
        "last_updated_time", doc="When the service last wrote this record (UTC); the cursor for incremental reads."
    )


class PluginCall(EntityType):
    """Every plugin that the assistant called."""

    id = TextField("id", doc="Opaque id of the plugin call.")
    interaction_id = TextField("interaction_id", doc="Id of the interaction this record belongs to.")
    conversation_id = TextField("conversation_id", doc="Id of the conversation this record belongs to.")
    plugin_name = TextField("plugin_name", doc="Name of the plugin, built-in or custom.")
    user_id = TextField("user_id", doc="Opaque id of the user record; joins to users.id.")
    served = BooleanField("served", doc="Whether the plugin's result was shown to the user.")
    used = BooleanField(
        "used", doc="Whether the user completed the plugin's flow; search plugins count as used once served."
    )
    plugin_update_time = TimestampField(
        "plugin_update_time", doc="When the plugin last changed state, e.g. an approval given later."
    )
    created_time = TimestampField("created_time", doc="When the record's event happened (UTC).")
    last_updated_time = TimestampField(
        "last_updated_time", doc="When the service last wrote this record (UTC); the cursor for incremental reads."
    )


class PluginResourceDetailFields(ObjectField):
    """Fields of `detail`."""

    domain = TextField("domain", doc="Domain set for the resource at ingestion.")
    external_resource_id = TextField("external_resource_id", doc="Id in the source system; knowledge articles only.")
    name = TextField("name", doc="Name of the file, form or article.")
    snippet = TextField("snippet", doc="Passage used for the answer.")
    source = TextField("source", doc="System the ticket or approval came from.")
    type = TextField("type", doc="Sub-type of the approval or ticket.")
    url = TextField("url", doc="Address of the resource in its source system.")


class PluginResource(EntityType):
    """Every resource that a plugin used for an answer."""

    id = TextField("id", doc="Opaque id of this use of a resource.")
    resource_id = TextField("resource_id", doc="Id of the resource inside the service.")
    type = TextField("type", doc="Kind of resource (a RESOURCE_TYPE_* value).")
    plugin_call_id = TextField("plugin_call_id", doc="Plugin call that used the resource; may be null.")
    interaction_id = TextField("interaction_id", doc="Id of the interaction this record belongs to.")
    user_id = TextField("user_id", doc="Opaque id of the user record; joins to users.id.")
    conversation_id = TextField("conversation_id", doc="Id of the conversation this record belongs to.")
    detail = PluginResourceDetailFields("detail", doc="Fields that depend on `type`; may be null.")
    cited = BooleanField("cited", doc="Whether the answer cited the resource.")
    created_time = TimestampField("created_time", doc="When the record's event happened (UTC).")
    last_updated_time = TimestampField(
        "last_updated_time", doc="When the service last wrote this record (UTC); the cursor for incremental reads."
    )


class UserExternalIdFields(ObjectField):
    """Fields of `external_ids`."""

    connector_name = TextField("connector_name", doc="Connector that supplied the id.")
    external_id = TextField("external_id", doc="The id in that system; free format.")
    source = TextField("source", doc="Kind of source system.")


class User(EntityType):
    """Every user known to the assistant."""

    id = TextField("id", doc="Opaque id of the user record.")
    email_addr = TextField("email_addr", doc="E-mail address from the source systems.")
    access_to_bot = BooleanField("access_to_bot", doc="Whether the access rules let the user use the assistant.")
    first_name = TextField("first_name", doc="First name from the source systems.")
    last_name = TextField("last_name", doc="Last name from the source systems.")
    user_preferred_language = TextField("user_preferred_language", doc="Preferred language, e.g. EN_US.")
    first_interaction_time = TimestampField("first_interaction_time", doc="First interaction of the user (UTC).")
    latest_interaction_time = TimestampField(
        "latest_interaction_time", doc="Most recent interaction of the user (UTC)."
    )
    external_ids = CollectionField("external_ids", UserExternalIdFields, doc="The user's ids in connected systems.")
    last_updated_time = TimestampField(
        "last_updated_time", doc="When the service last wrote this record (UTC); the cursor for incremental reads."
    )


ENTITY_SETS: Final[Mapping[str, EntitySetInfo]] = {
    "conversations": EntitySetInfo(
        name="conversations",
        attribute="conversations",
        path="/conversations",
        entity=Conversation,
        operation="list-conversations",
        model="moveworks_export.models.conversation_record:ConversationRecord",
        options=("$filter", "$select", "$orderby", "$top", "$skip", "$count"),
        doc="Every conversation with the assistant.",
    ),
    "interactions": EntitySetInfo(
        name="interactions",
        attribute="interactions",
        path="/interactions",
        entity=Interaction,
        operation="list-interactions",
        model="moveworks_export.models.interaction_record:InteractionRecord",
        options=("$filter", "$select", "$orderby", "$top", "$skip", "$count"),
        doc="Every input by a user and every answer by the assistant.",
    ),
    "plugin-calls": EntitySetInfo(
        name="plugin-calls",
        attribute="plugin_calls",
        path="/plugin-calls",
        entity=PluginCall,
        operation="list-plugins-calls",
        model="moveworks_export.models.plugin_call_record:PluginCallRecord",
        options=("$filter", "$select", "$orderby", "$top", "$skip", "$count"),
        doc="Every plugin that the assistant called.",
    ),
    "plugin-resources": EntitySetInfo(
        name="plugin-resources",
        attribute="plugin_resources",
        path="/plugin-resources",
        entity=PluginResource,
        operation="list-plugin-resources",
        model="moveworks_export.models.plugin_resource_record:PluginResourceRecord",
        options=("$filter", "$select", "$orderby", "$top", "$skip", "$count"),
        doc="Every resource that a plugin used for an answer.",
    ),
    "users": EntitySetInfo(
        name="users",
        attribute="users",
        path="/users",
        entity=User,
        operation="list-users",
        model="moveworks_export.models.user_record:UserRecord",
        options=("$filter", "$select", "$orderby", "$top", "$skip", "$count"),
        doc="Every user known to the assistant.",
    ),
}
"""Every entity set, by its published name."""


class RecordsAttributes:
    """Entity sets as attributes and by published name, for type checkers."""

    conversations: EntitySet[ConversationRecord]
    interactions: EntitySet[InteractionRecord]
    plugin_calls: EntitySet[PluginCallRecord]
    plugin_resources: EntitySet[PluginResourceRecord]
    users: EntitySet[UserRecord]
    if TYPE_CHECKING:

        @overload
        def __getitem__(self, name: Literal["conversations"]) -> EntitySet[ConversationRecord]: ...
        @overload
        def __getitem__(self, name: Literal["interactions"]) -> EntitySet[InteractionRecord]: ...
        @overload
        def __getitem__(self, name: Literal["plugin-calls"]) -> EntitySet[PluginCallRecord]: ...
        @overload
        def __getitem__(self, name: Literal["plugin-resources"]) -> EntitySet[PluginResourceRecord]: ...
        @overload
        def __getitem__(self, name: Literal["users"]) -> EntitySet[UserRecord]: ...
        @overload
        def __getitem__(self, name: str) -> EntitySet[Any]: ...
        def __getitem__(self, name: str) -> EntitySet[Any]: ...


class AsyncRecordsAttributes:
    """Entity sets as attributes and by published name, for type checkers."""

    conversations: AsyncEntitySet[ConversationRecord]
    interactions: AsyncEntitySet[InteractionRecord]
    plugin_calls: AsyncEntitySet[PluginCallRecord]
    plugin_resources: AsyncEntitySet[PluginResourceRecord]
    users: AsyncEntitySet[UserRecord]
    if TYPE_CHECKING:

        @overload
        def __getitem__(self, name: Literal["conversations"]) -> AsyncEntitySet[ConversationRecord]: ...
        @overload
        def __getitem__(self, name: Literal["interactions"]) -> AsyncEntitySet[InteractionRecord]: ...
        @overload
        def __getitem__(self, name: Literal["plugin-calls"]) -> AsyncEntitySet[PluginCallRecord]: ...
        @overload
        def __getitem__(self, name: Literal["plugin-resources"]) -> AsyncEntitySet[PluginResourceRecord]: ...
        @overload
        def __getitem__(self, name: Literal["users"]) -> AsyncEntitySet[UserRecord]: ...
        @overload
        def __getitem__(self, name: str) -> AsyncEntitySet[Any]: ...
        def __getitem__(self, name: str) -> AsyncEntitySet[Any]: ...

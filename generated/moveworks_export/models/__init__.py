# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
"""The models, each imported on first use."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .conversation_detail import ConversationDetail as ConversationDetail
    from .conversation_page import ConversationPage as ConversationPage
    from .conversation_record import ConversationRecord as ConversationRecord
    from .export_bad_request_error_response import ExportBadRequestErrorResponse as ExportBadRequestErrorResponse
    from .export_forbidden_error_response import ExportForbiddenErrorResponse as ExportForbiddenErrorResponse
    from .export_internal_server_error_response import (
        ExportInternalServerErrorResponse as ExportInternalServerErrorResponse,
    )
    from .export_not_found_error_response import ExportNotFoundErrorResponse as ExportNotFoundErrorResponse
    from .export_rate_limit_error_response import ExportRateLimitErrorResponse as ExportRateLimitErrorResponse
    from .export_unauthorized_error_response import ExportUnauthorizedErrorResponse as ExportUnauthorizedErrorResponse
    from .interaction_detail import InteractionDetail as InteractionDetail
    from .interaction_page import InteractionPage as InteractionPage
    from .interaction_record import InteractionRecord as InteractionRecord
    from .plugin_call_page import PluginCallPage as PluginCallPage
    from .plugin_call_record import PluginCallRecord as PluginCallRecord
    from .plugin_resource_detail import PluginResourceDetail as PluginResourceDetail
    from .plugin_resource_page import PluginResourcePage as PluginResourcePage
    from .plugin_resource_record import PluginResourceRecord as PluginResourceRecord
    from .user_external_id import UserExternalId as UserExternalId
    from .user_page import UserPage as UserPage
    from .user_record import UserRecord as UserRecord

_MODULES = {
    "ConversationDetail": "conversation_detail",
    "ConversationPage": "conversation_page",
    "ConversationRecord": "conversation_record",
    "ExportBadRequestErrorResponse": "export_bad_request_error_response",
    "ExportForbiddenErrorResponse": "export_forbidden_error_response",
    "ExportInternalServerErrorResponse": "export_internal_server_error_response",
    "ExportNotFoundErrorResponse": "export_not_found_error_response",
    "ExportRateLimitErrorResponse": "export_rate_limit_error_response",
    "ExportUnauthorizedErrorResponse": "export_unauthorized_error_response",
    "InteractionDetail": "interaction_detail",
    "InteractionPage": "interaction_page",
    "InteractionRecord": "interaction_record",
    "PluginCallPage": "plugin_call_page",
    "PluginCallRecord": "plugin_call_record",
    "PluginResourceDetail": "plugin_resource_detail",
    "PluginResourcePage": "plugin_resource_page",
    "PluginResourceRecord": "plugin_resource_record",
    "UserExternalId": "user_external_id",
    "UserPage": "user_page",
    "UserRecord": "user_record",
}
__all__ = (
    "ConversationDetail",
    "ConversationPage",
    "ConversationRecord",
    "ExportBadRequestErrorResponse",
    "ExportForbiddenErrorResponse",
    "ExportInternalServerErrorResponse",
    "ExportNotFoundErrorResponse",
    "ExportRateLimitErrorResponse",
    "ExportUnauthorizedErrorResponse",
    "InteractionDetail",
    "InteractionPage",
    "InteractionRecord",
    "PluginCallPage",
    "PluginCallRecord",
    "PluginResourceDetail",
    "PluginResourcePage",
    "PluginResourceRecord",
    "UserExternalId",
    "UserPage",
    "UserRecord",
)


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    return value

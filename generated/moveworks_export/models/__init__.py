# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
"""Contains all the data models used in inputs/outputs"""

from .conversation_detail import ConversationDetail
from .conversation_page import ConversationPage
from .conversation_record import ConversationRecord
from .export_bad_request_error_response import ExportBadRequestErrorResponse
from .export_forbidden_error_response import ExportForbiddenErrorResponse
from .export_internal_server_error_response import ExportInternalServerErrorResponse
from .export_not_found_error_response import ExportNotFoundErrorResponse
from .export_rate_limit_error_response import ExportRateLimitErrorResponse
from .export_unauthorized_error_response import ExportUnauthorizedErrorResponse
from .interaction_detail import InteractionDetail
from .interaction_page import InteractionPage
from .interaction_record import InteractionRecord
from .plugin_call_page import PluginCallPage
from .plugin_call_record import PluginCallRecord
from .plugin_resource_detail import PluginResourceDetail
from .plugin_resource_page import PluginResourcePage
from .plugin_resource_record import PluginResourceRecord
from .user_external_id import UserExternalId
from .user_page import UserPage
from .user_record import UserRecord

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

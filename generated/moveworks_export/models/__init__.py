# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
"""Contains all the data models used in inputs/outputs"""

from .bad_request_error_response import BadRequestErrorResponse
from .conversation_detail import ConversationDetail
from .conversation_page import ConversationPage
from .conversation_record import ConversationRecord
from .forbidden_error_response import ForbiddenErrorResponse
from .interaction_detail import InteractionDetail
from .interaction_page import InteractionPage
from .interaction_record import InteractionRecord
from .internal_server_error_response import InternalServerErrorResponse
from .not_found_error_response import NotFoundErrorResponse
from .plugin_call_page import PluginCallPage
from .plugin_call_record import PluginCallRecord
from .plugin_resource_detail import PluginResourceDetail
from .plugin_resource_page import PluginResourcePage
from .plugin_resource_record import PluginResourceRecord
from .rate_limit_error_response import RateLimitErrorResponse
from .unauthorized_error_response import UnauthorizedErrorResponse
from .user_external_id import UserExternalId
from .user_page import UserPage
from .user_record import UserRecord

__all__ = (
    "BadRequestErrorResponse",
    "ConversationDetail",
    "ConversationPage",
    "ConversationRecord",
    "ForbiddenErrorResponse",
    "InteractionDetail",
    "InteractionPage",
    "InteractionRecord",
    "InternalServerErrorResponse",
    "NotFoundErrorResponse",
    "PluginCallPage",
    "PluginCallRecord",
    "PluginResourceDetail",
    "PluginResourcePage",
    "PluginResourceRecord",
    "RateLimitErrorResponse",
    "UnauthorizedErrorResponse",
    "UserExternalId",
    "UserPage",
    "UserRecord",
)

# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
"""Contains all the data models used in inputs/outputs"""

from .conversation_detail import ConversationDetail
from .conversation_page import ConversationPage
from .conversation_record import ConversationRecord
from .field_400_error_response import Field400ErrorResponse
from .field_401_error_response import Field401ErrorResponse
from .field_403_error_response import Field403ErrorResponse
from .field_404_error_response import Field404ErrorResponse
from .field_429_error_response import Field429ErrorResponse
from .field_500_error_response import Field500ErrorResponse
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
    "Field400ErrorResponse",
    "Field401ErrorResponse",
    "Field403ErrorResponse",
    "Field404ErrorResponse",
    "Field429ErrorResponse",
    "Field500ErrorResponse",
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

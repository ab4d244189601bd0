# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
"""Contains all the data models used in inputs/outputs"""

from .actor_type import ActorType
from .assistant_response import AssistantResponse
from .attribute import Attribute
from .citation import Citation
from .citation_content_reference import CitationContentReference
from .citation_location import CitationLocation
from .commonmark_text_content import CommonmarkTextContent
from .commonmark_text_content_item_type import CommonmarkTextContentItemType
from .commonmark_text_item import CommonmarkTextItem
from .conversation import Conversation
from .conversations_conversation_id_responses_stream_post_parameters_accept import (
    ConversationsConversationIdResponsesStreamPostParametersAccept,
)
from .create_conversation_request import CreateConversationRequest
from .create_response_request import CreateResponseRequest
from .create_response_stream_request import CreateResponseStreamRequest
from .display import Display
from .event import Event
from .event_payload import EventPayload
from .event_type import EventType
from .feedback_option import FeedbackOption
from .forbidden_error_response import ForbiddenErrorResponse
from .forbidden_error_response_error import ForbiddenErrorResponseError
from .forbidden_error_response_error_code import ForbiddenErrorResponseErrorCode
from .input_required_error_response import InputRequiredErrorResponse
from .input_required_error_response_error import InputRequiredErrorResponseError
from .input_required_error_response_error_code import InputRequiredErrorResponseErrorCode
from .internal_error_response import InternalErrorResponse
from .internal_error_response_error import InternalErrorResponseError
from .internal_error_response_error_code import InternalErrorResponseErrorCode
from .invalid_cursor_error_response import InvalidCursorErrorResponse
from .invalid_cursor_error_response_error import InvalidCursorErrorResponseError
from .invalid_cursor_error_response_error_code import InvalidCursorErrorResponseErrorCode
from .invalid_feedback_error_response import InvalidFeedbackErrorResponse
from .invalid_feedback_error_response_error import InvalidFeedbackErrorResponseError
from .invalid_feedback_error_response_error_code import InvalidFeedbackErrorResponseErrorCode
from .invalid_title_error_response import InvalidTitleErrorResponse
from .invalid_title_error_response_error import InvalidTitleErrorResponseError
from .invalid_title_error_response_error_code import InvalidTitleErrorResponseErrorCode
from .list_conversation_messages_response import ListConversationMessagesResponse
from .list_conversations_response import ListConversationsResponse
from .list_events_response import ListEventsResponse
from .list_response_messages_response import ListResponseMessagesResponse
from .markdown_text_content import MarkdownTextContent
from .markdown_text_content_item_type import MarkdownTextContentItemType
from .markdown_text_item import MarkdownTextItem
from .message import Message
from .message_feedback import MessageFeedback
from .message_output_item import MessageOutputItem
from .message_output_item_type import MessageOutputItemType
from .metadata import Metadata
from .not_found_error_response import NotFoundErrorResponse
from .not_found_error_response_error import NotFoundErrorResponseError
from .not_found_error_response_error_code import NotFoundErrorResponseErrorCode
from .plain_text_content import PlainTextContent
from .plain_text_content_item_type import PlainTextContentItemType
from .plain_text_item import PlainTextItem
from .rate_limit_exceeded_error_response import RateLimitExceededErrorResponse
from .rate_limit_exceeded_error_response_error import RateLimitExceededErrorResponseError
from .rate_limit_exceeded_error_response_error_code import RateLimitExceededErrorResponseErrorCode
from .reasoning_message import ReasoningMessage
from .reasoning_message_output_item import ReasoningMessageOutputItem
from .reasoning_message_output_item_type import ReasoningMessageOutputItemType
from .response_completed_data import ResponseCompletedData
from .response_created_data import ResponseCreatedData
from .response_failed_data import ResponseFailedData
from .response_in_progress_data import ResponseInProgressData
from .response_output_delta_data import ResponseOutputDeltaData
from .response_status import ResponseStatus
from .response_stream_event import ResponseStreamEvent
from .stream_event_type import StreamEventType
from .streaming_error import StreamingError
from .streaming_error_data import StreamingErrorData
from .submit_feedback_request import SubmitFeedbackRequest
from .submit_feedback_response import SubmitFeedbackResponse
from .submit_feedback_response_status import SubmitFeedbackResponseStatus
from .unauthorized_error_response import UnauthorizedErrorResponse
from .unauthorized_error_response_error import UnauthorizedErrorResponseError
from .unauthorized_error_response_error_code import UnauthorizedErrorResponseErrorCode
from .update_conversation_request import UpdateConversationRequest
from .user_input import UserInput

__all__ = (
    "ActorType",
    "AssistantResponse",
    "Attribute",
    "Citation",
    "CitationContentReference",
    "CitationLocation",
    "CommonmarkTextContent",
    "CommonmarkTextContentItemType",
    "CommonmarkTextItem",
    "Conversation",
    "ConversationsConversationIdResponsesStreamPostParametersAccept",
    "CreateConversationRequest",
    "CreateResponseRequest",
    "CreateResponseStreamRequest",
    "Display",
    "Event",
    "EventPayload",
    "EventType",
    "FeedbackOption",
    "ForbiddenErrorResponse",
    "ForbiddenErrorResponseError",
    "ForbiddenErrorResponseErrorCode",
    "InputRequiredErrorResponse",
    "InputRequiredErrorResponseError",
    "InputRequiredErrorResponseErrorCode",
    "InternalErrorResponse",
    "InternalErrorResponseError",
    "InternalErrorResponseErrorCode",
    "InvalidCursorErrorResponse",
    "InvalidCursorErrorResponseError",
    "InvalidCursorErrorResponseErrorCode",
    "InvalidFeedbackErrorResponse",
    "InvalidFeedbackErrorResponseError",
    "InvalidFeedbackErrorResponseErrorCode",
    "InvalidTitleErrorResponse",
    "InvalidTitleErrorResponseError",
    "InvalidTitleErrorResponseErrorCode",
    "ListConversationMessagesResponse",
    "ListConversationsResponse",
    "ListEventsResponse",
    "ListResponseMessagesResponse",
    "MarkdownTextContent",
    "MarkdownTextContentItemType",
    "MarkdownTextItem",
    "Message",
    "MessageFeedback",
    "MessageOutputItem",
    "MessageOutputItemType",
    "Metadata",
    "NotFoundErrorResponse",
    "NotFoundErrorResponseError",
    "NotFoundErrorResponseErrorCode",
    "PlainTextContent",
    "PlainTextContentItemType",
    "PlainTextItem",
    "RateLimitExceededErrorResponse",
    "RateLimitExceededErrorResponseError",
    "RateLimitExceededErrorResponseErrorCode",
    "ReasoningMessage",
    "ReasoningMessageOutputItem",
    "ReasoningMessageOutputItemType",
    "ResponseCompletedData",
    "ResponseCreatedData",
    "ResponseFailedData",
    "ResponseInProgressData",
    "ResponseOutputDeltaData",
    "ResponseStatus",
    "ResponseStreamEvent",
    "StreamEventType",
    "StreamingError",
    "StreamingErrorData",
    "SubmitFeedbackRequest",
    "SubmitFeedbackResponse",
    "SubmitFeedbackResponseStatus",
    "UnauthorizedErrorResponse",
    "UnauthorizedErrorResponseError",
    "UnauthorizedErrorResponseErrorCode",
    "UpdateConversationRequest",
    "UserInput",
)

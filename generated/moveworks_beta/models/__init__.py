# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
"""The models, each imported on first use."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .actor_type import ActorType as ActorType
    from .assistant_response import AssistantResponse as AssistantResponse
    from .attribute import Attribute as Attribute
    from .citation import Citation as Citation
    from .citation_content_reference import CitationContentReference as CitationContentReference
    from .citation_location import CitationLocation as CitationLocation
    from .commonmark_text_content import CommonmarkTextContent as CommonmarkTextContent
    from .commonmark_text_content_item_type import CommonmarkTextContentItemType as CommonmarkTextContentItemType
    from .commonmark_text_item import CommonmarkTextItem as CommonmarkTextItem
    from .conversation import Conversation as Conversation
    from .conversations_conversation_id_responses_stream_post_parameters_accept import (
        ConversationsConversationIdResponsesStreamPostParametersAccept as ConversationsConversationIdResponsesStreamPostParametersAccept,
    )
    from .create_conversation_request import CreateConversationRequest as CreateConversationRequest
    from .create_response_request import CreateResponseRequest as CreateResponseRequest
    from .create_response_stream_request import CreateResponseStreamRequest as CreateResponseStreamRequest
    from .display import Display as Display
    from .event import Event as Event
    from .event_payload import EventPayload as EventPayload
    from .event_type import EventType as EventType
    from .feedback_option import FeedbackOption as FeedbackOption
    from .forbidden_error_response import ForbiddenErrorResponse as ForbiddenErrorResponse
    from .forbidden_error_response_error import ForbiddenErrorResponseError as ForbiddenErrorResponseError
    from .forbidden_error_response_error_code import ForbiddenErrorResponseErrorCode as ForbiddenErrorResponseErrorCode
    from .input_required_error_response import InputRequiredErrorResponse as InputRequiredErrorResponse
    from .input_required_error_response_error import InputRequiredErrorResponseError as InputRequiredErrorResponseError
    from .input_required_error_response_error_code import (
        InputRequiredErrorResponseErrorCode as InputRequiredErrorResponseErrorCode,
    )
    from .internal_error_response import InternalErrorResponse as InternalErrorResponse
    from .internal_error_response_error import InternalErrorResponseError as InternalErrorResponseError
    from .internal_error_response_error_code import InternalErrorResponseErrorCode as InternalErrorResponseErrorCode
    from .invalid_cursor_error_response import InvalidCursorErrorResponse as InvalidCursorErrorResponse
    from .invalid_cursor_error_response_error import InvalidCursorErrorResponseError as InvalidCursorErrorResponseError
    from .invalid_cursor_error_response_error_code import (
        InvalidCursorErrorResponseErrorCode as InvalidCursorErrorResponseErrorCode,
    )
    from .invalid_feedback_error_response import InvalidFeedbackErrorResponse as InvalidFeedbackErrorResponse
    from .invalid_feedback_error_response_error import (
        InvalidFeedbackErrorResponseError as InvalidFeedbackErrorResponseError,
    )
    from .invalid_feedback_error_response_error_code import (
        InvalidFeedbackErrorResponseErrorCode as InvalidFeedbackErrorResponseErrorCode,
    )
    from .invalid_title_error_response import InvalidTitleErrorResponse as InvalidTitleErrorResponse
    from .invalid_title_error_response_error import InvalidTitleErrorResponseError as InvalidTitleErrorResponseError
    from .invalid_title_error_response_error_code import (
        InvalidTitleErrorResponseErrorCode as InvalidTitleErrorResponseErrorCode,
    )
    from .list_conversation_messages_response import (
        ListConversationMessagesResponse as ListConversationMessagesResponse,
    )
    from .list_conversations_response import ListConversationsResponse as ListConversationsResponse
    from .list_events_response import ListEventsResponse as ListEventsResponse
    from .list_response_messages_response import ListResponseMessagesResponse as ListResponseMessagesResponse
    from .markdown_text_content import MarkdownTextContent as MarkdownTextContent
    from .markdown_text_content_item_type import MarkdownTextContentItemType as MarkdownTextContentItemType
    from .markdown_text_item import MarkdownTextItem as MarkdownTextItem
    from .message import Message as Message
    from .message_feedback import MessageFeedback as MessageFeedback
    from .message_output_item import MessageOutputItem as MessageOutputItem
    from .message_output_item_type import MessageOutputItemType as MessageOutputItemType
    from .metadata import Metadata as Metadata
    from .not_found_error_response import NotFoundErrorResponse as NotFoundErrorResponse
    from .not_found_error_response_error import NotFoundErrorResponseError as NotFoundErrorResponseError
    from .not_found_error_response_error_code import NotFoundErrorResponseErrorCode as NotFoundErrorResponseErrorCode
    from .plain_text_content import PlainTextContent as PlainTextContent
    from .plain_text_content_item_type import PlainTextContentItemType as PlainTextContentItemType
    from .plain_text_item import PlainTextItem as PlainTextItem
    from .rate_limit_exceeded_error_response import RateLimitExceededErrorResponse as RateLimitExceededErrorResponse
    from .rate_limit_exceeded_error_response_error import (
        RateLimitExceededErrorResponseError as RateLimitExceededErrorResponseError,
    )
    from .rate_limit_exceeded_error_response_error_code import (
        RateLimitExceededErrorResponseErrorCode as RateLimitExceededErrorResponseErrorCode,
    )
    from .reasoning_message import ReasoningMessage as ReasoningMessage
    from .reasoning_message_output_item import ReasoningMessageOutputItem as ReasoningMessageOutputItem
    from .reasoning_message_output_item_type import ReasoningMessageOutputItemType as ReasoningMessageOutputItemType
    from .response_completed_data import ResponseCompletedData as ResponseCompletedData
    from .response_created_data import ResponseCreatedData as ResponseCreatedData
    from .response_failed_data import ResponseFailedData as ResponseFailedData
    from .response_in_progress_data import ResponseInProgressData as ResponseInProgressData
    from .response_output_delta_data import ResponseOutputDeltaData as ResponseOutputDeltaData
    from .response_status import ResponseStatus as ResponseStatus
    from .response_stream_event import ResponseStreamEvent as ResponseStreamEvent
    from .stream_event_type import StreamEventType as StreamEventType
    from .streaming_error import StreamingError as StreamingError
    from .streaming_error_data import StreamingErrorData as StreamingErrorData
    from .submit_feedback_request import SubmitFeedbackRequest as SubmitFeedbackRequest
    from .submit_feedback_response import SubmitFeedbackResponse as SubmitFeedbackResponse
    from .submit_feedback_response_status import SubmitFeedbackResponseStatus as SubmitFeedbackResponseStatus
    from .unauthorized_error_response import UnauthorizedErrorResponse as UnauthorizedErrorResponse
    from .unauthorized_error_response_error import UnauthorizedErrorResponseError as UnauthorizedErrorResponseError
    from .unauthorized_error_response_error_code import (
        UnauthorizedErrorResponseErrorCode as UnauthorizedErrorResponseErrorCode,
    )
    from .update_conversation_request import UpdateConversationRequest as UpdateConversationRequest
    from .user_input import UserInput as UserInput

_MODULES = {
    "ActorType": "actor_type",
    "AssistantResponse": "assistant_response",
    "Attribute": "attribute",
    "Citation": "citation",
    "CitationContentReference": "citation_content_reference",
    "CitationLocation": "citation_location",
    "CommonmarkTextContent": "commonmark_text_content",
    "CommonmarkTextContentItemType": "commonmark_text_content_item_type",
    "CommonmarkTextItem": "commonmark_text_item",
    "Conversation": "conversation",
    "ConversationsConversationIdResponsesStreamPostParametersAccept": "conversations_conversation_id_responses_stream_post_parameters_accept",
    "CreateConversationRequest": "create_conversation_request",
    "CreateResponseRequest": "create_response_request",
    "CreateResponseStreamRequest": "create_response_stream_request",
    "Display": "display",
    "Event": "event",
    "EventPayload": "event_payload",
    "EventType": "event_type",
    "FeedbackOption": "feedback_option",
    "ForbiddenErrorResponse": "forbidden_error_response",
    "ForbiddenErrorResponseError": "forbidden_error_response_error",
    "ForbiddenErrorResponseErrorCode": "forbidden_error_response_error_code",
    "InputRequiredErrorResponse": "input_required_error_response",
    "InputRequiredErrorResponseError": "input_required_error_response_error",
    "InputRequiredErrorResponseErrorCode": "input_required_error_response_error_code",
    "InternalErrorResponse": "internal_error_response",
    "InternalErrorResponseError": "internal_error_response_error",
    "InternalErrorResponseErrorCode": "internal_error_response_error_code",
    "InvalidCursorErrorResponse": "invalid_cursor_error_response",
    "InvalidCursorErrorResponseError": "invalid_cursor_error_response_error",
    "InvalidCursorErrorResponseErrorCode": "invalid_cursor_error_response_error_code",
    "InvalidFeedbackErrorResponse": "invalid_feedback_error_response",
    "InvalidFeedbackErrorResponseError": "invalid_feedback_error_response_error",
    "InvalidFeedbackErrorResponseErrorCode": "invalid_feedback_error_response_error_code",
    "InvalidTitleErrorResponse": "invalid_title_error_response",
    "InvalidTitleErrorResponseError": "invalid_title_error_response_error",
    "InvalidTitleErrorResponseErrorCode": "invalid_title_error_response_error_code",
    "ListConversationMessagesResponse": "list_conversation_messages_response",
    "ListConversationsResponse": "list_conversations_response",
    "ListEventsResponse": "list_events_response",
    "ListResponseMessagesResponse": "list_response_messages_response",
    "MarkdownTextContent": "markdown_text_content",
    "MarkdownTextContentItemType": "markdown_text_content_item_type",
    "MarkdownTextItem": "markdown_text_item",
    "Message": "message",
    "MessageFeedback": "message_feedback",
    "MessageOutputItem": "message_output_item",
    "MessageOutputItemType": "message_output_item_type",
    "Metadata": "metadata",
    "NotFoundErrorResponse": "not_found_error_response",
    "NotFoundErrorResponseError": "not_found_error_response_error",
    "NotFoundErrorResponseErrorCode": "not_found_error_response_error_code",
    "PlainTextContent": "plain_text_content",
    "PlainTextContentItemType": "plain_text_content_item_type",
    "PlainTextItem": "plain_text_item",
    "RateLimitExceededErrorResponse": "rate_limit_exceeded_error_response",
    "RateLimitExceededErrorResponseError": "rate_limit_exceeded_error_response_error",
    "RateLimitExceededErrorResponseErrorCode": "rate_limit_exceeded_error_response_error_code",
    "ReasoningMessage": "reasoning_message",
    "ReasoningMessageOutputItem": "reasoning_message_output_item",
    "ReasoningMessageOutputItemType": "reasoning_message_output_item_type",
    "ResponseCompletedData": "response_completed_data",
    "ResponseCreatedData": "response_created_data",
    "ResponseFailedData": "response_failed_data",
    "ResponseInProgressData": "response_in_progress_data",
    "ResponseOutputDeltaData": "response_output_delta_data",
    "ResponseStatus": "response_status",
    "ResponseStreamEvent": "response_stream_event",
    "StreamEventType": "stream_event_type",
    "StreamingError": "streaming_error",
    "StreamingErrorData": "streaming_error_data",
    "SubmitFeedbackRequest": "submit_feedback_request",
    "SubmitFeedbackResponse": "submit_feedback_response",
    "SubmitFeedbackResponseStatus": "submit_feedback_response_status",
    "UnauthorizedErrorResponse": "unauthorized_error_response",
    "UnauthorizedErrorResponseError": "unauthorized_error_response_error",
    "UnauthorizedErrorResponseErrorCode": "unauthorized_error_response_error_code",
    "UpdateConversationRequest": "update_conversation_request",
    "UserInput": "user_input",
}
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


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    return value

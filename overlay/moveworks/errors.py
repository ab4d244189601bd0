"""Every error that this library raises on purpose. All are `MoveworksError`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class MoveworksError(Exception):
    """Something the service, the network or the configuration did not allow.

    Attributes:
        message: What was wrong.
        advice: What to do about it.
        status: HTTP status, if there was an answer.
        code: The service's own error code, if it gave one.
        request_id: The trace id that the vendor's support asks for, from the answer's headers.
        method: HTTP method of the request.
        url: URL of the request, with the names of its query options but without their values.
        attempts: How often the request was sent.
        resume_from: Next link from which `list(resume_from=...)` goes on, if a list was interrupted;
            None if it must begin again. It carries the values of the query, so it is in no message.
        conversation_id: Id of the conversation, if it was about a response of the assistant.
        response_id: Id of the response, if one had begun: `responses.get` may find it later.
    """

    conversation_id: str | None = None
    response_id: str | None = None

    def __init__(
        self,
        message: str,
        *,
        advice: str = "",
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        method: str | None = None,
        url: str | None = None,
        attempts: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice
        self.status = status
        self.code = code
        self.request_id = request_id
        self.method = method
        self.url = url
        self.attempts = attempts
        self.resume_from: str | None = None

    def __str__(self) -> str:
        facts = {
            "code": self.code,
            "request": f"{self.method} {self.url}" if self.url else None,
            "attempts": self.attempts if self.attempts and self.attempts > 1 else None,
            "trace id": self.request_id,
        }
        known = ", ".join(f"{name}: {value}" for name, value in facts.items() if value)
        text = f"{self.message} ({known})" if known else self.message
        return f"{text}. {self.advice}" if self.advice else text

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.message,), dict(vars(self))


class ConfigurationError(MoveworksError):
    """Something is missing or contradictory, or the client is used in a way that cannot work."""


class MissingExtraError(ConfigurationError, ImportError):
    """A part of the library needs packages that are not installed; the message names the extra."""


class ApiError(MoveworksError):
    """The service answered with an error."""


class BadRequestError(ApiError):
    """400: the service did not understand the request, most often its filter."""


class AuthenticationError(ApiError):
    """401: the credential is missing, wrong or expired."""


class PermissionDeniedError(ApiError):
    """403: the credential is valid, but has no scope for this."""


class NotFoundError(ApiError):
    """404: nothing is at this URL for this credential."""


class RateLimitError(ApiError):
    """429: too many requests, and waiting longer was not allowed.

    Attributes:
        retry_after: Seconds that the service asks to wait, if it said so.
    """

    retry_after: float | None = None


class ServerError(ApiError):
    """5xx: the service failed, and did so at the last attempt as well."""


class TransportError(MoveworksError):
    """No complete answer came: the connection, the name or the certificate failed, or the answer was cut short."""


class DeadlineError(TransportError, TimeoutError):
    """The time that was allowed for the request, with its retries, is over."""


class ResponseError(MoveworksError):
    """An answer came, and it is not what it should be: not JSON, of another shape, or too large."""


class UntrustedLinkError(MoveworksError):
    """A next link or redirect leads somewhere the credential must not go."""


class PagingLoopError(MoveworksError):
    """A next link was seen before: following it would never end."""


class ResponseTimeoutError(DeadlineError):
    """The assistant did not finish its response in time. It may still do: `responses.get` tells."""


class StreamError(MoveworksError):
    """A stream of the assistant ended without its answer. A code of the service with a class of its own is of both.

    Attributes:
        partial: The text that came so far. It is in no message.
    """

    partial: str = ""


class ResponseFailedError(StreamError):
    """The assistant failed to respond."""


STATUS_ERRORS: Final[Mapping[int, type[ApiError]]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    429: RateLimitError,
}
MEANINGS: Final[Mapping[int, str]] = {
    400: "the service did not understand the request",
    401: "the credential is missing, wrong or expired",
    403: "the credential is valid, but has no scope for this",
    404: "nothing is at this URL for this credential",
    408: "the service did not receive the request in time",
    410: "what was at this URL is gone",
    429: "too many requests",
    501: "the service does not offer this",
}
"""What a status means, for answers without a text of their own."""


def error_class(status: int) -> type[ApiError]:
    """The class for a status."""
    return STATUS_ERRORS.get(status) or (ServerError if status >= 500 else ApiError)


def meaning(status: int) -> str:
    """What a status means, in words."""
    return MEANINGS.get(status) or ("the service failed" if status >= 500 else "the service answered with an error")


CODES: Final[Mapping[str, type[ApiError]]] = {
    "UNAUTHORIZED": AuthenticationError,
    "FORBIDDEN": PermissionDeniedError,
    "NOT_FOUND": NotFoundError,
    "RATE_LIMIT_EXCEEDED": RateLimitError,
    "INTERNAL_ERROR": ServerError,
    "INVALID_INPUT": BadRequestError,
    "INVALID_REQUEST": BadRequestError,
}
"""Codes of the service that mean what a status means."""


class _UnauthorizedStreamError(StreamError, AuthenticationError):
    pass


class _ForbiddenStreamError(StreamError, PermissionDeniedError):
    pass


class _NotFoundStreamError(StreamError, NotFoundError):
    pass


class _RateLimitStreamError(StreamError, RateLimitError):
    pass


class _ServerStreamError(StreamError, ServerError):
    pass


class _BadRequestStreamError(StreamError, BadRequestError):
    pass


_STREAM_ERRORS: Final[tuple[type[StreamError], ...]] = (
    _UnauthorizedStreamError,
    _ForbiddenStreamError,
    _NotFoundStreamError,
    _RateLimitStreamError,
    _ServerStreamError,
    _BadRequestStreamError,
)


def stream_error_class(code: str | None) -> type[StreamError]:
    """The class for a code in a stream: of `StreamError`, and of the class that the code has elsewhere."""
    kind = CODES.get(code or "")
    return next((each for each in _STREAM_ERRORS if kind is not None and issubclass(each, kind)), StreamError)

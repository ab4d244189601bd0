"""Answers: from a status and a body to the model that the document declares."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from attrs import define, field, frozen

from moveworks_runtime.requests import File

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping
    from http import HTTPStatus

    import httpx

T = TypeVar("T")


@frozen
class Answer:
    """What an operation declares for a status, or a range of them.

    Attributes:
        first: The lowest status that is meant.
        last: The highest one.
        kind: `json`, `text`, `file`, or an empty text where no body is declared.
        read: Makes a model of decoded JSON.
    """

    first: int
    last: int
    kind: str = "json"
    read: Callable[[Any], Any] = lambda value: value


class Answers(Generic[T]):
    """The answers that an operation declares."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = answers

    def _find(self, status: int) -> Answer | None:
        for each in self._answers:
            if each.first <= status <= each.last:
                return each
        return None

    def declares(self, status: int) -> bool:
        """Whether the document says what an answer of this status holds."""
        return self._find(status) is not None

    def read(self, status: int, data: Any) -> T | None:
        """The model of decoded JSON, which becomes the model's own; None for a status that is not declared."""
        answer = self._find(status)
        model: T | None = None if answer is None or not answer.kind else answer.read(data)
        return model

    def answer(self, status: int, content: bytes, content_type: str | None = None) -> T | None:
        """The model of a body; None for a status that is not declared, and for a body that is not as declared."""
        model: T | None = self._parsed(self._find(status), content, content_type)
        return model

    @staticmethod
    def _parsed(answer: Answer | None, content: bytes, content_type: str | None) -> Any:
        if answer is None or not answer.kind:
            return None
        media = (content_type or "").partition(";")[0].strip().lower()
        if answer.kind == "json" or media == "application/json" or media.endswith("+json"):
            try:
                return answer.read(json.loads(content))
            except (ValueError, RecursionError):
                return None
        if answer.kind == "text":
            return content.decode("utf-8", "replace")
        return File(content, mime_type=content_type)


@define
class Response(Generic[T]):
    """An answer, with its body as a model if the document declares one for its status."""

    status_code: HTTPStatus | int
    content: bytes = field(repr=False)
    headers: MutableMapping[str, str] = field(repr=False)
    parsed: T | None = field(repr=False)


def build_response(answers: Answers[T], response: httpx.Response) -> Response[T]:
    """The answer of an operation."""
    parsed = answers.answer(response.status_code, response.content, response.headers.get("content-type"))
    return Response(as_status(response.status_code), response.content, response.headers, parsed)


def as_status(code: int) -> HTTPStatus | int:
    """A status code; one that `http.HTTPStatus` does not know, such as 520, stays a number."""
    from http import HTTPStatus

    try:
        return HTTPStatus(code)
    except ValueError:
        return code

"""What a stream of events comes to: the text so far, its sources, and how it ended. Does no I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from attrs import define, field

from moveworks.assistant.calls import id_from_service, read_output, read_response

if TYPE_CHECKING:
    from moveworks.assistant.reader import ServerEvent
    from moveworks_beta.models import AssistantResponse

FINAL: Final = frozenset({"RESPONSE_COMPLETED", "RESPONSE_FAILED", "ERROR"})
FINISHED: Final = frozenset({"COMPLETED", "FAILED"})
"""Statuses of a response that does not change any more."""
_decode: Final = msgspec.json.Decoder().decode


@define(kw_only=True, repr=False)
class Update:
    """What one event of a stream changed.

    Attributes:
        event: Name of the event, such as `RESPONSE_OUTPUT_DELTA`; others than those of the spec may come.
        text: The whole text so far. It may differ from the one before in any place.
        data: The event's data as it came; text if it could not be read.
    """

    event: str
    text: str = field(default="", repr=False)
    data: Any = field(default=None, repr=False)

    @property
    def output(self) -> Any:
        """The output that came with the event, as a model; as it came if the spec does not know it."""
        output = self.data.get("output") if isinstance(self.data, dict) else None
        return None if output is None else read_output(output)

    @property
    def response(self) -> AssistantResponse | None:
        """The response that came with the event."""
        response = self.data.get("response") if isinstance(self.data, dict) else None
        return read_response(response) if isinstance(response, dict) else None

    def __repr__(self) -> str:
        return f"Update({self.event}, {len(self.text)} characters)"


class StreamState:
    """Takes events, and knows what they come to.

    Attributes:
        text: The whole text so far: the messages of the assistant, with a blank line between two.
        final: Name of the event that ended the stream; None before.
        error: Code and message of an `ERROR`.
    """

    def __init__(self, conversation_id: str) -> None:
        self.conversation_id = conversation_id
        self.response_id: str | None = None
        self.text = ""
        self.final: str | None = None
        self.error: tuple[str | None, str | None] | None = None
        # By id: the number of their event, what they are, and their text, which is not read again with each event.
        self._outputs: dict[tuple[str, str], tuple[int, dict[str, Any], str]] = {}

    @property
    def outputs(self) -> list[dict[str, Any]]:
        """All outputs, in the order in which they began."""
        return [output for _, output, _ in self._outputs.values()]

    def feed(self, event: ServerEvent) -> Update:
        """Take an event. One that cannot be read is handed over, and changes nothing."""
        try:
            data = _decode(event.data)
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
            data = event.data
        name = event.name
        if isinstance(data, dict):
            if name in {"", "message"}:  # the name that an event without one has
                name = str(data.get("event_type") or name)
            self._take(name, data)
        elif name in FINAL:
            name = f"{name} (unreadable)"  # a poll, or the end of the stream, settles what came of it
        return Update(event=name, text=self.text, data=data)

    def settle(self, response: dict[str, Any]) -> Update:
        """Take a response that was asked for, which is how it ended."""
        name = "RESPONSE_FAILED" if response.get("status") == "FAILED" else "RESPONSE_COMPLETED"
        data = {"event_type": name, "response": response}
        self._take(name, data)
        return Update(event=name, text=self.text, data=data)

    def late(self, messages: list[dict[str, Any]]) -> None:
        """Take messages that were found in the conversation after the response had ended."""
        self._keep_all([{"type": "MESSAGE", "message": message} for message in messages], None)
        self._write()

    def _take(self, name: str, data: dict[str, Any]) -> None:
        number = data.get("sequence_number")
        number = number if type(number) is int else None
        response = data.get("response")
        if isinstance(response, dict):
            self._identify(response)
            outputs = response.get("outputs")
            if name in FINAL and isinstance(outputs, list) and outputs:
                self._outputs = {}  # those of the final event win over what was shown
            self._keep_all(outputs, number)
        if "output" in data:
            self._keep(data["output"], number, {})
        if name in FINAL:
            self.final = name
        if name == "ERROR":
            given = data.get("error")
            error = given if isinstance(given, dict) else data
            code, message = error.get("code"), error.get("message")
            self.error = (str(code) if code is not None else None, message if isinstance(message, str) else None)
        self._write()

    def _write(self) -> None:
        self.text = "\n\n".join([text for _, _, text in self._outputs.values() if text])

    def _identify(self, part: dict[str, Any]) -> None:
        self.response_id = self.response_id or id_from_service(part.get("response_id"))

    def _keep_all(self, outputs: object, number: int | None) -> None:
        without_id: dict[str, int] = {}
        for output in outputs if isinstance(outputs, list) else ():
            self._keep(output, number, without_id)

    def _keep(self, output: object, number: int | None, without_id: dict[str, int]) -> None:
        if not isinstance(output, dict):
            return
        inner = inner_of(output)
        if self.response_id is None:
            self._identify(inner)
        kind, identity = str(output.get("type")), None
        for name in inner:
            if name.endswith("message_id"):
                identity = inner[name]
                break
        if identity is None:  # then its place among its like tells it from the others
            identity = without_id[kind] = without_id.get(kind, -1) + 1
        key = kind, str(identity)
        before = self._outputs.get(key)
        if number is None:
            number = before[0] if before else 0
        # A snapshot replaces the one before, and never goes back to an older one.
        if before is None or number >= before[0]:
            self._outputs[key] = number, output, _message_text(output, inner)


def inner_of(output: dict[str, Any]) -> dict[str, Any]:
    """What an output holds, under a name that is its type in lower case; the output itself if there is none."""
    inner = output.get(str(output.get("type", "")).lower())
    if not isinstance(inner, dict):
        inner = next(
            (value for name, value in output.items() if name.endswith("message") and isinstance(value, dict)), None
        )
    return inner if isinstance(inner, dict) else output


def is_message(output: dict[str, Any]) -> bool:
    """Whether an output is a message; others, also those that nobody knows, are no part of the text."""
    return str(output.get("type", "MESSAGE")) == "MESSAGE"


def _message_text(output: dict[str, Any], inner: dict[str, Any]) -> str:
    """The text of an output that is a message; empty for others."""
    return content_text(inner.get("content")) if is_message(output) else ""


def content_text(content: object) -> str:
    """The text of a content, of whatever type: its inner object is called as the type in lower case."""
    if not isinstance(content, dict):
        return ""
    inner = content.get(str(content.get("type", "")).lower())
    if not isinstance(inner, dict):
        inner = next((value for value in content.values() if isinstance(value, dict) and "text" in value), None)
    text = inner.get("text") if isinstance(inner, dict) else None
    return text if isinstance(text, str) else ""

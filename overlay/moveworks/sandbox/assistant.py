"""The beta API of the sandbox: conversations, messages, responses and events of one user, with their real life."""

from __future__ import annotations

import json
import re
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from moveworks_beta.models import Event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from moveworks.sandbox.clock import Clock

MAX_TITLE: Final = 256
PAGE_SIZE: Final = 20
MAX_PAGE_SIZE: Final = 100
CURSOR_LIFE: Final = 3600
"""Seconds that a cursor is taken; the service does not say how long its own are."""
CURSOR: Final = re.compile(r"(?P<list>[a-z]+):(?P<place>[0-9]{1,9}):(?P<made>[0-9]{1,12})")
INTEGER: Final = re.compile(r"[+-]?[0-9]{1,4000}")
"""Python refuses to read longer ones."""
CANNED: Final[dict[str, Any]] = {
    "text": "You can do that in the self-service portal. If it does not work, open a ticket and we will help you.",
    "reasoning": ["Looking for articles"],
    "citations": [{"title": "Self-service portal", "url": "https://help.example.com/portal", "offset": 43}],
}
"""What is answered where no rule of `answers` fits."""


class RefusedError(Exception):
    """What the service answers with an error: status, code and message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class AssistantState:
    """Everything that the assistant knows. Safe to use from several threads."""

    def __init__(self, clock: Clock, identity: Callable[[str, int], str]) -> None:
        self._clock, self._identity = clock, identity
        self._lock = threading.RLock()
        self._numbers: dict[str, int] = {}
        self._answers: list[dict[str, Any]] = []
        self._polls: dict[str, int] = {}
        self.conversations: dict[str, dict[str, Any]] = {}
        self.messages: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.responses: dict[str, dict[str, Any]] = {}
        self.feedback: list[dict[str, Any]] = []
        self.doubled: set[str] = set()
        self.recorded: list[bytes] | None = None
        for index in range(20):
            created = clock.began - timedelta(hours=index + 1)
            made: dict[str, Any] = {
                "conversation_id": self._new("conv"),
                "title": f"Conversation {index + 1}",
                "archived": index % 5 == 4,
                "created_at": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "updated_at": created.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            }
            self.conversations[made["conversation_id"]] = made

    def answer_with(self, rules: Iterable[dict[str, Any]]) -> None:
        """Script what is answered: the first rule whose `match` is in the question counts.

        A rule has `text`, and may have `citations` (title, url, offset), `reasoning` (texts) and `follow_up` (a message
        that comes as an event after the response).
        """
        with self._lock:
            self._answers = list(rules)

    # operations

    def create_conversation(self, body: dict[str, Any]) -> dict[str, Any]:
        """A new conversation."""
        with self._lock:
            now = self._now()
            made: dict[str, Any] = {
                "conversation_id": self._new("conv"),
                "title": self._title(body, "New conversation"),
                "archived": False,
                "created_at": now,
                "updated_at": now,
            }
            self.conversations[made["conversation_id"]] = made
            return dict(made)

    def conversation(self, identity: str) -> dict[str, Any]:
        """One conversation."""
        found = self.conversations.get(identity)
        if found is None:
            raise RefusedError(404, "NOT_FOUND", "no such conversation")
        return dict(found)

    def update_conversation(self, identity: str, body: dict[str, Any]) -> dict[str, Any]:
        """Change the title, or whether it is archived."""
        with self._lock:
            self.conversation(identity)
            changed = self.conversations[identity]
            title, archived = self._title(body, changed["title"]), body.get("archived", changed["archived"])
            if not isinstance(archived, bool):
                raise RefusedError(400, "INVALID_INPUT", "archived is true or false")
            changed |= {"title": title, "archived": archived, "updated_at": self._now()}
            return dict(changed)

    def list_conversations(self, query: dict[str, str]) -> dict[str, Any]:
        """The one that changed last first; archived ones only on request."""
        archived = query.get("archived", "false")
        if archived not in {"true", "false"}:
            raise RefusedError(400, "INVALID_INPUT", "archived is true or false")
        found = [each for each in self.conversations.values() if each["archived"] == (archived == "true")]
        found.sort(key=lambda each: (each["updated_at"], each["conversation_id"]), reverse=True)
        return self._page("conversations", found, query)

    def list_messages(self, conversation_id: str, query: dict[str, str]) -> dict[str, Any]:
        """The messages of a conversation, newest first."""
        self.conversation(conversation_id)
        found = [each for each in self.messages if each["conversation_id"] == conversation_id]
        return self._page("messages", found[::-1], query)

    def list_response_messages(self, conversation_id: str, response_id: str) -> dict[str, Any]:
        """The messages of a response, the user's own included."""
        self._response(conversation_id, response_id)
        return {"messages": [each for each in self.messages if each["response_id"] == response_id]}

    def list_events(self, conversation_id: str, query: dict[str, str]) -> dict[str, Any]:
        """The events, oldest first; `-` means those of all conversations."""
        if conversation_id != "-":
            self.conversation(conversation_id)
        found = [each for each in self.events if conversation_id in {"-", each["conversation_id"]}]
        ids = [each["event_id"] for each in found]
        if (after := query.get("starting_after")) in ids:
            found, ids = found[ids.index(after) + 1 :], ids[ids.index(after) + 1 :]
        if (end := query.get("ending_at")) in ids:
            found = found[: ids.index(end) + 1]
        return self._page("events", found, query)

    def begin(self, conversation_id: str, body: dict[str, Any], fault: str = "") -> dict[str, Any]:
        """Take a question; the response is as it is when it begins."""
        text = question_of(body)
        if text is None:
            raise RefusedError(400, "INVALID_INPUT", "input is required")
        with self._lock:
            self.conversation(conversation_id)
            response_id = self._new("resp")
            if any(
                each["conversation_id"] == conversation_id and each["_text"] == text and not each.get("_done")
                for each in self.responses.values()
            ):
                self.doubled.add(response_id)
            self._write(conversation_id, response_id, "USER", text)
            rule: dict[str, Any] = next(
                (each for each in self._answers if str(each.get("match", "")).lower() in text.lower()), CANNED
            )
            message = self._message(conversation_id, response_id, "ASSISTANT", str(rule.get("text", "")))
            citations = rule.get("citations") or []
            message["citations"] = [
                {
                    "citation_id": f"cite_{place}",
                    "url": each.get("url", ""),
                    "display": {"title": _content(each.get("title", ""), "PLAIN_TEXT")},
                }
                for place, each in enumerate(citations, 1)
            ]
            message["content_references"] = [
                {"citation_id": f"cite_{place}", "offset": each.get("offset", len(str(rule.get("text", ""))))}
                for place, each in enumerate(citations, 1)
            ]
            message["feedback"] = {
                rating: {"callback_id": f"{rating}:{message['message_id']}"} for rating in ("helpful", "unhelpful")
            }
            outputs = [
                {"type": "REASONING_MESSAGE", "reasoning_message": self._reasoning(conversation_id, response_id, step)}
                for step in rule.get("reasoning") or []
            ]
            if rule.get("text"):
                outputs.append({"type": "MESSAGE", "message": message})
            self.responses[response_id] = {
                "response_id": response_id,
                "conversation_id": conversation_id,
                "status": "FAILED" if rule.get("fails") else "COMPLETED",
                "created_at": self._now(),
                "completed_at": self._now(),
                "outputs": [] if fault == "late-answer" else outputs,
                "_follow_up": rule.get("text") if fault == "late-answer" else rule.get("follow_up"),
                "_text": text,
                "_endless": fault == "never-ends",
            }
            return self._shown(response_id, "CREATED")

    def get_response(self, conversation_id: str, response_id: str) -> dict[str, Any]:
        """A response; it is in progress when it is first asked for."""
        with self._lock:
            self._response(conversation_id, response_id)
            self._polls[response_id] = self._polls.get(response_id, 0) + 1
            if self._polls[response_id] < 2 or self.responses[response_id]["_endless"]:
                return self._shown(response_id, "IN_PROGRESS")
            self.finish(response_id)
            return self._shown(response_id, self.responses[response_id]["status"])

    def finish(self, response_id: str) -> None:
        """The answer stands in the conversation, and what follows it comes as events. Only the first time."""
        with self._lock:
            response = self.responses[response_id]
            if response.get("_done"):
                return
            response["_done"] = True
            self._polls[response_id] = self._polls.get(response_id, 0) + 2
            for output in response["outputs"]:
                if output["type"] == "MESSAGE":
                    self.messages.append(output["message"])
                    self._event(output["message"])
            if response.get("_follow_up"):
                self._write(response["conversation_id"], response_id, "ASSISTANT", response["_follow_up"])

    def stream(self, response_id: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Names and data of the events of a response: it grows in snapshots."""
        number = 1
        for name, status in (("RESPONSE_CREATED", "CREATED"), ("RESPONSE_IN_PROGRESS", "IN_PROGRESS")):
            response = self._shown(response_id, status)
            yield name, {"event_type": name, "sequence_number": number, "response": response}
            number += 1
        for output in self.responses[response_id]["outputs"]:
            for snapshot in _snapshots(output):
                name = "RESPONSE_OUTPUT_DELTA"
                yield name, {"event_type": name, "sequence_number": number, "output": snapshot}
                number += 1
        if self.responses[response_id]["_endless"]:
            return
        self.finish(response_id)
        status = self.responses[response_id]["status"]
        name = f"RESPONSE_{status}"
        yield name, {"event_type": name, "sequence_number": number, "response": self._shown(response_id, status)}

    def submit_feedback(self, ids: tuple[str, str, str], body: dict[str, Any]) -> dict[str, Any]:
        """Take a rating, if its callback is one of the message's."""
        conversation_id, response_id, message_id = ids
        self._response(conversation_id, response_id)
        if body.get("callback_id") not in [f"{rating}:{message_id}" for rating in ("helpful", "unhelpful")]:
            raise RefusedError(400, "INVALID_REQUEST", "no such callback")
        if not isinstance(body.get("additional_feedback", ""), str):
            raise RefusedError(400, "INVALID_REQUEST", "additional_feedback is text")
        self.feedback.append({"message_id": message_id, **body})
        return {"status": "SUBMITTED"}

    # parts

    def _new(self, prefix: str) -> str:
        with self._lock:
            number = self._numbers[prefix] = self._numbers.get(prefix, -1) + 1
            return self._identity(prefix, number)

    def _now(self) -> str:
        return self._clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    @staticmethod
    def _title(body: dict[str, Any], otherwise: str) -> str:
        title = body.get("title", otherwise)
        if not isinstance(title, str) or len(title) > MAX_TITLE:
            raise RefusedError(400, "INVALID_INPUT", f"a title is text of at most {MAX_TITLE} characters")
        return title

    def _response(self, conversation_id: str, response_id: str) -> dict[str, Any]:
        self.conversation(conversation_id)
        found = self.responses.get(response_id)
        if found is None or found["conversation_id"] != conversation_id:
            raise RefusedError(404, "NOT_FOUND", "no such response")
        return found

    def _shown(self, response_id: str, status: str) -> dict[str, Any]:
        response = {name: value for name, value in self.responses[response_id].items() if name[:1] != "_"}
        if status in {"CREATED", "IN_PROGRESS"}:
            response |= {"status": status, "completed_at": None, "outputs": []}
        return response

    def _message(self, conversation_id: str, response_id: str, actor: str, text: str) -> dict[str, Any]:
        return {
            "message_id": self._new("msg"),
            "conversation_id": conversation_id,
            "response_id": response_id,
            "actor": actor,
            "content": _content(text, "PLAIN_TEXT" if actor == "USER" else "COMMONMARK_TEXT"),
            "created_at": self._now(),
        }

    def _reasoning(self, conversation_id: str, response_id: str, text: str) -> dict[str, Any]:
        return {
            "reasoning_message_id": self._new("rsn"),
            "conversation_id": conversation_id,
            "response_id": response_id,
            "content": _content(text, "PLAIN_TEXT"),
            "created_at": self._now(),
        }

    def _write(self, conversation_id: str, response_id: str, actor: str, text: str) -> None:
        message = self._message(conversation_id, response_id, actor, text)
        self.messages.append(message)
        self.conversations[conversation_id]["updated_at"] = self._now()
        self._event(message)

    def _event(self, message: dict[str, Any]) -> None:
        event = {
            "event_id": self._new("evt"),
            "conversation_id": message["conversation_id"],
            "event_payload": {"type": "MESSAGE_EVENT", "message": message},
            "created_at": message["created_at"],
        }
        # Only later generations of the API say when an event was.
        self.events.append({name: value for name, value in event.items() if name in Event.codec().names})

    def _page(self, name: str, items: list[dict[str, Any]], query: dict[str, str]) -> dict[str, Any]:
        start, size, now = 0, page_size(query), int(self._clock.now().timestamp())
        if query.get("cursor"):
            match = CURSOR.fullmatch(query["cursor"])
            if match is None or match["list"] != name:
                raise RefusedError(400, "INVALID_CURSOR", "no such cursor")
            if now - int(match["made"]) > CURSOR_LIFE:
                raise RefusedError(400, "INVALID_CURSOR", "this cursor has expired")
            start = int(match["place"])
        end = start + size
        return {
            name: items[start:end],
            "metadata": {"next_cursor": f"{name}:{end}:{now}" if end < len(items) else None},
        }


def page_size(query: dict[str, str]) -> int:
    """How many items a page has. The document sets no limits, so what lies beyond them is as good as the nearest one.

    Raises:
        RefusedError: if what is given is no integer.
    """
    given = query.get("limit", str(PAGE_SIZE))
    if not INTEGER.fullmatch(given):
        raise RefusedError(400, "INVALID_INPUT", "limit is an integer")
    return min(max(int(given), 1), MAX_PAGE_SIZE)


def question_of(body: object) -> str | None:
    """The text in the body of a question, however deep it sits."""
    while isinstance(body, dict):
        if isinstance(body.get("text"), str):
            return str(body["text"]) or None
        body = next((value for value in body.values() if isinstance(value, dict)), None)
    return None


def event_bytes(name: str, data: dict[str, Any]) -> bytes:
    """A server-sent event."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def _content(text: str, kind: str) -> dict[str, Any]:
    return {"type": kind, kind.lower(): {"text": text}}


def _snapshots(output: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """An output as it grows, by words; sources come with the whole text."""
    if output["type"] != "MESSAGE":
        yield output
        return
    message = output["message"]
    content = message["content"]
    text = content[content["type"].lower()]["text"]
    words = text.split(" ")
    for number in range(3, len(words), 3):
        bare = {name: value for name, value in message.items() if name not in {"citations", "content_references"}}
        yield {**output, "message": {**bare, "content": _content(" ".join(words[:number]), content["type"])}}
    yield output

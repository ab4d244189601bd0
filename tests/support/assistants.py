"""A scripted assistant over a socket: streams byte by byte, and the responses behind them."""

from __future__ import annotations

import itertools
import json
import re
from contextlib import contextmanager

from published import ASSISTANT_PATH
from sockets import http, socket_server

from moveworks import BearerToken, Moveworks

CONVERSATION, RESPONSE = "conv_1", "resp_1"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nx-moveworks-root-uuid: trace-1\r\n\r\n"


def message(text, number=1, **more):
    """An output that is a message."""
    inner = {
        "message_id": f"msg_{number}",
        "conversation_id": CONVERSATION,
        "response_id": RESPONSE,
        "actor": "ASSISTANT",
        "content": {"type": "MARKDOWN_TEXT", "markdown_text": {"text": text}},
        "created_at": "2026-11-01T10:00:00Z",
        **more,
    }
    return {"type": "MESSAGE", "message": inner}


def reasoning(text, number=1):
    inner = {
        "reasoning_message_id": f"rsn_{number}",
        "conversation_id": CONVERSATION,
        "response_id": RESPONSE,
        "content": {"type": "PLAIN_TEXT", "plain_text": {"text": text}},
        "created_at": "2026-11-01T10:00:00Z",
    }
    return {"type": "REASONING_MESSAGE", "reasoning_message": inner}


def response(status="COMPLETED", *outputs):
    return {
        "response_id": RESPONSE,
        "conversation_id": CONVERSATION,
        "status": status,
        "created_at": "2026-11-01T10:00:00Z",
        "outputs": list(outputs),
    }


def event(name, data, end="\n"):
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    lines = [f"event: {name}"] if name else []
    lines += [f"data: {line}" for line in text.split("\n")]
    return (end.join(lines) + end + end).encode()


def created(number=1, **form):
    data = {"event_type": "RESPONSE_CREATED", "sequence_number": number, "response": response("CREATED")}
    return event("RESPONSE_CREATED", data, **form)


def delta(output, number, **form):
    data = {"event_type": "RESPONSE_OUTPUT_DELTA", "sequence_number": number, "output": output}
    return event("RESPONSE_OUTPUT_DELTA", data, **form)


def completed(number, *outputs, **form):
    data = {
        "event_type": "RESPONSE_COMPLETED",
        "sequence_number": number,
        "response": response("COMPLETED", *outputs),
    }
    return event("RESPONSE_COMPLETED", data, **form)


class Service:
    """Answers the operations of the assistant from a script.

    Args:
        stream: Parts of the stream, or the whole answer to the request for one.
        polls: What `get-response` answers, in turn; the last one again and again.
        messages: Newest first.
    """

    def __init__(self, stream=(), polls=(), messages=()):
        self.stream, self.polls, self.messages = stream, list(polls), list(messages)
        self.asked = []

    def __call__(self, request, number):
        line = request.partition(b"\r\n")[0].decode()
        method, target, _ = line.split(" ")
        path = target.partition("?")[0].removeprefix(ASSISTANT_PATH)
        self.asked.append(f"{method} {path}")
        if path.endswith("/responses/stream"):
            stream = self.stream
            return stream if isinstance(stream, bytes) else itertools.chain([HEAD], stream)
        if path.endswith("/messages"):
            return http({"messages": self.messages, "metadata": {"next_cursor": None}})
        if path.endswith("/feedback"):
            return http({"status": "SUBMITTED"})
        if re.search(r"/responses/[^/]+$", path):
            return http(self.polls.pop(0) if len(self.polls) > 1 else self.polls[0])
        if path.endswith("/responses"):
            return http(response("CREATED"), "202 Accepted")
        if path.endswith("/conversations") and method == "POST":
            times = {"created_at": "2026-11-01T10:00:00Z", "updated_at": "2026-11-01T10:00:00Z"}
            return http({"conversation_id": CONVERSATION, **times}, "201 Created")
        return http({"error": {"code": "NOT_FOUND", "message": "no such thing"}}, "404 Not Found")


@contextmanager
def assistant(service, **settings):
    """A blocking facade of such a service."""
    with socket_server(service) as (origin, _):
        settings = {"assistant_auth": BearerToken("token"), "assistant": "acme", "base_url": origin, **settings}
        with Moveworks(**settings) as mw:
            yield mw.assistant

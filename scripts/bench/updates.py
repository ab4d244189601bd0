"""What it costs to hand over one update of a stream, against httpx-sse and `json.loads` on the same bytes.

Each part of the body is one event, as a service sends it that writes while it thinks. Both read from memory through
what reads a body for them: `OpenBody` for ours, `httpx.Response` for httpx-sse. CPU time of whole streams, in turn; the
ratio is that of the fastest rounds, since what a busy machine adds is never negative.

A model is made when `output` is read. httpx-sse makes none, so the second ratio has more to do for the same target.
"""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Any, Final, cast

import httpx
from httpx_sse import EventSource

from moveworks import BearerToken, Moveworks
from moveworks.assistant.calls import Caller
from moveworks.assistant.exchange import Patience
from moveworks.assistant.stream import ResponseStream
from moveworks.sandbox.assistant import event_bytes
from moveworks.transport.flow import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from moveworks.transport import Request
    from moveworks.transport.http import Transport

WORDS: Final = 150
"""Words of the answer; each snapshot has one more."""
ROUNDS: Final = 200
TARGET: Final = 1.0
MADE: Final = "2026-11-01T10:00:00.123456Z"
IDS: Final = {"conversation_id": "conv_Dy3WYprbH0XJsocMn3nJB", "response_id": "resp_rwYPuD1bHLMgs5wzLl3iX"}


def main() -> int:
    """Print what was measured; exit code 1 if an update costs more than its target."""
    parts = _parts()
    with Moveworks(assistant_auth=BearerToken("t"), assistant="acme", base_url="http://127.0.0.1:9") as mw:
        caller = Caller(cast("Transport", _Prepared(mw.assistant.transport, parts)), "acme")
        contenders: dict[str, Callable[[], int]] = {
            "peer": lambda: _peer(parts),
            "text": lambda: _text(caller),
            "output": lambda: _output(caller),
        }
        expected = sum(len(" ".join(["answer"] * count)) for count in range(1, WORDS + 1))
        lowest = dict.fromkeys(contenders, float("inf"))
        for _ in range(ROUNDS):
            for name, contender in contenders.items():
                began = time.process_time()
                found = contender()
                lowest[name] = min(lowest[name], time.process_time() - began)
                if found != expected:
                    raise SystemExit(f"{name} saw {found} characters, not {expected}")
    each = {name: seconds / len(parts) * 1e6 for name, seconds in lowest.items()}
    text, output = lowest["text"] / lowest["peer"], lowest["output"] / lowest["peer"]
    print(f"httpx-sse and json.loads, one event                 {each['peer']:8.1f} µs")
    print(f"an update of ours with its text / the same          {text:8.2f} {_judged(text)}")
    print(f"an update of ours with its model / the same         {output:8.2f} {_judged(output)}")
    return 0 if max(text, output) <= TARGET else 1


def _judged(ratio: float) -> str:
    return f"(at most {TARGET}{'' if ratio <= TARGET else ', missed'})"


def _parts() -> list[bytes]:
    response: dict[str, Any] = {**IDS, "status": "CREATED", "created_at": MADE, "completed_at": None, "outputs": []}
    parts = [_event("RESPONSE_CREATED", 1, response=response)]
    for count in range(1, WORDS + 1):
        content = {"type": "COMMONMARK_TEXT", "commonmark_text": {"text": " ".join(["answer"] * count)}}
        feedback = {kind: {"callback_id": f"{kind}:msg_mxxmHreF08a4ABfLOAhzq"} for kind in ("helpful", "unhelpful")}
        message = {"message_id": "msg_mxxmHreF08a4ABfLOAhzq", **IDS, "actor": "ASSISTANT", "content": content}
        message = {**message, "created_at": MADE, "feedback": feedback}
        output = {"type": "MESSAGE", "message": message}
        parts.append(_event("RESPONSE_OUTPUT_DELTA", count + 1, output=output))
    ended = {**response, "status": "COMPLETED", "completed_at": MADE}
    return [*parts, _event("RESPONSE_COMPLETED", WORDS + 2, response=ended)]


def _event(name: str, number: int, **more: Any) -> bytes:
    return event_bytes(name, {"event_type": name, "sequence_number": number, **more})


class _Body:
    """A body of prepared parts, for both."""

    def __init__(self, parts: list[bytes]) -> None:
        self.stream: Iterator[bytes] = iter(parts)

    def close(self) -> None:
        """Nothing is open."""


class _Prepared:
    """The transport of a client, which answers each request with the same stream."""

    def __init__(self, transport: Any, parts: list[bytes]) -> None:
        self._transport, self._parts = transport, parts

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def send(self, _request: Request, limit: float) -> Reply:  # noqa: ARG002 - as a transport is called
        return Reply(status=200, data=None, request_id=None, attempts=1, opened=_Body(self._parts))


def _text(caller: Caller) -> int:
    found = 0
    with ResponseStream(caller, IDS["conversation_id"], "Hi", Patience()) as stream:
        for update in stream:
            if update.event == "RESPONSE_OUTPUT_DELTA":
                found += len(update.text)
    return found


def _output(caller: Caller) -> int:
    found = 0
    with ResponseStream(caller, IDS["conversation_id"], "Hi", Patience()) as stream:
        for update in stream:
            if update.event == "RESPONSE_OUTPUT_DELTA":
                found += len(update.output.message.content.commonmark_text.text)
    return found


def _peer(parts: list[bytes]) -> int:
    response = httpx.Response(200, headers={"Content-Type": "text/event-stream"}, content=iter(parts))
    found = 0
    for event in EventSource(response).iter_sse():
        data = json.loads(event.data)
        if event.event == "RESPONSE_OUTPUT_DELTA":
            found += len(data["output"]["message"]["content"]["commonmark_text"]["text"])
    return found


if __name__ == "__main__":
    sys.exit(main())

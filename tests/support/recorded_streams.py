"""Streams as the service may send them, and what each must come to, written by hand."""

from __future__ import annotations

import json

import httpx
from assistants import completed, created, delta, event, message, reasoning, response
from recorded_parts import (
    ASKED,
    BEGUN,
    GERMAN,
    OTHER,
    VPN,
    Recorded,
    cite,
    cited,
    ended_with,
    endings,
    failed,
    final,
    noted,
    plain,
    unnumbered,
)

from moveworks import (
    AuthenticationError,
    BadRequestError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ResponseFailedError,
    ServerError,
    StreamError,
)

HELLO = [*BEGUN, delta(message("Hel"), 3), delta(message("Hello ä👋"), 4), completed(5, message("Hello ä👋!"))]
DONE = completed(9, message("Done."))
PRETTY = json.dumps({"response": response("COMPLETED", message("Over\nlines"))}, indent=1)
KB2 = cite(2, "https://kb/2", "Wi-Fi")
SAME = (*VPN, cite(2, "https://kb/1", "VPN"), cite(3, "https://kb/3"))

SNAPSHOTS = {
    "one": final(message("Done."), text="Done."),
    "many": Recorded(HELLO, "Hello ä👋!"),
    "none but the final event": Recorded([*BEGUN, DONE], "Done."),
    "final event without outputs": Recorded([*HELLO[:-1], completed(5)], "Hello ä👋"),
    "final event with null as outputs": Recorded(
        [*HELLO[:-1], unnumbered("RESPONSE_COMPLETED", response={**response(), "outputs": None})], "Hello ä👋"
    ),
    "final event without a response": Recorded([*HELLO[:-1], unnumbered("RESPONSE_COMPLETED")], "Hello ä👋"),
    "text shrinks": Recorded([*BEGUN, delta(message("A long text"), 3), delta(message("A"), 4), completed(5)], "A"),
    "text is rewritten": Recorded(
        [*BEGUN, delta(message("Call IT."), 3), delta(message(GERMAN), 4), completed(5)], GERMAN
    ),
    "text becomes empty": Recorded(
        [*BEGUN, delta(message("Hm"), 3), delta(message(""), 4), completed(5)],
        history=(ASKED,),
        ask={"requests": "shh"},
    ),
    "a lower number comes later": Recorded(
        [created(), delta(message("new"), 5), delta(message("old"), 3), delta(message("x", 2), 4), completed(7)],
        "new\n\nx",
    ),
    "a number comes twice": Recorded([*BEGUN, delta(message("a"), 3), delta(message("b"), 3), completed(3)], "b"),
    "numbers begin at 0": Recorded([created(0), delta(message("a"), 1), delta(message("b"), 2), completed(3)], "b"),
    "no numbers": Recorded(
        [
            *(unnumbered("RESPONSE_OUTPUT_DELTA", output=message(text)) for text in ("a", "ab", "abc")),
            unnumbered("RESPONSE_COMPLETED", response=response()),
        ],
        "abc",
    ),
    "numbers that are none": Recorded(
        [created(), delta(message("a"), "9"), delta(message("b"), True), delta(message("c"), None), completed(2.5)],
        "c",
    ),
    "the final event has a low number": Recorded([created(), delta(message("a"), 9), completed(1, message("b"))], "b"),
    "outputs while in progress": Recorded(
        [
            created(),
            event("RESPONSE_IN_PROGRESS", {"sequence_number": 2, "response": response("IN_PROGRESS", message("a"))}),
            event("RESPONSE_IN_PROGRESS", {"sequence_number": 3, "response": response("IN_PROGRESS", message("ab"))}),
            completed(4),
        ],
        "ab",
    ),
    "the final event has other ids": Recorded([*HELLO[:-1], completed(5, message("End", 9))], "End"),
    "nothing counts behind the final event": Recorded(
        [*HELLO, completed(6, message("again")), failed("INTERNAL_ERROR")], "Hello ä👋!"
    ),
}
MESSAGES = {
    "two by turns": Recorded(
        [
            *BEGUN,
            *(
                delta(message(text, number), 3 + place)
                for place, (text, number) in enumerate([("A", 1), ("B", 2), ("A1", 1), ("B1", 2), ("A2", 1)])
            ),
            completed(9),
        ],
        "A2\n\nB1",
    ),
    "one of three is empty": Recorded(
        [*BEGUN, completed(3, message("A", 1), message("", 2), message("C", 3))], "A\n\nC"
    ),
    "two without ids": Recorded(
        [*BEGUN, completed(3, message("A", message_id=None), message("B", message_id=None))], "A\n\nB"
    ),
    "snapshots without ids": Recorded(
        [*BEGUN, *(delta(message(text, message_id=None), 3) for text in ("A", "AB")), completed(4)], "AB"
    ),
    "a person writes": final(message("I am Ann.", actor="LIVE_AGENT", response_id=None), text="I am Ann."),
    "reasoning in steps": Recorded(
        [
            *BEGUN,
            delta(reasoning("Looking"), 3),
            delta(reasoning("Looking for it"), 4),
            delta(reasoning("Reading", 2), 5),
            delta(message("Done."), 6),
            completed(7, reasoning("Looking for it"), reasoning("Reading", 2), message("Done.")),
        ],
        "Done.",
        reasoning=("Looking for it", "Reading"),
    ),
    "reasoning with the id of a message": Recorded(
        [
            *BEGUN,
            delta({"type": "REASONING_MESSAGE", "reasoning_message": message("thought")["message"]}, 3),
            delta(message("said"), 4),
            completed(5),
        ],
        "said",
        reasoning=("thought",),
    ),
    "plain text": final(plain("1 < 2 & 3"), text="1 < 2 & 3"),
    "CommonMark": final(plain("**bold**", kind="COMMONMARK_TEXT"), text="**bold**"),
}
CITATIONS = {
    "at an offset": noted("Reset it. Or call us.", "Reset it.[^1] Or call us.", 9),
    "code points beyond the BMP": noted("👋🏽 Öffne 🔑 jetzt.", "👋🏽 Öffne 🔑[^1] jetzt.", 10),
    "a family of joined emoji": noted("👨‍👩‍👧 all set", "👨‍👩‍👧[^1] all set", 5),
    "offsets that are wrong": noted("Done.", "Done.[^1]", 99, -1, None, "2", 1.5, True),
    "at the start": noted("Done.", "[^1]Done.", 0),
    "inside a link": noted("See [the page](https://x/a) now.", "See [the page](https://x/a)[^1] now.", 8),
    "inside code": noted("Run `ls -l` now.", "Run `ls -l`[^1] now.", 7),
    "inside a block of code": noted("```\nls -l\n```\nNow.", "```\nls -l\n```\n[^1]\nNow.", 6),
    "inside a block of code at the end": noted("Run:\n```\nls -l\n```", "Run:\n```\nls -l\n```\n[^1]", 11),
    "a block of code without an end": noted("Run:\n```\nls -l", "Run:\n```\nls -l\n```\n[^1]", 11),
    "code on a line of its own is no block": noted("```ls``` lists.\nDone.", "```ls``` lists.[^1]\nDone.", 15),
    "inside a link of a chat program": noted("See <https://x/a|the page>.", "See [the page](https://x/a)[^1].", 9),
    "names of emoji": noted("Done :tada: now", "Done 🎉[^1] now", 11),
    "two at one offset": final(
        cited("Done. Bye.", (5, 1), (5, 2), sources=(*VPN, KB2)),
        text="Done. Bye.",
        markdown="Done.[^1][^2] Bye.\n\n[^1]: [VPN](https://kb/1)\n[^2]: [Wi-Fi](https://kb/2)",
        citations=("https://kb/1", "https://kb/2"),
    ),
    "the same title and address": final(
        cited("One. Two. Three.", (4, 1), (9, 2), (16, 3), (16, 1), sources=SAME),
        text="One. Two. Three.",
        markdown="One.[^1] Two.[^1] Three.[^2][^1]\n\n[^1]: [VPN](https://kb/1)\n[^2]: [https://kb/3](https://kb/3)",
        citations=("https://kb/1", "https://kb/1", "https://kb/3"),
    ),
    "a source that nobody knows": final(
        cited("Done.", (5, 7)), text="Done.", markdown="Done.", citations=("https://kb/1",)
    ),
    "sources without places": final(cited("Done."), text="Done.", markdown="Done.", citations=("https://kb/1",)),
    "the same ids in two messages": Recorded(
        [*BEGUN, completed(3, cited("A.", 2), cited("B.", 2, number=2, sources=(cite(1, "https://kb/2", "Wi-Fi"),)))],
        "A.\n\nB.",
        "A.[^1]\n\nB.[^2]\n\n[^1]: [VPN](https://kb/1)\n[^2]: [Wi-Fi](https://kb/2)",
        ("https://kb/1", "https://kb/2"),
    ),
    "the same source in two messages": Recorded(
        [*BEGUN, completed(3, cited("A.", 2), cited("B.", 2, number=2))],
        "A.\n\nB.",
        "A.[^1]\n\nB.[^1]\n\n[^1]: [VPN](https://kb/1)",
        ("https://kb/1",),
    ),
    "wrong offsets in the first of two messages": Recorded(
        [*BEGUN, completed(3, cited("A.", 99), message("B.", 2))],
        "A.\n\nB.",
        "A.[^1]\n\nB.\n\n[^1]: [VPN](https://kb/1)",
        ("https://kb/1",),
    ),
    "a block of code without an end before another message": Recorded(
        [*BEGUN, completed(3, message("```\nls"), cited("Done.", 5, number=2))],
        "```\nls\n\nDone.",
        "```\nls\n```\n\nDone.[^1]\n\n[^1]: [VPN](https://kb/1)",
        ("https://kb/1",),
    ),
    "with the last snapshot": Recorded(
        [*BEGUN, delta(message("Do"), 3), delta(cited("Done.", 5), 4), completed(5)],
        "Done.",
        "Done.[^1]\n\n[^1]: [VPN](https://kb/1)",
        ("https://kb/1",),
    ),
}
WIRE = {
    "CR": Recorded(endings([b"\r"], *HELLO), "Hello ä👋!"),
    "CRLF": Recorded(endings([b"\r\n"], *HELLO), "Hello ä👋!"),
    "mixed line ends": Recorded(endings([b"\r", b"\r\n", b"\n"], *HELLO), "Hello ä👋!"),
    "byte order mark": Recorded([b"\xef\xbb\xbf" + HELLO[0], *HELLO[1:]], "Hello ä👋!"),
    "byte order mark in the text": final(message("\ufeffa\ufeff"), text="\ufeffa\ufeff"),
    "comments and heartbeats": Recorded(
        [b": hi\n\n", b":\n", HELLO[0], b": beat\n\n", b":\r\n\r\n", b": event: ERROR\n: data: {}\n\n", *HELLO[1:]],
        "Hello ä👋!",
    ),
    "comments inside an event": Recorded([*BEGUN, DONE.replace(b"\ndata:", b"\n: beat\ndata:")], "Done."),
    "data in several lines": Recorded([*BEGUN, event("RESPONSE_COMPLETED", PRETTY)], "Over\nlines"),
    "data in several lines with CRLF": Recorded(
        [*BEGUN, event("RESPONSE_COMPLETED", PRETTY, end="\r\n")], "Over\nlines"
    ),
    "events without a name": Recorded(
        [
            event("", {"event_type": "RESPONSE_OUTPUT_DELTA", "output": message("a")}),
            event("", {"event_type": "RESPONSE_COMPLETED", "response": response()}),
        ],
        "a",
    ),
    "events that are called message": Recorded(
        [event("message", {"event_type": "RESPONSE_COMPLETED", "response": response("COMPLETED", message("a"))})], "a"
    ),
    "the name counts more than the type": Recorded(
        [*BEGUN, event("RESPONSE_COMPLETED", {"event_type": "ERROR", "response": response("COMPLETED", message("a"))})],
        "a",
    ),
    "a name without data": Recorded([*BEGUN, b"event: ERROR\n\n", DONE], "Done."),
    "other fields": Recorded([b"retry: 10\nid: 1\n\n", *BEGUN, b"id: 7\nnew: x\nid\n" + DONE], "Done."),
    "no blank behind the colon": Recorded(
        [*BEGUN, DONE.replace(b": RESP", b":RESP").replace(b"data: ", b"data:")], "Done."
    ),
    "no blank line at the end": Recorded([*BEGUN, DONE[:-1]], "Done."),
    "no line end at the end": Recorded([*BEGUN, DONE[:-2]], "Done."),
    "other ends of lines in the text": final(message("a\u2028b\u2029c\x85d"), text="a\u2028b\u2029c\x85d"),
    "escaped emoji": Recorded([*BEGUN, DONE.replace(b"Done.", rb"\ud83d\udc4b \u00e4")], "👋 ä"),
    "half of an escaped emoji": Recorded(
        [*BEGUN, delta(message("a"), 3), delta(message("X"), 4).replace(b"X", rb"a\ud83d"), completed(5)], "a"
    ),
    "broken UTF-8": Recorded([*BEGUN, delta(message("X"), 3).replace(b"X", b"a\xffb"), completed(4)], "a\ufffdb"),
    "JSON that cannot be read": Recorded(
        [*HELLO[:3], event("RESPONSE_OUTPUT_DELTA", '{"cut'), event("X", "<html>"), *HELLO[3:]], "Hello ä👋!"
    ),
    "data that are no objects": Recorded(
        [*HELLO[:3], *(event("RESPONSE_OUTPUT_DELTA", data) for data in ("5", "null", "[]", '"x"')), *HELLO[3:]],
        "Hello ä👋!",
    ),
}
UNKNOWN = {
    "an event": Recorded([*BEGUN, event("RESPONSE_PAUSED", {"why": "x"}), DONE], "Done."),
    "an output": Recorded(
        [*BEGUN, delta({"type": "CARD", "card": {"title": "x"}}, 3), completed(4, {"type": "CARD"}, message("a"))], "a"
    ),
    "an output with a text is no message": Recorded(
        [*BEGUN, completed(3, {"type": "STATUS_NOTE", "status_note": message("busy")["message"]}, message("a", 2))], "a"
    ),
    "outputs that are no objects": Recorded([*BEGUN, delta(None, 3), delta("x", 4), delta([], 5), DONE], "Done."),
    "a content with a text": final(plain("# rich", kind="RICH_TEXT"), text="# rich"),
    "a button": final(message("", content={"type": "CALLBACK_ACTION_CONTENT"})),
    "a status and fields": Recorded(
        [*BEGUN, unnumbered("RESPONSE_IN_PROGRESS", response={**response("QUEUED"), "new": [1]}, new=1), DONE], "Done."
    ),
}
FAILURES = {
    "failed behind a text": Recorded(
        [*BEGUN, event("RESPONSE_FAILED", {"response": response("FAILED", message("So far"))})],
        "So far",
        error=ResponseFailedError,
    ),
    "failed without a word": Recorded(
        [*BEGUN, delta(message("So"), 3), event("RESPONSE_FAILED", {"response": response("FAILED")})],
        "So",
        error=ResponseFailedError,
    ),
    "rate limit": ended_with("RATE_LIMIT_EXCEEDED", RateLimitError),
    "internal": ended_with("INTERNAL_ERROR", ServerError),
    "unauthorized": ended_with("UNAUTHORIZED", AuthenticationError),
    "forbidden": ended_with("FORBIDDEN", PermissionDeniedError),
    "not found": ended_with("NOT_FOUND", NotFoundError),
    "invalid input": ended_with("INVALID_INPUT", BadRequestError),
    "invalid request": ended_with("INVALID_REQUEST", BadRequestError),
    "a code that nobody knows": ended_with("NEW_CODE", StreamError),
    "a code that is a number": ended_with(500, StreamError),
    "no code": Recorded([*BEGUN, event("ERROR", {"error": {}})], error=StreamError),
    "flat": Recorded([*BEGUN, event("ERROR", {"code": "FORBIDDEN"})], error=PermissionDeniedError),
    "before anything": Recorded([failed("INTERNAL_ERROR")], error=ServerError),
    "without a name": Recorded(
        [event("", {"event_type": "ERROR", "error": {"code": "NOT_FOUND"}})], error=NotFoundError
    ),
}
FINISHED = response("COMPLETED", cited("Hello!", 6))
FOUND = {
    "text": "Hello!",
    "markdown": "Hello![^1]\n\n[^1]: [VPN](https://kb/1)",
    "citations": ("https://kb/1",),
}
FOUND_LATER = {**FOUND, "requests": "shp", "error": None}
LOST = {
    "early end": Recorded(HELLO[:3], polls=(response("IN_PROGRESS"), FINISHED), requests="spp", **FOUND),
    "early end in an event": Recorded([*HELLO[:3], HELLO[3][:-9]], polls=(FINISHED,), requests="sp", **FOUND),
    "early end in a character": Recorded(
        [*BEGUN, DONE.replace(b"Done.", "👋".encode())[: DONE.index(b"Done.") + 2]],
        polls=(FINISHED,),
        requests="sp",
        **FOUND,
    ),
    "reset": Recorded([*HELLO[:3], httpx.ReadError("x")], polls=(FINISHED,), requests="sp", **FOUND),
    "silence": Recorded([*HELLO[:3], httpx.ReadTimeout("x")], polls=(FINISHED,), requests="sp", **FOUND),
    "without the last chunk": Recorded(
        [*HELLO[:3], httpx.RemoteProtocolError("x")], polls=(FINISHED,), requests="sp", **FOUND
    ),
    "final event that cannot be read": Recorded(
        [*HELLO[:3], event("RESPONSE_COMPLETED", "{cut")], polls=(FINISHED,), requests="sp", **FOUND
    ),
    "error that cannot be read": Recorded(
        [*HELLO[:3], event("ERROR", "oops")], polls=(FINISHED,), requests="sp", **FOUND
    ),
    "the id is told by an output": Recorded([HELLO[2]], polls=(FINISHED,), requests="sp", **FOUND),
    "a look fails once": Recorded(BEGUN, polls=(503, FINISHED), requests="spp", **FOUND),
    "a look says failed": Recorded(
        HELLO[:3], "Hel", polls=(response("FAILED"),), requests="sp", error=ResponseFailedError
    ),
    "a look finds nothing": Recorded(HELLO[:3], "Hel", polls=(404,), requests="sp", error=NotFoundError),
    "a look has no outputs": Recorded(HELLO[:4], "Hello ä👋", polls=(response(),), requests="sp"),
    "nothing at all": Recorded([], error=StreamError, polls=(FINISHED,), history=(ASKED, OTHER), ask=FOUND_LATER),
    "heartbeats and no more": Recorded(
        [b": beat\n\n"] * 3, error=StreamError, polls=(FINISHED,), history=(ASKED,), ask=FOUND_LATER
    ),
    "reset before anything": Recorded(
        [httpx.ReadError("x")], error=StreamError, polls=(FINISHED,), history=(ASKED,), ask=FOUND_LATER
    ),
    "the service took nothing": Recorded([], error=StreamError, history=(OTHER,), ask={"requests": "shh"}),
}
PERSON = {**message("I am Ann.", 7, actor="LIVE_AGENT")["message"], "response_id": None}
LATE = {
    "completed without outputs": Recorded(
        [*BEGUN, completed(3)], history=(cited("Hello!", 6)["message"], ASKED), ask={**FOUND, "requests": "sh"}
    ),
    "completed with reasoning alone": Recorded(
        [*BEGUN, completed(3, reasoning("so"))],
        reasoning=("so",),
        history=(cited("Hello!", 6)["message"], ASKED),
        ask={**FOUND, "requests": "sh"},
    ),
    "a person answers": Recorded(
        [*BEGUN, completed(3)], history=(PERSON, ASKED), ask={"text": "I am Ann.", "requests": "sh"}
    ),
    "two messages": Recorded(
        [*BEGUN, completed(3)],
        history=(message("B", 2)["message"], message("A", 1)["message"], ASKED),
        ask={"text": "A\n\nB", "requests": "sh"},
    ),
    "nothing comes": Recorded([*BEGUN, completed(3)], history=(ASKED, OTHER), ask={"requests": "shh"}),
}
GROUPS = {
    "snapshots": SNAPSHOTS,
    "messages": MESSAGES,
    "citations": CITATIONS,
    "wire": WIRE,
    "unknown": UNKNOWN,
    "failures": FAILURES,
    "lost": LOST,
    "late": LATE,
}
RECORDED = {f"{group}: {name}": each for group, cases in GROUPS.items() for name, each in cases.items()}
"""All of them, by name."""

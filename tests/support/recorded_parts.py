"""Parts of recorded streams, and what a stream must come to."""

from __future__ import annotations

from typing import Any, NamedTuple

from assistants import CONVERSATION, completed, created, delta, event, message, response


class Recorded(NamedTuple):
    """A stream, what the service says besides, and what must come of it.

    `requests` has a letter for each request: s the question, p a look at the response, h at the messages of the
    conversation. `ask` holds what is otherwise where the whole answer is asked for; None as `markdown` is the text.
    """

    stream: list[Any]  # bytes, and at the end perhaps what the connection ends in
    text: str = ""
    markdown: str | None = None
    citations: tuple[str, ...] = ()
    reasoning: tuple[str, ...] = ()
    requests: str = "s"
    error: type[Exception] | None = None
    polls: tuple[Any, ...] = ()
    history: tuple[Any, ...] = ()
    ask: dict[str, Any] = {}  # noqa: RUF012 - never changed


QUESTION = "How do I reset it? 🔑"
ASKED = {**message(QUESTION, "user")["message"], "actor": "USER"}
OTHER = {**message("Another question", "other")["message"], "actor": "USER", "response_id": "resp_0"}
PROGRESS = event("RESPONSE_IN_PROGRESS", {"sequence_number": 2, "response": response("IN_PROGRESS")})
BEGUN = [created(), PROGRESS]
GERMAN = "Öffne das Portal: dort 🔑 zurücksetzen."


def plain(text, number=1, kind="PLAIN_TEXT", **more):
    return message(text, number, content={"type": kind, kind.lower(): {"text": text}}, **more)


def cite(number, url, title=None):
    named = {"display": {"title": {"type": "PLAIN_TEXT", "plain_text": {"text": title}}}} if title else {}
    return {"citation_id": f"cite_{number}", "url": url, **named}


VPN = (cite(1, "https://kb/1", "VPN"),)


def cited(text, *places, number=1, sources=None):
    """A message with sources; a place is an offset of the first source, or an offset and the number of one."""
    pairs = [place if isinstance(place, tuple) else (place, 1) for place in places]
    references = [{"citation_id": f"cite_{source}", "offset": offset} for offset, source in pairs]
    return message(text, number, citations=list(sources or VPN), content_references=references)


def unnumbered(name, **data):
    return event(name, data)


def failed(code, text="no", **more):
    return event("ERROR", {"error": {"code": code, "message": text, **more}})


def ended_with(code, error, text="So far"):
    """A stream that an ERROR ends, behind a first text."""
    return Recorded([*BEGUN, delta(message("So far"), 3), failed(code)], text, error=error)


def final(output, **more):
    return Recorded([*BEGUN, delta(output, 3), completed(4, output)], **more)


def noted(text, markdown, *places, **more):
    """One message with one source at these offsets."""
    note = "\n\n[^1]: [VPN](https://kb/1)"
    return final(cited(text, *places), text=text, markdown=markdown + note, citations=("https://kb/1",), **more)


def endings(kinds, *events):
    """The same events, each with the next line end."""
    return [part.replace(b"\n", kinds[place % len(kinds)]) for place, part in enumerate(events)]


PLACE = {"conversation_id": CONVERSATION, "created_at": "2026-11-01T10:00:00Z", "updated_at": "2026-11-01T10:00:00Z"}

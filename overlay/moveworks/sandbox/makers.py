"""Made-up records, shaped like real ones: a table of what makes the rows of each entity set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from moveworks.sandbox.calendar import DAY

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator, Sequence

    from moveworks.sandbox.generator import Generator

    Rows = Iterator[dict[str, Any]]
    Times = Sequence[tuple[int, str, str]]
    """Of each row: its moment, that as text, and when it was written."""

DOMAINS = ("IT", "HR", "TRAVEL_AND_EXPENSE", "LEGAL", "PAYROLL", "FACILITY", "OTHER", None)
TEXTS = (
    "How do I reset my VPN password?",
    "My laptop 💻 won't start 😭, please help",
    "See <https://intranet.example.com/hr|the HR portal> for *details*",
    "\ufeff# Travel policy\n\n- book *early*\n- `code` 2026",
    "=SUM(A1:A9) is what my sheet says",
    "Wie viele Urlaubstage habe ich noch? Größe, naïve, 日本語",
    "it's \"quoted\", isn't it? <b>& more</b>",
    "long text " * 300,
)
TOPICS = ("vpn", "laptop", "vacation", "expenses", "badge", None)
INTERACTIONS = ("FREE_TEXT", "BUTTON_CLICK", "LINK_CLICK", "UIFORM_SUBMISSION", "CONTENT_UPLOAD")
RESOURCES = ("KNOWLEDGE", "FILE", "FORM", "TICKET", "APPROVAL", "PERSON", "UNSPECIFIED")
PLUGINS = ("Knowledge Search", "File Ticket", "Reset Password", "Approvals", "custom: Büro buchen")


def conversations(world: Generator, indexes: range, times: Times, rng: random.Random) -> Rows:
    """Conversations, in the order of time."""
    count = len(indexes)
    routes = rng.choices(("DM", "Notification", "Channel", "Ticket"), (80, 10, 6, 4), k=count)
    domains = rng.choices(DOMAINS, k=count)
    for index, route, domain, (_, created, updated) in zip(indexes, routes, domains, times, strict=True):
        ticket = {"type": "TICKET", "source": "SNOW", "ticket_id": f"INC{index:07}"}
        yield {
            "id": world.ids.short("conversation", index),
            "primary_domain": domain,
            "route": route,
            "user_id": world.ids.owner(index),
            "last_updated_time": updated,
            "created_time": created,
            "type": f"CONVERSATION_TYPE_{route.upper()}",
            "detail": ticket if route == "Ticket" else None,
        }


def interactions(world: Generator, indexes: range, times: Times, rng: random.Random) -> Rows:
    """Four for each conversation."""
    count = len(indexes)
    draws = zip(
        indexes,
        rng.choices(INTERACTIONS, (70, 12, 10, 5, 3), k=count),
        rng.choices(TEXTS, (20, 20, 20, 10, 10, 10, 9, 1), k=count),
        rng.choices(DOMAINS, k=count),
        rng.choices(TOPICS, k=count),
        rng.choices(("slack", "msteams", "movewebchat"), k=count),
        times,
        strict=True,
    )
    for index, drawn, content, domain, topic, platform, (_, created, updated) in draws:
        conversation, place = world.conversation_of(index), index % 4
        kind = "BOT_MESSAGE" if place % 2 else drawn
        detail: dict[str, Any] = {"content": content}
        if kind == "FREE_TEXT":
            detail |= {"domain": domain, "entity": topic}
        elif kind == "LINK_CLICK":
            clicked = rng.choice(("HELPFUL", "UNHELPFUL", f"KB{index:05}"))
            detail |= {"type": "RESOURCE_TYPE_KNOWLEDGE", "resource_id": clicked}
        elif kind == "UIFORM_SUBMISSION":
            detail |= {"detail": "Request software", "resource_id": f"RITM{index:06}"}
        elif kind == "CONTENT_UPLOAD":
            detail |= {"file_types": ["pdf", "png"]}
        yield {
            "id": world.ids.short("interaction", index),
            "conversation_id": world.ids.short("conversation", conversation),
            "user_id": world.ids.owner(conversation),
            "actor": "bot" if place % 2 else "user",
            "platform": platform,
            "type": f"INTERACTION_TYPE_{kind}",
            "label": "Software" if kind == "UIFORM_SUBMISSION" else None,
            "parent_interaction_id": world.ids.short("interaction", index - 1) if place else None,
            "detail": detail,
            "created_time": created,
            "last_updated_time": updated,
        }


def plugin_calls(world: Generator, indexes: range, times: Times, rng: random.Random) -> Rows:
    """Three for four interactions."""
    count = len(indexes)
    draws = zip(
        indexes,
        rng.choices(PLUGINS, k=count),
        rng.choices((True, False), (7, 3), k=count),
        rng.choices((True, False), (6, 4), k=count),
        rng.choices(range(1, 90), k=count),
        times,
        strict=True,
    )
    for index, plugin, served, used, seconds, (moment, created, updated) in draws:
        interaction = world.interaction_of(index)
        conversation = world.conversation_of(interaction)
        yield {
            "id": world.ids.short("plugin-call", index),
            "interaction_id": world.ids.short("interaction", interaction),
            "conversation_id": world.ids.short("conversation", conversation),
            "plugin_name": plugin,
            "user_id": world.ids.owner(conversation),
            "served": served,
            "used": served and used,
            "plugin_update_time": world.calendar.text(moment + seconds * 1000),
            "created_time": created,
            "last_updated_time": updated,
        }


def plugin_resources(world: Generator, indexes: range, times: Times, rng: random.Random) -> Rows:
    """Twenty for three plugin calls; about one in forty repeats the one before in all but its id."""
    count = len(indexes)
    draws = zip(
        _ids_in_order(world, indexes, rng),
        indexes,
        rng.choices(RESOURCES, (60, 12, 8, 8, 5, 5, 2), k=count),
        rng.choices(DOMAINS, k=count),
        rng.choices(TOPICS, k=count),
        rng.choices(TEXTS[:7], k=count),
        rng.choices(range(3), k=count),
        rng.choices((True, False), k=count),
        rng.choices((True, False), (1, 4), k=count),
        times,
        strict=True,
    )
    row: dict[str, Any] = {}
    for identity, index, kind, domain, topic, text, form, called, cited, (_, created, updated) in draws:
        if world.repeats(index):
            row = {**row, "id": identity}
            yield row
            continue
        call = world.call_of(index)
        interaction = world.interaction_of(call)
        conversation = world.conversation_of(interaction)
        row = {
            "id": identity,
            "resource_id": (f"KB{index:07}", f"page/{index}?a=b&c=d", f"Form № {index}")[form],
            "type": f"RESOURCE_TYPE_{kind}",
            "plugin_call_id": world.ids.short("plugin-call", call) if called else None,
            "interaction_id": world.ids.short("interaction", interaction),
            "user_id": world.ids.owner(conversation),
            "conversation_id": world.ids.short("conversation", conversation),
            "detail": _resource_detail(kind, index, domain, topic, text),
            "cited": cited,
            "created_time": created,
            "last_updated_time": updated,
        }
        yield row


def _ids_in_order(world: Generator, indexes: range, rng: random.Random) -> list[str]:
    """Ids of which those with one time are in order, so that the order by time and id is that of positions."""
    text = rng.randbytes(16 * len(indexes)).hex()
    ids = [text[at : at + 32] for at in range(0, len(text), 32)]
    for place, index in enumerate(indexes):
        if place and world.repeats(index) and ids[place] < ids[place - 1]:
            ids[place - 1], ids[place] = ids[place], ids[place - 1]
    return ids


def _resource_detail(kind: str, index: int, domain: str | None, topic: str | None, text: str) -> dict[str, Any] | None:
    match kind:
        case "KNOWLEDGE":
            return {
                "domain": domain,
                "external_resource_id": f"KB{index:07}",
                "name": topic,
                "snippet": text,
                "url": f"https://intranet.example.com/kb/{index}",
            }
        case "TICKET":
            return {
                "name": f"INC{index:07}",
                "source": "SNOW",
                "type": "INCIDENT",
                "ticket_type": "incident",  # a property that the spec does not know
                "domain": None,
            }
        case "PERSON":
            return None
        case _:
            return {"name": f"{kind.title()} {index}", "domain": None, "url": None}


def users(world: Generator, indexes: range, times: Times, rng: random.Random) -> Rows:
    """One for five conversations."""
    for index, (first, first_text, updated) in zip(indexes, times, strict=True):
        seen, named = rng.random() < 0.8, rng.random() < 0.9
        ids = [{"connector_name": "okta", "external_id": f"00u{index:06}", "source": "OKTA"}]
        if index % 3:
            ids += [{"connector_name": "ad", "external_id": f"S-1-5-{index}", "source": "ACTIVE_DIRECTORY"}]
        yield {
            "id": world.ids.user(index),
            "email_addr": f"user.{index}@example.com",
            "access_to_bot": rng.random() < 0.85,
            "first_name": rng.choice(("Zoë", "Max", "Aïcha", "李")) if named else None,
            "last_name": rng.choice(("O'Neil", "Müller", "Smith")) if named else None,
            "user_preferred_language": rng.choice(("EN_US", "DE_DE", "JA_JP")),
            "first_interaction_time": first_text if seen else None,
            "latest_interaction_time": world.calendar.text(first + 5 * 3_600_000) if seen else None,
            "external_ids": ids if index % 7 else None,
            "last_updated_time": updated,
        }


def _dated(world: Generator, indexes: range, times: Times, rng: random.Random) -> Rows:
    """When a row happened and was written: a load that follows `last_updated_time` finds all that is new by it."""
    del world, indexes, rng
    return ({"created_time": created, "last_updated_time": updated} for _, created, updated in times)


class Maker(NamedTuple):
    """What makes the rows of an entity set.

    Attributes:
        ratio: Rows for one interaction, as seen in real exports.
        rows: Makes those of some positions, each with its properties in the order of the spec.
        again: What changes in a row when it is written again, on a day of the calendar.
        every: Days after which a row is written again and again; 0 if that happens once.
    """

    ratio: float
    rows: Callable[[Generator, range, Times, random.Random], Rows]
    again: Callable[[Generator, dict[str, Any], int], dict[str, Any]]
    every: int = 0


def _classified(world: Generator, row: dict[str, Any], day: int) -> dict[str, Any]:
    """The domain of a conversation is known at last."""
    del world
    return {"primary_domain": row.get("primary_domain") or DOMAINS[day % 6]}


def _unchanged(world: Generator, row: dict[str, Any], day: int) -> dict[str, Any]:
    """Nothing but the stamp."""
    del world, row, day
    return {}


def _ended(world: Generator, row: dict[str, Any], day: int) -> dict[str, Any]:
    """An approval or a request comes to its end."""
    del row
    return {"served": True, "used": True, "plugin_update_time": world.calendar.text((day - 1) * DAY + 61_200_000)}


def _cited(world: Generator, row: dict[str, Any], day: int) -> dict[str, Any]:
    """A resource turns out to be cited."""
    del world, row, day
    return {"cited": True}


def _seen(world: Generator, row: dict[str, Any], day: int) -> dict[str, Any]:
    """A user has been there again."""
    del row
    return {"latest_interaction_time": world.calendar.text((day - 1) * DAY + 54_321_000)}


MAKERS: Final[dict[str, Maker]] = {
    "conversations": Maker(0.25, conversations, _classified),
    "interactions": Maker(1, interactions, _unchanged),
    "plugin-calls": Maker(0.75, plugin_calls, _ended),
    "plugin-resources": Maker(5, plugin_resources, _cited),
    # A user is written again while there is somebody to use the assistant, and so does not expire.
    "users": Maker(0.05, users, _seen, every=6),
}
UNKNOWN: Final = Maker(0.25, _dated, _unchanged)
"""Of an entity set that a newer spec added: all but its times comes from the catalogue alone."""

"""Made-up records, shaped like real ones, the same for the same seed and day.

Rows are made in blocks. Every block is a function of seed, entity set and position, so any of them can be made alone,
and its references to other entity sets still hold.
"""

from __future__ import annotations

import base64
import random
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from moveworks_export.entities import ENTITY_SETS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from moveworks.odata import Field

    Rows = Iterator[dict[str, Any]]

BLOCK: Final = 1000
"""Rows that are made together; a multiple of 200, so that conversations and repeated rows do not span blocks."""
BATCH_AT: Final = timedelta(hours=6, minutes=13)
"""When in the night a day's records are written: 6 to 42 hours after they happened, says the vendor."""
BATCH_TEXT: Final = "T06:13:00.000Z"
DAYS: Final = 28
DAY: Final = 86_400_000
MINUTES: Final = [f"T{hour:02}:{minute:02}:" for hour in range(24) for minute in range(60)]
RATIOS: Final[dict[str, float]] = {
    "conversations": 0.25,
    "interactions": 1,
    "plugin-calls": 0.75,
    "plugin-resources": 5,
    "users": 0.05,
}
"""Rows of an entity set for one interaction, as seen in real exports."""
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
KINDS = ("FREE_TEXT", "BUTTON_CLICK", "LINK_CLICK", "UIFORM_SUBMISSION", "CONTENT_UPLOAD")
RESOURCES = ("KNOWLEDGE", "FILE", "FORM", "TICKET", "APPROVAL", "PERSON", "UNSPECIFIED")
PLUGINS = ("Knowledge Search", "File Ticket", "Reset Password", "Approvals", "custom: Büro buchen")


class Generator:
    """Rows of all entity sets.

    Args:
        rows: Number of interactions; other entity sets follow in the usual ratios.
        seed: Same seed, same rows.
        now: When the sandbox began; rows end with the daily batch before it.
    """

    def __init__(self, rows: int, seed: int, now: datetime) -> None:
        self.rows, self.seed = rows, seed
        # What happened since the last daily batch is not there yet, as in the service.
        end = (now.astimezone(UTC) - BATCH_AT).replace(hour=0, minute=0, second=0, microsecond=0)
        self._start = end - timedelta(days=DAYS)
        # Times are counted in milliseconds from the start and put together from texts: there are millions of them.
        self._dates = [(self._start + timedelta(days=day)).strftime("%Y-%m-%d") for day in range(DAYS + 2)]
        self._ids = lru_cache(512)(self._block_of_ids)
        self._owners = lru_cache(512)(self._block_of_owners)

    @property
    def oldest(self) -> datetime:
        """No row was written before."""
        return self._start + BATCH_AT

    def size(self, entity: str) -> int:
        """How many rows an entity set has."""
        return max(1, round(self.rows * RATIOS.get(entity, 0.25))) if self.rows else 0

    def block(self, entity: str, number: int) -> list[dict[str, Any]]:
        """The rows of a block, oldest first; fewer than `BLOCK` in the last one."""
        maker: Callable[[range, random.Random], Rows] | None = getattr(self, f"_{entity.replace('-', '_')}", None)
        first = number * BLOCK
        indexes = range(first, min(first + BLOCK, self.size(entity)))
        rng = random.Random(f"{self.seed}/{entity}/{number}")
        rows = list(maker(indexes, rng)) if maker else [{} for _ in indexes]
        fields = ENTITY_SETS[entity].entity.fields()
        if rows and list(rows[0]) == list(fields):
            return rows
        # The spec has other properties than are known here: it decides.
        return [
            {name: row[name] if name in row else self._value(field, index, rng) for name, field in fields.items()}
            for index, row in zip(indexes, rows, strict=True)
        ]

    def _value(self, field: Field, index: int, rng: random.Random) -> Any:
        """A value for a property that no maker below knows: one that a newer spec added."""
        if field.values:
            return rng.choice(field.values)
        match field.kind:
            case "timestamp":
                return self._written(index * DAYS * DAY // max(1, self.rows, index + 1))
            case "number":
                return rng.randrange(1000)
            case "boolean":
                return rng.random() < 0.5
            case "object":
                inner: Any = field
                return {name: self._value(below, index, rng) for name, below in inner.fields().items()}
            case "collection":
                collection: Any = field
                return [self._value(collection.element("item"), index, rng) for _ in range(rng.randrange(3))]
            case _:
                return (
                    self.short_id(field.wire_name, index) if field.wire_name.endswith("id") else rng.choice(TEXTS[:7])
                )

    # ids

    def short_id(self, kind: str, index: int) -> str:
        """12 characters of A-Za-z0-9_-; some begin with a dash."""
        return self._ids(kind, index // BLOCK)[index % BLOCK]

    def user_id(self, index: int) -> str:
        """An unsigned 64-bit number as text, beyond int64."""
        return self._ids("user", index // BLOCK)[index % BLOCK]

    def beta_id(self, prefix: str, index: int) -> str:
        """A prefix and base-62 text."""
        rng = random.Random(f"{self.seed}/{prefix}/{index}")
        alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        return f"{prefix}_" + "".join(rng.choices(alphabet, k=21))

    def _block_of_ids(self, kind: str, number: int) -> list[str]:
        rng = random.Random(f"{self.seed}/id/{kind}/{number}")
        if kind == "user":
            return [str(rng.getrandbits(64) | (1 << 63)) for _ in range(BLOCK)]
        text = base64.urlsafe_b64encode(rng.randbytes(9 * BLOCK)).decode()
        ids = [text[at : at + 12] for at in range(0, 12 * BLOCK, 12)]
        for at in range(7, BLOCK, 50):
            ids[at], ids[at + 1] = f"-{ids[at][1:]}", f"_{ids[at + 1][1:]}"
        return ids

    def _block_of_owners(self, number: int) -> list[str]:
        """Ids of the users of a block of conversations."""
        rng = random.Random(f"{self.seed}/owner/{number}")
        return [self.user_id(index) for index in rng.choices(range(self.size("users")), k=BLOCK)]

    def _owner(self, conversation: int) -> str:
        return self._owners(conversation // BLOCK)[conversation % BLOCK]

    # times

    def _written(self, moment: int) -> str:
        day, rest = divmod(moment, DAY)
        minute, rest = divmod(rest, 60_000)
        return f"{self._dates[day]}{MINUTES[minute]}{rest // 1000:02}.{rest % 1000:03}Z"

    def _times(self, indexes: range, size: int, rng: random.Random) -> Iterator[tuple[int, str, str]]:
        """When each record's event was, that as text, and when its batch was written; some are written again later."""
        later = rng.choices(range(8), (140, 1, 1, 1, 1, 1, 1, 1), k=len(indexes))
        for index, days in zip(indexes, later, strict=True):
            created = index * DAYS * DAY // size
            batch = min(created // DAY + 1 + days, DAYS)
            yield created, self._written(created), f"{self._dates[batch]}{BATCH_TEXT}"

    # entity sets, each with its properties in the order of the spec

    def _conversations(self, indexes: range, rng: random.Random) -> Rows:
        count = len(indexes)
        routes = rng.choices(("DM", "Notification", "Channel", "Ticket"), (80, 10, 6, 4), k=count)
        domains = rng.choices(DOMAINS, k=count)
        times = self._times(indexes, self.size("conversations"), rng)
        for index, route, domain, (_, created, updated) in zip(indexes, routes, domains, times, strict=True):
            ticket = {"type": "TICKET", "source": "SNOW", "ticket_id": f"INC{index:07}"}
            yield {
                "id": self.short_id("conversation", index),
                "primary_domain": domain,
                "route": route,
                "user_id": self._owner(index),
                "last_updated_time": updated,
                "created_time": created,
                "type": f"CONVERSATION_TYPE_{route.upper()}",
                "detail": ticket if route == "Ticket" else None,
            }

    def _interactions(self, indexes: range, rng: random.Random) -> Rows:
        count, last = len(indexes), self.size("conversations") - 1
        draws = zip(
            indexes,
            rng.choices(KINDS, (70, 12, 10, 5, 3), k=count),
            rng.choices(TEXTS, (20, 20, 20, 10, 10, 10, 9, 1), k=count),
            rng.choices(DOMAINS, k=count),
            rng.choices(TOPICS, k=count),
            rng.choices(("slack", "msteams", "movewebchat"), k=count),
            self._times(indexes, self.size("interactions"), rng),
            strict=True,
        )
        for index, drawn, content, domain, topic, platform, (_, created, updated) in draws:
            conversation, place = min(index // 4, last), index % 4
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
                "id": self.short_id("interaction", index),
                "conversation_id": self.short_id("conversation", conversation),
                "user_id": self._owner(conversation),
                "actor": "bot" if place % 2 else "user",
                "platform": platform,
                "type": f"INTERACTION_TYPE_{kind}",
                "label": "Software" if kind == "UIFORM_SUBMISSION" else None,
                "parent_interaction_id": self.short_id("interaction", index - 1) if place else None,
                "detail": detail,
                "created_time": created,
                "last_updated_time": updated,
            }

    def _interaction_of_call(self, call: int) -> int:
        return min(call * 4 // 3, self.size("interactions") - 1)

    def _plugin_calls(self, indexes: range, rng: random.Random) -> Rows:
        count, last = len(indexes), self.size("conversations") - 1
        draws = zip(
            indexes,
            rng.choices(PLUGINS, k=count),
            rng.choices((True, False), (7, 3), k=count),
            rng.choices((True, False), (6, 4), k=count),
            rng.choices(range(1, 90), k=count),
            self._times(indexes, self.size("plugin-calls"), rng),
            strict=True,
        )
        for index, plugin, served, used, seconds, (moment, created, updated) in draws:
            interaction = self._interaction_of_call(index)
            conversation = min(interaction // 4, last)
            yield {
                "id": self.short_id("plugin-call", index),
                "interaction_id": self.short_id("interaction", interaction),
                "conversation_id": self.short_id("conversation", conversation),
                "plugin_name": plugin,
                "user_id": self._owner(conversation),
                "served": served,
                "used": served and used,
                "plugin_update_time": self._written(moment + seconds * 1000),
                "created_time": created,
                "last_updated_time": updated,
            }

    def _plugin_resources(self, indexes: range, rng: random.Random) -> Rows:
        count, last_conversation = len(indexes), self.size("conversations") - 1
        last_call = self.size("plugin-calls") - 1
        ids = rng.randbytes(16 * count).hex()
        draws = zip(
            range(0, 32 * count, 32),
            indexes,
            rng.choices(RESOURCES, (60, 12, 8, 8, 5, 5, 2), k=count),
            rng.choices(DOMAINS, k=count),
            rng.choices(TOPICS, k=count),
            rng.choices(TEXTS[:7], k=count),
            rng.choices(range(3), k=count),
            rng.choices((True, False), k=count),
            rng.choices((True, False), (1, 4), k=count),
            self._times(indexes, self.size("plugin-resources"), rng),
            strict=True,
        )
        row: dict[str, Any] = {}
        for at, index, kind, domain, topic, text, form, called, cited, (_, created, updated) in draws:
            identity = ids[at : at + 32]
            if index % 40 == 39:
                # About one row in forty repeats another in all but its id.
                row = {**row, "id": identity}
                yield row
                continue
            call = min(index * 3 // 20, last_call)
            interaction = self._interaction_of_call(call)
            conversation = min(interaction // 4, last_conversation)
            row = {
                "id": identity,
                "resource_id": (f"KB{index:07}", f"page/{index}?a=b&c=d", f"Form № {index}")[form],
                "type": f"RESOURCE_TYPE_{kind}",
                "plugin_call_id": self.short_id("plugin-call", call) if called else None,
                "interaction_id": self.short_id("interaction", interaction),
                "user_id": self._owner(conversation),
                "conversation_id": self.short_id("conversation", conversation),
                "detail": self._resource_detail(kind, index, domain, topic, text),
                "cited": cited,
                "created_time": created,
                "last_updated_time": updated,
            }
            yield row

    @staticmethod
    def _resource_detail(
        kind: str, index: int, domain: str | None, topic: str | None, text: str
    ) -> dict[str, Any] | None:
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

    def _users(self, indexes: range, rng: random.Random) -> Rows:
        times = self._times(indexes, self.size("users"), rng)
        for index, (first, first_text, updated) in zip(indexes, times, strict=True):
            seen, named = rng.random() < 0.8, rng.random() < 0.9
            ids = [{"connector_name": "okta", "external_id": f"00u{index:06}", "source": "OKTA"}]
            if index % 3:
                ids += [{"connector_name": "ad", "external_id": f"S-1-5-{index}", "source": "ACTIVE_DIRECTORY"}]
            yield {
                "id": self.user_id(index),
                "email_addr": f"user.{index}@example.com",
                "access_to_bot": rng.random() < 0.85,
                "first_name": rng.choice(("Zoë", "Max", "Aïcha", "李")) if named else None,
                "last_name": rng.choice(("O'Neil", "Müller", "Smith")) if named else None,
                "user_preferred_language": rng.choice(("EN_US", "DE_DE", "JA_JP")),
                "first_interaction_time": first_text if seen else None,
                "latest_interaction_time": self._written(first + 5 * 3_600_000) if seen else None,
                "external_ids": ids if index % 7 else None,
                "last_updated_time": updated,
            }

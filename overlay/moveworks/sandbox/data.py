"""Made-up records, shaped like real ones, the same for the same seed and day.

Every row is a function of seed, entity set and position, so any entity set can be made alone and its references to
others still hold.
"""

from __future__ import annotations

import base64
import hashlib
import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from moveworks_export.entities import ENTITY_SETS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from moveworks.odata import Field

DAYS: Final = 28
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
PLUGINS = ("Knowledge Search", "File Ticket", "Reset Password", "Approvals", "custom: Büro buchen")


class Generator:
    """Rows of all entity sets.

    Args:
        rows: Number of interactions; other entity sets follow in the usual ratios.
        seed: Same seed, same rows.
        now: The end of the time they cover.
    """

    def __init__(self, rows: int, seed: int, now: datetime) -> None:
        self.rows, self.seed, self.now = rows, seed, now
        self._start = now - timedelta(days=DAYS)

    def size(self, entity: str) -> int:
        """How many rows an entity set has."""
        return max(1, round(self.rows * RATIOS.get(entity, 0.25))) if self.rows else 0

    def make(self, entity: str) -> Iterator[dict[str, Any]]:
        """All rows of an entity set, oldest first."""
        maker: Callable[[int, random.Random], dict[str, Any]] | None = getattr(
            self, f"_{entity.replace('-', '_')}", None
        )
        previous: dict[str, Any] = {}
        for index in range(self.size(entity)):
            rng = random.Random(f"{self.seed}/{entity}/{index}")
            row = maker(index, rng) if maker else {}
            if entity == "plugin-resources" and index % 40 == 39:
                # About one row in forty repeats another in all but its id.
                row = {**previous, "id": row["id"]}
            previous = row
            yield {
                name: row[name] if name in row else self._value(field, index, rng)
                for name, field in self._fields(entity)
            }

    def _fields(self, entity: str) -> list[tuple[str, Field]]:
        return list(ENTITY_SETS[entity].entity.fields().items())

    def _value(self, field: Field, index: int, rng: random.Random) -> Any:
        """A value for a property that no maker below knows: one that a newer spec added."""
        if field.values:
            return rng.choice(field.values)
        match field.kind:
            case "timestamp":
                return self._written(self._moment(index, max(1, self.rows)))
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
        digest = hashlib.blake2b(f"{self.seed}/{kind}/{index}".encode(), digest_size=9).digest()
        text = base64.urlsafe_b64encode(digest).decode()
        return f"-{text[1:]}" if index % 50 == 7 else f"_{text[1:]}" if index % 50 == 8 else text

    def user_id(self, index: int) -> str:
        """An unsigned 64-bit number as text, most of them beyond int64."""
        digest = hashlib.blake2b(f"{self.seed}/user/{index}".encode(), digest_size=8).digest()
        return str(int.from_bytes(digest, "big") | (1 << 63))

    def beta_id(self, prefix: str, index: int) -> str:
        """A prefix and base-62 text."""
        rng = random.Random(f"{self.seed}/{prefix}/{index}")
        alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        return f"{prefix}_" + "".join(rng.choices(alphabet, k=21))

    # times

    def _moment(self, index: int, size: int) -> datetime:
        return self._start + timedelta(milliseconds=int(index / size * DAYS * 86_400_000))

    def _batch(self, created: datetime, rng: random.Random, *, rewritten: float = 0.05) -> str:
        """When the daily batch with this record was written: 6 to 42 hours later, for some again days later."""
        batch = created.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1, hours=6, minutes=13)
        if rng.random() < rewritten:
            batch += timedelta(days=rng.randrange(1, 8))
        latest = self.now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(hours=6, minutes=13)
        return self._written(min(batch, latest if latest <= self.now else latest - timedelta(days=1)))

    @staticmethod
    def _written(moment: datetime) -> str:
        return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"

    def _times(self, index: int, size: int, rng: random.Random) -> dict[str, str]:
        created = self._moment(index, size)
        return {"created_time": self._written(created), "last_updated_time": self._batch(created, rng)}

    # entity sets

    def _owner(self, conversation: int) -> str:
        return self.user_id(random.Random(f"{self.seed}/owner/{conversation}").randrange(self.size("users")))

    def _conversations(self, index: int, rng: random.Random) -> dict[str, Any]:
        route = rng.choices(("DM", "Notification", "Channel", "Ticket"), (80, 10, 6, 4))[0]
        detail = {"type": "TICKET", "ticket_id": f"INC{index:07}", "source": "SNOW"} if route == "Ticket" else None
        return {
            "id": self.short_id("conversation", index),
            "user_id": self._owner(index),
            "primary_domain": rng.choice(DOMAINS),
            "route": route,
            "type": f"CONVERSATION_TYPE_{route.upper()}",
            "detail": detail,
            **self._times(index, self.size("conversations"), rng),
        }

    def _interactions(self, index: int, rng: random.Random) -> dict[str, Any]:
        conversation, place = divmod(index, 4)
        conversation = min(conversation, self.size("conversations") - 1)
        bot = place % 2 == 1
        kinds = ("FREE_TEXT", "BUTTON_CLICK", "LINK_CLICK", "UIFORM_SUBMISSION", "CONTENT_UPLOAD")
        kind = "BOT_MESSAGE" if bot else rng.choices(kinds, (70, 12, 10, 5, 3))[0]
        detail: dict[str, Any] | None = {"content": rng.choices(TEXTS, (20, 20, 20, 10, 10, 10, 9, 1))[0]}
        assert detail is not None
        if kind == "FREE_TEXT":
            detail |= {"domain": rng.choice(DOMAINS), "entity": rng.choice(TOPICS)}
        elif kind == "LINK_CLICK":
            detail |= {
                "type": "RESOURCE_TYPE_KNOWLEDGE",
                "resource_id": rng.choice(("HELPFUL", "UNHELPFUL", f"KB{index:05}")),
            }
        elif kind == "UIFORM_SUBMISSION":
            detail |= {"detail": "Request software", "resource_id": f"RITM{index:06}"}
        elif kind == "CONTENT_UPLOAD":
            detail |= {"file_types": ["pdf", "png"]}
        return {
            "id": self.short_id("interaction", index),
            "conversation_id": self.short_id("conversation", conversation),
            "user_id": self._owner(conversation),
            "actor": "bot" if bot else "user",
            "platform": rng.choice(("slack", "msteams", "movewebchat")),
            "type": f"INTERACTION_TYPE_{kind}",
            "label": "Software" if kind == "UIFORM_SUBMISSION" else None,
            "parent_interaction_id": self.short_id("interaction", index - 1) if place else None,
            "detail": detail,
            **self._times(index, self.size("interactions"), rng),
        }

    def _interaction_of_call(self, call: int) -> int:
        return min(call * 4 // 3, max(0, self.size("interactions") - 1))

    def _plugin_calls(self, index: int, rng: random.Random) -> dict[str, Any]:
        interaction = self._interaction_of_call(index)
        conversation = min(interaction // 4, self.size("conversations") - 1)
        created = self._moment(index, self.size("plugin-calls"))
        served = rng.random() < 0.7
        return {
            "id": self.short_id("plugin-call", index),
            "interaction_id": self.short_id("interaction", interaction),
            "conversation_id": self.short_id("conversation", conversation),
            "user_id": self._owner(conversation),
            "plugin_name": rng.choice(PLUGINS),
            "served": served,
            "used": served and rng.random() < 0.6,
            "plugin_update_time": self._written(created + timedelta(seconds=rng.randrange(1, 90))),
            **self._times(index, self.size("plugin-calls"), rng),
        }

    def _plugin_resources(self, index: int, rng: random.Random) -> dict[str, Any]:
        call = min(index * 3 // 20, self.size("plugin-calls") - 1)
        interaction = self._interaction_of_call(call)
        conversation = min(interaction // 4, self.size("conversations") - 1)
        kind = rng.choices(
            ("KNOWLEDGE", "FILE", "FORM", "TICKET", "APPROVAL", "PERSON", "UNSPECIFIED"), (60, 12, 8, 8, 5, 5, 2)
        )[0]
        details: dict[str, dict[str, Any] | None] = {
            "KNOWLEDGE": {
                "domain": rng.choice(DOMAINS),
                "external_resource_id": f"KB{index:07}",
                "name": rng.choice(TOPICS),
                "snippet": rng.choice(TEXTS[:7]),
                "url": f"https://intranet.example.com/kb/{index}",
            },
            # A property that the spec does not know.
            "TICKET": {
                "name": f"INC{index:07}",
                "source": "SNOW",
                "type": "INCIDENT",
                "ticket_type": "incident",
                "domain": None,
            },
            "PERSON": None,
        }
        return {
            "id": hashlib.md5(f"{self.seed}/{index}".encode(), usedforsecurity=False).hexdigest(),
            "resource_id": rng.choice((f"KB{index:07}", f"page/{index}?a=b&c=d", f"Form № {index}")),
            "type": f"RESOURCE_TYPE_{kind}",
            "plugin_call_id": self.short_id("plugin-call", call) if rng.random() < 0.5 else None,
            "interaction_id": self.short_id("interaction", interaction),
            "user_id": self._owner(conversation),
            "conversation_id": self.short_id("conversation", conversation),
            "detail": details.get(kind, {"name": f"{kind.title()} {index}", "domain": None, "url": None}),
            "cited": rng.random() < 0.2,
            **self._times(index, self.size("plugin-resources"), rng),
        }

    def _users(self, index: int, rng: random.Random) -> dict[str, Any]:
        first = self._moment(index, self.size("users"))
        seen = rng.random() < 0.8
        named = rng.random() < 0.9
        ids = [{"connector_name": "okta", "external_id": f"00u{index:06}", "source": "OKTA"}]
        ids += (
            [{"connector_name": "ad", "external_id": f"S-1-5-{index}", "source": "ACTIVE_DIRECTORY"}]
            if index % 3
            else []
        )
        return {
            "id": self.user_id(index),
            "email_addr": f"user.{index}@example.com",
            "access_to_bot": rng.random() < 0.85,
            "first_name": rng.choice(("Zoë", "Max", "Aïcha", "李")) if named else None,
            "last_name": rng.choice(("O'Neil", "Müller", "Smith")) if named else None,
            "user_preferred_language": rng.choice(("EN_US", "DE_DE", "JA_JP")),
            "first_interaction_time": self._written(first) if seen else None,
            "latest_interaction_time": self._written(first + timedelta(hours=5)) if seen else None,
            "external_ids": ids if index % 7 else None,
            "last_updated_time": self._batch(first, rng),
        }

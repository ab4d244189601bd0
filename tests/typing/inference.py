"""What a type checker infers for users."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, assert_type

from moveworks import ApiKey, AsyncMoveworks, Moveworks, odata
from moveworks.assistant import Assistant
from moveworks.models import ConversationRecord, PluginCallRecord, UserRecord
from moveworks.odata import (
    BooleanField,
    CollectionField,
    DateExpression,
    Dialect,
    NumberExpression,
    OrderBy,
    Predicate,
    Query,
    TextExpression,
    TextField,
    TimestampField,
)
from moveworks.records import AsyncRecordPager, Interaction, PluginCall, RecordPager, User
from moveworks.records import Conversation as C
from moveworks_beta.models import Conversation

mw = Moveworks(records_auth=ApiKey("key"), dialect=Dialect.STANDARD)
amw = AsyncMoveworks(records_auth=ApiKey("key"))

assert_type(C.route == "DM", Predicate)
assert_type(C.route != None, Predicate)  # noqa: E711 - asks for null
assert_type(C.route < "DM", Predicate)
assert_type(C.route.eq(None), Predicate)
assert_type((C.route == "DM") & ~PluginCall.served | (C.id == C.user_id), Predicate)
assert_type(C.route, TextField)
assert_type(C.created_time, TimestampField)
assert_type(PluginCall.served, BooleanField)
assert_type(Interaction.detail.domain, TextField)
assert_type(Interaction.detail.is_null(), Predicate)
assert_type(Interaction.detail == None, Predicate)  # noqa: E711 - asks for null
assert_type(Interaction.detail.file_types, CollectionField[TextField])
assert_type(Interaction.detail.file_types.any(lambda e: e.startswith("pdf")), Predicate)
assert_type(User.external_ids.any(lambda e: e.source == "OKTA"), Predicate)
assert_type(C.route.lower().concat("x").substring(1, 2), TextExpression)
assert_type(C.route.length() * 2 - Decimal("0.5"), NumberExpression)
assert_type(-C.created_time.year() / 2 + C.route.index_of("a"), NumberExpression)
assert_type(C.created_time.date(), DateExpression)
assert_type(C.created_time.date() >= date(2026, 1, 1), Predicate)
assert_type(C.created_time >= datetime(2026, 1, 1, tzinfo=UTC), Predicate)
assert_type(C.created_time.desc(), OrderBy)
assert_type(C.route.lower().asc(), OrderBy)
assert_type(odata.all_of(C.route == name for name in ("a", "b")), Predicate)
assert_type(odata.parse("route eq 'DM'", C), Predicate)
assert_type(odata.raw("route eq {r}", r="DM"), Predicate)
assert_type(odata.parse_order_by("route", C), tuple[OrderBy, ...])
assert_type(odata.compose(C, filter=C.route == "DM", order_by=C.route.length(), select=C.id), Query)
assert_type(list(odata.split_in(C.id.in_(["a"]))), list[Predicate])
assert_type(mw.records.conversations.list(), RecordPager[ConversationRecord])
assert_type(mw.records.conversations.list(order_by=[C.created_time.desc(), C.id]), RecordPager[ConversationRecord])
assert_type(mw.records["plugin-calls"].list(), RecordPager[PluginCallRecord])
assert_type(amw.records.conversations.list(), AsyncRecordPager[ConversationRecord])
assert_type(mw.records.conversations.list().first(), ConversationRecord | None)
assert_type(mw.records.conversations.list(raw=True), RecordPager[dict[str, Any]])
assert_type(mw.records.conversations.list(raw=bool(1)), RecordPager[ConversationRecord] | RecordPager[dict[str, Any]])
assert_type(
    mw.records.conversations.list(order_by=[C.route.lower(), C.id], select=C.id), RecordPager[ConversationRecord]
)
assert_type(mw.records.conversations.count(filter=PluginCall.served), int)

# What is refused at run time is refused before, where types can say so (an ignore that ignores nothing is an error).
_ = C.route < None  # type: ignore[arg-type]
C.route.lt(None)  # type: ignore[arg-type]
C.route.lt(5)  # type: ignore[arg-type]
C.created_time.ge("2026-01-01")  # type: ignore[arg-type]
C.created_time.date().eq("2026-01-01")  # type: ignore[arg-type]
C.route.in_([1])  # type: ignore[list-item]
C.route.contains(5)  # type: ignore[arg-type]
(C.route.length() + "a").eq(1)  # type: ignore[operator]
PluginCall.served.eq("true")  # type: ignore[arg-type]
_ = C.rout  # type: ignore[attr-defined]
_ = Interaction.detail.domian  # type: ignore[attr-defined]
User.external_ids.any(lambda e: e.source)  # type: ignore[arg-type,return-value]
_ = mw.records.nope  # type: ignore[attr-defined]
Moveworks.from_env(regoin="eu")  # type: ignore[call-arg]
mw.with_options(proxy=None)  # type: ignore[call-arg]
mw.assistant.conversations.get(5)  # type: ignore[arg-type]

assert_type(mw.assistant, Assistant)
assert_type(mw.assistant.conversations.get("conv_1"), Conversation)
assert_type(mw.with_options(attempts=1).records.users.list(), RecordPager[UserRecord])
assert_type(Moveworks.from_env(region="eu"), Moveworks)

"""What a type checker infers for users."""

from typing import assert_type

from moveworks import ApiKey, AsyncMoveworks, AsyncPager, Moveworks, Pager
from moveworks.models import ConversationRecord, PluginCallRecord
from moveworks.odata import Predicate, TextField
from moveworks.records import Conversation as C
from moveworks.records import Interaction, User

mw = Moveworks(records_auth=ApiKey("key"))
amw = AsyncMoveworks(records_auth=ApiKey("key"))

assert_type(C.route == "DM", Predicate)
assert_type(C.route, TextField)
assert_type(Interaction.detail.domain, TextField)
assert_type(User.external_ids.any(lambda e: e.source == "OKTA"), Predicate)
assert_type(mw.records.conversations.list(), Pager[ConversationRecord])
assert_type(mw.records["plugin-calls"].list(), Pager[PluginCallRecord])
assert_type(amw.records.conversations.list(), AsyncPager[ConversationRecord])
assert_type(mw.records.conversations.list().first(), ConversationRecord | None)

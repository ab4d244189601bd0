"""The real service, for those who have credentials: `MOVEWORKS_…` variables as for `Moveworks.from_env()`.

Reads at most one record of each entity set, and asserts on shapes only, so that no record text reaches a report.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest

from moveworks import Moveworks, NotFoundError, PermissionDeniedError
from moveworks_export.entities import ENTITY_SETS

SET = {name for name, value in os.environ.items() if name.startswith("MOVEWORKS_") and value.strip()}
pytestmark = pytest.mark.live
records = pytest.mark.skipif(
    not SET & {"MOVEWORKS_API_KEY", "MOVEWORKS_CLIENT_ID"}, reason="no credential of the export API is set"
)
assistant = pytest.mark.skipif(
    not {"MOVEWORKS_ASSISTANT_TOKEN", "MOVEWORKS_ASSISTANT"} <= SET, reason="no credential of the beta API is set"
)


@pytest.fixture(scope="module")
def mw():
    with Moveworks.from_env(total_timeout=100) as client:
        yield client


@records
@pytest.mark.parametrize("name", ENTITY_SETS)
def test_an_entity_set_can_be_listed_or_is_not_in_the_scope(mw, name):
    """One record comes back as it was sent, or the credential has no scope for it."""
    entity = ENTITY_SETS[name].entity
    recent = entity.last_updated_time >= datetime.now(UTC) - timedelta(days=7)
    try:
        raw = mw.records[name].list(filter=recent, top=1, raw=True).first()
    except PermissionDeniedError:
        return
    assert raw is None or set(ENTITY_SETS[name].load_model().from_dict(raw).to_dict()) == set(raw)


@assistant
def test_a_conversation_that_does_not_exist_is_not_found(mw):
    """Address, token and assistant are right when only the conversation is missing."""
    with pytest.raises(NotFoundError) as caught:
        mw.assistant.conversations.get("conv_0000000000000000000000")
    assert caught.value.request_id

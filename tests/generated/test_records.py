"""Records as the service sends them, and as it never should: what is read is what is written."""

from __future__ import annotations

import copy
import importlib
import json
import os
import pickle
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moveworks.records import Conversation, Interaction, PluginCall, PluginResource, User
from moveworks_export.models import InteractionRecord, PluginResourceRecord, UserRecord
from moveworks_export.types import UNSET

MODELS = [
    getattr(package, name)
    for package in map(importlib.import_module, ("moveworks_export.models", "moveworks_beta.models"))
    for name in package.__all__
    if hasattr(getattr(package, name), "codec")
]
TIMES = st.sampled_from(
    [
        *("2025-08-01T16:45:27.511Z", "2025-08-01T16:45:27Z", "2025-08-01T16:45:27.511123Z", "2025-08-01T16:45:27"),
        *("2025-08-01T16:45:27.5+02:00", "2025-08-01 16:45:27Z", "2025-08-01", "2025-08-01T16:45:27.511123456Z"),
        *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2025-02-30T00:00:00.000Z", "20250801T164527Z"),
        *("2025-08-01T24:00:00.000Z", "2025-08-01T16:45:60.000Z", "", "soon", "2025-08-01T16:45:27.511z"),
    ]
)
IDS = st.sampled_from(["-3fK_9aBcDeF", "18446744073709551615", "9223372036854775808", "0" * 32, "=1+1"])
JSON = st.recursive(
    TIMES | IDS | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["id", "type", "type_", "detail", "additional_properties"]) | st.text(), inner),
    max_leaves=6,
)


def test_all_models_are_in_one_place():
    """And nothing else, for a star import and for completion."""
    names = {}
    exec("from moveworks.models import *", names)
    # pytest adds names of its own to the modules of a plugin's distribution.
    found = {name: value for name, value in names.items() if name.isidentifier() and name != "__builtins__"}
    packages = [importlib.import_module(f"moveworks_{api}.models") for api in ("export", "beta")]
    assert set(found) == {name for package in packages for name in package.__all__}
    assert all(found[name] is getattr(packages[0], name) for name in packages[0].__all__)


def same(sent, written):
    """Equal, but that times are compared as instants."""
    if isinstance(sent, dict) and isinstance(written, dict):
        return sent.keys() == written.keys() and all(same(value, written[key]) for key, value in sent.items())
    if isinstance(sent, list) and isinstance(written, list):
        return len(sent) == len(written) and all(map(same, sent, written))
    if type(sent) is type(written) and sent == written:
        return True
    return isinstance(sent, str) and isinstance(written, str) and instant(sent) == instant(written)


def instant(text):
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_what_is_read_is_what_is_written(data):
    """Whatever stands in whichever property, and beside the ones that are known; the source stays as it is."""
    model = data.draw(st.sampled_from(MODELS))
    known = {field.wire: JSON | st.sampled_from([*field.values, None]) for field in model.codec().fields}
    source = data.draw(st.fixed_dictionaries({}, optional=known)) | data.draw(st.dictionaries(st.text(), JSON))
    before = copy.deepcopy(source)
    read = model.from_dict(source)
    assert source == before
    written = read.to_dict()
    assert same(source, written)
    assert model.adopt(copy.deepcopy(source)) == read == copy.deepcopy(read) == pickle.loads(pickle.dumps(read))
    assert model.from_dict(written).to_dict() == written
    json.dumps(written)


@pytest.mark.parametrize(
    ("sent", "read", "written"),
    [
        ("2025-08-01T16:45:27.511Z", datetime(2025, 8, 1, 16, 45, 27, 511000, UTC), "2025-08-01T16:45:27.511Z"),
        ("2025-08-01T16:45:27Z", datetime(2025, 8, 1, 16, 45, 27, 0, UTC), "2025-08-01T16:45:27.000Z"),
        ("2025-08-01T16:45:27.511123Z", datetime(2025, 8, 1, 16, 45, 27, 511123, UTC), "2025-08-01T16:45:27.511123Z"),
        ("2025-08-01T16:45:27+02:00", datetime(2025, 8, 1, 14, 45, 27, 0, UTC), "2025-08-01T14:45:27.000Z"),
        ("2025-08-01T16:45:27", datetime(2025, 8, 1, 16, 45, 27, 0, UTC), "2025-08-01T16:45:27.000Z"),
        ("2025-08-01", "2025-08-01", "2025-08-01"),
        ("2025-08-01T16:45:27.511123456Z", "2025-08-01T16:45:27.511123456Z", "2025-08-01T16:45:27.511123456Z"),
        (None, None, None),
    ],
)
def test_times_are_aware_and_in_utc(sent, read, written):
    """What would lose digits or is no time stays text."""
    record = UserRecord.from_dict({"last_updated_time": sent})
    assert record.last_updated_time == read
    assert not isinstance(read, datetime) or record.last_updated_time.utcoffset() == timedelta(0)
    assert record.to_dict() == {"last_updated_time": written}


def test_a_time_without_a_zone_is_utc_on_every_machine():
    """Also where the machine's own zone is another."""
    code = (
        "from datetime import datetime; from moveworks_export.models import UserRecord\n"
        "print(UserRecord(last_updated_time=datetime(2026, 1, 1, 12)).to_dict()['last_updated_time'])"
    )
    folder = str(Path(sys.modules["moveworks_export"].__file__).parents[1])
    told = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "TZ": "Asia/Tokyo", "PYTHONPATH": folder},
        check=True,
        capture_output=True,
        text=True,
    )
    assert told.stdout.strip() == "2026-01-01T12:00:00.000Z"


def test_ids_are_text_and_unknown_values_stay():
    """A user id beyond int64, a kind of interaction and a field that nobody knows."""
    record = InteractionRecord.from_dict({"user_id": "18446744073709551615", "type": "NEW", "surprise": {"a": None}})
    assert record.user_id == "18446744073709551615"
    assert record.type_ == "NEW"
    assert record.additional_properties == {"surprise": {"a": None}}
    assert record.label is UNSET
    resource = PluginResourceRecord.from_dict({"detail": {"ticket_type": "INC", "name": None}})
    assert resource.detail.name is None
    assert resource.to_dict() == {"detail": {"ticket_type": "INC", "name": None}}


@pytest.mark.parametrize("entity", [Conversation, Interaction, PluginCall, PluginResource, User])
def test_every_property_of_an_entity_may_be_null(entity):
    """And is then null again."""
    model = importlib.import_module("moveworks_export.models").__dict__[f"{entity.__name__}Record"]
    source = dict.fromkeys(entity.fields())
    assert model.from_dict(source).to_dict() == source
    assert set(entity.fields()) == model.codec().names

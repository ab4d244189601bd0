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
from dateutil.parser import isoparse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import moveworks_beta.types
import moveworks_export.types
from moveworks import UNSET
from moveworks.records import Conversation, Interaction, PluginCall, PluginResource, User
from moveworks_beta.models import UpdateConversationRequest
from moveworks_export.models import InteractionRecord, PluginResourceRecord, UserRecord

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
    assert written == source
    assert model.adopt(copy.deepcopy(source)) == read == copy.deepcopy(read) == pickle.loads(pickle.dumps(read))
    json.dumps(written)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("2025-08-01T16:45:27.511Z", datetime(2025, 8, 1, 16, 45, 27, 511000, UTC)),
        ("2025-08-01T16:45:27Z", datetime(2025, 8, 1, 16, 45, 27, 0, UTC)),
        ("2025-08-01T16:45Z", datetime(2025, 8, 1, 16, 45, 0, 0, UTC)),
        ("2025-08-01t16:45:27.511z", datetime(2025, 8, 1, 16, 45, 27, 511000, UTC)),
        ("2025-08-01 16:45:27.511Z", datetime(2025, 8, 1, 16, 45, 27, 511000, UTC)),
        ("2025-08-01T16:45:27,511Z", datetime(2025, 8, 1, 16, 45, 27, 511000, UTC)),
        ("2025-W31-5T16:45:27.511Z", datetime(2025, 8, 1, 16, 45, 27, 511000, UTC)),
        ("2025-08-01T16:45:27.5+00", datetime(2025, 8, 1, 16, 45, 27, 500000, UTC)),
        ("20250801T164527Z", datetime(2025, 8, 1, 16, 45, 27, 0, UTC)),
        ("2025-08-01T16:45:27.511123Z", datetime(2025, 8, 1, 16, 45, 27, 511123, UTC)),
        ("2025-08-01T16:45:27.500000Z", datetime(2025, 8, 1, 16, 45, 27, 500000, UTC)),
        ("2025-08-01T16:45:27.5111234Z", datetime(2025, 8, 1, 16, 45, 27, 511123, UTC)),
        ("2025-08-01T16:45:27.511123456Z", datetime(2025, 8, 1, 16, 45, 27, 511123, UTC)),
        ("2025-08-01T16:45:27+02:00", datetime(2025, 8, 1, 14, 45, 27, 0, UTC)),
        ("2025-08-01T16:45:27.511-00:00", datetime(2025, 8, 1, 16, 45, 27, 511000, UTC)),
        ("2025-08-01T16:45:27", datetime(2025, 8, 1, 16, 45, 27, 0, UTC)),
        ("2025-12-31T23:59:60Z", datetime(2026, 1, 1, 0, 0, 0, 0, UTC)),
        ("2025-12-31T23:59:60.25Z", datetime(2026, 1, 1, 0, 0, 0, 250000, UTC)),
        ("2025-12-31T24:00:00Z", datetime(2026, 1, 1, 0, 0, 0, 0, UTC)),
    ],
)
def test_a_time_of_any_form_is_aware_and_in_utc_and_is_written_as_it_was_sent(sent, read):
    """All that RFC 3339 and ISO 8601 allow; digits beyond microseconds are kept for writing."""
    record = UserRecord.from_dict({"last_updated_time": sent})
    assert record.last_updated_time == read
    assert record.last_updated_time.utcoffset() == timedelta(0)
    for each in (record, copy.deepcopy(record), pickle.loads(pickle.dumps(record))):
        assert each.to_dict() == {"last_updated_time": sent}
    assert str(record.last_updated_time) == str(read)
    assert repr(record.last_updated_time) == repr(read)


@pytest.mark.parametrize(
    "sent", [None, "", "soon", "2025-08-01", "2025", "20250801", "2025-02-30T00:00:00Z", "0001-01-01T00:00:00+14:00"]
)
def test_what_is_no_time_stays_as_it_was_sent(sent):
    """A day alone, a day that no calendar has, one beyond the years of Python."""
    record = UserRecord.from_dict({"last_updated_time": sent})
    assert record.last_updated_time == sent
    assert record.to_dict() == {"last_updated_time": sent}


NEARLY = st.from_regex(r"202[0-9]-1[12]-[0-3][0-9]T1[0-9][:.,]00[:.,]00([.,:][0-9]{3}([0-9]{3})?)?[Zz+]", fullmatch=True)


@given(NEARLY)
def test_what_is_read_fast_is_read_as_by_the_standard(text):
    """Forms that occur often are not given to the parser of the standard, and come to the same."""
    try:
        expected = isoparse(text)
    except ValueError:
        expected = text
    record = UserRecord.from_dict({"last_updated_time": text})
    assert record.last_updated_time == expected
    assert record.to_dict() == {"last_updated_time": text}


def test_a_time_that_was_moved_is_written_anew():
    """The text that was sent belongs to the time that was sent."""
    record = UserRecord.from_dict({"last_updated_time": "2025-08-01T16:45:27+02:00"})
    record.last_updated_time += timedelta(days=1)
    assert record.to_dict() == {"last_updated_time": "2025-08-02T14:45:27.000Z"}


def test_a_time_without_a_zone_is_utc_on_every_machine():
    """Also where the machine's own zone is another."""
    code = (
        "from datetime import datetime; from moveworks_export.models import UserRecord\n"
        "print(UserRecord(last_updated_time=datetime(2026, 1, 1, 12)).to_dict()['last_updated_time'])"
    )
    folder = str(Path(sys.modules["moveworks_export"].__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "TZ": "Asia/Tokyo", "PYTHONPATH": folder},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "2026-01-01T12:00:00.000Z"


def test_ids_are_text_and_unknown_values_stay():
    """A user id beyond int64, a kind of interaction and a field that nobody knows."""
    record = InteractionRecord.from_dict({"user_id": "18446744073709551615", "type": "NEW", "surprise": {"a": None}})
    assert record.user_id == "18446744073709551615"
    assert record.type == record.type_ == "NEW"
    assert record.additional_properties == {"surprise": {"a": None}}
    assert record.label is None
    assert "label" not in record.to_dict()
    resource = PluginResourceRecord.from_dict({"detail": {"ticket_type": "INC", "name": None}})
    assert resource.detail.name is None
    assert resource.to_dict() == {"detail": {"ticket_type": "INC", "name": None}}


def test_a_wrong_name_is_told_with_the_right_one():
    """Reading a property that there is not, and writing one."""
    record = InteractionRecord.from_dict({"id": "i1"})
    with pytest.raises(AttributeError, match=r"InteractionRecord has no property 'lable'; did you mean 'label'\?"):
        record.lable  # noqa: B018
    record.conversation = "c1"
    with pytest.raises(AttributeError, match=r"no property 'conversation'; did you mean 'conversation_id'\?"):
        record.to_dict()


def test_a_missing_property_and_null_are_told_apart_in_what_is_written():
    """Both read as None: users compare with None."""
    missing, null = InteractionRecord.from_dict({"id": "i1"}), InteractionRecord(id="i1", label=None)
    assert missing.label is null.label is None
    assert missing.to_dict() == {"id": "i1"}
    assert null.to_dict() == {"id": "i1", "label": None}


def test_a_request_leaves_out_what_is_unset():
    """There is one UNSET; it is false, empty as text, and the same object after pickle and copies."""
    body = UpdateConversationRequest(title="New")
    assert body.to_dict() == {"title": "New"}
    assert body.archived is UNSET is pickle.loads(pickle.dumps(UNSET)) is copy.deepcopy(UNSET)
    assert moveworks_beta.types.UNSET is moveworks_export.types.UNSET is UNSET
    assert f"{body.archived}" == ""  # noqa: PLC1901 - the text, not whether it is false
    assert UpdateConversationRequest(title=UNSET).to_dict() == {}


@pytest.mark.parametrize("entity", [Conversation, Interaction, PluginCall, PluginResource, User])
def test_every_property_of_an_entity_may_be_null(entity):
    """And is then null again."""
    model = importlib.import_module("moveworks_export.models").__dict__[f"{entity.__name__}Record"]
    source = dict.fromkeys(entity.fields())
    assert model.from_dict(source).to_dict() == source
    assert set(entity.fields()) == model.codec().names

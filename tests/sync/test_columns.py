"""Columns out of JSON texts: what is read together is what would be read one by one."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from moveworks import ResponseError
from moveworks.records.columns import table_of
from moveworks.records.rows import RowReader, newest_time, utc_text
from moveworks_export.entities import ENTITY_SETS

TABLE = table_of(ENTITY_SETS["interactions"])
YEAR_1000 = datetime(1000, 1, 1, tzinfo=UTC)
NAMES = [column.name for column in TABLE.columns]
times = st.one_of(
    st.integers(0, 253_000_000_000_000).map(
        lambda ms: f"{YEAR_1000 + timedelta(milliseconds=ms):%Y-%m-%dT%H:%M:%S}.{ms % 1000:03}Z"
    ),
    st.sampled_from(
        [
            None,
            "",
            "yesterday",
            "2026-02-30T10:00:00.000Z",
            "2026-11-26T24:00:00.000Z",
            "2026-11-26t10:00:00.000z",
            "2026-11-26T10:00:00+02:00",
            "2026-11-26T10:00:00.1234567Z",
            "2026-11-26T10:00:00.1234560Z",
            "0999-11-26T10:00:00.000Z",
            '2026-11-26","10:00:00.0Z',
            "2026-11-26T10:00:00.0000",
            "2026-11-26T10:00:60.000Z",
            "2026-11-26 10:00:00.000Z",
        ]
    ),
)
values = {name: st.none() | st.text(max_size=6) for name in NAMES} | {
    "id": st.text(min_size=1, max_size=6),
    "created_time": times,
    "last_updated_time": times,
    "detail": st.none()
    | st.dictionaries(st.text(max_size=3), st.none() | st.integers() | st.text(max_size=8), max_size=3),
}
full = st.fixed_dictionaries(values)
plain = full.map(lambda record: json.dumps(record).encode())
compact = full.map(lambda record: json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode())
doubled = st.tuples(compact, st.sampled_from(NAMES)).map(
    lambda each: b'%b,"%b":null}' % (each[0][:-1], each[1].encode()) if each[1] != "id" else each[0]
)
odd = st.sampled_from(
    [
        b'{"id": 5}',
        b'{"id":"a","id":"b"}',
        b'{"id":"a","new":{"x":1e400}}',
        b'{"id":"a","label":"\\u0000","detail":{"\\":":1}}',
        b'{"id":"a","detail":"\\ud83d"}',
    ]
)


@given(st.lists(plain | compact | doubled | odd, min_size=1, max_size=8))
@example([b'{"id":"a","id":"b"}', b'{"id":"c"}'])
def test_records_together_are_as_records_alone(texts):
    """However many are read at once, each has the same values, and the same is said to differ."""
    together, alone = RowReader(TABLE), RowReader(TABLE)
    rows = list(zip(*together.read(texts), strict=True))
    singly = [row for text in texts for row in zip(*alone.read([text]), strict=True)]
    slowly = [tuple(value for (value,) in RowReader(TABLE)._slow(text)) for text in texts]
    assert rows == singly == slowly
    assert together.drift == alone.drift


@given(st.lists(times.filter(bool), max_size=6))
def test_the_newest_time_is_that_of_the_clock(texts):
    """Also where times are written in different forms, or some are none."""
    assert newest_time(set(texts)) == max(filter(None, map(utc_text, texts)), default=None)


@pytest.mark.parametrize("text", [b'{"id":null}', b'{"id":""}', b'{"label":"x"}', b"{}"])
def test_a_record_without_an_id_is_an_error(text):
    """It cannot be told from others, so it ends the window instead of being lost."""
    with pytest.raises(ResponseError, match="no id"):
        RowReader(TABLE).read([b'{"id":"a"}', text])


@pytest.mark.parametrize(
    ("text", "shown", "fits"),
    [
        ("2026-11-26T10:00:00.1234567Z", "2026-11-26T10:00:00.123456Z", False),
        ("2026-11-26T12:00:00.123456000+02:00", "2026-11-26T10:00:00.123456Z", True),
        ("2026-11-26T10:00:00", None, False),
    ],
)
def test_a_time_finer_than_its_column_is_cut_and_kept(text, shown, fits):
    """So it is in views and days, and nothing of it is lost."""
    reader = RowReader(TABLE)
    columns = reader.read([json.dumps({**dict.fromkeys(NAMES), "id": "a", "created_time": text}).encode()])
    assert columns[NAMES.index("created_time")] == [shown]
    assert columns[-1] == [None if fits else json.dumps({"created_time": text}, separators=(",", ":"))]
    assert (reader.drift.misfits == {}) is fits

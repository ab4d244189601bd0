"""Server-sent events, out of bytes that are cut anywhere."""

from __future__ import annotations

from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moveworks.assistant.calls import read_output, read_response
from moveworks.assistant.reader import EventReader, ServerEvent


def read(data, *, size=None):
    reader, found = EventReader(), []
    for start in range(0, len(data), size or len(data) or 1):
        found += reader.feed(data[start : start + (size or len(data))])
    return found + reader.close()


CASES = {
    "plain": (b"event: a\ndata: x\n\n", [("a", "x")]),
    "no blank": (b"event:a\ndata:x\n\n", [("a", "x")]),
    "one blank only": (b"data:  x\n\n", [("", " x")]),
    "CR": (b"event: a\rdata: x\r\r", [("a", "x")]),
    "CRLF": (b"event: a\r\ndata: x\r\n\r\n", [("a", "x")]),
    "mixed": (b"event: a\r\ndata: x\rdata: y\n\n", [("a", "x\ny")]),
    "several lines": (b"data: x\ndata:\ndata: y\n\n", [("", "x\n\ny")]),
    "comments": (b": hi\n\n:\n\ndata: x\n: y\n\n", [("", "x")]),
    "mark": (b"\xef\xbb\xbfevent: a\ndata: x\n\n", [("a", "x")]),
    "mark inside": (b"data: \xef\xbb\xbfx\n\n", [("", "\ufeffx")]),
    "no end": (b"event: a\ndata: x", [("a", "x")]),
    "one line end": (b"event: a\ndata: x\n", [("a", "x")]),
    "name without data": (b"event: a\n\ndata: x\n\n", [("", "x")]),
    "other fields": (b"id: 1\nretry: 5\nnope: x\ndata\n\n", [("", "")]),
    "other line ends": ("data: a\u2028b\x85c\x0bd\n\n".encode(), [("", "a\u2028b\x85c\x0bd")]),
    "emoji": ("data: 👋 ä\n\n".encode(), [("", "👋 ä")]),
    "broken UTF-8": (b"data: \xff\n\n", [("", "\ufffd")]),
    "nothing": (b"", []),
    "id alone": (b"id: 1\n\n", []),
    "two": (b"data: x\n\ndata: y\n\n", [("", "x"), ("", "y")]),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("size", [None, 1, 2, 3, 7])
def test_events_are_read_however_they_are_written_and_cut(name, size):
    """Every line end, a mark at the start, comments, and no line end at all."""
    data, events = CASES[name]
    assert read(data, size=size) == [ServerEvent(*event) for event in events]


def test_an_event_is_there_with_its_last_line_end():
    """Not one event later: a CR may be followed by an LF, which belongs to it."""
    reader = EventReader()
    assert reader.feed(b"data: x\r\r") == [ServerEvent("", "x")]
    assert reader.feed(b"\ndata: y\r\n\r\n") == [ServerEvent("", "y")]


@given(
    st.binary(max_size=120) | st.text(alphabet="data:\r\n evnt\ufeff", max_size=60).map(str.encode), st.integers(1, 9)
)
@settings(max_examples=200, deadline=None)
def test_how_it_is_cut_changes_nothing(data, size):
    """Whatever it is."""
    assert read(data, size=size) == read(data)


LINES = st.lists(
    st.tuples(
        st.sampled_from([b"event: a", b"event:b", b"data: x", b"data:y", b"data:  {", b"data", b"id: 1", b": no", b""]),
        st.sampled_from([b"\n", b"\n", b"\n", b"\r\n", b"\r"]),
    ),
    max_size=6,
)


@given(st.lists(LINES, max_size=3))
@settings(max_examples=300, deadline=None)
def test_events_that_come_whole_are_read_as_those_that_come_byte_by_byte(parts):
    """One event in a part is the usual form, and is read in a shorter way."""
    parts = [b":\n", *(b"".join(line + end for line, end in lines) for lines in parts)]
    reader, found = EventReader(), []
    for part in parts:
        found += reader.feed(part)
    assert found + reader.close() == read(b"".join(parts), size=1)


@pytest.mark.parametrize("before", [b":\n", b"data: w\n", b"event: z\n", b"da"])
@pytest.mark.parametrize(
    "part",
    [
        b"event: a\ndata: x\n\n",
        b"event: a\ndata: x\n\nevent: b\ndata: y\n\n",
        b"event: a\ndata: x\ndata: y\n\n",
        b"event: a\nid: 1\ndata: x\n\n",
        b"event: a\ndata: x\ry\n\n",
        b"event: a\ndata: x\n\n\n",
        b"event: a\n\n",
        b"event: \xff\ndata:  \xff\n\n",
    ],
)
def test_a_part_is_read_as_its_bytes_are(before, part):
    """Whatever stands before it, and whether or not it is one whole event."""
    reader = EventReader()
    found = reader.feed(before) + reader.feed(part) + reader.feed(b"data: z\n\n")
    assert found == read(before + part + b"data: z\n\n", size=1)


def test_an_event_shows_no_text():
    """Not in a traceback."""
    assert "canary" not in repr(ServerEvent("a", "canary"))


def test_reading_an_output_leaves_what_came_as_it_is():
    """Models take over the dictionaries that they are made of; those of the stream are read again."""
    output = {"type": "REASONING_MESSAGE", "reasoning_message": {"reasoning_message_id": "r", "content": {}}}
    kept = deepcopy(output)
    read_output(output)
    read_response({"outputs": [output]})
    assert output == kept

"""Bodies: codings, limits, and what is no page."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import json
import zlib
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sockets import PAGE, http, socket_server

from moveworks import ApiKey, AsyncMoveworks, DeadlineError, Moveworks, ResponseError, TransportError
from moveworks.transport.decoding import STEP, Body, CodingError, TooLargeError, UnreadableError

BOMB = gzip.compress(b" " * 50_000_000)


def bare(data):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


CODED = {
    "gzip": gzip.compress(PAGE),
    "GZIP": gzip.compress(PAGE),
    "x-gzip": gzip.compress(PAGE),
    "identity": PAGE,
    "deflate": zlib.compress(PAGE),
    "deflate ": bare(PAGE),
    " gzip": gzip.compress(PAGE[:7]) + gzip.compress(PAGE[7:]) + b"\0" * 12,
}


def read(body, coding, **settings):
    with socket_server(lambda *_: http(body, Content_Encoding=coding)) as (origin, seen):
        with Moveworks(records_auth=ApiKey("k"), base_url=origin, attempts=1, **settings) as mw:
            return [user.id for user in mw.records.users.list()], seen


@pytest.mark.parametrize("coding", CODED)
def test_a_body_is_read_in_every_coding_that_is_asked_for(coding):
    """Also with several members, padded, and without a header that some servers leave out."""
    assert read(CODED[coding], coding)[0] == ["1"]


def test_every_coding_is_read_on_asyncio():
    """By the same code."""

    async def first(origin):
        async with AsyncMoveworks(records_auth=ApiKey("k"), base_url=origin) as mw:
            return (await mw.records.users.list().first()).id

    for coding, body in CODED.items():
        with socket_server(lambda *_, b=body, c=coding: http(b, Content_Encoding=c)) as (origin, _):
            assert asyncio.run(first(origin)) == "1"


@pytest.mark.parametrize("coding", ["gzip, gzip", "br", "zstd", "gzip,identity", "deflate, gzip"])
def test_other_codings_and_more_than_one_are_refused(coding):
    """Compressed twice, 3.5 kB hold 2 GB."""
    with pytest.raises(ResponseError, match="Content-Encoding"):
        read(gzip.compress(gzip.compress(PAGE)), coding)


def test_codings_on_several_lines_are_more_than_one():
    """Then the body is refused, and not asked for again and again."""
    lines = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\ncontent-encoding: gzip\r\nContent-Length: %d\r\n\r\n%b"
    body = gzip.compress(gzip.compress(PAGE))
    with socket_server(lambda *_: lines % (len(body), body)) as (origin, seen):
        with Moveworks(records_auth=ApiKey("k"), base_url=origin) as mw:
            with pytest.raises(ResponseError, match="Content-Encoding"):
                mw.records.users.list().first()
        assert len(seen) == 1


def test_a_body_that_inflates_beyond_the_limit_is_refused_before_it_is_inflated():
    """What is kept never exceeds the limit by more than a step."""
    with pytest.raises(ResponseError, match="larger than 1000000 bytes"):
        read(BOMB, "gzip", max_response_bytes=1_000_000)
    kept = []
    body = Body("gzip", limit=10**6, check=lambda: kept.append(body._size))
    with pytest.raises(TooLargeError):
        body.take(BOMB)
    assert max(kept) <= 10**6 + STEP


@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_body_of_the_largest_size_is_read(coding, asynchronous):
    """And one byte more is refused; what counts is what it inflates to."""
    body = gzip.compress(PAGE) if coding == "gzip" else PAGE

    async def read_async(origin, most):
        async with AsyncMoveworks(records_auth=ApiKey("k"), base_url=origin, max_response_bytes=most) as mw:
            return await mw.records.users.list().first()

    def read_blocking(origin, most):
        with Moveworks(records_auth=ApiKey("k"), base_url=origin, max_response_bytes=most) as mw:
            return mw.records.users.list().first()

    with socket_server(lambda *_: http(body, Content_Encoding=coding)) as (origin, _):
        ask = partial(lambda *given: asyncio.run(read_async(*given)) if asynchronous else read_blocking(*given), origin)
        assert ask(len(PAGE)).id == "1"
        with pytest.raises(ResponseError, match=f"larger than {len(PAGE) - 1} bytes"):
            ask(len(PAGE) - 1)


@pytest.mark.parametrize(("kind", "said"), [("text/html; charset=utf-8", "text/html"), (None, "no content type")])
def test_what_is_no_json_is_named_by_its_type_and_size(kind, said):
    """Never by its text."""
    line = f"Content-Type: {kind}\r\n".encode() if kind else b""
    answer = http(b"<html>canary</html>").replace(b"Content-Type: application/json\r\n", line)
    with socket_server(lambda *_: answer) as (origin, _):
        with Moveworks(records_auth=ApiKey("k"), base_url=origin, attempts=1) as mw:
            with pytest.raises(ResponseError) as caught:
                mw.records.users.list().first()
    assert f"the answer with status 200 is not JSON ({said}, 19 bytes)" in str(caught.value)
    assert "canary" not in str(caught.value)


def test_time_is_looked_at_while_a_body_is_inflated():
    """A small part may take long."""
    looks = []

    def check():
        looks.append(1)
        if len(looks) > 5:
            raise DeadlineError("over")

    with pytest.raises(DeadlineError):
        Body("gzip", limit=10**9, check=check).take(BOMB)


@pytest.mark.parametrize("cut", [1, 5, 12])
@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_compressed_body_that_is_cut_short_is_no_answer(coding, cut):
    """Although its length is what the header says."""
    with pytest.raises(TransportError, match="cut short"):
        read(CODED[coding][:-cut], coding)


def test_what_is_not_compressed_as_it_says_is_no_answer():
    """Neither is what stands behind it."""
    for body in (PAGE, CODED["gzip"] + b"rest"):
        with pytest.raises(TransportError, match="cut short"):
            read(body, "gzip")


@given(st.binary(max_size=400), st.lists(st.integers(0, 400), max_size=4), st.lists(st.integers(1, 90), max_size=20))
@settings(max_examples=60, deadline=None)
def test_members_and_parts_may_be_cut_anywhere(data, members, parts):
    """Of the wire as of the content."""
    edges = [0, *sorted(min(edge, len(data)) for edge in members), len(data)]
    packed = b"".join(gzip.compress(data[a:b]) for a, b in itertools.pairwise(edges))
    body = Body("gzip", limit=10**6, check=lambda: None)
    for size in parts:
        if packed:
            body.take(packed[:size])
            packed = packed[size:]
    if packed:
        body.take(packed)
    assert body.content() == data


@given(st.binary(max_size=200), st.sampled_from(["gzip", "deflate"]))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_read_or_refused(data, coding):
    """With an error of ours."""
    try:
        body = Body(coding, limit=10**6, check=lambda: None)
        body.take(data)
        body.content()
    except (UnreadableError, TooLargeError, CodingError):
        pass


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"value": [{"id": "1"}], "value": []}', "one list"),
        (b'{"value": [], "Value": [{"id": "1"}]}', "one list"),
        (b'{"@odata.nextLink": "?a", "value": [], "@odata.nextLink": "?b"}', "two different"),
        (b'{"value": [{"id": "1"}], "error": {"code": "x"}}', "error"),
        (b'{"value": {}}', "one list"),
        (b"[]", "a list"),
        (b"null", "nothing"),
        (b'"x"', "text"),
        (b'{"value": [null]}', "a record"),
        (b'{"value": [], "@odata.nextLink": 5}', "URL"),
        (b'{"value": [], "@odata.nextLink": " "}', "URL"),
    ],
)
def test_what_is_no_page_is_an_error_and_never_an_end(body, said):
    """A name that stands twice is seen, although decoders keep the last without a word."""
    with pytest.raises(ResponseError, match=said):
        read(body, "identity")


@pytest.mark.parametrize(
    "body",
    [
        b'{"@odata.nextLink": "?x=2", "value": [{"id": "1"}], "@odata.nextLink": null}',
        b'{"@odata.nextLink": null, "value": [{"id": "1"}], "@odata.nextLink": "?x=2"}',
        b' { "value" : [ {"id":"1"} ] ,\n"@odata.nextLink" : "?x=2" } ',
        b'\xef\xbb\xbf{"value": [{"id": "1"}], "@odata.nextLink": "?x=2"}',
        b'{"value": [{"id": "1", "first_name": "\\ud83d"}], "@odata.nextLink": "?x=2"}',
        b'{"v\\u0061lue": [{"id": "1"}], "@odata.nextLink": "?x=2"}',
    ],
)
def test_a_next_link_is_found_however_a_page_is_written(body):
    """A second one that is null does not end the list."""
    with socket_server(lambda _, number: http(body if number == 1 else PAGE)) as (origin, seen):
        with Moveworks(records_auth=ApiKey("k"), base_url=origin) as mw:
            assert len(list(mw.records.users.list())) == 2
        assert len(seen) == 2


@pytest.mark.parametrize("body", [b"{}", b'{"value": null}', b""])
def test_an_empty_answer_behind_a_next_link_is_no_end(body):
    """A first page may lack `value`; one that was announced has something to say."""
    pages = {1: http({"value": [{"id": "1"}], "@odata.nextLink": "?x=2"})}
    with socket_server(lambda _, number: pages.get(number, http(body))) as (origin, _):
        with Moveworks(records_auth=ApiKey("k"), base_url=origin, attempts=1) as mw:
            pager = mw.records.users.list()
            assert pager.first().id == "1"
            with pytest.raises(ResponseError) as caught:
                pager.first()
    assert caught.value.resume_from.endswith("?x=2")


@given(
    st.dictionaries(
        st.text(max_size=5), st.none() | st.integers() | st.text(max_size=5) | st.lists(st.integers()), max_size=4
    ),
    st.sampled_from([None, 1]),
)
@settings(max_examples=80, deadline=None)
def test_the_members_of_any_object_are_seen_once(members, indent):
    """In whatever layout."""
    from moveworks.records.page import _members

    found = _members(json.dumps(members, indent=indent).encode())
    assert dict(found) == members
    assert len(found) == len(members)

"""Records over plain HTTP: complete, unchanged, and never shorter than they are."""

from __future__ import annotations

import asyncio
import copy
import itertools
import json
import pickle

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from published import RECORDS_PATH
from ready_pages import START, ready_pager

from moveworks import (
    ApiKey,
    AsyncMoveworks,
    Moveworks,
    MoveworksError,
    PagingLoopError,
    ResponseError,
    UntrustedLinkError,
)
from moveworks.records import Conversation as C
from moveworks.records import entity_set
from moveworks.sandbox import Sandbox
from moveworks_export.entities import ENTITY_SETS
from moveworks_export.operations import OPERATIONS

NAMES = list(ENTITY_SETS)


@pytest.fixture(scope="module")
def real():
    """Real-shaped records of every entity set, and some nobody foresaw."""
    with Sandbox(rows=700, seed=11) as sandbox:
        found = {name: sandbox.rows(name)[:40] for name in NAMES}
    for rows in found.values():
        rows.append(dict.fromkeys(rows[0]) | {"id": "-dash", "brand_new": {"nested": [1, None, "x"]}, "zahl": 2**70})
        rows.append({})
        rows.append(rows[0])
    return found


def pages(rows, *, size=7, key="@odata.nextLink", absolute=True):
    """An answer function that serves rows in pages."""

    def answer(handler):
        start = int(handler.path.partition("$skiptoken=")[2] or 0)
        body = {"@odata.context": "x", "value": rows[start : start + size]}
        if start + size < len(rows):
            path = f"{handler.path.partition('?')[0]}?$skiptoken={start + size}"
            body[key] = f"http://{handler.headers['Host']}{path}" if absolute else path
        handler.reply(json.dumps(body).encode())

    return answer


def client(origin, **settings):
    return Moveworks(records_auth=ApiKey("k-secret"), base_url=origin, **{"attempts": 2, **settings})


def times_as_instants(value):
    """Times in one spelling."""
    from moveworks_export.types import decode_time

    if isinstance(value, dict):
        return {k: times_as_instants(v) for k, v in value.items()}
    if isinstance(value, list):
        return [times_as_instants(v) for v in value]
    return decode_time(value) if isinstance(value, str) else value


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("key", ["@odata.nextLink", "odata.nextLink", "@odata.nextlink", "@ODATA.NEXTLINK"])
@pytest.mark.parametrize("absolute", [True, False])
def test_real_records_arrive_complete_and_unchanged(http_server, real, name, key, absolute):
    """Typed and raw, over many pages, whatever the spelling of the link."""
    rows = real[name]
    with http_server(pages(rows, key=key, absolute=absolute)) as (origin, _), client(origin) as mw:
        typed = [record.to_dict() for record in mw.records[name].list()]
        assert times_as_instants(typed) == times_as_instants(rows)
        assert list(mw.records[name].list(raw=True)) == rows


@pytest.mark.parametrize("name", NAMES)
def test_real_records_arrive_complete_and_unchanged_async(http_server, real, name):
    """The same with `async for`."""

    async def read(origin):
        async with AsyncMoveworks(records_auth=ApiKey("k"), base_url=origin) as mw:
            return [record.to_dict() async for record in mw.records[name].list()]

    with http_server(pages(real[name])) as (origin, _):
        assert times_as_instants(asyncio.run(read(origin))) == times_as_instants(real[name])


def test_records_pickle_copy_and_keep_what_is_unknown(http_server, real):
    """Models survive pickle and deepcopy; UNSET stays the one UNSET."""
    with http_server(pages(real["conversations"])) as (origin, _), client(origin) as mw:
        for record in mw.records.conversations.list():
            assert pickle.loads(pickle.dumps(record)) == record == copy.deepcopy(record)
            assert "content" not in repr(record)
        assert record.created_time is not None


def test_links_are_followed_byte_for_byte(http_server):
    """A next link keeps its own encoding."""
    token = "a+b%2Bc%20d~'(x)=="
    seen_link = f"?$skiptoken={token}&x=%C3%A9"

    def answer(handler):
        first = "skiptoken" not in handler.path
        body = {"value": [{"id": "1" if first else "2"}]}
        if first:
            body["@odata.nextLink"] = f"http://{handler.headers['Host']}{handler.path.partition('?')[0]}{seen_link}"
        handler.reply(json.dumps(body).encode())

    with http_server(answer) as (origin, seen), client(origin) as mw:
        assert [r["id"] for r in mw.records.users.list(raw=True)] == ["1", "2"]
        assert seen[1][1].endswith(seen_link)


@pytest.mark.parametrize(
    ("link", "error"),
    [
        (f"http://evil.example{RECORDS_PATH}/users?$skiptoken=1", UntrustedLinkError),
        (f"https://127.0.0.1:{{port}}{RECORDS_PATH}/users?a", UntrustedLinkError),
        (f"http://127.0.0.1:1{RECORDS_PATH}/users", UntrustedLinkError),
        (f"http://k:v@127.0.0.1:{{port}}{RECORDS_PATH}/users", UntrustedLinkError),
        (f"//evil.example{RECORDS_PATH}/users", UntrustedLinkError),
        (f"http://127.0.0.1:{{port}}@evil.example{RECORDS_PATH}/users", UntrustedLinkError),
        (f"ftp://127.0.0.1:{{port}}{RECORDS_PATH}/users", UntrustedLinkError),
        (f"{RECORDS_PATH}/conversations?$skiptoken=1", UntrustedLinkError),
        ("?", (PagingLoopError, UntrustedLinkError)),
        ("http://[::1", MoveworksError),
        ("", ResponseError),
        (5, ResponseError),
        (["x"], ResponseError),
        (f"{RECORDS_PATH}/users", PagingLoopError),
    ],
)
def test_hostile_links_end_in_an_error_and_get_no_credential(http_server, link, error):
    """Nothing foreign is followed, and what was read is not passed off as everything."""

    def answer(handler):
        port = handler.headers["Host"].rpartition(":")[2]
        text = link.replace("{port}", port) if isinstance(link, str) else link
        handler.reply(json.dumps({"value": [{"id": "1"}], "@odata.nextLink": text}).encode())

    with http_server(answer) as (origin, seen), client(origin) as mw:
        pager = mw.records.users.list(raw=True)
        with pytest.raises(error) as caught:
            list(pager)
        assert len(seen) <= 3
        assert "k-secret" not in str(caught.value) + repr(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"null",
        b'"x"',
        b'{"value": {}}',
        b'{"value": "x"}',
        b'{"value": [1]}',
        b'{"value": [null]}',
        b'{"error": {"code": "x"}}',
        b"{",
        b"",
        b"<html>login</html>",
        b'{"value": [{"id": 1}]',
        b'{"items": []}',
        b"\xff\xfe",
        b'{"value": [{"id": NaN}]}',
    ],
)
def test_an_answer_that_is_no_page_is_an_error(http_server, body):
    """A short result is never reported as a complete one."""
    with http_server(lambda handler: handler.reply(body)) as (origin, _), client(origin, attempts=1) as mw:
        with pytest.raises(MoveworksError):
            list(mw.records.users.list())


@pytest.mark.parametrize("body", [{}, {"@odata.context": "x"}, {"value": []}, {"value": None}])
def test_an_empty_page_may_lack_value(http_server, body):
    """The service leaves `value` out when it is empty."""
    with http_server(lambda handler: handler.reply(json.dumps(body).encode())) as (origin, _), client(origin) as mw:
        assert list(mw.records.users.list()) == []
        assert mw.records.users.list().first() is None


def test_empty_pages_in_between_do_not_end_a_list(http_server):
    """Only a missing link does."""

    def answer(handler):
        n = int(handler.path.partition("skiptoken=")[2] or 0)
        body = {"value": [{"id": str(n)}] if n == 3 else [], "@odata.nextLink": f"?$skiptoken={n + 1}"}
        if n == 4:
            body = {"@odata.context": "x"}
        handler.reply(json.dumps(body).encode())

    with http_server(answer) as (origin, _), client(origin) as mw:
        assert [u["id"] for u in mw.records.users.list(raw=True)] == ["3"]


@given(
    sizes=st.lists(st.integers(0, 5), min_size=1, max_size=8),
    limit=st.none() | st.integers(0, 40),
    stop=st.integers(0, 8),
)
@settings(deadline=None, max_examples=60)
def test_limit_resume_and_pages_lose_nothing(sizes, limit, stop):
    """However a list is cut and resumed, together the parts hold every record."""
    bounds = [sum(sizes[:n]) for n in range(len(sizes) + 1)]
    rows = [[{"id": n} for n in range(*bound)] for bound in itertools.pairwise(bounds)]

    def pager(url=START, limit=None):
        return ready_pager(*rows, limit=limit, start=url)

    every = list(range(bounds[-1]))
    assert [r["id"] for r in pager(limit=limit)] == every[:limit]
    begun = pager(limit=limit)
    taken = [r["id"] for page, _ in zip(begun.pages(), range(stop), strict=False) for r in page.items]
    link = begun.resume_from
    rest = [r["id"] for r in pager(link)] if link else []
    assert set(taken) | set(rest) >= set(every if link else every[:limit])


def test_after_an_error_the_pager_goes_on_where_it_was(http_server):
    """The link to resume from is on the error and on the pager; nothing is lost or repeated by going on."""
    state = {"broken": True}

    def answer(handler):
        n = int(handler.path.partition("skiptoken=")[2] or 0)
        if n == 2 and state["broken"]:
            handler.reply(b'{"code":"X","message":"no"}', status=400)
            return
        body = {"value": [{"id": str(n)}], **({"@odata.nextLink": f"?$skiptoken={n + 1}"} if n < 4 else {})}
        handler.reply(json.dumps(body).encode())

    with http_server(answer) as (origin, _), client(origin) as mw:
        pager = mw.records.users.list(raw=True)
        got = []
        with pytest.raises(MoveworksError) as caught:
            got.extend(r["id"] for r in pager)
        assert caught.value.resume_from == pager.resume_from
        assert pager.resume_from.endswith("skiptoken=1"), "the link that was refused is not the one to go on from"
        assert "next link" in caught.value.advice
        state["broken"] = False
        again = mw.records.users.list(resume_from=caught.value.resume_from, raw=True)
        assert [r["id"] for r in again] == ["1", "2", "3", "4"]
        assert [r["id"] for r in pager] == ["2", "3", "4"]


def test_count_asks_for_count_and_falls_back(http_server):
    """`/$count` first; a list's `$count=true` if the service refuses it."""

    def plain(handler):
        handler.reply(b"41", kind="text/plain")

    def refusing(handler):
        if "/$count" in handler.path:
            handler.reply(b'{"code":"X","message":"no"}', status=404)
        else:
            assert "$count=true" in handler.path
            handler.reply(b'{"@odata.count": 42, "value": []}')

    for answer, number in ((plain, 41), (refusing, 42)):
        with http_server(answer) as (origin, _), client(origin) as mw:
            assert mw.records.users.count() == number
    with http_server(plain) as (origin, seen), client(origin) as mw:
        assert mw.records.conversations.count(filter=C.id.in_([])) == 0
        assert seen == []


def test_a_query_has_a_largest_length(http_server):
    """A URL of 65,536 characters is made, one of more is refused before anything is sent."""
    with http_server(lambda h: h.reply(b'{"value": []}')) as (origin, seen), client(origin) as mw:

        def length(number):
            return len(mw.records.users.list(filter=f"id eq '{'a' * number}'").resume_from)

        most = 65_536 - length(1) + 1
        assert length(most) == 65_536
        with pytest.raises(ValueError, match="URL of 65537 characters"):
            length(most + 1)
        assert seen == []


def test_a_page_shows_its_first_records_and_names_how_many_it_has(sandbox):
    """Twenty of them in a notebook; no value of one in its repr."""
    with sandbox.client() as mw:
        page = next(mw.records.interactions.list().pages())
    assert repr(page) == f"Page({len(page.items)} items, more follow)"
    assert page._repr_html_().count("<tr>") == 21 < len(page.items)


def test_nothing_is_fetched_to_show_a_pager(http_server):
    """Repr and the notebook view send nothing; length and truth say what to do instead."""
    with http_server(lambda h: h.reply(b"{}")) as (origin, seen), client(origin) as mw:
        pager = mw.records.users.list(filter="id eq 'x'")
        assert "users" in repr(pager)
        assert "<" in pager._repr_html_()
        assert "users" in mw.records.users._repr_html_()
        for ask in (len, bool):
            with pytest.raises(TypeError, match=r"count|first"):
                ask(pager)
        assert seen == []
        assert "last" in repr(next(mw.records.users.list().pages()))


def test_options_that_make_no_sense_are_refused_at_once(http_server):
    """Before anything is sent."""
    with http_server(lambda h: h.reply(b"{}")) as (origin, seen), client(origin) as mw:
        for options in (
            {"limit": -1},
            {"select": ["nope"]},
            {"filter": ""},
            {"filter": 5},
            {"resume_from": "x", "top": 3},
        ):
            with pytest.raises((ValueError, TypeError, MoveworksError)):
                mw.records.users.list(**options)
        with pytest.raises(KeyError, match="users"):
            mw.records["user"]
        with pytest.raises(AttributeError, match="plugin"):
            _ = mw.records.plugin_cals
        assert seen == []


def test_a_demanded_option_is_asked_for(sandbox, monkeypatch):
    """Before anything is sent, and by its name; a count needs none that it does not take."""
    operation = OPERATIONS[ENTITY_SETS["users"].operation]
    demanded = tuple(evolve(each, required=each.wire_name == "$skip") for each in operation.parameters)
    changed = {**OPERATIONS, operation.id: evolve(operation, parameters=demanded)}
    monkeypatch.setattr(entity_set, "OPERATIONS", changed)
    with sandbox.client() as mw:
        with pytest.raises(ValueError, match=r"users needs the query option \$skip; give it with options="):
            mw.records.users.list()
        assert mw.records.users.count() > 0

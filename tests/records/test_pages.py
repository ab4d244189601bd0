"""What a page may look like, where its link may lead, and how a list goes on."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import deque

import pytest
from published import ASSISTANT_PATH, RECORDS_PATH
from ready_pages import START, AsyncPages, ready_pager
from sockets import http, socket_server

from moveworks import (
    ApiError,
    ApiKey,
    AsyncMoveworks,
    Moveworks,
    PagingLoopError,
    PermissionDeniedError,
    ResponseError,
    ServerError,
    UntrustedLinkError,
)
from moveworks.paging import AsyncPager
from moveworks.records.page import read_page
from moveworks.transport.decoding import UnexpectedBodyError

LINK = "?$skiptoken=x"


@pytest.mark.parametrize(
    "body",
    [
        {"value": [{}], "@odata.nextLink": LINK},
        {"VALUE": [{}], "ODATA.NEXTLINK": LINK},
        {"value": [{}], "@nextLink": LINK},
        {"value": [{}], "nextLink": LINK},
        {"value": [{}], "@odata.nextLink": None, "odata.nextlink": LINK},
        {"value": [{}], "@odata.nextLink": LINK, "odata.nextLink": LINK},
        {"value": None, "Value": [{}], "@odata.nextLink": LINK},
    ],
)
def test_records_and_link_are_found_under_any_of_their_names(body):
    """One that is overlooked ends a list too early."""
    content = read_page(json.dumps(body).encode())
    assert (content.items, content.link) == ([{}], LINK)


@pytest.mark.parametrize(
    "body",
    [
        {"value": [{}], "@odata.nextLink": LINK, "odata.nextLink": f"{LINK}2"},
        {"value": [{}], "Value": [{}]},
        {"value": [{}], "error": {"code": "x"}},
        {"value": [{}], "odata.error": {"code": "x"}},
        {"odata.error": {"code": "x"}},
        {"value": [[]]},
        {"count": 0},
        {"value": [], "@odata.nextLink": {"href": LINK}},
    ],
)
def test_contradictions_and_errors_are_no_page(body):
    """Taking one of two, or a part for the whole, would lose records."""
    with pytest.raises(UnexpectedBodyError):
        read_page(json.dumps(body).encode())


@pytest.mark.parametrize(
    ("said", "number"), [(3, 3), ("3", 3), (0, 0), ("²", None), (True, None), (-1, None), (3.0, None), (10**30, None)]
)
def test_counts_are_whole_numbers(said, number):
    """Anything else is no count."""
    assert read_page(json.dumps({"value": [], "@odata.count": said}).encode()).count == number


def read(answer, ask, **settings):
    with socket_server(answer) as (origin, seen):
        with Moveworks(records_auth=ApiKey("k"), base_url=origin, **settings) as mw:
            return ask(mw.records.users), seen


def test_half_an_emoji_does_not_make_a_page_unreadable():
    """Text that was cut at 3,000 characters may end in half of a pair; JSON can say that."""
    rows = [{"id": "1", "first_name": "\ud83d"}, {"id": "2", "first_name": "😀"}]
    body = json.dumps({"value": rows}).encode()
    found, _ = read(lambda *_: http(body), lambda users: [user.to_dict() for user in users.list()])
    assert found == rows


def test_a_link_with_blanks_and_letters_is_sent_encoded():
    """Some services write the query into the link as people read it."""

    def answer(request, number):
        link = f"{RECORDS_PATH}/users?$filter=first_name eq 'é'&$skiptoken=1"
        return http({"value": [{"id": str(number)}], **({"@odata.nextLink": link} if number == 1 else {})})

    found, seen = read(answer, lambda users: [user["id"] for user in users.list(raw=True)])
    assert found == ["1", "2"]
    assert b"?$filter=first_name%20eq%20'%C3%A9'&$skiptoken=1 HTTP/1.1" in seen[1]


@pytest.mark.parametrize(
    "path",
    [
        f"{RECORDS_PATH}/conversations",
        f"{RECORDS_PATH}/Conversations/",
        f"{RECORDS_PATH}/conversations/$count",
        f"{RECORDS_PATH}/%63onversations",
        f"{RECORDS_PATH}/%2563onversations",
        "/export//v1/records/conversations",
        f"{RECORDS_PATH}/users/../conversations",
        f"{RECORDS_PATH}/users/%2e%2e/x",
        f"{RECORDS_PATH}/users%2f..%2fx",
        f"{RECORDS_PATH}/users/%5c..%5cx",
        f"{ASSISTANT_PATH}/conversations",
        "/oauth/v1/token",
    ],
)
def test_a_link_to_something_else_is_refused(path):
    """However it is written."""
    answer = lambda *_: http({"value": [], "@odata.nextLink": f"{path}?x=1"})  # noqa: E731
    with socket_server(answer) as (origin, seen):
        with Moveworks(records_auth=ApiKey("k"), base_url=origin) as mw, pytest.raises(UntrustedLinkError):
            list(mw.records.users.list())
        assert len(seen) == 1


def test_a_link_of_its_own_path_is_followed():
    """How a service names its pages is its own affair."""

    def answer(request, number):
        more = {"@odata.nextLink": f"/pages/{number}"} if number < 3 else {}
        return http({"value": [{"id": str(number)}], **more})

    found, _ = read(answer, lambda users: [user["id"] for user in users.list(raw=True)])
    assert found == ["1", "2", "3"]


@pytest.mark.parametrize("period", [1, 2, 3])
@pytest.mark.parametrize("spelling", ["?x={n}", "?x={n}#{all}"])
def test_a_loop_is_noticed_whatever_its_length(period, spelling):
    """A fragment is not sent, so it makes no other request."""

    def answer(request, number):
        return http({"value": [{}], "@odata.nextLink": spelling.format(n=number % period, all=number)})

    with pytest.raises(PagingLoopError):
        read(answer, lambda users: list(users.list()))


ROWS = [[{"id": "0a"}, {"id": "0b"}], [], [{"id": "2a"}], [{"id": "3a"}, {"id": "3b"}]]
FLAT = [row["id"] for page in ROWS for row in page]


@pytest.mark.parametrize("taken", range(6))
def test_pages_go_on_with_what_is_left_of_a_page(taken):
    """Records that were not taken one by one are not skipped."""
    begun = ready_pager(*ROWS)
    first = [row["id"] for row in itertools.islice(begun, taken)]
    rest = [row["id"] for page in begun.pages() for row in page]
    assert first + rest == FLAT


@pytest.mark.parametrize("taken", range(6))
def test_pages_go_on_with_what_is_left_of_a_page_async(taken):
    """The same with `async for`."""

    async def collect():
        begun = ready_pager(*ROWS, kind=AsyncPager, transport=AsyncPages)
        found = [(await anext(begun))["id"] for _ in range(taken)]
        async for page in begun.pages():
            found.extend(row["id"] for row in page)
        return found

    assert asyncio.run(collect()) == FLAT


@pytest.mark.parametrize("taken", range(6))
def test_resume_from_repeats_the_page_that_may_not_be_worked_off(taken):
    """The last record of a page counts as taken when the next one is asked for."""
    begun = ready_pager(*ROWS)
    deque(itertools.islice(begun, taken), maxlen=0)
    expected = {0: 0, 1: 0, 2: 0, 3: 2, 4: 3, 5: 3}[taken]
    assert begun.resume_from == (f"{START}?{expected}" if expected else START)
    assert list(begun) == [{"id": name} for name in FLAT[taken:]]
    assert begun.resume_from is None


@pytest.mark.parametrize("broken", range(4))
def test_going_on_after_an_error_loses_and_repeats_nothing(broken):
    """With the same pager, by items and by pages."""
    rows = [[page[0]] if page else [] for page in ROWS]
    rows[broken] = ServerError("once")
    expected = [f"{n}a" for n, page in enumerate(ROWS) if page or n == broken]
    for way in (lambda begun: begun, lambda begun: itertools.chain.from_iterable(begun.pages())):
        begun, found = ready_pager(*rows), []
        with pytest.raises(ServerError) as caught:
            found.extend(row["id"] for row in way(begun))
        assert caught.value.resume_from == begun.resume_from
        found.extend(row["id"] for row in way(begun))
        assert found == expected
        rows[broken] = ServerError("once")


def test_endless_empty_pages_are_an_error_and_can_be_read_on():
    """Each link is a new one, so no loop is seen; nobody would ever get a record."""
    begun = ready_pager(*[[]] * 2500, [{"id": "last"}])
    for _ in range(2):
        with pytest.raises(PagingLoopError, match="1000 pages") as caught:
            begun.first()
        assert caught.value.resume_from == begun.resume_from
    assert begun.first() == {"id": "last"}
    assert begun.first() is None


@pytest.mark.parametrize("status", ["400 x", "403 x", "404 x", "405 x", "406 x", "501 x", "200 x"])
def test_count_falls_back_where_it_is_refused(status):
    """Also by a service that answers with something else than a number."""

    def answer(request, number):
        if b"/$count" in request.partition(b" HTTP")[0]:
            return http({}, status)
        return http({"@odata.count": 42, "value": [{}]})

    number, seen = read(answer, lambda users: users.count())
    assert number == 42
    assert b"Accept: text/plain" in seen[0]
    assert b"accept-encoding: identity" in seen[0].lower(), "a number that is cut short is still one"


@pytest.mark.parametrize(("status", "error"), [("500 x", ServerError), ("403 x", PermissionDeniedError)])
def test_count_does_not_hide_what_went_wrong(status, error):
    """A failure is no refusal, and a missing scope is missing both ways."""
    with socket_server(lambda *_: http({"code": "no"}, status)) as (origin, seen):
        with Moveworks(records_auth=ApiKey("k"), base_url=origin, attempts=1) as mw, pytest.raises(error):
            mw.records.users.count()
        assert len(seen) == (1 if error is ServerError else 2)


def test_count_is_the_same_async():
    """Its steps are shared."""

    def answer(request, number):
        return http({}, "404 x") if b"/$count" in request.partition(b" HTTP")[0] else http({"@odata.count": "7"})

    async def ask(origin):
        async with AsyncMoveworks(records_auth=ApiKey("k"), base_url=origin) as mw:
            return await mw.records.users.count(filter="id eq '1'")

    with socket_server(answer) as (origin, _):
        assert asyncio.run(ask(origin)) == 7


def test_no_number_either_way_is_an_error():
    """Zero would be a lie."""
    with pytest.raises(ResponseError, match="no number"):
        read(lambda *_: http({"value": []}), lambda users: users.count())


def paged(last, **more):
    """A server whose first page leads to the second, which is `last`."""

    def answer(request, number):
        if b"skiptoken" in request:
            return last
        return http({"value": [{"id": "1"}], "@odata.nextLink": f"{RECORDS_PATH}/users?$skiptoken=2", **more})

    return socket_server(answer)


@pytest.mark.parametrize(
    ("last", "kept"),
    [
        (http({}, "404 x"), None),  # asked for again, it would be gone again
        (http({}, "403 x"), "2"),  # a scope may be given meanwhile
        (http({}, "302 x", Location=f"{RECORDS_PATH}/conversations"), None),
        (http({"value": [{"id": "2"}], "@odata.nextLink": "https://evil.example/x"}), "2"),
    ],
)
def test_a_link_that_fails_by_itself_does_not_replace_the_last_good_one(last, kept):
    """Going on begins with the page before it; a page that holds a bad link is not the one that failed."""
    with paged(last) as (origin, _), Moveworks(records_auth=ApiKey("k"), base_url=origin, attempts=1) as mw:
        pager = mw.records.users.list()
        with pytest.raises((ApiError, UntrustedLinkError)) as caught:
            list(pager)
        assert ("skiptoken=2" in caught.value.resume_from) is (kept is not None)


@pytest.mark.parametrize("status", [400, 404, 410])
def test_the_advice_for_a_next_link_that_is_no_longer_taken(status):
    """No filter of the user's is to blame."""
    with paged(http({}, f"{status} x")) as (origin, _), Moveworks(records_auth=ApiKey("k"), base_url=origin) as mw:
        with pytest.raises(ApiError) as caught:
            list(mw.records.users.list())
    assert "no longer takes this next link" in str(caught.value)
    assert "filter" not in str(caught.value)


def test_the_count_of_the_first_page_stays():
    """Pages behind it have none."""
    last = http({"value": [{"id": "2"}]})
    with paged(last, **{"@odata.count": 2}) as (origin, _):
        with Moveworks(records_auth=ApiKey("k"), base_url=origin) as mw:
            pager = mw.records.users.list(count=True)
            assert [user.id for user in pager] == ["1", "2"]
            assert pager.count == 2


def test_what_holds_a_link_shows_it_in_no_repr():
    """It may hold a token of the service."""
    with paged(http()) as (origin, _), Moveworks(records_auth=ApiKey("k"), base_url=origin) as mw:
        assert "skiptoken" not in repr(next(iter(mw.records.users.list().pages())))


def test_a_name_that_stands_twice_is_seen_wherever_it_stands():
    """Also when the second is the last member, and when the value before it is long."""
    for text in (b'{"value": [{}], "value": [{}]}', b'{"value": [], "@odata.nextLink": "a", "@odata.nextLink": "b"}'):
        with pytest.raises(UnexpectedBodyError):
            read_page(text)
    assert read_page(b' {"value" : [ {} ] } ').items == [{}]
    assert read_page(b"{ }").items == []

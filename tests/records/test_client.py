"""The client as an object: its parts, other settings for single calls, and how other people's tests replace it."""

from __future__ import annotations

import asyncio
import gc
import threading
import warnings
from unittest import mock

import pytest
from sockets import PAGE, http, socket_server

from moveworks import ApiKey, AsyncMoveworks, BearerToken, ConfigurationError, Moveworks, MoveworksError
from moveworks_export.entities import ENTITY_SETS


def client(origin="http://127.0.0.1:9", **settings):
    return Moveworks(records_auth=ApiKey("k"), base_url=origin, **settings)


@pytest.mark.parametrize("kind", [Moveworks, AsyncMoveworks])
def test_a_part_is_one_object(kind):
    """So that what is patched stays patched."""
    mw = kind(records_auth=ApiKey("k"), assistant_auth=BearerToken("t"), assistant="a")
    assert mw.records is mw.records
    assert mw.assistant is mw.assistant
    for info in ENTITY_SETS.values():
        part = getattr(mw.records, info.attribute)
        assert part is getattr(mw.records, info.attribute)
        assert part is mw.records[info.name]


def test_a_patched_list_is_what_is_called():
    """As tests of other projects do it."""
    with client() as mw:
        with mock.patch.object(mw.records.conversations, "list", return_value=["mine"]):
            assert mw.records.conversations.list() == ["mine"]
        assert mw.records.conversations.list() is not None


@pytest.mark.parametrize("instance", [False, True])
def test_an_automatic_mock_has_every_entity_set(instance):
    """And refuses what the client does not have."""
    fake = mock.create_autospec(Moveworks, instance=instance)
    for info in ENTITY_SETS.values():
        getattr(fake.records, info.attribute).list.return_value = ["mine"]
        assert getattr(fake.records, info.attribute).list(filter="x") == ["mine"]
    with pytest.raises(AttributeError):
        _ = fake.records.nope
    with pytest.raises(TypeError):
        fake.records.users.list(nope=1)
    assert fake.assistant.conversations


def test_threads_make_one_part_together():
    """Not one each."""
    with client() as mw:
        found = []
        threads = [threading.Thread(target=lambda: found.append(mw.records)) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len({id(one) for one in found}) == 1


def test_other_settings_for_single_calls():
    """Over the same connection, with the same token; the client itself keeps its own."""
    with socket_server(lambda _, number: http({}, "500 x") if number == 2 else http(PAGE)) as (origin, seen):
        with client(origin) as mw:
            list(mw.records.users.list())
            with pytest.raises(MoveworksError) as caught:
                mw.with_options(attempts=1, timeout=5, user_agent="mine").records.users.count()
            assert caught.value.attempts == 1
            list(mw.records.users.list())
    assert b"mine moveworks-client" in seen[1]
    assert b"mine" not in seen[2]
    assert seen[0].port == seen[1].port


def test_settings_of_the_whole_client_are_no_settings_of_a_call():
    """They would need other connections."""
    with client() as mw:
        for settings in ({"proxy": "http://h:1"}, {"verify": False}, {"regoin": "eu"}, {"http_client": None}):
            with pytest.raises(TypeError, match=next(iter(settings))):
                mw.with_options(**settings)
        with pytest.raises(ConfigurationError, match="attempts"):
            mw.with_options(attempts=0)


def test_closing_either_closes_both():
    """They share the connections."""
    mw = client()
    other = mw.with_options(attempts=1)
    other.close()
    for each in (mw, other):
        with pytest.raises(ConfigurationError, match="closed"):
            list(each.records.users.list())


def test_a_client_that_was_never_used_is_closed_all_the_same():
    """Nothing is made for that."""
    mw = client()
    mw.close()
    with pytest.raises(ConfigurationError, match="closed"):
        _ = mw.records


def test_a_client_that_is_closed_while_it_reads_says_so():
    """Not a RuntimeError of the library below, and no page is lost: the pager knows where to go on."""
    with socket_server(lambda *_: iter([b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", *[b" "] * 50])) as (
        origin,
        _,
    ):
        mw = client(origin, on_request=lambda _: threading.Timer(0.05, mw.close).start())
        pager = mw.records.users.list()
        with pytest.raises(ConfigurationError, match="closed"):
            list(pager)
        assert pager.resume_from is not None


def test_an_async_client_that_is_closed_while_it_reads_says_so():
    """The same."""

    async def read(origin):
        mw = AsyncMoveworks(records_auth=ApiKey("k"), base_url=origin)
        asyncio.get_running_loop().call_later(0.05, lambda: asyncio.ensure_future(mw.aclose()))
        with pytest.raises(ConfigurationError, match="closed"):
            await mw.records.users.list().first()

    with socket_server(lambda *_: iter([b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", *[b" "] * 50])) as (
        origin,
        _,
    ):
        asyncio.run(read(origin))


def test_closing_in_another_event_loop_is_no_error_once_the_first_has_ended():
    """Its connections ended with it."""

    def use(origin):
        mw = AsyncMoveworks(records_auth=ApiKey("k"), base_url=origin)

        async def read():
            return await mw.records.users.list().first()

        asyncio.run(read())
        with pytest.raises(ConfigurationError, match="event loop"):
            asyncio.run(read())
        asyncio.run(mw.aclose())

    with socket_server(lambda *_: http(PAGE)) as (origin, _):
        use(origin)
        with warnings.catch_warnings(action="ignore"):  # asyncio says that the first loop left a connection open
            gc.collect()


def test_regions_are_known_in_any_case():
    """`EU` in a variable is no typing error."""
    with Moveworks(records_auth=ApiKey("k"), region=" EU ") as mw:
        assert "eu" in repr(mw)
    with pytest.raises(ConfigurationError, match="did you mean eu"):
        Moveworks(records_auth=ApiKey("k"), region="e u")


def test_threads_that_need_connections_first_share_them():
    """However many there are at the first call, one set of connections is made for all."""
    with Moveworks(records_auth=ApiKey("k"), base_url="http://127.0.0.1:9") as mw:
        begin, found = threading.Barrier(8), []

        def connect():
            begin.wait()
            found.append(mw.with_options(attempts=1)._connections)

        threads = [threading.Thread(target=connect) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(set(map(id, found))) == 1
    assert found[0].closed

"""Access tokens: what the endpoint may answer, and who waits for whom."""

from __future__ import annotations

import asyncio
import threading

import pytest
from sockets import PAGE, http, socket_server

from moveworks import (
    ApiKey,
    AsyncMoveworks,
    AuthenticationError,
    BadRequestError,
    ClientCredentials,
    DeadlineError,
    Moveworks,
    MoveworksError,
    ResponseError,
    ServerError,
)

SECRET = "secret-canary-77"


def token(number, **facts):
    return http({"access_token": f"token-{number}", "expires_in": 3600, **facts})


class Service:
    """A token endpoint and pages; `give` may hold its answers back until `go` is set."""

    def __init__(self, give, page=None):
        self.asked = self.pages = 0
        self.begun, self.go = threading.Event(), threading.Event()
        self._give, self._page = give, page

    def __call__(self, request, number):
        if b"/oauth/v1/token" in request:
            self.asked += 1
            asked = self.asked
            self.begun.set()
            if self.go is not None:
                self.go.wait(5)
            return self._give(asked)
        self.pages += 1
        return self._page(request, self.pages) if self._page else http(PAGE)


def service(give=token, page=None, *, held=False):
    made = Service(give, page)
    if not held:
        made.go.set()
    return made


def client(origin, auth=None, **settings):
    return Moveworks(records_auth=auth or ClientCredentials("id", SECRET), base_url=origin, **settings)


@pytest.mark.parametrize("life", ["3600", None, -5, 0, 10**400, [1], "soon"])
def test_whatever_it_says_of_its_life_a_token_is_used(life):
    """A life that makes no sense counts as the shortest documented one."""
    endpoint = service(lambda number: token(number, expires_in=life))
    with socket_server(endpoint) as (origin, _), client(origin) as mw:
        for _ in range(3):
            assert len(list(mw.records.users.list())) == 1
    assert endpoint.asked == 1


@pytest.mark.parametrize(
    "answer",
    [
        http([]),
        http({"access_token": None, "refresh_token": "token-canary"}),
        http({"access_token": "token-canary\n1"}),
        http({"data": {}}),
        b"HTTP/1.1 204 No Content\r\n\r\n",
    ],
)
def test_an_answer_without_a_token_is_an_error(answer):
    """It is the service's mistake, and is not shown."""
    with socket_server(service(lambda _: answer)) as (origin, _), client(origin) as mw:
        with pytest.raises(ResponseError, match="access_token") as caught:
            list(mw.records.users.list())
    assert "canary" not in str(caught.value)


def test_oauth_errors_are_understood_and_the_secret_is_not_repeated():
    """RFC 6749 has its own names for code and message; the advice is not about filters."""
    said = {"error": "invalid_client", "error_description": f"no such secret: {SECRET}"}
    with socket_server(service(lambda _: http(said, "400 Bad Request"))) as (origin, _), client(origin) as mw:
        with pytest.raises(BadRequestError, match=r"no such secret: \*\*\*") as caught:
            list(mw.records.users.list())
    assert caught.value.code == "invalid_client"
    assert "filter" not in caught.value.advice


@pytest.mark.parametrize("location", ["http://127.0.0.1:1/", "/elsewhere"])
def test_a_token_request_follows_no_redirect(location):
    """It holds the secret."""
    moved = service(lambda _: http(b"", "307 Moved", Location=location))
    with socket_server(moved) as (origin, seen), client(origin) as mw:
        with pytest.raises(MoveworksError, match="redirect"):
            list(mw.records.users.list())
        assert len(seen) == 1


def test_a_token_that_ends_during_a_wait_is_renewed(monkeypatch):
    """60 s of waiting are the whole life of some tokens."""
    now = [1000.0]
    monkeypatch.setattr("moveworks.transport.http.pause", lambda seconds: now.__setitem__(0, now[0] + seconds))

    def page(request, number):
        if number == 1:
            return http({}, "429 Too Many Requests")
        return http(PAGE) if b"Bearer token-2" in request else http({}, "401 Unauthorized")

    endpoint = service(lambda number: token(number, expires_in=60), page)
    auth = ClientCredentials("id", SECRET)
    auth._clock = lambda: now[0]
    with socket_server(endpoint) as (origin, _), client(origin, auth) as mw:
        assert len(list(mw.records.users.list())) == 1
    assert (endpoint.asked, endpoint.pages) == (2, 2)


def test_hooks_see_the_refused_request_and_the_repeated_one():
    """Both went over the wire."""
    events = []

    def page(request, number):
        return http(PAGE) if b"Bearer token-2" in request else http({}, "401 Unauthorized")

    hook = lambda event: events.append((event.operation, event.status))  # noqa: E731
    with socket_server(service(page=page)) as (origin, _), client(origin, on_response=hook, attempts=1) as mw:
        list(mw.records.conversations.list())
    pages = [status for operation, status in events if operation != "token"]
    assert pages == [401, 200]


@pytest.mark.parametrize("asynchronous", [False, True])
@pytest.mark.parametrize(("before", "after"), [("aaa", "zzz"), ("zzz", "aaa")])
def test_a_refused_token_is_renewed_whatever_the_new_one_is(before, after, asynchronous):
    """And a credential that stays the same is not sent twice."""

    def page(request, number):
        return http(PAGE) if f"Bearer {after}".encode() in request else http({}, "401 Unauthorized")

    async def read(origin, auth):
        async with AsyncMoveworks(records_auth=auth, base_url=origin, attempts=1) as mw:
            return await mw.records.users.list().first()

    def ask(origin, auth):
        if asynchronous:
            return asyncio.run(read(origin, auth))
        with client(origin, auth, attempts=1) as mw:
            return mw.records.users.list().first()

    endpoint = service(lambda number: token(0, access_token=(before, after)[number - 1]), page)
    with socket_server(endpoint) as (origin, _):
        assert ask(origin, ClientCredentials("id", SECRET)).id == "1"
        assert (endpoint.asked, endpoint.pages) == (2, 2)
        with pytest.raises(AuthenticationError):
            ask(origin, ApiKey("mmm"))
        assert (endpoint.asked, endpoint.pages) == (2, 3)


def test_what_happens_after_a_renewal_is_what_is_told():
    """A failure of the repeated request is not the 401 before it."""

    def page(request, number):
        return http({}, "401 Unauthorized") if b"Bearer token-1" in request else http({}, "500 Oops")

    with socket_server(service(page=page)) as (origin, _), client(origin, attempts=1) as mw:
        with pytest.raises(ServerError):
            list(mw.records.users.list())


def read_in_threads(mw, amount, results):
    def read():
        pager = mw.records.users.list()
        try:
            results.append(len(list(pager)))
        except MoveworksError as error:
            results.append((error, error.resume_from == pager.resume_from))
        except KeyboardInterrupt:
            results.append("interrupted")

    threads = [threading.Thread(target=read) for _ in range(amount)]
    for thread in threads:
        thread.start()
    return threads


def join(threads):
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()


def test_a_failed_token_request_fails_all_who_wait_each_with_an_error_of_its_own():
    """One request; the errors are not one object, which lists would write their links into."""
    endpoint = service(lambda _: http({"code": "no"}, "401 Unauthorized"), held=True)
    results = []
    with socket_server(endpoint) as (origin, _), client(origin) as mw:
        threads = read_in_threads(mw, 20, results)
        assert endpoint.begun.wait(5)
        endpoint.go.set()
        join(threads)
    assert {(type(error), right) for error, right in results} == {(AuthenticationError, True)}
    assert len({id(error) for error, _ in results}) == len(results) == 20


def test_another_threads_token_request_is_waited_for_within_a_time_limit():
    """Without one, for as long as it takes."""
    auth, begun, go, found = ClientCredentials("id", SECRET), threading.Event(), threading.Event(), []

    def fetch(_):
        begun.set()
        assert go.wait(10)
        return {"access_token": "t", "expires_in": 60}

    def lead():
        found.append(auth.authorization(fetch))

    def follow():
        found.append(auth.authorization(fetch, timeout=None))

    threads = [threading.Thread(target=lead)]
    threads[0].start()
    assert begun.wait(10)
    with pytest.raises(DeadlineError, match="another thread"):
        auth.authorization(fetch, timeout=0.01)
    threads.append(threading.Thread(target=follow))
    threads[1].start()
    go.set()
    join(threads)
    assert found == ["Bearer t"] * 2


def test_an_interrupted_leader_leaves_the_lead_to_another():
    """Ctrl-C in one thread says nothing about the others."""
    endpoint, results = service(), []

    def interrupt(event):
        if event.operation == "token" and not interrupted.is_set():
            interrupted.set()
            raise KeyboardInterrupt

    interrupted = threading.Event()
    with socket_server(endpoint) as (origin, _), client(origin, on_request=interrupt) as mw:
        join(read_in_threads(mw, 10, results))
    assert sorted(map(str, results)) == ["1"] * 9 + ["interrupted"]
    assert endpoint.asked == 1


def test_a_cancelled_leader_leaves_the_lead_to_another():
    """The same for tasks."""
    endpoint = service(held=True)

    async def read(origin):
        auth = ClientCredentials("id", SECRET)
        async with AsyncMoveworks(records_auth=auth, base_url=origin) as mw:
            tasks = [asyncio.create_task(mw.records.users.list().first()) for _ in range(20)]
            await asyncio.to_thread(endpoint.begun.wait, 5)
            tasks[0].cancel()
            tasks[7].cancel()
            endpoint.go.set()
            return await asyncio.gather(*tasks, return_exceptions=True)

    with socket_server(endpoint) as (origin, _):
        found = asyncio.run(read(origin))
    assert sum(isinstance(one, asyncio.CancelledError) for one in found) == 2
    assert sum(not isinstance(one, BaseException) for one in found) == 18
    assert endpoint.asked == 2


def test_a_blocking_call_does_not_wait_for_a_task_of_its_own_thread():
    """That task could never go on."""
    endpoint = service(held=True)

    async def read(origin):
        auth = ClientCredentials("id", SECRET)
        async with AsyncMoveworks(records_auth=auth, base_url=origin) as mw:
            task = asyncio.create_task(mw.records.users.list().first())
            await asyncio.to_thread(endpoint.begun.wait, 5)
            endpoint.go.set()
            with client(origin, auth, total_timeout=5) as blocking:
                assert len(list(blocking.records.users.list())) == 1
            assert await task is not None

    with socket_server(endpoint) as (origin, _):
        asyncio.run(read(origin))
    assert endpoint.asked == 2


def test_one_credential_serves_threads_and_event_loops_together():
    """Still with one token request."""
    endpoint, auth, results = service(), ClientCredentials("id", SECRET), []

    async def read(origin):
        async with AsyncMoveworks(records_auth=auth, base_url=origin) as mw:
            return await asyncio.gather(*(mw.records.users.list().first() for _ in range(10)))

    with socket_server(endpoint) as (origin, _), client(origin, auth) as mw:
        loops = [threading.Thread(target=lambda: results.extend(asyncio.run(read(origin)))) for _ in range(3)]
        for loop in loops:
            loop.start()
        join([*loops, *read_in_threads(mw, 5, results)])
    assert len(results) == 35
    assert endpoint.asked == 1


@pytest.mark.slow
def test_a_token_is_asked_for_after_the_wait_for_a_connection():
    """Else tokens of a short life end while others are served: 500 tasks over 50 connections."""
    now = [0.0]
    valid = {}

    def give(number):
        valid[f"token-{number}".encode()] = now[0] + 0.1
        return token(number, expires_in=0.1)

    def page(request, number):
        now[0] += 0.001  # as long as serving it takes
        sent = request.partition(b"Bearer ")[2].partition(b"\r\n")[0]
        return http(PAGE) if now[0] <= valid[sent] + 0.06 else http({}, "401 Unauthorized")

    endpoint = service(give, page)
    auth = ClientCredentials("id", SECRET)
    auth._clock = lambda: now[0]

    async def read(origin):
        async with AsyncMoveworks(records_auth=auth, base_url=origin, attempts=1) as mw:
            return await asyncio.gather(*(mw.records.users.list().first() for _ in range(500)))

    with socket_server(endpoint) as (origin, _):
        found = asyncio.run(read(origin))
    assert len(found) == 500
    assert endpoint.pages >= 500


def test_no_more_requests_are_sent_at_once_than_there_are_connections():
    """A token request needs no place of its own among them, so fifty that wait for a token do not stop it."""
    lock, counts, most = threading.Lock(), [0], [0]

    def page(request, number):
        with lock:
            counts[0] += 1
            most[0] = max(most)
            most.append(counts[0])
        threading.Event().wait(0.002)
        with lock:
            counts[0] -= 1
        return http(PAGE)

    endpoint, results = service(page=page), []
    with socket_server(endpoint) as (origin, _), client(origin) as mw:
        join(read_in_threads(mw, 120, results))
    assert results == [1] * 120
    assert max(most) <= 50


def test_a_token_request_of_an_event_loop_that_stands_still_is_not_waited_for():
    """Its task can never go on; whoever needs the token asks for one."""
    endpoint, auth = service(held=True), ClientCredentials("id", SECRET)
    loop = asyncio.new_event_loop()

    async def begin(origin):
        mw = AsyncMoveworks(records_auth=auth, base_url=origin)
        task = asyncio.ensure_future(mw.records.users.list().first())
        await asyncio.to_thread(endpoint.begun.wait, 5)
        return mw, task

    async def end(mw, task):
        assert await task is not None
        await mw.aclose()

    with socket_server(endpoint) as (origin, _):
        try:
            mw, task = loop.run_until_complete(begin(origin))
            endpoint.go.set()
            with client(origin, auth, total_timeout=30) as blocking:
                results = []
                join(read_in_threads(blocking, 3, results))
                assert results == [1, 1, 1]
            loop.run_until_complete(end(mw, task))
        finally:
            loop.close()


@pytest.mark.parametrize(
    ("said", "life", "margin"),
    [
        *((life, life, margin) for life, margin in ((3600, 60), (60, 6), (600, 60), (599, 59.9), (1, 0.1))),
        (None, 60, 6),
    ],
)
def test_a_token_is_renewed_a_tenth_of_its_life_before_its_end(said, life, margin):
    """And at most a minute; one whose life is not said lives for a minute."""
    now = [0.0]
    endpoint, auth = service(lambda number: token(number, expires_in=said)), ClientCredentials("id", SECRET)
    auth._clock = lambda: now[0]
    with socket_server(endpoint) as (origin, _), client(origin, auth) as mw:
        list(mw.records.users.list())
        now[0] = life - margin - life / 1000
        list(mw.records.users.list())
        assert endpoint.asked == 1
        now[0] = life - margin + life / 1000
        list(mw.records.users.list())
    assert endpoint.asked == 2


@pytest.mark.parametrize(
    "pasted",
    [
        "Bearer the-key",
        "bearer  the-key",
        "'the-key'",
        '"the-key"',
        '"Bearer the-key"',
        "Authorization: Bearer the-key",
    ],
)
def test_a_key_that_was_pasted_with_what_stands_around_it_is_the_key(pasted):
    """As lines of curl show it."""
    from moveworks import ApiKey, BearerToken

    assert ApiKey(pasted).authorization(None) == "Bearer the-key"
    assert BearerToken(pasted).authorization(None) == "Bearer the-key"
    assert BearerToken(lambda: pasted).authorization(None) == "Bearer the-key"
    assert ApiKey("the-key", scheme="raw").authorization(None) == "the-key"
    assert ApiKey("Bearer", scheme="bearer").authorization(None) == "Bearer Bearer"

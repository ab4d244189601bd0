"""What is sent again, after how long, and what is not."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from email.utils import formatdate

import httpcore
import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sockets import PAGE, http

from moveworks import ApiKey, DeadlineError, Moveworks, MoveworksError, RateLimitError, ServerError, TransportError
from moveworks.links import parse_link
from moveworks.transport import Request, TransportOptions
from moveworks.transport.account import Answer
from moveworks.transport.flow import Attempt, Pause, exchange
from moveworks.transport.retry import BACKOFF_MAX, LASTING, backoff, failure, retry_after, rule, wait_before

LINK = parse_link("https://h.example/x")


class Clock:
    """Seconds that pass only when something waits."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def run(*results, method="GET", options=None, **facts):
    """Drive one exchange with these results of its attempts: its reply or error, and the pauses it made."""
    clock, waits, queue = Clock(), [], list(results)
    steps = exchange(
        Request(method=method, link=LINK, **facts), options or TransportOptions(), "https://h.example", clock=clock
    )
    answer = None
    try:
        while True:
            effect = steps.send(answer)
            answer = None
            if isinstance(effect, Pause):
                waits.append(effect.seconds)
                clock.now += effect.seconds
            elif isinstance(effect, Attempt):
                answer = queue.pop(0) if len(queue) > 1 else queue[0]
                if isinstance(answer, Answer):
                    effect.exchange.headers = answer.headers
                if callable(answer):
                    answer = answer(clock)
    except StopIteration as finished:
        return finished.value, waits
    except MoveworksError as error:
        return error, waits


def said(status, content=b"{}", **headers):
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, content, None)


@pytest.mark.parametrize(
    "status", [408, 425, 429, 500, 502, 503, 504, 507, 509, 520, 521, 522, 523, 524, 529, 530, 599]
)
def test_a_status_that_may_pass_is_asked_for_again(status):
    """Also those that proxies and clouds made up."""
    reply, waits = run(said(status), said(200))
    assert reply.attempts == 2
    assert len(waits) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 410, 422, *sorted(LASTING)])
def test_a_status_that_lasts_is_asked_for_once(status):
    """And nothing is said of attempts that never were."""
    error, waits = run(said(status))
    assert (error.status, error.attempts, waits) == (status, 1, [])
    assert "again" not in str(error)
    assert "attempts" not in str(error)


@pytest.mark.parametrize(("status", "times"), [(425, 2), (429, 2), (408, 1), (500, 1), (503, 1), (504, 1)])
def test_what_is_not_repeatable_is_sent_again_only_where_nothing_was_done(status, times):
    """There is no idempotency key."""
    _, waits = run(said(status), said(200), method="POST")
    assert len(waits) == times - 1
    _, waits = run(said(status), said(200), method="POST", idempotent=True)
    assert len(waits) == 1


@pytest.mark.parametrize(
    ("error", "times"),
    [
        (httpcore.ConnectError("refused"), 2),
        (httpcore.ConnectTimeout(), 2),
        (httpcore.ReadError(""), 1),
        (httpcore.ReadTimeout(), 1),
        (httpcore.RemoteProtocolError("cut"), 1),
        (OSError("reset"), 1),
    ],
)
def test_a_post_is_sent_again_only_if_no_connection_was_made(error, times):
    """Once bytes were sent it may have been processed."""
    _, waits = run(error, said(200), method="POST")
    assert len(waits) == times - 1
    _, waits = run(error, said(200))
    assert len(waits) == 1


@pytest.mark.parametrize(
    "error",
    [
        httpcore.ConnectError(
            ssl.SSLCertVerificationError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")
        ),
        httpcore.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate (_ssl.c:1006)"),
        httpcore.ConnectError("[SSL: WRONG_VERSION_NUMBER] wrong version number"),
        httpcore.ConnectError("[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] tlsv13 alert certificate required"),
        httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname mismatch"),
    ],
)
def test_what_tls_refuses_is_not_tried_again_and_the_cure_is_named(error):
    """Time does not mend a certificate."""
    found, waits = run(error)
    assert isinstance(found, TransportError)
    assert waits == []
    assert "SSL_CERT_FILE" in found.advice
    assert "verify=" in found.advice
    again, waits = run(httpcore.ConnectError("[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred"), said(200))
    assert (again.attempts, len(waits)) == (2, 1)


def test_a_real_server_without_tls_is_asked_once():
    """Over a socket."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer():
            connection, _ = listener.accept()
            with connection:
                connection.sendall(http(PAGE, "400 plain HTTP"))

        answering = threading.Thread(target=answer)
        answering.start()
        origin = f"https://127.0.0.1:{listener.getsockname()[1]}"
        with Moveworks(records_auth=ApiKey("k"), base_url=origin) as mw:
            with pytest.raises(TransportError, match="no secure connection") as caught:
                list(mw.records.users.list())
        answering.join()
    assert caught.value.attempts == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "3"}, 3),
        ({"retry-after": "2.5"}, 2.5),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after-ms": "soon", "retry-after": "9"}, 9),
        ({"retry-after": "0"}, 0),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "Wed, 99 Oct 2015 07:28:00 GMT"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read_or_left_alone(headers, seconds):
    """What makes no sense counts as not said; what has passed asks for nothing."""
    assert retry_after(headers, time.time()) == seconds


def test_a_date_is_compared_with_the_clock_of_the_service():
    """This machine's may be an hour wrong."""
    headers = {"retry-after": "Thu, 01 Jan 2026 00:00:30 GMT", "date": "Thu, 01 Jan 2026 00:00:00 GMT"}
    assert retry_after(headers, 0.0) == 30
    assert retry_after(headers, 4e9) == 30
    del headers["date"]
    assert retry_after(headers, 1767225600 - 5) == 35


def test_a_date_without_a_zone_is_in_utc(monkeypatch):
    """Whatever the zone of this machine."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        later = formatdate(5_000_100).replace("-0000", "").strip()
        assert retry_after({"retry-after": later}, 5_000_000) == 100
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_waits_of_a_rate_limit():
    """What the service says; else what the request has; and never no wait at all."""
    assert run(said(429, retry_after="7"), said(200))[1] == [7]
    assert run(said(429), said(200), rate_limit_wait=90)[1] == [90]
    assert run(said(503, retry_after="7"), said(200))[1] == [7]
    for nothing in ("0", "Wed, 21 Oct 2015 07:28:00 GMT", "0.01"):
        _, waits = run(said(429, retry_after=nothing), options=TransportOptions(attempts=6))
        assert len(waits) == 5
        assert sum(waits) > 3
        assert waits[-1] > 1


def test_a_wait_beyond_the_limit_or_the_deadline_is_an_error_at_once():
    """Nobody sleeps an hour unasked; the error says for how long the service asks."""
    error, waits = run(said(429, retry_after="3600"))
    assert isinstance(error, RateLimitError)
    assert (error.retry_after, error.attempts, waits) == (3600, 1, [])
    assert "3600 s" in error.advice
    assert run(said(429, retry_after="180"), said(200))[1] == [180]
    error, waits = run(said(503, retry_after="20"), options=TransportOptions(total_timeout=20))
    assert isinstance(error, ServerError)
    assert waits == []
    assert run(said(503, retry_after="19"), said(200), options=TransportOptions(total_timeout=20))[1] == [19]


@given(st.integers(1, 60), st.floats(0, 1))
@settings(deadline=None)
def test_the_backoff_grows_is_spread_and_has_an_end(attempt, uniform):
    """Twice as long each time, up to 20 s; from a quarter of it to the whole."""
    longest = min(BACKOFF_MAX, 0.5 * 2 ** (attempt - 1))
    assert longest / 4 <= backoff(attempt, uniform) <= longest
    assert backoff(attempt, 0) == longest / 4
    assert backoff(attempt, 1) == pytest.approx(longest)


def test_waits_differ_from_one_another():
    """So that clients that failed together do not come back together."""
    waits = {run(said(500), said(200))[1][0] for _ in range(20)}
    assert len(waits) > 10
    assert wait_before(1, None, None, 0.0) == 0.125
    assert wait_before(6, None, None, 1.0) == 16
    assert wait_before(9, None, None, 1.0) == 20


def test_attempts_are_counted():
    """The last error is raised, with their number."""
    for attempts in (1, 2, 5):
        error, waits = run(said(500), options=TransportOptions(attempts=attempts))
        assert (error.attempts, len(waits)) == (attempts, attempts - 1)
        assert ("attempts" in str(error)) == (attempts > 1)


def test_a_renewed_token_and_a_redirect_are_no_attempts():
    """They do not use up what retries have."""
    rejected = Answer(401, {}, b"{}", "Bearer a")
    moved = Answer(302, {"location": "?x=1"}, b"", "Bearer b")
    options = TransportOptions(attempts=2)
    reply, waits = run(rejected, moved, said(500), rejected, said(200), options=options)
    assert reply.status == 200
    assert len(waits) == 1


def test_the_deadline_counts_everything():
    """An answer that comes too late is none."""

    def late(clock):
        clock.now += 50
        return httpcore.ReadTimeout()

    error, _ = run(late, options=TransportOptions(total_timeout=40))
    assert isinstance(error, DeadlineError)
    assert "40 s" in str(error)
    error, waits = run(late, options=TransportOptions(total_timeout=120))
    assert isinstance(error, DeadlineError)
    assert len(waits) >= 1


@given(st.integers(100, 999))
def test_every_status_has_one_rule(status):
    """Success and redirects have none."""
    row = rule(status)
    assert (row is not None) == (status in {408, 425, 429} or (status >= 500 and status not in LASTING))


@pytest.mark.parametrize(
    "error",
    [
        socket.gaierror(-2, "Name or service not known"),
        httpcore.UnsupportedProtocol("x"),
        httpx.InvalidURL("x"),
        TimeoutError(),
        httpcore.ProxyError("403 Forbidden"),
        httpcore.ProxyError("502 Bad Gateway"),
    ],
)
def test_every_failure_has_words_and_advice(error):
    """Safe to show."""
    found = failure(error)
    assert found.condition
    assert found.advice

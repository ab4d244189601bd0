"""What the service says is shown without secrets and without the values of the query, and not at length."""

from __future__ import annotations

import asyncio
import base64
import html
import json
import logging
import pickle
import traceback
from urllib.parse import quote, quote_plus

import httpcore
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from published import RECORDS_PATH
from sockets import PAGE, http, socket_server

from moveworks import ApiKey, AsyncMoveworks, Moveworks, MoveworksError, UntrustedLinkError, odata
from moveworks.links import parse_link
from moveworks.records import User as U
from moveworks.transport.redact import error_text, redacted, shown_url

KEY = "key-canary/5f+1e"
ASKED = "jane's canary@example.com"
FORMS = {
    "plain": str,
    "percent": quote,
    "percent, all": lambda text: quote(text, safe=""),
    "plus": quote_plus,
    "percent, lower case": lambda text: quote(text, safe="").replace("%2F", "%2f").replace("%2B", "%2b"),
    "percent, twice": lambda text: quote(quote(text, safe=""), safe=""),
    "HTML": html.escape,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON, escaped": lambda text: "".join(f"\\u{ord(c):04x}" for c in text),
    "upper case": str.upper,
    "OData": lambda text: text.replace("'", "''"),
}


def refused(said, status="400 Bad Request", **headers):
    with socket_server(lambda *_: http(said, status, **headers)) as (origin, _):
        with (
            Moveworks(records_auth=ApiKey(KEY), base_url=origin, attempts=1) as mw,
            pytest.raises(MoveworksError) as caught,
        ):
            list(mw.records.users.list(filter=U.email_addr == ASKED))
    return caught.value


def shown(error):
    return "".join(
        [str(error), repr(error), *traceback.format_exception(error), str(pickle.loads(pickle.dumps(error)))]
    )


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("secret", [KEY, ASKED])
def test_an_echo_is_not_shown_in_any_form(form, secret):
    """Of the credential, and of a value of the filter: in code, message, trace id and content type."""
    echo = FORMS[form](secret)
    error = refused({"code": f"c-{echo}", "message": f"no {echo} here"}, x_moveworks_root_uuid=f"t-{quote(echo)}")
    text = shown(error).lower()
    assert "canary" not in text
    assert "here" in text, "the rest of the message is kept"


@pytest.mark.parametrize("name", ["x-moveworks-root-uuid", "x-trace-id"])
def test_a_trace_id_is_the_services_text(name):
    """It is shown, cut, and without the key that it may repeat; in events and on pages too."""
    events = []
    answer = http(PAGE, **{name.replace("-", "_"): f"trace-1 {KEY} {'x' * 500}", "Date": KEY})
    with socket_server(lambda *_: answer) as (origin, _):
        with Moveworks(records_auth=ApiKey(KEY), base_url=origin, on_response=events.append) as mw:
            page = next(mw.records.users.list().pages())
    assert page.request_id.startswith("trace-1 ***")
    assert len(page.request_id) <= 200
    assert "canary" not in f"{events}{page.request_id}"
    assert events[0].request_id == page.request_id


def test_the_first_trace_header_that_is_present_counts():
    """The beta API and its later generations name it differently."""
    error = refused({}, x_moveworks_root_uuid="one", x_trace_id="two")
    assert error.request_id == "one"
    assert refused({}, x_moveworks_root_uuid=" ", x_trace_id="two").request_id == "two"


def test_a_cut_body_keeps_the_trace_id_of_its_header():
    """The headers came."""
    cut = b"HTTP/1.1 200 OK\r\nx-moveworks-root-uuid: trace-9\r\nContent-Length: 99\r\n\r\n{"
    with socket_server(lambda *_: iter([cut])) as (origin, _):
        with (
            Moveworks(records_auth=ApiKey(KEY), base_url=origin, attempts=1) as mw,
            pytest.raises(MoveworksError) as caught,
        ):
            list(mw.records.users.list())
    assert caught.value.request_id == "trace-9"


def test_an_error_is_short_however_long_the_link_is():
    """60 kB help nobody."""
    link = f"?$skiptoken={'x' * 40_000}&" + "&".join(f"option{n}=canary" for n in range(2000))
    with socket_server(lambda _, n: http({"value": [], "@odata.nextLink": link}) if n == 1 else http({}, "403 x")) as (
        origin,
        _,
    ):
        with Moveworks(records_auth=ApiKey(KEY), base_url=origin) as mw, pytest.raises(MoveworksError) as caught:
            list(mw.records.users.list())
    assert len(str(caught.value)) < 1200
    assert len(caught.value.url) <= 300
    assert "canary" not in shown(caught.value)


def test_a_credential_in_the_path_of_a_link_is_not_shown():
    """A link is the service's text."""
    link = f"/{quote(KEY, safe='')}/next?x"
    with socket_server(lambda _, n: http({"value": [], "@odata.nextLink": link}) if n == 1 else http({}, "403 x")) as (
        origin,
        _,
    ):
        with Moveworks(records_auth=ApiKey(KEY), base_url=origin) as mw, pytest.raises(MoveworksError) as caught:
            list(mw.records.users.list())
    assert "canary" not in shown(caught.value)
    assert "canary" not in (caught.value.url or "")


@pytest.mark.parametrize("own", [False, True])
def test_no_log_at_any_level_holds_a_value_of_the_query(caplog, own):
    """Neither ours nor httpx's, which writes whole URLs at INFO."""
    import httpx

    caplog.set_level(logging.INFO)
    caplog.set_level(logging.DEBUG, logger="moveworks")
    caplog.handler.setLevel(logging.DEBUG)
    with socket_server(lambda *_: http(PAGE)) as (origin, _), httpx.Client() as given_client:
        settings = {"http_client": given_client} if own else {}
        with Moveworks(records_auth=ApiKey(KEY), base_url=origin, **settings) as mw:
            list(mw.records.users.list(filter=U.email_addr == ASKED))
        if own:
            given_client.get(f"{origin}/mine")
    told = "\n".join(record.getMessage() for record in caplog.records)
    assert "canary" not in told
    assert f"{RECORDS_PATH}/users" in told
    assert ("/mine" in told) == own, "what the user sends himself is still logged"


def test_no_repr_and_no_error_about_a_query_shows_its_values():
    """A pager, a condition, a query in a traceback, a syntax error, a comparison of the wrong kind."""
    from datetime import datetime

    condition = (U.email_addr == ASKED) & (U.id.in_(["canary-1", "12345678"])) & odata.raw("id eq {x}", x="canary-2")
    with Moveworks(records_auth=ApiKey("k"), base_url="http://127.0.0.1:9") as mw:
        pager = mw.records.users.list(filter=condition, options={})
        said = [repr(pager), pager._repr_html_(), repr(condition)]
        asks = [
            lambda: bool(condition),
            lambda: odata.parse(f"email_addr eq '{ASKED.replace(chr(39), chr(39) * 2)}' annd id eq 'canary'", U),
            lambda: odata.parse("email_addr eq 'canary", U),
            lambda: odata.parse("last_updated_time ge 'canary'", U),
            lambda: U.email_addr == 12345678,
            lambda: U.access_to_bot == "canary",
            lambda: U.last_updated_time >= "canary",
            lambda: U.last_updated_time >= datetime(1987, 6, 5),  # noqa: DTZ001
            lambda: condition == True,  # noqa: E712
            lambda: U.email_addr.in_("canary"),
            lambda: mw.records.users.list(filter=["canary"]),
            lambda: mw.records.conversations.list(filter=condition),
        ]
        for ask in asks:
            with pytest.raises((TypeError, ValueError)) as caught:
                ask()
            said += [str(caught.value), repr(caught.value)]
    text = "\n".join(said)
    assert "canary" not in text
    assert "12345678" not in text
    assert "1987" not in text


@given(st.text(min_size=4, max_size=30), st.sampled_from(sorted(FORMS)), st.text(max_size=20), st.text(max_size=20))
@settings(max_examples=200, deadline=None)
def test_redacted_text_never_holds_the_secret(secret, form, before, after):
    """In whatever form, between whatever text."""
    said = redacted(before + FORMS[form](secret) + after, [secret], limit=10_000)
    assert secret not in said


@pytest.mark.parametrize(
    ("query", "values"),
    [
        (
            "$filter=id eq 'abcd' and user_id eq 123456 and t ge 2026-01-01T00:00:00Z",
            ["abcd", "123456", "2026-01-01T00:00:00Z"],
        ),
        ("$search=canary words", ["canary words"]),
        ("$skiptoken=opaque-token", ["opaque-token"]),
        ("opaque-token", ["opaque-token"]),
    ],
)
def test_all_values_of_a_query_are_known(query, values):
    """Numbers and times without quotes, free text, tokens."""
    link = parse_link(f"https://h/x?{quote(query, safe='=&$')}")
    for value in values:
        assert value not in redacted(f"no {value} here", [], link)


def test_names_of_fields_are_kept():
    """They are what helps."""
    link = parse_link("https://h/x?$select=created_time&$orderby=id_of_it&$top=5000&$filter=user_name%20eq%20'x'")
    assert redacted("no created_time, id_of_it or user_name", [], link) == "no created_time, id_of_it or user_name"
    assert shown_url(link) == "https://h/x?$select=…&$orderby=…&$top=…&$filter=…"


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ({"code": "c", "message": "m"}, "c", "m"),
        ({"error": {"code": 5, "message": "m"}}, "5", "m"),
        ({"error": {"code": "c", "message": {"lang": "en", "value": "m"}}}, "c", "m"),
        ({"odata.error": {"code": "c", "message": {"value": "m"}}}, "c", "m"),
        ({"error": "invalid_client", "error_description": "m"}, "invalid_client", "m"),
        ({"error": "text"}, "text", None),
        ({"title": "t", "detail": "d", "status": 400}, None, "t: d"),
        ({"error": {"code": "a", "message": "m", "details": [{"code": "b", "message": "n"}]}}, "a", "m: n"),
        ({"errors": [{"code": "c", "message": "m"}, {"message": "n"}]}, "c", "m: n"),
        ({"errors": ["m"]}, None, "m"),
        ([{"code": "c", "message": "m"}], "c", "m"),
        ({"Code": "c", "Message": "m"}, "c", "m"),
        ({"code": True, "message": 5}, None, None),
        ({}, None, None),
        ("text", None, None),
        (None, None, None),
        ({"error": None, "message": "m"}, None, "m"),
        ({"error": []}, None, None),
        ({"message": " "}, None, None),
    ],
)
def test_error_bodies_are_understood_in_their_usual_forms(body, code, message):
    """And nothing else of a body is shown."""
    assert error_text(body) == (code, message)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["error", "message", "details", "errors", "code", "x"]), inner, max_size=3
            )
        ),
        max_leaves=12,
    )
)
@settings(max_examples=150, deadline=None)
def test_any_error_body_gives_text_or_nothing(body):
    """A service is not asked for its reasons twice."""
    code, message = error_text(body)
    assert code is None or isinstance(code, str)
    assert message is None or isinstance(message, str)


def test_no_local_variable_of_a_failed_list_holds_a_record():
    """Tools that collect tracebacks write local variables down."""
    rows = {
        "value": [{"id": "record-canary", "first_name": "record-canary"}],
        "@odata.nextLink": "https://evil.example/",
    }
    with (
        socket_server(lambda *_: http(rows)) as (origin, _),
        Moveworks(records_auth=ApiKey(KEY), base_url=origin) as mw,
    ):
        for raw in (False, True):
            with pytest.raises(UntrustedLinkError) as caught:
                list(mw.records.users.list(raw=raw))
            frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)][1:]
            told = "\n".join(repr(value) for frame in frames for value in frame.f_locals.values())
            assert "canary" not in told.replace("key-canary", "")
            assert KEY not in told
            assert base64.b64encode(KEY.encode()).decode() not in told


@pytest.mark.parametrize(
    "answer",
    [
        http(PAGE, x_trace_id=KEY)[:-2],
        http(b"{", Content_Encoding="br", x_trace_id=KEY),
        http(b" " * 1000, x_trace_id=KEY),
    ],
    ids=["cut short", "unknown coding", "too large"],
)
def test_an_answer_that_cannot_be_read_is_redacted_as_well(answer):
    """Its headers come before what is wrong with it."""

    def serve(*_):
        yield answer

    with (
        socket_server(serve) as (origin, _),
        Moveworks(records_auth=ApiKey(KEY), base_url=origin, attempts=1, max_response_bytes=500) as mw,
        pytest.raises(MoveworksError) as caught,
    ):
        list(mw.records.users.list())
    assert caught.value.request_id == "***"
    assert KEY not in shown(caught.value)


def test_no_logger_shows_the_headers_that_came(caplog):
    """They may repeat the credential, or a value of the query; those of other users of httpcore are logged."""
    caplog.set_level(logging.DEBUG, "")
    answer = http(PAGE, "200 " + KEY, x_echo=KEY, Location=quote(ASKED))
    with socket_server(lambda *_: answer) as (origin, _):
        with Moveworks(records_auth=ApiKey(KEY), base_url=origin) as mw:
            list(mw.records.users.list(filter=U.email_addr == ASKED))

        async def read():
            async with AsyncMoveworks(records_auth=ApiKey(KEY), base_url=origin) as mw:
                return [user async for user in mw.records.users.list(filter=U.email_addr == ASKED)]

        assert len(asyncio.run(read())) == 1
        said = caplog.text
        assert "httpcore" in said
        assert KEY not in said
        assert quote(ASKED) not in said
        with httpcore.ConnectionPool() as pool:
            pool.request("GET", origin)
        assert KEY in caplog.text


def test_a_huge_message_is_not_looked_through():
    """Megabytes of text times thousands of values would take hours, past every deadline."""
    link = parse_link("https://h/?$filter=" + quote(" or ".join(f"id eq 'value-{i}'" for i in range(2000))))
    said = redacted("no value-7 " * 2_000_000, (), link)
    assert said.startswith("no *** no ***")
    assert len(said) == 300


def test_half_a_secret_at_the_end_of_what_is_looked_through_is_not_shown():
    """What is redacted grows shorter, so that the end of a long text can come into sight."""
    said = redacted(f"{KEY} " * 1000, (KEY,), limit=10_000)
    assert said
    assert set(said.split()) <= {"***", "**", "*"}

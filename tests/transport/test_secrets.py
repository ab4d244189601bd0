"""Neither a credential, nor a record's text, nor a value of the query is told by errors."""

from __future__ import annotations

import json
import pickle
import traceback

import pytest
from published import RECORDS_PATH
from sockets import http, socket_server

from moveworks import ApiKey, ConfigurationError, Moveworks, MoveworksError, ResponseError
from moveworks.records import User

KEY = "key-canary-1f"
TEXT = "record-canary-2f"
ASKED = "asked-canary-3f"


def told(error):
    """All that an error says, with its chain, its pickle, and the local variables of the library's own frames."""
    parts = [str(pickle.loads(pickle.dumps(error)))]
    while error is not None:
        parts += [str(error), repr(error), repr(vars(error) | {"resume_from": None})]
        for frame, _ in traceback.walk_tb(error.__traceback__):
            if "/moveworks/transport/" in frame.f_code.co_filename or frame.f_code.co_filename.endswith("auth.py"):
                parts += map(repr, frame.f_locals.values())
        error = error.__cause__ or error.__context__
    return "\n".join(parts)


ECHO = json.dumps({"error": {"code": KEY, "message": f"no {KEY} may ask for {ASKED}"}}).encode()
RECORDS = json.dumps({"value": [{"text": TEXT}]}).encode()


@pytest.mark.parametrize(
    "answer",
    [
        http(ECHO, "403 Forbidden", x_moveworks_root_uuid=f"trace-{KEY}"),
        http(ECHO, "500 Oops"),
        http(b"<html>" + TEXT.encode(), Content_Type=f"text/{KEY}"),
        http(RECORDS[:-3]),
        http(RECORDS + b"\xff"),
        http(RECORDS, "206 Partial Content"),
        http(b"", "302 Found", Location=f"http://{KEY}.example/{KEY}"),
        http({"value": [{"text": TEXT}], "error": {"code": TEXT}}),
        http({"value": [{"text": TEXT}], "@odata.nextLink": f"http://evil.example/?{KEY}"}),
        http({"value": [{"text": TEXT}], "@odata.nextLink": f"{RECORDS_PATH}/users/../{TEXT}"}),
    ],
)
def test_errors_tell_no_secret(answer):
    """Also if the service repeats it, wherever it does."""
    with socket_server(lambda *_: answer) as (origin, _):
        with Moveworks(records_auth=ApiKey(KEY), base_url=origin, attempts=1) as mw:
            with pytest.raises(MoveworksError) as caught:
                list(mw.records.users.list(filter=f"id eq '{ASKED}'"))
    said = told(caught.value)
    assert TEXT not in said
    assert KEY not in str(caught.value) + repr(caught.value)
    assert ASKED not in str(caught.value) + repr(caught.value)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("it's asked-canary", "it's asked-canary"),
        ("asked\u00a0canary", "asked\u00a0canary"),
        ("asked-canary", f"{'x' * 290} {KEY}"),
    ],
)
def test_what_is_repeated_in_another_form_or_cut_is_not_told(asked, said):
    """A quote is doubled in a filter, odd blanks become plain ones, and long messages are cut."""
    with socket_server(lambda *_: http({"code": "X", "message": f"no {said}"}, "400 Bad Request")) as (origin, _):
        with Moveworks(records_auth=ApiKey(KEY), base_url=origin) as mw:
            with pytest.raises(MoveworksError) as caught:
                list(mw.records.users.list(filter=User.email_addr == asked))
    assert "canary" not in str(caught.value)
    assert "key" not in str(caught.value)


def test_local_variables_hold_the_credential_hidden():
    """Tools that collect tracebacks write down local variables."""
    with socket_server(lambda *_: http(ECHO, "403 Forbidden")) as (origin, _):
        with Moveworks(records_auth=ApiKey(KEY), base_url=origin) as mw:
            with pytest.raises(MoveworksError) as caught:
                list(mw.records.users.list(filter=f"id eq '{ASKED}'"))
    said = told(caught.value)
    assert KEY not in said
    assert ASKED not in said


def test_a_query_option_without_a_value_is_all_value():
    """A next link may be `?` and an opaque token."""
    with socket_server(lambda *_: http({}, "400 Bad Request")) as (origin, _):
        with Moveworks(records_auth=ApiKey(KEY), base_url=origin) as mw:
            with pytest.raises(MoveworksError) as caught:
                list(mw.records.users.list(resume_from=f"{origin}{RECORDS_PATH}/users?{TEXT}"))
    assert TEXT not in str(caught.value)
    assert caught.value.resume_from.endswith(TEXT)


@pytest.mark.parametrize("proxy", [f"ftp://u:{KEY}@x", f"{KEY}", 5])
def test_a_proxy_that_is_none_is_not_repeated(proxy):
    """It often holds a password."""
    with Moveworks(records_auth=ApiKey("k"), proxy=proxy) as mw, pytest.raises(ConfigurationError) as caught:
        _ = mw.records
    assert KEY not in told(caught.value).replace(repr(proxy), "")
    assert KEY not in str(caught.value)


def test_a_body_beyond_the_limit_is_an_error_at_once():
    """Fetching it again would not make it smaller."""
    from moveworks.links import parse_link
    from moveworks.transport import Request, TransportOptions
    from moveworks.transport.http import Transport

    with socket_server(lambda *_: http(RECORDS)) as (origin, seen):
        with Transport(origin=origin, options=TransportOptions(max_response_bytes=10)) as transport:
            with pytest.raises(ResponseError, match="larger than 10 bytes") as caught:
                transport.send(Request(method="GET", link=parse_link(f"{origin}/x")))
        assert len(seen) == 1
    assert TEXT not in told(caught.value)

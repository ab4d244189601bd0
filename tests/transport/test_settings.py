"""Addresses, clients of yours, hooks and the environment."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from published import RECORDS_PATH, order_of
from sockets import PAGE, http, socket_server

from moveworks import ApiKey, AsyncMoveworks, ConfigurationError, Moveworks, TransportError, UntrustedLinkError
from moveworks.config import export_settings
from moveworks.links import parse_link, resolve_link
from moveworks.regions import check_origin
from moveworks.transport import connections


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://h/", "https://h"),
        ("HTTPS://API.Example.COM:443", "https://api.example.com"),
        (" https://h\n", "https://h"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("http://[0:0:0:0:0:0:0:1]", "http://[::1]"),
        ("http://localhost:5", "http://localhost:5"),
    ],
)
def test_an_origin_has_one_spelling(address, origin):
    """So that links can be compared with it."""
    assert check_origin(address) == origin


@pytest.mark.parametrize(
    "address",
    [
        *("", "h", "h:80", "//h", "https://", "https:///x", "https://h:99999", "https://[::1", "https://h h"),
        *("https://h/export", "https://h?x", "https://h#f", "https://h\\x", "https://hé.example", 5, b"https://h"),
        *("http://0.0.0.0", "http://127.1", "http://127.0.0.1.evil.example", "http://localhost.evil"),
        *("https://u:secret@h", "https://u:secret@[h", "https://h/?key=secret"),
    ],
)
def test_what_is_no_origin_is_refused(address):
    """And what may be secret in it is not repeated."""
    with pytest.raises(ConfigurationError) as caught:
        check_origin(address)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "link",
    [
        "http://k:v@127.0.0.1/x",
        "http://127.0.0.1\\@evil.example/x",
        "http://127.0.0.1\t.evil.example/x",
        "http://\u0967\u0968\u096d.0.0.1/x",
        "http://127.0.0.1:port/x",
        "http://[v1.a:b]/x",
        "http:evil",
        "mailto:a@b",
    ],
)
def test_addresses_that_mislead_have_no_origin(link):
    """Parsers disagree on them."""
    assert parse_link(link) is None


@pytest.mark.parametrize("link", ["//[::1", "?x=\r\nX: y", "?\0"])
def test_malformed_links_lead_nowhere(link):
    """They are not repaired: what comes out would be another link."""
    assert resolve_link(parse_link("http://127.0.0.1/x"), link) is None


def test_the_reason_fits_what_is_wrong():
    """An empty key holds no line break, and what is no address has no host to be trusted."""
    with pytest.raises(ConfigurationError, match=r"is empty$"):
        ApiKey("")
    with Moveworks(records_auth=ApiKey("k")) as mw:
        with pytest.raises(UntrustedLinkError) as caught:
            mw.records.users.list(resume_from="users?$skiptoken=2")
        with pytest.raises(TypeError, match="takes a next link, not int"):
            mw.records.users.list(resume_from=2)
    assert "trusted_hosts" not in str(caught.value)


@pytest.mark.parametrize(
    "settings",
    [
        {"region": ""},
        {"trusted_hosts": None},
        {"trusted_hosts": [5]},
        {"trusted_hosts": ["http://example.com"]},
        {"trusted_hosts": ["a b"]},
        {"attempts": 1.5},
        {"verify": "/some/file"},
        {"user_agent": 5},
        {"on_request": 5},
        {"assistant": 5},
    ],
)
def test_settings_of_the_wrong_kind_are_refused_at_once(settings):
    """Not when they are used."""
    with pytest.raises(ConfigurationError):
        Moveworks(records_auth=ApiKey("k"), **settings)


@pytest.mark.parametrize(("file", "folder"), [("a.pem", None), (None, "certs"), ("a.pem", "certs"), (None, None)])
def test_certificates_come_from_the_environment_where_it_names_some(monkeypatch, file, folder):
    """A file, a folder, or both; else those that httpcore takes."""
    asked = []
    monkeypatch.setattr("ssl.create_default_context", lambda **given: asked.append(given))
    monkeypatch.setattr("httpcore.default_ssl_context", lambda: asked.append("default"))
    connections._default_context.__wrapped__(file, folder)
    assert asked == (["default"] if file is folder is None else [{"cafile": file, "capath": folder}])


def test_certificates_that_cannot_be_read_are_a_configuration_error(monkeypatch):
    """The variable is named."""
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/at-all.pem")
    connections._default_context.cache_clear()
    with Moveworks(records_auth=ApiKey("k")) as mw, pytest.raises(ConfigurationError, match="SSL_CERT_FILE"):
        _ = mw.records
    connections._default_context.cache_clear()


def test_a_client_of_yours_adds_its_headers_and_nothing_else():
    """Neither its credential, cookies, query, address nor redirects; and its cookies stay as they are."""
    own = httpx.Client(
        auth=("user", "password"),
        params={"q": "1"},
        base_url="http://127.0.0.1:1",
        cookies={"mine": "1"},
        headers={"X-Mine": "1", "Authorization": "Basic x", "Cookie": "a=b"},
        follow_redirects=True,
    )
    with socket_server(lambda *_: http(PAGE, Set_Cookie="session=1; Path=/")) as (origin, seen), own:
        with Moveworks(records_auth=ApiKey("k"), base_url=origin, http_client=own) as mw:
            for _ in range(2):
                assert len(list(mw.records.users.list())) == 1
        sent = [request.decode() for request in seen]
    line = f"GET {RECORDS_PATH}/users?$orderby={order_of('users')} HTTP/1.1\r\n"
    assert all(request.startswith(line) for request in sent)
    assert all("X-Mine: 1" in request and "Authorization: Bearer k" in request for request in sent)
    assert not any("cookie" in request.lower() or "Basic" in request for request in sent)
    assert own.cookies["mine"] == "1"


def test_cookies_are_never_sent_back():
    """They would tie requests together, and could carry a session of somebody else."""
    with socket_server(lambda *_: http(PAGE, Set_Cookie="session=1; Path=/")) as (origin, seen):
        with Moveworks(records_auth=ApiKey("k"), base_url=origin) as mw:
            for _ in range(2):
                list(mw.records.users.list())
    assert b"cookie" not in b"".join(seen).lower()


def test_a_closed_client_of_yours_is_named():
    """Instead of httpx's own error."""
    own = httpx.Client()
    own.close()
    with Moveworks(records_auth=ApiKey("k"), http_client=own) as mw, pytest.raises(ConfigurationError, match="closed"):
        list(mw.records.users.list())


def test_async_hooks_need_an_async_client():
    """A blocking one cannot await them, and does not pretend to call them."""

    async def hook(event):
        raise AssertionError("never awaited")

    with Moveworks(records_auth=ApiKey("k"), on_request=hook) as mw, pytest.raises(ConfigurationError, match="async"):
        _ = mw.records
    with socket_server(lambda *_: http(PAGE)) as (origin, seen):
        with Moveworks(records_auth=ApiKey("k"), base_url=origin, on_request=lambda event: hook(event.url)) as mw:
            with pytest.raises(ConfigurationError, match="async"):
                list(mw.records.users.list())
        assert seen == []


def test_another_event_loop_is_named():
    """Connections belong to the loop they were made in."""
    own = httpx.AsyncClient(transport=httpx.MockTransport(lambda request: httpx.Response(200, content=PAGE)))
    mw = AsyncMoveworks(records_auth=ApiKey("k"), http_client=own)

    async def read():
        return await mw.records.users.list().first()

    assert asyncio.run(read()) is not None
    with pytest.raises(ConfigurationError, match="event loop"):
        asyncio.run(read())


def test_a_proxy_is_asked_for_the_host_alone():
    """What goes to the service goes through the tunnel, the credential with it."""
    with socket_server(lambda *_: http(b"", "407 Proxy Authentication Required")) as (proxy, seen):
        settings = {"base_url": "https://service.example", "proxy": proxy.replace("//", "//user:password@")}
        with Moveworks(records_auth=ApiKey("key-canary"), attempts=1, **settings) as mw:
            with pytest.raises(TransportError) as caught:
                list(mw.records.users.list(filter="id eq '1'"))
    assert seen[0].startswith(b"CONNECT service.example:443 HTTP/1.1\r\n")
    assert b"canary" not in seen[0]
    assert "user:password" not in str(caught.value)


def test_an_argument_makes_its_variables_unimportant(monkeypatch):
    """Even where they contradict each other."""
    monkeypatch.setenv("MOVEWORKS_API_KEY", "k")
    monkeypatch.setenv("MOVEWORKS_CLIENT_ID", "id")
    monkeypatch.setenv("MOVEWORKS_BASE_URL", "https://h.example")
    monkeypatch.setenv("MOVEWORKS_REGION", "us")
    with Moveworks.from_env(records_auth=ApiKey("other"), region="eu") as mw:
        assert "eu" in repr(mw)


def test_an_address_that_cannot_be_sent_is_tried_once():
    """Time does not mend it."""
    link = f"{RECORDS_PATH}/users?x={'a' * 70_000}"
    with socket_server(lambda *_: http({"value": [], "@odata.nextLink": link})) as (origin, seen):
        with Moveworks(records_auth=ApiKey("k"), base_url=origin) as mw:
            with pytest.raises(TransportError, match="not valid"):
                list(mw.records.users.list())
        assert len(seen) == 1


@pytest.mark.parametrize("name", ["timeout", "total_timeout", "longest_wait"])
def test_a_time_that_no_system_can_wait_is_refused(name):
    """Sockets and locks would fail with an OverflowError, in the middle of a request."""
    with pytest.raises(ConfigurationError, match=f"{name} is at most 100,000,000 seconds"):
        Moveworks(**{name: 1e10})
    Moveworks(attempts=10**9, max_response_bytes=10**12)


def test_settings_of_another_program_win_over_the_environment():
    """Credential and address each come from one place, and the assistant's settings are none of its business."""
    environment = {
        "MOVEWORKS_CLIENT_ID": "i",
        "MOVEWORKS_CLIENT_SECRET": "s",
        "MOVEWORKS_REGION": "eu",
        "MOVEWORKS_ASSISTANT_TOKEN": "t",
    }
    assert export_settings({"MOVEWORKS_API_KEY": "k", "MOVEWORKS_BASE_URL": "https://x"}, environment) == {
        "MOVEWORKS_API_KEY": "k",
        "MOVEWORKS_BASE_URL": "https://x",
    }
    assert export_settings({}, environment) == {
        name: value for name, value in environment.items() if "ASSISTANT" not in name
    }
    with pytest.raises(ConfigurationError, match="no credential of the export API"):
        export_settings({}, {"MOVEWORKS_ASSISTANT_TOKEN": "t"})

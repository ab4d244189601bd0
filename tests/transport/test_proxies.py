"""Which proxy a request goes through."""

from __future__ import annotations

import pytest
from sockets import PAGE, http, socket_server

from moveworks import ApiKey, ConfigurationError, Moveworks, TransportError
from moveworks.transport.proxies import is_bypassed, proxy_for

NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture
def proxies(monkeypatch):
    """Sets the variables, in both spellings."""
    for name in (*NAMES, "REQUEST_METHOD"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)

    def put(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return put


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
@pytest.mark.parametrize("name", ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"])
def test_what_goes_to_this_machine_goes_through_no_proxy_of_the_environment(proxies, name, host):
    """Over plain HTTP it would take the credential off the machine."""
    proxies(**{name: "http://proxy.example:3128"})
    assert proxy_for(f"http://{host}:8080", None) is None
    assert proxy_for(f"https://{host}", None) is None


def test_a_loopback_request_reaches_its_server_although_a_proxy_is_set(proxies):
    """And the proxy sees nothing."""
    with (
        socket_server(lambda *_: http(b"", "502 x")) as (proxy, asked),
        socket_server(lambda *_: http(PAGE)) as (origin, _),
    ):
        proxies(HTTP_PROXY=proxy, ALL_PROXY=proxy)
        with Moveworks(records_auth=ApiKey("key-canary"), base_url=origin) as mw:
            assert len(list(mw.records.users.list())) == 1
        assert asked == []


def test_a_given_proxy_elsewhere_is_refused_for_this_machine():
    """It would see the key; one on this machine may look on."""
    with Moveworks(records_auth=ApiKey("k"), base_url="http://127.0.0.1:1", proxy="http://proxy.example:1") as mw:
        with pytest.raises(ConfigurationError, match="this machine"):
            _ = mw.records
    with socket_server(lambda *_: http(PAGE)) as (proxy, seen):
        with Moveworks(records_auth=ApiKey("k"), base_url="http://127.0.0.1:1", proxy=proxy) as mw:
            assert len(list(mw.records.users.list())) == 1
        assert seen[0].startswith(b"GET http://127.0.0.1:1/")


def test_each_scheme_has_its_own_variable_and_all_proxy_is_the_last(proxies):
    """A host alone is an HTTP proxy."""
    proxies(HTTPS_PROXY="proxy.example:1", ALL_PROXY="http://all.example:2")
    assert proxy_for("https://h", None) == "http://proxy.example:1"
    assert proxy_for("http://h", None) == "http://all.example:2"
    assert proxy_for("https://h", "http://mine.example:3") == "http://mine.example:3"


@pytest.mark.parametrize(
    ("entry", "host", "port", "bypassed"),
    [
        ("*", "h", 443, True),
        ("example.com", "example.com", 443, True),
        ("example.com", "api.example.com", 443, True),
        (".example.com", "api.example.com", 443, True),
        ("*.example.com", "api.example.com", 443, True),
        ("example.com", "badexample.com", 443, False),
        ("example.com:8443", "example.com", 443, False),
        ("example.com:443", "example.com", 443, True),
        ("https://example.com", "example.com", 443, True),
        ("10.0.0.0/8", "10.1.2.3", 443, True),
        ("10.0.0.0/8", "11.1.2.3", 443, False),
        ("10.1.2.3", "10.1.2.3", 443, True),
        ("10.1.2.3:80", "10.1.2.3", 443, False),
        ("fe80::/10", "fe80::1", 443, True),
        ("fe80::/10", "example.com", 443, False),
        ("[::1]", "::1", 443, True),
        ("[fd00::1]:443", "fd00::1", 443, True),
        ("[fd00::1]:80", "fd00::1", 443, False),
        ("EXAMPLE.com ", "example.com", 443, True),
        ("", "example.com", 443, False),
        (".", "example.com", 443, False),
        ("::::", "example.com", 443, False),
        ("10.0.0.0/99", "10.0.0.1", 443, False),
    ],
)
def test_no_proxy_names_hosts_addresses_and_networks(entry, host, port, bypassed):
    """What is none of these is passed over: it must not stop a client."""
    assert is_bypassed(host, port, ["", "other.example", entry]) is bypassed


@pytest.mark.parametrize("value", ["fe80::/10", "[::1]", "localhost,127.0.0.1,fd00::/8", "a b", ":::", "%"])
def test_no_value_of_no_proxy_stops_a_client(proxies, value):
    """Whatever stands there."""
    proxies(NO_PROXY=value, HTTPS_PROXY="http://proxy.example:1")
    with Moveworks(records_auth=ApiKey("k")) as mw:
        assert mw.records.users.name == "users"


@pytest.mark.parametrize("url", ["ftp://h", "http://", "http://u:canary@", "http://h\n", "//h", "http://h/path?canary"])
def test_a_proxy_that_is_none_is_named_by_its_variable_and_not_repeated(proxies, url):
    """It may hold a password."""
    proxies(HTTPS_PROXY=url)
    with Moveworks(records_auth=ApiKey("k")) as mw, pytest.raises(ConfigurationError, match="PROXY") as caught:
        _ = mw.records
    assert "canary" not in str(caught.value)


def test_what_a_proxy_refuses_is_not_asked_for_again():
    """Neither its password nor its rules change by that."""
    with socket_server(lambda *_: http(b"", "407 Proxy Authentication Required")) as (proxy, seen):
        with Moveworks(records_auth=ApiKey("k"), base_url="https://h.example", proxy=proxy) as mw:
            with pytest.raises(TransportError, match="407") as caught:
                list(mw.records.users.list())
    assert len(seen) == 1
    assert "proxy" in caught.value.advice


def test_a_socks_proxy_without_its_package_says_what_is_missing():
    """It is installed separately."""
    pytest.importorskip("httpcore")
    try:
        import socksio  # noqa: F401
    except ImportError:
        with Moveworks(records_auth=ApiKey("k"), proxy="socks5://h.example:1080") as mw:
            with pytest.raises((ConfigurationError, TransportError)) as caught:
                list(mw.with_options(attempts=1).records.users.list())
        assert "socksio" in str(caught.value)


def test_a_network_may_be_written_as_one_of_its_hosts(proxies):
    """`10.1.2.3/8` means the network that it is in."""
    proxies(HTTPS_PROXY="http://proxy.example:1", NO_PROXY="10.1.2.3/8")
    assert proxy_for("https://10.200.0.1", None) is None
    assert proxy_for("https://11.0.0.1", None) is not None

"""Links: how they are read, where they may lead, and how they are sent."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moveworks import UntrustedLinkError
from moveworks.links import Scope, is_loopback, parse_link, resolve_link, split_origin

ORIGIN = "https://api.example.com"
BASE = parse_link(f"{ORIGIN}/export/v1/records/users?$filter=x")
SCOPE = Scope(
    ORIGIN,
    trusted=frozenset({"https://other.example.com", "https://third.example.com:444"}),
    path="/records/users",
    others=("/export/v1/records/conversations", "/oauth/v1/token"),
    what="users",
)


@pytest.mark.parametrize(
    ("url", "origin", "target"),
    [
        ("https://h", "https://h", "/"),
        ("HTTPS://H:443/A?b#c", "https://h", "/A?b"),
        ("http://h:80?x=1", "http://h", "/?x=1"),
        ("https://h:8443/", "https://h:8443", "/"),
        ("https://[::1]:5/x", "https://[::1]:5", "/x"),
        ("https://[0:0:0:0:0:0:0:1]/x", "https://[::1]", "/x"),
        ("https://h/a?b=\\", "https://h", "/a?b=\\"),
        ("https://h#a?b", "https://h", "/"),
    ],
)
def test_a_link_has_one_origin_and_a_target_as_written(url, origin, target):
    """A fragment is not sent."""
    link = parse_link(url)
    assert (link.origin, link.target, link.url) == (origin, target, url)


@pytest.mark.parametrize(
    "url",
    [
        *("", "x", "//h/x", "/x", "ftp://h", "https://", "https:///x", "https://h:99999", "https://h:65536/"),
        *(
            "https://u@h/",
            "https://h\\x",
            "https://h/\\x",
            "https://h/\tx",
            "https://h\n",
            "https://[::g]/",
            "https://h:/",
        ),
        *("https://ä.example/", "https://h h/"),
    ],
)
def test_what_programs_read_differently_is_no_link(url):
    """Nothing of it is repaired."""
    assert parse_link(url) is None


def test_ports_up_to_the_last_one_are_ports():
    """65535 is one."""
    assert parse_link("https://h:65535/").origin == "https://h:65535"


@given(st.text(max_size=60) | st.text(alphabet="htps:/@\\?#[]%.1a", max_size=30))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_link_that_can_be_sent_or_none(text):
    """What is sent is visible ASCII and begins with a slash."""
    link = resolve_link(BASE, text)
    if link is not None:
        assert link.sent[:1] == b"/"
        assert all(33 <= byte <= 126 for byte in link.sent)
        scheme, host, port = split_origin(link.origin)
        assert scheme in {"http", "https"}
        assert host
        assert 0 <= port <= 65_535


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("?$skiptoken=2", "/export/v1/records/users?$skiptoken=2"),
        ("users?$skiptoken=2", "/export/v1/records/users?$skiptoken=2"),
        (f"{ORIGIN}/export/v1/records/users?x=%41&y='ä'", "/export/v1/records/users?x=%41&y='ä'"),
        ("HTTPS://API.example.com:443/pages/2", "/pages/2"),
        ("/export/v2/records/users/?x", "/export/v2/records/users/?x"),
        ("https://other.example.com/x", "/x"),
        ("https://third.example.com:444/x", "/x"),
    ],
)
def test_a_next_link_is_followed_as_it_is(text, target):
    """Within the configured origin and those that the user trusts."""
    assert SCOPE.next_link(BASE, text).target == target


@pytest.mark.parametrize(
    "text",
    [
        *(
            "https://evil.example/x",
            "https://third.example.com/x",
            "//evil.example/x",
            "https://api.example.com.evil/x",
        ),
        *("https://api.example.com:444/x", "http://api.example.com:8080/x", "http://evil.example/x"),
        *("https://u@api.example.com/x", "mailto:a", "https://api.example.com\\@evil.example/"),
        *("/export/v1/records/Conversations", "/export/v1/records/conversations/$count", "/oauth/v1/token?x"),
        *(f"{ORIGIN}/records/users/../x", "/a//b", "/a/%2e%2e/b", "/a%2fb", "/a%5Cb", "/%2563", f"{ORIGIN}/./x"),
    ],
)
def test_a_next_link_elsewhere_is_refused(text):
    """Whatever it is called."""
    with pytest.raises(UntrustedLinkError):
        SCOPE.next_link(BASE, text)


def test_an_error_shows_the_beginning_of_a_long_host():
    """80 characters of where a link leads: it is the service's text."""
    origin = "https://" + "a" * 60 + "." + "b" * 60 + ".example"
    with pytest.raises(UntrustedLinkError) as caught:
        SCOPE.next_link(BASE, f"{origin}/x")
    assert f"leads to {origin[:80]}, not to" in str(caught.value)


def test_plain_http_to_the_own_host_is_read_as_https():
    """Behind a proxy that ends TLS, a service writes its own links so; the credential goes over https alone."""
    link = SCOPE.next_link(BASE, "http://api.example.com/export/v1/records/users?$skiptoken=2")
    assert link.url == f"{ORIGIN}/export/v1/records/users?$skiptoken=2"
    assert SCOPE.next_link(BASE, "http://other.example.com/x").origin == "https://other.example.com"


@pytest.mark.parametrize(
    ("text", "said", "unsaid"),
    [
        ("https://cdn.example/x", "trusted_hosts", "report"),
        ("http://cdn.example/x", "report", "trusted_hosts"),
        ("http://api.example.com:8080/x", "report", "trusted_hosts"),
    ],
)
def test_the_advice_can_be_followed(text, said, unsaid):
    """A host without encryption cannot be trusted, so nobody is told to."""
    with pytest.raises(UntrustedLinkError) as caught:
        SCOPE.next_link(BASE, text)
    assert said in caught.value.advice
    assert unsaid not in caught.value.advice


@pytest.mark.parametrize(
    "text",
    [
        "?x=2",
        "/export/v1/records/users/",
        "/export/v2/records/users?x",
        "/gateway/Records/Users",
        f"{ORIGIN}/records/users",
    ],
)
def test_a_redirect_to_the_same_entity_set_is_followed(text):
    """Under whatever base path it moved to."""
    base = parse_link(f"{ORIGIN}/export/v1/records/users?$select=id&$orderby=id&$count=true")
    assert SCOPE.redirect(base, text).origin == ORIGIN


@pytest.mark.parametrize(
    "text",
    [
        *(
            "/maintenance",
            "/maintenance?next=/export/v1/records/users",
            "/login/users",
            "/",
            "/export/v1/records/users/x",
        ),
        *("/export/v1/records/conversations", f"{ORIGIN}/x/../records/users", "/a//records/users", "/records%2fusers"),
        *("https://evil.example/export/v1/records/users", "/export/v1/records/superusers"),
    ],
)
def test_a_redirect_elsewhere_is_refused(text):
    """An empty list of a maintenance page would end the list."""
    with pytest.raises(UntrustedLinkError):
        SCOPE.redirect(BASE, text)


def test_without_a_path_a_redirect_stays_where_it_was():
    """The token endpoint has no other place."""
    scope = Scope(ORIGIN)
    assert scope.redirect(parse_link(f"{ORIGIN}/a"), "/a?x").target == "/a?x"
    with pytest.raises(UntrustedLinkError):
        scope.redirect(parse_link(f"{ORIGIN}/a"), "/b")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"])
def test_this_machine_is_known_by_name_and_address(host):
    """Nothing is looked up."""
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["localhost.evil", "127.0.0.1.nip.io", "10.0.0.1", "::2", "", "127.1", "0.0.0.0"])
def test_other_machines_are_not_this_one(host):
    """However they are called."""
    assert not is_loopback(host)


def test_a_maintenance_page_does_not_end_a_list():
    """The 302 that this is about, over a socket."""
    from sockets import http, socket_server

    from moveworks import ApiKey, Moveworks

    def answer(request, number):
        if b"/maintenance" in request:
            return http({"value": []})
        return http(b"", "302 Found", Location="/maintenance")

    with socket_server(answer) as (origin, seen), Moveworks(records_auth=ApiKey("k"), base_url=origin) as mw:
        for ask in (lambda: list(mw.records.users.list()), mw.records.users.count):
            with pytest.raises(UntrustedLinkError, match="users") as caught:
                ask()
            assert caught.value.status == 302
        assert not any(b"/maintenance" in request for request in seen)


@pytest.mark.parametrize("text", ["/export/v1/records/users", "/export/v2/records/users/?$filter=y", "?$orderby=id"])
def test_a_redirect_keeps_what_selects_the_records(text):
    """Else all records come, and are taken for those that the filter asked for."""
    with pytest.raises(UntrustedLinkError, match="leaves out a part of the query"):
        SCOPE.redirect(BASE, text)
    assert SCOPE.redirect(BASE, "/v2/records/users?%24filter=x&more").origin == ORIGIN


@pytest.mark.parametrize("text", ["http\u017f://api.example.com:443/", "https://api.example.com:\u0661/"])
def test_letters_that_only_look_like_those_of_a_url_are_none(text):
    """The long s is an s to a regular expression that ignores case, and no scheme."""
    assert parse_link(text) is None

"""Events are followed without end, and none is lost or comes twice."""

from __future__ import annotations

import json
from itertools import islice
from urllib.parse import parse_qs, urlsplit

import pytest
from assistants import assistant
from sockets import http

from moveworks import BadRequestError
from moveworks.assistant import effects, follow


class Events:
    """The event list of a user, two a page; every `broken` request fails, counted from 1."""

    def __init__(self, *numbers, broken=()):
        self.events, self.broken, self.asked = [self.event(number) for number in numbers], set(broken), []
        self.refused = set()

    @staticmethod
    def event(number, **more):
        payload = {"message": {"message_id": f"msg_{number}"}}
        times = {"created_at": "2026-11-01T10:00:00Z"}
        return {"event_id": f"evt_{number}", "type": "MESSAGE", "event_payload": payload, **times, **more}

    def __call__(self, request, number):
        asked = parse_qs(urlsplit(request.split(b" ")[1].decode()).query)
        self.asked.append(asked)
        if number in self.refused:
            return http({"error": {"code": "INVALID_CURSOR"}}, "400 Bad Request")
        if number in self.broken:
            return http({"error": {"code": "X"}}, "500 Oops")
        ids = [event["event_id"] for event in self.events]
        after = asked.get("starting_after", [None])[0]
        begin = ids.index(after) + 1 if after else 0
        begin += int(asked.get("cursor", ["0"])[0])
        more = begin + 2 < len(ids)
        cursor = str(int(asked.get("cursor", ["0"])[0]) + 2) if more else None
        return http({"events": self.events[begin : begin + 2], "metadata": {"next_cursor": cursor}})


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr(effects, "pause", lambda seconds: None)


def ids(events, amount):
    return [event.event_id for event in islice(events, amount)]


def test_a_page_that_fails_loses_no_event_of_the_pages_before():
    """They are read again, and are still new."""
    service = Events(1, 2, 3, broken={2})
    with assistant(service, attempts=1) as mw:
        assert ids(mw.events.follow(start="beginning"), 3) == ["evt_1", "evt_2", "evt_3"]


def test_going_on_after_an_interruption_loses_no_event():
    """With the same follower, and from its checkpoint."""
    service = Events(1, 2, 3)
    with assistant(service) as mw:
        follower = mw.events.follow(start="beginning")
        assert ids(follower, 1) == ["evt_1"]
        assert follower.checkpoint == "evt_1"
        assert ids(follower, 2) == ["evt_2", "evt_3"]
        assert ids(mw.events.follow(checkpoint="evt_1"), 2) == ["evt_2", "evt_3"]


def test_from_now_on_the_history_is_read_once():
    """What is new is asked for behind its end, and what comes between two iterations is new."""
    service = Events(1, 2, 3)

    def later(seconds):
        service.events.append(Events.event(len(service.events) + 1))

    with assistant(service) as mw, pytest.MonkeyPatch.context() as patch:
        patch.setattr(effects, "pause", later)
        follower = mw.events.follow()
        assert ids(follower, 1) == ["evt_4"]
        service.events.append(Events.event(5))
        assert ids(follower, 1) == ["evt_5"]
    assert [asked.get("starting_after") for asked in service.asked] == [None, None, ["evt_3"], ["evt_3"], ["evt_4"]]


@pytest.mark.parametrize("payload", ["text", None, {"message": "text"}, {"message": None}])
def test_a_payload_of_another_shape_is_handed_over(payload):
    """What it means is for the reader to say."""
    service = Events(1)
    service.events[0]["event_payload"] = json.loads(json.dumps(payload))
    with assistant(service) as mw:
        assert ids(mw.events.follow(start="beginning"), 1) == ["evt_1"]


def test_a_cursor_that_has_expired_is_not_needed():
    """The next look begins behind the checkpoint; but a checkpoint that is refused is an error."""
    service = Events(1, 2, 3)
    service.refused = {2}
    with assistant(service, attempts=1) as mw:
        assert ids(mw.events.follow(start="beginning"), 3) == ["evt_1", "evt_2", "evt_3"]
    service = Events(1, 2, 3)
    service.refused = {1}
    with assistant(service, attempts=1) as mw, pytest.raises(BadRequestError):
        ids(mw.events.follow(checkpoint="evt_1"), 1)


def test_cursors_that_lead_round_in_a_circle_end_a_look():
    """The events on the way are handed over, and the next look begins behind them."""
    first, second = Events.event(1), Events.event(2)

    def service(request, number):
        asked = parse_qs(urlsplit(request.split(b" ")[1].decode()).query)
        if asked.get("starting_after") == ["evt_2"]:
            return http({"events": [Events.event(3)]})
        there = asked.get("cursor") == ["b"]
        return http({"events": [second if there else first], "metadata": {"next_cursor": "a" if there else "b"}})

    with assistant(service) as mw:
        assert ids(mw.events.follow(start="beginning"), 3) == ["evt_1", "evt_2", "evt_3"]


def test_a_follower_that_runs_for_long_does_not_grow(monkeypatch):
    """It remembers the newest ids, and events that come behind them again are still known."""
    monkeypatch.setattr(follow, "REMEMBERED", 8)
    service = Events(*range(1, 41))
    with assistant(service) as mw:
        follower = mw.events.follow(start="beginning")
        events = iter(follower)
        assert ids(events, 40) == [f"evt_{number}" for number in range(1, 41)]
        assert len(follower._seen) == 8
        service.events += [Events.event(40), Events.event(41)]
        assert ids(events, 1) == ["evt_41"]

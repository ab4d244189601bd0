"""`--since` and `--until`: which moments, which field, and what is said of the service's delays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moments import MOMENTS, NOW

from moveworks.cli.since import Window, moment, time_field
from moveworks.odata import EntityType, ObjectField, TimestampField
from moveworks.records import Interaction, User
from moveworks.sandbox import Sandbox

T = datetime(2028, 2, 29, 23, 30, 5, 600000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("30m", "2028-02-29T23:00:05+00:00"),
        ("24h", "2028-02-28T23:30:05+00:00"),
        ("366 d", "2027-02-28T23:30:05+00:00"),
        ("1W", "2028-02-22T23:30:05+00:00"),
        ("today", "2028-02-29T00:00:00+00:00"),
        ("Yesterday", "2028-02-28T00:00:00+00:00"),
        ("2028-02-29", "2028-02-29T00:00:00+00:00"),
        ("2028-02-29T10:00:00", "2028-02-29T10:00:00+00:00"),
        ("2028-02-29T10:00:00+02:00", "2028-02-29T08:00:00+00:00"),
    ],
)
def test_what_a_moment_can_be(text, meant):
    """In UTC, counted from the present that is handed in."""
    assert moment(text, T) == datetime.fromisoformat(meant)


def test_a_day_is_a_day_in_utc_wherever_the_clock_stands():
    """In Tokyo it is tomorrow already."""
    tokyo = datetime.fromisoformat("2026-11-01T00:30:00+09:00")
    assert moment("today", tokyo) == datetime(2026, 10, 31, tzinfo=UTC)
    assert moment("1h", tokyo) == datetime(2026, 10, 31, 14, 30, tzinfo=UTC)


@given(st.text(max_size=10))
def test_since_takes_any_text(text):
    """A moment in UTC, or a ValueError that says what could stand there."""
    try:
        found = moment(text, T)
    except ValueError:
        with pytest.raises(ValueError, match="time"):
            moment(text, T)
    else:
        assert found.utcoffset() == timedelta()


@pytest.mark.parametrize(
    "text", ["9" * 5000 + "d", "99999999d", "3y", "2026-13-01", "\u0663d", "0001-01-01T00:00:00+01:00"]
)
def test_what_is_no_moment_is_refused_in_a_line(text):
    """Whatever Python thinks of the number."""
    with pytest.raises(ValueError, match="time") as caught:
        moment(text, T)
    assert len(str(caught.value)) < 200


def test_the_default_is_when_a_record_was_written():
    """`created_time` would miss for good what arrives late."""
    assert time_field(Interaction, None).path == "last_updated_time"
    assert time_field(User, None).path == "last_updated_time"
    assert time_field(Interaction, "created_time").path == "created_time"


def test_times_in_objects_can_be_meant():
    """By their names on the wire."""

    class Detail(ObjectField):
        from_ = TimestampField("from")

    class Ticket(EntityType):
        detail = Detail("detail")

    assert time_field(Ticket, "detail/from").path == "detail/from"


def window(since=None, until=None, field="last_updated_time"):
    since, until = (None if text is None else moment(text, T) for text in (since, until))
    return Window(field=time_field(Interaction, field), since=since, until=until, now=T)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"since": "3d"}, ["may not have arrived"]),
        ({"since": "24h"}, ["shorter than the 42 hours"]),
        ({"since": "today", "until": "2028-02-29T12:00:00Z"}, ["shorter than the 42 hours"]),
        ({"since": "5d", "until": "3d"}, []),
        ({"until": "3d"}, []),
        ({"since": "30d", "until": "3d"}, []),
        ({"since": "31d", "until": "3d"}, ["2028-01-30T23:30:05Z are gone"]),
        ({"since": "5w"}, ["are gone", "may not have arrived"]),
        ({"until": "5w"}, ["ends before 2028-01-30T23:30:05Z"]),
        ({"since": "2028-03-01"}, ["in the future"]),
        ({"since": "24h", "field": "created_time"}, ["all of this window may be incomplete"]),
        ({"since": "7d", "field": "created_time"}, ["newer than 2028-02-28T05:30:05Z may be incomplete"]),
        ({"since": "7d", "until": "2d", "field": "created_time"}, []),
    ],
)
def test_what_a_window_cannot_see_is_said(given, said):
    """What is not there yet, and what is not there any more."""
    warnings = list(window(**given).warnings())
    assert len(warnings) == len(said), warnings
    assert all(part in warning for part, warning in zip(said, warnings, strict=True))


def test_an_empty_window_is_refused():
    """It would be taken for a service without records."""
    with pytest.raises(ValueError, match="2028-02-29T00:00:00Z and ends at 2028-02-28T00:00:00Z"):
        window(since="today", until="yesterday")


def test_a_window_selects_its_records(run, sandbox):
    """From `--since` on, before `--until`, joined with a filter."""
    rows = sandbox.rows("interactions")
    stamps = sorted({row["last_updated_time"] for row in rows})
    begin, end = stamps[5], stamps[9]
    wanted = sum(begin <= row["last_updated_time"] < end and row["actor"] == "user" for row in rows)
    done = run("records", "count", "interactions", "--filter", "actor eq 'user'", "--since", begin, "--until", end)
    assert (int(done.stdout), wanted > 0) == (wanted, True)


def test_notes_are_on_stderr_and_can_be_silenced(run):
    """Data stays alone on stdout."""
    loud, quiet = (run("records", "count", "users", "--since", "24h", *more) for more in ((), ("-q",)))
    assert loud.stdout == quiet.stdout
    assert loud.stderr.startswith("note: this window is shorter")
    assert quiet.stderr == ""


@pytest.mark.parametrize("now", MOMENTS)
def test_the_window_of_a_daily_load_meets_records_at_any_moment(now, run):
    """Three days hold a batch, whenever they are asked for."""
    now = datetime.fromisoformat(now)
    with Sandbox(rows=400, now=now) as running:
        done = run("records", "count", "interactions", "--since", "3d", now=now, **running.environment())
        everything = run("records", "count", "interactions", "--since", "30d", now=now, **running.environment())
    assert 0 < int(done.stdout) < int(everything.stdout) == 400


def test_without_a_clock_the_present_is_that_of_the_machine(run):
    """Give or take what the test takes."""
    import click

    from moveworks.cli.clock import current_time

    before = datetime.now(UTC)
    assert before <= current_time() <= datetime.now(UTC)
    with click.Context(click.Command("x"), obj=lambda: NOW):
        assert current_time() == NOW

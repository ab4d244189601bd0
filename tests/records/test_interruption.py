"""An exception at any moment, as Ctrl-C or a time limit raises it, loses no record."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import pytest
from ready_pages import ready_pager

from moveworks import ConfigurationError
from moveworks import paging as paging_module

ROWS = [[{"id": f"{page}{place}"} for place in "abc"] for page in range(4)]
SOURCE = Path(paging_module.__file__).read_text(encoding="utf-8").splitlines()
FLAT = [row["id"] for page in ROWS for row in page]


class Interrupted(BaseException):
    """Neither an `Exception` nor one of ours."""


def interrupting(moment):
    """A trace function that raises at one line of the pager's module, counted over the whole list.

    No signal is handled right before a record or a page is handed out, since there is neither a call nor a jump.
    """
    counter = itertools.count()

    def trace(frame, event, _):
        if frame.f_code.co_filename != paging_module.__file__:
            return None
        line = SOURCE[frame.f_lineno - 1].strip()
        if event == "line" and line not in {"yield page", "return item"} and next(counter) == moment:
            raise Interrupted
        return trace

    return trace


def by_items(pager, taken):
    for row in pager:
        taken.append(row["id"])


def by_next(pager, taken):
    while (row := pager.first()) is not None:
        taken.append(row["id"])


def by_pages(pager, taken):
    for page in pager.pages():
        taken.extend(row["id"] for row in page.items)


def lists_interrupted_everywhere(way, pagers):
    """Pagers that were interrupted, one for each moment there is, and what was taken before."""
    for moment in itertools.count():
        pager, taken = pagers(), []
        sys.settrace(interrupting(moment))
        try:
            way(pager, taken)
        except Interrupted:
            pass
        else:
            return
        finally:
            sys.settrace(None)
        yield pager, taken


@pytest.mark.parametrize("build", [None, dict])
@pytest.mark.parametrize("way", [by_items, by_next, by_pages])
def test_the_same_pager_goes_on_where_it_was(way, build):
    """Nothing is lost and nothing is doubled."""
    moments = 0
    for pager, taken in lists_interrupted_everywhere(way, lambda: ready_pager(*ROWS, build=build)):
        way(pager, taken)
        assert taken == FLAT
        moments += 1
    assert moments > 50


@pytest.mark.parametrize("way", [by_items, by_next, by_pages])
def test_resume_from_misses_nothing(way):
    """It may repeat the page that was in hand."""
    for pager, taken in lists_interrupted_everywhere(way, lambda: ready_pager(*ROWS)):
        link = pager.resume_from
        rest = [] if link is None else [row["id"] for row in ready_pager(*ROWS, start=link)]
        assert sorted({*taken, *rest}) == FLAT


@pytest.mark.parametrize("limit", [2, 3, 4])
def test_a_limit_that_cuts_a_page_is_resumed_from_that_page(limit):
    """What was cut off is not skipped, and a page that was used up is asked for no more than once again."""
    pager = ready_pager(*ROWS, limit=limit)
    taken = [row["id"] for row in pager]
    assert taken == FLAT[:limit]
    rest = [row["id"] for row in ready_pager(*ROWS, start=pager.resume_from)]
    assert sorted({*taken, *rest}) == FLAT
    page = next(ready_pager(*ROWS, limit=2).pages())
    assert page.next_link == ready_pager(*ROWS).resume_from


def test_two_readers_at_once_are_told_so():
    """The service is not blamed for a loop that two threads make."""
    pager = ready_pager(*ROWS)
    send = pager._transport.send

    def meanwhile(request):
        reply = send(request)
        pager._transport.send = send
        next(pager)
        return reply

    pager._transport.send = meanwhile
    with pytest.raises(ConfigurationError, match="several threads"):
        next(pager)
    assert [row["id"] for row in pager] == FLAT[1:]

"""A client that was interrupted, as by a signal, serves its next request as any other."""

from __future__ import annotations

import httpcore
import pytest
from sockets import http, socket_server

from moveworks import ApiKey, Moveworks
from moveworks.transport.connections import MAX_CONNECTIONS


class InterruptedHereError(BaseException):
    """Neither an `Exception` nor one of ours."""


def test_what_an_interruption_left_half_done_is_not_used_again(monkeypatch):
    """A connection may hold the answer to another query. Nor does an interruption cost a slot."""
    left = []

    def interrupted(pool, _):
        left.append(pool)
        raise InterruptedHereError

    with (
        socket_server(lambda *_: http()) as (origin, seen),
        Moveworks(records_auth=ApiKey("k"), base_url=origin, total_timeout=20) as mw,
    ):
        assert len(list(mw.records.users.list())) == 1
        assert len(list(mw.records.users.list())) == 1
        assert seen[0].port == seen[1].port
        with monkeypatch.context() as patch:
            patch.setattr(httpcore.ConnectionPool, "handle_request", interrupted)
            for _ in range(MAX_CONNECTIONS + 1):
                with pytest.raises(InterruptedHereError):
                    mw.records.users.list().first()
        before = {request.port for request in seen}
        assert len(list(mw.records.users.list())) == 1
        assert seen[-1].port not in before
    for pool in left:
        pool.close()

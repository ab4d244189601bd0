"""A plain HTTP server, whose answers are written by the test."""

from __future__ import annotations

import io
from contextlib import contextmanager
from http import HTTPStatus
from http.client import parse_headers

from sockets import http, socket_server


class Exchange:
    """A request, and what is answered to it."""

    def __init__(self, request):
        head, _, self.body = request.partition(b"\r\n\r\n")
        first, _, lines = head.partition(b"\r\n")
        self.command, self.path, _ = first.decode().split(" ")
        self.headers = parse_headers(io.BytesIO(lines + b"\r\n\r\n"))
        self.answer = b""

    def reply(self, body, status=200, kind="application/json", **headers):
        phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else ""
        self.answer = http(body, f"{status} {phrase}", **{"Content-Type": kind, **headers})


@contextmanager
def serve(answer):
    """A plain HTTP server; `answer(exchange)` calls its `reply`. Gives the origin and the requests seen."""
    seen = []

    def answered(request, number):
        exchange = Exchange(request)
        seen.append((exchange.command, exchange.path, dict(exchange.headers.items()), exchange.body))
        answer(exchange)
        return exchange.answer

    with socket_server(answered) as (origin, _):
        yield origin, seen

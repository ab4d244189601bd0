"""Every status that is declared for an operation of the assistant, through a real client over a real socket."""

from __future__ import annotations

import asyncio
import json

import pytest
from declared import bodies, declared, model_names

import moveworks_beta.models
from moveworks import (
    AsyncMoveworks,
    AuthenticationError,
    BadRequestError,
    BearerToken,
    ConfigurationError,
    Moveworks,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
)
from moveworks.assistant.calls import find_operation
from moveworks_beta.operations import OPERATIONS

pytestmark = pytest.mark.slow

ERRORS = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    429: RateLimitError,
    500: ServerError,
}
ATTEMPTS = 3
REFUSED = 429
"""The only one of these statuses after which a request is sent again although it is no GET: nothing was processed."""
CASES = [
    pytest.param(operation, status, kind, body, id=f"{operation}-{status}")
    for _, operation, _, status, kind, body in declared("beta")
    if status in ERRORS or (status < 400 and kind != "text/event-stream")
]
"""Any other error that a newer document may declare is judged by its status alone: tests/transport/test_retries.py."""
STREAMS = [name for name, each in OPERATIONS.items() if each.media_types == ("text/event-stream",)]
"""Their events are the subject of test_streams; their errors are tested here."""
MODELS, BODIES = model_names("beta"), bodies("beta")


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    """Other attempts follow at once."""

    async def no_pause(seconds):
        del seconds

    monkeypatch.setattr("moveworks.transport.http.pause", lambda seconds: None)
    monkeypatch.setattr("moveworks.transport.aio.pause", no_pause)


def call(origin, operation, mode, *, streams=False):
    """Call an operation with its required parameters, blocking or async; one that streams by its own method."""
    settings = {
        "assistant_auth": BearerToken("token"),
        "assistant": "acme",
        "base_url": origin,
        "attempts": ATTEMPTS,
    }
    parameters = {
        each.name: f"{each.name}_1" for each in find_operation(operation).parameters if each.location == "path"
    }
    if operation in BODIES:
        parameters["body"] = BODIES[operation]

    async def called():
        async with AsyncMoveworks(**settings) as mw:
            if streams:
                async with mw.assistant.responses.stream("conversation_id_1", "vpn") as stream:
                    return [update async for update in stream]
            return await mw.assistant.call(operation, **parameters)

    if mode == "async":
        return asyncio.run(called())
    with Moveworks(**settings) as mw:
        if streams:
            with mw.assistant.responses.stream("conversation_id_1", "vpn") as stream:
                return list(stream)
        return mw.assistant.call(operation, **parameters)


def test_the_catalogue_and_the_document_declare_the_same():
    """The operations, and the statuses of their successes."""
    successes = {}
    for _, operation, _, status, *_ in declared("beta"):
        if status < 400:
            successes.setdefault(operation, []).append(str(status))
    assert successes == {name: list(each.success) for name, each in OPERATIONS.items()}
    assert set(BODIES) == {name for name, each in OPERATIONS.items() if each.body}


@pytest.mark.parametrize("mode", ["blocking", "async"])
@pytest.mark.parametrize(("operation", "status", "kind", "body"), CASES)
def test_every_declared_status_is_its_model_or_its_error(http_server, operation, status, kind, body, mode):
    """The model that is declared; or the class of the status, with code and trace id.

    Only a GET, and what the service refused unseen, is sent again.
    """

    def answer(exchange):
        exchange.reply(json.dumps(body).encode(), status, kind, **{"x-moveworks-root-uuid": f"trace-{status}"})

    method, times = find_operation(operation).method, 1
    with http_server(answer) as (origin, seen):
        if status < 400:
            found = call(origin, operation, mode)
            assert type(found) is getattr(moveworks_beta.models, MODELS[operation, status])
            assert found.to_dict() == body
        else:
            with pytest.raises(ERRORS[status]) as caught:
                call(origin, operation, mode, streams=operation in STREAMS)
            error, times = caught.value, ATTEMPTS if status == REFUSED or (status, method) == (500, "GET") else 1
            assert type(error) is ERRORS[status]
            assert (error.status, error.request_id, error.attempts) == (status, f"trace-{status}", times)
            assert error.code == body["error"]["code"]
    assert [each[0] for each in seen] == [method] * times
    assert {each[2]["Assistant-Name"] for each in seen} == {"acme"}
    assert {each[3] for each in seen} == ({seen[0][3]} if operation in BODIES else {b""})


@pytest.mark.parametrize("mode", ["blocking", "async"])
@pytest.mark.parametrize("operation", STREAMS)
def test_what_answers_with_a_stream_is_refused_before_it_is_sent(http_server, operation, mode):
    """A call has no model of it to give, and the message would have been sent in vain."""
    with http_server(lambda exchange: exchange.reply(b"data: {}\n\n", kind="text/event-stream")) as (origin, seen):
        with pytest.raises(ConfigurationError, match=r"responses\.stream"):
            call(origin, operation, mode)
    assert seen == []

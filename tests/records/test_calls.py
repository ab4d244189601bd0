"""Operations by their id, and that all of both specs can be reached."""

from __future__ import annotations

import asyncio
import contextlib
import re

import pytest
from moments import NOW
from published import ASSISTANT_PATH

import moveworks_beta.operations
import moveworks_export.operations
from moveworks import MoveworksError, NotFoundError, PermissionDeniedError
from moveworks.records.namespace import find_entity_set
from moveworks.sandbox import Sandbox

EXPORT, BETA = moveworks_export.operations.OPERATIONS, moveworks_beta.operations.OPERATIONS
USERS, CONVERSATIONS = (find_entity_set(name).operation for name in ("users", "conversations"))


@pytest.fixture(scope="module")
def talked_to():
    """A sandbox in which conversations begin."""
    with Sandbox(rows=20, now=NOW) as running:
        yield running


@pytest.mark.parametrize(
    "identity", [name for name, each in BETA.items() if each.media_types != ("text/event-stream",)]
)
def test_an_operation_of_the_beta_api_by_its_id(talked_to, identity):
    """Its method and path reach the service, also those of one that is new and has no method of its own."""
    operation = BETA[identity]
    values = [f"none_{each.name}" for each in operation.parameters if each.location == "path"]
    with talked_to.client() as mw, contextlib.suppress(MoveworksError):
        mw.assistant.call(identity, *values, **({"body": {}} if operation.body else {}))
    sent = talked_to.requests[-1]
    path = re.sub(r"\{(\w+)\}", r"none_\1", operation.path)
    assert (sent["method"], sent["path"]) == (operation.method, ASSISTANT_PATH + path)


@pytest.mark.parametrize("identity", EXPORT)
def test_an_operation_of_the_export_api_by_its_id(sandbox, identity):
    """One request, whose answer is the model that the spec names; blocking and async."""

    async def asked():
        async with sandbox.async_client() as mw:
            return await mw.records.call(identity)

    with sandbox.client() as mw:
        page = mw.records.call(identity)
    assert len(page.to_dict()["value"]) > 10
    assert type(asyncio.run(asked())) is type(page)


def test_parameters_are_those_of_the_operation(sandbox):
    """By their names in Python; others are refused before anything is sent."""
    with sandbox.client() as mw:
        assert len(mw.records.call(USERS, top=3).to_dict()["value"]) == 3
        before = len(sandbox.requests)
        with pytest.raises(TypeError, match="nope"):
            mw.records.call(USERS, nope=3)
        with pytest.raises(LookupError, match=f"did you mean {USERS}"):
            mw.records.call(USERS[:-1])
        assert len(sandbox.requests) == before


def test_errors_are_those_of_every_request():
    """With the same classes; a failure that may pass is tried again."""
    with Sandbox(rows=20, faults=["403:route=users", "404:route=conversations"]) as sandbox, sandbox.client() as mw:
        with pytest.raises(PermissionDeniedError):
            mw.records.call(USERS)
        with pytest.raises(NotFoundError):
            mw.records.call(CONVERSATIONS)
        sandbox.clear_faults()
        sandbox.add_fault("503:times=1")
        assert mw.records.call(USERS).to_dict()["value"]

"""Operations by their id, and that all of both specs can be reached."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

import moveworks_beta.operations
import moveworks_export.operations
from moveworks import NotFoundError, PermissionDeniedError
from moveworks.assistant import calls
from moveworks.sandbox import Sandbox
from moveworks_export.entities import ENTITY_SETS

EXPORT, BETA = moveworks_export.operations.OPERATIONS, moveworks_beta.operations.OPERATIONS
FACADE = Path(calls.__file__).parent
UNREACHED: dict[str, str] = {}
"""Operations that only `call` reaches, each with the reason why it has no method."""


def test_every_operation_has_a_method_or_a_reason():
    """Entity sets for those of the export API, and the rooms of the assistant for those of the beta API."""
    text = "\n".join(file.read_text(encoding="utf-8") for file in FACADE.glob("*.py"))
    named = set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', text)) | {info.operation for info in ENTITY_SETS.values()}
    assert {*EXPORT, *BETA} - named == set(UNREACHED)


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
        assert len(mw.records.call("list-users", top=3).to_dict()["value"]) == 3
        before = len(sandbox.requests)
        with pytest.raises(TypeError, match="nope"):
            mw.records.call("list-users", nope=3)
        with pytest.raises(LookupError, match="did you mean list-users"):
            mw.records.call("list-user")
        assert len(sandbox.requests) == before


def test_errors_are_those_of_every_request():
    """With the same classes; a failure that may pass is tried again."""
    with Sandbox(rows=20, faults=["403:route=users", "404:route=conversations"]) as sandbox, sandbox.client() as mw:
        with pytest.raises(PermissionDeniedError):
            mw.records.call("list-users")
        with pytest.raises(NotFoundError):
            mw.records.call("list-conversations")
        sandbox.clear_faults()
        sandbox.add_fault("503:times=1")
        assert mw.records.call("list-users").to_dict()["value"]

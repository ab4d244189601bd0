"""The operations of the beta API that the facade names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from attrs import evolve

from moveworks.assistant import calls
from moveworks.assistant.calls import KNOWN_OPERATIONS, find_operation
from moveworks_beta.operations import OPERATIONS

FACADE = Path(calls.__file__).parent


@pytest.mark.parametrize("name", KNOWN_OPERATIONS)
def test_an_operation_with_another_id_is_found_where_it_was(name, monkeypatch):
    """By its method and path; what its path parameters are called does not matter."""
    operation = find_operation(name)
    method, _, place = KNOWN_OPERATIONS[name].partition(" ")
    renamed = evolve(operation, id="another-id", method=method, path=place.replace("{}", "{any_name}"))
    others = {key: each for key, each in OPERATIONS.items() if each is not operation}
    monkeypatch.setattr(calls, "OPERATIONS", {**others, "another-id": renamed})
    assert find_operation(name) is renamed


def test_an_operation_that_is_gone_is_named(monkeypatch):
    """With where it was looked for, and the nearest id."""
    left = {key: each for key, each in OPERATIONS.items() if each is not find_operation("get-response")}
    monkeypatch.setattr(calls, "OPERATIONS", left)
    with pytest.raises(LookupError, match=r"no operation 'get-response', nor one at GET /conv.*did you mean"):
        find_operation("get-response")


def test_every_operation_that_the_facade_names_is_known_by_its_place():
    """So that no id is left that cannot be found again."""
    text = "\n".join(file.read_text(encoding="utf-8") for file in FACADE.glob("*.py"))
    named = set(re.findall(r'(?:_call|_list|request|read_reply|find_operation)\(\s*"([a-z-]+)"', text))
    named |= set(re.findall(r'question\(\w+, "([a-z-]+)"', text))
    assert named == set(KNOWN_OPERATIONS)

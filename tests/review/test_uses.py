"""Which lines use what a change is about: by what a name is, not by how it is spelt."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from scripts.documents import DocumentError
from scripts.review.coverage import uncovered
from scripts.review.findings import Finding
from scripts.review.uses import attach_uses, usage

ROOT = Path(__file__).resolve().parents[2]
CODE = '''
"""Uses the field route in a docstring, which is no use."""
from moveworks import Moveworks
from moveworks.records import Conversation as C
from moveworks.models import ConversationRecord as Kept

class Other:
    route = "x"

def typed(mw: Moveworks) -> None:
    for conversation in mw.records.conversations.list(filter=C.route == "DM"):  # route: catalogue
        print(conversation.route)  # route: model
    first = mw.records.conversations.list().first()
    print(first and first.route)  # route: optional
    print(Other().route)  # not route
    print(mw.records["plugin-calls"])  # set: item
    print(mw.records.plugin_calls.list())  # set: attribute

def untyped(mw, plugin_calls):
    conversation = mw.records.conversations.list().first()
    assert conversation.route == "DM"  # route: by name
    assert mw.other.route  # not route
    assert mw.records.plugin_calls  # set: untyped
    assert plugin_calls  # not set
    run("route eq 'DM'")  # route: expression
    run("route")  # route: beside its entity set

def elsewhere(handler):
    print(handler["route"])  # not route
    print("created_time,id")  # created_time: text

def models(value: Kept) -> Kept:  # class: annotation
    return Kept.from_dict({})  # class: call

def assistant(mw: Moveworks):
    return mw.assistant.conversations.get("conv_1")  # operation: caller
'''


@pytest.fixture(scope="module")
def used(tmp_path_factory):
    root = tmp_path_factory.mktemp("checkout of a review")
    for room in ("overlay", "generated"):
        shutil.copytree(ROOT / room, root / room, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "scripts").mkdir()
    (root / "tests").mkdir()
    (root / "tests" / "test_case.py").write_text(CODE, encoding="utf-8")
    return root, usage(root)


def lines_of(finding, used):
    attach_uses([finding], used)
    return finding.uses


def marked(*marks):
    return [
        f"tests/test_case.py:{number}"
        for number, line in enumerate(CODE.splitlines(), 1)
        if any(f"# {mark}" in line for mark in marks)
    ]


def finding(*symbols, rule="response-property-type-changed", **more):
    listed = [{"symbol": each, "old": "a", "new": "b", "reaches_users": True} for each in symbols]
    given = {"base": "#/components/schemas/conversationsobject/properties/route", "head": None, "api": "export"} | more
    return Finding(rule=rule, wire="error", python="breaking-runtime", message="m", symbols=listed, **given)


def test_a_field_is_found_wherever_it_is_used_and_nothing_else_of_that_name(used):
    """Model, catalogue, optional value, untyped code, OData text; not the `route` of something else."""
    found = lines_of(finding("models.conversation_record.ConversationRecord.route"), used[1])
    assert [line for line in found if line.startswith("tests/")] == marked("route:")
    assert not any("sandbox/faults.py" in line for line in found)


def test_a_field_with_a_particular_name_is_found_in_any_text(used):
    """`created_time` can hardly be anything else."""
    pointer = "#/components/schemas/conversationsobject/properties/created_time"
    found = lines_of(finding("models.conversation_record.ConversationRecord.created_time", base=pointer), used[1])
    assert set(marked("created_time:")) <= set(found)


def test_a_model_is_found_where_its_name_stands(used):
    """Under another name as well."""
    found = lines_of(finding("models.conversation_record.ConversationRecord", rule="api-schema-renamed"), used[1])
    assert set(marked("class:")) <= set(found)


def test_an_entity_set_is_found_as_attribute_and_as_item(used):
    """`mw.records.plugin_calls` and `mw.records["plugin-calls"]`, and no variable that is called so."""
    found = lines_of(finding("entities.RecordsAttributes.plugin_calls", rule="api-path-removed"), used[1])
    assert [line for line in found if line.startswith("tests/")] == marked("set:")


def test_who_calls_a_function_of_the_library_that_uses_an_operation_is_found(used):
    """From the generated function over the library's method to the command line and the tests."""
    gone = finding(
        "api.beta.get_conversation.sync_detailed",
        rule="api-operation-id-removed",
        api="beta",
        base="#/paths/~1conversations~1{conversation_id}/get/operationId",
        reaches=["GET /conversations/{conversation_id}"],
    )
    found = lines_of(gone, used[1])
    rooms = ("overlay/moveworks/assistant/", "overlay/moveworks/cli/", "tests/")
    assert all(any(line.startswith(room) for line in found) for room in rooms)
    assert set(marked("operation:")) <= set(found)


def test_the_library_comes_first_and_the_tests_last(used):
    """As one would change them."""
    found = lines_of(finding("service.BASE_PATH", rule="api-base-path-changed", api="beta", base="#/servers"), used[1])
    assert found
    assert found[0].startswith("overlay/moveworks/")


def test_operations_and_parameters_that_the_library_does_not_offer_are_listed(used):
    """By the words of the lines that use the operation's function."""
    root, known = used
    parameters = [{"name": "Assistant-Name", "in": "header"}, {"name": "verbose", "in": "query"}]
    get = {"operationId": "get-conversation", "parameters": parameters, "responses": {}}
    head = {"paths": {"/conversations/{id}": {"get": get}, "/x": {"get": {"operationId": "get-x", "responses": {}}}}}
    assert uncovered(head, "beta", known, root) == [
        "GET /conversations/{id}: parameter verbose",
        "GET /x (get-x)",
    ]


def test_code_that_cannot_be_read_is_said_so(tmp_path):
    """With its name; a review without it would be half of one."""
    for room in ("overlay", "generated", "scripts", "tests"):
        (tmp_path / room).mkdir()
    (tmp_path / "tests" / "test_broken.py").write_text("def f(:\n", encoding="utf-8")
    with pytest.raises(DocumentError, match="test_broken"):
        usage(tmp_path)

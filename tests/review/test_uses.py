"""Which lines use what a change is about: by what a name is, not by how it is spelt."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from once import once

from scripts.documents import DocumentError
from scripts.review.uses import usage, uses_of

ROOT = Path(__file__).resolve().parents[2]
SETS = {"Conversation": "conversations", "PluginCall": "plugin_calls", "Interaction": "interactions"}
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
    print(Other().route)  # not route
    print(mw.records["plugin-calls"])  # set: item
    print(mw.records.plugin_calls.list())  # set: attribute
    print(mw.records.conversations.list(filter="route eq 'DM'"))  # route: expression
    print(mw.records.conversations.list(select=["route"]))  # route: text
    print(mw.records.interactions.list(select=["route"]))  # not route: of another entity set
    print("Every route is used, a sentence says.")  # not route
    Moveworks.from_env(region="jp")  # region: text

def elsewhere(handler):
    print(handler["route"])  # not route
    print(handler(region="uk"), "jp")  # not region

def models(value: Kept) -> Kept:  # class: annotation
    return Kept.from_dict({})  # class: call

def low_level():
    from moveworks_beta.api.beta import get_conversation  # operation: import
    return get_conversation.request("conv_1", assistant_name="bot")  # operation: call
'''


@pytest.fixture(scope="module")
def used(tmp_path_factory):
    return once(tmp_path_factory, "used", lambda: _used(tmp_path_factory))


def _used(tmp_path_factory):
    root = tmp_path_factory.mktemp("checkout of a review")
    for room in ("overlay", "generated"):
        shutil.copytree(ROOT / room, root / room, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "tests").mkdir()
    (root / "tests" / "code.py").write_text(CODE, encoding="utf-8")
    packages = [root / "generated" / "moveworks_export", root / "generated" / "moveworks_beta"]
    return usage(root, packages)


@pytest.mark.parametrize(
    ("word", "symbols"),
    [
        (
            "route",
            ["models.conversation_record.ConversationRecord.route", "entities.Conversation.route"],
        ),
        ("set", ["entities.RecordsAttributes.plugin_calls"]),
        ("class", ["models.conversation_record.ConversationRecord"]),
        ("region", ["service.SERVERS.jp"]),
        ("operation", ["api.beta.get_conversation"]),
    ],
)
def test_the_lines_that_use_a_symbol_are_named_and_no_others(used, word, symbols):
    """Attributes by their type, strings only in calls of the entity set that has the field."""
    package = "moveworks_beta" if word == "operation" else "moveworks_export"
    found = {place for symbol in symbols for place in uses_of(symbol, package, used, SETS)}
    lines = CODE.splitlines()
    wanted = {f"tests/code.py:{number}" for number, line in enumerate(lines, 1) if f"# {word}: " in line}
    mine = {place for place in found if place.startswith("tests/code.py")}
    if word == "class":
        wanted |= {f"tests/code.py:{number}" for number, line in enumerate(lines, 1) if "# route: model" in line}
        wanted |= {f"tests/code.py:{number}" for number, line in enumerate(lines, 1) if "as Kept" in line}
    assert mine == wanted


def test_code_that_cannot_be_read_is_said_so(tmp_path):
    """With its name; a review without it would be half of one."""
    for room in ("overlay", "generated", "scripts", "tests"):
        (tmp_path / room).mkdir()
    (tmp_path / "tests" / "test_broken.py").write_text("def f(:\n", encoding="utf-8")
    with pytest.raises(DocumentError, match="test_broken"):
        usage(tmp_path, [])

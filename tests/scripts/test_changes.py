"""What the vendor may publish next: it builds without a hand-written line, and its review says the right thing once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import changes
import pytest
from hatchling.builders.wheel import WheelBuilder

from scripts.regenerate import build
from scripts.review import clients, uses
from scripts.review.review import review

# What a review says follows from both versions, so the older one is kept: one that the vendor has changed in one of
# these ways by then would leave nothing to be said.
SPECS = changes.ROOT / "tests" / "review" / "published"
# Verdict on what was published, verdict for users, and how many findings say so.
EXPECTED = {
    "other_prose": ("docs", "docs", 3),
    "new_entity_set": ("additive", "additive", 1),
    "moved_base_path": ("breaking", "warning", 2),
    "moved_path": ("breaking", "warning", 1),
    "removed_server": ("warning", "breaking", 2),
    "nullable_type": ("breaking", "none", 1),
    "required_option": ("breaking", "breaking", 1),
    "deprecated_property": ("docs", "docs", 1),
    "renamed_operation": ("docs", "breaking", 1),
    "reordered_union": ("none", "none", 0),
}


@pytest.fixture
def fast(monkeypatch, base_clients):
    """Reviews without what has tests of its own: the lines of code, and the same base built again and again."""
    made = clients.client

    def client(side, folder):
        if side.folder.parent != SPECS:
            return made(side, folder)
        if side.api not in base_clients:
            base_clients[side.api] = made(side, base_clients["folder"])
        return base_clients[side.api]

    monkeypatch.setattr(clients, "client", client)
    monkeypatch.setattr(uses, "usage", lambda *_: {})


@pytest.fixture(scope="module")
def base_clients(tmp_path_factory):
    return {"folder": tmp_path_factory.mktemp("base")}


@pytest.mark.usefixtures("fast")
@pytest.mark.parametrize("change", changes.CHANGES, ids=lambda change: change.__name__)
def test_a_change_is_reviewed_once_with_both_verdicts(change, tmp_path):
    """For who takes the document at its word, and for users of the library."""
    shutil.copytree(SPECS, tmp_path / "specs")
    changes.take(changes.folder_of(change, tmp_path / "new", SPECS), tmp_path / "specs")
    result = review(str(SPECS), str(tmp_path / "specs"))
    assert not result.problems
    if change.__name__ in EXPECTED:
        found = (result.published, result.users, len(result.findings))
        assert found == EXPECTED[change.__name__], [finding.message for finding in result.findings]
    else:
        assert (result.published, result.users) == ("breaking", "breaking")


def renamed_under_a_word(export, beta):
    """An operation whose path has the word `responses`, as answers of operations have."""
    beta["paths"]["/conversations/{conversation_id}/responses"]["post"]["operationId"] = "begin-response"


def renamed(export, beta):
    """An operation is called otherwise."""
    beta["paths"]["/conversations"]["get"]["operationId"] = "find-conversations"


def deprecated(export, beta):
    """The same operation is to go: that takes no symbol away."""
    beta["paths"]["/conversations"]["get"]["deprecated"] = True


def listed_values(export, beta):
    """A text of records names its values: the list is open, so its type is another name of text."""
    changes.record_schema(export, "/conversations")["properties"]["route"]["enum"] = ["DM", "Channel"]


def gone_entity_set(export, beta):
    """With its page, its records and their fields."""
    del export["paths"]["/plugin-resources"]


def another_type(export, beta):
    """An object becomes text: the class of it and all its fields are gone."""
    changes.record_schema(export, "/interactions")["properties"]["detail"] = dict(changes.TEXT)


def gone_alternative(export, beta):
    """And its class with it."""
    del beta["components"]["schemas"]["Content"]["oneOf"][-1]


def longer_path(export, beta):
    """Two operations of one path move, and their entries in the catalogue with them."""
    beta["paths"]["/conversations/"] = beta["paths"].pop("/conversations")


def another_name(export, beta):
    """An entity set is called after its path."""
    export["paths"]["/people"] = export["paths"].pop("/users")


def other_tags(export, beta):
    """The same change of two operations."""
    for path in ("/conversations/{conversation_id}/responses", "/conversations/{conversation_id}/responses/stream"):
        beta["paths"][path]["post"]["tags"] = ["answers"]


@pytest.mark.usefixtures("fast")
@pytest.mark.parametrize(
    "expected",
    [
        {
            renamed_under_a_word: ("api-operation-id-removed", "breaking"),
            listed_values: ("response-property-became-enum", "docs"),
            gone_entity_set: ("api-path-removed-without-deprecation", "breaking"),
            gone_alternative: ("response-property-one-of-removed", "breaking"),
            other_tags: ("api-tag-removed", "docs"),
        },
        {
            another_type: ("response-property-type-changed", "breaking"),
            another_name: ("api-path-moved", "breaking"),
            longer_path: ("api-path-prefix-changed", "warning"),
        },
        {
            renamed: ("api-operation-id-removed", "breaking"),
            deprecated: ("endpoint-deprecated", "docs"),
        },
    ],
    ids=["gone", "moved", "renamed"],
)
def test_a_symbol_belongs_to_the_change_that_made_it(expected, tmp_path):
    """And to no other; a symbol that means the same to users belongs to none. Several changes have a finding each."""

    def change(export, beta):
        for each in expected:
            each(export, beta)

    shutil.copytree(SPECS, tmp_path / "specs")
    changes.take(changes.folder_of(change, tmp_path / "new", SPECS), tmp_path / "specs")
    findings = review(str(SPECS), str(tmp_path / "specs")).findings
    assert sorted((each.rule, each.users) for each in findings) == sorted(expected.values())


@pytest.mark.usefixtures("fast")
@pytest.mark.parametrize(
    ("date", "rule"), [("2999-01-01", "api-path-removed-before-sunset"), ("soon", "api-path-sunset-parse")]
)
def test_what_is_removed_before_its_date_is_gone(tmp_path, date, rule):
    """A date that was announced does not make it work any longer, and neither does one that is none."""

    def announced(export, beta):
        export["paths"]["/plugin-resources"]["get"].update({"deprecated": True, "x-sunset": date})

    shutil.copytree(SPECS, tmp_path / "base")
    changes.take(changes.folder_of(announced, tmp_path / "announced", SPECS), tmp_path / "base")
    shutil.copytree(SPECS, tmp_path / "head")
    changes.take(changes.folder_of(gone_entity_set, tmp_path / "gone", SPECS), tmp_path / "head")
    [finding] = review(str(tmp_path / "base"), str(tmp_path / "head")).findings
    assert (finding.rule, finding.users) == (rule, "breaking")
    assert finding.symbols


def test_all_changes_together_build_and_pass_the_tests_of_generated_code(tmp_path):
    """The documents of both APIs, with every change at once."""
    shutil.copytree(changes.ROOT / "specs", tmp_path / "specs")
    for room in ("overlay", "scripts"):
        (tmp_path / room).symlink_to(changes.ROOT / room)
    shutil.copytree(changes.ROOT / "tests", tmp_path / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(changes.ROOT / "pyproject.toml", tmp_path)
    changes.take(changes.folder_of(changes.everything, tmp_path / "new"), tmp_path / "specs")
    for api in changes.FILES:
        build(tmp_path / "specs" / api, tmp_path / "generated" / f"moveworks_{api}")
    path = os.pathsep.join(str(tmp_path / each) for each in ("overlay", "generated", "."))
    environment = {**os.environ, "PYTHONPATH": path}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/generated"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.usefixtures("fast")
def test_a_third_api_is_a_folder(tmp_path):
    """Its documents and `sources.yaml`: built, in the wheel, type-checked and reviewed, with no list to be edited."""
    text = {"type": "string"}
    answer = {"description": "x", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Event"}}}}
    operation = {"operationId": "get-event", "parameters": [], "responses": {"200": answer}}
    operation["parameters"].append({"name": "event_id", "in": "path", "required": True, "schema": text})
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Events", "version": "1"},
        "servers": [{"url": "https://api.moveworks.ai/events/v1"}],
        "paths": {"/events/{event_id}": {"get": operation}},
        "components": {"schemas": {"Event": {"type": "object", "properties": {"id": text}}}},
    }
    folder = tmp_path / "specs" / "events"
    (folder / "upstream").mkdir(parents=True)
    (folder / "upstream" / "events.json").write_text(json.dumps(document), encoding="utf-8")
    source = {"file": "events.json", "url": "https://x.example/events", "date": "2026-11-25", "sha256": "0"}
    (folder / "sources.yaml").write_text(json.dumps({"documents": [source]}), encoding="utf-8")
    build(folder, tmp_path / "generated" / "moveworks_events", verified=False)
    for room in ("overlay",):
        (tmp_path / room).symlink_to(changes.ROOT / room)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(changes.ROOT / name, tmp_path)
    packed = {file.distribution_path for file in WheelBuilder(str(tmp_path)).recurse_included_files()}
    assert {"moveworks_events/client.py", "moveworks_events/api/events/get_event.py"} <= packed
    checked = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "generated/moveworks_events"]
    done = subprocess.run(checked, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    result = review(str(changes.ROOT / "specs"), str(tmp_path / "specs"), chain=False)
    assert "api-added" in {finding.rule for finding in result.findings if finding.api == "events"}
    other = tmp_path / "other" / "events"
    shutil.copytree(folder, other)
    document["paths"]["/events/{event_id}"]["get"]["parameters"].append({"name": "q", "in": "query", "schema": text})
    (other / "upstream" / "events.json").write_text(json.dumps(document), encoding="utf-8")
    [finding] = review(str(folder), str(other)).findings
    assert (finding.published, finding.users) == ("additive", "additive")

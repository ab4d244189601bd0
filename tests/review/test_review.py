"""The whole review: real changes, a new generation, waivers, stale corrections, reports, exit codes."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from once import once

from scripts.regenerate import build
from scripts.review.__main__ import main
from scripts.review.findings import Finding
from scripts.review.reports import FORMATS, to_github, to_html, to_json, to_markdown, to_sarif
from scripts.review.review import review

ROOT = Path(__file__).resolve().parents[2]
# The specs of 2026-08-03, kept here so that a newer version in `specs` does not change what these tests are about.
SPECS = Path(__file__).resolve().parent / "published"
UPSTREAM = SPECS / "export" / "upstream"


def published(folder, name, change):
    """Drop a changed document in as the vendor would publish it."""
    file = folder / "upstream" / name
    old = hashlib.sha256(file.read_bytes()).hexdigest()
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    change(document)
    file.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    sources = folder / "sources.yaml"
    text = sources.read_text(encoding="utf-8").replace(old, hashlib.sha256(file.read_bytes()).hexdigest())
    sources.write_text(text, encoding="utf-8")


def next_generation(document):
    """Same operations, another base path, and four changes of the kinds that this vendor makes."""
    for server in document["servers"]:
        server["url"] = server["url"].replace("/rest/v1beta1", "/rest/v1")
    schemas = document["components"]["schemas"]
    schemas["TableContent"] = {"type": "object", "required": ["rows"], "properties": {"rows": {"type": "integer"}}}
    schemas["Content"]["oneOf"].append({"$ref": "#/components/schemas/TableContent"})
    body = document["paths"]["/conversations/{conversation_id}/responses"]["post"]["requestBody"]["content"]
    schemas["ActionRequest"] = {"type": "object", "required": ["action"], "properties": {"action": {"type": "string"}}}
    body["application/json"]["schema"] = {
        "oneOf": [body["application/json"]["schema"], {"$ref": "#/components/schemas/ActionRequest"}]
    }
    del schemas["Conversation"]["properties"]["title"]
    schemas["Event"]["properties"]["occurred_at"] = {"type": "string", "format": "date-time"}
    schemas["Event"]["required"].append("occurred_at")


@pytest.fixture(scope="module")
def generation(tmp_path_factory):
    return once(tmp_path_factory, "generation", lambda: _generation(tmp_path_factory))


def _generation(tmp_path_factory):
    folder = tmp_path_factory.mktemp("next") / "beta"
    shutil.copytree(SPECS / "beta", folder)
    published(folder, "beta-conversations-api.openapi.yaml", next_generation)
    # The page about one endpoint is of the old generation; the whole document is what was dropped in.
    sources = yaml.safe_load((folder / "sources.yaml").read_text(encoding="utf-8"))
    sources["documents"] = [each for each in sources["documents"] if each["file"].endswith(".yaml")]
    (folder / "sources.yaml").write_text(yaml.safe_dump(sources), encoding="utf-8")
    return folder, review(str(SPECS / "beta"), str(folder))


@pytest.mark.parametrize(
    ("rule", "place", "verdict", "python"),
    [
        ("api-base-path-changed", "#/servers", "breaking", "behavioural"),
        ("response-property-one-of-added", "#/components/schemas/Content/oneOf", "breaking", "breaking-typing"),
        ("request-body-wrapped-in-one-of", "schema", "breaking", "additive"),
        ("response-optional-property-removed", "/Conversation/properties/title", "breaking", "breaking-runtime"),
        ("response-required-property-added", "/Event/properties/occurred_at", "additive", "additive"),
    ],
)
def test_a_new_generation_is_named_change_by_change_and_once_each(generation, rule, place, verdict, python):
    """Base path, union, body, removed property, new required event field."""
    found = [f for f in generation[1].findings if f.rule == rule and f.place.endswith(place)]
    assert [(f.verdict, f.python) for f in found] == [(verdict, python)]


def test_a_new_generation_is_regenerated_without_a_change_to_the_pipeline(generation, tmp_path):
    """The same corrections apply, strictly, and a whole client comes out."""
    folder = tmp_path / "specs" / "beta"
    shutil.copytree(generation[0], folder)
    built = build(folder, tmp_path / "moveworks_beta")
    assert len(built.document.content["paths"]) == 9
    body = (tmp_path / "moveworks_beta" / "api" / "beta" / "create_response.py").read_text(encoding="utf-8")
    assert "ActionRequest | CreateResponseRequest" in body
    assert 'BASE_PATH: Final = "/rest/v1"' in (tmp_path / "moveworks_beta" / "service.py").read_text(encoding="utf-8")


def test_the_lines_of_the_overlay_are_named(generation):
    """Where hand-written code meets the change."""
    by_rule = {f.rule: f for f in generation[1].findings}
    assert any(use.startswith("overlay/moveworks/") for use in by_rule["api-base-path-changed"].uses)
    removed = by_rule["response-optional-property-removed"]
    assert any(each["symbol"].endswith("Conversation.title") for each in removed.symbols)
    assert len(by_rule["response-property-one-of-added"].reaches) > 1


def test_the_list_conversations_pair():
    """The dropped formats, once each: breaking as published, and nothing for users, since the corrections hide them."""
    result = review(str(UPSTREAM / "list-conversations.md"), str(UPSTREAM / "data-api.openapi.yaml"))
    breaking = [f for f in result.findings if f.verdict == "breaking"]
    assert sorted(f.place.rpartition("/")[2] for f in breaking) == [
        "created_time",
        "id",
        "last_updated_time",
        "user_id",
    ]
    for finding in breaking:
        assert (finding.published, finding.python) == ("breaking", "none")
        assert not finding.symbols
        assert not finding.uses
        text = (UPSTREAM / "data-api.openapi.yaml").read_text(encoding="utf-8").splitlines()
        assert finding.place.rpartition("/")[2] in text[finding.head_line - 1]
    assert (result.published, result.users, result.bump) == ("breaking", "additive", "minor")


def test_nothing_changed():
    """No finding, no bump, exit code 0."""
    result = review(str(ROOT / "specs"), None)
    assert (result.findings, result.bump, result.stale) == ([], "none", [])
    assert "No change" in to_markdown(result)
    assert "There is nothing to do" in to_html(result)


def test_a_correction_that_upstream_made_itself_is_listed_with_its_text(tmp_path):
    """So that somebody can delete it."""
    folder = tmp_path / "export"
    shutil.copytree(SPECS / "export", folder)

    def fixed(document):
        for name in ("created_time", "last_updated_time"):
            document["components"]["schemas"]["conversationsobject"]["properties"][name]["format"] = "date-time"

    published(folder, "data-api.openapi.yaml", fixed)
    result = review(str(SPECS / "export"), str(folder))
    [stale] = result.stale
    assert "format: date-time" in stale["delete"]
    assert stale["new"]
    assert "Corrections to delete" in to_markdown(result)


def test_waivers_cover_until_they_expire(tmp_path, generation):
    """By fingerprint, with owner, reason and a last day."""
    folder = tmp_path / "beta"
    shutil.copytree(generation[0], folder)
    listed = [
        {"fingerprint": f.fingerprint, "owner": "ada", "reason": "known", "expires": "2026-12-31"}
        for f in generation[1].findings
        if f.verdict == "breaking"
    ]
    (folder / "waivers.yaml").write_text(yaml.safe_dump(listed), encoding="utf-8")
    base = str(SPECS / "beta")
    before = review(base, str(folder), chain=False, today=date(2026, 12, 31))
    assert before.verdict in {"warning", "additive"}
    assert not before.fails("breaking")
    after = review(base, str(folder), chain=False, today=date(2027, 1, 1))
    assert after.verdict == "breaking"
    assert len(after.expired) == len(listed)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- fingerprint: x\n", "lacks owner"),
        ("hello: 1\n", "a list"),
        ("- 1\n", "must have the keys"),
        ("- {fingerprint: 1e10, owner: a, reason: b, expires: 2027-01-01}\n", "no fingerprint"),
        ("- {fingerprint: '0123456789abcdef', owner: a, reason: b, expires: soon}\n", "no date"),
        (
            "- {fingerprint: '0123456789abcdef', owner: a, reason: b, expires: 2027-01-01, rule: c}\n",
            "unknown keys: rule",
        ),
    ],
)
def test_a_waiver_that_is_not_whole_is_refused(tmp_path, capsys, text, said):
    """Exit code 2, with its number and what is wrong."""
    folder = tmp_path / "beta"
    shutil.copytree(SPECS / "beta", folder)
    (folder / "waivers.yaml").write_text(text, encoding="utf-8")
    assert main(["--base", str(SPECS / "beta"), "--head", str(folder), "--spec-only"]) == 2
    assert said in capsys.readouterr().err


def test_a_waiver_that_covers_nothing_is_named(tmp_path):
    """So that somebody deletes it; it fails nothing."""
    folder = tmp_path / "beta"
    shutil.copytree(SPECS / "beta", folder)
    waiver = {"fingerprint": "0123456789abcdef", "owner": "ada", "reason": "x", "expires": "2026-12-31"}
    (folder / "waivers.yaml").write_text(yaml.safe_dump([waiver]), encoding="utf-8")
    result = review(str(SPECS / "beta"), str(folder), chain=False, today=date(2026, 1, 1))
    assert "0123456789abcdef of ada covers no finding" in result.problems[0]
    assert not result.fails("docs")


def test_a_fingerprint_is_of_rule_place_and_values_only():
    """Words, lines and judgements may get better without a waiver being lost."""
    common = {"rule": "r", "base": "#/a", "head": "#/b", "old": {"x": 1}, "new": [2], "api": "beta"}
    first = Finding(wire="error", python="docs", message="one", **common)
    second = Finding(wire="info", python="additive", message="two", head_line=7, file="f", **common)
    assert first.fingerprint == second.fingerprint
    other = Finding(wire="error", python="docs", message="one", **common | {"new": [3]})
    assert other.fingerprint != first.fingerprint


def test_every_report_is_deterministic_and_well_formed(generation):
    """JSON by its schema, SARIF, annotations, Markdown that fits, HTML without anything from outside."""
    result = generation[1]
    for _, write in FORMATS.values():
        assert write(result) == write(result)
    schema = json.loads((ROOT / "docs" / "review.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(json.loads(to_json(result)))
    sarif = json.loads(to_sarif(result))
    assert sarif["version"] == "2.1.0"
    for each in sarif["runs"][0]["results"]:
        assert each["locations"][0]["physicalLocation"]["region"]["startLine"] >= 1
        assert sarif["runs"][0]["tool"]["driver"]["rules"][each["ruleIndex"]]["id"] == each["ruleId"]
    assert all(re.match(r"::(error|warning|notice) ", line) for line in to_github(result).splitlines())
    assert len(to_markdown(result)) < 65_536
    page = to_html(result)
    HTMLParser().feed(page)
    assert not re.search(r"src\s*=|href\s*=\s*.(?!#)|url\(|@import|https?://(?!api\.)", page)


def test_both_lines_of_a_change_are_named_relative_to_the_repository(generation):
    """In the base and in the head, wherever the documents lie."""
    for finding in generation[1].findings:
        shown = finding.as_json()
        for side in ("base", "head"):
            file = shown[side]["file"]
            assert file is None or re.fullmatch(r"(specs|tests/review/published)/beta/upstream/[\w.-]+", file)
    for each in json.loads(to_sarif(generation[1]))["runs"][0]["results"]:
        for place in [*each["locations"], *each.get("relatedLocations", [])]:
            assert not place["physicalLocation"]["artifactLocation"]["uri"].startswith("/")


def test_the_page_says_what_to_do_next(generation):
    """First thing, with the number of lines; what is hidden by corrections asks for no change."""
    text = to_html(generation[1])
    assert text.index("What to do next") < text.index("<article")
    steps = (
        "Ask the service",
        "make regenerate",
        "Work through",
        "can be waived",
        "release a major version",
    )
    assert [text.index(step) for step in steps] == sorted(text.index(step) for step in steps)
    assert re.search(r"Work through \d+ findings that break users", text)
    assert "release a major version" in text


def test_a_card_says_how_far_it_reaches(generation):
    """What all calls share can be told from the rest, and both verdicts stand on every card."""
    result = generation[1]
    page = to_html(result)
    for finding in result.findings:
        card = page.partition(f'id="f-{finding.fingerprint}"')[2].partition("</article>")[0]
        assert ("every operation" in card) == (finding.rule == "api-base-path-changed")
        assert "published: <span" in card
        assert "for users: " in card


def test_the_same_input_gives_the_same_bytes(tmp_path):
    """Whatever the hash seed is."""
    arguments = ("--base", str(UPSTREAM / "list-conversations.md"), "--head", str(UPSTREAM / "data-api.openapi.yaml"))
    given = ("-m", "scripts.review", *arguments, "--spec-only", "--format", ",".join(FORMATS), "-o")
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, *given, str(tmp_path / seed)], cwd=ROOT, env=environment, check=False)
    for name, _ in FORMATS.values():
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


@pytest.mark.parametrize(
    ("base", "said"),
    [
        ("nowhere.yaml", "git"),
        ("--output=x", "revision"),
        ("bad.yaml", "OpenAPI"),
        ("remote.yaml", "leads out of the document"),
        ("dangling.yaml", "leads nowhere"),
        ("broken.yaml", "#/paths must be an object"),
    ],
)
def test_what_cannot_be_compared_is_exit_code_two(tmp_path, capsys, base, said):
    """With the reason."""
    head = {"openapi": "3.0.0", "info": {}, "paths": {"/x": {"get": {"parameters": [{"$ref": "#/gone"}]}}}}
    (tmp_path / "bad.yaml").write_text("hello: 1\n", encoding="utf-8")
    (tmp_path / "broken.yaml").write_text('{"openapi": "3.0.0", "paths": []}', encoding="utf-8")
    (tmp_path / "dangling.yaml").write_text(json.dumps(head), encoding="utf-8")
    head["paths"]["/x"]["get"]["parameters"] = [{"$ref": "https://evil.example/x.yaml#/a"}]
    (tmp_path / "remote.yaml").write_text(json.dumps(head), encoding="utf-8")
    given = str(tmp_path / base) if (tmp_path / base).exists() else base
    other = given if said != "OpenAPI" and "git" not in said else str(tmp_path / "dangling.yaml")
    assert main([f"--base={given}", f"--head={other}", "--spec-only"]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"paths": {"/a": {"get": {"responses": {"200": {"$ref": "https://x.example/y#/z"}}}}}}, "leads out"),
        ({"paths": {"/a": {"$ref": "../other.yaml"}}}, "leads out"),
        ({"paths": {"/a": {"$ref": "other.yaml"}}}, "other.yaml, which a.json refers to, cannot be read"),
        ({"components": {"schemas": {"A": {"properties": {"default": {"$ref": "file:///x"}}}}}}, "leads out"),
        ({"components": {"schemas": {"A": {"default": {"$ref": "https://x.example/y"}}}}}, None),
        ({"components": {"schemas": {"properties": {"properties": {"$ref": {"type": "string"}}}}}}, None),
    ],
)
def test_a_reference_to_another_document_is_refused_wherever_it_stands(tmp_path, capsys, content, said):
    """Before anything that could fetch it reads it; a value or a property of that name is none."""
    document = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}, **content}
    (tmp_path / "a.json").write_text(json.dumps(document), encoding="utf-8")
    given = str(tmp_path / "a.json")
    assert main(["--base", given, "--head", given, "--spec-only"]) == (2 if said else 0)
    assert (said or "") in capsys.readouterr().err


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="only in a checkout")
def test_a_git_revision_can_be_compared(tmp_path):
    """With the work tree, all APIs at once."""
    assert main(["--base", "HEAD", "--spec-only", "--format", "json,html", "-o", str(tmp_path)]) in {0, 1}
    assert json.loads((tmp_path / "review.json").read_text(encoding="utf-8"))["base"] == "HEAD"


def test_one_document_is_compared_with_its_own_api_only(tmp_path):
    """And says nothing of the others."""
    result = review(str(UPSTREAM / "data-api.openapi.yaml"), str(SPECS), chain=False)
    assert {finding.api for finding in result.findings} <= {"export"}
    assert not any(finding.rule == "api-added" for finding in result.findings)


def test_json_and_yaml_of_one_document_are_the_same(tmp_path):
    """JSON writes an emoji as two escapes, which YAML would refuse; lines are found in both."""
    document = {
        "openapi": "3.0.0",
        "info": {"title": "t \U0001f600", "version": "1"},
        "paths": {"/a": {"get": {"responses": {}}}},
    }
    (tmp_path / "a.json").write_text(json.dumps(document, indent=1), encoding="utf-8")
    (tmp_path / "a.yaml").write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    (tmp_path / "b.yaml").write_text(yaml.safe_dump({**document, "paths": {}}), encoding="utf-8")
    assert review(str(tmp_path / "a.json"), str(tmp_path / "a.yaml"), chain=False).findings == []
    [removed] = review(str(tmp_path / "a.json"), str(tmp_path / "b.yaml"), chain=False).findings
    assert removed.base_line == 9
    assert removed.base_file == "a.json"


def test_a_head_of_which_no_client_can_be_made_is_breaking(tmp_path, capsys):
    """It is no addition: the exit code says so, and the notes say why."""
    body = {"content": {"application/xml": {"schema": {"type": "object", "properties": {"a": {"type": "string"}}}}}}
    operation = {"operationId": "op", "responses": {"200": {"description": "x"}}}
    base = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"post": operation}}}
    head = {**base, "paths": {"/a": {"post": {**operation, "requestBody": body}}}}
    for name, document in (("a.json", base), ("b.json", head)):
        (tmp_path / name).write_text(json.dumps(document), encoding="utf-8")
    assert main(["--base", str(tmp_path / "a.json"), "--head", str(tmp_path / "b.json")]) == 1
    shown = capsys.readouterr().out
    assert "for users of the library: breaking" in shown
    assert "a body of application/xml cannot be made of an object" in shown


def test_a_document_of_another_api_is_not_corrected_by_ours(tmp_path, monkeypatch):
    """It is run through the generator with its settings' defaults."""
    monkeypatch.setattr("scripts.review.uses.usage", lambda *_: {})

    def document(kind):
        schema = {"type": "object", "properties": {"size": {"type": kind}}}
        answer = {"200": {"description": "x", "content": {"application/json": {"schema": schema}}}}
        return {
            "openapi": "3.0.0",
            "info": {"title": "t", "version": "1"},
            "paths": {"/pets": {"get": {"operationId": "list-pets", "responses": answer}}},
        }

    for name, kind in (("a.json", "string"), ("b.json", "integer")):
        (tmp_path / name).write_text(json.dumps(document(kind)), encoding="utf-8")
    result = review(str(tmp_path / "a.json"), str(tmp_path / "b.json"))
    [finding] = result.findings
    assert (finding.api, result.problems, result.stale) == ("other", [], [])
    assert [(each["old"], each["new"]) for each in finding.symbols] == [("size: str | None", "size: int | None")]


@pytest.mark.parametrize(("fail_on", "code"), [("breaking", 0), ("warning", 0), ("additive", 1), ("docs", 1)])
def test_exit_codes_follow_fail_on(tmp_path, fail_on, code):
    """One at or above it, else zero."""
    base = {"openapi": "3.0.0", "info": {"title": "t", "version": "1"}, "paths": {}}
    head = {**base, "paths": {"/a": {"get": {"responses": {"200": {"description": "x"}}}}}}
    for name, document in (("base.json", base), ("head.json", head)):
        (tmp_path / name).write_text(json.dumps(document), encoding="utf-8")
    given = ["--base", str(tmp_path / "base.json"), "--head", str(tmp_path / "head.json"), "--spec-only"]
    assert main([*given, "--fail-on", fail_on]) == code


def test_a_report_that_cannot_be_written_is_exit_code_two(tmp_path, capsys):
    """It is no verdict."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    given = ["--base", str(SPECS), "--head", str(SPECS), "--spec-only", "-o", str(tmp_path / "file")]
    assert main(given) == 2
    assert "file" in capsys.readouterr().err

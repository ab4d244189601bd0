"""The whole review: real changes, a new generation, waivers, stale corrections, reports, exit codes."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from scripts.regenerate import build
from scripts.review.__main__ import main
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
        ("api-base-path-changed", "#/servers", "warning", "behavioural"),
        ("response-property-one-of-added", "#/components/schemas/Content/oneOf", "breaking", "breaking-typing"),
        ("request-body-wrapped-in-one-of", "schema", "additive", "additive"),
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
    assert len(built.document["paths"]) == 9
    body = (tmp_path / "moveworks_beta" / "api" / "beta" / "create_response.py").read_text(encoding="utf-8")
    assert "ActionRequest | CreateResponseRequest" in body
    assert 'BASE_PATH: Final = "/rest/v1"' in (tmp_path / "moveworks_beta" / "service.py").read_text(encoding="utf-8")


def test_the_lines_of_the_overlay_are_named(generation):
    """Where hand-written code meets the change."""
    by_rule = {f.rule: f for f in generation[1].findings}
    assert any(use.startswith("overlay/moveworks/") for use in by_rule["api-base-path-changed"].uses)
    removed = by_rule["response-optional-property-removed"]
    assert any(each["symbol"].endswith("Conversation.title") for each in removed.symbols)
    assert any("overlay/moveworks/sandbox" in use for use in removed.uses)
    assert len(by_rule["response-property-one-of-added"].reaches) > 1


def test_the_list_conversations_pair():
    """The dropped formats, once each, with the types, although today's corrections hide them."""
    result = review(str(UPSTREAM / "list-conversations.md"), str(UPSTREAM / "data-api.openapi.yaml"))
    breaking = [f for f in result.findings if f.verdict == "breaking"]
    assert sorted(f.place.rpartition("/")[2] for f in breaking) == [
        "created_time",
        "id",
        "last_updated_time",
        "user_id",
    ]
    for finding in breaking:
        assert finding.python == "breaking-runtime"
        assert finding.neutralised
        symbol, *catalogue = finding.symbols
        assert "ConversationRecord." in symbol["symbol"]
        assert [(each["old"].split(": ")[1], each["new"].split(": ")[1]) for each in catalogue] in (
            [],
            [("TimestampField", "TextField")],
        )
        assert ("datetime" in symbol["old"]) or ("UUID" in symbol["old"])
        assert "str" in symbol["new"]
        text = (UPSTREAM / "data-api.openapi.yaml").read_text(encoding="utf-8").splitlines()
        assert finding.place.rpartition("/")[2] in text[finding.head_line - 1]
    assert result.bump == "major"


def test_nothing_changed():
    """No finding, no bump, exit code 0."""
    result = review(str(ROOT / "specs"), None)
    assert (result.findings, result.bump, result.stale) == ([], "none", [])
    assert "no change" in to_markdown(result)
    assert "Nothing changed" in to_html(result)


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
    assert before.verdict == "warning"
    assert not before.fails("breaking")
    after = review(base, str(folder), chain=False, today=date(2027, 1, 1))
    assert after.verdict == "breaking"
    assert len(after.expired) == len(listed)
    (folder / "waivers.yaml").write_text("- fingerprint: x\n", encoding="utf-8")
    assert main(["--base", base, "--head", str(folder), "--spec-only"]) == 2


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
    assert not re.search(r"(src|href)\s*=|url\(|@import|https?://(?!api\.)", page)


def test_text_of_a_document_cannot_become_markup(tmp_path):
    """A published document is not ours."""
    evil = "<script>alert(1)</script>`|x"
    base = {
        "openapi": "3.0.0",
        "info": {"title": "t", "version": "1"},
        "paths": {f"/{evil}": {"get": {"responses": {}}}},
    }
    head = {**base, "paths": {}}
    for name, document in (("base.json", base), ("head.json", head)):
        (tmp_path / name).write_text(json.dumps(document), encoding="utf-8")
    result = review(str(tmp_path / "base.json"), str(tmp_path / "head.json"), chain=False)
    assert "<script>alert" not in to_html(result)
    assert "<script>" not in to_markdown(result)
    assert "\n" not in to_github(result).splitlines()[0]


@pytest.mark.parametrize(
    ("base", "said"),
    [
        ("nowhere.yaml", "git"),
        ("--output=x", "revision"),
        ("bad.yaml", "OpenAPI"),
        ("remote.yaml", "leads out of the document"),
        ("dangling.yaml", "leads nowhere"),
        ("broken.yaml", "no valid OpenAPI"),
    ],
)
def test_what_cannot_be_compared_is_exit_code_two(tmp_path, capsys, base, said):
    """With the reason."""
    head = {"openapi": "3.0.0", "info": {}, "paths": {"/x": {"get": {"parameters": [{"$ref": "#/gone"}]}}}}
    (tmp_path / "bad.yaml").write_text("hello: 1\n", encoding="utf-8")
    (tmp_path / "broken.yaml").write_text('{"openapi": "3.0.0", "paths": {"/x": {"get": null}}}', encoding="utf-8")
    (tmp_path / "dangling.yaml").write_text(json.dumps(head), encoding="utf-8")
    head["paths"]["/x"]["get"]["parameters"] = [{"$ref": "https://evil.example/x.yaml#/a"}]
    (tmp_path / "remote.yaml").write_text(json.dumps(head), encoding="utf-8")
    given = str(tmp_path / base) if (tmp_path / base).exists() else base
    other = given if said != "OpenAPI" and "git" not in said else str(tmp_path / "dangling.yaml")
    assert main([f"--base={given}", f"--head={other}", "--spec-only"]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="only in a checkout")
def test_a_git_revision_can_be_compared(tmp_path):
    """With the work tree, all APIs at once."""
    assert main(["--base", "HEAD", "--spec-only", "--format", "json,html", "-o", str(tmp_path)]) in {0, 1}
    assert json.loads((tmp_path / "review.json").read_text(encoding="utf-8"))["base"] == "HEAD"

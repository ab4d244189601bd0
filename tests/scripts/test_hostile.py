"""Documents and folders of strangers: nothing in them runs, leaves its place, or keeps the tools busy for ever."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from scripts.documents import DocumentError, parse_document
from scripts.output import harmless
from scripts.pipeline.settings import read_settings
from scripts.regenerate import build
from scripts.review.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
TEXT = {"type": "string"}


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


def document(answer=None, schemas=None, **more):
    content = {"application/json": {"schema": answer or TEXT}}
    operation = {"operationId": "op", "responses": {"200": {"description": "x", "content": content}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://api.example.com/v1"}],
        "paths": {"/a": {"get": operation}},
        "components": {"schemas": schemas or {}},
        **more,
    }


def folder(target, content, **files):
    """A folder like `specs/<api>` with one document."""
    (target / "upstream").mkdir(parents=True)
    text = content if isinstance(content, str) else json.dumps(content)
    (target / "upstream" / "doc.yaml").write_text(text, encoding="utf-8")
    source = {"file": "doc.yaml", "url": "https://x", "date": "2026-11-25", "sha256": "0"}
    for name, value in {"sources.yaml": {"documents": [source]}, **files}.items():
        (target / name).write_text(yaml.safe_dump(value), encoding="utf-8")
    return target


def made(tmp_path, content):
    return build(folder(tmp_path / "zeta", content), tmp_path / "generated" / "moveworks_zeta", verified=False)


BOMB = "a: &a {x: 1, y: 1}\n" + "".join(
    f"{b}: &{b} {{<<: [*{a}, *{a}], p: {{<<: *{a}}}, r: [{f'*{a},' * 6}]}}\n"
    for a, b in zip("abcdefghijklm", "bcdefghijklmn", strict=True)
)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("x.yaml", f"openapi: 3.1.0\n{BOMB}", r"line \d+ stands for more than"),
        ("x.yaml", "openapi: 3.1.0\nx: &a [*a]", "stands for more than"),
        ("x.yaml", f"openapi: 3.1.0\nx: 0x{'f' * 20_000}", "whole number"),
        ("x.yaml", f"openapi: 3.1.0\nx: {'9' * 20_000}", "cannot be read"),
        ("x.md", "```\n" * 60_000, "not 0"),
        ("x.md", "~~~~\n" + "``` a\n" * 40_000, "not 0"),
        ("x.md", f"```yaml\n{chr(10) * 100_000}```\n", "not 0"),
        ("x.yaml", "\n" * 100_000, "not an OpenAPI 3 document"),
        ("x.json", json.dumps(document(schemas={"A": {"enum": list(range(6000))}})), "A/enum lists 6000 values"),
        ("x.json", json.dumps(document(schemas={"A": {"type": {"allOf": []}}})), "A/type must be text or a list"),
    ],
)
def test_a_text_that_stands_for_too_much_is_refused_with_its_place(name, text, said):
    """Before anything expands it."""
    with pytest.raises(DocumentError, match=said):
        parse_document(name, text)


DEEP = {f"A{i}": {"allOf": [ref(f"A{i + 1}"), ref(f"A{i + 1}")]} for i in range(30)}
WIDE = {f"P{i}": {"type": "object", "properties": {f"p{j}": ref(f"P{i + 1}") for j in range(10)}} for i in range(9)}
VARIABLES = {f"v{i}": {"default": "a0", "enum": [f"a{j}" for j in range(30)]} for i in range(10)}
LIST = {"type": "object", "properties": {"value": {"type": "array", "items": ref("P0")}}}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (document(ref("A0"), {**DEEP, "A30": {"type": "object", "properties": {"x": TEXT}}}), None),
        (document(ref("A"), {"A": {"type": "string", "pattern": "(a+)+$", "default": "a" * 40 + "!"}}), None),
        (document(LIST, {**WIDE, "P9": {"type": "object", "properties": {"x": TEXT}}}), "more than 500 objects"),
        (
            document(servers=[{"url": f"https://{'.'.join(f'{{{v}}}' for v in VARIABLES)}.x", "variables": VARIABLES}]),
            "more than 200 addresses",
        ),
        (document(ref("A"), {"A": {"allOf": [ref("B")]}, "B": {"allOf": [ref("A")]}}), "B"),
        (document(ref("A"), {"A": {"type": "object", "properties": {"\ufb01elds": TEXT, "fields": TEXT}}}), None),
        (document(ref("A"), {"A": {"type": "object", "properties": {"\u017felf": TEXT, "self": TEXT}}}), None),
        (document(ref("A"), {"A": {"type": "strin"}}), "strin"),
    ],
)
def test_a_small_document_is_built_or_refused_in_no_time(tmp_path, content, said):
    """Nested parts, repeated references, patterns that take for ever, many servers, spellings that Python makes one."""
    if said is None:
        made(tmp_path, content)
    else:
        with pytest.raises(DocumentError, match=said):
            made(tmp_path, content)


def test_no_text_of_a_document_becomes_code(tmp_path, monkeypatch):
    """In names, descriptions, values and defaults; every module of the client is imported by the gate."""
    canary = tmp_path / "canary"
    attack = f'"""\'\'\'\\"\n\r\u2028{{{{1}}}} {{% x %}} */ #\nopen({str(canary)!r}, "w").close()\n"""'
    wicked = {**TEXT, "description": attack, "title": attack, "default": attack, "example": attack}
    values = {"type": "string", "enum": [attack, "a"], "description": attack}
    thing = {"type": "object", "description": attack, "properties": {attack: wicked, "b": values, "c": wicked}}
    content = document(ref("A"), {"A": thing})
    content["info"] = {"title": attack, "version": attack, "description": attack}
    operation = content["paths"]["/a"]["get"]
    operation |= {"operationId": attack, "summary": attack, "description": attack, "tags": [attack]}
    operation["parameters"] = [{"name": attack, "in": "query", "description": attack, "schema": wicked}]
    monkeypatch.chdir(tmp_path)
    made(tmp_path, content)
    assert not canary.exists()


@pytest.mark.parametrize(
    "settings",
    [
        {"post_hooks": ["touch canary"]},
        {"package_name_override": "../../x"},
        {"class_overrides": {"A": {"class_name": "A", "module_name": "../x"}}},
        {"field_prefix": "x"},
        {"regions": {"us": "http://x"}},
    ],
)
def test_settings_are_data_with_an_allow_list(tmp_path, monkeypatch, capsys, settings):
    """A folder that is reviewed runs nothing, whatever its settings say."""
    given = folder(tmp_path / "zeta", document(), **{"generator.yaml": settings})
    with pytest.raises(DocumentError, match=r"generator\.yaml"):
        read_settings(given)
    plain = folder(
        tmp_path / "plain" / "zeta", document(ref("A"), {"A": {"type": "object", "properties": {"x": TEXT}}})
    )
    monkeypatch.chdir(tmp_path)
    main(["--base", str(plain), "--head", str(given)])
    assert "generator.yaml" in capsys.readouterr().out
    assert not list(tmp_path.rglob("canary"))


def test_a_link_to_another_file_is_refused(tmp_path):
    """A folder may not show what lies outside of it."""
    given = folder(tmp_path / "zeta", document())
    (tmp_path / "secret.yaml").write_text(json.dumps(document()), encoding="utf-8")
    (given / "upstream" / "doc.yaml").unlink()
    (given / "upstream" / "doc.yaml").symlink_to(tmp_path / "secret.yaml")
    with pytest.raises(DocumentError, match="link"):
        build(given, tmp_path / "generated" / "moveworks_zeta", verified=False)


def test_no_line_of_output_is_a_command_to_the_runner_of_ci(tmp_path):
    """Neither from an error nor from Markdown."""
    attack = "A\n::error::boo\n  ::stop-commands::x\n##[error]x\x1b[31m"
    assert "::error" not in {line.strip()[:7] for line in harmless(attack).splitlines()}
    assert "\x1b" not in harmless(attack)
    assert "##[" not in harmless(attack)
    given = folder(tmp_path / "zeta", document(ref("B"), {attack: {"type": "object", "required": "x"}}))
    other = folder(tmp_path / "other" / "zeta", document(ref("B"), {"B": {**TEXT, "description": attack}}))
    for arguments in (["--base", str(given), "--head", str(other)], ["--base", str(other), "--head", str(given)]):
        done = subprocess.run(
            [sys.executable, "-m", "scripts.review", *arguments, "--spec-only"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2
        lines = [line.strip() for line in (done.stdout + done.stderr).splitlines()]
        assert not [line for line in lines if line.startswith("::") or "##[" in line]

"""Published documents to generated code: strict, repeatable, and without a hand-written line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from changes import record_schema
from published import RECORDS_PATH

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the repository, without its environment."""
    target = tmp_path_factory.mktemp("copy") / "repo"
    skip = shutil.ignore_patterns(".venv", ".git", "__pycache__", ".*_cache", "dist", ".hypothesis")
    shutil.copytree(ROOT, target, ignore=skip)
    return target


def run(folder, *arguments, **environment):
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        timeout=110,
        env={**os.environ, "PYTHONPATH": f"{folder}/overlay:{folder}/generated:{folder}", **environment},
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    "other",
    [
        {"TZ": "Asia/Kathmandu", "LC_ALL": "C", "LANG": "tr_TR.UTF-8", "PYTHONHASHSEED": "77"},
        {"TZ": "Asia/Tokyo", "LC_ALL": "POSIX", "PYTHONHASHSEED": "random", "PYTHONUTF8": "0", "COLUMNS": "20"},
    ],
)
def test_the_output_is_the_same_in_every_environment(copy, other):
    """Time zone, locale, hash seed, another folder: what is committed is what comes out."""
    code, text = run(copy, "-m", "scripts.regenerate", "--check", **other)
    assert code == 0, text


def test_an_edit_by_hand_is_found_and_named(copy):
    """Changed, missing, too many: in a package, beside it, and what is built under `specs`."""
    package = copy / "generated" / "moveworks_export"
    edited = [package / "models" / "user_record.py", copy / "specs" / "export" / "openapi.yaml"]
    edited += [copy / "specs" / "export" / "build.lock", package / "py.typed"]
    gone = package / "models" / "user_page.py"
    added = [package / "models" / "extra.py", copy / "generated" / "stray.txt", copy / "generated" / "old" / "x.py"]
    before = {file: file.read_bytes() for file in [*edited, gone]}
    for file in edited:
        file.write_bytes(before[file] + b"# by hand\n")
    gone.unlink()
    for file in added:
        file.parent.mkdir(exist_ok=True)
        file.write_text("x = 1\n", encoding="utf-8")
    code, text = run(copy, "-m", "scripts.regenerate", "--check", "--api", "export")
    assert code == 1
    words = [*(("differs", file) for file in edited), ("missing", gone), *(("left over", file) for file in added)]
    output = [" ".join(line.split()) for line in text.splitlines()[1:]]
    assert sorted(output) == sorted(f"{word} {file.relative_to(copy).as_posix()}" for word, file in words)
    for file, content in before.items():
        file.write_bytes(content)
    for file in added:
        file.unlink()


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("sources.yaml", "documents: []", "beta/sources.yaml: `documents` must list"),
        ("fixes.overlay.yaml", "overlay: 1.1.0", "beta: fixes.overlay.yaml: info needs title and version"),
        ("generator.yaml", "- 1", "beta/generator.yaml: settings"),
        ("upstream/get-conversation.md", "# changed", "get-conversation.md: sources.yaml says sha256"),
    ],
)
def test_what_cannot_be_built_is_told_without_a_traceback(copy, file, text, said):
    """And both commands end with 1."""
    place = copy / "specs" / "beta" / file
    before = place.read_bytes()
    place.write_text(text, encoding="utf-8")
    for arguments in (["--check"], ["--api", "beta"]):
        code, output = run(copy, "-m", "scripts.regenerate", *arguments)
        assert code == 1
        assert said in output
        assert "Traceback" not in output
    place.write_bytes(before)


PROBE = """
import json, sys
from moveworks.sandbox import Sandbox
from moveworks import odata
from moveworks.records import AuditEvent as A, Conversation as C
with Sandbox(rows=50) as sandbox, sandbox.client() as mw:
    rows = mw.records["audit-events"].list(filter=A.severity.gt(1)).pages()
    records = [r for page in rows for r in page]
    everything = list(mw.records.audit_events.list(raw=True))
    print(json.dumps({
        "names": mw.records.names(),
        "count": mw.records.audit_events.count(),
        "listed": len(everything),
        "filtered": len(records),
        "severe": sum(r["severity"] is not None and r["severity"] > 1 for r in everything),
        "filter": str(A.actor_ref.name == "x"),
        "mood": str(C.mood == "good"),
        "has_mood": "mood" in sandbox.rows("conversations")[0],
        "options": list(mw.records["audit-events"].info.options),
    }))
from moveworks.regions import resolve_origin
print(resolve_origin("records", "zz", None))
"""


def test_a_new_entity_set_needs_no_hand_written_line(copy):
    """Entity set, property, query option, server and enum value: spec, regenerate, and everything has them."""
    source = copy / "specs" / "export" / "upstream" / "data-api.openapi.yaml"
    document = yaml.safe_load(source.read_text(encoding="utf-8"))
    names = list(document["paths"])
    template = document["paths"][names[-1]]["get"]
    text = yaml.safe_dump(template)
    component = next(
        word.rpartition("/")[2].strip("'\"")
        for word in text.split()
        if word.strip("'\"").startswith("#/components/schemas/")
    )
    operation = yaml.safe_load(text.replace(f"schemas/{component}", "schemas/auditevents"))
    operation["operationId"] = "list-audit-events"
    operation["parameters"].append({"name": "$search", "in": "query", "schema": {"type": "string"}})
    document["paths"]["/audit-events"] = {"get": operation}
    schemas = document["components"]["schemas"]
    schemas["auditevents"] = {
        "type": "object",
        "properties": {
            "@odata.context": {"type": "string"},
            "@odata.nextLink": {"type": "string"},
            "value": {"type": "array", "items": {"$ref": "#/components/schemas/auditeventsobject"}},
        },
    }
    schemas["auditeventsobject"] = {
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "severity": {"type": "integer"},
            "kind": {"type": "string", "enum": ["A", "B"]},
            "actor_ref": {"type": "object", "properties": {"name": {"type": "string"}}},
            "created_time": {"type": "string", "format": "date-time"},
            "last_updated_time": {"type": "string", "format": "date-time"},
        },
    }
    record_schema(document, "/conversations")["properties"]["mood"] = {"type": "string", "enum": ["good", "bad"]}
    document["servers"].append({"url": f"https://api.zz.moveworks.ai{RECORDS_PATH}"})
    source.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    sources = copy / "specs" / "export" / "sources.yaml"
    import hashlib

    listed = sources.read_text(encoding="utf-8")
    old = hashlib.sha256((ROOT / source.relative_to(copy)).read_bytes()).hexdigest()
    assert old in listed
    sources.write_text(listed.replace(old, hashlib.sha256(source.read_bytes()).hexdigest()), encoding="utf-8")

    code, output = run(copy, "-m", "scripts.regenerate", "--api", "export")
    assert code == 0, output
    code, output = run(copy, "-c", PROBE)
    assert code == 0, output
    import json

    found = json.loads(output.splitlines()[0])
    assert "audit-events" in found["names"]
    assert found["count"] == found["listed"] > 0
    assert found["filtered"] == found["severe"]
    assert found["filter"] == "actor_ref/name eq 'x'"
    assert found["mood"] == "mood eq 'good'"
    assert found["has_mood"]
    assert "$search" in found["options"]
    assert output.splitlines()[1] == "https://api.zz.moveworks.ai"
    code, output = run(copy, "-m", "moveworks.cli", "records", "fields", "audit-events")
    assert code == 0, output
    assert "severity" in output
    assert "actor_ref/name" in output

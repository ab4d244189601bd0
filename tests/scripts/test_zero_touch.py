"""What the vendor may publish next, of any name and kind: built and used without a hand-written line."""

from __future__ import annotations

import copy
import hashlib
import itertools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from changes import record_name, record_schema
from published import RECORDS_PATH

from moveworks.odata.fields import ObjectField
from scripts.documents import DocumentError
from scripts.pipeline.build import assemble, build, read_published
from scripts.pipeline.names import RECORD_NAMES
from scripts.pipeline.plain import dump_yaml

ROOT = Path(__file__).resolve().parents[2]
# One for all runs of mypy here: what they read besides the generated code is the same.
MYPY_CACHE = str(ROOT / ".mypy_cache" / "tests")
TEXT = {"type": "string"}
TIME = {"type": "string", "format": "date-time"}
SHARED = {"$ref": "#/components/schemas/Shared"}
PUBLISHED = {"export": "data-api.openapi.yaml", "beta": "beta-conversations-api.openapi.yaml"}


class Repository:
    """A folder with the specs of one API, whose documents can be changed, and what is generated from them."""

    def __init__(self, folder, api="export"):
        self.specs, self.generated = folder / "specs" / api, folder / "generated"
        shutil.copytree(ROOT / "specs" / api, self.specs)
        shutil.copytree(ROOT / "generated", self.generated, ignore=shutil.ignore_patterns("__pycache__"))
        self.file = self.specs / "upstream" / PUBLISHED[api]
        self.document = yaml.safe_load(self.file.read_text(encoding="utf-8"))
        self.schemas = self.document["components"]["schemas"]
        self._numbers = itertools.count()

    def entity_set(self, path, properties, *, inline="", **record):
        """Publish one more, with its page and record among the components or inline."""
        operation = copy.deepcopy(self.document["paths"]["/users"]["get"])
        operation["operationId"] = f"list-added-{next(self._numbers)}"
        name = f"new{len(self.schemas)}"
        schema = {"type": "object", "properties": properties, **record}
        if not inline:
            self.schemas[f"{name}object"] = schema
            schema = {"$ref": f"#/components/schemas/{name}object"}
        page = {"type": "object", "properties": {"@odata.nextLink": TEXT, "value": {"type": "array", "items": schema}}}
        if inline != "page":
            self.schemas[name] = page
            page = {"$ref": f"#/components/schemas/{name}"}
        operation["responses"]["200"]["content"]["application/json"]["schema"] = page
        self.document["paths"][path] = {"get": operation}

    def regenerate(self):
        """As a person does: drop the document in, say its hash, run the pipeline."""
        old = hashlib.sha256(self.file.read_bytes()).hexdigest()
        self.file.write_text(json.dumps(self.document), encoding="utf-8")
        sources = self.specs / "sources.yaml"
        new = hashlib.sha256(self.file.read_bytes()).hexdigest()
        sources.write_text(sources.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        return build(self.specs, self.generated / f"moveworks_{self.specs.name}")

    def run(self, *arguments):
        """Run Python with the library of this checkout and what was generated in this folder.

        It stands before what `PYTHONPATH` brings: lists that demand an option do without it in all of our processes.
        """
        path = os.pathsep.join(filter(None, (*map(str, (self.generated, ROOT / "overlay")), os.getenv("PYTHONPATH"))))
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.generated,
            check=False,
            capture_output=True,
            text=True,
            timeout=110,
            env={**os.environ, "PYTHONPATH": path, "MYPY_CACHE_DIR": MYPY_CACHE},
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path)


ROUND_TRIP = """
import copy, json, pickle
from moveworks.sandbox import Sandbox
with Sandbox(rows=20) as sandbox, sandbox.client() as mw:
    for name in mw.records.names():
        rows = list(mw.records[name].list(raw=True))
        records = list(mw.records[name].list())
        assert len(records) == mw.records[name].count() > 0
        assert [r.to_dict() for r in records] == rows
        assert [set(row) for row in rows] == [set(mw.records[name].info.entity.fields())] * len(rows), name
        assert pickle.loads(pickle.dumps(records)) == copy.deepcopy(records) == records
"""


ODD_NAMES = [
    *("class", "from", "None", "self", "type", "node", "path", "wire_name", "doc", "values", "kind", "asc", "desc"),
    *("eq", "contains", "any", "fields", "list", "count", "names", "to_dict", "from_dict", "adopt", "codec", "model"),
    *("additional_properties", "x-y", "a.b", "a_b", "2fa", "@odata.etag", "$odd", "__init__", "__class__", "_x", "T"),
    *("camelCase", "CamelCase", "TextField", "mro", "cls", "Model", "UNSET", "datetime", "Mapping", "decode_time"),
    *("\u00fcn\u00efcode", "with space"),
]


def test_a_property_may_have_any_name(repository):
    """Keywords, names of our own methods, what is no identifier, and two that differ in punctuation."""
    repository.entity_set("/odd-things", dict.fromkeys(ODD_NAMES, TEXT))
    repository.regenerate()
    output = repository.run(
        "-c", ROUND_TRIP + "from moveworks.records import OddThing as O; print(*O.fields(), sep='\\n')"
    )
    assert output.splitlines() == ODD_NAMES


def test_no_field_takes_the_place_of_what_fields_have():
    """Whatever the field classes get one day."""
    assert {name for name in dir(ObjectField) if not name.startswith("_")} <= RECORD_NAMES


NAMES = """
from moveworks_export.entities import ENTITY_SETS
import moveworks.records
for info in ENTITY_SETS.values():
    assert getattr(moveworks.records, info.entity.__name__) is info.entity
    print(info.attribute, info.load_model().__name__)
"""


@pytest.mark.parametrize("inline", ["", "record", "page"])
def test_an_entity_set_may_have_any_name(repository, inline):
    """Names of classes that the catalogue imports, two that differ in punctuation, digits, plurals, folders."""
    paths = ["/audit-events", "/audit.events", "/text-fields", "/entity-sets", "/user-records", "/2fa-events", "/class"]
    for path in [*paths, "/SSO-logins", "/names", "/statuses", "/nested/things", "/anys", "/conversation-pages"]:
        repository.entity_set(path, {"id": TEXT, "created_time": TIME}, inline=inline)
    repository.regenerate()
    output = repository.run("-c", ROUND_TRIP + NAMES)
    assert "field_2fa_events Entity2FaEventRecord" in output
    assert "sso_logins SSOLoginRecord" in output
    assert "nested_things NestedThingRecord" in output
    if not inline:
        repository.run("-m", "mypy", "--strict", "--follow-imports=silent", "moveworks_export/entities.py")


def test_a_property_may_be_of_any_kind(repository):
    """Behind references, composed, wrapped beside null, recursive: the catalogue has its kind and its inner fields."""
    item = {"type": "object", "properties": {"k": TEXT, "at": TIME}}
    extra = {"type": "object", "properties": {"extra": {"type": "integer"}}}
    tree = {"$ref": "#/components/schemas/Tree"}
    kinds = {
        "text": ("text", {"type": "string", "format": "uuid", "description": 'says "so"'}),
        "large": ("number", {"type": "integer", "format": "int64"}),
        "part": ("number", {"anyOf": [{"type": "integer"}, {"type": "number"}]}),
        "flag": ("boolean", {"type": ["boolean", "null"]}),
        "stamp": ("timestamp", {"oneOf": [TIME, {"type": "null"}]}),
        "day": ("text", {"type": "string", "format": "date"}),
        "anything": ("text", {}),
        "either": ("text", {"oneOf": [TEXT, {"type": "integer"}]}),
        "color": ("text", {"type": "string", "enum": ["RED", "BLUE"]}),
        "level": ("number", {"type": "integer", "enum": [1, 2]}),
        "detail": ("object", item),
        "details": ("collection", {"type": "array", "items": item}),
        "tags": ("collection", {"type": "array", "items": TEXT}),
        "loose": ("collection", {"type": "array"}),
        "free": ("object", {"type": "object", "additionalProperties": True}),
        "shared": ("object", SHARED),
        "wrapped": ("object", {"allOf": [SHARED], "description": "C:\\new"}),
        "composed": ("object", {"allOf": [SHARED, extra]}),
        "union": ("object", {"oneOf": [SHARED, extra]}),
        "many": ("collection", {"type": "array", "items": SHARED}),
        "tree": ("object", tree),
    }
    repository.schemas["Shared"] = item
    repository.schemas["Tree"] = {
        "type": "object",
        "properties": {"up": tree, "below": {"type": "array", "items": tree}},
    }
    repository.entity_set(
        "/kinds", {"id": TEXT} | {name: schema for name, (_, schema) in kinds.items()}, required=["id"]
    )
    repository.regenerate()
    shown = """
from moveworks.records import Kind as K
import moveworks.models as M
print(json.dumps({
    "kinds": {name: field.kind for name, field in K.fields().items()},
    "inner": [str(K.detail.at == None), str(K.details.any(lambda e: e.k == "x")), str(K.composed.extra > 1),
              str(K.union.extra > 1), str(K.wrapped.k == "x"), str(K.many.any(lambda e: e.k == "x"))],
    "values": [K.color.values, K.level.values],
    "seen": sorted({row["color"] for row in Sandbox(rows=50).rows("kinds")}),
    "doc": [K.text.doc, K.wrapped.doc],
    "model": type(M.KindRecord.from_dict({"detail": {"at": "2026-01-01T00:00:00Z"}}).detail).__name__,
}))
"""
    output = json.loads(repository.run("-c", ROUND_TRIP + shown))
    assert output["kinds"] == {"id": "text"} | {name: kind for name, (kind, _) in kinds.items()}
    assert output["inner"] == [
        "detail/at eq null",
        "details/any(e:e/k eq 'x')",
        "composed/extra gt 1",
        "union/extra gt 1",
        "wrapped/k eq 'x'",
        "many/any(e:e/k eq 'x')",
    ]
    assert output["values"] == [["RED", "BLUE"], [1, 2]]
    assert output["seen"] == ["BLUE", "RED"]
    assert output["doc"] == ['says "so"', "C:\\new"]
    assert output["model"] == "KindDetail"
    fields = json.loads(repository.run("-m", "moveworks.cli", "records", "fields", "kinds", "--format", "json"))
    assert {"field": "color", "kind": "text", "meaning": "Known values: RED, BLUE."} in fields
    repository.run("-m", "mypy", "--strict", "--follow-imports=silent", "moveworks_export/entities.py")


def test_servers_get_names_of_their_own(repository):
    """From their hosts, from their variables, and from the whole host where a short name is taken."""
    base = RECORDS_PATH.strip("/")
    regions = {"region": {"default": "zz", "enum": ["zz", "yy"]}}
    repository.document["servers"] += [
        {"url": f"https://api.am-ap-south.moveworks.ai/{base}/"},
        {"url": f"https://api.eu.moveworks.ai/{base}"},
        {"url": f"https://api.{{region}}.moveworks.ai/{base}", "variables": regions},
    ]
    repository.regenerate()
    output = repository.run(
        "-c", "from moveworks_export.service import *; import json; print(json.dumps(dict(SERVERS)))"
    )
    servers = json.loads(output)
    assert servers["am-ap-south"] == f"https://api.am-ap-south.moveworks.ai/{base}"
    assert servers["api.eu.moveworks.ai"] == f"https://api.eu.moveworks.ai/{base}"
    assert [servers[name] for name in ("zz", "yy")] == [f"https://api.{n}.moveworks.ai/{base}" for n in ("zz", "yy")]


@pytest.mark.parametrize(
    ("server", "said"),
    [
        ({"url": f"http://api.moveworks.example{RECORDS_PATH}"}, "not a complete https address"),
        ({"url": RECORDS_PATH}, "not a complete https address"),
        ({"url": f"https://{{host}}{RECORDS_PATH}"}, "not a complete https address"),
        ({"url": f"https://api.new.moveworks.ai{RECORDS_PATH}/next"}, "must share one base path"),
        ({"url": f"https://a.b{RECORDS_PATH}", "x-moveworks-region": "xx"}, "two servers have"),
    ],
)
def test_a_server_that_cannot_be_used_is_refused(repository, server, said):
    """And nothing that was built before is lost."""
    repository.document["servers"] += [server, {"url": f"https://c.d{RECORDS_PATH}", "x-moveworks-region": "xx"}]
    if "two" not in said:
        repository.document["servers"].pop()
    before = {file: file.read_bytes() for file in repository.generated.rglob("*.py")}
    with pytest.raises(DocumentError, match=said):
        repository.regenerate()
    assert {file: file.read_bytes() for file in repository.generated.rglob("*.py")} == before


@pytest.mark.parametrize("suffix", [".md", ".json", ".yaml"])
def test_every_form_of_publication_builds_the_same(repository, suffix):
    """A page with one block, JSON, or YAML."""
    expected = (repository.specs / "openapi.yaml").read_text(encoding="utf-8")
    form = {".md": "# Page\r\n\r\n```yaml\r\n{}\r\n```\r\n", ".json": "{}", ".yaml": "# by hand\n{}"}[suffix]
    text = (
        json.dumps(repository.document) if suffix == ".json" else yaml.safe_dump(repository.document, sort_keys=False)
    )
    file = repository.file.with_name(f"published{suffix}")
    file.write_text(form.replace("{}", text), encoding="utf-8", newline="")
    sources = repository.specs / "sources.yaml"
    listed = sources.read_text(encoding="utf-8").replace(repository.file.name, file.name)
    old, new = (hashlib.sha256(each.read_bytes()).hexdigest() for each in (repository.file, file))
    sources.write_text(listed.replace(old, new), encoding="utf-8")
    assert dump_yaml(assemble(read_published(repository.specs)[0], repository.specs).document.content) in expected


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda d: d["paths"]["/users"]["get"].update(
                operationId=d["paths"]["/conversations"]["get"]["operationId"].replace("-", ".")
            ),
            "used by GET /conversations and",
        ),
        (lambda d: d["paths"]["/users"]["get"].pop("operationId"), "GET /users: no operationId"),
        (
            lambda d: d["paths"]["/users"]["get"]["parameters"].append({"name": "x"}),
            "GET /users: a parameter has no in",
        ),
        (lambda d: d["components"]["schemas"].pop(record_name(d, "/users")), "cannot be resolved"),
        (lambda d: d["components"].update(schemas={}), "cannot be resolved inside the document"),
        (
            lambda d: record_schema(d, "/users")["properties"].update(x={"$ref": "https://x.example/y"}),
            "https://x.example/y cannot be resolved inside the document",
        ),
        (lambda d: record_schema(d, "/users")["properties"].update(x={"type": "strin"}), "strin"),
        (lambda d: d.pop("info"), "info"),
    ],
)
def test_a_document_that_cannot_be_built_is_told(repository, change, said):
    """With the place, as an error of the pipeline and not of some tool below it."""
    change(repository.document)
    # The page would bring back what was taken away.
    sources = repository.specs / "sources.yaml"
    listed = yaml.safe_load(sources.read_text(encoding="utf-8"))
    sources.write_text(yaml.safe_dump({"documents": listed["documents"][:1]}), encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        repository.regenerate()
    assert said in str(caught.value)


def test_a_document_of_openapi_3_0_is_read(repository):
    """Where null is no type."""
    repository.document["openapi"] = "3.0.3"
    _without_null_types(repository.document)
    record_schema(repository.document, "/users")["properties"]["address"] = {
        "type": "object",
        "properties": {"street": TEXT},
    }
    repository.regenerate()
    repository.run("-c", ROUND_TRIP)


def _without_null_types(node):
    """As 3.0 says that something may be null."""
    if isinstance(node, dict) and isinstance(kinds := node.get("type"), list) and "null" in kinds:
        [node["type"]] = [kind for kind in kinds if kind != "null"]
        node["nullable"] = True
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _without_null_types(each)


def test_a_schema_may_be_called_as_the_generators_own_classes(tmp_path):
    """And a new generation of the beta API may have no tags at all: the facade finds its operations."""
    repository = Repository(tmp_path, "beta")
    names = ["File", "Field", "Model", "Codec", "Client", "Unset", "Any", "T", "Mapping", "Literal", "UUID"]
    for name in names:
        repository.schemas[name] = {"type": "object", "properties": {"at": TIME}}
        repository.schemas["Conversation"]["properties"][f"a_{name}"] = {"$ref": f"#/components/schemas/{name}"}
    for item in repository.document["paths"].values():
        for operation in item.values():
            operation["tags"] = [""]
    for server in repository.document["servers"]:
        server["url"] = "/".join(server["url"].split("/")[:3]) + "/assistant/v1"
    repository.regenerate()
    output = repository.run(
        "-c",
        ROUND_TRIP
        + """
import importlib, pkgutil
import moveworks_beta.api, moveworks_beta.models as M
for module in pkgutil.walk_packages(moveworks_beta.__path__, "moveworks_beta."): importlib.import_module(module.name)
with Sandbox(rows=20) as sandbox, sandbox.client() as mw:
    mw.assistant.conversations.get(sandbox.conversation_ids[0])
source = {name: {"at": "2026-01-01T00:00:00.000Z"} for name in M.Conversation.codec().names if name.startswith("a_")}
read = M.Conversation.from_dict(source)
assert read.to_dict() == source
print(type(read.a_file).__name__, read.a_file.at.year, len(source))
""",
    )
    assert output.split() == ["FileModel", "2026", str(len(names))]
    repository.run("-m", "mypy", "--strict", "moveworks_beta")

"""Whatever a document may say, its client sends and reads as it says: one document with many odd operations."""

from __future__ import annotations

import importlib
import inspect
import io
import json
import sys
from datetime import UTC, datetime

import httpx
import pytest

from moveworks_runtime.requests import File
from scripts.documents import DocumentError
from scripts.regenerate import build

TEXT = {"type": "string"}
TIME = {"type": "string", "format": "date-time"}
STAMP = "2026-01-01T00:00:00.000Z"


def thing(**properties):
    return {"type": "object", "properties": properties}


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


def tagged(*names):
    mapping = {f"the {name}": f"#/components/schemas/{name}" for name in names}
    return {"oneOf": [ref(n) for n in names], "discriminator": {"propertyName": "k", "mapping": mapping}}


SCHEMAS = {
    "Colour": {"type": "string", "enum": ["red", "blue"]},
    "Level": {"type": "integer", "enum": [1, 2]},
    "Cat": thing(k=TEXT, at=TIME),
    "Dog": thing(k=TEXT, at=TIME),
    "Node": thing(kids={"type": "array", "items": ref("Node")}, at=TIME),
    "Odd": thing(
        **{"@id": TEXT, "id": TEXT, "a b": TEXT, "a-b": TEXT, "+1": TEXT, "-1": TEXT, "class": TEXT, "class_": TEXT},
        list=TEXT,
        datetime=TIME,
        fits=True,
        never=False,
        half={"enum": [0.5, 1.5]},
        mixed={"enum": ["a", 1, None]},
        of={"const": {"a": 1}},
        x={**TEXT, "x-moveworks-name": "label"},
    ),
    "Whole": {"allOf": [ref("Cat"), {"allOf": [thing(extra=TIME)]}, {"required": ["extra"]}]},
    "Same": {**thing(inner={**thing(x=TEXT), "title": "Same"}), "title": "Same"},
    "Again": {**thing(y=TEXT), "title": "Same"},
}
SOME = {"anyOf": [{"type": "array", "items": ref("Cat")}, ref("Dog")]}
FILES = {"type": "array", "items": {"type": "string", "format": "binary"}}
# Method, path, answer (media type and schema), parameters, body (media type and schema).
OPERATIONS = {
    "colour": ("get", "/colour", ("application/json", ref("Colour")), [], None),
    "levels": ("get", "/levels", ("application/json", {"type": "array", "items": ref("Level")}), [], None),
    "pet": ("get", "/pet", ("application/json", tagged("Cat", "Dog")), [], None),
    "pets": (
        "get",
        "/pets",
        ("application/json", SOME),
        [],
        None,
    ),
    "table": ("get", "/table", ("text/csv", TEXT), [], None),
    "print": ("get", "/print", ("application/pdf", {"type": "string", "format": "binary"}), [], None),
    "odd": ("get", "/odd", ("application/json", ref("Odd")), [], None),
    "import": (
        "get",
        "/{user-id}.json",
        ("application/json", ref("Node")),
        [
            {"name": "user-id", "in": "path", "required": True, "schema": TEXT},
            {"name": "user_id", "in": "query", "schema": TEXT},
            {"name": "ids", "in": "query", "schema": {"type": "array", "items": TEXT}},
            {"name": "csv", "in": "query", "explode": False, "schema": {"type": "array", "items": TEXT}},
            {"name": "deep", "in": "query", "style": "deepObject", "schema": thing(a=TEXT)},
            {"name": "meta", "in": "query", "content": {"application/json": {"schema": thing(a=TEXT)}}},
            {"name": "If-Since", "in": "header", "schema": TIME},
            {"name": "session", "in": "cookie", "schema": TEXT},
            *({"name": name, "in": "query", "schema": TEXT} for name in ("client", "body", "self", "params", "quote")),
        ],
        None,
    ),
    "form": ("post", "/form", None, [], ("application/x-www-form-urlencoded", thing(a=TEXT, n={"type": "integer"}))),
    "note": ("post", "/note", None, [], ("text/plain", TEXT)),
    "upload": (
        "post",
        "/upload",
        None,
        [],
        (
            "multipart/form-data",
            thing(files=FILES, n=TEXT),
        ),
    ),
    "whole": ("post", "/whole", ("application/json", ref("Whole")), [], ("application/json", ref("Whole"))),
    "same": ("get", "/same", ("application/json", {"oneOf": [ref("Same"), ref("Again")]}), [], None),
}


def document():
    paths = {"x-internal": True}
    for name, (method, path, answer, parameters, body) in OPERATIONS.items():
        content = {"content": {answer[0]: {"schema": answer[1]}}} if answer else {}
        operation = {
            "operationId": name,
            "parameters": parameters,
            "responses": {"200": {"description": "", **content}},
        }
        if body:
            operation["requestBody"] = {"required": True, "content": {body[0]: {"schema": body[1]}}}
        paths[path] = {method: operation}
    base = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths}
    return {**base, "servers": [{"url": "https://api.example.com/v1"}], "components": {"schemas": SCHEMAS}}


def made(folder, content):
    api = folder / "odd"
    (api / "upstream").mkdir(parents=True)
    (api / "upstream" / "doc.json").write_text(json.dumps(content), encoding="utf-8")
    source = {"file": "doc.json", "url": "https://x", "date": "2026-11-25", "sha256": "0"}
    (api / "sources.yaml").write_text(json.dumps({"documents": [source]}), encoding="utf-8")
    return build(api, folder / "generated" / "moveworks_odd", verified=False)


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    folder = tmp_path_factory.mktemp("odd")
    built = made(folder, document())
    sys.path.insert(0, str(folder / "generated"))
    yield (
        built,
        importlib.import_module("moveworks_odd.operations").OPERATIONS,
        importlib.import_module("moveworks_odd.models"),
    )
    sys.path.remove(str(folder / "generated"))


def answered(operation, content, kind="application/json", **values):
    """What the low-level client reads, and the request that it sent."""
    seen = []

    def answer(request):
        seen.append(request)
        return httpx.Response(200, content=content, headers={"content-type": kind})

    from moveworks_odd import Client

    with Client("https://api.example.com/v1", transport=httpx.MockTransport(answer)) as client:
        return operation.load().sync(*values.pop("first", ()), client=client, **values), seen[0]


@pytest.mark.parametrize(
    ("name", "content", "kind", "read"),
    [
        ("colour", b'"green"', "application/json", "'green'"),
        ("levels", b"[3]", "application/json", "[3]"),
        ("pet", b'{"k": "the Dog"}', "application/json", "Dog()"),
        ("pet", b'{"k": "the Cat"}', "application/json", "Cat()"),
        ("pets", b'[{"at": "%s"}]' % STAMP.encode(), "application/json", "[Cat()]"),
        ("pets", b'{"k": "x"}', "application/json", "Dog()"),
        ("table", b"a,b", "text/csv", "'a,b'"),
        ("print", b"%PDF", "application/pdf", "File(payload=b'%PDF', file_name=None, mime_type='application/pdf')"),
    ],
)
def test_an_answer_is_read_as_the_document_says(odd, name, content, kind, read):
    """Lists of values, unions by what tells them apart, text and files."""
    assert repr(answered(odd[1][name], content, kind)[0]) == read


def test_parameters_are_sent_as_the_document_says(odd):
    """Every place and style; names that Python or the functions themselves use."""
    operation = odd[1]["import"]
    deep = next(getattr(odd[2], name) for name in odd[2].__all__ if name.endswith("Deep"))
    values = {"user_id": "q", "ids": ["a", "b"], "csv": ["c", "d"], "deep": deep(a="x"), "meta": {"a": 1}}
    values |= {
        "if_since": "now",
        "session": "s s",
        "client_": "1",
        "body_": "2",
        "self": "3",
        "params": "4",
        "quote": "5",
    }
    names = [*inspect.signature(operation.load().request).parameters]
    assert sorted(names) == sorted(["user_id_", *values])
    parts = operation.request("a/b", **values)
    assert parts.path == "/v1/a%2Fb.json"
    assert parts.query == (
        *(("user_id", "q"), ("ids", "a"), ("ids", "b"), ("csv", "c,d"), ("deep[a]", "x"), ("meta", '{"a":1}')),
        *(("client", "1"), ("body", "2"), ("self", "3"), ("params", "4"), ("quote", "5")),
    )
    assert parts.headers == {"If-Since": "now", "Cookie": "session=s%20s"}


def test_bodies_are_sent_as_the_document_says(odd):
    """Forms, text and files."""
    _, operations, models = odd
    parts = operations["form"].request(body=models.FormBody(a="x y", n=1))
    assert (parts.content, parts.headers["Content-Type"]) == (b"a=x+y&n=1", "application/x-www-form-urlencoded")
    parts = operations["note"].request(body="caf\u00e9")
    assert (parts.content, parts.headers["Content-Type"]) == ("caf\u00e9".encode(), "text/plain")
    files = [File(io.BytesIO(b"one"), "1.txt"), File(io.BytesIO(b"two"), "2.txt")]
    parts = operations["upload"].request(body=models.UploadBody(files=files, n="hi"))
    assert all(word in parts.content for word in (b"one", b"two", b"2.txt", b"hi"))
    assert parts.headers["Content-Type"].startswith("multipart/form-data; boundary=")
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert json.loads(operations["whole"].request(body=models.Whole(k="x", extra=at)).content) == {
        "k": "x",
        "extra": STAMP,
    }


def test_properties_of_any_name_and_kind_are_read_and_written(odd):
    """Two names that become one, keywords, schemas that are true or false, values of several kinds."""
    built, operations, models = odd
    source = dict.fromkeys(SCHEMAS["Odd"]["properties"], "v") | {
        "datetime": STAMP,
        "half": 0.5,
        "mixed": 1,
        "of": {"a": 1},
    }
    read, _ = answered(operations["odd"], json.dumps(source).encode())
    assert read.to_dict() == source
    assert (read.id, read.label, read.list_, read.datetime_.year) == ("v", "v", "v", 2026)
    assert sorted(line.partition(": ")[2].partition(" are")[0] for line in built.collisions) == [
        "'+1' and '-1'",
        "'@id' and 'id'",
        "'a b' and 'a-b'",
        "'class' and 'class_'",
    ]
    assert {"Same", "SameSame", "Again"} <= set(models.__all__)


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        (
            {"requestBody": {"content": {"application/xml": {"schema": thing(a=TEXT)}}}},
            r"GET /a: a body of application/xml",
        ),
        ({"parameters": [{"name": "h", "in": "header", "schema": thing(a=TEXT)}]}, "header parameter h: an object"),
        ({"parameters": [{"name": "id", "in": "path", "required": True, "schema": TEXT}]}, "id must stand in the path"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_its_place(tmp_path, operation, said):
    """And with a way around."""
    content = document()
    given = {"operationId": "op", "responses": {"200": {"description": "x"}}, **operation}
    content["paths"] = {"/a": {"get": given}}
    with pytest.raises(DocumentError, match=said):
        made(tmp_path, content)

"""Rules of the spec differ, one small edit each; documents that are odd, large or in several files."""

from __future__ import annotations

import copy
from datetime import date

import pytest

from scripts.differ import Differ, DifferError, worst
from scripts.documents import DocumentError
from scripts.pipeline.plain import load_yaml
from scripts.review.bundle import bundled

TODAY = date(2026, 1, 1)
TEXT = {"type": "string"}
DOCUMENT = load_yaml(
    "d",
    """
openapi: 3.0.0
info: {title: t, version: '1'}
paths:
  /w/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: getW
      parameters:
      - {name: r, in: query, required: true, schema: {type: string, default: a}}
      - {name: o, in: query, schema: {type: string, default: a}}
      responses:
        200:
          description: ok
          headers: {X-R: {required: true, schema: {type: integer}}, X-O: {schema: {type: integer}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Dog'}}}
    post:
      operationId: postW
      requestBody: {content: {application/problem+json: {schema: {$ref: '#/components/schemas/Cat'}}}}
      responses: {201: {description: ok, content: {application/problem+json: {schema: {type: string}}}}}
      security: [{key: []}, {oauth: [r]}]
      callbacks:
        ev: {'{$request.body#/u}': {post: {requestBody: {content: {a/b: {schema: {$ref: '#/components/schemas/E'}}}}}}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: K}, oauth: {type: oauth2, flows: {}}}
  schemas:
    Animal: {type: object, properties: {name: {type: string}, born: {type: string}}, required: [name]}
    Dog: {allOf: [{$ref: '#/components/schemas/Animal'}, {properties: {barks: {type: boolean}}}]}
    Cat: {allOf: [{$ref: '#/components/schemas/Animal'}, {properties: {purrs: {type: boolean, readOnly: true}}}]}
    E: {type: object, properties: {k: {type: string}}, required: [k]}
""",
)


def get(document):
    return document["paths"]["/w/{id}"]["get"]


def post(document):
    return document["paths"]["/w/{id}"]["post"]


def schemas(document):
    return document["components"]["schemas"]


def edited(edit, base=DOCUMENT):
    head = copy.deepcopy(base)
    edit(head)
    return head


def findings(base, head):
    return Differ(base, head, today=TODAY).findings()


def announced(**words):
    return edited(lambda d: get(d).update(words))


def listed():
    return {"name": "l", "in": "query", "schema": {"type": "array", "items": TEXT}}


def found_at(url):
    return {"type": "openIdConnect", "openIdConnectUrl": url}


def without_get(document):
    document["paths"]["/w/{id}"].pop("get")


BREAKS = {
    "api-removed-without-deprecation": (DOCUMENT, without_get),
    "api-removed-before-sunset": (announced(**{"deprecated": True, "x-sunset": "2999-01-01"}), without_get),
    "api-path-sunset-parse": (announced(**{"deprecated": True, "x-sunset": "soon"}), without_get),
    "api-sunset-date-too-small": (DOCUMENT, lambda d: get(d).update({"deprecated": True, "x-sunset": "2025-12-31"})),
    "api-stability-decreased": (
        announced(**{"x-stability-level": "beta"}),
        lambda d: get(d).update({"x-stability-level": "alpha"}),
    ),
    "api-invalid-stability-level": (DOCUMENT, lambda d: get(d).update({"x-stability-level": "golden"})),
    "api-security-removed": (DOCUMENT, lambda d: post(d)["security"].pop(0)),
    "api-security-added": (DOCUMENT, lambda d: get(d).update(security=[{"key": []}])),
    "api-security-scope-added": (DOCUMENT, lambda d: post(d)["security"][1].update(oauth=["r", "w"])),
    "api-global-security-added": (DOCUMENT, lambda d: d.update(security=[{"key": []}])),
    "api-security-component-name-changed": (
        DOCUMENT,
        lambda d: d["components"]["securitySchemes"]["key"].update(name="L"),
    ),
    "api-security-component-open-id-connect-url-changed": (
        edited(lambda d: d["components"]["securitySchemes"].update(key=found_at("https://a.example"))),
        lambda d: d["components"]["securitySchemes"].update(key=found_at("https://b.example")),
    ),
    "request-parameter-explode-changed": (
        edited(lambda d: get(d)["parameters"].append(listed())),
        lambda d: get(d)["parameters"][-1].update(explode=False),
    ),
    "request-parameter-style-changed": (
        edited(lambda d: get(d)["parameters"].append(listed())),
        lambda d: get(d)["parameters"][-1].update(style="pipeDelimited"),
    ),
    "response-header-explode-changed": (
        edited(lambda d: get(d)["responses"]["200"]["headers"].update({"X-R": listed()})),
        lambda d: get(d)["responses"]["200"]["headers"]["X-R"].update(explode=True),
    ),
    "request-parameter-became-not-allow-reserved": (
        edited(lambda d: get(d)["parameters"][1].update(allowReserved=True)),
        lambda d: get(d)["parameters"][1].pop("allowReserved"),
    ),
    "request-parameter-default-value-changed": (
        DOCUMENT,
        lambda d: get(d)["parameters"][1]["schema"].update(default="b"),
    ),
    "response-header-became-optional": (
        DOCUMENT,
        lambda d: get(d)["responses"]["200"]["headers"]["X-R"].pop("required"),
    ),
    "response-media-type-name-generalized": (
        DOCUMENT,
        lambda d: post(d)["responses"]["201"].update(content={"application/json": {"schema": TEXT}}),
    ),
    "api-removed-without-deprecation of OpenAPI 3.2": (
        edited(lambda d: d["paths"]["/w/{id}"].update(query={"operationId": "q", "responses": {}})),
        lambda d: d["paths"]["/w/{id}"].pop("query"),
    ),
    "webhook-removed": (DOCUMENT, lambda d: post(d).pop("callbacks")),
    "request-property-became-optional": (DOCUMENT, lambda d: schemas(d)["E"].pop("required")),
}
HARMLESS = {
    "announced removal": (announced(deprecated=True), without_get),
    "removal after the sunset": (announced(**{"deprecated": True, "x-sunset": "2025-12-31"}), without_get),
    "removal of what promised nothing": (announced(**{"x-stability-level": "alpha"}), without_get),
    "change of what promises nothing": (
        announced(**{"x-stability-level": "draft"}),
        lambda d: get(d)["parameters"].append({"name": "n", "in": "query", "required": True}),
    ),
    "one more way to prove oneself": (DOCUMENT, lambda d: post(d)["security"].append({"other": []})),
    "no credential needed": (DOCUMENT, lambda d: post(d).update(security=[])),
    "fewer scopes": (DOCUMENT, lambda d: post(d)["security"][1].update(oauth=[])),
    "explode of what has no parts": (
        DOCUMENT,
        lambda d: (
            get(d)["parameters"][1].update(explode=False)
            or get(d)["responses"]["200"]["headers"]["X-O"].update(explode=True)
        ),
    ),
    "explode as it is anyway": (
        edited(lambda d: get(d)["parameters"].append(listed())),
        lambda d: get(d)["parameters"][-1].update(explode=True, style="form"),
    ),
    "reserved characters as they are": (DOCUMENT, lambda d: get(d)["parameters"][1].update(allowReserved=True)),
    "default of a required parameter": (DOCUMENT, lambda d: get(d)["parameters"][0]["schema"].update(default="b")),
    "name of a path parameter": (
        DOCUMENT,
        lambda d: (
            d["paths"].update({"/w/{key}": d["paths"].pop("/w/{id}")})
            or d["paths"]["/w/{key}"]["parameters"][0].update(name="key")
        ),
    ),
    "parameter of a media type": (
        DOCUMENT,
        lambda d: get(d)["responses"]["200"].update(
            content={
                "application/json; charset=utf-8": get(DOCUMENT)["responses"]["200"]["content"]["application/json"]
            }
        ),
    ),
    "wider media type of a request": (
        DOCUMENT,
        lambda d: post(d)["requestBody"].update(
            content={"application/*": post(DOCUMENT)["requestBody"]["content"]["application/problem+json"]}
        ),
    ),
    "required name without a property": (DOCUMENT, lambda d: schemas(d)["Animal"]["required"].append("ghost")),
    "their call brings more": (
        DOCUMENT,
        lambda d: schemas(d)["E"].update(properties={"k": TEXT, "more": TEXT}, required=["k", "more"]),
    ),
    "property that a request never has": (
        DOCUMENT,
        lambda d: schemas(d)["Cat"]["allOf"][1].update(required=["purrs"]),
    ),
    "servers": (DOCUMENT, lambda d: d.update(servers=[{"url": "https://a.example/v1"}])),
}


@pytest.mark.parametrize(("rule", "pair"), BREAKS.items(), ids=BREAKS)
def test_what_breaks(rule, pair):
    """An error on the wire, under the name that oasdiff has for it."""
    found = findings(pair[0], edited(pair[1], pair[0]))
    assert rule.partition(" ")[0] in {finding.rule for finding in found if finding.wire == "error"}


@pytest.mark.parametrize("pair", HARMLESS.values(), ids=HARMLESS)
def test_what_does_not_break(pair):
    """Neither on the wire nor in Python."""
    assert worst(findings(pair[0], edited(pair[1], pair[0]))) != "breaking"


def test_a_component_that_others_take_in_by_all_of_is_one_finding():
    """At its own place, under its own name, with all that it reaches."""
    head = edited(lambda d: schemas(d)["Animal"]["properties"].update(born={"type": "integer"}))
    [finding] = findings(DOCUMENT, head)
    assert finding.place == "#/components/schemas/Animal/properties/born"
    assert finding.message == "the type of born of Animal changed from string to integer"
    assert finding.reaches == ["GET /w/{id} response", "POST /w/{id} request"]


def test_security_of_the_document_is_one_finding_for_all_that_rely_on_it():
    """An operation with requirements of its own is not among them."""
    [finding] = findings(DOCUMENT, edited(lambda d: d.update(security=[{"key": []}])))
    assert finding.reaches == ["GET /w/{id}"]


def test_each_item_of_a_stream_is_compared():
    """What OpenAPI 3.2 says of it."""
    base, head = (
        edited(lambda d, s=s: get(d)["responses"]["200"].update(content={"text/event-stream": {"itemSchema": s}}))
        for s in (TEXT, {"type": "integer"})
    )
    [finding] = findings(base, head)
    assert finding.rule == "response-body-type-changed"
    assert finding.place == "#/paths/~1w~1{id}/get/responses/200/content/text~1event-stream/itemSchema"


def test_the_encoding_of_a_part_is_compared():
    """It may be another that was valid too."""
    base, head = (
        edited(
            lambda d, kind=kind: post(d)["requestBody"]["content"].update(
                {"multipart/form-data": {"encoding": {"a": {"contentType": kind}}}}
            )
        )
        for kind in ("text/csv", "application/json")
    )
    [finding] = findings(base, head)
    assert (finding.rule, finding.wire) == ("request-body-encoding-changed", "warning")


def test_a_changed_style_is_one_finding():
    """What `explode` is by default goes with it."""
    base = edited(lambda d: get(d)["parameters"].append(listed()))
    head = edited(lambda d: get(d)["parameters"][-1].update(style="pipeDelimited"), base)
    assert [finding.rule for finding in findings(base, head)] == ["request-parameter-style-changed"]


def test_true_is_not_one():
    """JSON tells them apart, Python does not."""
    base, head = (edited(lambda d, v=v: schemas(d).update(E={"enum": [v]})) for v in (1, True))
    assert {finding.old for finding in findings(base, head) if finding.old is not None} == {"integer"}


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ({"type": "number", "maximum": 5, "exclusiveMaximum": True}, {"type": "number", "exclusiveMaximum": 5}),
        ({"type": "integer", "maximum": 4}, {"type": "integer", "exclusiveMaximum": 5}),
        ({"type": ["string", "integer"]}, {"anyOf": [TEXT, {"type": "integer"}]}),
        ({"enum": ["a", "b"]}, {"oneOf": [{"const": "b"}, {"const": "a"}]}),
        ({"allOf": [{"maximum": 3}, {"maximum": 5}]}, {"maximum": 3}),
        ({"type": "array", "items": TEXT}, {"type": "array", "items": TEXT, "prefixItems": [TEXT]}),
        ({"required": True, "items": [], "maximum": None, "type": "string"}, TEXT),
    ],
)
def test_schemas_that_accept_the_same(was, now):
    """However they are written."""
    base, head = (edited(lambda d, s=s: schemas(d)["E"]["properties"].update(k=s)) for s in (was, now))
    assert findings(base, head) == findings(head, base) == []


def test_swagger_2_is_refused():
    """By its name."""
    with pytest.raises((DifferError, DocumentError), match=r"Swagger 2\.0; only OpenAPI 3"):
        findings({"swagger": "2.0"}, {"openapi": "3.1.0"})


def test_files_beside_the_document_are_part_of_it(tmp_path):
    """Also what they refer to; but nothing outside of the folder."""
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/pet.yaml").write_text("Pet: {properties: {a: {$ref: '../common.yaml#/Text'}}}", encoding="utf-8")
    body = {"content": {"a/b": {"schema": {"$ref": "./parts/pet.yaml#/Pet"}}}}
    document = {"openapi": "3.0.0", "paths": {"/": {"post": {"requestBody": body}}}}
    sides = []
    for kind in ("string", "integer"):
        (tmp_path / "common.yaml").write_text(f"Text: {{type: {kind}}}", encoding="utf-8")
        sides.append(bundled(document, tmp_path / "api.yaml"))
    [finding] = findings(*sides)
    assert finding.place == "#/x-files/common.yaml/Text"
    for reference in ("../secret.yaml", "https://evil.example/x.yaml", "/etc/passwd"):
        body["content"]["a/b"]["schema"] = {"$ref": reference}
        outside = bundled(document, tmp_path / "api.yaml")
        with pytest.raises((DifferError, DocumentError), match="leads out of the document"):
            findings(outside, outside)
    body["content"]["a/b"]["schema"] = {"$ref": "gone.yaml"}
    with pytest.raises((DifferError, DocumentError), match=r"gone\.yaml, which api\.yaml refers to"):
        bundled(document, tmp_path / "api.yaml")


@pytest.mark.parametrize(
    "odd",
    [
        "{}",
        "{paths: , components: , servers: , security: , webhooks: }",
        "{paths: {/a: }}",
        "{paths: {/a: {get: , parameters: , post: {responses: , requestBody: , tags: , callbacks: }}}}",
        "{paths: {/a: {get: {parameters: [null, {in: query}], responses: {200: , 201: {headers: {1: }}}}}}}",
        "{paths: {/a: {get: {responses: {200: {content: {a/b: }}}}}}}",
        "{paths: {1: {get: {responses: {200: {content: {a/b: {schema: {type: [a, 5], allOf: [5], oneOf: {}}}}}}}}}}",
    ],
)
def test_odd_documents_are_compared(odd):
    """Null is what is not there; a number is a key like any other."""
    document = load_yaml("odd", odd)
    assert findings(document, document) == []
    assert findings(DOCUMENT, document)
    assert findings(document, DOCUMENT)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("[]", "the document holds no object"),
        ("{paths: []}", "the head: #/paths must be an object, not a list"),
        ("{paths: {'/w/{id}': {get: {parameters: {a: b}}}}}", "get/parameters must be a list"),
        ("{paths: {/a: 5}}", "#/paths/~1a must be an object, not 5"),
    ],
)
def test_what_cannot_be_compared_is_named(bad, said):
    """Which document, and where."""
    with pytest.raises((DifferError, DocumentError), match=said):
        findings(DOCUMENT, load_yaml("bad", bad))


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"type": "array"},
        {
            "allOf": [
                {"$ref": "#/components/schemas/Tree"},
                {"minItems": 1, "items": {"$ref": "#/components/schemas/E"}},
            ]
        },
    ],
)
def test_a_recursion_beside_what_has_none_ends(other):
    """It is never followed into what is not there, nor into the same parts of an `allOf` again."""
    tree = {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}
    base = edited(lambda d: schemas(d).update(Tree=tree, E={"$ref": "#/components/schemas/Tree"}))
    head = edited(lambda d: schemas(d).update(Tree=tree, E=other))
    assert findings(base, head)
    assert findings(head, base)


def test_a_union_of_one_stands_where_its_alternative_does():
    """So that a union that holds itself in a union of one is not another one each time."""
    tree = {"anyOf": [TEXT, {"type": "object"}, {"anyOf": [{"$ref": "#/components/schemas/Tree"}]}]}
    base = edited(lambda d: schemas(d).update(Tree=tree, E={"$ref": "#/components/schemas/Tree"}))
    head = edited(lambda d: schemas(d)["Tree"]["anyOf"].append({"type": "integer"}), base)
    assert {finding.place for finding in findings(base, head)} == {"#/components/schemas/Tree/anyOf"}


@pytest.mark.parametrize(("word", "wire"), [("oneOf", "error"), ("anyOf", "info")])
def test_a_value_that_fits_two_alternatives_of_one_of_is_refused(word, wire):
    """A schema beside one that takes all that it takes."""
    union = {word: [schemas(DOCUMENT)["E"], {"type": "object", "description": "or any other"}]}
    content = post(DOCUMENT)["requestBody"]["content"]
    base = edited(lambda d: post(d)["requestBody"]["content"].update({"a/b": {"schema": schemas(DOCUMENT)["E"]}}))
    head = edited(lambda d: post(d)["requestBody"]["content"].update({**content, "a/b": {"schema": union}}))
    [finding] = findings(base, head)
    assert finding.wire == wire


def test_unions_that_refer_to_each_other_take_no_exponential_time():
    """Forty components, each a union of all others, above a change in one of them."""
    names = [f"U{n}" for n in range(40)]
    parts = {
        name: {
            "oneOf": [{"$ref": f"#/components/schemas/{other}"} for other in names if other != name]
            + [{"type": "object"}]
        }
        for name in names
    }
    parts |= {f"A{n}": {"allOf": [{"$ref": f"#/components/schemas/A{n + 1}"}] * 2} for n in range(60)}
    parts["A60"] = {"type": "object", "properties": {"a": TEXT}}
    base = edited(lambda d: schemas(d).update(parts, E={"$ref": "#/components/schemas/U0"}))
    schemas(base)["Dog"]["allOf"].append({"$ref": "#/components/schemas/A0"})
    head = edited(lambda d: schemas(d)["U7"]["oneOf"].append({"type": "integer"}), base)
    schemas(head)["A60"]["properties"]["a"] = {"type": "integer"}
    assert {finding.place for finding in findings(base, head)} == {
        "#/components/schemas/U7/oneOf",
        "#/components/schemas/A60/properties/a",
    }

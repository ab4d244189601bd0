"""What the vendor publishes, read as it is meant, or refused by name and with the reason."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.documents import DocumentError, parse_document, read_document
from scripts.pipeline.plain import dump_yaml, load_yaml
from scripts.pipeline.sources import read_sources, verify

BLOCK = "openapi: 3.1.0\ninfo:\n  title: t\n"
CONTENT = {"openapi": "3.1.0", "info": {"title": "t"}}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", f"# Page\n\n```yaml\n{BLOCK}```\n"),
        ("a.md", f"```yaml\n{BLOCK}```\n\n```bash\nopenapi-generator x\n```\n\n```json\n{{}}\n```\n"),
        ("a.md", f"```yaml\n{BLOCK}```\n".replace("\n", "\r\n")),
        ("a.md", f"\ufeff```YAML title=x\n{BLOCK}`````\n"),
        ("a.mdx", f"~~~\n{BLOCK}~~~\n"),
        ("a.md", "1. Step\n\n   ```yaml\n   openapi: 3.1.0\n   info:\n     title: t\n   ```\n"),
        ("a.md", f"---\nopenapi: GET /x\n---\n```json\n{json.dumps(CONTENT, indent=2)}\n```\n"),
        ("a.yaml", BLOCK),
        ("a.yaml", BLOCK.replace("\n", "\r\n")),
        ("a.yaml", "openapi: 3.1.0\ninfo: &i {title: t}\n"),
        ("a.json", json.dumps(CONTENT)),
        ("a.json", json.dumps(CONTENT, indent="\t")),
        ("a.yml", "{openapi: 3.1.0, info: {title: t}}"),
    ],
)
def test_every_form_of_publication_is_read(name, text):
    """Pages with one block, YAML and JSON, whatever wrote their line ends."""
    assert parse_document(name, text).content == CONTENT


def test_the_line_of_the_block_is_known():
    """For messages that point into the page."""
    assert parse_document("a.md", f"one\r\ntwo\r\n```yaml\r\n{BLOCK}```").first_line == 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not an OpenAPI 3 document"),
        ("- 1", "not an OpenAPI 3 document"),
        ("just text", "not an OpenAPI 3 document"),
        ("swagger: '2.0'", "not an OpenAPI 3 document"),
        ("a: [", "not valid YAML or JSON"),
        ("a: 1\na: 2", "the key 'a' stands twice"),
        ('{"a": 1, "a": 2}', "the key 'a' stands twice"),
        ("'1': a\n1: b", "twice"),
        ("? [a]\n: 1", "a key must be text"),
        ("a: 1\n---\nb: 2", "single document"),
        ("a: !!python/object:os.system {}", "tag"),
        ("a: !!binary aGk=", "JSON cannot have"),
        ("a: .nan", "JSON cannot have"),
        ('{"a": Infinity}', "JSON cannot have"),
        ('{"a": "\\ud83d"}', "half of a character"),
        ("a: &a [*a]", "stands for more than"),
        ("[" * 100_000, "cannot be read"),
        ("a: " + "[" * 5_000, "levels deep"),
        (
            "a: &a [1,1,1,1,1,1,1,1]\n"
            + "".join(f"{b}: &{b} [{f'*{a},' * 20}]\n" for a, b in zip("abcdef", "bcdefg", strict=True)),
            "stands for more than",
        ),
        (f"{BLOCK}paths: null", "#/paths must be an object, it is null"),
        (f"{BLOCK}paths: {{/a/b: []}}", "#/paths/~1a~1b must be an object"),
        (f"{BLOCK}paths: {{/a: {{get: {{parameters: {{}}}}}}}}", "#/paths/~1a/get/parameters must be a list"),
        (f"{BLOCK}paths: {{/a: {{get: {{tags: x}}}}}}", "#/paths/~1a/get/tags must be a list, it is 'x'"),
        (f"{BLOCK}components: {{schemas: {{A: {{properties: {{b: text}}}}}}}}", "A/properties/b must be an object or"),
        (f"{BLOCK}components: {{schemas: {{A: {{oneOf: [1]}}}}}}", "A/oneOf/0 must be an object or a boolean, it is 1"),
    ],
)
def test_what_is_no_document_is_refused(tmp_path, text, said):
    """By its name, with what is wrong and where."""
    file = tmp_path / "x.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError, match="x\\.yaml") as caught:
        read_document(file)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("page", "count"),
    [
        ("# page\n\nno block", 0),
        ("```yaml\na: 1\n```\n```yaml\nb: 2\n```", 0),
        (f"```yaml\n{BLOCK}", 0),
        (f"```yaml\n{BLOCK}```\n```json\n{json.dumps(CONTENT)}\n```", 2),
    ],
)
def test_a_page_must_hold_one_block(page, count):
    """Which of two would be meant is not guessed."""
    with pytest.raises(DocumentError, match=f"exactly one fenced OpenAPI block, not {count}"):
        parse_document("page.md", page)


def test_a_file_that_is_not_text_is_refused(tmp_path):
    """Or that is not there."""
    (tmp_path / "x.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DocumentError, match="UTF-8"):
        read_document(tmp_path / "x.yaml")
    with pytest.raises(DocumentError, match="no such file"):
        read_document(tmp_path / "y.yaml")


def test_plain_values_mean_what_they_mean_in_yaml_1_2():
    """Times, days, `no` and numbers with underscores are text; response codes are keys; JSON's numbers are numbers."""
    text = "a: 12:30\nb: 2026-01-01\nc: no\nd: 1_000\ne: 1e3\nf: 0x1F\ng: 010\nh:\n  200: x\n  true: y\ni: ~\nj: <<\n"
    expected = {"a": "12:30", "b": "2026-01-01", "c": "no", "d": "1_000", "e": 1000.0, "f": 31, "g": 10}
    assert load_yaml("x", text) == {**expected, "h": {"200": "x", "true": "y"}, "i": None, "j": "<<"}
    assert load_yaml("x", '{"a": "\\ud83d\\ude00 http:\\/\\/x",\t"b": 1e3}') == {"a": "\U0001f600 http://x", "b": 1e3}


def test_parts_that_yaml_shares_are_separate():
    """A correction of one is no correction of the other; a merge key gives way to what stands beside it."""
    content = load_yaml("x", "a: &a {k: 1, l: 2}\nb: *a\nc:\n  <<: *a\n  k: 3\n")
    assert content == {"a": {"k": 1, "l": 2}, "b": {"k": 1, "l": 2}, "c": {"k": 3, "l": 2}}
    assert content["a"] is not content["b"]


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"))
    | st.sampled_from(
        [
            "1e3",
            "._",
            "+_1",
            "0o_",
            "0o17",
            "010",
            "12:30",
            "yes",
            "~",
            "=",
            "<<",
            ".inf",
            "1.",
            "2026-01-01",
            "\x85",
            "- a",
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(VALUES)
def test_what_is_written_is_read_back(value):
    """As YAML, and as JSON."""
    text = dump_yaml({"value": value})
    assert load_yaml("x", text) == {"value": value}
    assert load_yaml("x", json.dumps({"value": value})) == {"value": value}


HASH = "0" * 64
SOURCE = f"documents:\n  - {{file: a.yaml, url: u, date: '2026-08-03', sha256: {HASH}}}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "must list at least one"),
        ("documents: {}", "must list at least one"),
        ("documents: []", "must list at least one"),
        ("documents: [a.yaml]", "document 1 needs file"),
        ("documents:\n  - {file: a.yaml}", "document 1 needs file"),
        (SOURCE + "  - {file: b.yaml, url: u, date: d, sha256: s, sha: t}", "document 2 needs file"),
        (SOURCE + "  - {file: a.yaml, url: u, date: d, sha256: s}", "a.yaml is listed twice"),
        (SOURCE.replace("a.yaml", "../../x.yaml"), "../../x.yaml is not the name of a file"),
        ("documents: [", "not valid YAML"),
    ],
)
def test_a_list_of_sources_that_is_wrong_is_refused(tmp_path, text, said):
    """With what it must hold."""
    api = tmp_path / "export"
    api.mkdir()
    with pytest.raises(DocumentError, match=r"export/sources\.yaml: there is no such file"):
        read_sources(api)
    (api / "sources.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError, match=r"export/sources\.yaml") as caught:
        read_sources(api)
    assert said in str(caught.value)


def test_a_document_that_is_not_the_listed_one_is_refused(tmp_path):
    """Its hash is named, so that it can be set where it is meant; a missing one is named as well."""
    (tmp_path / "upstream").mkdir()
    (tmp_path / "sources.yaml").write_text(SOURCE, encoding="utf-8")
    source = read_sources(tmp_path)[0]
    file = tmp_path / "upstream" / "a.yaml"
    with pytest.raises(DocumentError, match=r"a\.yaml: sources.yaml lists it"):
        verify(source, file)
    file.write_text(BLOCK, encoding="utf-8")
    with pytest.raises(DocumentError, match=hashlib.sha256(file.read_bytes()).hexdigest()):
        verify(source, file)

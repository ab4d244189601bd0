"""Reports on documents that are not well-meant, and on more findings than anybody reads."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from scripts.review.reports import to_github, to_html, to_markdown
from scripts.review.review import review

EVIL = (
    "<script>alert(1)</script>",
    "`| @somebody #1 https://evil.example/x www.evil.example",
    "](javascript:alert(1)) ![x](//evil.example/p.png)",
    "<img src=x onerror=alert(1)>",
    "\" ' onmouseover=alert(1) x=",
    "\u202etxt.exe \U0001f600 \x07",
    "</style></details>\n\n## heading",
    "::error file=x::boo\n::set-env",
    "long_" * 80,
)


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """More than 500 findings, whose names are hostile."""
    folder = tmp_path_factory.mktemp("many")

    def document(kind):
        schemas = {
            f"Thing{i}": {
                "type": "object",
                "properties": {f"{EVIL[i % len(EVIL)]} {i}": {"type": kind, "description": "x"}},
            }
            for i in range(520)
        }
        content = {i: {"application/json": {"schema": {"$ref": f"#/components/schemas/Thing{i}"}}} for i in range(520)}
        paths = {f"/{i}": {"get": {"responses": {"200": {"content": content[i]}}}} for i in range(520)}
        return {
            "openapi": "3.0.3",
            "info": {"title": "t", "version": "1"},
            "paths": paths,
            "components": {"schemas": schemas},
        }

    for name, kind in (("base.json", "string"), ("head.json", "integer")):
        (folder / name).write_text(json.dumps(document(kind)), encoding="utf-8")
    result = review(str(folder / "base.json"), str(folder / "head.json"), chain=False)
    assert len(result.findings) >= 500
    return result


class Elements(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_text_of_a_document_cannot_become_markup_on_the_page(many):
    """A published document is not ours; the page's policy lets nothing run but what we wrote."""
    page = Elements()
    page.feed(to_html(many))
    assert sum(tag == "script" for tag, _ in page.found) == 1
    assert not any(tag == "img" or any(name.startswith("on") for name in attrs) for tag, attrs in page.found)
    assert sum(tag == "article" for tag, _ in page.found) == len(many.findings)
    [policy] = [attrs["content"] for tag, attrs in page.found if attrs.get("http-equiv") == "Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_a_comment_fits_and_mentions_nobody(many):
    """However much there is; what is left out is counted, and nothing stays open."""
    text = to_markdown(many)
    assert len(text.encode()) < 65_536
    assert re.search(r"… and \d+ more", text)
    assert text.count("<details>") == text.count("</details>")
    outside = re.sub(r"(`+).*?\1", "", text)
    assert not re.search(r"@\w|(?<!\w)#\d|://|www\.|(?<!\\)<(?!/?(?:details|summary)>)|(?<!\\)\]\(", outside)
    assert not re.search(r"^## (?!API review)", text, re.MULTILINE)


def test_an_annotation_is_one_line(many):
    """So that no text of a document is a workflow command of its own."""
    lines = to_github(many).splitlines()
    assert len(lines) == len(many.findings) + 1
    assert all(re.match(r"::(error|warning|notice) ", line) for line in lines)

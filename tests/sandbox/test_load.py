"""What is loaded from a folder comes back as it was written."""

from __future__ import annotations

import httpx
import pytest
from published import RECORDS_PATH

from moveworks import ConfigurationError
from moveworks.sandbox import Sandbox

ODD = (
    '{"id": "ü\\u00e9", "n": 1.0, "e": 1e3, "big": 123456789012345678901234567890, '
    '"z": null, "a": 1, "a": 2, "b":\t[ ]}'
)


def page(sandbox, entity, query=""):
    address = f"{sandbox.base_url}{RECORDS_PATH}/{entity}{query}"
    return httpx.get(address, headers={"Authorization": f"Bearer {sandbox.api_key}"}).text


def test_each_record_comes_back_letter_by_letter(tmp_path):
    """Numbers, order of members, members given twice, escapes and white space; equal records stay several."""
    (tmp_path / "users.json").write_text(f"\ufeff[{ODD}, {ODD}]", encoding="utf-8")
    with Sandbox(load=tmp_path) as running:
        assert f'"value":[{ODD},{ODD}]' in page(running, "users")
        assert running.store.count("users", None) == 2


def test_what_is_selected_keeps_its_text(tmp_path):
    """Of an object only the selected members; what is not there stays away."""
    record = '{"id":"1","detail":{"domain":1e3,"entity":"x"},"label":2.50}'
    (tmp_path / "interactions.json").write_text(f'{{"value":[{record},{{"detail":null}}]}}', encoding="utf-8")
    with Sandbox(load=tmp_path) as running:
        text = page(running, "interactions", "?$select=label,detail/domain,actor")
        assert '"value":[{"label":2.50,"detail":{"domain":1e3}},{"detail":null}]' in text


@pytest.mark.parametrize("content", ["[]", '{"value": []}', '{"@odata.context": "x"}', "{}"])
def test_an_empty_answer_is_an_empty_entity_set(tmp_path, content):
    """Also without `value`, as the service may leave it out."""
    (tmp_path / "plugin_calls.json").write_text(content, encoding="utf-8")
    with Sandbox(load=tmp_path) as running, running.client() as mw:
        assert list(mw.records["plugin-calls"].list()) == []


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "no <entity>"),
        ({"user.json": "[]"}, "did you mean users"),
        ({"plugin-calls.json": "[]", "plugin_calls.json": "[]"}, "another file"),
        ({"users.json": ""}, "not valid JSON"),
        ({"users.json": "[NaN]"}, "not valid JSON"),
        ({"users.json": b'[{"id": "\xff"}]'}, "not valid JSON"),
        ({"users.json": '[{"id": 1}, 5]'}, "record 2"),
        ({"users.json": '{"values": [{"id": 1}]}'}, "array of objects"),
        ({"users.json": '{"error": {"code": "x"}}'}, "array of objects"),
    ],
)
def test_what_cannot_be_loaded_is_named(tmp_path, files, said):
    """Before anything is served."""
    for name, content in files.items():
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ConfigurationError, match=said):
        Sandbox(load=tmp_path)

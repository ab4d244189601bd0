"""The sandbox keeps to the documents: Schemathesis tries what they describe and what they forbid."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from contextlib import suppress

import pytest
from changes import published
from declared import SPECS, document, operations
from hypothesis import settings
from moments import NOW
from published import ASSISTANT_PATH, RECORDS_PATH

from moveworks.assistant.calls import KNOWN_OPERATIONS, find_operation
from moveworks.sandbox import Sandbox

pytest.importorskip("schemathesis", reason="Schemathesis is not installed")
PUBLISHED = SPECS.parent / "tests" / "review" / "published"
pytestmark = [pytest.mark.slow, pytest.mark.hypothesis]
EXAMPLES = settings.default.max_examples // 10


def _inputs(operation, components):
    """Names of what an operation takes: its parameters, and the properties of its body, however deep."""
    names = {each.get("name") for each in operation.get("parameters", ())}
    left, seen = [operation.get("requestBody")], []
    while left:
        node = left.pop()
        if isinstance(node, dict) and "$ref" in node:
            node = components["schemas"].get(node["$ref"].rpartition("/")[2])
        if isinstance(node, dict) and node not in seen:
            seen.append(node)
            names |= set(node.get("properties", ()))
            left += node.values()
        elif isinstance(node, list):
            left += node
    return names


def rules(api):
    """What a document leaves to its descriptions, as settings of Schemathesis."""
    handled = {operation for operation, *_ in operations(document(api))}
    if api == "beta":
        known = set()
        for name in KNOWN_OPERATIONS:
            with suppress(LookupError):
                known.add(find_operation(name).id)
        handled, absent = handled & known, handled - known
        for name in absent:  # which a newer document has added
            yield name, "enabled = false"
    before = {route: _inputs(*described) for _, route, *described in operations(published(api, PUBLISHED))}
    for name, route, operation, components in operations(document(api)):
        options = {each.get("name") for each in operation.get("parameters", ())}
        if not _inputs(operation, components) <= before.get(route, set()):
            # The sandbox takes what a newer document has added as it comes.
            yield name, "checks.negative_data_rejection.enabled = false"
        if name not in handled:
            continue
        if "requestBody" in operation or options & {"cursor", "$filter"}:
            # No schema says that a text is not empty, in OData, or an id that was handed out before.
            yield name, 'checks.positive_data_acceptance.expected-statuses = ["2xx", 400, 404]'
        if "limit" in options and "400" not in operation["responses"]:
            # A limit that is no integer is refused, and the document does not say how.
            yield name, "checks.status_code_conformance.enabled = false"


@pytest.mark.parametrize("api", ["export", "beta"])
def test_schemathesis_finds_nothing(api, tmp_path):
    """From the built document, with a fixed seed; `make fuzz` tries more."""
    config = tmp_path / "schemathesis.toml"
    config.write_text(
        "".join(f"[[operations]]\ninclude-operation-id = {json.dumps(name)}\n{rule}\n" for name, rule in rules(api)),
        encoding="utf-8",
    )
    with Sandbox(rows=50, seed=1, now=NOW) as sandbox:
        token, path = (sandbox.api_key, RECORDS_PATH) if api == "export" else (sandbox.assistant_token, ASSISTANT_PATH)
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run"]
        command += [str(SPECS / api / "openapi.yaml"), "--url", sandbox.base_url + path, "--no-color"]
        command += ["-H", f"Authorization: Bearer {token}", "-H", f"Assistant-Name: {sandbox.assistant}"]
        command += ["--max-examples", str(EXAMPLES), "--seed", "1", "--request-timeout", "100"]
        command += ["--suppress-health-check", "all", "--continue-on-failure"]
        environment = {**os.environ, "NO_PROXY": "*"}
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
        )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    tried = re.search(r"([0-9]+) generated", done.stdout)
    assert tried, done.stdout
    assert int(tried[1]) > 100

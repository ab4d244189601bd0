"""The public seam of generated operations: what a request needs, which model reads an answer, and the catalogue."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
from typing import get_type_hints

import httpx
import pytest

import moveworks_beta.operations
import moveworks_beta.service
import moveworks_export.operations
import moveworks_export.service
from moveworks.assistant.calls import find_operation, text_body
from moveworks_beta.models import Conversation, NotFoundErrorResponse
from moveworks_export.entities import ENTITY_SETS

SERVICES = {
    "export": (moveworks_export.operations, moveworks_export.service),
    "beta": (moveworks_beta.operations, moveworks_beta.service),
}
EVERY = [(api, name) for api, (package, _) in SERVICES.items() for name in package.OPERATIONS]
BETA = moveworks_beta.operations.OPERATIONS


def operation_at(method, path):
    """An operation of the beta API by what it does, whatever it is called; ids have changed before."""
    return next(each for each in BETA.values() if (each.method, each.path) == (method, path))


GET = operation_at("GET", "/conversations/{conversation_id}")


@pytest.mark.parametrize(("api", "name"), EVERY)
def test_the_catalogue_says_what_the_functions_take(api, name):
    """Names, which are required, and which stand first."""
    operation = SERVICES[api][0].OPERATIONS[name]
    parameters = inspect.signature(operation.load().request).parameters
    declared = {each.name: each for each in operation.parameters}
    assert set(parameters) == {*declared, *(["body"] if operation.body else [])}
    for python, parameter in parameters.items():
        given = operation.body if python == "body" else declared[python]
        assert (parameter.default is inspect.Parameter.empty) == given.required
        positional = parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
        assert positional == (python in declared and declared[python].location == "path")


@pytest.mark.parametrize(("api", "name"), EVERY)
def test_a_request_has_all_that_it_is_sent_with(api, name):
    """Method, base path, path with encoded values, query in the order of the document, headers."""
    operation = SERVICES[api][0].OPERATIONS[name]
    values = {p.name: f"a/b {p.name}" for p in operation.parameters}
    body = {"body": {"any": "thing"}} if operation.body else {}
    parts = operation.request(**values, **body)
    path = operation.path
    for each in operation.parameters:
        path = path.replace(f"{{{each.wire_name}}}", f"a%2Fb%20{each.name}")
    assert (parts.method, parts.path) == (operation.method, SERVICES[api][1].BASE_PATH + path)
    queries = [p for p in operation.parameters if p.location == "query"]
    assert parts.query == tuple((p.wire_name, f"a/b {p.name}") for p in queries)
    headers = {p.wire_name: f"a/b {p.name}" for p in operation.parameters if p.location == "header"}
    assert parts.headers == headers | ({"Content-Type": "application/json"} if body else {})
    assert parts.content == (b'{"any":"thing"}' if body else None)


def test_what_is_unset_is_not_sent():
    """Only what was given."""
    parts = find_operation("list-events").request("-", assistant_name="bot", limit=5)
    assert parts.query == (("limit", "5"),)
    assert find_operation("list-conversations").request(assistant_name="bot", archived=True).query == (("archived", "true"),)


@pytest.mark.parametrize("value", ["", ".", "..", None, "\ud800"])
def test_a_path_parameter_that_would_name_something_else_is_refused(value):
    """It says which."""
    with pytest.raises(ValueError, match="conversation_id"):
        GET.request(value, assistant_name="bot")


@pytest.mark.parametrize("options", [{}, {"assistant_name": "bot", "limits": 5}])
def test_a_parameter_that_is_missing_or_unknown_is_a_type_error(options):
    """As with any function of Python."""
    with pytest.raises(TypeError, match="assistant_name|limits"):
        find_operation("list-events").request("-", **options)


def test_a_body_may_be_a_model():
    """It is sent as JSON, with text as it is."""
    body = text_body("create-response", "caf\u00e9")
    parts = find_operation("create-response").request("conv_1", body=body, assistant_name="bot")
    assert json.loads(parts.content) == body.to_dict()
    assert "caf\u00e9".encode() in parts.content
    assert "caf" not in repr(parts)


def test_an_answer_becomes_the_model_of_its_status():
    """From bytes or from decoded JSON; None for what nobody declared and for what is not as declared."""
    operation = GET
    answer = operation.load().answer
    assert isinstance(operation.read(200, {"conversation_id": "conv_1"}), Conversation)
    assert isinstance(operation.read(404, {"error": {}}), NotFoundErrorResponse)
    assert isinstance(answer(200, b'{"conversation_id": "conv_1"}', "application/json"), Conversation)
    assert operation.read(299, {}) is answer(299, b"{}") is answer(200, b"<html>") is answer(500, b"") is None
    assert operation.read(200, "text") == "text"


def test_a_stream_is_seen_in_the_catalogue():
    """By its media type; the low-level client gives its text."""
    operation = find_operation("create-response-stream")
    assert "text/event-stream" in operation.media_types
    assert operation.load().answer(200, b"data: {}\n\n", "text/event-stream") == "data: {}\n\n"
    assert find_operation("create-response").success == ("202",)


def test_query_options_are_typed():
    """For facades: a new option is known to a type checker after regeneration alone."""
    operation = find_operation("list-conversations")
    options = get_type_hints(
        getattr(moveworks_beta.operations, operation.name.title().replace("_", "") + "Options")
    )
    assert set(options) == {each.name for each in operation.parameters if each.location == "query"}
    assert {"cursor": str, "limit": int, "archived": bool}.items() <= options.items()


def test_an_entity_set_names_its_operation():
    """So that its list is asked for through the seam."""
    for info in ENTITY_SETS.values():
        assert moveworks_export.operations.OPERATIONS[info.operation].path == info.path


def test_the_low_level_client_sends_its_token_and_gives_sync_and_async_answers():
    """To the server that it was given, with the base path once."""
    from moveworks_beta import Client

    seen = []

    def answer(request):
        seen.append(request)
        return httpx.Response(200, json={"conversation_id": "conv_1"})

    base_url = moveworks_beta.service.SERVERS["us"]
    with Client(base_url, token="t", transport=httpx.MockTransport(answer)) as client:
        parsed = GET.load().sync("conv_1", client=client, assistant_name="bot")
    assert parsed.conversation_id == "conv_1"
    assert str(seen[0].url) == f"{base_url}/conversations/conv_1"
    assert seen[0].headers["Authorization"] == "Bearer t"


def test_the_catalogues_import_nothing_heavy():
    """No model, no operation and no httpx: they are imported with the facade."""
    code = (
        "import sys, moveworks_beta.operations, moveworks_export.entities, moveworks_export.operations\n"
        "print([m for m in sys.modules if m in {'httpx', 'dateutil'} or '.models' in m or '.api' in m])"
    )
    # Without what `tests/conftest.py` may have Python run first.
    paths = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if not path.endswith("startup")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == "[]"

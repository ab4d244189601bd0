"""Every declared answer of every operation goes through the generated client."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import re
from pathlib import Path

import httpx
import pytest
from declared import declared

from scripts.pipeline.build import read_published

ROOT = Path(__file__).resolve().parents[2]


CASES = [case for api in ("export", "beta") for case in declared(api)]


def module(api, operation_id):
    name = re.sub(r"[^a-z0-9]+", "_", re.sub(r"([a-z])([A-Z])", r"\1_\2", operation_id).lower()).strip("_")
    for folder in sorted((ROOT / "generated" / f"moveworks_{api}" / "api").iterdir()):
        if (folder / f"{name}.py").exists():
            return importlib.import_module(f"moveworks_{api}.api.{folder.name}.{name}")
    raise AssertionError(f"{operation_id} of {api} was not generated")


def arguments(function):
    """Values for what has no default."""
    hints = inspect.get_annotations(function, eval_str=False)
    given = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if name == "client" or parameter.default is not inspect.Parameter.empty:
            continue
        if name == "body":
            namespace = function.__globals__
            kind = hints[name] if not isinstance(hints[name], str) else eval(hints[name], namespace)
            kind = next(iter(getattr(kind, "__args__", [kind])))
            fields = [f for f in kind.codec().fields if f.required]
            given[name] = kind.from_dict({f.wire: f.values[0] if f.values else "text" for f in fields})
        else:
            given[name] = "x/y z" if hints[name] in {str, "str"} else 1
    return given


@pytest.mark.parametrize("api", ["export", "beta"])
def test_every_operation_that_is_published_is_there(api):
    """With every answer that is declared; nothing is lost between the published documents and the client."""
    document, _ = read_published(ROOT / "specs" / api)
    published = {
        (operation["operationId"], int(status))
        for _, _, operation in document.operations()
        for status in operation["responses"]
    }
    assert published <= {(operation, status) for each, operation, _, status, *_ in CASES if each == api}


@pytest.mark.parametrize(("api", "operation", "route", "status", "kind", "body"), CASES)
def test_every_declared_answer_is_parsed_sync_and_async(api, operation, route, status, kind, body):
    """The body built from the schema comes back out of the model."""
    endpoint = module(api, operation)
    package = importlib.import_module(f"moveworks_{api}")
    if kind == "text/event-stream":
        content = b"data: {}\n\n"
    else:
        content = b"" if body is None else json.dumps(body).encode()
    seen = []

    def answer(request):
        seen.append(request)
        return httpx.Response(status, content=content, headers={"Content-Type": kind or "text/plain"})

    client = package.Client(base_url="http://x.invalid")
    client.set_httpx_client(httpx.Client(base_url="http://x.invalid", transport=httpx.MockTransport(answer)))
    client.set_async_httpx_client(
        httpx.AsyncClient(base_url="http://x.invalid", transport=httpx.MockTransport(answer))
    )
    given = arguments(endpoint.sync_detailed)
    assert "authorization" not in given
    results = [endpoint.sync_detailed(client=client, **given), asyncio.run(endpoint.asyncio_detailed(client=client, **given))]
    assert [r.status_code for r in results] == [status, status]
    for result in results:
        if isinstance(body, dict) and kind != "text/event-stream":
            assert result.parsed.to_dict() == body
    assert seen[0].method == route.split()[0].upper()
    client.get_httpx_client().close()


@pytest.mark.parametrize(("api", "operation"), sorted({(a, o) for a, o, *_ in CASES}))
def test_no_operation_takes_authorization(api, operation):
    """Credentials are the transport's."""
    parameters = inspect.signature(module(api, operation).sync_detailed).parameters
    assert not [name for name in parameters if "authorization" in name.lower()]


@pytest.mark.parametrize("status", [418, 520, 599, 299])
@pytest.mark.parametrize(("api", "operation"), sorted({(a, o) for a, o, *_ in CASES}))
def test_a_status_that_nobody_declared_is_kept(api, operation, status):
    """Also one that Python does not know, such as 520: as a number, with nothing parsed, or as the client's error."""
    endpoint, package = module(api, operation), importlib.import_module(f"moveworks_{api}")
    errors = importlib.import_module(f"moveworks_{api}.errors")
    transport = httpx.MockTransport(lambda _: httpx.Response(status, content=b"<html>"))
    given = arguments(endpoint.sync_detailed)
    for strict in (False, True):
        client = package.Client(base_url="http://x.invalid", raise_on_unexpected_status=strict)
        client.set_httpx_client(httpx.Client(base_url="http://x.invalid", transport=transport))
        client.set_async_httpx_client(httpx.AsyncClient(base_url="http://x.invalid", transport=transport))
        for call in (
            lambda client=client: endpoint.sync_detailed(client=client, **given),
            lambda client=client: asyncio.run(endpoint.asyncio_detailed(client=client, **given)),
        ):
            if strict:
                with pytest.raises(errors.UnexpectedStatus):
                    call()
            else:
                result = call()
                assert (result.status_code, result.parsed, result.content) == (status, None, b"<html>")


@pytest.mark.parametrize("api", ["export", "beta"])
def test_models_keep_what_nobody_foresaw(api):
    """Unknown fields, other shapes, unknown enum values: read, kept, written back."""
    models = importlib.import_module(f"moveworks_{api}.models")
    for name in models.__all__:
        model = getattr(models, name)
        if not hasattr(model, "codec"):
            continue
        wires = [field.wire for field in model.codec().fields]
        for value in (None, "surprise", 5, [1], {"a": 1}, True):
            source = dict.fromkeys(wires, value) | {"brand_new": value}
            assert model.from_dict(source).to_dict() == source, name
            assert model.adopt(json.loads(json.dumps(source))).to_dict() == source, name
        assert model.from_dict({}).to_dict() == {}
        with pytest.raises(TypeError):
            model(*wires, 1)

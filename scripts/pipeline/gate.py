"""Tries out a generated client before it lands: every module is imported, every operation and model is used once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from scripts.documents import DocumentError

_ROOT: Final = Path(__file__).resolve().parents[2]
_SECONDS: Final = 60
# It runs in a process of its own, without the credentials of this one: what is generated is not trusted yet.
_TRIAL: Final = """
import importlib, inspect, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(module.name)
models = importlib.import_module(package.__name__ + ".models")
for name in models.__all__:
    model = getattr(models, name)
    for value in (None, "text", 1, [{}], {"a": 1}) if hasattr(model, "codec") else ():
        source = {field.wire: value for field in model.codec().fields}
        if model.from_dict(source).to_dict() != source:
            raise SystemExit(f"the model {name} does not write what it has read")
catalogue = importlib.import_module(package.__name__ + ".operations")
for operation in catalogue.OPERATIONS.values():
    module = operation.load()
    values = {each.name: "x" for each in operation.parameters}
    body = {"body": {"a": "b"}} if operation.body is not None else {}
    parts = operation.request(**values, **body)
    if "x" in values.values() and not (parts.query or parts.headers or "/x" in parts.path or "x" in parts.path):
        raise SystemExit(f"{operation.id} sends none of its parameters")
    for status in (200, 201, 202, 204, 400, 404, 500):
        for content in (b"", b"{}", b"[{}]", b"<html>", b'{"a": [1]}'):
            module.answer(status, content, "application/json")
    if set(inspect.signature(module.sync_detailed).parameters) != {*values, *body, "client"}:
        raise SystemExit(f"{operation.id} does not take the parameters that its entry in the catalogue lists")
"""


def try_out(package: Path) -> None:
    """Import and use everything in a package.

    Raises:
        DocumentError: with what did not work.
    """
    path = os.pathsep.join(str(each) for each in (package.parent, _ROOT / "overlay"))
    environment = {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.environ.get("PATH", "")}
    command = (sys.executable, "-c", _TRIAL, package.name)
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, timeout=_SECONDS, cwd=package.parent
        )
    except subprocess.TimeoutExpired:
        raise DocumentError(f"{package.name}: trying out the client took more than {_SECONDS} s") from None
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise DocumentError(f"{package.name}: the client that was generated does not work: {said[-1] if said else ''}")

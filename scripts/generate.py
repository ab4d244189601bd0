"""Runs the pinned generator with our templates, and gates what it wrote."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData

from scripts.documents import DocumentError, load_yaml, read_text
from scripts.pipeline.views import Views

if TYPE_CHECKING:
    from openapi_python_client.parser.errors import GeneratorError

TEMPLATES = Path(__file__).resolve().parent / "templates"
# Class names that the generated modules use themselves; a schema of such a name would take their place there.
# https://github.com/openapi-generators/openapi-python-client has no guard of its own, seen with 0.29.1.
_TAKEN: Final = ("Any", "Client", "File", "Literal", "MISSING", "Mapping", "Operation", "Parameter", "RequestBody")
_TAKEN_TOO: Final = (
    "Response",
    "TYPE_CHECKING",
    "TypedDict",
    "UNSET",
    "Unset",
    "Final",
    "Required",
    "OPERATIONS",
    "TypeAlias",
)
HEADER = "# Generated from specs/{api}/openapi.yaml; do not edit. `make regenerate` writes it anew.\n"


def generate(api: str, document: dict[str, Any], settings: Path, output: Path) -> None:
    """Write the package of one API.

    Raises:
        DocumentError: with the generator's own words if it left anything out.
    """
    config = Config.from_sources(
        ConfigFile(**_settings(settings)),
        MetaType.NONE,
        Path("openapi.yaml"),
        "utf-8",
        overwrite=True,
        output_path=output,
    )
    data = GeneratorData.from_dict(copy.deepcopy(document), config=config)
    if not isinstance(data, GeneratorData):
        raise DocumentError(f"{api}: {_words(data)}")
    views = Views(data, document, output.name)
    project = Project(openapi=data, config=config, custom_template_path=TEMPLATES)
    project.env.globals.update(model_view=views.model, operation_view=views.operation)
    with redirect_stdout(StringIO()):
        errors = project.build()
    if errors:
        raise DocumentError(f"{api}: the generator cannot use the document:\n" + "\n".join(map(_words, errors)))
    (output / "operations.py").write_text(views.catalogue(), encoding="utf-8")
    for file in sorted(output.rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        file.write_text(HEADER.format(api=api) + text, encoding="utf-8", newline="\n")
    (output / "py.typed").write_text("", encoding="utf-8")


def _words(error: GeneratorError) -> str:
    return f"  {error.header.strip()} {error.detail or ''}".rstrip()


def _settings(path: Path) -> dict[str, Any]:
    """The generator's settings, with other names for classes that would take the place of its own."""
    given = load_yaml(f"{path.parent.name}/{path.name}", read_text(path))
    if not isinstance(given, dict) or not isinstance(given.get("class_overrides", {}), dict):
        raise DocumentError(f"{path.parent.name}/{path.name}: settings and class_overrides must be objects")
    taken = (*_TAKEN, *_TAKEN_TOO)
    others = {name: {"class_name": f"{name}Model", "module_name": f"{name.lower()}_model"} for name in taken}
    return {**given, "post_hooks": [], "class_overrides": {**others, **given.get("class_overrides", {})}}


def finish(output: Path) -> None:
    """Format, then refuse code that does not compile or uses names that do not exist."""
    ruff = (sys.executable, "-m", "ruff")
    options = ("--isolated", "--no-cache", "--target-version", "py311", "--line-length", "120")
    _run(*ruff, "check", *options, "--fix-only", "--quiet", "--select", "I,F401", "--unsafe-fixes", str(output))
    _run(*ruff, "format", *options, str(output))
    _run(*ruff, "check", *options, "--select", "F,E9", "--ignore", "F401", str(output))
    for file in sorted(output.rglob("*.py")):
        try:
            compile(file.read_text(encoding="utf-8"), file.name, "exec", dont_inherit=True)
        except SyntaxError as error:
            raise DocumentError(f"{file.relative_to(output.parent)} does not compile: {error}") from None


def _run(*command: str) -> None:
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC", "NO_COLOR": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        tool = " ".join(command[1:4])
        told = "\n".join(part.strip() for part in (done.stdout, done.stderr) if part.strip())
        raise DocumentError(f"{tool} failed:\n{told}")

"""Writes the low-level client of a document: the pinned generator reads it, our templates write it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jinja2
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.strings import safe_for_docstring

from scripts.documents import DocumentError
from scripts.pipeline.entity_sets import listings
from scripts.pipeline.model_views import model_view, models_within, one_line
from scripts.pipeline.names import MODEL_NAMES, RECORD_NAMES
from scripts.pipeline.operation_views import operation_views
from scripts.pipeline.prepare import prepare

if TYPE_CHECKING:
    from openapi_python_client.parser.errors import GeneratorError

    from scripts.documents import Document
    from scripts.pipeline.prepare import Prepared
    from scripts.pipeline.settings import Settings

TEMPLATES: Final = Path(__file__).resolve().parent / "templates"
HEADER: Final = "# Generated from specs/{api}/openapi.yaml; do not edit. `make regenerate` writes it anew.\n"
# Class names that the generated modules use themselves; a schema of such a name would take their place there.
_TAKEN: Final = (
    *("Any", "Client", "File", "Final", "Literal", "MISSING", "Mapping", "OPERATIONS", "Operation", "Parameter"),
    *("RequestBody", "Required", "Response", "Self", "TYPE_CHECKING", "TypeAlias", "TypedDict", "UNSET", "Unset"),
)


def generate(api: str, document: Document, settings: Settings, output: Path) -> Prepared:
    """Write the package of one API; what it was made of comes back.

    Raises:
        DocumentError: with the generator's own words if it cannot use something.
    """
    renamed = {name: (f"{name}Model", f"{name.lower()}_model") for name in _TAKEN} | settings.classes
    prepared = prepare(document, {name: other for name, (other, _) in renamed.items()})
    overrides = {name: {"class_name": other, "module_name": module} for name, (other, module) in renamed.items()}
    options = ConfigFile.model_validate({"class_overrides": overrides, "literal_enums": True, "post_hooks": []})
    config = Config.from_sources(options, MetaType.NONE, Path(), "utf-8", overwrite=True, output_path=output)
    data = GeneratorData.from_dict(prepared.content, config=config)
    if not isinstance(data, GeneratorData):
        raise DocumentError(f"{api}: the generator cannot read the document:\n{_words(data)}")
    collections = data.endpoint_collections_by_tag.values()
    if errors := [*(error for each in collections for error in each.parse_errors), *data.errors]:
        raise DocumentError(f"{api}: the generator cannot use the document:\n" + "\n".join(map(_words, errors)))
    endpoints = [endpoint for each in collections for endpoint in each.endpoints]
    sent: set[str] = set()
    for body in (body for endpoint in endpoints for body in endpoint.bodies):
        models_within(body.prop, sent)
    reserved = RECORD_NAMES if any(True for _ in listings(document)) else MODEL_NAMES
    models = [
        (each.class_info, model_view(each, prepared, reserved, sent=str(each.class_info.name) in sent))
        for each in data.models
    ]
    operations = list(operation_views(document, endpoints, output.name, prepared.wires))
    writer = _Writer(
        output, HEADER.format(api=api), title=safe_for_docstring(one_line(document.content["info"]["title"]))
    )
    for info, view in models:
        writer.write(f"models/{info.module_name}.py", "model", view=view)
    for enum in data.enums:
        writer.write(f"models/{enum.class_info.module_name}.py", "values", enum=enum)
    named = sorted(
        [*(info for info, _ in models), *(enum.class_info for enum in data.enums)], key=lambda each: each.name
    )
    writer.write("models/__init__.py", "models", named=named)
    for operation in operations:
        writer.write(f"api/{operation.tag}/{operation.name}.py", "operation", view=operation)
        writer.write(f"api/{operation.tag}/__init__.py", "package", text="The operations, a module each.")
    writer.write("api/__init__.py", "package", text="The operations, by their tag.")
    writer.write("operations.py", "operations", views=operations)
    for name in ("__init__", "client", "errors", "types"):
        writer.write(f"{name}.py", name.strip("_"))
    (output / "py.typed").write_text("", encoding="utf-8")
    return prepared


class _Writer:
    """Writes files from templates."""

    def __init__(self, output: Path, header: str, **shared: Any) -> None:
        self._output, self._header, self._shared = output, header, shared
        self._environment = jinja2.Environment(  # noqa: S701 - what is written is Python; views escape for it
            loader=jinja2.FileSystemLoader(TEMPLATES),
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            undefined=jinja2.StrictUndefined,
        )

    def write(self, name: str, template: str, **values: Any) -> None:
        """Write one file."""
        text = self._environment.get_template(f"{template}.py.jinja").render(**self._shared, **values)
        file = self._output / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self._header + text, encoding="utf-8", newline="\n")


def _words(error: GeneratorError) -> str:
    """What the generator says, without addresses of its own objects."""
    text = " ".join(f"{error.header.strip()} {error.detail or ''}".split())
    named = getattr(error, "data", None)
    about = getattr(named, "title", None) or getattr(named, "operationId", None)
    place = (
        f" (in {about.get_untrusted_value()})" if about is not None and hasattr(about, "get_untrusted_value") else ""
    )
    return "  " + re.sub(r"<[\w.]+ object at 0x[0-9a-f]+>", "…", text) + place


def finish(output: Path) -> None:
    """Format, then refuse code that does not compile or uses names that do not exist."""
    ruff = (sys.executable, "-m", "ruff")
    options = ("--isolated", "--no-cache", "--target-version", "py311", "--line-length", "120")
    _run(*ruff, "check", *options, "--fix-only", "--quiet", "--select", "I,F401", "--unsafe-fixes", str(output))
    _run(*ruff, "format", *options, str(output))
    _run(*ruff, "check", *options, "--select", "F,E9", "--ignore", "F401", str(output))


def _run(*command: str) -> None:
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC", "NO_COLOR": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        tool = " ".join(command[1:4])
        printed = "\n".join(part.strip() for part in (done.stdout, done.stderr) if part.strip())
        raise DocumentError(f"{tool} failed:\n{printed}")

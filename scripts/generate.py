"""Runs the pinned generator with our templates, and gates what it wrote."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from scripts.documents import DocumentError, dump_yaml, load_yaml, read_text

TEMPLATES = Path(__file__).resolve().parent / "templates"
# What the generator says of itself, and where it wrote.
_NOISE: Final = re.compile(r"^Generating .*\n|^If you believe.*|\S*/moveworks-\w+-\w+/", re.MULTILINE)
# Class names that the generated modules use themselves; a schema of such a name would take their place there.
# https://github.com/openapi-generators/openapi-python-client has no guard of its own, seen with 0.29.1.
_TAKEN: Final = (
    *("Any", "AuthenticatedClient", "BinaryIO", "BytesIO", "Callable", "Client", "Codec", "Field", "File", "FileTypes"),
    *("Generic", "IO", "Literal", "Mapping", "Model", "RequestFiles", "Response", "T", "TextIOBase", "TypeVar"),
    *("TYPE_CHECKING", "UNSET", "UUID", "Unset"),
)
HEADER = "# Generated from specs/{api}/openapi.yaml; do not edit. `make regenerate` writes it anew.\n"


def generate(api: str, document: Path, settings: Path, output: Path) -> None:
    """Write the package of one API.

    Raises:
        DocumentError: with the generator's own words if it left anything out, or if its code does not hold together.
    """
    with tempfile.TemporaryDirectory(prefix="moveworks-generate-") as folder:
        package = Path(folder) / output.name
        config = Path(folder) / settings.name
        config.write_text(dump_yaml(_settings(settings)), encoding="utf-8")
        _run(
            *(sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--fail-on-warning"),
            *("--path", str(document), "--config", str(config), "--output-path", str(package)),
            *("--custom-template-path", str(TEMPLATES)),
        )
        for file in sorted(package.rglob("*.py")):
            text = file.read_text(encoding="utf-8")
            file.write_text(HEADER.format(api=api) + text, encoding="utf-8", newline="\n")
        (package / "py.typed").write_text("", encoding="utf-8")
        (package / ".gitignore").unlink(missing_ok=True)
        shutil.rmtree(package / ".ruff_cache", ignore_errors=True)
        shutil.rmtree(output, ignore_errors=True)
        shutil.copytree(package, output, ignore=shutil.ignore_patterns("__pycache__"))


def _settings(path: Path) -> dict[str, Any]:
    """The generator's settings, with other names for classes that would take the place of its own."""
    given = load_yaml(f"{path.parent.name}/{path.name}", read_text(path))
    if not isinstance(given, dict) or not isinstance(given.get("class_overrides", {}), dict):
        raise DocumentError(f"{path.parent.name}/{path.name}: settings and class_overrides must be objects")
    others = {name: {"class_name": f"{name}Model", "module_name": f"{name.lower()}_model"} for name in _TAKEN}
    return {**given, "class_overrides": {**others, **given.get("class_overrides", {})}}


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
    # The generator calls ruff by name, and must find the pinned one.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    environment = {**os.environ, "PATH": path, "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "TZ": "UTC", "NO_COLOR": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        tool = " ".join(command[1:4])
        told = "\n".join(part.strip() for part in (done.stdout, done.stderr) if part.strip())
        raise DocumentError(f"{tool} failed:\n{re.sub(_NOISE, '', told)}")

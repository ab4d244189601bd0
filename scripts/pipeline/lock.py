"""`build.lock`: hashes of everything that went into a build and of what came out."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path

from scripts.pipeline.sources import read_sources

TOOLS = ("openapi-python-client", "ruff", "python-jsonpath", "PyYAML")


def lock_text(api: Path, document: Path, output: Path) -> str:
    """The lock of one API, as JSON with sorted keys."""
    inputs = [
        *(api / "upstream" / source.file for source in read_sources(api)),
        *(file for n in ("sources.yaml", "fixes.overlay.yaml", "generator.yaml") if (file := api / n).exists()),
    ]
    here = Path(__file__).resolve().parent
    lock = {
        "tools": {tool: version(tool) for tool in TOOLS},
        "inputs": {file.relative_to(api).as_posix(): digest(file) for file in inputs},
        "templates": {f.name: digest(f) for f in sorted((here / "templates").iterdir()) if f.is_file()},
        "scripts": {f.name: digest(f) for f in [here.parent / "documents.py", *sorted(here.glob("*.py"))]},
        "built": {"openapi.yaml": digest(document)},
        "output": {file.relative_to(output).as_posix(): digest(file) for file in files(output)},
    }
    return json.dumps(lock, indent=2, sort_keys=True) + "\n"


def files(folder: Path) -> list[Path]:
    """All files of a folder but for caches, sorted."""
    return sorted(f for f in folder.rglob("*") if f.is_file() and "__pycache__" not in f.parts)


def digest(file: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()

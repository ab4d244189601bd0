"""Documents in several files as one: what a reference finds in a file beside the document is put into it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from scripts.differ import escaped
from scripts.documents import DocumentError
from scripts.pipeline.plain import load_yaml

if TYPE_CHECKING:
    from pathlib import Path

FILES: Final = "x-files"
"""Where the other files are put, by their path below the folder of the document."""
_MOST: Final = 500


def bundled(document: Any, path: Path) -> Any:
    """The document, with the files that it refers to under `x-files`, and the references leading there.

    Only files in the folder of the document or below are read; any other reference, and one with a scheme, is left
    as it is, and refused when it is followed.

    Args:
        document: Its content.
        path: Its file.

    Raises:
        DocumentError: if a file that it refers to is missing or cannot be read.
    """
    if not isinstance(document, dict):
        return document
    bundle = _Bundle(path)
    made = bundle.localised(document, path.resolve())
    return {**made, FILES: bundle.files} if bundle.files else made


class _Bundle:
    def __init__(self, path: Path) -> None:
        self._document = path.resolve()
        self._root = self._document.parent
        self.files: dict[str, Any] = {}

    def localised(self, node: Any, file: Path) -> Any:
        """A node of a file, with its references leading into the one document."""
        if isinstance(node, dict):
            return {
                key: self._address(value, file)
                if key == "$ref" and isinstance(value, str)
                else self.localised(value, file)
                for key, value in node.items()
            }
        return [self.localised(item, file) for item in node] if isinstance(node, list) else node

    def _address(self, reference: str, file: Path) -> str:
        name, _, pointer = reference.partition("#")
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", name) or (not name and not pointer):
            return reference
        target = (file.parent / name).resolve() if name else file
        if target == self._document:
            return f"#{pointer}"
        if not target.is_relative_to(self._root):
            return reference
        known = target.relative_to(self._root).as_posix()
        if known not in self.files:
            self._read(known, target)
        return f"#/{FILES}/{escaped(known)}{pointer}"

    def _read(self, name: str, target: Path) -> None:
        if len(self.files) >= _MOST:
            raise DocumentError(f"{self._document.name} refers to more than {_MOST} files")
        try:
            text = target.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise DocumentError(f"{name}, which {self._document.name} refers to, cannot be read: {reason}") from None
        self.files[name] = {}
        self.files[name] = self.localised(load_yaml(name, text), target)

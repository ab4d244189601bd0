"""Write the Python of the documentation into files, for type checkers: `python -m scripts.snippets FOLDER`.

The blocks of a page are one program, pasted from top to bottom.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("README.md", "docs/sandbox.md", "docs/assistant.md", "docs/sync.md")


def python_blocks(page: str) -> list[str]:
    """The Python blocks of a Markdown text, in order."""
    return re.findall(r"^```python\n(.*?)^```", page, flags=re.MULTILINE | re.DOTALL)


def main(folder: Path) -> None:
    """Write one file for each page; those that were there before are replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in PAGES:
        blocks = python_blocks((ROOT / name).read_text(encoding="utf-8"))
        file = folder / f"{Path(name).stem.lower()}_snippets.py"
        file.write_text("\n\n".join(blocks), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

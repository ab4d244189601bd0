"""Install a list of packages into the environment that runs this, and show how far it is.

Needs nothing but pip: this is how the environment of the Makefile is made.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path


def main(requirements: Path, options: list[str]) -> int:
    """Run pip with these options; its output is shown only when it fails."""
    wanted = sum(1 for line in requirements.read_text(encoding="utf-8").splitlines() if "==" in line)
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-color"]
    with subprocess.Popen(
        [*command, "--progress-bar", "off", *options, "-r", str(requirements)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as pip:
        assert pip.stdout is not None
        lines: list[str] = []
        found = 0
        for line in pip.stdout:
            lines.append(line)
            if package := re.match(r"Collecting ([\w.-]+)", line):
                found += 1
                _show(f"{min(found, wanted)} of {wanted} packages: {package[1]}")
            elif line.startswith("Installing"):
                _show(f"{wanted} of {wanted} packages are here; installing them")
    _show("")
    if pip.returncode:
        sys.stderr.write("".join(lines[-40:]))
    return pip.returncode


def _show(text: str) -> None:
    """Write a line over the one before; where that cannot be done, now and then a line of its own."""
    if sys.stdout.isatty():
        print(f"\r\x1b[K{text[:78]}", end="", flush=True)
    elif text and (text.endswith("them") or re.match(r"\d*0 of", text)):
        print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))

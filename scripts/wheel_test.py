"""Build the wheel and use it in an empty environment, with the source tree out of reach.

The library alone must import, and it and its command must say which extra is missing; with its extras it must list
records from its own sandbox, in a process whose working directory is not the checkout.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).resolve().parent.parent

CORE = """
import sys
import moveworks, moveworks.odata
from moveworks import ApiKey, Moveworks
from moveworks.records import Conversation as C
assert "site-packages" in moveworks.__file__, moveworks.__file__
assert not any(name in sys.modules for name in ("click", "rich", "starlette", "uvicorn"))
with Moveworks(records_auth=ApiKey("k"), base_url="http://127.0.0.1:9") as mw:
    assert mw.records.conversations.list(filter=C.route == "DM") is not None
try:
    from moveworks.sandbox import Sandbox
    Sandbox().start()
except moveworks.MoveworksError as error:
    print(str(error).partition("pip install ")[2])
else:
    raise SystemExit("the sandbox started without its extra")
"""

COMMAND = """
import subprocess, sys
done = subprocess.run([sys.executable, "-m", "moveworks.cli"], capture_output=True, text=True)
assert done.returncode == 3, done
print(done.stderr.partition("pip install ")[2])
"""

EXTRAS = """
from moveworks.records import Interaction as I
from moveworks.sandbox import Sandbox
with Sandbox(rows=1200) as sandbox, sandbox.client() as mw:
    rows = list(mw.records.interactions.list(filter=I.actor == "user"))
    assert len(rows) == mw.records.interactions.count(filter=I.actor == "user") > 0
    print("extras ok", len(rows), "records")
"""


def main() -> int:
    """Run all steps; the first failing one ends the process with its output."""
    with tempfile.TemporaryDirectory(prefix="moveworks-wheel-") as folder:
        scratch = Path(folder)
        _run(
            sys.executable,
            "-m",
            "build",
            "--wheel",
            "--no-isolation",
            "--outdir",
            str(scratch),
            str(ROOT),
            cwd=scratch,
        )
        wheel = next(scratch.glob("*.whl"))
        _check_contents(wheel)
        environment = scratch / "environment"
        venv.create(environment, with_pip=True)
        python = str(environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _run(*install, str(wheel), cwd=scratch)
        advised = [_run(python, "-W", "error", "-c", missing, cwd=scratch) for missing in (CORE, COMMAND)]
        if not all(advised):
            raise SystemExit(f"a message says nothing of what to install: {advised}")
        # What the messages say to install must be enough.
        _run(*install, *" ".join(advised).split(), cwd=scratch)
        _run(python, "-W", "error", "-c", EXTRAS, cwd=scratch)
        _run(*install, f"moveworks-client[cli,sandbox] @ {wheel.as_uri()}", cwd=scratch)
        _run(python, "-W", "error", "-c", EXTRAS, cwd=scratch)
        _run(python, "-m", "moveworks.cli", "--version", cwd=scratch)
    print("the wheel installs and works in an empty environment")
    return 0


def _check_contents(wheel: Path) -> None:
    names = ZipFile(wheel).namelist()
    unwanted = [name for name in names if name.startswith(("scripts/", "tests/", "specs/", "overlay/", "generated/"))]
    wanted = {
        "moveworks/py.typed",
        "moveworks_export/py.typed",
        "moveworks_runtime/py.typed",
        "moveworks_beta/py.typed",
        "moveworks_export/entities.py",
    }
    if unwanted or not wanted.issubset(names):
        raise SystemExit(f"wheel contents: unwanted {unwanted}, missing {sorted(wanted.difference(names))}")


def _run(*command: str, cwd: Path) -> str:
    # PYTHONPATH or an activated environment would let the checkout answer in place of the wheel.
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "VIRTUAL_ENV", "PYTHONHOME"}}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"failed: {' '.join(command[:6])} …\n{done.stdout}\n{done.stderr}")
    last = done.stdout.strip().rpartition("\n")[2]
    if last:
        print(last)
    return last


if __name__ == "__main__":
    sys.exit(main())

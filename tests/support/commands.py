"""The command line in tests: in this process, and where the process is the point, in one of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import chdir
from functools import partial
from inspect import signature

from attrs import frozen
from click.testing import CliRunner
from moments import NOW

from moveworks.cli.app import moveworks

# Before click 8.2, both streams are one unless this is said.
RUNNER = partial(CliRunner, **({"mix_stderr": False} if "mix_stderr" in signature(CliRunner).parameters else {}))
PROGRAM = [sys.executable, "-m", "moveworks.cli"]


def usual_signals():
    """Take signals as usual: tests that are run in the background, or under nohup, inherit some that are ignored."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


@frozen
class Done:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


def clean_environment(**settings):
    """The environment without settings of this library that somebody may have, and with these."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("MOVEWORKS_")}
    return {**own, "PYTHONWARNINGS": "error", **settings}


class Commands:
    """Runs commands in a folder, with the settings of a sandbox."""

    def __init__(self, folder, settings):
        self._folder, self._settings = folder, settings

    def __call__(self, *arguments, now=NOW, **settings):
        """Run one in this process."""
        removed = {name: None for name in os.environ if name.startswith("MOVEWORKS_")}
        with chdir(self._folder):
            done = RUNNER(env={**removed, **self._settings, **settings}).invoke(
                moveworks, list(arguments), obj=lambda: now, prog_name="moveworks", catch_exceptions=False
            )
        return Done(done.exit_code, done.stdout, done.stderr)

    @property
    def environment(self):
        """The environment of a process."""
        return clean_environment(**self._settings)

    def process(self, *arguments, **more):
        """Run one in a process of its own."""
        settings = {"capture_output": True, "env": self.environment, **more}
        return subprocess.run(
            [*PROGRAM, *arguments], check=False, text=True, encoding="utf-8", timeout=100, cwd=self._folder, **settings
        )

    def start(self, *arguments, **more):
        """Start one in a process of its own, which takes signals as usual."""
        settings = {
            "stderr": subprocess.PIPE,
            "text": True,
            "env": self.environment,
            "preexec_fn": usual_signals,
            **more,
        }
        return subprocess.Popen([*PROGRAM, *arguments], cwd=self._folder, **settings)

    def shell(self, line, **more):
        """Run a line of shell, in which `moveworks` is this one."""
        program = f'moveworks() {{ "{sys.executable}" -m moveworks.cli "$@"; }}'
        return subprocess.run(
            ["/bin/bash", "-c", f"{program}\n{line}"],
            check=False,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=100,
            cwd=self._folder,
            env={**self.environment, **more},
        )

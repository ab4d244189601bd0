from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from moments import NOW, VARIABLE, WITHOUT_CLOCK
from published import make_options_optional
from servers import serve

# Here, so that pytest does not rewrite its assertions in a thread: CPython 3.11's parser does not bear two at once.
import moveworks_export.models  # noqa: F401
from moveworks.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[1]

# A machine that is busy must fail no test: an example may take as long as it likes.
# What is tried is the same at each run, so that a change is judged by itself; `make fuzz` looks further.
settings.register_profile(
    "moveworks", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.register_profile("fuzz", settings.get_profile("moveworks"), max_examples=1000, derandomize=False)
settings.load_profile(os.environ.get("MOVEWORKS_TEST_PROFILE", "moveworks"))

OPTIONS_ARE_DEMANDED = make_options_optional()


def pytest_configure(config):
    """Set up the processes that tests start, and let the clock of this one begin at the moment that is asked for."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        # Compiled once for all of them, outside the folders that tests look into.
        compiled = tempfile.mkdtemp(prefix="moveworks-compiled-")
        config.add_cleanup(lambda: shutil.rmtree(compiled, ignore_errors=True))
        os.environ["PYTHONPYCACHEPREFIX"] = compiled
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if OPTIONS_ARE_DEMANDED and config.getoption("dist", "no") == "no":
        paths = [ROOT / "tests" / "support" / "startup", ROOT / "tests" / "support", os.environ.get("PYTHONPATH")]
        os.environ["PYTHONPATH"] = os.pathsep.join(str(path) for path in paths if path)
    if os.environ.get(VARIABLE):
        import time_machine

        travel = time_machine.travel(NOW, tick=True)
        travel.start()
        config.add_cleanup(travel.stop)


def pytest_collection_modifyitems(config, items):
    """Leave out what takes too long, unless it is asked for.

    At another moment, only what may look at a clock is run; `tests/docs/test_moments.py` watches over the others.
    """
    kept = items[:]
    if "thorough" not in config.getoption("markexpr"):
        kept = [item for item in kept if not item.get_closest_marker("thorough")]
    if os.environ.get(VARIABLE):
        kept = [item for item in kept if item.path.relative_to(ROOT / "tests").parts[0] not in WITHOUT_CLOCK]
        kept = [item for item in kept if not item.get_closest_marker("slow")]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def sandbox():
    """A sandbox for tests that change nothing in it."""
    with Sandbox(rows=1200, seed=3, now=NOW) as running:
        yield running


@pytest.fixture(scope="session")
def http_server():
    return serve
